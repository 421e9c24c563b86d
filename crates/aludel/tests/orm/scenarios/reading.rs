//! Objects by key, reading them again, and when that is needed.

use aludel::prelude::*;
use serde_json::{Value as Json, json};

use super::play;
use crate::model::User;

#[test]
fn get_hit() {
    let (mut session, scenario) = play("get-hit");
    let first = session.get::<User>(1).unwrap();
    let second = session.get::<User>(1).unwrap();
    scenario.is(first.is_some() && first == second);
}

#[test]
fn get_missing() {
    let (mut session, scenario) = play("get-missing");
    scenario.is(session.get::<User>(99).unwrap().is_none());
}

#[test]
fn refresh() {
    let (mut session, scenario) = play("refresh");
    let ed = session.get_one::<User>(1).unwrap();
    session.execute(text("UPDATE users SET name='x' WHERE id=1")).unwrap();
    session.refresh(ed).unwrap();
    scenario.is(session[ed].name.as_str());
}

#[test]
fn refresh_some() {
    let (mut session, scenario) = play("refresh-some");
    let ed = session.get_one::<User>(1).unwrap();
    session.refresh_only(ed, User::FULLNAME).unwrap();
    scenario.is(session[ed].fullname.clone());
}

/// There a touch reads again; here `get` does.
#[test]
fn expire_on_commit() {
    let (mut session, scenario) = play("expire-on-commit");
    let ed = session.get_one::<User>(1).unwrap();
    session.commit().unwrap();
    assert!(session.is_stale(ed));
    assert_eq!(session.get::<User>(1).unwrap(), Some(ed));
    assert!(!session.is_stale(ed));
    scenario.is(json!([session[ed].name, session[ed].fullname]));
}

#[test]
fn populate_existing() {
    let (mut session, scenario) = play("populate-existing");
    let ed = session.get_one::<User>(1).unwrap();
    session.execute(text("UPDATE users SET name='x' WHERE id=1")).unwrap();
    assert_eq!(session[ed].name, "ed");
    let found = session.fetch_one(User::select().filter(User::ID.eq(1)).populate_existing()).unwrap();
    assert_eq!(found, ed);
    scenario.is(session[ed].name.as_str());
}

/// `SELECT … FOR UPDATE` where the database has it. SQLite locks whole databases and has no such clause.
#[test]
fn get_with_for_update() {
    let (mut session, scenario) = play("get-with-for-update");
    let ed = session.get::<User>(1).unwrap();
    assert_eq!(session.get_for_update::<User>(1).unwrap(), ed);
    scenario.is(Json::Null);
}

#[test]
fn yield_per() {
    let (mut session, scenario) = play("yield-per");
    let mut stream = session.stream(User::select().order_by(User::ID), 2);
    let mut parts = Vec::new();
    while let Some(part) = stream.next().unwrap() {
        parts.push(part.len());
    }
    drop(stream);
    scenario.is(parts);
}
