//! wtx: statements prepared once, rows decoded as they arrive. It has neither COPY nor streams.

use std::hash::{BuildHasher, RandomState};
use std::path::Path;

use tokio::net::{TcpStream, UnixStream};
use wtx::database::client::postgres::{Config, ExecutorBuffer, PostgresExecutor, PostgresRecord};
use wtx::database::{Executor, Record};
use wtx::misc::UriRef;
use wtx::rng::ChaCha20;
use wtx::stream::{StreamReader, StreamWriter};

use super::rows::{self, Comment, OrderLine, Post, Tree, User, sql};
use crate::backend::Backend;
use crate::bulk;
use crate::data::{self, NewUser};
use crate::library::{Async, Task};
use crate::place::Place;
use crate::reference::{self, Reference};
use crate::turns::{Result, Turns};

/// The library.
pub(crate) struct Wtx;

type Connection = PostgresExecutor<wtx::Error, ExecutorBuffer, Socket>;
type Row<'a> = PostgresRecord<'a, wtx::Error>;

/// Rows of one INSERT of `bulk400k`.
const CHUNK: usize = 10_000;

/// Either way to the server.
enum Socket {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl StreamReader for Socket {
    async fn read(&mut self, bytes: &mut [u8]) -> wtx::Result<usize> {
        match self {
            Socket::Tcp(socket) => StreamReader::read(socket, bytes).await,
            Socket::Unix(socket) => StreamReader::read(socket, bytes).await,
        }
    }
}

impl StreamWriter for Socket {
    async fn write_all(&mut self, bytes: &[u8]) -> wtx::Result<()> {
        match self {
            Socket::Tcp(socket) => StreamWriter::write_all(socket, bytes).await,
            Socket::Unix(socket) => StreamWriter::write_all(socket, bytes).await,
        }
    }

    async fn write_all_vectored(&mut self, bytes: &[&[u8]]) -> wtx::Result<()> {
        match self {
            Socket::Tcp(socket) => StreamWriter::write_all_vectored(socket, bytes).await,
            Socket::Unix(socket) => StreamWriter::write_all_vectored(socket, bytes).await,
        }
    }
}

impl Async for Wtx {
    const NAME: &'static str = "wtx";
    const PACKAGE: &'static str = "wtx";

    async fn trivial(mut turns: Turns, _: usize) -> Result {
        let mut connection = open(&turns.place()).await?;
        let users = connection.prepare(sql::USERS).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                turn.done(select_users(&mut connection, users).await?);
            }
        }
        Ok(())
    }

    async fn medium(mut turns: Turns, _: usize) -> Result {
        let mut connection = open(&turns.place()).await?;
        let black = connection.prepare(&parameters(sql::BLACK)).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                let mut rows = Vec::new();
                connection
                    .execute_stmt_many(black, (data::BLACK,), |row| {
                        rows.push(user_and_post(&row)?);
                        Ok(())
                    })
                    .await?;
                turn.done(rows);
            }
        }
        Ok(())
    }

    async fn insert(mut turns: Turns, rows: usize) -> Result {
        let emptied = turns.place().emptied();
        let mut connection = open(&turns.place()).await?;
        let insert = connection.prepare(sql::UNNEST_USERS).await?;
        while let Some(turn) = turns.next_async().await {
            connection.execute_ignored(&emptied).await?;
            while turn.again() {
                let (names, colors) = arrays(rows);
                connection.execute_stmt_ignored(insert, (names, colors)).await?;
                turn.done(rows);
            }
            if turn.is_check() {
                let users = connection.prepare(sql::USERS).await?;
                turn.answer(&select_users(&mut connection, users).await?);
            }
        }
        Ok(())
    }

    async fn associations(mut turns: Turns) -> Result {
        let mut connection = open(&turns.place()).await?;
        let users = connection.prepare(sql::USERS).await?;
        let posts = connection.prepare(&format!("{} = ANY ($1)", sql::POSTS)).await?;
        let comments = connection.prepare(&format!("{} = ANY ($1)", sql::COMMENTS)).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                turn.done(load_associations(&mut connection, [users, posts, comments]).await?);
            }
        }
        Ok(())
    }

    async fn reference_call(mut turns: Turns) -> Result {
        let mut connection = open(&turns.place()).await?;
        let statement = connection.prepare(&reference::sql(Backend::Postgres)).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                let Reference { country, status, placed_from, quantity_above, price_below, categories, limit } =
                    reference::VALUES;
                let [first, second, third, fourth] = categories;
                let values =
                    (country, status, placed_from, quantity_above, price_below, first, second, third, fourth, limit);
                let mut lines = Vec::new();
                connection
                    .execute_stmt_many(statement, values, |row| {
                        lines.push(order_line(&row)?);
                        Ok(())
                    })
                    .await?;
                turn.done(lines);
            }
        }
        Ok(())
    }

    async fn bulk(mut turns: Turns) -> Result {
        let fresh = turns.place().fresh()?;
        let mut connection = open(&turns.place()).await?;
        let insert = connection.prepare(sql::UNNEST_ITEMS).await?;
        while let Some(turn) = turns.next_async().await {
            connection.execute_ignored(&fresh.script()).await?;
            while turn.again() {
                connection.execute_ignored("BEGIN").await?;
                let mut items = bulk::items();
                for _ in 0..bulk::ROWS as usize / CHUNK {
                    let (mut ids, mut names, mut texts) = (Vec::new(), Vec::new(), Vec::new());
                    for item in items.by_ref().take(CHUNK) {
                        ids.push(item.id);
                        names.push(item.name);
                        texts.push(item.description);
                    }
                    connection.execute_stmt_ignored(insert, (ids, names, texts)).await?;
                }
                connection.execute_ignored("COMMIT").await?;
                turn.done(());
            }
            if turn.is_check() {
                turn.answer(&fresh.items()?);
            }
        }
        Ok(())
    }

    fn insert_returning() -> Option<fn(Turns, usize) -> Task> {
        Some(|turns, rows| Box::pin(insert_returning(turns, rows)))
    }

    fn update() -> Option<fn(Turns) -> Task> {
        Some(|turns| Box::pin(update(turns)))
    }
}

