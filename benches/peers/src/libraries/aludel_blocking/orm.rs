//! The cases of the ORM without it: what a program does by hand with the engine. `aludel-session` does the same with objects.

use aludel::blocking::Conn;
use aludel::prelude::*;

use super::{connect, open};
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
    let mut connection = open(&turns.place())?;
    while let Some(turn) = turns.next() {
        while turn.again() {
            turn.done(connection.fetch_all(User::select())?);
        }
    }
    Ok(())
}

fn with_addresses(mut turns: Turns) -> Result {
    let mut connection = open(&turns.place())?;
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
    let place = turns.place();
    while let Some(turn) = turns.next() {
        let fresh = place.fresh()?;
        let (engine, mut connection) = connect(&fresh.url())?;
        connection.batch(&fresh.script())?;
        while turn.again() {
            let new: Vec<NewUser> = orm::new_users().collect();
            let keys = connection.insert_returning(insert_rows(&new))?;
            turn.done(User::with_keys(keys, new));
        }
        drop(connection);
        engine.close();
        if turn.is_check() {
            turn.confirm(&fresh.users()?)?;
        }
    }
    Ok(())
}

fn update(mut turns: Turns) -> Result {
    let mut connection = open(&turns.place())?;
    let mut users = connection.fetch_all(User::select().order_by(User::ID))?;
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
            turn.confirm(&connection.fetch_all(User::select().order_by(User::ID))?)?;
        }
    }
    Ok(())
}
