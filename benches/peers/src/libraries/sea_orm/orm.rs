//! The cases of the ORM: models, the loader, and active models of what changes.

use sea_orm::entity::prelude::*;
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    LoaderTrait, QueryOrder, TransactionTrait,
};

use super::{connect, new_user, open};
use crate::libraries::sea_orm_entities::{addresses, users};
use crate::library::Task;
use crate::orm::{self, Orm};
use crate::turns::{Result, Turns};

/// Rows of one INSERT of `orm/insert400k`.
const CHUNK: usize = 1_000;

/// Users with their addresses.
type Tree = Vec<(users::Model, Vec<addresses::Model>)>;

/// The cases that SeaORM has.
pub(super) fn case(case: Orm) -> Option<fn(Turns) -> Task> {
    match case {
        Orm::WithAddresses => Some(|turns| Box::pin(with_addresses(turns))),
        Orm::Insert => Some(|turns| Box::pin(insert(turns))),
        Orm::Update => Some(|turns| Box::pin(update(turns))),
        Orm::LoadVec | Orm::LoadIdentity | Orm::ReloadFresh | Orm::ReloadStale | Orm::Index => None,
    }
}

async fn with_addresses(mut turns: Turns) -> Result {
    let connection = open(&turns.place()).await?;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            turn.done(load_with_addresses(&connection).await?);
        }
    }
    Ok(())
}

async fn load_with_addresses(connection: &DatabaseConnection) -> std::result::Result<Tree, DbErr> {
    let users = users::Entity::find().all(connection).await?;
    let addresses = users.load_many(addresses::Entity, connection).await?;
    Ok(users.into_iter().zip(addresses).collect())
}

async fn insert(mut turns: Turns) -> Result {
    let place = turns.place();
    while let Some(turn) = turns.next_async().await {
        let fresh = place.fresh()?;
        let connection = connect(fresh.url()).await?;
        connection.execute_unprepared(&fresh.script()).await?;
        while turn.again() {
            turn.done(insert_users(&connection).await?);
        }
        connection.close().await?;
        if turn.is_check() {
            turn.confirm(&fresh.users()?)?;
        }
    }
    Ok(())
}

/// An insert takes the active models for itself, so the models are what comes back.
async fn insert_users(connection: &DatabaseConnection) -> std::result::Result<Vec<users::Model>, DbErr> {
    let transaction = connection.begin().await?;
    let mut users = Vec::with_capacity(orm::INSERTED);
    let mut new = orm::new_users().map(new_user);
    for _ in 0..orm::INSERTED / CHUNK {
        let insert = users::Entity::insert_many(new.by_ref().take(CHUNK));
        users.extend(insert.exec_with_returning(&transaction).await?);
    }
    transaction.commit().await?;
    Ok(users)
}

async fn update(mut turns: Turns) -> Result {
    let connection = open(&turns.place()).await?;
    let mut users = users::Entity::find().order_by_asc(users::Column::Id).all(&connection).await?;
    let mut pass = 0;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            turn.done(update_users(&connection, &mut users, pass).await?);
            pass += 1;
        }
        if turn.is_check() {
            turn.answer(&users);
            turn.confirm(&users::Entity::find().order_by_asc(users::Column::Id).all(&connection).await?)?;
        }
    }
    Ok(())
}

async fn update_users(
    connection: &DatabaseConnection,
    users: &mut [users::Model],
    pass: usize,
) -> std::result::Result<usize, DbErr> {
    let transaction = connection.begin().await?;
    for (i, user) in users.iter_mut().enumerate() {
        user.hair_color = Some(orm::new_color(pass, i));
        let changed = users::ActiveModel {
            id: Unchanged(user.id),
            hair_color: Set(user.hair_color.clone()),
            ..Default::default()
        };
        users::Entity::update(changed).exec_without_returning(&transaction).await?;
    }
    transaction.commit().await?;
    Ok(users.len())
}
