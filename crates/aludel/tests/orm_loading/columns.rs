//! Some columns alone: `load_only` and `defer`, of the rows and further down.

use aludel::prelude::*;

use crate::model::{Address, Item, Order, User, addresses, labels, session, users};

#[test]
fn of_the_rows() {
    let (mut session, log) = session();
    let ed = session.fetch_one(users().filter(User::ID.eq(1)).options(load_only(User::NAME))).unwrap();
    assert_eq!(log.sql(), ["SELECT users.id, users.name FROM users WHERE users.id = ? ORDER BY users.id"]);
    assert_eq!((session[ed].name.as_str(), &session[ed].nick), ("ed", &None));
    assert!(session.is_column_loaded(ed, User::NAME) && !session.is_column_loaded(ed, User::NICK));
    assert_eq!(session.value(ed, User::NAME).unwrap(), "ed");
    let error = session.value(ed, User::NICK).unwrap_err().to_string();
    assert!(error.contains("User.nick of Key<User>(0) was not loaded"), "{error}");
    session.refresh_only(ed, User::NICK).unwrap();
    assert_eq!(session.value(ed, User::NICK).unwrap().as_deref(), Some("eddie"));
    assert_eq!(log.sql(), ["SELECT users.id, users.nick FROM users WHERE users.id = ?"]);
    assert!(!session.is_column_loaded(ed, User::BOSS_ID));
}

#[test]
fn all_but_some() {
    let (mut session, log) = session();
    let query = Order::select().filter(Order::ID.eq(1)).options(defer((Order::NOTE, Order::ID)));
    let order = session.fetch_one(query).unwrap();
    assert_eq!(log.sql()[0].matches("orders.").count(), 4 + 1);
    assert!(!session.is_column_loaded(order, Order::NOTE) && session.is_column_loaded(order, Order::ID));
    // A wider query reads the rest.
    session.fetch_all(Order::select()).unwrap();
    assert_eq!(session.value(order, Order::NOTE).unwrap(), "x");
}

/// Two options of one entity go together.
#[test]
fn two_options() {
    let (mut session, log) = session();
    session.fetch_all(users().options((load_only(User::NAME), load_only(User::NICK)))).unwrap();
    assert!(log.sql()[0].starts_with("SELECT users.id, users.name, users.nick FROM"));
    session.expunge_all();
    session.fetch_all(users().options((defer(User::NAME), defer(User::NICK)))).unwrap();
    assert!(log.sql()[0].starts_with("SELECT users.id, users.boss_id FROM"));
}

/// What was not loaded is not written, and what is set is.
#[test]
fn a_flush_writes_what_was_set() {
    let (mut session, log) = session();
    let query = Order::select().filter(Order::ID.eq(1)).options(load_only(Order::STATUS));
    let order = session.fetch_one(query).unwrap();
    session[order].status = "sent".into();
    log.count();
    session.flush().unwrap();
    assert_eq!(log.sql(), ["UPDATE orders SET status = ? WHERE orders.id = ?"]);
    session[order].note = "seen".into();
    session.commit().unwrap();
    session.refresh(order).unwrap();
    assert_eq!((session[order].status.as_str(), session[order].note.as_str()), ("sent", "seen"));
}

/// Further down, by every loader. The columns that say whose the objects are come along.
#[test]
fn further_down() {
    for how in 0..3 {
        let (mut session, log) = session();
        let only = || load_only(Order::STATUS);
        let found = match how {
            0 => session
                .fetch_all(users().options(selectinload(User::ORDERS).options((only(), selectinload(Order::TAGS))))),
            1 => {
                session.fetch_all(users().options(joinedload(User::ORDERS).options((only(), joinedload(Order::TAGS)))))
            }
            _ => session
                .fetch_all(users().options(subqueryload(User::ORDERS).options((only(), subqueryload(Order::TAGS))))),
        };
        let found = found.unwrap();
        assert!(log.sql().iter().all(|sql| !sql.contains("note")));
        assert_eq!(labels(&session, found[0]), "new hot, hot", "{how}");
        let order = session.keys(found[0], User::ORDERS)[0];
        assert!(session.is_column_loaded(order, Order::USER_ID) && !session.is_column_loaded(order, Order::NOTE));
        assert_eq!(session[order].status, "open");
    }
}

