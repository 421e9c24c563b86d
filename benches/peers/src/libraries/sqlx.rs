//! sqlx: SQL texts on a bare connection, rows read by index as its `query_as!` macro reads them.
//!
//! The connection has a thread of its own. A larger row buffer is documented to switch between the two less
//! often; logging of statements is off. Rows are fetched first and read after that, which takes half the
//! time of `query_as` from 1,000 rows on: the two threads do not contend for SQLite's allocator.

mod orm;

use std::sync::Arc;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, query, raw_sql};

use crate::backend::Backend;
use crate::data::{self, NewUser};
use crate::library::{Async, Task};
use crate::orm::Orm;
use crate::reference::{self, Reference};
use crate::turns::{Result, Turns};
use crate::{bulk, grouping};

/// The library.
pub(crate) struct Sqlx;

/// Rows that may wait between the connection's thread and the task.
const ROW_BUFFER: usize = 1_000;

/// Rows of one INSERT of `bulk400k`; a statement a row would wait for the thread each time.
const CHUNK: usize = 1_000;

#[derive(Hash)]
struct User {
    id: i32,
    name: String,
    hair_color: Option<String>,
}

#[derive(Hash)]
struct Post {
    id: i32,
    user_id: i32,
    title: String,
    body: Option<String>,
}

#[derive(Hash)]
struct Comment {
    id: i32,
    post_id: i32,
    text: String,
}

/// Users with their posts, and those with their comments.
type Tree = Vec<(User, Vec<(Post, Vec<Comment>)>)>;

#[derive(Hash)]
struct OrderLine {
    id: i32,
    placed_on: i32,
    customer: String,
    product: String,
    quantity: i32,
    price: i32,
}

impl Async for Sqlx {
    const NAME: &'static str = "sqlx";
    const PACKAGE: &'static str = "sqlx";

