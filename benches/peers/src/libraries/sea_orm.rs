//! SeaORM: entities on a pool of one sqlx connection, related rows by its loader.
//!
//! The ping before each use of a connection and the logging of statements are off, as its page on
//! connecting explains; the row buffer is that of sqlx.

mod orm;
mod server;

use sea_orm::entity::prelude::*;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ConnectOptions, Database, DbBackend, JoinType, LoaderTrait, QueryOrder, QuerySelect, QueryTrait, TransactionTrait,
};

use super::sea_orm_entities::{comments, customers, items, lines, orders, posts, products, users};
use crate::backend::Backend;
use crate::bulk;
use crate::data::{self, NewUser};
use crate::library::{Async, Task};
use crate::orm::Orm;
use crate::place::Place;
use crate::reference::{self, Reference};
use crate::turns::{Result, Turns};

/// The library; without `RETURNING` it leaves out what needs keys back: on MariaDB it was seen to give others than the
/// database has.
pub(crate) struct SeaOrm<const RETURNING: bool>;

/// Rows that may wait between the connection's thread and the task.
const ROW_BUFFER: usize = 1_000;

/// Rows of one INSERT of `bulk400k`.
const CHUNK: usize = 1_000;

/// Users with their posts, and those with their comments.
type Tree = Vec<(users::Model, Vec<(posts::Model, Vec<comments::Model>)>)>;

/// The columns of the reference statement, read by index.
type OrderLine = (i32, i32, String, String, i32, i32);

impl<const RETURNING: bool> Async for SeaOrm<RETURNING> {
    const NAME: &'static str = "sea-orm";
    const PACKAGE: &'static str = "sea-orm";

    async fn trivial(mut turns: Turns, _: usize) -> Result {
        let connection = open(&turns.place()).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                turn.done(users::Entity::find().all(&connection).await?);
            }
        }
        Ok(())
    }

    async fn medium(mut turns: Turns, _: usize) -> Result {
        let connection = open(&turns.place()).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                let black = users::Entity::find()
                    .find_also_related(posts::Entity)
                    .filter(users::Column::HairColor.eq(data::BLACK));
                turn.done(black.all(&connection).await?);
            }
        }
        Ok(())
    }

    async fn insert(mut turns: Turns, rows: usize) -> Result {
        let connection = open(&turns.place()).await?;
        let emptied = turns.place().emptied();
        while let Some(turn) = turns.next_async().await {
            connection.execute_unprepared(&emptied).await?;
            while turn.again() {
                let users = users::Entity::insert_many((0..rows).map(data::new_user).map(new_user));
                turn.done(users.exec_without_returning(&connection).await? as usize);
            }
            if turn.is_check() {
                turn.answer(&users::Entity::find().all(&connection).await?);
            }
        }
        Ok(())
    }

    async fn associations(mut turns: Turns) -> Result {
        let connection = open(&turns.place()).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                turn.done(load_associations(&connection).await?);
            }
        }
        Ok(())
    }

    async fn reference_call(mut turns: Turns) -> Result {
        let connection = open(&turns.place()).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                turn.done(reference_query().into_tuple::<OrderLine>().all(&connection).await?);
            }
        }
        Ok(())
    }

    async fn bulk(mut turns: Turns) -> Result {
        let place = turns.place();
        while let Some(turn) = turns.next_async().await {
            let fresh = place.fresh()?;
            let connection = connect(fresh.url()).await?;
            connection.execute_unprepared(&fresh.script()).await?;
            while turn.again() {
                turn.done(insert_items(&connection).await?);
            }
            connection.close().await?;
            if turn.is_check() {
                turn.answer(&fresh.items()?);
            }
        }
        Ok(())
    }

    fn reference_build() -> Option<fn(Turns) -> Result> {
        Some(|mut turns| {
            let backend = match turns.place().backend() {
                Backend::Sqlite => DbBackend::Sqlite,
                Backend::Postgres => DbBackend::Postgres,
                Backend::Mysql => DbBackend::MySql,
            };
            while let Some(turn) = turns.next() {
                while turn.again() {
                    turn.done(reference_query().build(backend).sql);
                }
            }
            Ok(())
        })
    }

    fn insert_returning() -> Option<fn(Turns, usize) -> Task> {
        if RETURNING { Some(|turns, rows| Box::pin(server::insert_returning(turns, rows))) } else { None }
    }

    fn update() -> Option<fn(Turns) -> Task> {
        Some(|turns| Box::pin(server::update(turns)))
    }

    fn stream() -> Option<fn(Turns) -> Task> {
        Some(|turns| Box::pin(server::stream(turns)))
    }

    fn orm(case: Orm) -> Option<fn(Turns) -> Task> {
        if RETURNING || case != Orm::Insert { orm::case(case) } else { None }
    }
}

