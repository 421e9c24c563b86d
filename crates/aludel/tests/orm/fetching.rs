//! Queries in a session: how many rows, and rows of several things.

use aludel::prelude::*;

use crate::model::{Address, Order, User, database, session};

#[test]
fn one_object_for_one_row() {
    let (mut session, log) = session();
    let users = session.fetch_all(User::select().order_by(User::ID)).unwrap();
    assert_eq!(users.len(), 4);
    let again = session.fetch_all(User::select().order_by(User::ID.desc())).unwrap();
    assert!(users.iter().eq(again.iter().rev()));
    assert_eq!(session.get::<User>(3).unwrap(), Some(users[2]));
    assert_eq!(log.sql().len(), 2);
    assert_eq!(session.len(), 4);
}

#[test]
fn one_row_or_none() {
    let (mut session, _) = session();
    let named = |name: &'static str| User::select().filter(User::NAME.eq(name));
    let ed = session.fetch_one(named("ed")).unwrap();
    assert_eq!(session[ed].id, 1);
    assert!(session.fetch_one(named("nobody")).unwrap_err().is_not_found());
    assert_eq!(session.fetch_optional(named("nobody")).unwrap(), None);
    assert_eq!(session.fetch_optional(named("ed")).unwrap(), Some(ed));
    for error in [
        session.fetch_one(User::select()).unwrap_err(),
        session.fetch_optional(User::select()).map(|_| ()).unwrap_err(),
        session.fetch_one(User::select().options(joinedload(User::MANAGER))).map(|_| ()).unwrap_err(),
    ] {
        assert!(!error.is_not_found());
        let said = error.to_string();
        assert!(said.contains("more than one"), "{said}");
        assert!(error.location().unwrap().file().ends_with("fetching.rs"));
    }
    // The session goes on.
    assert_eq!(session.fetch_all(User::select()).unwrap().len(), 4);
}

/// A joined collection repeats its owner, and that is one row all the same.
#[test]
fn one_owner_with_a_joined_collection() {
    let (mut session, log) = session();
    let query = || User::select().filter(User::ID.eq(1)).options(joinedload(User::ADDRESSES));
    let ed = session.fetch_one(query()).unwrap();
    assert_eq!(session[ed].addresses.len(), 2);
    assert_eq!(session.fetch_optional(query()).unwrap(), Some(ed));
    assert_eq!(log.sql().len(), 2);
}

#[test]
fn an_entity_and_columns() {
    let (mut session, _) = session();
    let query =
        select((User::ALL, Address::EMAIL)).join(Address::TABLE, Address::USER_ID.eq(User::ID)).order_by(Address::ID);
    let rows: Vec<(Key<User>, String)> = session.fetch_all(query).unwrap();
    let named: Vec<(&str, &str)> = rows.iter().map(|(user, email)| (&*session[*user].name, &**email)).collect();
    assert_eq!(named, [("ed", "ed@a.org"), ("ed", "ed@b.org"), ("wendy", "wendy@a.org")]);
    assert_eq!(rows[0].0, rows[1].0);
}

#[test]
fn two_entities_and_one_that_may_be_missing() {
    let (mut session, _) = session();
    let query = select((User::ALL, Address::ALL.optional(), func::upper(User::NAME)))
        .left_join(Address::TABLE, Address::USER_ID.eq(User::ID))
        .order_by((User::ID, Address::ID));
    let rows: Vec<(Key<User>, Option<Key<Address>>, String)> = session.fetch_all(query).unwrap();
    let shown = rows.iter().map(|(user, address, upper)| {
        (session[*user].id, address.map(|address| session[address].email.as_str()), upper.as_str())
    });
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [
            (1, Some("ed@a.org"), "ED"),
            (1, Some("ed@b.org"), "ED"),
            (2, Some("wendy@a.org"), "WENDY"),
            (3, None, "MARY"),
            (4, None, "FRED"),
        ]
    );
}

/// What is loaded along belongs to the right row, also where some rows have nobody.
#[test]
fn loaders_of_an_entity_that_may_be_missing() {
    for is_joined in [false, true] {
        let (mut session, _) = session();
        session.execute(text("UPDATE orders SET user_id = NULL WHERE id = 2")).unwrap();
        let query = select((Order::ID, User::ALL.optional()))
            .left_join(User::TABLE, Order::USER_ID.eq(User::ID))
            .order_by(Order::ID);
        let rows: Vec<(i64, Option<Key<User>>)> = match is_joined {
            false => session.fetch_all(query.options(selectinload(User::ADDRESSES))).unwrap(),
            true => session.fetch_all(query.options(joinedload(User::ADDRESSES))).unwrap(),
        };
        let emails =
            |user: Key<User>| session.view(user).many(User::ADDRESSES).map(|address| address.id).collect::<Vec<_>>();
        let mut shown: Vec<(i64, Option<Vec<i64>>)> = rows.iter().map(|(id, user)| (*id, user.map(emails))).collect();
        shown.dedup();
        assert_eq!(shown, [(1, Some(vec![1, 2])), (2, None), (3, Some(vec![3]))], "joined: {is_joined}");
    }
}

