//! `joinedload`: columns and joins in the query itself.

use aludel::prelude::*;

use crate::model::{Address, Item, Order, Profile, Tag, User, addresses, labels, session, users};

#[test]
fn to_one() {
    let (mut session, log) = session();
    let query = Address::select().order_by(Address::ID).options(joinedload(Address::USER));
    let found = session.fetch_all(query).unwrap();
    assert_eq!(
        log.sql(),
        ["SELECT addresses.id, addresses.email, addresses.user_id, users_1.id AS id_1, users_1.name, users_1.nick, \
          users_1.boss_id FROM addresses LEFT OUTER JOIN users AS users_1 ON users_1.id = addresses.user_id ORDER BY addresses.id"]
    );
    let names = found.iter().map(|address| session.view(*address).one(Address::USER).map(|user| user.name.clone()));
    assert_eq!(names.map(Option::unwrap_or_default).collect::<Vec<_>>(), ["ed", "ed", "wendy", ""]);
}

/// Inner: who has nobody is not in the result.
#[test]
fn inner() {
    let (mut session, log) = session();
    let query = Address::select().order_by(Address::ID).options(joinedload(Address::USER).inner());
    assert_eq!(session.fetch_all(query).unwrap().len(), 3);
    assert!(log.sql()[0].contains(" FROM addresses JOIN users AS users_1 ON "));
}

#[test]
fn to_many() {
    let (mut session, log) = session();
    let users = session.fetch_all(users().options(joinedload(User::ADDRESSES))).unwrap();
    assert_eq!((log.count(), addresses(&session, &users)), (1, vec![2, 1, 0, 0]));
    let address = session.keys(users[0], User::ADDRESSES)[0];
    assert_eq!(session.one(address, Address::USER), Some(users[0]));
}

/// Two collections multiply the rows, and not what is loaded.
#[test]
fn two_collections() {
    let (mut session, log) = session();
    let users = session
        .fetch_all(users().options((joinedload(User::ADDRESSES), joinedload(User::ORDERS).joinedload(Order::TAGS))));
    let users = users.unwrap();
    assert_eq!((users.len(), log.count()), (4, 1));
    assert_eq!(addresses(&session, &users), [2, 1, 0, 0]);
    assert_eq!(labels(&session, users[0]), "new hot, hot");
    let emails: Vec<i64> = session.view(users[0]).many(User::ADDRESSES).map(|address| address.id).collect();
    assert_eq!(emails, [1, 2]);
}

/// The limit counts users, in the order of the query.
#[test]
fn under_a_limit() {
    let (mut session, log) = session();
    let query = User::select().order_by(User::NAME.desc()).limit(2).offset(1);
    let found = session.fetch_all(query.options((joinedload(User::ADDRESSES), joinedload(User::BOSS)))).unwrap();
    assert_eq!(log.count(), 1);
    let names: Vec<&str> = found.iter().map(|user| session[*user].name.as_str()).collect();
    assert_eq!(names, ["mary", "fred"]);
    assert_eq!(addresses(&session, &found), [0, 0]);
    assert_eq!(session.view(found[1]).one(User::BOSS).map(|boss| boss.name.clone()).as_deref(), Some("wendy"));
    let found = session.fetch_all(users().limit(1).options(joinedload(User::ORDERS).joinedload(Order::ITEMS))).unwrap();
    assert_eq!((found.len(), session[found[0]].orders.len()), (1, 2));
    assert_eq!(log.count(), 1);
}

/// A limit needs no wrapping where nothing repeats the rows.
#[test]
fn under_a_limit_to_one() {
    let (mut session, log) = session();
    let query = Order::select().order_by(Order::ID).limit(2);
    let orders = session.fetch_all(query.options(joinedload(Order::USER).joinedload(User::BOSS))).unwrap();
    assert_eq!(orders.len(), 2);
    let sql = log.sql();
    assert!(sql.len() == 1 && !sql[0].contains("(SELECT"), "{sql:?}");
}

/// To one, to one, and then to many.
#[test]
fn a_chain() {
    let (mut session, log) = session();
    let query = Item::select().order_by(Item::ID);
    let path = joinedload(Item::ORDER).joinedload(Order::USER).joinedload(User::ADDRESSES);
    let items = session.fetch_all(query.limit(3).options(path)).unwrap();
    assert_eq!((items.len(), log.count()), (3, 1));
    let of = |item: Key<Item>| {
        session.view(item).one(Item::ORDER).unwrap().one(Order::USER).unwrap().many(User::ADDRESSES).len()
    };
    assert_eq!(items.into_iter().map(of).collect::<Vec<_>>(), [2, 2, 2]);
}

/// Rows with other columns beside the entity stay as many as they are.
#[test]
fn beside_other_columns() {
    let (mut session, log) = session();
    let query = select((User::ALL, Order::STATUS)).join(Order::TABLE, Order::USER_ID.eq(User::ID)).order_by(Order::ID);
    let rows = session.fetch_all(query.clone().options(joinedload(User::ADDRESSES))).unwrap();
    let seen: Vec<(i64, &str)> = rows.iter().map(|(user, status)| (session[*user].id, status.as_str())).collect();
    assert_eq!(seen, [(1, "open"), (1, "done"), (2, "open")]);
    assert_eq!(session[rows[0].0].addresses.len(), 2);
    log.count();
    let rows = session.fetch_all(query.limit(2).options(joinedload(User::ADDRESSES))).unwrap();
    assert_eq!(rows.len(), 2);
}

