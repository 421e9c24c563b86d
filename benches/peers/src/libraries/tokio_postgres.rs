//! tokio-postgres: prepared statements that are held, read by index. The limit on PostgreSQL.
//!
//! Its connection is a task of its own, as its documentation has it. Bulk rows go by binary COPY.

use std::pin::pin;

use futures_util::TryStreamExt;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row, Statement};

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
pub(crate) struct TokioPostgres;

type Answer<T> = std::result::Result<T, tokio_postgres::Error>;

/// Rows of one INSERT of `orm/insert400k`.
const CHUNK: usize = 10_000;

impl Async for TokioPostgres {
    const NAME: &'static str = "tokio-postgres";
    const PACKAGE: &'static str = "tokio-postgres";

    async fn trivial(mut turns: Turns, _: usize) -> Result {
        let client = open(&turns.place()).await?;
        let users = client.prepare(sql::USERS).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                turn.done(select_users(&client, &users).await?);
            }
        }
        Ok(())
    }

    async fn medium(mut turns: Turns, _: usize) -> Result {
        let client = open(&turns.place()).await?;
        let black = client.prepare(&parameters(sql::BLACK)).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                let rows = client.query(&black, &[&data::BLACK]).await?;
                turn.done(rows.iter().map(user_and_post).collect::<Answer<Vec<_>>>()?);
            }
        }
        Ok(())
    }

    async fn insert(mut turns: Turns, rows: usize) -> Result {
        let emptied = turns.place().emptied();
        let client = open(&turns.place()).await?;
        let insert = client.prepare(&insert_sql(rows)).await?;
        while let Some(turn) = turns.next_async().await {
            client.batch_execute(&emptied).await?;
            while turn.again() {
                let new: Vec<NewUser> = (0..rows).map(data::new_user).collect();
                turn.done(client.execute(&insert, &values(&new)).await? as usize);
            }
            if turn.is_check() {
                turn.answer(&select_users(&client, &client.prepare(sql::USERS).await?).await?);
            }
        }
        Ok(())
    }

    async fn associations(mut turns: Turns) -> Result {
        let client = open(&turns.place()).await?;
        let users = client.prepare(sql::USERS).await?;
        let posts = client.prepare(&format!("{} = ANY ($1)", sql::POSTS)).await?;
        let comments = client.prepare(&format!("{} = ANY ($1)", sql::COMMENTS)).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                turn.done(load_associations(&client, &users, &posts, &comments).await?);
            }
        }
        Ok(())
    }

    async fn reference_call(mut turns: Turns) -> Result {
        let client = open(&turns.place()).await?;
        let lines = client.prepare(&reference::sql(Backend::Postgres)).await?;
        while let Some(turn) = turns.next_async().await {
            while turn.again() {
                let Reference { country, status, placed_from, quantity_above, price_below, categories, limit } =
                    reference::VALUES;
                let [first, second, third, fourth] = categories;
                let values: [&(dyn ToSql + Sync); 10] = [
                    &country,
                    &status,
                    &placed_from,
                    &quantity_above,
                    &price_below,
                    &first,
                    &second,
                    &third,
                    &fourth,
                    &limit,
                ];
                let rows = client.query(&lines, &values).await?;
                turn.done(rows.iter().map(order_line).collect::<Answer<Vec<_>>>()?);
            }
        }
        Ok(())
    }

    async fn bulk(mut turns: Turns) -> Result {
        let fresh = turns.place().fresh()?;
        let client = open(&turns.place()).await?;
        while let Some(turn) = turns.next_async().await {
            client.batch_execute(&fresh.script()).await?;
            while turn.again() {
                turn.done(copy_items(&client).await?);
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

async fn open(place: &Place) -> Result<Client> {
    place.address()?.postgres_client().await
}

fn parameters(sql: &str) -> String {
    Backend::Postgres.with_parameters(sql)
}

/// A row of parameters for each row: for these numbers it is faster than arrays.
fn insert_sql(rows: usize) -> String {
    parameters(&sql::values("INSERT INTO users (name, hair_color) VALUES", "(?, ?)", rows))
}

fn values(new: &[NewUser]) -> Vec<&(dyn ToSql + Sync)> {
    new.iter().flat_map(|user| [&user.name as &(dyn ToSql + Sync), &user.hair_color]).collect()
}

async fn select_users(client: &Client, statement: &Statement) -> Answer<Vec<User>> {
    client.query(statement, &[]).await?.iter().map(user).collect()
}

async fn load_associations(
    client: &Client,
    users: &Statement,
    posts: &Statement,
    comments: &Statement,
) -> Answer<Tree> {
    let users = select_users(client, users).await?;
    let keys: Vec<i32> = users.iter().map(|user| user.id).collect();
    let posts: Vec<Post> =
        client.query(posts, &[&keys]).await?.iter().map(|row| post(row, 0)).collect::<Answer<_>>()?;
    let keys: Vec<i32> = posts.iter().map(|post| post.id).collect();
    let comments = client.query(comments, &[&keys]).await?.iter().map(comment).collect::<Answer<_>>()?;
    Ok(rows::tree(users, posts, comments))
}

async fn copy_items(client: &Client) -> Answer<()> {
    let sink = client.copy_in("COPY items (id, name, description) FROM STDIN BINARY").await?;
    let mut writer = pin!(BinaryCopyInWriter::new(sink, &[Type::INT4, Type::VARCHAR, Type::VARCHAR]));
    for bulk::Item { id, name, description } in bulk::items() {
        writer.as_mut().write(&[&id, &name, &description]).await?;
    }
    writer.as_mut().finish().await?;
    Ok(())
}

async fn insert_returning(mut turns: Turns, rows: usize) -> Result {
    let emptied = turns.place().emptied();
    let client = open(&turns.place()).await?;
    let insert = client.prepare(&(insert_sql(rows) + " RETURNING id")).await?;
    while let Some(turn) = turns.next_async().await {
        client.batch_execute(&emptied).await?;
        while turn.again() {
            let new: Vec<NewUser> = (0..rows).map(data::new_user).collect();
            let rows = client.query(&insert, &values(&new)).await?;
            turn.done(rows.iter().map(|row| row.try_get::<_, i32>(0)).collect::<Answer<Vec<_>>>()?);
        }
        if turn.is_check() {
            let users = select_users(&client, &client.prepare(sql::IN_ORDER).await?).await?;
            turn.confirm(&users.iter().map(|user| user.id).collect::<Vec<_>>())?;
        }
    }
    Ok(())
}

async fn update(mut turns: Turns) -> Result {
    let client = open(&turns.place()).await?;
    let ordered = client.prepare(sql::IN_ORDER).await?;
    let users = select_users(&client, &ordered).await?;
    let update = client.prepare(&parameters(sql::UPDATE)).await?;
    let mut pass = 0;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            let color = data::new_color(pass);
            turn.done(client.execute(&update, &[&color, &users[pass % users.len()].id]).await? as usize);
            pass += 1;
        }
        if turn.is_check() {
            turn.answer(&select_users(&client, &ordered).await?);
        }
    }
    Ok(())
}

async fn stream(mut turns: Turns) -> Result {
    let client = open(&turns.place()).await?;
    let users = client.prepare(sql::USERS).await?;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            let mut tally = Tally::default();
            let none: [i32; 0] = [];
            let mut rows = pin!(client.query_raw(&users, none).await?);
            while let Some(row) = rows.try_next().await? {
                let user = user(&row)?;
                tally.add(user.id, &user.name);
            }
            turn.done(tally);
        }
    }
    Ok(())
}

