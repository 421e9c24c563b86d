//! Aludel's blocking face: statements built anew for each call and found in the connection's map by their structure.

mod orm;
mod server;

use aludel::blocking::{Conn, Engine};
use aludel::prelude::*;

use super::aludel_entities::{Comment, Item, Post, Tree, User, black_users, items, new_users, reference_query};
use crate::grouping::by_parent;
use crate::library::Blocking;
use crate::orm::Orm;
use crate::place::Place;
use crate::turns::{Result, Turns};

/// The library.
pub(crate) struct AludelBlocking;

impl Blocking for AludelBlocking {
    const NAME: &'static str = "aludel-blocking";
    const PACKAGE: &'static str = "aludel";

    fn trivial(mut turns: Turns, _: usize) -> Result {
        let mut connection = open(&turns.place())?;
        while let Some(turn) = turns.next() {
            while turn.again() {
                turn.done(connection.fetch_all(User::select())?);
            }
        }
        Ok(())
    }

    fn medium(mut turns: Turns, _: usize) -> Result {
        let mut connection = open(&turns.place())?;
        while let Some(turn) = turns.next() {
            while turn.again() {
                turn.done(connection.fetch_all(black_users())?);
            }
        }
        Ok(())
    }

    fn insert(mut turns: Turns, rows: usize) -> Result {
        let mut connection = open(&turns.place())?;
        let emptied = turns.place().emptied();
        while let Some(turn) = turns.next() {
            connection.batch(&emptied)?;
            while turn.again() {
                turn.done(usize::try_from(insert_users(&mut connection, rows)?)?);
            }
            if turn.is_check() {
                turn.answer(&connection.fetch_all(User::select())?);
            }
        }
        Ok(())
    }

    fn associations(mut turns: Turns) -> Result {
        let mut connection = open(&turns.place())?;
        while let Some(turn) = turns.next() {
            while turn.again() {
                turn.done(load_associations(&mut connection)?);
            }
        }
        Ok(())
    }

    fn reference_call(mut turns: Turns) -> Result {
        let mut connection = open(&turns.place())?;
        while let Some(turn) = turns.next() {
            while turn.again() {
                turn.done(connection.fetch_all(reference_query())?);
            }
        }
        Ok(())
    }

    fn bulk(mut turns: Turns) -> Result {
        let place = turns.place();
        while let Some(turn) = turns.next() {
            let fresh = place.fresh()?;
            let (engine, mut connection) = connect(&fresh.url())?;
            connection.batch(&fresh.script())?;
            while turn.again() {
                connection.insert(Item::insert().rows(items()))?;
                turn.done(());
            }
            drop(connection);
            engine.close();
            if turn.is_check() {
                turn.answer(&fresh.items()?);
            }
        }
        Ok(())
    }

    fn reference_build() -> Option<fn(Turns) -> Result> {
        Some(super::aludel_entities::build_reference)
    }

    fn insert_returning() -> Option<fn(Turns, usize) -> Result> {
        Some(server::insert_returning)
    }

    fn update() -> Option<fn(Turns) -> Result> {
        Some(server::update)
    }

    fn stream() -> Option<fn(Turns) -> Result> {
        Some(server::stream)
    }

    fn orm(case: Orm) -> Option<fn(Turns) -> Result> {
        orm::case(case)
    }
}

fn open(place: &Place) -> Result<Conn> {
    let (_, mut connection) = connect(&place.url())?;
    if !place.script().is_empty() {
        connection.batch(place.script())?;
    }
    Ok(connection)
}

fn connect(url: &str) -> Result<(Engine, Conn)> {
    let engine = Engine::builder(url).pool_size(1).max_overflow(0).connect()?;
    let connection = engine.acquire()?;
    Ok((engine, connection))
}

fn load_associations(connection: &mut Conn) -> aludel::Result<Tree> {
    let users = connection.fetch_all(User::select())?;
    let posts = connection.fetch_all(Post::select().filter(Post::USER_ID.in_(users.iter().map(|user| user.id))))?;
    let comments =
        connection.fetch_all(Comment::select().filter(Comment::POST_ID.in_(posts.iter().map(|post| post.id))))?;
    let comments = by_parent(&posts, |post| post.id, comments, |comment| comment.post_id);
    let posts = by_parent(&users, |user| user.id, posts.into_iter().zip(comments).collect(), |(post, _)| post.user_id);
    Ok(users.into_iter().zip(posts).collect())
}

/// One row is a statement with its values; more are encoded one behind the other into one statement.
fn insert_users(connection: &mut Conn, rows: usize) -> aludel::Result<u64> {
    let mut users = new_users(rows);
    if rows == 1
        && let Some((name, hair_color)) = users.next()
    {
        return connection.execute(User::insert().set(User::NAME, name).set(User::HAIR_COLOR, hair_color));
    }
    connection.insert(User::insert().tuples((User::NAME, User::HAIR_COLOR), users))
}