/// The columns that relationships begin at come along, also where they were not named.
#[test]
fn columns_that_loaders_need() {
    for how in 0..3 {
        let (mut session, _) = session();
        let query = Address::select().order_by(Address::ID).limit(3);
        let only = load_only(Address::EMAIL);
        let found = match how {
            0 => session.fetch_all(query.options((only, selectinload(Address::USER).selectinload(User::ADDRESSES)))),
            1 => session.fetch_all(query.options((only, joinedload(Address::USER).joinedload(User::ADDRESSES)))),
            _ => session.fetch_all(query.options((only, subqueryload(Address::USER).subqueryload(User::ADDRESSES)))),
        };
        let found = found.unwrap();
        let names: Vec<String> =
            found.iter().map(|address| session.view(*address).one(Address::USER).unwrap().name.clone()).collect();
        assert_eq!(names, ["ed", "ed", "wendy"], "{how}");
        let ed = session.one(found[0], Address::USER).unwrap();
        assert_eq!(session[ed].addresses.len(), 2);
    }
    // Below as well: an item's order begins at a column that was not named.
    let (mut session, _) = session();
    let only = load_only(Item::WHAT);
    let path = selectinload(Order::ITEMS).options((only, selectinload(Item::ORDER).options(load_only(Order::ID))));
    let orders = session.fetch_all(Order::select().order_by(Order::ID).options(path)).unwrap();
    let item = session.keys(orders[0], Order::ITEMS)[0];
    assert_eq!(session.one(item, Item::ORDER), Some(orders[0]));
}

/// Under a limit that a joined collection wraps.
#[test]
fn under_a_limit() {
    let (mut session, log) = session();
    let options = (load_only(User::NAME), joinedload(User::ADDRESSES).options(load_only(Address::EMAIL)));
    let found = session.fetch_all(users().limit(2).options(options)).unwrap();
    let sql = log.sql();
    assert!(sql.len() == 1 && !sql[0].contains("nick"), "{sql:?}");
    assert_eq!(addresses(&session, &found), [2, 1]);
    assert_eq!(session[found[1]].name, "wendy");
}

/// A relationship whose columns were not loaded can't be loaded, and says what to do.
#[test]
fn a_relationship_without_its_columns() {
    let (mut session, _) = session();
    let order = session.fetch_one(Order::select().filter(Order::ID.eq(1)).options(load_only(Order::STATUS))).unwrap();
    let error = session.load(order, Order::USER).unwrap_err().to_string();
    assert!(error.contains("Order.user is found by Order.user_id, which was not loaded"), "{error}");
    assert!(session.try_keys(order, Order::USER).is_err());
    session.refresh_only(order, Order::USER_ID).unwrap();
    session.load(order, Order::USER).unwrap();
    assert!(session.one(order, Order::USER).is_some());
}

/// An object that is here and whole stays whole.
#[test]
fn of_objects_that_are_here() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session.fetch_all(users().options(load_only(User::NAME))).unwrap();
    assert_eq!(session.value(ed, User::NICK).unwrap().as_deref(), Some("eddie"));
    // And one of which a part is here is read where all of it is wanted.
    let wendy = session.fetch_one(users().filter(User::ID.eq(2)).options(load_only(User::NAME))).unwrap();
    let address =
        session.fetch_one(Address::select().filter(Address::ID.eq(3)).options(selectinload(Address::USER))).unwrap();
    assert_eq!(session.one(address, Address::USER), Some(wendy));
    assert!(session.is_column_loaded(wendy, User::BOSS_ID));
}
