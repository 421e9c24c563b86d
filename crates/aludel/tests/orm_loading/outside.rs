//! Outside a session the same options fill owned values.

use aludel::prelude::*;
use aludel::{immediateload, with_criteria};

use crate::model::{Address, Item, Order, Profile, Tag, User, engine, users};

fn counts(users: &[User]) -> Vec<usize> {
    users.iter().map(|user| user.addresses.values().len()).collect()
}

#[test]
fn by_every_loader() {
    let (engine, log) = engine();
    let all = [
        (engine.fetch_all(users().options(selectinload(User::ADDRESSES))), 2),
        (engine.fetch_all(users().options(joinedload(User::ADDRESSES))), 1),
        (engine.fetch_all(users().options(subqueryload(User::ADDRESSES))), 2),
        (engine.fetch_all(users().options(immediateload(User::ADDRESSES))), 5),
    ];
    assert_eq!(log.count(), all.iter().map(|(_, count)| count).sum::<usize>());
    for (found, _) in all {
        let found: Vec<User> = found.unwrap();
        assert_eq!(counts(&found), [2, 1, 0, 0]);
        assert_eq!(found[0].addresses.values()[1].email, "ed@b.org");
        assert!(found[0].orders.is_unloaded() && found[0].boss.is_unloaded());
    }
}

#[test]
fn to_one() {
    let (engine, _) = engine();
    for how in 0..3 {
        let query = Address::select().order_by(Address::ID);
        let found = match how {
            0 => engine.fetch_all(query.options(selectinload(Address::USER).selectinload(User::PROFILE))),
            1 => engine.fetch_all(query.options(joinedload(Address::USER).joinedload(User::PROFILE))),
            _ => engine.fetch_all(query.options(subqueryload(Address::USER).subqueryload(User::PROFILE))),
        };
        let found: Vec<Address> = found.unwrap();
        let names: Vec<Option<&str>> = found.iter().map(|address| address.user.get().map(|user| &*user.name)).collect();
        assert_eq!(names, [Some("ed"), Some("ed"), Some("wendy"), None], "{how}");
        let texts: Vec<Option<&str>> = found
            .iter()
            .filter_map(|address| address.user.get())
            .map(|user| user.profile.get().map(|it| &*it.text))
            .collect();
        assert_eq!(texts, [Some("about ed"), Some("about ed"), None]);
    }
}

#[test]
fn nested_with_siblings() {
    let (engine, log) = engine();
    let path = selectinload(User::ORDERS).options((
        selectinload(Order::TAGS),
        selectinload(Order::ITEMS),
        joinedload(Order::ADDRESS),
    ));
    let found: Vec<User> = engine.fetch_all(users().options((path, joinedload(User::BOSS)))).unwrap();
    assert_eq!(log.count(), 4);
    let order: &Order = &found[0].orders.values()[0];
    assert_eq!(order.tags.iter().map(|tag| &*tag.label).collect::<Vec<_>>(), ["new", "hot"]);
    assert_eq!(order.items.iter().map(|item| &*item.what).collect::<Vec<_>>(), ["pen", "ink"]);
    assert_eq!(order.address.get().map(|address| &*address.email), Some("ed@a.org"));
    assert_eq!(found[3].boss.get().map(|boss| &*boss.name), Some("wendy"));
    // A graph that comes back to where it was ends there.
    assert!(order.user.is_unloaded());
}

#[test]
fn under_a_limit() {
    let (engine, log) = engine();
    let query = User::select().order_by(User::ID.desc()).limit(2).offset(2);
    for (options, count) in [(true, 1), (false, 2)] {
        let found: Vec<User> = match options {
            true => engine.fetch_all(query.clone().options(joinedload(User::ADDRESSES))).unwrap(),
            false => engine.fetch_all(query.clone().options(subqueryload(User::ADDRESSES))).unwrap(),
        };
        assert_eq!(found.iter().map(|user| user.id).collect::<Vec<_>>(), [2, 1]);
        assert_eq!((counts(&found), log.count()), (vec![1, 2], count));
    }
}

#[test]
fn one_row() {
    let (engine, _) = engine();
    let ed = User::select().filter(User::ID.eq(1));
    let found = engine.fetch_one(ed.clone().options((joinedload(User::ADDRESSES), joinedload(User::ORDERS)))).unwrap();
    assert_eq!((found.addresses.values().len(), found.orders.values().len()), (2, 2));
    let found = engine.fetch_optional(ed.options(selectinload(User::ADDRESSES))).unwrap();
    assert_eq!(found.map(|user| user.addresses.values().len()), Some(2));
    let nobody = User::select().filter(User::ID.eq(9)).options(selectinload(User::ADDRESSES));
    assert!(engine.fetch_optional(nobody.clone()).unwrap().is_none());
    assert!(engine.fetch_one(nobody).unwrap_err().is_not_found());
    let error = engine.fetch_one(users().options(selectinload(User::ADDRESSES))).unwrap_err();
    assert!(error.to_string().contains("more than one row"), "{error}");
}