async fn open(place: &Place) -> Result<DatabaseConnection> {
    let connection = connect(place.url()).await?;
    if !place.script().is_empty() {
        connection.execute_unprepared(place.script()).await?;
    }
    Ok(connection)
}

async fn connect(url: String) -> Result<DatabaseConnection> {
    let is_file = url.starts_with("sqlite:") && url != "sqlite::memory:";
    let mut options = ConnectOptions::new(if is_file { url + "?mode=rwc" } else { url });
    options
        .min_connections(1)
        .max_connections(1)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|sqlite: SqliteConnectOptions| sqlite.row_buffer_size(ROW_BUFFER));
    Ok(Database::connect(options).await?)
}

fn new_user(NewUser { name, hair_color }: NewUser) -> users::ActiveModel {
    users::ActiveModel { id: NotSet, name: Set(name), hair_color: Set(hair_color) }
}

fn new_item(item: bulk::Item) -> items::ActiveModel {
    items::ActiveModel { id: Set(item.id), name: Set(item.name), description: Set(item.description) }
}

async fn load_associations(connection: &DatabaseConnection) -> std::result::Result<Tree, DbErr> {
    let users = users::Entity::find().all(connection).await?;
    let posts = users.load_many(posts::Entity, connection).await?;
    let counts: Vec<usize> = posts.iter().map(Vec::len).collect();
    let posts: Vec<posts::Model> = posts.into_iter().flatten().collect();
    let comments = posts.load_many(comments::Entity, connection).await?;
    let mut posts = posts.into_iter().zip(comments);
    Ok(users.into_iter().zip(counts).map(|(user, count)| (user, posts.by_ref().take(count).collect())).collect())
}

fn reference_query() -> Select<lines::Entity> {
    let Reference { country, status, placed_from, quantity_above, price_below, categories, limit } = reference::VALUES;
    lines::Entity::find()
        .select_only()
        .column(lines::Column::Id)
        .column(orders::Column::PlacedOn)
        .column(customers::Column::Name)
        .column(products::Column::Name)
        .column(lines::Column::Quantity)
        .column(lines::Column::Price)
        .join(JoinType::InnerJoin, lines::Relation::Orders.def())
        .join(JoinType::InnerJoin, orders::Relation::Customers.def())
        .join(JoinType::InnerJoin, lines::Relation::Products.def())
        .filter(customers::Column::Country.eq(country))
        .filter(orders::Column::Status.eq(status))
        .filter(orders::Column::PlacedOn.gte(placed_from))
        .filter(lines::Column::Quantity.gt(quantity_above))
        .filter(lines::Column::Price.lt(price_below))
        .filter(products::Column::Category.is_in(categories))
        .order_by_desc(lines::Column::Price)
        .order_by_asc(lines::Column::Id)
        .limit(limit.unsigned_abs())
}

async fn insert_items(connection: &DatabaseConnection) -> std::result::Result<(), DbErr> {
    let transaction = connection.begin().await?;
    let mut items = bulk::items();
    for _ in 0..bulk::ROWS as usize / CHUNK {
        let chunk = items.by_ref().take(CHUNK).map(new_item);
        items::Entity::insert_many(chunk).exec_without_returning(&transaction).await?;
    }
    transaction.commit().await
}
