//! What is flushed by itself, and when.

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::model::{Address, User, database, session};

fn kinds(log: &crate::model::Log) -> Vec<String> {
    log.sql().iter().map(|sql| sql.split(' ').next().unwrap().to_owned()).collect()
}

#[test]
fn queries_see_what_is_pending() {
    let (mut session, log) = session();
    let zoe = session.add(User::build().name("zoe"));
    let found = session.fetch_one(User::select().filter(User::NAME.eq("zoe"))).unwrap();
    assert_eq!(found, zoe);
    assert_eq!(kinds(&log), ["INSERT", "SELECT"]);
    session[zoe].name = "zoey".into();
    assert_eq!(session.fetch_optional(User::select().filter(User::NAME.eq("zoe"))).unwrap(), None);
    assert_eq!(kinds(&log), ["UPDATE", "SELECT"]);
    session.delete(zoe);
    assert_eq!(session.fetch_one::<_>(select(func::count_all()).from(User::TABLE)).unwrap(), 4);
    assert!(kinds(&log).ends_with(&["DELETE".into(), "SELECT".into()]));
    session.fetch_all(User::select()).unwrap();
    assert_eq!(kinds(&log), ["SELECT"]);
}

#[test]
fn so_do_loads_and_statements_and_streams() {
    let (mut session, log) = session();
    let ed = session.get_one::<User>(1).unwrap();
    let home = session.add(Address::build().email("home@x.org").user_id(1));
    log.take();
    session.load(ed, User::ADDRESSES).unwrap();
    assert_eq!(kinds(&log), ["INSERT", "SELECT"]);
    assert!(session.keys(ed, User::ADDRESSES).contains(&home));
    session[home].email = "x".into();
    assert_eq!(session.execute(Address::delete().filter(Address::EMAIL.eq("x"))).unwrap(), 1);
    assert_eq!(kinds(&log), ["UPDATE", "DELETE"]);
    session[ed].name = "streamed".into();
    let mut stream = session.stream(select(User::NAME).filter(User::ID.eq(1)), 10);
    assert_eq!(stream.next().unwrap().unwrap(), ["streamed"]);
    drop(stream);
    assert_eq!(kinds(&log), ["UPDATE", "SELECT"]);
}

/// `get` finds an object by its key, which nothing pending changes.
#[test]
fn get_does_not_flush() {
    let (mut session, log) = session();
    session.add(User::build().name("new"));
    session.get_one::<User>(2).unwrap();
    assert_eq!(kinds(&log), ["SELECT"]);
    assert_eq!(session.pending::<User>().len(), 1);
}

#[test]
fn no_autoflush_is_a_guard() {
    let (mut session, log) = session();
    session.add(User::build().name("zoe"));
    let zoe = || User::select().filter(User::NAME.eq("zoe"));
    {
        let mut quiet = session.no_autoflush();
        assert_eq!(quiet.fetch_optional(zoe()).unwrap(), None);
        // One in the other.
        assert_eq!(quiet.fetch_all(zoe()).unwrap(), []);
        quiet.add(User::build().name("zoe"));
        assert_eq!(kinds(&log), ["SELECT", "SELECT"]);
        // Flushing by hand is allowed.
        quiet.flush().unwrap();
        assert_eq!(kinds(&log), ["INSERT"]);
    }
    session.add(User::build().name("zoe"));
    assert_eq!(session.fetch_all(zoe()).unwrap().len(), 3);
}

#[test]
fn a_session_without_autoflush() {
    let (engine, log) = database();
    let mut session = Session::builder(&engine).autoflush(false).build();
    let ed = session.get_one::<User>(1).unwrap();
    session[ed].name = "x".into();
    assert_eq!(session.fetch_all(User::select().filter(User::NAME.eq("x"))).unwrap(), []);
    session.commit().unwrap();
    assert_eq!(kinds(&log), ["SELECT", "SELECT", "UPDATE"]);
}

/// A load that does not flush puts what is pending over what the database says.
#[test]
fn loads_keep_what_is_pending() {
    let (mut session, _) = session();
    let users = session.fetch_all(User::select().order_by(User::ID)).unwrap();
    let (ed, wendy) = (users[0], users[1]);
    let first = session.get_one::<Address>(1).unwrap();
    let second = session.get_one::<Address>(2).unwrap();
    let home = session.add(Address::build().email("home@x.org"));
    session.link(ed, User::ADDRESSES, home);
    session.link(wendy, User::ADDRESSES, first);
    session.delete(second);
    let mut quiet = session.no_autoflush();
    quiet.load(&users, User::ADDRESSES).unwrap();
    assert_eq!(quiet.keys(ed, User::ADDRESSES), [home]);
    assert_eq!(quiet.keys(wendy, User::ADDRESSES).len(), 2);
    assert!(quiet.keys(wendy, User::ADDRESSES).contains(&first));
    drop(quiet);
    session.commit().unwrap();
    session.load(&users, User::ADDRESSES).unwrap();
    assert_eq!(session.keys(ed, User::ADDRESSES), [home]);
    assert_eq!(session.keys(wendy, User::ADDRESSES).len(), 2);
}

/// A failed autoflush is the query's error, and says which row it was about.
#[test]
fn a_failed_autoflush_is_told() {
    let (engine, _) = database();
    engine.execute(text("CREATE UNIQUE INDEX names ON users (name)")).unwrap();
    let mut session = Session::new(&engine);
    let bad = session.add(User::build().name("ed"));
    let error = session.fetch_all(User::select()).unwrap_err();
    assert!(error.is_unique_violation());
    assert!(error.sql().unwrap().starts_with("INSERT INTO users"));
    assert!(error.location().unwrap().file().ends_with("autoflush.rs"));
    session.expunge(bad);
    assert_eq!(session.fetch_all(User::select()).unwrap().len(), 4);
}
