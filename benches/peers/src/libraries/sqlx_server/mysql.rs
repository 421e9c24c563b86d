//! MySQL and MariaDB: lists of keys and bulk rows as parameters.

use std::sync::Arc;

use futures_util::TryStreamExt;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlRow};
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
const CHUNK: usize = 1_000;

sqlx_library!(SqlxMysql, MySqlConnection, MySqlConnectOptions, MySqlRow, Backend::Mysql);

/// A list of keys has no fixed length, so its statement is made and looked up each time.
async fn children<T>(
    connection: &mut MySqlConnection,
    select: &str,
    keys: impl ExactSizeIterator<Item = i32>,
    read: impl FnMut(&MySqlRow) -> sqlx::Result<T>,
) -> sqlx::Result<Vec<T>> {
    let mut children = query(AssertSqlSafe(sql::list(select, keys.len())));
    for key in keys {
        children = children.bind(key);
    }
    children.fetch_all(connection).await?.iter().map(read).collect()
}

async fn insert_items(connection: &mut MySqlConnection) -> sqlx::Result<()> {
    let text: Arc<str> = sql::values("INSERT INTO items (id, name, description) VALUES", "(?, ?, ?)", CHUNK).into();
    let mut transaction = connection.begin().await?;
    let mut items = bulk::items();
    for _ in 0..bulk::ROWS as usize / CHUNK {
        let mut insert = query(AssertSqlSafe(Arc::clone(&text)));
        for item in items.by_ref().take(CHUNK) {
            insert = insert.bind(item.id).bind(item.name).bind(item.description);
        }
        insert.execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

async fn insert_users(connection: &mut MySqlConnection) -> sqlx::Result<Vec<User>> {
    let text: Arc<str> = (insert_sql(CHUNK) + " RETURNING id").into();
    let mut transaction = connection.begin().await?;
    let mut users = Vec::with_capacity(orm::INSERTED);
    let mut new = orm::new_users();
    for _ in 0..orm::INSERTED / CHUNK {
        let chunk: Vec<NewUser> = new.by_ref().take(CHUNK).collect();
        let mut insert = query(AssertSqlSafe(Arc::clone(&text)));
        for NewUser { name, hair_color } in &chunk {
            insert = insert.bind(name).bind(hair_color);
        }
        let keys = insert.fetch_all(&mut *transaction).await?;
        for (row, NewUser { name, hair_color }) in keys.iter().zip(chunk) {
            users.push(User { id: key(row)?, name, hair_color });
        }
    }
    transaction.commit().await?;
    Ok(users)
}
