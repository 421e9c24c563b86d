//! What loading costs: statements by the size of the result alone, time by its length.

use std::time::Instant;

use aludel::blocking::Engine;
use aludel::prelude::*;

use crate::log::{self, Log};
use crate::model::{Address, Order, OrderTag, TABLES, Tag, User, users};

/// So many users, each with two addresses, an order and two tags of it.
fn engine(count: i64) -> (Engine, Log) {
    let (engine, log) = log::engine(TABLES, &["INSERT INTO tags VALUES (1, 'a'), (2, 'b')"]);
    let user = |id| User::build().id(id).name(format!("u{id}"));
    engine.insert(User::insert().rows((1..=count).map(user))).unwrap();
    let address = |id| Address::build().id(id).email("x").user_id(id % count + 1);
    engine.insert(Address::insert().rows((1..=2 * count).map(address))).unwrap();
    let order = |id| Order::build().id(id).status("s").note("n").user_id(id);
    engine.insert(Order::insert().rows((1..=count).map(order))).unwrap();
    let link = |at: i64| OrderTag { order_id: at / 2 + 1, tag_id: at % 2 + 1 };
    engine.insert(OrderTag::insert().rows((0..2 * count).map(link))).unwrap();
    log.count();
    (engine, log)
}

/// The same work on ten times the rows takes about ten times the time, at one of some attempts on a busy machine.
#[track_caller]
fn linear(work: impl Fn(i64)) {
    let time = |count| {
        let begin = Instant::now();
        work(count);
        begin.elapsed().as_secs_f64()
    };
    time(100);
    let mut attempts = Vec::new();
    for _ in 0..3 {
        let (few, many) = (time(1_000), time(10_000));
        if many < few.max(0.002) * 60.0 {
            return;
        }
        attempts.push((few, many));
    }
    panic!("seconds for 1,000 and for 10,000: {attempts:?}");
}

#[test]
fn selectin() {
    linear(|count| {
        let (engine, log) = engine(count);
        let mut session = aludel::blocking::Session::new(&engine);
        let path = selectinload(User::ORDERS).selectinload(Order::TAGS);
        let found = session.fetch_all(users().options((selectinload(User::ADDRESSES), path))).unwrap();
        let chunks = usize::try_from(count).unwrap().div_ceil(500);
        assert_eq!(log.count(), 1 + 3 * chunks);
        assert!(found.iter().all(|user| session[*user].addresses.len() == 2 && session[*user].orders.len() == 1));
        let orders = found.iter().flat_map(|user| session.keys(*user, User::ORDERS));
        assert!(orders.into_iter().all(|order| session[order].tags.len() == 2));
    });
}

#[test]
fn joined() {
    linear(|count| {
        let (engine, log) = engine(count);
        let mut session = aludel::blocking::Session::new(&engine);
        let path = joinedload(User::ORDERS).joinedload(Order::TAGS);
        let found = session.fetch_all(users().options((joinedload(User::ADDRESSES), path))).unwrap();
        assert_eq!((log.count(), found.len()), (1, usize::try_from(count).unwrap()));
        assert!(found.iter().all(|user| session[*user].addresses.len() == 2 && session[*user].orders.len() == 1));
    });
}

#[test]
fn subqueries_and_to_one() {
    linear(|count| {
        let (engine, log) = engine(count);
        let mut session = aludel::blocking::Session::new(&engine);
        let found = session.fetch_all(users().options(subqueryload(User::ADDRESSES))).unwrap();
        assert_eq!(log.count(), 2);
        let addresses = session.fetch_all(Address::select().options(joinedload(Address::USER))).unwrap();
        assert_eq!((addresses.len(), found.len()), (2 * found.len(), found.len()));
        let tags = session.fetch_all(Tag::select().options(selectinload(Tag::ORDERS))).unwrap();
        assert!(tags.iter().all(|tag| session[*tag].orders.len() == found.len()));
        session.load(&addresses, Address::USER).unwrap();
    });
}

#[test]
fn outside_a_session() {
    linear(|count| {
        let (engine, log) = engine(count);
        let path = selectinload(User::ORDERS).joinedload(Order::TAGS);
        let found = engine.fetch_all(users().options((joinedload(User::ADDRESSES), path))).unwrap();
        assert_eq!(log.count(), 1 + usize::try_from(count).unwrap().div_ceil(500));
        assert!(
            found
                .iter()
                .all(|user| user.addresses.values().len() == 2 && user.orders.values()[0].tags.values().len() == 2)
        );
    });
}

/// One parent with all of the children.
#[test]
fn one_large_list() {
    linear(|count| {
        let (engine, log) = engine(count);
        engine.execute(text("UPDATE addresses SET user_id = 1")).unwrap();
        let mut session = aludel::blocking::Session::new(&engine);
        let first = session.get_one::<User>(1).unwrap();
        log.count();
        session.load(first, User::ADDRESSES).unwrap();
        assert_eq!((session[first].addresses.len(), log.count()), (2 * usize::try_from(count).unwrap(), 1));
        session.load(first, selectinload(User::ADDRESSES).joinedload(Address::USER)).unwrap();
        let owned = session.owned(first);
        assert_eq!(owned.addresses.values().len(), 2 * usize::try_from(count).unwrap());
    });
}

/// A relationship of few objects in a session of many.
#[test]
fn few_among_many() {
    let (engine, _) = engine(10_000);
    let mut session = aludel::blocking::Session::new(&engine);
    let found = session.fetch_all(users()).unwrap();
    let begin = Instant::now();
    for user in found.iter().rev().take(200) {
        session.load(*user, User::ADDRESSES).unwrap();
    }
    assert!(begin.elapsed().as_secs_f64() < 2.0, "{:?}", begin.elapsed());
}