/// One row is wanted, and the join gives several of the same.
#[test]
fn one_row() {
    let (mut session, _) = session();
    let ed = User::select().filter(User::ID.eq(1));
    let found = session.fetch_one(ed.clone().options(joinedload(User::ADDRESSES))).unwrap();
    assert_eq!(session[found].addresses.len(), 2);
    assert!(session.fetch_optional(ed.options(joinedload(User::ORDERS))).unwrap().is_some());
    let error = session.fetch_one(users().options(joinedload(User::ADDRESSES))).unwrap_err();
    assert!(error.to_string().contains("more than one row"), "{error}");
}

/// A relationship of the entity to itself is another name of its table.
#[test]
fn the_same_table() {
    let (mut session, log) = session();
    let query = users().options((joinedload(User::BOSS), joinedload(User::STAFF)));
    let found = session.fetch_all(query.filter(User::NAME.like("%e%"))).unwrap();
    assert_eq!(log.count(), 1);
    let seen: Vec<(String, Option<String>, usize)> = found
        .iter()
        .map(|user| session.view(*user))
        .map(|user| (user.name.clone(), user.one(User::BOSS).map(|boss| boss.name.clone()), user.staff.len()))
        .collect();
    assert_eq!(
        seen,
        [("ed".into(), None, 2), ("wendy".into(), Some("ed".into()), 1), ("fred".into(), Some("wendy".into()), 0)]
    );
}

/// Further statements below what was joined, and joins below further statements.
#[test]
fn mixed_with_others() {
    let (mut session, log) = session();
    let path = joinedload(User::ORDERS).selectinload(Order::ITEMS);
    let found = session.fetch_all(users().options(path)).unwrap();
    assert_eq!(log.count(), 2);
    assert_eq!(session.view(found[0]).many(User::ORDERS).map(|order| order.items.len()).collect::<Vec<_>>(), [2, 1]);
    session.expunge_all();
    let path = selectinload(User::ORDERS)
        .options((joinedload(Order::TAGS), joinedload(Order::ADDRESS).joinedload(Address::USER)));
    let found = session.fetch_all(users().options(path)).unwrap();
    let sql = log.sql();
    assert_eq!(sql.len(), 2);
    assert!(
        sql[1].contains("LEFT OUTER JOIN tags AS tags_1")
            && sql[1].contains("LEFT OUTER JOIN addresses AS addresses_1"),
        "{}",
        sql[1]
    );
    assert_eq!(labels(&session, found[0]), "new hot, hot");
    let order = session.keys(found[0], User::ORDERS)[0];
    let address = session.one(order, Order::ADDRESS).unwrap();
    assert_eq!(session.one(address, Address::USER), Some(found[0]));
    assert_eq!(session[found[0]].orders.len(), 2);
}

/// Joined below a load of objects that are here.
#[test]
fn below_a_load() {
    let (mut session, log) = session();
    let ed = session.get_one::<User>(1).unwrap();
    log.count();
    session.load(ed, selectinload(User::ORDERS).joinedload(Order::TAGS).joinedload(Tag::ORDERS)).unwrap();
    assert_eq!((log.count(), labels(&session, ed)), (1, "new hot, hot".into()));
    let order = session.keys(ed, User::ORDERS)[1];
    let hot = session.keys(order, Order::TAGS)[0];
    assert_eq!(session[hot].orders.len(), 2);
    session.load(ed, joinedload(User::PROFILE)).unwrap();
    let profile = session.one(ed, User::PROFILE).unwrap();
    assert_eq!((session[profile].text.as_str(), session.one(profile, Profile::USER)), ("about ed", Some(ed)));
}

/// A table under another name is nothing to join to by the table: further statements do it.
#[test]
fn of_an_alias() {
    for how in 0..3 {
        let (mut session, log) = session();
        let user = User::alias("u");
        let query = select(user.all()).order_by(user.col(User::ID));
        let found = match how {
            0 => session.fetch_all(query.options((joinedload(User::ADDRESSES), joinedload(User::BOSS)))),
            1 => session.fetch_all(query.options((selectinload(User::ADDRESSES), selectinload(User::BOSS)))),
            _ => session.fetch_all(query.options((subqueryload(User::ADDRESSES), subqueryload(User::BOSS)))),
        };
        let found = found.unwrap();
        assert_eq!(addresses(&session, &found), [2, 1, 0, 0], "{how}");
        assert!(session[found[1]].boss.is_some());
        assert!(log.sql().iter().all(|sql| !sql.contains("users, ") && !sql.contains(", users")));
    }
}

/// Beside an alias of the same table the table itself is joined to.
#[test]
fn beside_an_alias() {
    let (mut session, log) = session();
    let boss = User::alias("boss");
    let query = User::select().join(&boss, boss.col(User::ID).eq(User::BOSS_ID)).order_by(User::ID);
    let found = session.fetch_all(query.options(joinedload(User::ADDRESSES))).unwrap();
    assert_eq!((log.count(), addresses(&session, &found)), (1, vec![1, 0, 0]));
}

/// The query's own join and a joined collection, under a limit.
#[test]
fn beside_an_own_join_under_a_limit() {
    let (mut session, log) = session();
    let boss = User::alias("boss");
    let query = User::select().join(&boss, boss.col(User::ID).eq(User::BOSS_ID)).order_by(User::ID).limit(2);
    let options = (contains_eager(User::BOSS).through(&boss), joinedload(User::ADDRESSES));
    let found = session.fetch_all(query.options(options)).unwrap();
    assert_eq!((log.count(), addresses(&session, &found)), (2, vec![1, 0]));
    assert!(found.iter().all(|user| session[*user].boss.is_some()));
}
