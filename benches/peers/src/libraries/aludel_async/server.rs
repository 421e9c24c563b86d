//! The cases that stand beside Diesel's on servers.

use aludel::prelude::*;

use super::open;
use crate::data::{self, NewUser};
use crate::libraries::aludel_entities::{User, insert_rows};
use crate::turns::{Result, Tally, Turns};

pub(super) async fn insert_returning(mut turns: Turns, rows: usize) -> Result {
    let emptied = turns.place().emptied();
    let mut connection = open::<false>(&turns.place()).await?;
    while let Some(turn) = turns.next_async().await {
        connection.batch(&emptied).await?;
        while turn.again() {
            let new: Vec<NewUser> = (0..rows).map(data::new_user).collect();
            turn.done(connection.insert_returning(insert_rows(&new)).await?);
        }
        if turn.is_check() {
            let users = connection.fetch_all(User::select().order_by(User::ID)).await?;
            turn.confirm(&users.iter().map(|user| user.id).collect::<Vec<_>>())?;
        }
    }
    Ok(())
}

pub(super) async fn update(mut turns: Turns) -> Result {
    let mut connection = open::<false>(&turns.place()).await?;
    let ids: Vec<i32> = connection.fetch_all(User::select()).await?.iter().map(|user| user.id).collect();
    let mut pass = 0;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            let color = data::new_color(pass);
            let update = User::update().set(User::HAIR_COLOR, color).filter(User::ID.eq(ids[pass % ids.len()]));
            turn.done(usize::try_from(connection.execute(update).await?)?);
            pass += 1;
        }
        if turn.is_check() {
            turn.answer(&connection.fetch_all(User::select().order_by(User::ID)).await?);
        }
    }
    Ok(())
}

pub(super) async fn stream(mut turns: Turns) -> Result {
    let mut connection = open::<false>(&turns.place()).await?;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            let mut tally = Tally::default();
            let mut rows = connection.stream(User::select());
            while let Some(user) = rows.next().await {
                let user = user?;
                tally.add(user.id, &user.name);
            }
            drop(rows);
            turn.done(tally);
        }
    }
    Ok(())
}
