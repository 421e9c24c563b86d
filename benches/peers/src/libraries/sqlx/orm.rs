//! The cases of the ORM, by hand.

use std::sync::Arc;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, query, raw_sql};

use super::{User, insert_sql, load_children, open, select_users};
use crate::backend::Backend;
use crate::bulk::File;
use crate::data::NewUser;
use crate::library::Task;
use crate::orm::{self, Orm};
use crate::turns::{Result, Turns};

/// Rows of one INSERT of `orm/insert400k`.
const CHUNK: usize = 1_000;

#[derive(Hash)]
struct Address {
    id: i32,
    user_id: i32,
    email: String,
}

/// The cases that can be written by hand.
pub(super) fn case(case: Orm) -> Option<fn(Turns) -> Task> {
    match case {
        Orm::WithAddresses => Some(|turns| Box::pin(with_addresses(turns))),
        Orm::Insert => Some(|turns| Box::pin(insert(turns))),
        Orm::Update => Some(|turns| Box::pin(update(turns))),
        Orm::LoadVec | Orm::LoadIdentity | Orm::ReloadFresh | Orm::ReloadStale | Orm::Index => None,
    }
}

async fn with_addresses(mut turns: Turns) -> Result {
    let mut connection = open(orm::with_addresses(Backend::Sqlite)).await?;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            turn.done(load_with_addresses(&mut connection).await?);
        }
    }
    Ok(())
}

async fn load_with_addresses(connection: &mut SqliteConnection) -> sqlx::Result<Vec<(User, Vec<Address>)>> {
    let users = select_users(connection).await?;
    let addresses = load_children(
        connection,
        "SELECT id, user_id, email FROM addresses WHERE user_id IN",
        users.iter().map(|user| user.id),
        address,
    )
    .await?;
    let addresses = crate::grouping::by_parent(&users, |user| user.id, addresses, |address| address.user_id);
    Ok(users.into_iter().zip(addresses).collect())
}

async fn insert(mut turns: Turns) -> Result {
    while let Some(turn) = turns.next_async().await {
        let file = File::fresh()?;
        let options = SqliteConnectOptions::new().filename(file.path()).create_if_missing(true);
        let options = options.row_buffer_size(super::ROW_BUFFER);
        let mut connection = options.disable_statement_logging().connect().await?;
        raw_sql(AssertSqlSafe(orm::in_file())).execute(&mut connection).await?;
        while turn.again() {
            turn.done(insert_users(&mut connection).await?);
        }
        connection.close().await?;
        if turn.is_check() {
            turn.confirm(&orm::users_in(&file)?)?;
        }
    }
    Ok(())
}

async fn insert_users(connection: &mut SqliteConnection) -> sqlx::Result<Vec<User>> {
    let mut sql = insert_sql("INSERT INTO users (name, hair_color) VALUES", "(?, ?)", CHUNK).to_string();
    sql.push_str(" RETURNING id");
    let sql: Arc<str> = sql.into();
    let mut transaction = connection.begin().await?;
    let mut users = Vec::with_capacity(orm::INSERTED);
    let mut new = orm::new_users();
    for _ in 0..orm::INSERTED / CHUNK {
        let chunk: Vec<NewUser> = new.by_ref().take(CHUNK).collect();
        let mut insert = query(AssertSqlSafe(Arc::clone(&sql)));
        for NewUser { name, hair_color } in &chunk {
            insert = insert.bind(name).bind(hair_color);
        }
        let rows = insert.fetch_all(&mut *transaction).await?;
        for (row, NewUser { name, hair_color }) in rows.iter().zip(chunk) {
            users.push(User { id: row.try_get_unchecked(0)?, name, hair_color });
        }
    }
    transaction.commit().await?;
    Ok(users)
}

async fn update(mut turns: Turns) -> Result {
    let mut connection = open(orm::updated()).await?;
    let mut users = select_users(&mut connection).await?;
    let mut pass = 0;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            let mut transaction = connection.begin().await?;
            for (i, user) in users.iter_mut().enumerate() {
                user.hair_color = Some(orm::new_color(pass, i));
                let update = query("UPDATE users SET hair_color = ? WHERE id = ?");
                update.bind(&user.hair_color).bind(user.id).execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
            turn.done(users.len());
            pass += 1;
        }
        if turn.is_check() {
            turn.answer(&users);
            turn.confirm(&select_users(&mut connection).await?)?;
        }
    }
    Ok(())
}

fn address(row: &SqliteRow) -> sqlx::Result<Address> {
    Ok(Address { id: row.try_get_unchecked(0)?, user_id: row.try_get_unchecked(1)?, email: row.try_get_unchecked(2)? })
}
