//! The first steps.

use aludel::prelude::*;

use crate::model::{Address, Order, Tag, User, session};

#[test]
fn get_twice_asks_once() {
    let (mut session, log) = session();
    let ed = session.get::<User>(1).unwrap().unwrap();
    assert_eq!(session.get::<User>(1).unwrap(), Some(ed));
    assert_eq!(log.sql().len(), 1);
    assert_eq!(session[ed].name, "ed");
}

#[test]
fn add_change_delete() {
    let (mut session, log) = session();
    let zoe = session.add(User::build().name("zoe").addresses([Address::build().email("z@a.org")]));
    session.commit().unwrap();
    assert_eq!(log.sql().len(), 2);
    assert_eq!(session[zoe].id, 5);
    session[zoe].fullname = Some("Zoe".into());
    session.commit().unwrap();
    insta::assert_debug_snapshot!(log.sql(), @r#"
    [
        "UPDATE users SET fullname = ? WHERE users.id = ?",
    ]
    "#);
    session.delete(zoe);
    session.commit().unwrap();
    insta::assert_debug_snapshot!(log.sql());
    assert!(session.try_get(zoe).is_err());
}

#[test]
fn loads() {
    let (mut session, log) = session();
    let users = session
        .fetch_all(
            User::select()
                .order_by(User::ID)
                .options((selectinload(User::ADDRESSES), selectinload(User::ORDERS).selectinload(Order::TAGS))),
        )
        .unwrap();
    assert_eq!(log.sql().len(), 4);
    let counts: Vec<usize> = users.iter().map(|user| session[*user].addresses.len()).collect();
    assert_eq!(counts, [2, 1, 0, 0]);
    let labels: Vec<&str> = session
        .view(users[0])
        .many(User::ORDERS)
        .flat_map(|order| order.many(Order::TAGS))
        .map(|tag| tag.get().label.as_str())
        .collect();
    assert_eq!(labels, ["new", "hot", "hot"]);
    let hot = session.fetch_one(Tag::select().filter(Tag::LABEL.eq("hot"))).unwrap();
    assert_eq!(session[hot].id, 2);
}

#[test]
fn joined() {
    let (mut session, log) = session();
    let users =
        session.fetch_all(User::select().order_by(User::ID).limit(2).options(joinedload(User::ADDRESSES))).unwrap();
    insta::assert_debug_snapshot!(log.sql());
    let counts: Vec<usize> = users.iter().map(|user| session[*user].addresses.len()).collect();
    assert_eq!(counts, [2, 1]);
}

#[test]
fn link_and_unlink() {
    let (mut session, _) = session();
    let ed = session.get::<User>(1).unwrap().unwrap();
    session.load(ed, User::ADDRESSES).unwrap();
    let home = session.add(Address::build().email("home@x.org"));
    session.link(ed, User::ADDRESSES, home);
    assert_eq!(session[ed].addresses.len(), 3);
    assert_eq!(session.one(home, Address::USER), Some(ed));
    session.commit().unwrap();
    assert_eq!(session[home].user_id, 1);
    session.unlink(ed, User::ADDRESSES, home);
    session.commit().unwrap();
    assert!(!session.contains(home));
}
