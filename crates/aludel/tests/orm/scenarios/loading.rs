//! Loaders.

use aludel::blocking::Session;
use aludel::prelude::*;
use serde_json::{Value as Json, json};

use super::play;
use crate::model::{Address, Order, User};

fn address_counts(session: &Session, users: &[Key<User>]) -> Vec<usize> {
    users.iter().map(|user| session[*user].addresses.len()).collect()
}

/// Reading does no I/O, so it takes a `load` for each user to get as many statements.
#[test]
fn lazy_load_n_plus_1() {
    let (mut session, scenario) = play("lazy-load-n-plus-1");
    let users = session.fetch_all(User::select().order_by(User::ID)).unwrap();
    for user in &users {
        session.load(*user, User::ADDRESSES).unwrap();
    }
    scenario.is(address_counts(&session, &users));
}

#[test]
fn selectin() {
    let (mut session, scenario) = play("selectin");
    let query = User::select().order_by(User::ID).options(selectinload(User::ADDRESSES));
    let users = session.fetch_all(query).unwrap();
    scenario.is(address_counts(&session, &users));
}

#[test]
fn selectin_nested() {
    let (mut session, scenario) = play("selectin-nested");
    let query = User::select().order_by(User::ID).options(selectinload(User::ORDERS).selectinload(Order::TAGS));
    let users = session.fetch_all(query).unwrap();
    let counts = users.iter().map(|user| {
        let orders = session.view(*user).many(User::ORDERS);
        orders.map(|order| order.many(Order::TAGS).len()).collect::<Vec<_>>()
    });
    scenario.is(counts.map(Json::from).collect::<Vec<_>>());
}

#[test]
fn joined_collection() {
    let (mut session, scenario) = play("joined-collection");
    let query = User::select().order_by(User::ID).options(joinedload(User::ADDRESSES));
    let users = session.fetch_all(query).unwrap();
    scenario.is(address_counts(&session, &users));
}

#[test]
fn joined_many_to_one_inner() {
    let (mut session, scenario) = play("joined-many-to-one-inner");
    let query = Address::select().order_by(Address::ID).options(joinedload(Address::USER).inner());
    let addresses = session.fetch_all(query).unwrap();
    let names = addresses.iter().map(|address| session.view(*address).one(Address::USER).unwrap().name.clone());
    scenario.is(names.collect::<Vec<_>>());
}

#[test]
fn joined_chain() {
    let (mut session, scenario) = play("joined-chain");
    let query = Address::select().order_by(Address::ID).options(joinedload(Address::USER).joinedload(User::MANAGER));
    let addresses = session.fetch_all(query).unwrap();
    let names = addresses.iter().map(|address| {
        let user = session.view(*address).one(Address::USER).unwrap();
        user.one(User::MANAGER).map(|manager| manager.name.clone())
    });
    scenario.is(names.map(Json::from).collect::<Vec<_>>());
}

#[test]
fn subquery_load() {
    let (mut session, scenario) = play("subquery-load");
    let query = User::select().filter(User::NAME.like("%e%")).order_by(User::ID);
    let users = session.fetch_all(query.options(subqueryload(User::ADDRESSES))).unwrap();
    scenario.is(address_counts(&session, &users));
}

#[test]
fn raise_load() {
    let (mut session, scenario) = play("raiseload");
    let query = User::select().filter(User::ID.eq(1)).options(raiseload(User::ADDRESSES));
    let ed = session.fetch_one(query).unwrap();
    let error = session.try_keys(ed, User::ADDRESSES).unwrap_err();
    assert!(matches!(error.kind(), aludel::ErrorKind::Usage(_)), "{error:?}");
    scenario.is("InvalidRequestError");
}

/// `with_parent`, where SQLAlchemy has a collection that can only be written.
#[test]
fn noload_write_only_count() {
    let (mut session, scenario) = play("noload-write-only-count");
    let ed = session.get_one::<User>(1).unwrap();
    let of_ed = User::ADDRESSES.with_parent(&session[ed]);
    let count: i64 = session.fetch_one(select(func::count_all()).from(Address::TABLE).filter(of_ed)).unwrap();
    scenario.is(count);
}

/// A column that was left out is blank until it is asked for.
#[test]
fn load_only_one() {
    let (mut session, scenario) = play("load-only");
    let ed = session.fetch_one(User::select().filter(User::ID.eq(1)).options(load_only(User::NAME))).unwrap();
    assert!(session.value(ed, User::FULLNAME).is_err());
    assert_eq!(session[ed].fullname, None);
    session.refresh_only(ed, User::FULLNAME).unwrap();
    scenario.is(session.value(ed, User::FULLNAME).unwrap().clone());
}

#[test]
fn defer_undefer() {
    let (mut session, scenario) = play("defer-undefer");
    let ed = session.fetch_one(User::select().filter(User::ID.eq(1)).options(defer(User::FULLNAME))).unwrap();
    assert!(!session.is_column_loaded(ed, User::FULLNAME));
    assert!(session.is_column_loaded(ed, User::MANAGER_ID));
    scenario.is(json!(session[ed].name));
}