async fn with_addresses(mut turns: Turns) -> Result {
    let client = open(&turns.place()).await?;
    let users = client.prepare(sql::USERS).await?;
    let addresses = client.prepare(&format!("{} = ANY ($1)", sql::ADDRESSES)).await?;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            let users = select_users(&client, &users).await?;
            let keys: Vec<i32> = users.iter().map(|user| user.id).collect();
            let addresses = client.query(&addresses, &[&keys]).await?.iter().map(address).collect::<Answer<_>>()?;
            turn.done(rows::with_addresses(users, addresses));
        }
    }
    Ok(())
}

async fn insert_many(mut turns: Turns) -> Result {
    let fresh = turns.place().fresh()?;
    let mut client = open(&turns.place()).await?;
    let insert = client.prepare(&format!("{} RETURNING id", sql::UNNEST_USERS)).await?;
    while let Some(turn) = turns.next_async().await {
        client.batch_execute(&fresh.script()).await?;
        while turn.again() {
            let mut users = Vec::with_capacity(orm::INSERTED);
            let mut new = orm::new_users();
            let transaction = client.transaction().await?;
            for _ in 0..orm::INSERTED / CHUNK {
                let (names, colors) = rows::arrays(new.by_ref().take(CHUNK));
                let keys = transaction.query(&insert, &[&names, &colors]).await?;
                for (row, (name, hair_color)) in keys.iter().zip(names.into_iter().zip(colors)) {
                    users.push(User { id: row.try_get(0)?, name, hair_color });
                }
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
    let mut client = open(&turns.place()).await?;
    let ordered = client.prepare(sql::IN_ORDER).await?;
    let mut users = select_users(&client, &ordered).await?;
    let update = client.prepare(&parameters(sql::UPDATE)).await?;
    let mut pass = 0;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            let transaction = client.transaction().await?;
            for (i, user) in users.iter_mut().enumerate() {
                user.hair_color = Some(orm::new_color(pass, i));
                transaction.execute(&update, &[&user.hair_color, &user.id]).await?;
            }
            transaction.commit().await?;
            turn.done(users.len());
            pass += 1;
        }
        if turn.is_check() {
            turn.answer(&users);
            turn.confirm(&select_users(&client, &ordered).await?)?;
        }
    }
    Ok(())
}

fn user(row: &Row) -> Answer<User> {
    Ok(User { id: row.try_get(0)?, name: row.try_get(1)?, hair_color: row.try_get(2)? })
}

fn post(row: &Row, first: usize) -> Answer<Post> {
    Ok(Post {
        id: row.try_get(first)?,
        user_id: row.try_get(first + 1)?,
        title: row.try_get(first + 2)?,
        body: row.try_get(first + 3)?,
    })
}

fn comment(row: &Row) -> Answer<Comment> {
    Ok(Comment { id: row.try_get(0)?, post_id: row.try_get(1)?, text: row.try_get(2)? })
}

fn address(row: &Row) -> Answer<Address> {
    Ok(Address { id: row.try_get(0)?, user_id: row.try_get(1)?, email: row.try_get(2)? })
}

fn user_and_post(row: &Row) -> Answer<(User, Option<Post>)> {
    let post = match row.try_get::<_, Option<i32>>(3)? {
        None => None,
        Some(_) => Some(post(row, 3)?),
    };
    Ok((user(row)?, post))
}

fn order_line(row: &Row) -> Answer<OrderLine> {
    Ok(OrderLine {
        id: row.try_get(0)?,
        placed_on: row.try_get(1)?,
        customer: row.try_get(2)?,
        product: row.try_get(3)?,
        quantity: row.try_get(4)?,
        price: row.try_get(5)?,
    })
}