#[test]
fn filtered_and_in_part() {
    let (engine, log) = engine();
    let options = (
        load_only(User::NAME),
        selectinload(User::ADDRESSES).filter(Address::EMAIL.like("%b.org")).options(load_only(Address::EMAIL)),
        with_criteria::<User>(User::ID.lt(3)),
    );
    let found: Vec<User> = engine.fetch_all(users().options(options)).unwrap();
    assert_eq!(counts(&found), [1, 0]);
    assert_eq!((found[0].name.as_str(), &found[0].nick), ("ed", &None));
    assert_eq!(found[0].addresses.values()[0].email, "ed@b.org");
    assert!(log.sql().iter().all(|sql| !sql.contains("nick")));
    let found: Vec<Order> = engine.fetch_all(Order::select().options(defer(Order::NOTE))).unwrap();
    assert_eq!((found[0].note.as_str(), found[0].status.as_str()), ("", "open"));
}

/// The program's own joins, with an alias too.
#[test]
fn from_own_joins() {
    let (engine, log) = engine();
    let boss = User::alias("boss");
    let query = User::select().join(&boss, boss.col(User::ID).eq(User::BOSS_ID)).order_by(User::ID);
    let found: Vec<User> = engine.fetch_all(query.options(contains_eager(User::BOSS).through(&boss))).unwrap();
    assert_eq!(found.iter().map(|user| &*user.boss.get().unwrap().name).collect::<Vec<_>>(), ["ed", "ed", "wendy"]);
    let query = User::select().join(Address::TABLE, Address::USER_ID.eq(User::ID)).order_by((User::ID, Address::ID));
    let found: Vec<User> = engine.fetch_all(query.options(contains_eager(User::ADDRESSES))).unwrap();
    assert_eq!((counts(&found), log.count()), (vec![2, 1], 2));
}

/// Rows of several columns, and of an entity that may be missing.
#[test]
fn rows_of_several() {
    let (engine, log) = engine();
    let query = select((User::ALL, Order::STATUS)).join(Order::TABLE, Order::USER_ID.eq(User::ID)).order_by(Order::ID);
    let rows: Vec<(User, String)> = engine.fetch_all(query.options(selectinload(User::ADDRESSES))).unwrap();
    assert_eq!(log.count(), 2);
    assert_eq!(rows.iter().map(|(user, _)| user.addresses.values().len()).collect::<Vec<_>>(), [2, 2, 1]);
    let query = select((User::ID, Profile::ALL.optional()))
        .left_join(Profile::TABLE, Profile::USER_ID.eq(User::ID))
        .order_by(User::ID);
    let rows: Vec<(i64, Option<Profile>)> = engine.fetch_all(query.options(joinedload(Profile::USER))).unwrap();
    let names: Vec<Option<&str>> =
        rows.iter().map(|(_, profile)| profile.as_ref()?.user.get().map(|user| &*user.name)).collect();
    assert_eq!(names, [Some("ed"), None, Some("mary"), None]);
}

/// Of an entity to itself, so many levels deep.
#[test]
fn levels() {
    let (engine, log) = engine();
    for how in 0..3 {
        let query = users().filter(User::ID.eq(1));
        let ed: User = match how {
            0 => engine.fetch_one(query.options(selectinload(User::STAFF).depth(2))),
            1 => engine.fetch_one(query.options(joinedload(User::STAFF).depth(2))),
            _ => engine.fetch_one(query.options(subqueryload(User::STAFF).depth(2))),
        }
        .unwrap();
        let names: Vec<&str> = ed.staff.iter().flat_map(|user| user.staff.iter()).map(|user| &*user.name).collect();
        assert_eq!((names, log.count()), (vec!["fred"], if how == 1 { 1 } else { 3 }), "{how}");
    }
}

/// In a transaction it sees what the transaction has done, and all of it runs there.
#[test]
fn in_a_transaction() {
    let (engine, _) = engine();
    let mut tx = engine.begin().unwrap();
    tx.execute(Address::insert().row(Address::build().email("tx").user_id(3))).unwrap();
    let found: Vec<User> = tx.fetch_all(users().options(selectinload(User::ADDRESSES))).unwrap();
    assert_eq!(counts(&found), [2, 1, 1, 0]);
    tx.rollback().unwrap();
    let found: Vec<User> = engine.fetch_all(users().options(selectinload(User::ADDRESSES))).unwrap();
    assert_eq!(counts(&found), [2, 1, 0, 0]);
}

/// The same errors as in a session.
#[test]
fn options_that_do_not_fit() {
    let (engine, log) = engine();
    let error = engine.fetch_all(users().options(selectinload(Order::TAGS))).unwrap_err().to_string();
    assert!(error.contains("Order.tags can't be loaded along: the query gives no Order"), "{error}");
    let path = selectinload(User::ORDERS).options(selectinload(Tag::ORDERS));
    let error = engine.fetch_all(users().options(path)).unwrap_err().to_string();
    assert!(error.contains("an option for Tag stands below User.orders, which leads to Order"), "{error}");
    assert!(log.count() <= 1);
}

/// What is loaded goes to serde as it is.
#[test]
fn a_graph_as_values() {
    let (engine, _) = engine();
    let path = selectinload(Order::ITEMS).selectinload(Item::ORDER);
    let orders: Vec<Order> = engine.fetch_all(Order::select().order_by(Order::ID).options(path)).unwrap();
    let copy = orders.clone();
    assert_eq!(orders, copy);
    assert!(orders[0].items.values()[0].order.is_unloaded());
}
