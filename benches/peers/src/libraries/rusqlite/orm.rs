//! The cases of the ORM, by hand.

use rusqlite::{Connection, Row, Transaction};

use super::{User, load_children, open, user};
use crate::backend::Backend;
use crate::bulk::File;
use crate::data::NewUser;
use crate::orm::{self, Orm};
use crate::turns::{Result, Turns};

#[derive(Hash)]
struct Address {
    id: i32,
    user_id: i32,
    email: String,
}

const SELECT: &str = "SELECT id, name, hair_color FROM users";

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
    let connection = open(&orm::loaded())?;
    let mut users = connection.prepare(SELECT)?;
    while let Some(turn) = turns.next() {
        while turn.again() {
            turn.done(users.query_map([], user)?.collect::<rusqlite::Result<Vec<_>>>()?);
        }
    }
    Ok(())
}

fn with_addresses(mut turns: Turns) -> Result {
    let connection = open(&orm::with_addresses(Backend::Sqlite))?;
    while let Some(turn) = turns.next() {
        while turn.again() {
            turn.done(load_with_addresses(&connection)?);
        }
    }
    Ok(())
}

fn load_with_addresses(connection: &Connection) -> rusqlite::Result<Vec<(User, Vec<Address>)>> {
    let mut users = connection.prepare_cached(SELECT)?;
    let users: Vec<User> = users.query_map([], user)?.collect::<rusqlite::Result<_>>()?;
    let addresses = load_children(
        connection,
        "SELECT id, user_id, email FROM addresses WHERE user_id IN",
        users.iter().map(|user| user.id),
        address,
    )?;
    let addresses = crate::grouping::by_parent(&users, |user| user.id, addresses, |address| address.user_id);
    Ok(users.into_iter().zip(addresses).collect())
}

fn insert(mut turns: Turns) -> Result {
    while let Some(turn) = turns.next() {
        let file = File::fresh()?;
        let connection = Connection::open(file.path())?;
        connection.execute_batch(&orm::in_file())?;
        while turn.again() {
            let transaction = connection.unchecked_transaction()?;
            let users = insert_users(&transaction)?;
            transaction.commit()?;
            turn.done(users);
        }
        if turn.is_check() {
            turn.confirm(&orm::users_in(&file)?)?;
        }
    }
    Ok(())
}

fn insert_users(transaction: &Transaction<'_>) -> Result<Vec<User>> {
    let mut insert = transaction.prepare("INSERT INTO users (name, hair_color) VALUES (?, ?)")?;
    let mut users = Vec::with_capacity(orm::INSERTED);
    for NewUser { name, hair_color } in orm::new_users() {
        insert.execute((&name, &hair_color))?;
        let id = i32::try_from(transaction.last_insert_rowid())?;
        users.push(User { id, name, hair_color });
    }
    Ok(users)
}

fn update(mut turns: Turns) -> Result {
    let connection = open(&orm::updated())?;
    let mut users: Vec<User> = connection.prepare(SELECT)?.query_map([], user)?.collect::<rusqlite::Result<_>>()?;
    let mut update = connection.prepare("UPDATE users SET hair_color = ? WHERE id = ?")?;
    let mut pass = 0;
    while let Some(turn) = turns.next() {
        while turn.again() {
            let transaction = connection.unchecked_transaction()?;
            for (i, user) in users.iter_mut().enumerate() {
                user.hair_color = Some(orm::new_color(pass, i));
                update.execute((&user.hair_color, user.id))?;
            }
            transaction.commit()?;
            turn.done(users.len());
            pass += 1;
        }
        if turn.is_check() {
            turn.answer(&users);
            turn.confirm(&connection.prepare(SELECT)?.query_map([], user)?.collect::<rusqlite::Result<Vec<_>>>()?)?;
        }
    }
    Ok(())
}

fn address(row: &Row<'_>) -> rusqlite::Result<Address> {
    Ok(Address { id: row.get(0)?, user_id: row.get(1)?, email: row.get(2)? })
}
