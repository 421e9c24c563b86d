//! Loads of a part: only targets that meet a condition.

use aludel::immediateload;
use aludel::prelude::*;

use crate::model::{Address, Item, Order, Tag, User, addresses, session, users};

#[test]
fn by_every_loader() {
    for how in 0..4 {
        let (mut session, log) = session();
        let condition = Address::EMAIL.like("%b.org");
        let found = match how {
            0 => session.fetch_all(users().options(selectinload(User::ADDRESSES).filter(condition))),
            1 => session.fetch_all(users().options(joinedload(User::ADDRESSES).filter(condition))),
            2 => session.fetch_all(users().options(subqueryload(User::ADDRESSES).filter(condition))),
            _ => session.fetch_all(users().options(immediateload(User::ADDRESSES).filter(condition))),
        };
        let found = found.unwrap();
        assert_eq!((found.len(), addresses(&session, &found)), (4, vec![1, 0, 0, 0]), "{how}");
        assert_eq!(log.count(), [2, 1, 2, 5][how]);
    }
}

/// Called again, both conditions hold.
#[test]
fn two_conditions() {
    let (mut session, _) = session();
    let path = selectinload(User::ADDRESSES).filter(Address::EMAIL.like("ed%")).filter(Address::ID.gt(1));
    let found = session.fetch_all(users().options(path)).unwrap();
    assert_eq!(addresses(&session, &found), [1, 0, 0, 0]);
}

/// Of a to-one that does not meet it, nobody is there, though the foreign key names somebody who is here.
#[test]
fn to_one() {
    for how in 0..3 {
        let (mut session, _) = session();
        session.fetch_all(users()).unwrap();
        let query = Address::select().order_by(Address::ID);
        let condition = User::NAME.eq("ed");
        let found = match how {
            0 => session.fetch_all(query.options(selectinload(Address::USER).filter(condition))),
            1 => session.fetch_all(query.options(joinedload(Address::USER).filter(condition))),
            _ => session.fetch_all(query.options(subqueryload(Address::USER).filter(condition))),
        };
        let found: Vec<bool> = found.unwrap().iter().map(|key| session[*key].user.is_some()).collect();
        assert_eq!(found, [true, true, false, false], "{how}");
    }
}

#[test]
fn over_a_link_table_and_below() {
    for how in 0..3 {
        let (mut session, _) = session();
        let query = Order::select().order_by(Order::ID);
        let (hot, ink) = (Tag::LABEL.eq("hot"), Item::WHAT.eq("ink"));
        let found = match how {
            0 => session.fetch_all(query.options((
                selectinload(Order::TAGS).filter(hot).selectinload(Tag::ORDERS),
                selectinload(Order::ITEMS).filter(ink),
            ))),
            1 => session.fetch_all(query.options((
                joinedload(Order::TAGS).filter(hot).joinedload(Tag::ORDERS),
                joinedload(Order::ITEMS).filter(ink),
            ))),
            _ => session.fetch_all(query.options((
                subqueryload(Order::TAGS).filter(hot).subqueryload(Tag::ORDERS),
                subqueryload(Order::ITEMS).filter(ink),
            ))),
        };
        let found = found.unwrap();
        let counts: Vec<(usize, usize)> =
            found.iter().map(|order| (session[*order].tags.len(), session[*order].items.len())).collect();
        assert_eq!(counts, [(1, 1), (1, 0), (0, 0)], "{how}");
        let hot = session.keys(found[0], Order::TAGS)[0];
        assert_eq!(session.keys(hot, Tag::ORDERS), found[..2], "{how}");
    }
}

/// A part is not taken for the whole: what is deleted or replaced goes by all there is.
#[test]
fn a_part_is_not_the_whole() {
    let (mut session, _) = session();
    let path = selectinload(User::ADDRESSES).filter(Address::EMAIL.like("%b.org"));
    let ed = session.fetch_one(users().filter(User::ID.eq(1)).options(path)).unwrap();
    let first = session.get_one::<Address>(1).unwrap();
    session.unlink(ed, User::ADDRESSES, first);
    session.commit().unwrap();
    assert_eq!(session[first].user_id, None);
    session.link(ed, User::ADDRESSES, first);
    session.commit().unwrap();
    session.load(ed, User::ADDRESSES).unwrap();
    assert_eq!(session[ed].addresses.len(), 2);
}
