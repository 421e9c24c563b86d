//! When an object is read again, and what becomes of changes then.

use aludel::prelude::*;

use crate::model::{Address, Order, User, database, session};

#[test]
fn refresh_gives_changes_up() {
    let (mut session, log) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session[ed].name = "x".into();
    log.take();
    session.refresh(ed).unwrap();
    assert_eq!(session[ed].name, "ed");
    assert!(!session.is_modified(ed));
    assert_eq!(log.sql().len(), 1);
    session.commit().unwrap();
    assert!(log.take().is_empty());
}

#[test]
fn refresh_of_some_columns_keeps_the_others() {
    let (mut session, log) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session.execute(text("UPDATE users SET name = 'n', fullname = 'f' WHERE id = 1")).unwrap();
    session.refresh_only(ed, User::FULLNAME).unwrap();
    assert_eq!((session[ed].name.as_str(), session[ed].fullname.as_deref()), ("ed", Some("f")));
    session.refresh_only(ed, (User::NAME, User::MANAGER_ID)).unwrap();
    assert_eq!(session[ed].name, "n");
    log.take();
    session.commit().unwrap();
    assert!(log.take().is_empty());
}

/// Changes of other columns than those that are read again are still to be written.
#[test]
fn refresh_of_some_columns_keeps_changes_of_the_others() {
    let (mut session, log) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session[ed].name = "changed".into();
    session[ed].fullname = Some("changed".into());
    session.refresh_only(ed, User::FULLNAME).unwrap();
    assert_eq!((session[ed].name.as_str(), session[ed].fullname.as_deref()), ("changed", Some("Ed Jones")));
    log.take();
    session.commit().unwrap();
    assert_eq!(log.sql(), ["UPDATE users SET name = ? WHERE users.id = ?"]);
}

#[test]
fn refresh_of_what_is_not_there() {
    let (mut session, _) = session();
    let fred = session.get_one::<User>(4).unwrap();
    session.execute(text("DELETE FROM users WHERE id = 4")).unwrap();
    let error = session.refresh(fred).unwrap_err();
    assert!(error.is_stale_data(), "{error}");
    let said = error.to_string();
    assert!(
        said.starts_with("the row of Key<User>(0) is not there any more: another program has deleted it\n"),
        "{said}"
    );
    let new = session.add(User::build().name("new"));
    let error = session.refresh(new).unwrap_err();
    assert!(error.to_string().starts_with("Key<User>(1) is new: flush it before it is read again\n"), "{error}");
}

/// Of a row that another program has deleted `get` gives nothing; the object can be read, and be let go.
#[test]
fn get_of_what_is_not_there() {
    let (engine, _) = database();
    let mut session = aludel::blocking::Session::new(&engine);
    let fred = session.get_one::<User>(4).unwrap();
    session.commit().unwrap();
    engine.execute(text("DELETE FROM users WHERE id = 4")).unwrap();
    assert_eq!(session.get::<User>(4).unwrap(), None);
    assert!(session.get_one::<User>(4).unwrap_err().is_not_found());
    assert_eq!((session[fred].name.as_str(), session.is_stale(fred)), ("fred", true));
    session.expunge(fred);
    session.commit().unwrap();
}

#[test]
fn expire_of_one() {
    let (mut session, log) = session();
    let users = session.fetch_all(User::select().order_by(User::ID)).unwrap();
    let (ed, wendy) = (users[0], users[1]);
    session[ed].name = "given up".into();
    session[wendy].fullname = Some("kept".into());
    session.expire(ed);
    assert!(session.is_stale(ed) && !session.is_stale(wendy));
    assert_eq!(session[ed].name, "ed");
    assert_eq!(session.dirty::<User>(), [wendy]);
    session.execute(text("UPDATE users SET name = 'x' WHERE id = 1")).unwrap();
    log.take();
    assert_eq!(session.get::<User>(2).unwrap(), Some(wendy));
    assert!(log.take().is_empty());
    assert_eq!(session.get::<User>(1).unwrap(), Some(ed));
    assert_eq!(log.sql().len(), 1);
    assert_eq!(session[ed].name, "x");
}

#[test]
fn expire_of_all_keeps_changes() {
    let (mut session, _) = session();
    let users = session.fetch_all(User::select().order_by(User::ID)).unwrap();
    session[users[0]].name = "changed".into();
    session.expire_all();
    assert!(session.is_stale(users[1]));
    session.no_autoflush().fetch_all(User::select()).unwrap();
    assert!(!session.is_stale(users[1]));
    assert_eq!(session[users[0]].name, "changed");
    session.commit().unwrap();
    session.refresh(users[0]).unwrap();
    assert_eq!(session[users[0]].name, "changed");
}

/// A query reads stale objects again, and leaves changed ones alone.
#[test]
fn a_query_after_commit() {
    let (engine, _) = database();
    let mut session = aludel::blocking::Session::new(&engine);
    let users = session.fetch_all(User::select().order_by(User::ID)).unwrap();
    session.commit().unwrap();
    engine.execute(text("UPDATE users SET fullname = 'elsewhere'")).unwrap();
    assert_eq!(session[users[1]].fullname, None);
    session[users[0]].fullname = Some("mine".into());
    session.no_autoflush().fetch_all(User::select()).unwrap();
    let fullnames: Vec<&str> = users.iter().map(|user| session[*user].fullname.as_deref().unwrap()).collect();
    assert_eq!(fullnames, ["mine", "elsewhere", "elsewhere", "elsewhere"]);
}

