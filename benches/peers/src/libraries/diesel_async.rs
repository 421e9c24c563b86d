//! diesel-async: Diesel's language on `SyncConnectionWrapper`, which hands each statement to tokio's blocking
//! threads.
//!
//! Its own `execute` has no way to insert several rows in one statement on SQLite. So the inserts hand the
//! whole job over with `spawn_blocking`, as one hop; a hop a row would take several times longer.

mod orm;

use diesel::insert_into;
use diesel::prelude::{BelongingToDsl, ExpressionMethods, GroupedBy, QueryDsl, QueryResult, SqliteConnection};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_async::{AsyncConnection, RunQueryDsl, SimpleAsyncConnection};

use super::diesel::insert_items;
use super::diesel_schema::{Comment, NewUser, OrderLine, Post, Tree, User, posts, reference_query, users};
use crate::backend::Backend;
use crate::library::{Async, Task};
use crate::orm::Orm;
use crate::turns::{Result, Turns};
use crate::{bulk, data, reference};

/// The library.
pub(crate) struct DieselAsync;

type Connection = SyncConnectionWrapper<SqliteConnection>;

impl Async for DieselAsync {
    const NAME: &'static str = "diesel-async";
    const PACKAGE: &'static str = "diesel-async";

    async fn trivial(mut turns: Turns, rows: usize) -> Result {
        let mut connection = open(&data::trivial(Backend::Sqlite, rows)).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                turn.done(users::table.load::<User>(&mut connection).await?);
            }
        }
        Ok(())
    }

    async fn medium(mut turns: Turns, rows: usize) -> Result {
        let mut connection = open(&data::medium(Backend::Sqlite, rows)).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                let black = users::table.left_join(posts::table).filter(users::hair_color.eq(data::BLACK));
                turn.done(black.load::<(User, Option<Post>)>(&mut connection).await?);
            }
        }
        Ok(())
    }

    async fn insert(turns: Turns, rows: usize) -> Result {
        match rows {
            1 => insert_array::<1>(turns).await,
            10 => insert_array::<10>(turns).await,
            25 => insert_array::<25>(turns).await,
            50 => insert_array::<50>(turns).await,
            100 => insert_array::<100>(turns).await,
            _ => Err(format!("no array of {rows}").into()),
        }
    }

    async fn associations(mut turns: Turns) -> Result {
        let mut connection = open(&data::associations(Backend::Sqlite)).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                turn.done(load_associations(&mut connection).await?);
            }
        }
        Ok(())
    }

    async fn reference_call(mut turns: Turns) -> Result {
        let mut connection = open(&reference::script(Backend::Sqlite)).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                turn.done(reference_query().load::<OrderLine>(&mut connection).await?);
            }
        }
        Ok(())
    }

    async fn bulk(mut turns: Turns) -> Result {
        while let Some(turn) = turns.next_async().await {
            let file = bulk::File::fresh()?;
            let mut connection = Connection::establish(&file.path_text()).await?;
            connection.batch_execute(bulk::SCRIPT).await?;
            while turn.again() {
                turn.done(connection.spawn_blocking(insert_items).await?);
            }
            if turn.is_check() {
                turn.answer(&file.contents()?);
            }
        }
        Ok(())
    }

    fn orm(case: Orm) -> Option<fn(Turns) -> Task> {
        orm::case(case)
    }
}

async fn open(script: &str) -> Result<Connection> {
    let mut connection = Connection::establish(":memory:").await?;
    connection.batch_execute(script).await?;
    Ok(connection)
}

async fn insert_array<const N: usize>(mut turns: Turns) -> Result {
    let mut connection = open(&data::insert(Backend::Sqlite)).await?;
    while let Some(turn) = turns.next_async().await {
        connection.batch_execute(data::NO_USERS).await?;
        while turn.again() {
            let users: [NewUser; N] = std::array::from_fn(NewUser::new);
            let insert = move |connection: &mut SqliteConnection| {
                diesel::RunQueryDsl::execute(insert_into(users::table).values(users), connection)
            };
            turn.done(connection.spawn_blocking(insert).await?);
        }
        if turn.is_check() {
            turn.answer(&users::table.load::<User>(&mut connection).await?);
        }
    }
    Ok(())
}

async fn load_associations(connection: &mut Connection) -> QueryResult<Tree> {
    let users = users::table.load::<User>(connection).await?;
    let posts = Post::belonging_to(&users).load::<Post>(connection).await?;
    let comments = Comment::belonging_to(&posts).load::<Comment>(connection).await?.grouped_by(&posts);
    let posts = posts.into_iter().zip(comments).grouped_by(&users);
    Ok(users.into_iter().zip(posts).collect())
}
