//! Diesel: its query language, whose statements it caches by their types.
//!
//! Inserts are arrays, which on SQLite are one cached statement; a `Vec` would be one statement a row.

mod orm;

use diesel::connection::SimpleConnection;
use diesel::insert_into;
use diesel::prelude::*;
use diesel::query_builder::{QueryBuilder, QueryFragment};
use diesel::sqlite::{Sqlite, SqliteQueryBuilder};

use super::diesel_schema::{
    Comment, NewItem, NewUser, OrderLine, Post, Tree, User, items, posts, reference_query, users,
};
use crate::backend::Backend;
use crate::library::Blocking;
use crate::orm::Orm;
use crate::turns::{Result, Turns};
use crate::{bulk, data, reference};

pub(super) use self::orm::{insert_users, update_users};

/// The library.
pub(crate) struct Diesel;

/// Rows of one INSERT of `bulk400k`.
const CHUNK: usize = 200;

impl Blocking for Diesel {
    const NAME: &'static str = "diesel";
    const PACKAGE: &'static str = "diesel";

    fn trivial(mut turns: Turns, rows: usize) -> Result {
        let mut connection = open(&data::trivial(Backend::Sqlite, rows))?;
        while let Some(turn) = turns.next() {
            while turn.again() {
                turn.done(users::table.load::<User>(&mut connection)?);
            }
        }
        Ok(())
    }

    fn medium(mut turns: Turns, rows: usize) -> Result {
        let mut connection = open(&data::medium(Backend::Sqlite, rows))?;
        while let Some(turn) = turns.next() {
            while turn.again() {
                let black = users::table.left_join(posts::table).filter(users::hair_color.eq(data::BLACK));
                turn.done(black.load::<(User, Option<Post>)>(&mut connection)?);
            }
        }
        Ok(())
    }

    fn insert(turns: Turns, rows: usize) -> Result {
        match rows {
            1 => insert_array::<1>(turns),
            10 => insert_array::<10>(turns),
            25 => insert_array::<25>(turns),
            50 => insert_array::<50>(turns),
            100 => insert_array::<100>(turns),
            _ => Err(format!("no array of {rows}").into()),
        }
    }

    fn associations(mut turns: Turns) -> Result {
        let mut connection = open(&data::associations(Backend::Sqlite))?;
        while let Some(turn) = turns.next() {
            while turn.again() {
                turn.done(load_associations(&mut connection)?);
            }
        }
        Ok(())
    }

    fn reference_call(mut turns: Turns) -> Result {
        let mut connection = open(&reference::script(Backend::Sqlite))?;
        while let Some(turn) = turns.next() {
            while turn.again() {
                turn.done(reference_query().load::<OrderLine>(&mut connection)?);
            }
        }
        Ok(())
    }

    fn bulk(mut turns: Turns) -> Result {
        while let Some(turn) = turns.next() {
            let file = bulk::File::fresh()?;
            let mut connection = SqliteConnection::establish(&file.path_text())?;
            connection.batch_execute(bulk::SCRIPT)?;
            while turn.again() {
                turn.done(insert_items(&mut connection)?);
            }
            if turn.is_check() {
                turn.answer(&file.contents()?);
            }
        }
        Ok(())
    }

    fn reference_build() -> Option<fn(Turns) -> Result> {
        Some(|mut turns| {
            while let Some(turn) = turns.next() {
                while turn.again() {
                    turn.done(sql(&reference_query())?);
                }
            }
            Ok(())
        })
    }

    fn orm(case: Orm) -> Option<fn(Turns) -> Result> {
        orm::case(case)
    }
}

fn open(script: &str) -> Result<SqliteConnection> {
    let mut connection = SqliteConnection::establish(":memory:")?;
    connection.batch_execute(script)?;
    Ok(connection)
}

fn insert_array<const N: usize>(mut turns: Turns) -> Result {
    let mut connection = open(&data::insert(Backend::Sqlite))?;
    while let Some(turn) = turns.next() {
        connection.batch_execute(data::NO_USERS)?;
        while turn.again() {
            let users: [NewUser; N] = std::array::from_fn(NewUser::new);
            turn.done(insert_into(users::table).values(users).execute(&mut connection)?);
        }
        if turn.is_check() {
            turn.answer(&users::table.load::<User>(&mut connection)?);
        }
    }
    Ok(())
}

fn load_associations(connection: &mut SqliteConnection) -> QueryResult<Tree> {
    let users = users::table.load::<User>(connection)?;
    let posts = Post::belonging_to(&users).load::<Post>(connection)?;
    let comments = Comment::belonging_to(&posts).load::<Comment>(connection)?.grouped_by(&posts);
    let posts = posts.into_iter().zip(comments).grouped_by(&users);
    Ok(users.into_iter().zip(posts).collect())
}

/// In one transaction, array by array: twice as fast as row by row.
pub(super) fn insert_items(connection: &mut SqliteConnection) -> QueryResult<()> {
    connection.transaction(|connection| {
        let mut items = bulk::items().map(NewItem::from);
        while let Some(chunk) = array::<_, CHUNK>(&mut items) {
            insert_into(items::table).values(chunk).execute(connection)?;
        }
        Ok(())
    })
}

/// The next `N` items, if there are as many.
fn array<T, const N: usize>(items: &mut impl Iterator<Item = T>) -> Option<[T; N]> {
    items.take(N).collect::<Vec<_>>().try_into().ok()
}

/// The text that a statement is prepared from.
fn sql(statement: &impl QueryFragment<Sqlite>) -> QueryResult<String> {
    let mut sql = SqliteQueryBuilder::new();
    statement.to_sql(&mut sql, &Sqlite)?;
    Ok(sql.finish())
}
