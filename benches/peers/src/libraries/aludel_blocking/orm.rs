//! The cases of the ORM without it: what a program does by hand with the engine. `aludel-session` does the same with objects.

use aludel::blocking::{Conn, Engine};
use aludel::prelude::*;

use super::open;
use crate::bulk::File;
use crate::data::NewUser;
use crate::libraries::aludel_entities::{Address, User, UserTree, insert_rows};
use crate::orm::{self, Orm};
use crate::turns::{Result, Turns};

/// The cases that can be written by hand.
pub(super) fn case(case: Orm) -> Option<fn(Turns) -> Result> {
    match case {
        Orm::LoadVec => Some(load),
        Orm::WithAddresses => Some(with_addresses),
        Orm::Insert => Some(insert),
        Orm::Update => Some(update),
        Orm::LoadIdentity | Orm::ReloadFresh | Orm::ReloadStale | Orm::Index => None,
    }
}

fn load(mut turns: Turns) -> Result {
    let mut connection = open(&orm::loaded())?;
    while let Some(turn) = turns.next() {
        while turn.again() {
            turn.done(connection.fetch_all(User::select())?);
        }
    }
    Ok(())
}

fn with_addresses(mut turns: Turns) -> Result {
    let mut connection = open(&orm::with_addresses())?;
    while let Some(turn) = turns.next() {
        while turn.again() {
            turn.done(load_with_addresses(&mut connection)?);
        }
    }
    Ok(())
}

fn load_with_addresses(connection: &mut Conn) -> aludel::Result<UserTree> {
    let users = connection.fetch_all(User::select())?;
    let of_users = Address::USER_ID.in_(users.iter().map(|user| user.id));
    let addresses = connection.fetch_all(Address::select().filter(of_users))?;
    let addresses = crate::grouping::by_parent(&users, |user| user.id, addresses, |address| address.user_id);
    Ok(users.into_iter().zip(addresses).collect())
}

fn insert(mut turns: Turns) -> Result {
    while let Some(turn) = turns.next() {
        let file = File::fresh()?;
        let engine = Engine::builder(format!("sqlite:{}", file.path_text())).pool_size(1).max_overflow(0).connect()?;
        let mut connection = engine.acquire()?;
        connection.batch(&orm::in_file())?;
        while turn.again() {
            let new: Vec<NewUser> = orm::new_users().collect();
            let keys = connection.insert_returning(insert_rows(&new))?;
            turn.done(User::with_keys(keys, new));
        }
        drop(connection);
        engine.close();
        if turn.is_check() {
            turn.confirm(&orm::users_in(&file)?)?;
        }
    }
    Ok(())
}

fn update(mut turns: Turns) -> Result {
    let mut connection = open(&orm::updated())?;
    let mut users = connection.fetch_all(User::select())?;
    let mut pass = 0;
    while let Some(turn) = turns.next() {
        while turn.again() {
            let mut transaction = connection.begin()?;
            for (i, user) in users.iter_mut().enumerate() {
                user.hair_color = Some(orm::new_color(pass, i));
                transaction.execute(user.update_color())?;
            }
            transaction.commit()?;
            turn.done(users.len());
            pass += 1;
        }
        if turn.is_check() {
            turn.answer(&users);
            turn.confirm(&connection.fetch_all(User::select())?)?;
        }
    }
    Ok(())
}
