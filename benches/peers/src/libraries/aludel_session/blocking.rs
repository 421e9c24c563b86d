//! The blocking face.

use aludel::blocking::{Engine, Session};
use aludel::prelude::*;

use super::{Trees, User, Users, new_users, users};
use crate::library::{Face, Objects, Work};
use crate::orm::{self, Orm};
use crate::place::Place;
use crate::turns::{Result, Turns};

/// The library.
pub(crate) struct AludelSession;

impl Objects for AludelSession {
    const NAME: &'static str = "aludel-session";
    const PACKAGE: &'static str = "aludel";
    const FACE: Face = Face::Blocking;

    fn orm(case: Orm) -> Work {
        Work::Thread(match case {
            Orm::LoadVec => load_vec,
            Orm::LoadIdentity => load_identity,
            Orm::ReloadFresh => reload_fresh,
            Orm::ReloadStale => reload_stale,
            Orm::WithAddresses => with_addresses,
            Orm::Insert => insert,
            Orm::Update => update,
            Orm::Index => index,
        })
    }
}

fn open(place: &Place) -> Result<Engine> {
    let engine = connect(&place.url())?;
    if !place.script().is_empty() {
        engine.acquire()?.batch(place.script())?;
    }
    Ok(engine)
}

fn connect(url: &str) -> aludel::Result<Engine> {
    Engine::builder(url).pool_size(1).max_overflow(0).connect()
}

fn load_vec(mut turns: Turns) -> Result {
    let engine = open(&turns.place())?;
    while let Some(turn) = turns.next() {
        while turn.again() {
            turn.done(engine.fetch_all(User::select())?);
        }
    }
    Ok(())
}

fn load_identity(mut turns: Turns) -> Result {
    let engine = open(&turns.place())?;
    while let Some(turn) = turns.next() {
        while turn.again() {
            let mut session = Session::new(&engine);
            let keys = session.fetch_all(User::select())?;
            turn.done(Users { session, keys });
        }
    }
    Ok(())
}

fn reload_fresh(mut turns: Turns) -> Result {
    let mut session = Session::new(&open(&turns.place())?);
    let known = session.fetch_all(User::select())?;
    while let Some(turn) = turns.next() {
        while turn.again() {
            let keys = session.fetch_all(User::select())?;
            turn.done(keys.len());
        }
        if turn.is_check() {
            turn.answer(&users(&session, &known));
        }
    }
    Ok(())
}

fn reload_stale(mut turns: Turns) -> Result {
    let mut session = Session::new(&open(&turns.place())?);
    let known = session.fetch_all(User::select())?;
    while let Some(turn) = turns.next() {
        while turn.again() {
            session.expire_all();
            let keys = session.fetch_all(User::select())?;
            turn.done(keys.len());
        }
        if turn.is_check() {
            turn.answer(&users(&session, &known));
        }
    }
    Ok(())
}

fn with_addresses(mut turns: Turns) -> Result {
    let engine = open(&turns.place())?;
    while let Some(turn) = turns.next() {
        while turn.again() {
            let mut session = Session::new(&engine);
            let keys = session.fetch_all(User::select().options(selectinload(User::ADDRESSES).chunk(1_000)))?;
            turn.done(Trees { session, keys });
        }
    }
    Ok(())
}

fn insert(mut turns: Turns) -> Result {
    let place = turns.place();
    while let Some(turn) = turns.next() {
        let fresh = place.fresh()?;
        let engine = connect(&fresh.url())?;
        engine.acquire()?.batch(&fresh.script())?;
        while turn.again() {
            let mut session = Session::new(&engine);
            let keys = session.add_all(new_users());
            session.commit()?;
            turn.done(Users { session, keys });
        }
        engine.close();
        if turn.is_check() {
            turn.confirm(&fresh.users()?)?;
        }
    }
    Ok(())
}

fn update(mut turns: Turns) -> Result {
    let engine = open(&turns.place())?;
    let mut session = Session::builder(&engine).expire_on_commit(false).build();
    let keys = session.fetch_all(User::select().order_by(User::ID))?;
    session.commit()?;
    let mut pass = 0;
    while let Some(turn) = turns.next() {
        while turn.again() {
            for (i, &key) in keys.iter().enumerate() {
                session[key].hair_color = Some(orm::new_color(pass, i));
            }
            session.commit()?;
            turn.done(keys.len());
            pass += 1;
        }
        if turn.is_check() {
            turn.answer(&users(&session, &keys));
            turn.confirm(&engine.fetch_all(User::select().order_by(User::ID))?)?;
        }
    }
    Ok(())
}

fn index(mut turns: Turns) -> Result {
    let mut session = Session::new(&open(&turns.place())?);
    let keys = session.fetch_all(User::select())?;
    while let Some(turn) = turns.next() {
        while turn.again() {
            turn.done(keys.iter().map(|&key| session[key].id as usize).sum::<usize>());
        }
    }
    Ok(())
}