async fn open(place: &Place) -> Result<Connection> {
    let address = place.address()?;
    let socket = match address.socket() {
        Some(path) => Socket::Unix(UnixStream::connect::<&Path>(path).await?),
        None => {
            let socket = TcpStream::connect(address.host()).await?;
            socket.set_nodelay(true)?;
            Socket::Tcp(socket)
        }
    };
    let ((user, password), database) = (address.credentials(), address.database());
    let url = format!("postgres://{user}:{password}@localhost:5432/{database}");
    let uri = UriRef::new(&url);
    let mut random = ChaCha20::from_key(random_key());
    let buffer = ExecutorBuffer::new(usize::MAX, &mut random);
    Ok(Connection::connect(&Config::from_uri(&uri)?, buffer, &mut random, socket).await?)
}

/// Enough for a benchmark's authentication.
fn random_key() -> [u8; 32] {
    let mut key = [0; 32];
    for part in key.chunks_mut(8) {
        part.copy_from_slice(&RandomState::new().hash_one(0).to_ne_bytes());
    }
    key
}

fn parameters(sql: &str) -> String {
    Backend::Postgres.with_parameters(sql)
}

/// Its arrays have no NULLs, and nobody here is without a color.
fn arrays(rows: usize) -> (Vec<String>, Vec<String>) {
    let new = (0..rows).map(data::new_user);
    new.map(|NewUser { name, hair_color }| (name, hair_color.unwrap_or_default())).unzip()
}

async fn select_users(connection: &mut Connection, statement: u64) -> wtx::Result<Vec<User>> {
    let mut users = Vec::new();
    connection
        .execute_stmt_many(statement, (), |row| {
            users.push(user(&row)?);
            Ok(())
        })
        .await?;
    Ok(users)
}

async fn load_associations(connection: &mut Connection, [users, posts, comments]: [u64; 3]) -> wtx::Result<Tree> {
    let users = select_users(connection, users).await?;
    let keys: Vec<i32> = users.iter().map(|user| user.id).collect();
    let mut found = Vec::new();
    connection
        .execute_stmt_many(posts, (keys,), |row| {
            found.push(post(&row, 0)?);
            Ok(())
        })
        .await?;
    let keys: Vec<i32> = found.iter().map(|post: &Post| post.id).collect();
    let mut last = Vec::new();
    connection
        .execute_stmt_many(comments, (keys,), |row| {
            last.push(Comment { id: row.decode(0)?, post_id: row.decode(1)?, text: row.decode(2)? });
            Ok(())
        })
        .await?;
    Ok(rows::tree(users, found, last))
}

async fn insert_returning(mut turns: Turns, rows: usize) -> Result {
    let emptied = turns.place().emptied();
    let mut connection = open(&turns.place()).await?;
    let insert = connection.prepare(&format!("{} RETURNING id", sql::UNNEST_USERS)).await?;
    while let Some(turn) = turns.next_async().await {
        connection.execute_ignored(&emptied).await?;
        while turn.again() {
            let (names, colors) = arrays(rows);
            let mut keys: Vec<i32> = Vec::new();
            connection
                .execute_stmt_many(insert, (names, colors), |row| {
                    keys.push(row.decode(0)?);
                    Ok(())
                })
                .await?;
            turn.done(keys);
        }
        if turn.is_check() {
            let ordered = connection.prepare(sql::IN_ORDER).await?;
            let users = select_users(&mut connection, ordered).await?;
            turn.confirm(&users.iter().map(|user| user.id).collect::<Vec<_>>())?;
        }
    }
    Ok(())
}

async fn update(mut turns: Turns) -> Result {
    let mut connection = open(&turns.place()).await?;
    let ordered = connection.prepare(sql::IN_ORDER).await?;
    let users = select_users(&mut connection, ordered).await?;
    let update = connection.prepare(&parameters(sql::UPDATE)).await?;
    let mut pass = 0;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            let id = users[pass % users.len()].id;
            connection.execute_stmt_ignored(update, (data::new_color(pass), id)).await?;
            turn.done(1_usize);
            pass += 1;
        }
        if turn.is_check() {
            turn.answer(&select_users(&mut connection, ordered).await?);
        }
    }
    Ok(())
}

fn user(row: &Row<'_>) -> wtx::Result<User> {
    Ok(User { id: row.decode(0)?, name: row.decode(1)?, hair_color: row.decode_opt(2)? })
}

fn post(row: &Row<'_>, first: usize) -> wtx::Result<Post> {
    Ok(Post {
        id: row.decode(first)?,
        user_id: row.decode(first + 1)?,
        title: row.decode(first + 2)?,
        body: row.decode_opt(first + 3)?,
    })
}

fn user_and_post(row: &Row<'_>) -> wtx::Result<(User, Option<Post>)> {
    let post = match row.decode_opt::<_, i32>(3)? {
        None => None,
        Some(_) => Some(post(row, 3)?),
    };
    Ok((user(row)?, post))
}

fn order_line(row: &Row<'_>) -> wtx::Result<OrderLine> {
    Ok(OrderLine {
        id: row.decode(0)?,
        placed_on: row.decode(1)?,
        customer: row.decode(2)?,
        product: row.decode(3)?,
        quantity: row.decode(4)?,
        price: row.decode(5)?,
    })
}
