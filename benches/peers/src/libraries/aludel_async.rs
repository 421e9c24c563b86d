//! Aludel's async face: SQLite on a thread of its own, called from a task.

mod orm;
mod server;

use aludel::prelude::*;
use aludel::{Conn, Engine};

use super::aludel_entities::{Comment, Item, Post, Tree, User, black_users, items, new_users, reference_query};
use crate::grouping::by_parent;
use crate::library::{Async, Task};
use crate::orm::Orm;
use crate::place::Place;
use crate::turns::{Result, Turns};

/// The library; with `SPIN` both sides of the thread hop look for each other for a while before they sleep.
pub(crate) struct AludelAsync<const SPIN: bool>;

impl<const SPIN: bool> Async for AludelAsync<SPIN> {
    const NAME: &'static str = if SPIN { "aludel-async-spin" } else { "aludel-async" };
    const PACKAGE: &'static str = "aludel";

    async fn trivial(mut turns: Turns, _: usize) -> Result {
        let mut connection = open::<SPIN>(&turns.place()).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                turn.done(connection.fetch_all(User::select()).await?);
            }
        }
        Ok(())
    }

    async fn medium(mut turns: Turns, _: usize) -> Result {
        let mut connection = open::<SPIN>(&turns.place()).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                turn.done(connection.fetch_all(black_users()).await?);
            }
        }
        Ok(())
    }

    async fn insert(mut turns: Turns, rows: usize) -> Result {
        let mut connection = open::<SPIN>(&turns.place()).await?;
        let emptied = turns.place().emptied();
        while let Some(turn) = turns.next_async().await {
            connection.batch(&emptied).await?;
            while turn.again() {
                turn.done(usize::try_from(insert_users(&mut connection, rows).await?)?);
            }
            if turn.is_check() {
                turn.answer(&connection.fetch_all(User::select()).await?);
            }
        }
        Ok(())
    }

    async fn associations(mut turns: Turns) -> Result {
        let mut connection = open::<SPIN>(&turns.place()).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                turn.done(load_associations(&mut connection).await?);
            }
        }
        Ok(())
    }

    async fn reference_call(mut turns: Turns) -> Result {
        let mut connection = open::<SPIN>(&turns.place()).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                turn.done(connection.fetch_all(reference_query()).await?);
            }
        }
        Ok(())
    }

    async fn bulk(mut turns: Turns) -> Result {
        let place = turns.place();
        while let Some(turn) = turns.next_async().await {
            let fresh = place.fresh()?;
            let (engine, mut connection) = connect::<SPIN>(&fresh.url()).await?;
            connection.batch(&fresh.script()).await?;
            while turn.again() {
                connection.insert(Item::insert().rows(items())).await?;
                turn.done(());
            }
            drop(connection);
            engine.close().await;
            if turn.is_check() {
                turn.answer(&fresh.items()?);
            }
        }
        Ok(())
    }

    fn reference_build() -> Option<fn(Turns) -> Result> {
        Some(super::aludel_entities::build_reference)
    }

    fn insert_returning() -> Option<fn(Turns, usize) -> Task> {
        if SPIN { None } else { Some(|turns, rows| Box::pin(server::insert_returning(turns, rows))) }
    }

    fn update() -> Option<fn(Turns) -> Task> {
        if SPIN { None } else { Some(|turns| Box::pin(server::update(turns))) }
    }

    fn stream() -> Option<fn(Turns) -> Task> {
        if SPIN { None } else { Some(|turns| Box::pin(server::stream(turns))) }
    }

    fn orm(case: Orm) -> Option<fn(Turns) -> Task> {
        if SPIN { None } else { orm::case(case) }
    }
}

async fn open<const SPIN: bool>(place: &Place) -> Result<Conn> {
    let (_, mut connection) = connect::<SPIN>(&place.url()).await?;
    if !place.script().is_empty() {
        connection.batch(place.script()).await?;
    }
    Ok(connection)
}

async fn connect<const SPIN: bool>(url: &str) -> Result<(Engine, Conn)> {
    let url = format!("{url}{}", spin(SPIN));
    let engine = Engine::builder(url).pool_size(1).max_overflow(0).connect().await?;
    let connection = engine.acquire().await?;
    Ok((engine, connection))
}

async fn load_associations(connection: &mut Conn) -> aludel::Result<Tree> {
    let users = connection.fetch_all(User::select()).await?;
    let posts =
        connection.fetch_all(Post::select().filter(Post::USER_ID.in_(users.iter().map(|user| user.id)))).await?;
    let comments =
        connection.fetch_all(Comment::select().filter(Comment::POST_ID.in_(posts.iter().map(|post| post.id)))).await?;
    let comments = by_parent(&posts, |post| post.id, comments, |comment| comment.post_id);
    let posts = by_parent(&users, |user| user.id, posts.into_iter().zip(comments).collect(), |(post, _)| post.user_id);
    Ok(users.into_iter().zip(posts).collect())
}

/// One row is a statement with its values; more are encoded one behind the other into one statement.
async fn insert_users(connection: &mut Conn, rows: usize) -> aludel::Result<u64> {
    let mut users = new_users(rows);
    if rows == 1
        && let Some((name, hair_color)) = users.next()
    {
        return connection.execute(User::insert().set(User::NAME, name).set(User::HAIR_COLOR, hair_color)).await;
    }
    connection.insert(User::insert().tuples((User::NAME, User::HAIR_COLOR), users)).await
}

/// What the URL says about spinning.
const fn spin(on: bool) -> &'static str {
    if on { "?spin=on" } else { "" }
}
