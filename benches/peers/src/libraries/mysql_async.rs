//! mysql_async: prepared statements that are held, rows read as tuples of their columns. The limit on MySQL.

use futures_util::TryStreamExt;
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Params, Row, Statement, TxOpts, Value};

use super::rows::{self, Address, Comment, OrderLine, Post, Tree, User, sql};
use crate::backend::Backend;
use crate::bulk;
use crate::data::{self, NewUser};
use crate::library::{Async, Task};
use crate::orm::{self, Orm};
use crate::place::Place;
use crate::reference::{self, Reference};
use crate::turns::{Result, Tally, Turns};

/// The library.
pub(crate) struct MysqlAsync;

type Answer<T> = mysql_async::Result<T>;

/// Rows of one INSERT of `bulk400k` and `orm/insert400k`.
const CHUNK: usize = 1_000;

impl Async for MysqlAsync {
    const NAME: &'static str = "mysql_async";
    const PACKAGE: &'static str = "mysql_async";

    async fn trivial(mut turns: Turns, _: usize) -> Result {
        let mut connection = open(&turns.place()).await?;
        let users = connection.prep(sql::USERS).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                turn.done(select_users(&mut connection, &users).await?);
            }
        }
        Ok(())
    }

    async fn medium(mut turns: Turns, _: usize) -> Result {
        let mut connection = open(&turns.place()).await?;
        let black = connection.prep(sql::BLACK).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                turn.done(connection.exec_map(&black, (data::BLACK,), user_and_post).await?);
            }
        }
        Ok(())
    }

    async fn insert(mut turns: Turns, rows: usize) -> Result {
        let emptied = turns.place().emptied();
        let mut connection = open(&turns.place()).await?;
        let insert = connection.prep(insert_sql(rows)).await?;
        while let Some(turn) = turns.next_async().await {
            connection.query_drop(&emptied).await?;
            while turn.again() {
                let new = (0..rows).map(data::new_user);
                connection.exec_drop(&insert, values(new)).await?;
                turn.done(connection.affected_rows() as usize);
            }
            if turn.is_check() {
                let users = connection.prep(sql::USERS).await?;
                turn.answer(&select_users(&mut connection, &users).await?);
            }
        }
        Ok(())
    }

    async fn associations(mut turns: Turns) -> Result {
        let mut connection = open(&turns.place()).await?;
        let users = connection.prep(sql::USERS).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                turn.done(load_associations(&mut connection, &users).await?);
            }
        }
        Ok(())
    }

    async fn reference_call(mut turns: Turns) -> Result {
        let mut connection = open(&turns.place()).await?;
        let lines = connection.prep(reference::sql(Backend::Mysql)).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                let Reference { country, status, placed_from, quantity_above, price_below, categories, limit } =
                    reference::VALUES;
                let [first, second, third, fourth] = categories;
                let values =
                    (country, status, placed_from, quantity_above, price_below, first, second, third, fourth, limit);
                turn.done(connection.exec_map(&lines, values, order_line).await?);
            }
        }
        Ok(())
    }

    async fn bulk(mut turns: Turns) -> Result {
        let fresh = turns.place().fresh()?;
        let mut connection = open(&turns.place()).await?;
        let text = sql::values("INSERT INTO items (id, name, description) VALUES", "(?, ?, ?)", CHUNK);
        let insert = connection.prep(text).await?;
        while let Some(turn) = turns.next_async().await {
            connection.query_drop(fresh.script()).await?;
            while turn.again() {
                turn.done(insert_items(&mut connection, &insert).await?);
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

    fn stream() -> Option<fn(Turns) -> Task> {
        Some(|turns| Box::pin(stream(turns)))
    }

    fn orm(case: Orm) -> Option<fn(Turns) -> Task> {
        match case {
            Orm::WithAddresses => Some(|turns| Box::pin(with_addresses(turns))),
            Orm::Insert => Some(|turns| Box::pin(insert_many(turns))),
            Orm::Update => Some(|turns| Box::pin(update_many(turns))),
            Orm::LoadVec => Some(|turns| Box::pin(Self::trivial(turns, orm::LOADED))),
            Orm::LoadIdentity | Orm::ReloadFresh | Orm::ReloadStale | Orm::Index => None,
        }
    }
}

async fn open(place: &Place) -> Result<Conn> {
    Ok(Conn::new(place.address()?.mysql_options()).await?)
}

fn insert_sql(rows: usize) -> String {
    sql::values("INSERT INTO users (name, hair_color) VALUES", "(?, ?)", rows)
}

fn values(new: impl Iterator<Item = NewUser>) -> Params {
    Params::Positional(new.flat_map(|user| [Value::from(user.name), Value::from(user.hair_color)]).collect())
}

async fn select_users(connection: &mut Conn, statement: &Statement) -> Answer<Vec<User>> {
    connection.exec_map(statement, (), user).await
}

async fn load_associations(connection: &mut Conn, users: &Statement) -> Answer<Tree> {
    let users = select_users(connection, users).await?;
    let posts: Vec<Post> =
        children(connection, sql::POSTS, users.iter().map(|user| user.id), |(id, user_id, title, body)| Post {
            id,
            user_id,
            title,
            body,
        })
        .await?;
    let comments = children(connection, sql::COMMENTS, posts.iter().map(|post| post.id), |(id, post_id, text)| {
        Comment { id, post_id, text }
    })
    .await?;
    Ok(rows::tree(users, posts, comments))
}

/// A list of keys has no fixed length, so its statement is made and looked up each time.
async fn children<R, T>(
    connection: &mut Conn,
    select: &str,
    keys: impl ExactSizeIterator<Item = i32>,
    read: impl FnMut(R) -> T + Send,
) -> Answer<Vec<T>>
where
    R: mysql_async::prelude::FromRow + Send + 'static,
    T: Send,
{
    let text = sql::list(select, keys.len());
    let keys = Params::Positional(keys.map(Value::from).collect());
    connection.exec_map(text, keys, read).await
}

async fn insert_items(connection: &mut Conn, insert: &Statement) -> Answer<()> {
    let mut transaction = connection.start_transaction(TxOpts::default()).await?;
    let mut items = bulk::items();
    for _ in 0..bulk::ROWS as usize / CHUNK {
        let chunk = items.by_ref().take(CHUNK);
        let values =
            chunk.flat_map(|item| [Value::from(item.id), Value::from(item.name), Value::from(item.description)]);
        transaction.exec_drop(insert, Params::Positional(values.collect())).await?;
    }
    transaction.commit().await
}

async fn insert_returning(mut turns: Turns, rows: usize) -> Result {
    let emptied = turns.place().emptied();
    let mut connection = open(&turns.place()).await?;
    let insert = connection.prep(insert_sql(rows) + " RETURNING id").await?;
    while let Some(turn) = turns.next_async().await {
        connection.query_drop(&emptied).await?;
        while turn.again() {
            let keys: Vec<i32> = connection.exec(&insert, values((0..rows).map(data::new_user))).await?;
            turn.done(keys);
        }
        if turn.is_check() {
            turn.confirm(&connection.query::<i32, _>("SELECT id FROM users ORDER BY id").await?)?;
        }
    }
    Ok(())
}

async fn update(mut turns: Turns) -> Result {
    let mut connection = open(&turns.place()).await?;
    let ordered = connection.prep(sql::IN_ORDER).await?;
    let users = select_users(&mut connection, &ordered).await?;
    let update = connection.prep(sql::UPDATE).await?;
    let mut pass = 0;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            connection.exec_drop(&update, (data::new_color(pass), users[pass % users.len()].id)).await?;
            turn.done(connection.affected_rows() as usize);
            pass += 1;
        }
        if turn.is_check() {
            turn.answer(&select_users(&mut connection, &ordered).await?);
        }
    }
    Ok(())
}

