//! The cases of the ORM in Diesel's language.
//!
//! A batch whose rows come back with their keys is an array with a RETURNING clause.

use diesel::connection::SimpleConnection;
use diesel::insert_into;
use diesel::prelude::*;

use super::{array, open};
use crate::backend::Backend;
use crate::bulk::File;
use crate::libraries::diesel_schema::{Address, NewUser, User, users};
use crate::orm::{self, Orm};
use crate::turns::{Result, Turns};

/// Rows of one INSERT of `orm/insert400k`.
const CHUNK: usize = 200;

/// Users with their addresses.
type Tree = Vec<(User, Vec<Address>)>;

/// The cases that Diesel has.
pub(super) fn case(case: Orm) -> Option<fn(Turns) -> Result> {
    match case {
        Orm::WithAddresses => Some(with_addresses),
        Orm::Insert => Some(insert),
        Orm::Update => Some(update),
        Orm::LoadVec | Orm::LoadIdentity | Orm::ReloadFresh | Orm::ReloadStale | Orm::Index => None,
    }
}

fn with_addresses(mut turns: Turns) -> Result {
    let mut connection = open(&orm::with_addresses(Backend::Sqlite))?;
    while let Some(turn) = turns.next() {
        while turn.again() {
            turn.done(load_with_addresses(&mut connection)?);
        }
    }
    Ok(())
}

fn load_with_addresses(connection: &mut SqliteConnection) -> QueryResult<Tree> {
    let users = users::table.load::<User>(connection)?;
    let addresses = Address::belonging_to(&users).load::<Address>(connection)?.grouped_by(&users);
    Ok(users.into_iter().zip(addresses).collect())
}

fn insert(mut turns: Turns) -> Result {
    while let Some(turn) = turns.next() {
        let file = File::fresh()?;
        let mut connection = SqliteConnection::establish(&file.path_text())?;
        connection.batch_execute(&orm::in_file())?;
        while turn.again() {
            turn.done(insert_users(&mut connection)?);
        }
        if turn.is_check() {
            turn.confirm(&orm::users_in(&file)?)?;
        }
    }
    Ok(())
}

/// In one transaction, array by array.
pub(in crate::libraries) fn insert_users(connection: &mut SqliteConnection) -> QueryResult<Vec<User>> {
    connection.transaction(|connection| {
        let mut users = Vec::with_capacity(orm::INSERTED);
        let mut new = orm::new_users().map(NewUser::from);
        while let Some(chunk) = array::<_, CHUNK>(&mut new) {
            let insert = insert_into(users::table).values(&chunk).returning(users::id);
            let keys: Vec<i32> = insert.get_results(connection)?;
            let rows = keys.into_iter().zip(chunk);
            users.extend(rows.map(|(id, NewUser { name, hair_color })| User { id, name, hair_color }));
        }
        Ok(users)
    })
}

fn update(mut turns: Turns) -> Result {
    let mut connection = open(&orm::updated())?;
    let mut users = users::table.load::<User>(&mut connection)?;
    let mut pass = 0;
    while let Some(turn) = turns.next() {
        while turn.again() {
            turn.done(update_users(&mut connection, &mut users, pass)?);
            pass += 1;
        }
        if turn.is_check() {
            turn.answer(&users);
            turn.confirm(&users::table.load::<User>(&mut connection)?)?;
        }
    }
    Ok(())
}

/// In one transaction, row by row.
pub(in crate::libraries) fn update_users(
    connection: &mut SqliteConnection,
    users: &mut [User],
    pass: usize,
) -> QueryResult<usize> {
    connection.transaction(|connection| {
        for (i, user) in users.iter_mut().enumerate() {
            user.hair_color = Some(orm::new_color(pass, i));
            let update = diesel::update(users::table.find(user.id));
            update.set(users::hair_color.eq(&user.hair_color)).execute(connection)?;
        }
        Ok(users.len())
    })
}
