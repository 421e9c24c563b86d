//! diesel-async on tokio-postgres and on mysql_async: Diesel's language, inserts as arrays.

use diesel::insert_into;
use diesel::prelude::{BelongingToDsl, ExpressionMethods, GroupedBy, QueryDsl, QueryResult};
use diesel_async::{AsyncConnection, RunQueryDsl, SimpleAsyncConnection};
use futures_util::TryStreamExt;

use super::diesel_schema::{
    Address, Comment, NewItem, NewUser, OrderLine, Post, Tree, User, items, posts, reference_query, users,
};
use crate::library::{Async, Task};
use crate::orm::{self, Orm};
use crate::place::Place;
use crate::turns::{Result, Tally, Turns};
use crate::{bulk, data};

/// Rows of one INSERT of `bulk400k` and `orm/insert400k`.
const CHUNK: usize = 1_000;

/// The next `N` items, if there are as many.
fn array<T, const N: usize>(items: &mut impl Iterator<Item = T>) -> Option<[T; N]> {
    items.take(N).collect::<Vec<_>>().try_into().ok()
}

macro_rules! diesel_async_library {
    ($library:ident, $connection:ty, $url:ident) => {
        /// The library.
        pub(crate) struct $library;

        impl Async for $library {
            const NAME: &'static str = "diesel-async";
            const PACKAGE: &'static str = "diesel-async";

            async fn trivial(mut turns: Turns, _: usize) -> Result {
                let mut connection = open(&turns.place()).await?;
                while let Some(turn) = turns.next_async().await {
                    while turn.again() {
                        turn.done(users::table.load::<User>(&mut connection).await?);
                    }
                }
                Ok(())
            }

            async fn medium(mut turns: Turns, _: usize) -> Result {
                let mut connection = open(&turns.place()).await?;
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
                let mut connection = open(&turns.place()).await?;
                while let Some(turn) = turns.next_async().await {
                    while turn.again() {
                        turn.done(load_associations(&mut connection).await?);
                    }
                }
                Ok(())
            }

            async fn reference_call(mut turns: Turns) -> Result {
                let mut connection = open(&turns.place()).await?;
                while let Some(turn) = turns.next_async().await {
                    while turn.again() {
                        turn.done(reference_query().load::<OrderLine>(&mut connection).await?);
                    }
                }
                Ok(())
            }

            async fn bulk(mut turns: Turns) -> Result {
                let fresh = turns.place().fresh()?;
                let mut connection = open(&turns.place()).await?;
                while let Some(turn) = turns.next_async().await {
                    connection.batch_execute(&fresh.script()).await?;
                    while turn.again() {
                        turn.done(insert_items(&mut connection).await?);
                    }
                    if turn.is_check() {
                        turn.answer(&fresh.items()?);
                    }
                }
                Ok(())
            }

            fn insert_returning() -> Option<fn(Turns, usize) -> Task> {
                insert_returning()
            }

            fn update() -> Option<fn(Turns) -> Task> {
                Some(|turns| Box::pin(update(turns)))
            }

            fn stream() -> Option<fn(Turns) -> Task> {
                Some(|turns| Box::pin(stream(turns)))
            }

            fn orm(case: Orm) -> Option<fn(Turns) -> Task> {
                match case {
                    Orm::WithAddresses => Some(|turns| Box::pin(with_addresses(turns))),
                    Orm::Insert => insert_many(),
                    Orm::Update => Some(|turns| Box::pin(update_many(turns))),
                    Orm::LoadVec => Some(|turns| Box::pin(Self::trivial(turns, orm::LOADED))),
                    Orm::LoadIdentity | Orm::ReloadFresh | Orm::ReloadStale | Orm::Index => None,
                }
            }
        }

        async fn open(place: &Place) -> Result<$connection> {
            Ok(<$connection>::establish(&place.address()?.$url()).await?)
        }

        async fn insert_array<const N: usize>(mut turns: Turns) -> Result {
            let emptied = turns.place().emptied();
            let mut connection = open(&turns.place()).await?;
            while let Some(turn) = turns.next_async().await {
                connection.batch_execute(&emptied).await?;
                while turn.again() {
                    let users: [NewUser; N] = std::array::from_fn(NewUser::new);
                    turn.done(insert_into(users::table).values(users).execute(&mut connection).await?);
                }
                if turn.is_check() {
                    turn.answer(&users::table.load::<User>(&mut connection).await?);
                }
            }
            Ok(())
        }

        async fn load_associations(connection: &mut $connection) -> QueryResult<Tree> {
            let users = users::table.load::<User>(connection).await?;
            let posts = Post::belonging_to(&users).load::<Post>(connection).await?;
            let comments = Comment::belonging_to(&posts).load::<Comment>(connection).await?.grouped_by(&posts);
            let posts = posts.into_iter().zip(comments).grouped_by(&users);
            Ok(users.into_iter().zip(posts).collect())
        }

        async fn insert_items(connection: &mut $connection) -> QueryResult<()> {
            connection.batch_execute("BEGIN").await?;
            let mut items = bulk::items().map(NewItem::from);
            while let Some(chunk) = array::<_, CHUNK>(&mut items) {
                insert_into(items::table).values(chunk).execute(connection).await?;
            }
            connection.batch_execute("COMMIT").await
        }

        async fn update(mut turns: Turns) -> Result {
            let mut connection = open(&turns.place()).await?;
            let ids: Vec<i32> = users::table.select(users::id).order_by(users::id).load(&mut connection).await?;
            let mut pass = 0;
            while let Some(turn) = turns.next_async().await {
                while turn.again() {
                    let update = diesel::update(users::table.find(ids[pass % ids.len()]));
                    let update = update.set(users::hair_color.eq(data::new_color(pass)));
                    turn.done(update.execute(&mut connection).await?);
                    pass += 1;
                }
                if turn.is_check() {
                    turn.answer(&users::table.order_by(users::id).load::<User>(&mut connection).await?);
                }
            }
            Ok(())
        }

        async fn stream(mut turns: Turns) -> Result {
            let mut connection = open(&turns.place()).await?;
            while let Some(turn) = turns.next_async().await {
                while turn.again() {
                    let mut tally = Tally::default();
                    let mut rows = users::table.load_stream::<User>(&mut connection).await?;
                    while let Some(user) = rows.try_next().await? {
                        tally.add(user.id, &user.name);
                    }
                    drop(rows);
                    turn.done(tally);
                }
            }
            Ok(())
        }

        async fn with_addresses(mut turns: Turns) -> Result {
            let mut connection = open(&turns.place()).await?;
            while let Some(turn) = turns.next_async().await {
                while turn.again() {
                    let users = users::table.load::<User>(&mut connection).await?;
                    let addresses = Address::belonging_to(&users).load::<Address>(&mut connection).await?;
                    let addresses = addresses.grouped_by(&users);
                    turn.done(users.into_iter().zip(addresses).collect::<Vec<_>>());
                }
            }
            Ok(())
        }

        /// In one transaction, row by row.
        async fn update_many(mut turns: Turns) -> Result {
            let mut connection = open(&turns.place()).await?;
            let mut users = users::table.order_by(users::id).load::<User>(&mut connection).await?;
            let mut pass = 0;
            while let Some(turn) = turns.next_async().await {
                while turn.again() {
                    connection.batch_execute("BEGIN").await?;
                    for (i, user) in users.iter_mut().enumerate() {
                        user.hair_color = Some(orm::new_color(pass, i));
                        let update = diesel::update(users::table.find(user.id));
                        update.set(users::hair_color.eq(&user.hair_color)).execute(&mut connection).await?;
                    }
                    connection.batch_execute("COMMIT").await?;
                    turn.done(users.len());
                    pass += 1;
                }
                if turn.is_check() {
                    turn.answer(&users);
                    turn.confirm(&users::table.order_by(users::id).load::<User>(&mut connection).await?)?;
                }
            }
            Ok(())
        }
    };
}