async fn stream(mut turns: Turns) -> Result {
    let mut connection = open(&turns.place()).await?;
    let users = connection.prep(sql::USERS).await?;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            let mut tally = Tally::default();
            let mut rows = connection.exec_stream::<(i32, String, Option<String>), _, _>(&users, ()).await?;
            while let Some((id, name, _)) = rows.try_next().await? {
                tally.add(id, &name);
            }
            drop(rows);
            turn.done(tally);
        }
    }
    Ok(())
}

async fn with_addresses(mut turns: Turns) -> Result {
    let mut connection = open(&turns.place()).await?;
    let users = connection.prep(sql::USERS).await?;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            let users = select_users(&mut connection, &users).await?;
            let keys = users.iter().map(|user| user.id);
            let address = |(id, user_id, email)| Address { id, user_id, email };
            let addresses = children(&mut connection, sql::ADDRESSES, keys, address).await?;
            turn.done(rows::with_addresses(users, addresses));
        }
    }
    Ok(())
}

async fn insert_many(mut turns: Turns) -> Result {
    let fresh = turns.place().fresh()?;
    let mut connection = open(&turns.place()).await?;
    let insert = connection.prep(insert_sql(CHUNK) + " RETURNING id").await?;
    while let Some(turn) = turns.next_async().await {
        connection.query_drop(fresh.script()).await?;
        while turn.again() {
            let mut users = Vec::with_capacity(orm::INSERTED);
            let mut new = orm::new_users();
            let mut transaction = connection.start_transaction(TxOpts::default()).await?;
            for _ in 0..orm::INSERTED / CHUNK {
                let chunk: Vec<NewUser> = new.by_ref().take(CHUNK).collect();
                let keys: Vec<i32> = transaction.exec(&insert, values(chunk.iter().cloned())).await?;
                users.extend(keys.into_iter().zip(chunk).map(|(id, NewUser { name, hair_color })| User {
                    id,
                    name,
                    hair_color,
                }));
            }
            transaction.commit().await?;
            turn.done(users);
        }
        if turn.is_check() {
            turn.confirm(&fresh.users()?)?;
        }
    }
    Ok(())
}

