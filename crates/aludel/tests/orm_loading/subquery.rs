//! `subqueryload`: the query itself as a subquery of a further statement.

use aludel::prelude::*;

use crate::model::{Address, Order, Profile, User, addresses, labels, session, users};

#[test]
fn of_all() {
    let (mut session, log) = session();
    let users = session.fetch_all(users().options(subqueryload(User::ADDRESSES))).unwrap();
    assert_eq!(addresses(&session, &users), [2, 1, 0, 0]);
    assert_eq!(
        log.sql()[1],
        "SELECT addresses.id, addresses.email, addresses.user_id FROM (SELECT DISTINCT users.id AS id FROM users) AS anon_1 \
         JOIN addresses ON anon_1.id = addresses.user_id ORDER BY addresses.id"
    );
}

/// The parents' conditions are part of it, and so are joins.
#[test]
fn of_some() {
    let (mut session, log) = session();
    let query = User::select()
        .join(Order::TABLE, Order::USER_ID.eq(User::ID))
        .filter(Order::STATUS.eq("open"))
        .filter(User::NAME.like("w%"))
        .order_by(User::NAME);
    let found = session.fetch_all(query.options(subqueryload(User::ADDRESSES))).unwrap();
    assert_eq!((found.len(), addresses(&session, &found)), (1, vec![1]));
    let sql = log.sql();
    assert!(
        sql[1].contains("JOIN orders ON") && sql[1].contains("LIKE ?") && !sql[1].contains("ORDER BY users"),
        "{}",
        sql[1]
    );
}

/// A limit is kept with its order, since it says which rows they are.
#[test]
fn under_a_limit() {
    let (mut session, log) = session();
    let query = User::select().order_by(User::ID.desc()).limit(2).offset(2);
    let found = session.fetch_all(query.options(subqueryload(User::ADDRESSES))).unwrap();
    assert_eq!(addresses(&session, &found), [1, 2]);
    assert!(log.sql()[1].contains("FROM users ORDER BY users.id DESC LIMIT ? OFFSET ?"));
}

#[test]
fn over_a_link_table_and_further_down() {
    let (mut session, log) = session();
    let query = users().filter(User::ID.lt(3));
    let found = session.fetch_all(query.options(subqueryload(User::ORDERS).subqueryload(Order::TAGS))).unwrap();
    assert_eq!((labels(&session, found[0]), labels(&session, found[1])), ("new hot, hot".into(), String::new()));
    let sql = log.sql();
    assert_eq!(sql.len(), 3);
    // The last one has the query of the first one inside.
    assert!(sql[2].contains("FROM users WHERE users.id < ?"), "{}", sql[2]);
    assert_eq!(sql[2].matches("SELECT").count(), 3, "{}", sql[2]);
}

/// Of another kind above or below it goes by keys.
#[test]
fn mixed_with_others() {
    let (mut session, log) = session();
    let path = selectinload(User::ORDERS).subqueryload(Order::TAGS);
    let found = session.fetch_all(users().options(path)).unwrap();
    assert_eq!((log.count(), labels(&session, found[0])), (3, "new hot, hot".into()));
    session.expunge_all();
    let path = joinedload(User::BOSS).subqueryload(User::ADDRESSES);
    let found = session.fetch_all(users().filter(User::ID.eq(4)).options(path)).unwrap();
    let boss = session.one(found[0], User::BOSS).unwrap();
    assert_eq!((log.count(), session[boss].addresses.len()), (2, 1));
    session.expunge_all();
    let path = subqueryload(User::ORDERS).options((selectinload(Order::TAGS), joinedload(Order::ADDRESS)));
    let found = session.fetch_all(users().options(path)).unwrap();
    assert_eq!((log.count(), labels(&session, found[0])), (3, "new hot, hot".into()));
}

#[test]
fn to_one() {
    let (mut session, log) = session();
    let query = Address::select().order_by(Address::ID);
    let found = session.fetch_all(query.options(subqueryload(Address::USER).subqueryload(User::PROFILE))).unwrap();
    assert_eq!(log.count(), 3);
    let texts = found.iter().filter_map(|address| session.view(*address).one(Address::USER));
    let texts: Vec<Option<String>> =
        texts.map(|user| user.one(User::PROFILE).map(|profile| profile.text.clone())).collect();
    assert_eq!(texts, [Some("about ed".into()), Some("about ed".into()), None]);
}

/// Of a relationship of the entity to itself, level by level.
#[test]
fn to_itself() {
    let (mut session, log) = session();
    let ed = session.fetch_one(users().filter(User::ID.eq(1)).options(subqueryload(User::STAFF).depth(3))).unwrap();
    assert_eq!(log.count(), 4);
    let names: Vec<String> = session
        .view(ed)
        .many(User::STAFF)
        .map(|user| {
            format!("{} {}", user.name, user.many(User::STAFF).map(|user| user.name.clone()).collect::<String>())
        })
        .collect();
    assert_eq!(names, ["wendy fred", "mary "]);
}

/// For objects that are here there is no query to repeat: it goes by their keys.
#[test]
fn of_objects_that_are_here() {
    let (mut session, log) = session();
    let users = session.fetch_all(users()).unwrap();
    session.load(&users, subqueryload(User::ADDRESSES)).unwrap();
    assert_eq!((log.count(), addresses(&session, &users)), (2, vec![2, 1, 0, 0]));
    let profiles = session.fetch_all(Profile::select().options(subqueryload(Profile::USER))).unwrap();
    assert_eq!(session.one(profiles[0], Profile::USER), Some(users[0]));
}