#[test]
fn without_expiry_on_commit() {
    let (engine, log) = database();
    let mut session = aludel::blocking::Session::builder(&engine).expire_on_commit(false).build();
    let ed = session.get_one::<User>(1).unwrap();
    session.commit().unwrap();
    log.take();
    assert!(!session.is_stale(ed));
    assert_eq!(session.get::<User>(1).unwrap(), Some(ed));
    assert!(log.take().is_empty());
}

/// Fresh objects are found and not read again; `populate_existing` does, also where they were changed.
#[test]
fn populate_existing() {
    let (mut session, _) = session();
    let users = session.fetch_all(User::select().order_by(User::ID)).unwrap();
    session.execute(text("UPDATE users SET name = 'x' WHERE id < 3")).unwrap();
    session[users[0]].fullname = Some("changed".into());
    let mut quiet = session.no_autoflush();
    quiet.fetch_all(User::select()).unwrap();
    assert_eq!((quiet[users[0]].name.as_str(), quiet[users[1]].name.as_str()), ("ed", "wendy"));
    quiet.fetch_all(User::select().populate_existing()).unwrap();
    assert_eq!((quiet[users[0]].name.as_str(), quiet[users[1]].name.as_str()), ("x", "x"));
    assert_eq!(quiet[users[0]].fullname.as_deref(), Some("Ed Jones"));
    drop(quiet);
    assert!(session.dirty::<User>().is_empty());
}

/// It holds for what is loaded along.
#[test]
fn populate_existing_reaches_what_is_loaded_along() {
    for is_joined in [false, true] {
        let (mut session, _) = session();
        let ed = session.get_one::<User>(1).unwrap();
        session.load(ed, User::ADDRESSES).unwrap();
        let first = session.keys(ed, User::ADDRESSES)[0];
        session.execute(text("UPDATE addresses SET email = 'x' WHERE id = 1")).unwrap();
        session.load(ed, User::ADDRESSES).unwrap();
        assert_eq!(session[first].email, "ed@a.org");
        let query = User::select().filter(User::ID.eq(1));
        let query = match is_joined {
            false => query.options(selectinload(User::ADDRESSES)),
            true => query.options(joinedload(User::ADDRESSES)),
        };
        session.fetch_one(query.populate_existing()).unwrap();
        assert_eq!(session[first].email, "x", "joined: {is_joined}");
    }
}

/// Reading an object again undoes a link of it that was not flushed, on both sides.
#[test]
fn refresh_undoes_links() {
    let (mut session, log) = session();
    let users = session.fetch_all(User::select().order_by(User::ID).options(selectinload(User::ORDERS))).unwrap();
    let (ed, wendy) = (users[0], users[1]);
    let order = session.keys(wendy, User::ORDERS)[0];
    for how in ["refresh", "refresh_only", "expire"] {
        session.link(ed, User::ORDERS, order);
        assert_eq!((session[ed].orders.len(), session[wendy].orders.len()), (3, 0));
        match how {
            "refresh" => session.refresh(order).unwrap(),
            "refresh_only" => session.refresh_only(order, Order::USER_ID).unwrap(),
            _ => session.expire(order),
        }
        assert_eq!(session[order].user_id, Some(2), "{how}");
        assert_eq!((session[ed].orders.len(), session[wendy].orders.len()), (2, 1), "{how}");
        assert_eq!(session.one(order, Order::USER), Some(wendy), "{how}");
    }
    log.take();
    session.commit().unwrap();
    assert!(log.take().is_empty());
}

#[test]
fn get_for_update_reads_again() {
    let (mut session, log) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session.execute(text("UPDATE users SET name = 'x' WHERE id = 1")).unwrap();
    session[ed].fullname = Some("pending".into());
    log.take();
    assert_eq!(session.get_for_update::<User>(1).unwrap(), Some(ed));
    // What was pending is flushed first, so nothing is lost.
    assert_eq!(log.sql().len(), 2);
    assert_eq!((session[ed].name.as_str(), session[ed].fullname.as_deref()), ("x", Some("pending")));
    assert_eq!(session.get_for_update::<User>(99).unwrap(), None);
}

/// Of an object some of whose columns were left out, `get` reads the rest.
#[test]
fn get_completes_an_object() {
    let (mut session, log) = session();
    let address =
        session.fetch_one(Address::select().filter(Address::ID.eq(1)).options(defer(Address::EMAIL))).unwrap();
    assert_eq!(session[address].email, "");
    let error = session.value(address, Address::EMAIL).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Address.email of Key<Address>(0) was not loaded: read it by `session.refresh_only(Key<Address>(0), Address::EMAIL)`"
    );
    log.take();
    assert_eq!(session.get::<Address>(1).unwrap(), Some(address));
    assert_eq!(session[address].email, "ed@a.org");
    assert_eq!(log.sql().len(), 1);
    assert!(session.is_column_loaded(address, Address::EMAIL));
}

/// A column that was left out is not written, unless it was set.
#[test]
fn columns_that_were_left_out_are_not_written() {
    let (mut session, log) = session();
    let ed = session.fetch_one(User::select().filter(User::ID.eq(1)).options(load_only(User::NAME))).unwrap();
    session[ed].name = "x".into();
    log.take();
    session.flush().unwrap();
    assert_eq!(log.sql(), ["UPDATE users SET name = ? WHERE users.id = ?"]);
    session[ed].fullname = Some("set".into());
    session.flush().unwrap();
    assert_eq!(log.sql(), ["UPDATE users SET fullname = ? WHERE users.id = ?"]);
    session.rollback().unwrap();
    session.refresh(ed).unwrap();
    assert_eq!((session[ed].name.as_str(), session[ed].fullname.as_deref()), ("ed", Some("Ed Jones")));
}