/// Row by row, as the other libraries do.
async fn update_many(mut turns: Turns) -> Result {
    let mut connection = open(&turns.place()).await?;
    let ordered = connection.prep(sql::IN_ORDER).await?;
    let mut users = select_users(&mut connection, &ordered).await?;
    let update = connection.prep(sql::UPDATE).await?;
    let mut pass = 0;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            let mut transaction = connection.start_transaction(TxOpts::default()).await?;
            for (i, user) in users.iter_mut().enumerate() {
                user.hair_color = Some(orm::new_color(pass, i));
                transaction.exec_drop(&update, (&user.hair_color, user.id)).await?;
            }
            transaction.commit().await?;
            turn.done(users.len());
            pass += 1;
        }
        if turn.is_check() {
            turn.answer(&users);
            turn.confirm(&select_users(&mut connection, &ordered).await?)?;
        }
    }
    Ok(())
}

fn user((id, name, hair_color): (i32, String, Option<String>)) -> User {
    User { id, name, hair_color }
}

type Optional = (Option<i32>, Option<i32>, Option<String>, Option<String>);

fn user_and_post(row: Row) -> (User, Option<Post>) {
    type Columns = (i32, String, Option<String>, Option<i32>, Option<i32>, Option<String>, Option<String>);
    let (id, name, hair_color, post, user_id, title, body): Columns = mysql_async::from_row(row);
    (User { id, name, hair_color }, optional((post, user_id, title, body)))
}

fn optional((id, user_id, title, body): Optional) -> Option<Post> {
    Some(Post { id: id?, user_id: user_id?, title: title?, body })
}

fn order_line((id, placed_on, customer, product, quantity, price): (i32, i32, String, String, i32, i32)) -> OrderLine {
    OrderLine { id, placed_on, customer, product, quantity, price }
}
