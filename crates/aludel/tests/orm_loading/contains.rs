//! `contains_eager`: the query's own joins fill the relationships.

use aludel::prelude::*;

use crate::model::{Address, Order, OrderTag, Tag, User, labels, session};

#[test]
fn to_one() {
    let (mut session, log) = session();
    let query = Address::select()
        .join(User::TABLE, User::ID.eq(Address::USER_ID))
        .filter(User::NAME.eq("ed"))
        .order_by(Address::ID);
    let found = session.fetch_all(query.options(contains_eager(Address::USER))).unwrap();
    let sql = log.sql();
    assert_eq!((sql.len(), found.len(), sql[0].matches("JOIN").count()), (1, 2, 1));
    let ed = session.one(found[0], Address::USER).unwrap();
    assert_eq!(session[ed].name, "ed");
}

/// A part of a collection, in the order of the query.
#[test]
fn a_part_of_a_collection() {
    let (mut session, log) = session();
    let query = User::select()
        .join(Address::TABLE, Address::USER_ID.eq(User::ID))
        .filter(Address::EMAIL.like("%b.org"))
        .order_by((User::ID, Address::ID.desc()));
    let found = session.fetch_all(query.options(contains_eager(User::ADDRESSES))).unwrap();
    assert_eq!((log.count(), found.len(), session[found[0]].addresses.len()), (1, 1, 1));
    // What is deleted goes by the whole list, and not by that part.
    for table in ["items", "order_tag", "orders"] {
        session.execute(text(format!("DELETE FROM {table}"))).unwrap();
    }
    session.execute(text("DELETE FROM profiles")).unwrap();
    session.execute(text("UPDATE users SET boss_id = NULL")).unwrap();
    session.delete(found[0]);
    session.commit().unwrap();
    let left: Vec<Option<i64>> = session.fetch_all(select(Address::USER_ID).order_by(Address::ID)).unwrap();
    assert_eq!(left, [None, None, Some(2), None]);
}

#[test]
fn through_an_alias() {
    let (mut session, log) = session();
    let boss = User::alias("boss");
    let query = User::select()
        .left_join(&boss, boss.col(User::ID).eq(User::BOSS_ID))
        .filter(boss.col(User::NAME).eq("ed").or(User::BOSS_ID.is_null()))
        .order_by(User::ID);
    let found = session.fetch_all(query.options(contains_eager(User::BOSS).through(&boss))).unwrap();
    assert_eq!(log.count(), 1);
    let bosses: Vec<Option<String>> =
        found.iter().map(|user| session.view(*user).one(User::BOSS).map(|boss| boss.name.clone())).collect();
    assert_eq!(bosses, [None, Some("ed".into()), Some("ed".into())]);
}

/// Two aliases of one table, one below the other.
#[test]
fn through_two_aliases() {
    let (mut session, log) = session();
    let (boss, top) = (User::alias("boss"), User::alias("top"));
    let query = User::select()
        .join(&boss, boss.col(User::ID).eq(User::BOSS_ID))
        .join(&top, top.col(User::ID).eq(boss.col(User::BOSS_ID)));
    let path = contains_eager(User::BOSS).through(&boss).contains_eager(User::BOSS).through(top.clone());
    let found = session.fetch_all(query.options(path)).unwrap();
    assert_eq!((log.count(), found.len()), (1, 1));
    let boss = session.one(found[0], User::BOSS).unwrap();
    let top = session.one(boss, User::BOSS).unwrap();
    assert_eq!((session[boss].name.as_str(), session[top].name.as_str()), ("wendy", "ed"));
}

/// Over a link table, with further loads below.
#[test]
fn over_a_link_table() {
    let (mut session, log) = session();
    let query = User::select()
        .join(Order::TABLE, Order::USER_ID.eq(User::ID))
        .left_join(OrderTag::TABLE, OrderTag::ORDER_ID.eq(Order::ID))
        .left_join(Tag::TABLE, Tag::ID.eq(OrderTag::TAG_ID))
        .order_by((User::ID, Order::ID, Tag::ID));
    let path = contains_eager(User::ORDERS).options((contains_eager(Order::TAGS), selectinload(Order::ITEMS)));
    let found = session.fetch_all(query.options(path)).unwrap();
    assert_eq!((log.count(), found.len()), (2, 2));
    assert_eq!(labels(&session, found[0]), "new hot, hot");
    let order = session.keys(found[0], User::ORDERS)[0];
    assert_eq!(session[order].items.len(), 2);
}

/// The rows of a query with a limit are the program's own business.
#[test]
fn under_a_limit() {
    let (mut session, log) = session();
    let query =
        User::select().join(Address::TABLE, Address::USER_ID.eq(User::ID)).order_by((User::ID, Address::ID)).limit(3);
    let found = session.fetch_all(query.options(contains_eager(User::ADDRESSES))).unwrap();
    assert_eq!((log.count(), found.len()), (1, 2));
    assert_eq!((session[found[0]].addresses.len(), session[found[1]].addresses.len()), (2, 1));
}

/// Below a statement of its own there is no join to read.
#[test]
fn below_another_statement() {
    let (mut session, _) = session();
    let query = User::select().options(selectinload(User::ORDERS).contains_eager(Order::ADDRESS));
    let error = session.fetch_all(query).unwrap_err().to_string();
    assert!(error.contains("contains_eager of Order.address reads a join of the query itself"), "{error}");
    assert!(error.contains("use joinedload there"), "{error}");
}

#[test]
fn without_a_join() {
    let (mut session, log) = session();
    let error = session.fetch_all(User::select().options(contains_eager(User::ADDRESSES))).unwrap_err().to_string();
    assert!(error.contains("contains_eager of User.addresses reads a join of the query itself"), "{error}");
    assert!(error.contains("the query has none of Address: join it, or name its alias by `through`"), "{error}");
    assert_eq!(log.count(), 0);
}
