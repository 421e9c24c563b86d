//! `selectinload` and `immediateload`: further statements for so many keys each.

use aludel::blocking::Session;
use aludel::immediateload;
use aludel::prelude::*;

use crate::log::{self, Log};
use crate::model::{Address, Item, Order, Profile, TABLES, User, addresses, labels, session, users};

/// However many keys a program wants at once, a statement has no more values than the database takes.
#[test]
fn a_chunk_stays_under_the_limit_of_parameters() {
    let (engine, log) = log::engine(TABLES, &[]);
    let users = (1..=40_000).map(|id| User::build().id(id).name("user"));
    engine.insert(User::insert().rows(users)).unwrap();
    engine.insert(Address::insert().rows([1, 40_000].map(|id| Address::build().email("x").user_id(id)))).unwrap();
    let mut session = Session::new(&engine);
    log.count();
    let query = User::select().order_by(User::ID).options(selectinload(User::ADDRESSES).chunk(1_000_000));
    let users = session.fetch_all(query).unwrap();
    assert_eq!(log.count(), 1 + 5);
    let counts = [0, 1, 39_999].map(|at: usize| session[users[at]].addresses.len());
    assert_eq!(counts, [1, 0, 1]);
}

#[test]
fn to_many() {
    let (mut session, log) = session();
    let users = session.fetch_all(users().options(selectinload(User::ADDRESSES))).unwrap();
    assert_eq!(addresses(&session, &users), [2, 1, 0, 0]);
    assert_eq!(
        log.sql()[1],
        "SELECT addresses.id, addresses.email, addresses.user_id FROM addresses WHERE addresses.user_id IN (?, ?, ?, ?) \
         ORDER BY addresses.id"
    );
}

#[test]
fn to_one() {
    let (mut session, log) = session();
    let query = Address::select().order_by(Address::ID).options(selectinload(Address::USER));
    let addresses = session.fetch_all(query).unwrap();
    assert_eq!(log.count(), 2);
    let names = addresses.iter().map(|address| session.view(*address).one(Address::USER).map(|user| user.name.clone()));
    let names: Vec<String> = names.map(Option::unwrap_or_default).collect();
    assert_eq!(names, ["ed", "ed", "wendy", ""]);
    assert!(session[addresses[3]].user.is_none());
}

#[test]
fn to_one_from_the_other_side() {
    let (mut session, log) = session();
    let users = session.fetch_all(users().options(selectinload(User::PROFILE))).unwrap();
    assert_eq!(log.count(), 2);
    let texts = users.iter().map(|user| session.view(*user).one(User::PROFILE).map(|profile| profile.text.clone()));
    assert_eq!(texts.flatten().collect::<Vec<_>>(), ["about ed", "about mary"]);
    let profile = session.one(users[0], User::PROFILE).unwrap();
    assert_eq!(session.one(profile, Profile::USER), Some(users[0]));
}

#[test]
fn over_a_link_table() {
    let (mut session, log) = session();
    let users = session.fetch_all(users().options(selectinload(User::ORDERS).selectinload(Order::TAGS))).unwrap();
    assert_eq!(log.count(), 3);
    assert_eq!((labels(&session, users[0]), labels(&session, users[1])), ("new hot, hot".into(), String::new()));
}

/// Nothing is asked where there is nobody to ask for.
#[test]
fn nobody_to_ask_for() {
    let (mut session, log) = session();
    let none = User::select().filter(User::ID.gt(100)).options(selectinload(User::ADDRESSES));
    assert!(session.fetch_all(none).unwrap().is_empty());
    assert_eq!(log.count(), 1);
    let lost =
        Address::select().filter(Address::ID.eq(4)).options(selectinload(Address::USER).selectinload(User::ORDERS));
    let lost = session.fetch_one(lost).unwrap();
    assert_eq!((session.one(lost, Address::USER), log.count()), (None, 1));
}

/// Who is here and fresh need not be asked for.
#[test]
fn a_parent_that_is_here() {
    let (mut session, log) = session();
    let ed = session.get_one::<User>(1).unwrap();
    let query = Address::select().filter(Address::USER_ID.eq(1)).options(selectinload(Address::USER));
    let addresses = session.fetch_all(query.clone()).unwrap();
    assert_eq!((session[addresses[0]].user.key(), log.count()), (Some(ed), 2));
    session.commit().unwrap();
    session.fetch_all(query).unwrap();
    assert_eq!(log.count(), 2);
}