pub(crate) mod postgres {
    //! On tokio-postgres.

    use diesel_async::AsyncPgConnection;

    use super::*;

    diesel_async_library!(DieselAsyncPostgres, AsyncPgConnection, url);

    fn insert_returning() -> Option<fn(Turns, usize) -> Task> {
        Some(|turns, rows| match rows {
            1 => Box::pin(returning_array::<1>(turns)),
            10 => Box::pin(returning_array::<10>(turns)),
            25 => Box::pin(returning_array::<25>(turns)),
            50 => Box::pin(returning_array::<50>(turns)),
            100 => Box::pin(returning_array::<100>(turns)),
            _ => Box::pin(async move { Err(format!("no array of {rows}").into()) }),
        })
    }

    async fn returning_array<const N: usize>(mut turns: Turns) -> Result {
        let emptied = turns.place().emptied();
        let mut connection = open(&turns.place()).await?;
        while let Some(turn) = turns.next_async().await {
            connection.batch_execute(&emptied).await?;
            while turn.again() {
                let users: [NewUser; N] = std::array::from_fn(NewUser::new);
                let insert = insert_into(users::table).values(users).returning(users::id);
                turn.done(insert.get_results::<i32>(&mut connection).await?);
            }
            if turn.is_check() {
                let ids = users::table.select(users::id).order_by(users::id).load::<i32>(&mut connection).await?;
                turn.confirm(&ids)?;
            }
        }
        Ok(())
    }

    fn insert_many() -> Option<fn(Turns) -> Task> {
        Some(|turns| Box::pin(insert_many_users(turns)))
    }

    async fn insert_many_users(mut turns: Turns) -> Result {
        let fresh = turns.place().fresh()?;
        let mut connection = open(&turns.place()).await?;
        while let Some(turn) = turns.next_async().await {
            connection.batch_execute(&fresh.script()).await?;
            while turn.again() {
                turn.done(insert_users(&mut connection).await?);
            }
            if turn.is_check() {
                turn.confirm(&fresh.users()?)?;
            }
        }
        Ok(())
    }

    async fn insert_users(connection: &mut AsyncPgConnection) -> QueryResult<Vec<User>> {
        connection.batch_execute("BEGIN").await?;
        let mut users = Vec::with_capacity(orm::INSERTED);
        let mut new = orm::new_users().map(NewUser::from);
        while let Some(chunk) = array::<_, CHUNK>(&mut new) {
            let insert = insert_into(users::table).values(&chunk).returning(users::id);
            let keys: Vec<i32> = insert.get_results(connection).await?;
            let rows = keys.into_iter().zip(chunk);
            users.extend(rows.map(|(id, NewUser { name, hair_color })| User { id, name, hair_color }));
        }
        connection.batch_execute("COMMIT").await?;
        Ok(users)
    }
}

pub(crate) mod mysql {
    //! On mysql_async; there is no RETURNING.

    use diesel_async::AsyncMysqlConnection;

    use super::*;

    diesel_async_library!(DieselAsyncMysql, AsyncMysqlConnection, mysql_async_url);

    fn insert_returning() -> Option<fn(Turns, usize) -> Task> {
        None
    }

    fn insert_many() -> Option<fn(Turns) -> Task> {
        None
    }
}