/// A joined collection repeats rows; those that only share an object are not repeated ones.
#[test]
fn rows_that_share_an_object_with_a_joined_collection() {
    let query = || {
        let orders = select((Order::ID, User::ALL)).join(User::TABLE, Order::USER_ID.eq(User::ID));
        orders.order_by(Order::ID).options(joinedload(User::ADDRESSES))
    };
    let (mut session, _) = session();
    let rows: Vec<(i64, Key<User>)> = session.fetch_all(query()).unwrap();
    let shown: Vec<(i64, i64)> = rows.iter().map(|(order, user)| (*order, session[*user].id)).collect();
    assert_eq!(shown, [(1, 1), (2, 1), (3, 2)]);
    assert_eq!(session[rows[0].1].addresses.len(), 2);
    let (engine, _) = database();
    let rows: Vec<(i64, User)> = engine.fetch_all(query()).unwrap();
    let shown: Vec<_> = rows.iter().map(|(order, user)| (*order, user.id, user.addresses.len())).collect();
    assert_eq!(shown, [(1, 1, 2), (2, 1, 2), (3, 2, 1)]);
}

/// Two joined collections side by side: each of one with each of the other, and each once in its list.
#[test]
fn two_joined_collections() {
    let (mut session, log) = session();
    let query = User::select().order_by(User::ID).options((joinedload(User::ADDRESSES), joinedload(User::ORDERS)));
    let users = session.fetch_all(query).unwrap();
    assert_eq!(log.sql().len(), 1);
    let counts = users.iter().map(|user| (session[*user].addresses.len(), session[*user].orders.len()));
    assert_eq!(counts.collect::<Vec<_>>(), [(2, 2), (1, 1), (0, 0), (0, 0)]);
}

/// The same entity twice in a row.
#[test]
fn an_entity_and_its_alias() {
    let (mut session, _) = session();
    let manager = User::alias("manager");
    let query = select((User::ALL, manager.all()))
        .join(&manager, User::MANAGER_ID.eq(manager.col(User::ID)))
        .order_by(User::ID);
    let rows: Vec<(Key<User>, Key<User>)> = session.fetch_all(query.clone()).unwrap();
    let ids: Vec<(i64, i64)> = rows.iter().map(|(user, manager)| (session[*user].id, session[*manager].id)).collect();
    assert_eq!(ids, [(2, 1), (3, 1), (4, 2)]);
    for (user, manager) in &rows {
        assert_eq!(session.one(*user, User::MANAGER), Some(*manager));
    }
    session.fetch_all(query.options(selectinload(User::ORDERS))).unwrap();
    let ed = session.get_one::<User>(1).unwrap();
    assert_eq!(session[ed].orders.len(), 2);
}

#[test]
fn aggregates_and_scalars() {
    let (mut session, _) = session();
    let count: i64 = session.fetch_one(select(func::count_all()).from(User::TABLE)).unwrap();
    assert_eq!(count, 4);
    let longest: Option<String> = session.fetch_one(select(func::max(User::FULLNAME))).unwrap();
    assert_eq!(longest.as_deref(), Some("Ed Jones"));
    let names: Vec<Option<String>> = session.fetch_all(select(User::FULLNAME).order_by(User::ID)).unwrap();
    assert_eq!(names, [Some("Ed Jones".to_owned()), None, None, None]);
}

#[test]
fn text_gives_rows_or_entities() {
    let (mut session, _) = session();
    let rows = session.fetch_all(text("SELECT name, id FROM users WHERE id < :n ORDER BY id").bind("n", 3)).unwrap();
    let names: Vec<String> = rows.iter().map(|row| row.get::<String>("name").unwrap()).collect();
    assert_eq!(names, ["ed", "wendy"]);
    // By name, in any order.
    let statement = text("SELECT fullname, manager_id, name, id FROM users WHERE id = 1").rows_as::<User>();
    let ed = session.fetch_one(statement).unwrap();
    assert_eq!((session[ed].id, session[ed].fullname.as_deref()), (1, Some("Ed Jones")));
    let error = session.fetch_one(text("SELECT id, name FROM users WHERE id = 1").rows_as::<User>()).unwrap_err();
    assert!(error.to_string().contains("fullname"), "{error}");
}

/// Outside a session the same query gives values, their relationships loaded.
#[test]
fn the_same_query_on_an_engine() {
    let (engine, log) = database();
    let query = User::select().order_by(User::ID).options((
        selectinload(User::ADDRESSES),
        joinedload(User::MANAGER),
        selectinload(User::ORDERS).selectinload(Order::TAGS),
    ));
    let users: Vec<User> = engine.fetch_all(query).unwrap();
    assert_eq!(log.sql().len(), 4);
    assert_eq!(users[0].addresses.iter().map(|address| &*address.email).collect::<Vec<_>>(), ["ed@a.org", "ed@b.org"]);
    assert_eq!(users[0].manager.get(), None);
    assert_eq!(users[3].manager.get().unwrap().name, "wendy");
    assert_eq!(users[0].orders.values()[0].tags.values().len(), 2);
    assert!(users[0].reports.is_unloaded());
}
