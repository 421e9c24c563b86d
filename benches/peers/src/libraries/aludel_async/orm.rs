//! The cases of the ORM without it: what a program does by hand with the engine. `aludel-session-async` does the same with
//! objects.

use aludel::Conn;
use aludel::prelude::*;

use super::{connect, open};
use crate::data::NewUser;
use crate::libraries::aludel_entities::{Address, User, UserTree, insert_rows};
use crate::library::Task;
use crate::orm::{self, Orm};
use crate::turns::{Result, Turns};

/// The cases that can be written by hand.
pub(super) fn case(case: Orm) -> Option<fn(Turns) -> Task> {
    match case {
        Orm::LoadVec => Some(|turns| Box::pin(load(turns))),
        Orm::WithAddresses => Some(|turns| Box::pin(with_addresses(turns))),
        Orm::Insert => Some(|turns| Box::pin(insert(turns))),
        Orm::Update => Some(|turns| Box::pin(update(turns))),
        Orm::LoadIdentity | Orm::ReloadFresh | Orm::ReloadStale | Orm::Index => None,
    }
}

async fn load(mut turns: Turns) -> Result {
    let mut connection = open::<false>(&turns.place()).await?;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            turn.done(connection.fetch_all(User::select()).await?);
        }
    }
    Ok(())
}

async fn with_addresses(mut turns: Turns) -> Result {
    let mut connection = open::<false>(&turns.place()).await?;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            turn.done(load_with_addresses(&mut connection).await?);
        }
    }
    Ok(())
}

async fn load_with_addresses(connection: &mut Conn) -> aludel::Result<UserTree> {
    let users = connection.fetch_all(User::select()).await?;
    let of_users = Address::USER_ID.in_(users.iter().map(|user| user.id));
    let addresses = connection.fetch_all(Address::select().filter(of_users)).await?;
    let addresses = crate::grouping::by_parent(&users, |user| user.id, addresses, |address| address.user_id);
    Ok(users.into_iter().zip(addresses).collect())
}

async fn insert(mut turns: Turns) -> Result {
    let place = turns.place();
    while let Some(turn) = turns.next_async().await {
        let fresh = place.fresh()?;
        let (engine, mut connection) = connect::<false>(&fresh.url()).await?;
        connection.batch(&fresh.script()).await?;
        while turn.again() {
            let new: Vec<NewUser> = orm::new_users().collect();
            let keys = connection.insert_returning(insert_rows(&new)).await?;
            turn.done(User::with_keys(keys, new));
        }
        drop(connection);
        engine.close().await;
        if turn.is_check() {
            turn.confirm(&fresh.users()?)?;
        }
    }
    Ok(())
}

async fn update(mut turns: Turns) -> Result {
    let mut connection = open::<false>(&turns.place()).await?;
    let mut users = connection.fetch_all(User::select().order_by(User::ID)).await?;
    let mut pass = 0;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            let mut transaction = connection.begin().await?;
            for (i, user) in users.iter_mut().enumerate() {
                user.hair_color = Some(orm::new_color(pass, i));
                transaction.execute(user.update_color()).await?;
            }
            transaction.commit().await?;
            turn.done(users.len());
            pass += 1;
        }
        if turn.is_check() {
            turn.answer(&users);
            turn.confirm(&connection.fetch_all(User::select().order_by(User::ID)).await?)?;
        }
    }
    Ok(())
}