fn many(count: usize) -> (aludel::blocking::Session, Log) {
    let (mut session, log) = log::session(TABLES, &[]);
    session.add_all((0..count).map(|at| User::build().name(format!("u{at}")).addresses([Address::build().email("x")])));
    session.commit().unwrap();
    session.expunge_all();
    log.count();
    (session, log)
}

#[test]
fn in_chunks() {
    let (mut session, log) = many(1_200);
    let found = session.fetch_all(users().options(selectinload(User::ADDRESSES))).unwrap();
    assert_eq!(log.count(), 1 + 3);
    assert!(addresses(&session, &found).iter().all(|count| *count == 1));
    session.expunge_all();
    let found = session.fetch_all(users().options(selectinload(User::ADDRESSES).chunk(100))).unwrap();
    assert_eq!((found.len(), log.count()), (1_200, 1 + 12));
    session.expunge_all();
    session.fetch_all(users().options(selectinload(User::ADDRESSES).chunk(5_000))).unwrap();
    assert_eq!(log.count(), 1 + 1);
    // What comes below is cut by itself.
    session.expunge_all();
    session.fetch_all(users().options(selectinload(User::ADDRESSES).chunk(5_000).selectinload(Address::USER))).unwrap();
    assert_eq!(log.count(), 1 + 1);
    let found = found_all(&mut session);
    session.load(&found, User::ADDRESSES).unwrap();
    assert_eq!(log.count(), 1 + 3);
}

fn found_all(session: &mut aludel::blocking::Session) -> Vec<Key<User>> {
    session.fetch_all(users()).unwrap()
}

/// How many keys `Session::load` asks for at once is a setting of the session.
#[test]
fn in_chunks_of_the_session() {
    let (engine, log) = crate::model::engine();
    let mut session = aludel::blocking::Session::builder(&engine).load_chunk(2).build();
    let users = session.fetch_all(users()).unwrap();
    log.count();
    session.load(&users, User::ADDRESSES).unwrap();
    assert_eq!((log.count(), addresses(&session, &users)), (2, vec![2, 1, 0, 0]));
}

#[test]
fn one_by_one() {
    let (mut session, log) = session();
    let users = session.fetch_all(users().options(immediateload(User::ADDRESSES))).unwrap();
    assert_eq!((log.count(), addresses(&session, &users)), (1 + 4, vec![2, 1, 0, 0]));
}

/// The same object many times in a result is asked for once.
#[test]
fn rows_that_repeat() {
    let (mut session, log) = session();
    let query = select((Address::ID, User::ALL)).join(User::TABLE, Address::USER_ID.eq(User::ID)).order_by(Address::ID);
    let rows = session.fetch_all(query.options(selectinload(User::ORDERS).selectinload(Order::ITEMS))).unwrap();
    assert_eq!((rows.len(), log.count()), (3, 3));
    let counts: Vec<usize> = rows.iter().map(|(_, user)| session[*user].orders.len()).collect();
    assert_eq!(counts, [2, 2, 1]);
    let order = session.keys(rows[0].1, User::ORDERS)[0];
    assert_eq!(
        session.view(order).many(Order::ITEMS).map(|item: aludel::View<'_, Item>| item.id).collect::<Vec<_>>(),
        [1, 2]
    );
}

/// Two entities in a row, each with its own.
#[test]
fn of_two_entities() {
    let (mut session, log) = session();
    let query = select((User::ALL, Order::ALL)).join(Order::TABLE, Order::USER_ID.eq(User::ID)).order_by(Order::ID);
    let rows = session.fetch_all(query.options((selectinload(User::ADDRESSES), selectinload(Order::TAGS)))).unwrap();
    assert_eq!((rows.len(), log.count()), (3, 3));
    let counts: Vec<(usize, usize)> =
        rows.iter().map(|(user, order)| (session[*user].addresses.len(), session[*order].tags.len())).collect();
    assert_eq!(counts, [(2, 2), (2, 1), (1, 0)]);
}

/// An entity that an outer join has not found.
#[test]
fn of_nobody() {
    let (mut session, log) = session();
    let query = select((User::ID, Profile::ALL.optional()))
        .left_join(Profile::TABLE, Profile::USER_ID.eq(User::ID))
        .order_by(User::ID);
    let rows = session.fetch_all(query.options(selectinload(Profile::USER).selectinload(User::ADDRESSES))).unwrap();
    assert_eq!(log.count(), 3);
    let found: Vec<Option<usize>> = rows
        .iter()
        .map(|(_, profile)| {
            profile.map(|profile| session.view(profile).one(Profile::USER).unwrap().many(User::ADDRESSES).len())
        })
        .collect();
    assert_eq!(found, [Some(2), None, Some(0), None]);
}
