//! The cases that stand beside Diesel's on servers.

use futures_util::TryStreamExt;
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;

use super::{new_user, open};
use crate::data;
use crate::libraries::sea_orm_entities::users;
use crate::turns::{Result, Tally, Turns};

pub(super) async fn insert_returning(mut turns: Turns, rows: usize) -> Result {
    let emptied = turns.place().emptied();
    let connection = open(&turns.place()).await?;
    while let Some(turn) = turns.next_async().await {
        connection.execute_unprepared(&emptied).await?;
        while turn.again() {
            let users = users::Entity::insert_many((0..rows).map(data::new_user).map(new_user));
            turn.done(users.exec_with_returning_keys(&connection).await?);
        }
        if turn.is_check() {
            let users = users::Entity::find().order_by_asc(users::Column::Id).all(&connection).await?;
            turn.confirm(&users.iter().map(|user| user.id).collect::<Vec<_>>())?;
        }
    }
    Ok(())
}

pub(super) async fn update(mut turns: Turns) -> Result {
    let connection = open(&turns.place()).await?;
    let users = users::Entity::find().all(&connection).await?;
    let mut pass = 0;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            let changed = users::ActiveModel {
                id: Unchanged(users[pass % users.len()].id),
                hair_color: Set(Some(data::new_color(pass))),
                ..Default::default()
            };
            users::Entity::update(changed).exec_without_returning(&connection).await?;
            turn.done(1_usize);
            pass += 1;
        }
        if turn.is_check() {
            turn.answer(&users::Entity::find().order_by_asc(users::Column::Id).all(&connection).await?);
        }
    }
    Ok(())
}

pub(super) async fn stream(mut turns: Turns) -> Result {
    let connection = open(&turns.place()).await?;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            let mut tally = Tally::default();
            let mut rows = users::Entity::find().stream(&connection).await?;
            while let Some(user) = rows.try_next().await? {
                tally.add(user.id, &user.name);
            }
            drop(rows);
            turn.done(tally);
        }
    }
    Ok(())
}
