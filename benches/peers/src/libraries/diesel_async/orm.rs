//! The cases of the ORM. Statements that follow each other row by row go over as a whole, as other inserts do.

use diesel::prelude::{BelongingToDsl, GroupedBy, QueryResult};
use diesel_async::{AsyncConnection, RunQueryDsl, SimpleAsyncConnection};

use super::{Connection, open};
use crate::backend::Backend;
use crate::bulk::File;
use crate::libraries::diesel::{insert_users, update_users};
use crate::libraries::diesel_schema::{Address, User, users};
use crate::library::Task;
use crate::orm::{self, Orm};
use crate::turns::{Result, Turns};

/// Users with their addresses.
type Tree = Vec<(User, Vec<Address>)>;

/// The cases that Diesel has.
pub(super) fn case(case: Orm) -> Option<fn(Turns) -> Task> {
    match case {
        Orm::WithAddresses => Some(|turns| Box::pin(with_addresses(turns))),
        Orm::Insert => Some(|turns| Box::pin(insert(turns))),
        Orm::Update => Some(|turns| Box::pin(update(turns))),
        Orm::LoadVec | Orm::LoadIdentity | Orm::ReloadFresh | Orm::ReloadStale | Orm::Index => None,
    }
}

async fn with_addresses(mut turns: Turns) -> Result {
    let mut connection = open(&orm::with_addresses(Backend::Sqlite)).await?;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            turn.done(load_with_addresses(&mut connection).await?);
        }
    }
    Ok(())
}

async fn load_with_addresses(connection: &mut Connection) -> QueryResult<Tree> {
    let users = users::table.load::<User>(connection).await?;
    let addresses = Address::belonging_to(&users).load::<Address>(connection).await?.grouped_by(&users);
    Ok(users.into_iter().zip(addresses).collect())
}

async fn insert(mut turns: Turns) -> Result {
    while let Some(turn) = turns.next_async().await {
        let file = File::fresh()?;
        let mut connection = Connection::establish(&file.path_text()).await?;
        connection.batch_execute(&orm::in_file()).await?;
        while turn.again() {
            turn.done(connection.spawn_blocking(insert_users).await?);
        }
        if turn.is_check() {
            turn.confirm(&orm::users_in(&file)?)?;
        }
    }
    Ok(())
}

async fn update(mut turns: Turns) -> Result {
    let mut connection = open(&orm::updated()).await?;
    let mut users = users::table.load::<User>(&mut connection).await?;
    let mut pass = 0;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            let mut changed = std::mem::take(&mut users);
            let work = connection.spawn_blocking(move |connection| {
                update_users(connection, &mut changed, pass)?;
                Ok(changed)
            });
            users = work.await?;
            turn.done(users.len());
            pass += 1;
        }
        if turn.is_check() {
            turn.answer(&users);
            turn.confirm(&users::table.load::<User>(&mut connection).await?)?;
        }
    }
    Ok(())
}
