//! Diesel on libpq and on libmariadb: its language, inserts as arrays, which are one cached statement.
//!
//! Its traits name the connection in dozens of bounds, so what is the same for both is a macro.

use diesel::connection::SimpleConnection;
use diesel::insert_into;
use diesel::prelude::*;
use diesel::query_builder::{QueryBuilder, QueryFragment};

use super::diesel_schema::{
    Address, Comment, NewItem, NewUser, OrderLine, Post, Tree, User, items, posts, reference_query, users,
};
use crate::library::Blocking;
use crate::orm::{self, Orm};
use crate::place::Place;
use crate::turns::{Result, Tally, Turns};
use crate::{bulk, data};

/// Rows of one INSERT of `orm/insert400k`, and of `bulk400k` where there is no COPY.
const CHUNK: usize = 1_000;

/// The next `N` items, if there are as many.
fn array<T, const N: usize>(items: &mut impl Iterator<Item = T>) -> Option<[T; N]> {
    items.take(N).collect::<Vec<_>>().try_into().ok()
}

macro_rules! diesel_library {
    ($library:ident, $name:literal, $connection:ty, $backend:ty, $builder:ty, $mode:ty) => {
        /// The library.
        pub(crate) struct $library;

        impl Blocking for $library {
            const NAME: &'static str = $name;
            const PACKAGE: &'static str = "diesel";

            fn trivial(mut turns: Turns, _: usize) -> Result {
                let mut connection = open(&turns.place())?;
                while let Some(turn) = turns.next() {
                    while turn.again() {
                        turn.done(users::table.load::<User>(&mut connection)?);
                    }
                }
                Ok(())
            }

            fn medium(mut turns: Turns, _: usize) -> Result {
                let mut connection = open(&turns.place())?;
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
                        turn.done(reference_query().load::<OrderLine>(&mut connection)?);
                    }
                }
                Ok(())
            }

            fn bulk(mut turns: Turns) -> Result {
                let fresh = turns.place().fresh()?;
                let mut connection = open(&turns.place())?;
                while let Some(turn) = turns.next() {
                    connection.batch_execute(&fresh.script())?;
                    while turn.again() {
                        turn.done(insert_items(&mut connection)?);
                    }
                    if turn.is_check() {
                        turn.answer(&fresh.items()?);
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

            fn insert_returning() -> Option<fn(Turns, usize) -> Result> {
                insert_returning()
            }

            fn update() -> Option<fn(Turns) -> Result> {
                Some(update)
            }

            fn stream() -> Option<fn(Turns) -> Result> {
                Some(stream)
            }

            fn orm(case: Orm) -> Option<fn(Turns) -> Result> {
                match case {
                    Orm::WithAddresses => Some(with_addresses),
                    Orm::Insert => insert_many(),
                    Orm::Update => Some(update_many),
                    Orm::LoadVec => Some(|turns| Self::trivial(turns, orm::LOADED)),
                    Orm::LoadIdentity | Orm::ReloadFresh | Orm::ReloadStale | Orm::Index => None,
                }
            }
        }

        /// The text that a statement is prepared from.
        fn sql(statement: &impl QueryFragment<$backend>) -> QueryResult<String> {
            let mut sql = <$builder>::default();
            statement.to_sql(&mut sql, &<$backend>::default())?;
            Ok(sql.finish())
        }

        fn open(place: &Place) -> Result<$connection> {
            Ok(<$connection>::establish(&place.address()?.diesel_url())?)
        }

        fn insert_array<const N: usize>(mut turns: Turns) -> Result {
            let emptied = turns.place().emptied();
            let mut connection = open(&turns.place())?;
            while let Some(turn) = turns.next() {
                connection.batch_execute(&emptied)?;
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

        fn load_associations(connection: &mut $connection) -> QueryResult<Tree> {
            let users = users::table.load::<User>(connection)?;
            let posts = Post::belonging_to(&users).load::<Post>(connection)?;
            let comments = Comment::belonging_to(&posts).load::<Comment>(connection)?.grouped_by(&posts);
            let posts = posts.into_iter().zip(comments).grouped_by(&users);
            Ok(users.into_iter().zip(posts).collect())
        }

        fn update(mut turns: Turns) -> Result {
            let mut connection = open(&turns.place())?;
            let ids: Vec<i32> = users::table.select(users::id).order_by(users::id).load(&mut connection)?;
            let mut pass = 0;
            while let Some(turn) = turns.next() {
                while turn.again() {
                    let update = diesel::update(users::table.find(ids[pass % ids.len()]));
                    turn.done(update.set(users::hair_color.eq(data::new_color(pass))).execute(&mut connection)?);
                    pass += 1;
                }
                if turn.is_check() {
                    turn.answer(&users::table.order_by(users::id).load::<User>(&mut connection)?);
                }
            }
            Ok(())
        }

        fn stream(mut turns: Turns) -> Result {
            let mut connection = open(&turns.place())?;
            while let Some(turn) = turns.next() {
                while turn.again() {
                    let mut tally = Tally::default();
                    for user in users::table.load_iter::<User, $mode>(&mut connection)? {
                        let user = user?;
                        tally.add(user.id, &user.name);
                    }
                    turn.done(tally);
                }
            }
            Ok(())
        }

        fn with_addresses(mut turns: Turns) -> Result {
            let mut connection = open(&turns.place())?;
            while let Some(turn) = turns.next() {
                while turn.again() {
                    let users = users::table.load::<User>(&mut connection)?;
                    let addresses = Address::belonging_to(&users).load::<Address>(&mut connection)?.grouped_by(&users);
                    turn.done(users.into_iter().zip(addresses).collect::<Vec<_>>());
                }
            }
            Ok(())
        }

        fn update_many(mut turns: Turns) -> Result {
            let mut connection = open(&turns.place())?;
            let mut users = users::table.order_by(users::id).load::<User>(&mut connection)?;
            let mut pass = 0;
            while let Some(turn) = turns.next() {
                while turn.again() {
                    turn.done(update_users(&mut connection, &mut users, pass)?);
                    pass += 1;
                }
                if turn.is_check() {
                    turn.answer(&users);
                    turn.confirm(&users::table.order_by(users::id).load::<User>(&mut connection)?)?;
                }
            }
            Ok(())
        }

        /// In one transaction, row by row.
        fn update_users(connection: &mut $connection, users: &mut [User], pass: usize) -> QueryResult<usize> {
            connection.transaction(|connection| {
                for (i, user) in users.iter_mut().enumerate() {
                    user.hair_color = Some(orm::new_color(pass, i));
                    let update = diesel::update(users::table.find(user.id));
                    update.set(users::hair_color.eq(&user.hair_color)).execute(connection)?;
                }
                Ok(users.len())
            })
        }
    };
}

pub(crate) mod postgres {
    //! libpq: binary COPY, RETURNING, rows one by one for streams.

    use diesel::pg::{Pg, PgQueryBuilder, PgRowByRowLoadingMode};

    use super::*;

    diesel_library!(DieselPostgres, "diesel-libpq", PgConnection, Pg, PgQueryBuilder, PgRowByRowLoadingMode);

    fn insert_items(connection: &mut PgConnection) -> QueryResult<usize> {
        let rows: Vec<NewItem> = bulk::items().map(NewItem::from).collect();
        diesel::copy_from(items::table).from_insertable(rows).execute(connection)
    }

    fn insert_returning() -> Option<fn(Turns, usize) -> Result> {
        Some(|turns, rows| match rows {
            1 => returning_array::<1>(turns),
            10 => returning_array::<10>(turns),
            25 => returning_array::<25>(turns),
            50 => returning_array::<50>(turns),
            100 => returning_array::<100>(turns),
            _ => Err(format!("no array of {rows}").into()),
        })
    }

    fn returning_array<const N: usize>(mut turns: Turns) -> Result {
        let emptied = turns.place().emptied();
        let mut connection = open(&turns.place())?;
        while let Some(turn) = turns.next() {
            connection.batch_execute(&emptied)?;
            while turn.again() {
                let users: [NewUser; N] = std::array::from_fn(NewUser::new);
                let insert = insert_into(users::table).values(users).returning(users::id);
                turn.done(insert.get_results::<i32>(&mut connection)?);
            }
            if turn.is_check() {
                turn.confirm(&users::table.select(users::id).order_by(users::id).load::<i32>(&mut connection)?)?;
            }
        }
        Ok(())
    }

    fn insert_many() -> Option<fn(Turns) -> Result> {
        Some(|mut turns| {
            let fresh = turns.place().fresh()?;
            let mut connection = open(&turns.place())?;
            while let Some(turn) = turns.next() {
                connection.batch_execute(&fresh.script())?;
                while turn.again() {
                    turn.done(insert_users(&mut connection)?);
                }
                if turn.is_check() {
                    turn.confirm(&fresh.users()?)?;
                }
            }
            Ok(())
        })
    }

    fn insert_users(connection: &mut PgConnection) -> QueryResult<Vec<User>> {
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
}

pub(crate) mod mysql {
    //! libmariadb: Diesel has no RETURNING there.

    use diesel::connection::DefaultLoadingMode;
    use diesel::mysql::{Mysql, MysqlQueryBuilder};

    use super::*;

    diesel_library!(DieselMysql, "diesel-libmariadb", MysqlConnection, Mysql, MysqlQueryBuilder, DefaultLoadingMode);

    fn insert_items(connection: &mut MysqlConnection) -> QueryResult<()> {
        connection.transaction(|connection| {
            let mut items = bulk::items().map(NewItem::from);
            while let Some(chunk) = array::<_, CHUNK>(&mut items) {
                insert_into(items::table).values(chunk).execute(connection)?;
            }
            Ok(())
        })
    }

    fn insert_returning() -> Option<fn(Turns, usize) -> Result> {
        None
    }

    fn insert_many() -> Option<fn(Turns) -> Result> {
        None
    }
}
