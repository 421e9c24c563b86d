//! The async face.

use aludel::prelude::*;

use super::{Trees, User, Users, new_users, users};
use crate::library::{Face, Objects, Work};
use crate::orm::{self, Orm};
use crate::place::Place;
use crate::turns::{Result, Turns};

/// The library.
pub(crate) struct AludelSessionAsync;

impl Objects for AludelSessionAsync {
    const NAME: &'static str = "aludel-session-async";
    const PACKAGE: &'static str = "aludel";
    const FACE: Face = Face::Async;

    fn orm(case: Orm) -> Work {
        Work::Task(match case {
            Orm::LoadVec => |turns| Box::pin(load_vec(turns)),
            Orm::LoadIdentity => |turns| Box::pin(load_identity(turns)),
            Orm::ReloadFresh => |turns| Box::pin(reload_fresh(turns)),
            Orm::ReloadStale => |turns| Box::pin(reload_stale(turns)),
            Orm::WithAddresses => |turns| Box::pin(with_addresses(turns)),
            Orm::Insert => |turns| Box::pin(insert(turns)),
            Orm::Update => |turns| Box::pin(update(turns)),
            Orm::Index => |turns| Box::pin(index(turns)),
        })
    }
}

async fn open(place: &Place) -> Result<Engine> {
    let engine = connect(&place.url()).await?;
    if !place.script().is_empty() {
        engine.acquire().await?.batch(place.script()).await?;
    }
    Ok(engine)
}

async fn connect(url: &str) -> aludel::Result<Engine> {
    Engine::builder(url).pool_size(1).max_overflow(0).connect().await
}

async fn load_vec(mut turns: Turns) -> Result {
    let engine = open(&turns.place()).await?;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            turn.done(engine.fetch_all(User::select()).await?);
        }
    }
    Ok(())
}

async fn load_identity(mut turns: Turns) -> Result {
    let engine = open(&turns.place()).await?;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            let mut session = Session::new(&engine);
            let keys = session.fetch_all(User::select()).await?;
            turn.done(Users { session, keys });
        }
    }
    Ok(())
}

async fn reload_fresh(mut turns: Turns) -> Result {
    let mut session = Session::new(&open(&turns.place()).await?);
    let known = session.fetch_all(User::select()).await?;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            let keys = session.fetch_all(User::select()).await?;
            turn.done(keys.len());
        }
        if turn.is_check() {
            turn.answer(&users(&session, &known));
        }
    }
    Ok(())
}

async fn reload_stale(mut turns: Turns) -> Result {
    let mut session = Session::new(&open(&turns.place()).await?);
    let known = session.fetch_all(User::select()).await?;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            session.expire_all();
            let keys = session.fetch_all(User::select()).await?;
            turn.done(keys.len());
        }
        if turn.is_check() {
            turn.answer(&users(&session, &known));
        }
    }
    Ok(())
}

async fn with_addresses(mut turns: Turns) -> Result {
    let engine = open(&turns.place()).await?;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            let mut session = Session::new(&engine);
            let keys = session.fetch_all(User::select().options(selectinload(User::ADDRESSES).chunk(1_000))).await?;
            turn.done(Trees { session, keys });
        }
    }
    Ok(())
}

async fn insert(mut turns: Turns) -> Result {
    let place = turns.place();
    while let Some(turn) = turns.next_async().await {
        let fresh = place.fresh()?;
        let engine = connect(&fresh.url()).await?;
        engine.acquire().await?.batch(&fresh.script()).await?;
        while turn.again() {
            let mut session = Session::new(&engine);
            let keys = session.add_all(new_users());
            session.commit().await?;
            turn.done(Users { session, keys });
        }
        engine.close().await;
        if turn.is_check() {
            turn.confirm(&fresh.users()?)?;
        }
    }
    Ok(())
}

async fn update(mut turns: Turns) -> Result {
    let engine = open(&turns.place()).await?;
    let mut session = Session::builder(&engine).expire_on_commit(false).build();
    let keys = session.fetch_all(User::select().order_by(User::ID)).await?;
    session.commit().await?;
    let mut pass = 0;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            for (i, &key) in keys.iter().enumerate() {
                session[key].hair_color = Some(orm::new_color(pass, i));
            }
            session.commit().await?;
            turn.done(keys.len());
            pass += 1;
        }
        if turn.is_check() {
            turn.answer(&users(&session, &keys));
            turn.confirm(&engine.fetch_all(User::select().order_by(User::ID)).await?)?;
        }
    }
    Ok(())
}

async fn index(mut turns: Turns) -> Result {
    let mut session = Session::new(&open(&turns.place()).await?);
    let keys = session.fetch_all(User::select()).await?;
    while let Some(turn) = turns.next_async().await {
        while turn.again() {
            turn.done(keys.iter().map(|&key| session[key].id as usize).sum::<usize>());
        }
    }
    Ok(())
}
