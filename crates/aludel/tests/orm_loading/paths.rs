//! Paths of several relationships, with branches.

use aludel::prelude::*;

use crate::model::{Address, Item, Order, Tag, User, labels, session, users};

/// As deep as one likes, each level of a different kind.
#[test]
fn deep() {
    let (mut session, log) = session();
    let path = selectinload(Tag::ORDERS)
        .joinedload(Order::USER)
        .selectinload(User::ADDRESSES)
        .selectinload(Address::USER)
        .selectinload(User::PROFILE);
    let tags = session.fetch_all(Tag::select().order_by(Tag::ID).options(path)).unwrap();
    // The addresses' users are here by then.
    assert_eq!(log.count(), 4);
    let texts: Vec<String> = session
        .view(tags[1])
        .many(Tag::ORDERS)
        .filter_map(|order| order.one(Order::USER))
        .flat_map(|user| user.many(User::ADDRESSES))
        .filter_map(|address| address.one(Address::USER))
        .filter_map(|user| user.one(User::PROFILE))
        .map(|profile| profile.text.clone())
        .collect();
    assert_eq!(texts, ["about ed"; 4]);
}

/// Branches at each level.
#[test]
fn with_siblings() {
    let (mut session, log) = session();
    let options = (
        selectinload(User::ADDRESSES),
        joinedload(User::PROFILE),
        selectinload(User::ORDERS).options((
            selectinload(Order::TAGS).selectinload(Tag::ORDERS),
            selectinload(Order::ITEMS),
            joinedload(Order::ADDRESS),
        )),
    );
    let found = session.fetch_all(users().options(options)).unwrap();
    assert_eq!(log.count(), 6);
    assert_eq!((session[found[0]].addresses.len(), labels(&session, found[0]).as_str()), (2, "new hot, hot"));
    let orders = session.keys(found[0], User::ORDERS);
    let items: Vec<usize> = orders.iter().map(|order| session[*order].items.len()).collect();
    assert_eq!(items, [2, 1]);
    assert!(session[orders[0]].address.is_some() && session[orders[1]].address.is_none());
    assert!(session.one(found[0], User::PROFILE).is_some());
}

/// What is said of one relationship in several options goes together.
#[test]
fn the_same_beginning() {
    let (mut session, log) = session();
    let options = (
        selectinload(User::ORDERS).selectinload(Order::TAGS),
        selectinload(User::ORDERS).joinedload(Order::ADDRESS),
        selectinload(User::ORDERS).selectinload(Order::ITEMS),
    );
    let found = session.fetch_all(users().options(options)).unwrap();
    assert_eq!(log.count(), 4);
    let order = session.keys(found[0], User::ORDERS)[0];
    assert!(session[order].address.is_some());
    assert_eq!((session[order].items.len(), session[order].tags.len()), (2, 2));
    // The last word counts.
    session.expunge_all();
    let query = users().options(joinedload(User::ORDERS)).options(selectinload(User::ORDERS));
    session.fetch_all(query).unwrap();
    assert_eq!(log.count(), 2);
}

/// Options given one after the other, and in nested tuples.
#[test]
fn one_after_the_other() {
    let (mut session, log) = session();
    let query = users().options(selectinload(User::ADDRESSES)).filter(User::ID.eq(1));
    let query = query.options(((selectinload(User::ORDERS), joinedload(User::BOSS)), selectinload(User::STAFF)));
    let ed = session.fetch_one(query.limit(5)).unwrap();
    assert_eq!(log.count(), 4);
    assert_eq!((session[ed].addresses.len(), session[ed].orders.len(), session[ed].staff.len()), (2, 2, 2));
}

/// A relationship by its own method.
#[test]
fn by_the_relationship() {
    let (mut session, log) = session();
    let found = session.fetch_all(users().options(User::ORDERS.load().selectinload(Order::TAGS))).unwrap();
    assert_eq!((log.count(), labels(&session, found[0]).as_str()), (3, "new hot, hot"));
}

/// An option that is about something else is an error, and not left out.
#[test]
fn options_that_do_not_fit() {
    let (mut session, log) = session();
    let errors = [
        session.fetch_all(users().options(selectinload(Order::TAGS))).unwrap_err().to_string(),
        session.fetch_all(users().options(joinedload(Order::TAGS))).unwrap_err().to_string(),
        session.fetch_all(users().options(load_only(Address::EMAIL))).unwrap_err().to_string(),
        session
            .fetch_all(users().options(selectinload(User::ORDERS).options(selectinload(User::BOSS))))
            .unwrap_err()
            .to_string(),
        session
            .fetch_all(users().options(joinedload(User::ORDERS).options(load_only(User::NAME))))
            .unwrap_err()
            .to_string(),
        session.fetch_all(users().options(selectinload(User::ORDERS).depth(2))).unwrap_err().to_string(),
    ];
    let expected = [
        "Order.tags can't be loaded along: the query gives no Order",
        "Order.tags can't be loaded along: the query gives no Order",
        "load_only or defer names columns of Address: the query gives no Address",
        "an option for User stands below User.orders, which leads to Order",
        "an option for User stands below User.orders, which leads to Order",
        "depth is for a relationship of an entity to itself, and User.orders leads from User to Order",
    ];
    for (error, expected) in errors.iter().zip(expected) {
        assert!(error.contains(expected), "{error}");
    }
    assert!(log.count() <= 2);
    let ed = session.get_one::<User>(1).unwrap();
    let error = session.load(ed, selectinload(User::ORDERS).options(joinedload(Item::ORDER))).unwrap_err().to_string();
    assert!(error.contains("an option for Item stands below User.orders, which leads to Order"), "{error}");
}
