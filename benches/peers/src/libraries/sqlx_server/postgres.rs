//! PostgreSQL: lists of keys and bulk rows as arrays.

use std::sync::Arc;

use futures_util::TryStreamExt;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, query, raw_sql};

use crate::backend::Backend;
use crate::bulk;
use crate::data::{self, NewUser};
use crate::libraries::rows::{self, Address, Comment, OrderLine, Post, Tree, User, sql};
use crate::library::{Async, Task};
use crate::orm::{self, Orm};
use crate::place::Place;
use crate::reference::{self, Reference};
use crate::turns::{Result, Tally, Turns};

/// Rows of one INSERT of `bulk400k` and `orm/insert400k`.
const CHUNK: usize = 10_000;

sqlx_library!(SqlxPostgres, PgConnection, PgConnectOptions, PgRow, Backend::Postgres);

async fn children<T>(
    connection: &mut PgConnection,
    select: &str,
    keys: impl Iterator<Item = i32>,
    read: impl FnMut(&PgRow) -> sqlx::Result<T>,
) -> sqlx::Result<Vec<T>> {
    let keys: Vec<i32> = keys.collect();
    let children = query(AssertSqlSafe(format!("{select} = ANY ($1)"))).bind(keys);
    children.fetch_all(connection).await?.iter().map(read).collect()
}

async fn insert_items(connection: &mut PgConnection) -> sqlx::Result<()> {
    let mut transaction = connection.begin().await?;
    let mut items = bulk::items();
    for _ in 0..bulk::ROWS as usize / CHUNK {
        let (mut ids, mut names, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        for item in items.by_ref().take(CHUNK) {
            ids.push(item.id);
            names.push(item.name);
            texts.push(item.description);
        }
        query(sql::UNNEST_ITEMS).bind(ids).bind(names).bind(texts).execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

async fn insert_users(connection: &mut PgConnection) -> sqlx::Result<Vec<User>> {
    let text: Arc<str> = format!("{} RETURNING id", sql::UNNEST_USERS).into();
    let mut transaction = connection.begin().await?;
    let mut users = Vec::with_capacity(orm::INSERTED);
    let mut new = orm::new_users();
    for _ in 0..orm::INSERTED / CHUNK {
        let (names, colors) = rows::arrays(new.by_ref().take(CHUNK));
        let insert = query(AssertSqlSafe(Arc::clone(&text))).bind(&names).bind(&colors);
        let keys = insert.fetch_all(&mut *transaction).await?;
        for (row, (name, hair_color)) in keys.iter().zip(names.into_iter().zip(colors)) {
            users.push(User { id: key(row)?, name, hair_color });
        }
    }
    transaction.commit().await?;
    Ok(users)
}
