//! An audit log: who did what to which row, written by the same flush as the change, so that neither is there without the
//! other.

use aludel::blocking::Session;
use aludel::prelude::*;
use aludel::{Mapped, SessionEvents};

use crate::database;

#[derive(Entity, Clone, Debug)]
struct Account {
    #[column(primary_key)]
    id: i64,
    owner: String,
    balance: i64,
}

#[derive(Entity, Clone, Debug)]
struct Audit {
    #[column(primary_key)]
    id: i64,
    who: String,
    what: String,
}

/// Notes what happens to the rows of an entity. Further entities take one line each.
fn audited<T: Mapped>(events: &SessionEvents, who: &'static str) {
    let note = move |session: &mut aludel::Session, what: String| {
        session.add(Audit::build().who(who).what(what));
    };
    let name = || T::mapper().name();
    // A new row has its key when it is inserted.
    events.after_insert::<T>(move |session, key| {
        let id = session.identity(key);
        note(session, format!("{} {id:?}: added", name()));
        Ok(())
    });
    events.before_update::<T>(move |session, key| {
        let id = session.identity(key);
        for change in session.changes(key) {
            let column = change.column.name();
            note(session, format!("{} {id:?}: {column} was {:?}, is {:?}", name(), change.old, change.now));
        }
        Ok(())
    });
    events.before_delete::<T>(move |session, key| {
        let id = session.identity(key);
        note(session, format!("{} {id:?}: deleted", name()));
        Ok(())
    });
}

#[test]
fn every_change_is_noted() {
    let engine = database(schema![Account, Audit]);
    let mut session = Session::new(&engine);
    audited::<Account>(session.events(), "ann");

    let account = session.add(Account::build().owner("ed").balance(100));
    session.commit().unwrap();
    session[account].balance -= 30;
    session[account].owner = "ed".into();
    session.commit().unwrap();
    session.delete(account);
    session.commit().unwrap();

    let notes = engine.fetch_all(select((Audit::WHO, Audit::WHAT)).order_by(Audit::ID)).unwrap();
    let notes: Vec<&str> = notes.iter().map(|(who, what)| (assert_eq!(who, "ann"), what.as_str()).1).collect();
    let expected = ["Account [1]: added", "Account [1]: balance was 100, is 70", "Account [1]: deleted"];
    assert_eq!(notes, expected);
}

#[test]
fn nothing_is_noted_of_what_is_undone() {
    let engine = database(schema![Account, Audit]);
    let mut session = Session::new(&engine);
    audited::<Account>(session.events(), "ann");
    let account = session.add(Account::build().owner("ed").balance(100));
    session.commit().unwrap();
    session[account].balance = 0;
    session.flush().unwrap();
    session.rollback().unwrap();
    assert_eq!(session[account].balance, 100);
    assert_eq!(engine.fetch_one(select(func::count_all()).from(Audit::TABLE)).unwrap(), 1);
}