    async fn trivial(mut turns: Turns, rows: usize) -> Result {
        let mut connection = open(data::trivial(Backend::Sqlite, rows)).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                turn.done(select_users(&mut connection).await?);
            }
        }
        Ok(())
    }

    async fn medium(mut turns: Turns, rows: usize) -> Result {
        let mut connection = open(data::medium(Backend::Sqlite, rows)).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                turn.done(select_black(&mut connection).await?);
            }
        }
        Ok(())
    }

    async fn insert(mut turns: Turns, rows: usize) -> Result {
        let mut connection = open(data::insert(Backend::Sqlite)).await?;
        let sql = insert_sql("INSERT INTO users (name, hair_color) VALUES", "(?, ?)", rows);
        while let Some(turn) = turns.next_async().await {
            query(data::NO_USERS).execute(&mut connection).await?;
            while turn.again() {
                let mut insert = query(AssertSqlSafe(Arc::clone(&sql)));
                for NewUser { name, hair_color } in (0..rows).map(data::new_user) {
                    insert = insert.bind(name).bind(hair_color);
                }
                turn.done(insert.execute(&mut connection).await?.rows_affected() as usize);
            }
            if turn.is_check() {
                turn.answer(&select_users(&mut connection).await?);
            }
        }
        Ok(())
    }

    async fn associations(mut turns: Turns) -> Result {
        let mut connection = open(data::associations(Backend::Sqlite)).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                turn.done(load_associations(&mut connection).await?);
            }
        }
        Ok(())
    }

    async fn reference_call(mut turns: Turns) -> Result {
        let mut connection = open(reference::script(Backend::Sqlite)).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                turn.done(select_lines(&mut connection).await?);
            }
        }
        Ok(())
    }

    async fn bulk(mut turns: Turns) -> Result {
        while let Some(turn) = turns.next_async().await {
            let file = bulk::File::fresh()?;
            let options = SqliteConnectOptions::new().filename(file.path()).create_if_missing(true);
            let mut connection = options.disable_statement_logging().connect().await?;
            raw_sql(bulk::SCRIPT).execute(&mut connection).await?;
            while turn.again() {
                turn.done(insert_items(&mut connection).await?);
            }
            connection.close().await?;
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

async fn open(script: String) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new().in_memory(true).row_buffer_size(ROW_BUFFER);
    let mut connection = options.disable_statement_logging().connect().await?;
    raw_sql(AssertSqlSafe(script)).execute(&mut connection).await?;
    Ok(connection)
}

async fn select_users(connection: &mut SqliteConnection) -> sqlx::Result<Vec<User>> {
    let rows = query("SELECT id, name, hair_color FROM users").fetch_all(connection).await?;
    rows.iter().map(user).collect()
}

async fn select_black(connection: &mut SqliteConnection) -> sqlx::Result<Vec<(User, Option<Post>)>> {
    let black = query(
        "SELECT users.id, users.name, users.hair_color, posts.id, posts.user_id, posts.title, posts.body \
         FROM users LEFT JOIN posts ON posts.user_id = users.id WHERE users.hair_color = ?",
    );
    let rows = black.bind(data::BLACK).fetch_all(connection).await?;
    rows.iter().map(user_and_post).collect()
}

async fn load_associations(connection: &mut SqliteConnection) -> sqlx::Result<Tree> {
    let users = select_users(connection).await?;
    let posts = load_children(
        connection,
        "SELECT id, user_id, title, body FROM posts WHERE user_id IN",
        users.iter().map(|user| user.id),
        |row| post(row, 0),
    )
    .await?;
    let comments = load_children(
        connection,
        "SELECT id, post_id, text FROM comments WHERE post_id IN",
        posts.iter().map(|post| post.id),
        comment,
    )
    .await?;
    let comments = grouping::by_parent(&posts, |post| post.id, comments, |comment| comment.post_id);
    let posts = posts.into_iter().zip(comments).collect();
    let posts = grouping::by_parent(&users, |user| user.id, posts, |(post, _)| post.user_id);
    Ok(users.into_iter().zip(posts).collect())
}

/// A list of keys has no fixed length, so its statement is made and looked up each time.
async fn load_children<T>(
    connection: &mut SqliteConnection,
    select: &str,
    keys: impl ExactSizeIterator<Item = i32>,
    read: impl FnMut(&SqliteRow) -> sqlx::Result<T>,
) -> sqlx::Result<Vec<T>> {
    let mut sql = String::with_capacity(select.len() + 2 * keys.len() + 2);
    sql.push_str(select);
    for i in 0..keys.len() {
        sql.push_str(if i == 0 { "(?" } else { ",?" });
    }
    sql.push(')');
    let mut children = query(AssertSqlSafe(sql));
    for key in keys {
        children = children.bind(key);
    }
    let rows = children.fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

async fn select_lines(connection: &mut SqliteConnection) -> sqlx::Result<Vec<OrderLine>> {
    let Reference { country, status, placed_from, quantity_above, price_below, categories, limit } = reference::VALUES;
    let mut lines =
        query(reference::SQL).bind(country).bind(status).bind(placed_from).bind(quantity_above).bind(price_below);
    for category in categories {
        lines = lines.bind(category);
    }
    let rows = lines.bind(limit).fetch_all(connection).await?;
    rows.iter().map(order_line).collect()
}

async fn insert_items(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    let sql = insert_sql("INSERT INTO items (id, name, description) VALUES", "(?, ?, ?)", CHUNK);
    let mut transaction = connection.begin().await?;
    let mut items = bulk::items();
    for _ in 0..bulk::ROWS as usize / CHUNK {
        let mut insert = query(AssertSqlSafe(Arc::clone(&sql)));
        for item in items.by_ref().take(CHUNK) {
            insert = insert.bind(item.id).bind(item.name).bind(item.description);
        }
        insert.execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

fn insert_sql(insert: &str, row: &str, rows: usize) -> Arc<str> {
    format!("{insert} {}", vec![row; rows].join(", ")).into()
}

fn user(row: &SqliteRow) -> sqlx::Result<User> {
    Ok(User { id: row.try_get_unchecked(0)?, name: row.try_get_unchecked(1)?, hair_color: row.try_get_unchecked(2)? })
}

fn post(row: &SqliteRow, first: usize) -> sqlx::Result<Post> {
    Ok(Post {
        id: row.try_get_unchecked(first)?,
        user_id: row.try_get_unchecked(first + 1)?,
        title: row.try_get_unchecked(first + 2)?,
        body: row.try_get_unchecked(first + 3)?,
    })
}

fn comment(row: &SqliteRow) -> sqlx::Result<Comment> {
    Ok(Comment { id: row.try_get_unchecked(0)?, post_id: row.try_get_unchecked(1)?, text: row.try_get_unchecked(2)? })
}

fn user_and_post(row: &SqliteRow) -> sqlx::Result<(User, Option<Post>)> {
    let post = match row.try_get_unchecked::<Option<i32>, _>(3)? {
        None => None,
        Some(_) => Some(post(row, 3)?),
    };
    Ok((user(row)?, post))
}

fn order_line(row: &SqliteRow) -> sqlx::Result<OrderLine> {
    Ok(OrderLine {
        id: row.try_get_unchecked(0)?,
        placed_on: row.try_get_unchecked(1)?,
        customer: row.try_get_unchecked(2)?,
        product: row.try_get_unchecked(3)?,
        quantity: row.try_get_unchecked(4)?,
        price: row.try_get_unchecked(5)?,
    })
}
