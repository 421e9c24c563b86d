//! What random runs have found, each as small as it gets.

use aludel::prelude::*;

use crate::backend;
use crate::model::{Address, Doc, Line, Order, Profile, Tag, User, database, now};

/// Users 1 and 2; addresses 1 and 2 of the first; order 1 of the first, with tags 1 and 2; profile 1 of the first.
fn session() -> (Session, Engine) {
    let engine = database();
    let rows = [
        "INSERT INTO users VALUES (1, 'ed', 30, NULL), (2, 'wendy', NULL, 1)",
        "INSERT INTO addresses VALUES (1, 'one', 1), (2, 'two', 1)",
        "INSERT INTO orders VALUES (1, 'open', 1)",
        "INSERT INTO tags VALUES (1, 'new'), (2, 'hot')",
        "INSERT INTO order_tag VALUES (1, 1), (1, 2)",
        "INSERT INTO profiles VALUES (1, 'of ed', 1)",
        "INSERT INTO docs VALUES (1, 'doc', 1)",
    ];
    now(backend::fill_async(&engine, &rows));
    (Session::new(&engine), engine)
}

fn get<T: aludel::Mapped>(session: &mut Session, identity: T::Identity) -> Key<T> {
    now(session.get_one::<T>(identity)).unwrap()
}

fn scalar<T: aludel::SqlTyped + aludel::Decode + Send + 'static>(engine: &Engine, sql: &str) -> T {
    now(engine.fetch_scalar(backend::text(sql))).unwrap()
}

/// The users, with everything loaded.
fn users(session: &mut Session) -> [Key<User>; 2] {
    let options = (selectinload(User::ADDRESSES), selectinload(User::ORDERS).selectinload(Order::TAGS));
    let users = now(session.fetch_all(User::select().order_by(User::ID).options(options))).unwrap();
    now(session.load(&users, User::PROFILE)).unwrap();
    [users[0], users[1]]
}

#[test]
fn a_key_set_by_hand_after_a_link_counts() {
    let (mut session, _) = session();
    let [ed, wendy] = users(&mut session);
    let [first, _] = session.keys(ed, User::ADDRESSES)[..] else { panic!() };
    let new = session.add(User::build().name("new"));
    session.link(new, User::ADDRESSES, first);
    session[first].user_id = 2;
    now(session.commit()).unwrap();
    assert_eq!(session[first].user_id, 2);
    assert_eq!(session.keys(wendy, User::ADDRESSES), [first]);
    assert!(session.keys(new, User::ADDRESSES).is_empty());
    assert_eq!(session.one(first, Address::USER), Some(wendy));
}

#[test]
fn a_key_set_back_by_hand_after_an_unlink_counts() {
    let (mut session, engine) = session();
    let [ed, _] = users(&mut session);
    let profile = session.one(ed, User::PROFILE).unwrap();
    session.unlink(ed, User::PROFILE, profile);
    session[profile].user_id = Some(1);
    now(session.commit()).unwrap();
    assert_eq!(scalar::<i64>(&engine, "SELECT user_id FROM profiles"), 1);
    assert_eq!(session.one(ed, User::PROFILE), Some(profile));
}

#[test]
fn a_link_after_a_key_set_by_hand_counts() {
    let (mut session, _) = session();
    let [ed, wendy] = users(&mut session);
    let [first, second] = session.keys(ed, User::ADDRESSES)[..] else { panic!() };
    session[first].user_id = 2;
    let new = session.add(User::build().name("new"));
    session.link(new, User::ADDRESSES, first);
    now(session.commit()).unwrap();
    assert_eq!(session[first].user_id, session[new].id);
    assert_eq!(session.keys(ed, User::ADDRESSES), [second]);
    assert_eq!(session.keys(new, User::ADDRESSES), [first]);
    assert!(session.keys(wendy, User::ADDRESSES).is_empty());
}

/// Lists follow at a flush, also one that fails, and follow again.
#[test]
fn a_key_set_by_hand_twice_with_a_failed_flush_between() {
    let (mut session, _) = session();
    let [ed, wendy] = users(&mut session);
    let [first, _] = session.keys(ed, User::ADDRESSES)[..] else { panic!() };
    session[first].user_id = 2;
    session[ed].name = "bad".into();
    assert!(now(session.flush()).is_err());
    session[first].user_id = 1;
    session[ed].name = "ed".into();
    now(session.commit()).unwrap();
    assert_eq!(session.keys(ed, User::ADDRESSES).len(), 2);
    assert!(session.keys(wendy, User::ADDRESSES).is_empty());
}

#[test]
fn a_child_moved_by_hand_and_deleted_leaves_both_lists() {
    let (mut session, _) = session();
    let [ed, wendy] = users(&mut session);
    let [first, second] = session.keys(ed, User::ADDRESSES)[..] else { panic!() };
    session[first].user_id = 2;
    session.delete(first);
    now(session.commit()).unwrap();
    assert_eq!(session.keys(ed, User::ADDRESSES), [second]);
    assert!(session.keys(wendy, User::ADDRESSES).is_empty());
}

#[test]
fn what_is_let_go_leaves_no_list_that_lacks_it() {
    let (mut session, _) = session();
    let [ed, _] = users(&mut session);
    let [first, _] = session.keys(ed, User::ADDRESSES)[..] else { panic!() };
    let order = session.keys(ed, User::ORDERS)[0];
    session.expunge(first);
    assert!(session.try_keys(ed, User::ADDRESSES).is_err());
    // So its row is found when its parent is deleted.
    session.delete(ed);
    let wendy = get::<User>(&mut session, 2);
    session[wendy].manager_id = None;
    now(session.flush()).unwrap();
    assert!(now(session.fetch_all(Address::select())).unwrap().is_empty());
    now(session.rollback()).unwrap();
    now(session.refresh(order)).unwrap();
    session.expunge(ed);
    assert!(session.try_keys(order, Order::USER).is_err());
}

#[test]
fn a_rollback_brings_nobody_back_who_was_let_go() {
    let (mut session, _) = session();
    let [ed, _] = users(&mut session);
    let [first, _] = session.keys(ed, User::ADDRESSES)[..] else { panic!() };
    let order = session.keys(ed, User::ORDERS)[0];
    let tag = session.keys(order, Order::TAGS)[0];
    session[ed].age = Some(31);
    session.unlink(ed, User::ADDRESSES, first);
    session.expunge(first);
    session.delete(order);
    now(session.flush()).unwrap();
    session.expunge(tag);
    now(session.rollback()).unwrap();
    assert_eq!(session[ed].age, Some(30));
    assert!(session.try_keys(ed, User::ADDRESSES).is_err());
    assert!(session.try_keys(order, Order::TAGS).is_err());
    now(session.load(order, Order::TAGS)).unwrap();
    assert_eq!(session.keys(order, Order::TAGS).len(), 2);
}

#[test]
fn a_rollback_leaves_the_next_one_in_a_place_alone() {
    let (mut session, _) = session();
    let ed = get::<User>(&mut session, 1);
    session[ed].name = "Edward".into();
    now(session.flush()).unwrap();
    session.expunge(ed);
    let wendy = get::<User>(&mut session, 2);
    now(session.rollback()).unwrap();
    assert_eq!((session[wendy].id, session[wendy].name.as_str()), (2, "wendy"));
    assert_eq!(now(session.get::<User>(2)).unwrap(), Some(wendy));
}

#[test]
fn a_new_orphan_stays_until_a_flush_succeeds() {
    let (mut session, _) = session();
    let [ed, wendy] = users(&mut session);
    let new = session.add(Address::build().email("new"));
    session.link(ed, User::ADDRESSES, new);
    session.unlink(ed, User::ADDRESSES, new);
    session[ed].name = "bad".into();
    assert!(now(session.flush()).is_err());
    assert!(session.contains(new));
    session.link(wendy, User::ADDRESSES, new);
    session[ed].name = "ed".into();
    now(session.commit()).unwrap();
    assert_eq!(session[new].user_id, 2);
}

#[test]
fn an_orphan_is_taken_back_after_a_plan() {
    let (mut session, engine) = session();
    let [ed, wendy] = users(&mut session);
    let [first, second] = session.keys(ed, User::ADDRESSES)[..] else { panic!() };
    session.unlink(ed, User::ADDRESSES, first);
    session.unlink(ed, User::ADDRESSES, second);
    assert_eq!(now(session.plan()).unwrap().len(), 1);
    session.link(wendy, User::ADDRESSES, first);
    session[second].user_id = 2;
    now(session.commit()).unwrap();
    assert_eq!(scalar::<i64>(&engine, "SELECT count(*) FROM addresses WHERE user_id = 2"), 2);
    assert_eq!(session.keys(wendy, User::ADDRESSES).len(), 2);
}

#[test]
fn a_link_of_what_is_deleted_is_called_off_once() {
    let (mut session, _) = session();
    let tag = get::<Tag>(&mut session, 1);
    let order = session.add(Order::build().status("new"));
    now(session.flush()).unwrap();
    session.link(order, Order::TAGS, tag);
    session.delete(order);
    now(session.plan()).unwrap();
    now(session.commit()).unwrap();
}

#[test]
fn two_that_are_linked_are_deleted_together() {
    let (mut session, engine) = session();
    let [ed, _] = users(&mut session);
    let order = session.keys(ed, User::ORDERS)[0];
    let tag = session.keys(order, Order::TAGS)[0];
    session.delete(order);
    session.delete(tag);
    now(session.commit()).unwrap();
    assert_eq!(scalar::<i64>(&engine, "SELECT count(*) FROM order_tag"), 0);
}

#[test]
fn values_that_were_pushed_survive_a_load() {
    let (mut session, engine) = session();
    let ed = get::<User>(&mut session, 1);
    session[ed].addresses.push(Address::build().email("pushed"));
    now(session.no_autoflush().load(ed, User::ADDRESSES)).unwrap();
    now(session.commit()).unwrap();
    assert_eq!(session.keys(ed, User::ADDRESSES).len(), 3);
    assert_eq!(scalar::<i64>(&engine, "SELECT count(*) FROM addresses"), 3);
}

#[test]
fn what_is_read_over_is_given_up_in_lists_too() {
    let (mut session, _) = session();
    let [ed, wendy] = users(&mut session);
    let [first, _] = session.keys(ed, User::ADDRESSES)[..] else { panic!() };
    session.link(wendy, User::ADDRESSES, first);
    session[ed].addresses.push(Address::build().email("pushed"));
    now(session.no_autoflush().fetch_all(Address::select().populate_existing())).unwrap();
    assert_eq!(session[first].user_id, 1);
    assert!(session.keys(wendy, User::ADDRESSES).is_empty());
    now(session.refresh(ed)).unwrap();
    now(session.commit()).unwrap();
    assert_eq!(session.keys(ed, User::ADDRESSES).len(), 2);
}

#[test]
fn a_blank_value_that_was_set_is_sent() {
    let (mut session, engine) = session();
    let new = session.add(User::build().name("new"));
    session[new].age = Some(0);
    now(session.commit()).unwrap();
    assert_eq!(scalar::<Option<i64>>(&engine, "SELECT age FROM users WHERE name = 'new'"), Some(0));
}

#[test]
fn a_whole_list_of_a_new_object_takes_the_place_of_what_was_linked() {
    let (mut session, engine) = session();
    let new = session.add(User::build().name("new"));
    let linked = session.add(Order::build().status("linked"));
    session.link(new, User::ORDERS, linked);
    let value = Order { id: 0, status: "value".into(), user_id: None, user: One::unloaded(), tags: Many::unloaded() };
    session[new].orders = vec![value].into();
    now(session.commit()).unwrap();
    assert_eq!(session[linked].user_id, None);
    assert_eq!(scalar::<String>(&engine, "SELECT status FROM orders WHERE user_id = 3"), "value");
}

#[test]
fn a_statement_that_moves_a_row_which_is_no_object_makes_lists_unknown() {
    let (mut session, _) = session();
    let [ed, wendy] = users(&mut session);
    let order = session.keys(ed, User::ORDERS)[0];
    session.expunge(order);
    now(session.execute(Order::update().set(Order::USER_ID, Some(2_i64)))).unwrap();
    assert!(session.try_keys(wendy, User::ORDERS).is_err());
}

#[test]
fn a_statement_that_moves_objects_moves_them_in_lists_and_back() {
    let (mut session, _) = session();
    let [ed, wendy] = users(&mut session);
    let addresses = session.keys(ed, User::ADDRESSES);
    now(session.execute(Address::update().set(Address::USER_ID, 2_i64))).unwrap();
    assert_eq!(session.keys(wendy, User::ADDRESSES).len(), 2);
    assert!(session.keys(ed, User::ADDRESSES).is_empty());
    now(session.rollback()).unwrap();
    assert_eq!(session.keys(ed, User::ADDRESSES).len(), 2);
    assert!(addresses.iter().all(|address| session[*address].user_id == 1));
}

#[test]
fn a_list_that_was_loaded_over_changes_is_undone_with_them() {
    let (mut session, _) = session();
    let ed = get::<User>(&mut session, 1);
    let wendy = get::<User>(&mut session, 2);
    let first = get::<Address>(&mut session, 1);
    now(session.commit()).unwrap();
    session[first].user_id = 2;
    now(session.no_autoflush().load([ed, wendy], User::ADDRESSES)).unwrap();
    assert_eq!(session.keys(wendy, User::ADDRESSES), [first]);
    now(session.rollback()).unwrap();
    assert!(session.try_keys(wendy, User::ADDRESSES).is_err());
    assert_eq!(session[first].user_id, 1);
}

#[test]
fn a_parent_that_is_loaded_along_gives_way_to_an_unlink() {
    let (mut session, _) = session();
    let ed = get::<User>(&mut session, 1);
    let wendy = get::<User>(&mut session, 2);
    session.unlink(wendy, User::MANAGER, ed);
    now(session.no_autoflush().fetch_all(User::select().options(joinedload(User::MANAGER)))).unwrap();
    assert_eq!(session.one(wendy, User::MANAGER), None);
    session[wendy].manager_id = Some(99);
    now(session.no_autoflush().fetch_all(User::select().options(joinedload(User::MANAGER)))).unwrap();
    assert_ne!(session.try_keys(wendy, User::MANAGER).unwrap_or_default(), [ed]);
}

#[test]
fn what_is_deleted_and_let_go_stays_a_row() {
    let (mut session, engine) = session();
    let [ed, _] = users(&mut session);
    let [first, _] = session.keys(ed, User::ADDRESSES)[..] else { panic!() };
    session.delete(first);
    assert_eq!(session.keys(ed, User::ADDRESSES).len(), 1);
    session.expunge(first);
    assert!(session.try_keys(ed, User::ADDRESSES).is_err());
    now(session.commit()).unwrap();
    assert_eq!(scalar::<i64>(&engine, "SELECT count(*) FROM addresses"), 2);
}

#[test]
fn a_new_parent_that_is_deleted_leaves_those_with_other_keys_alone() {
    let (mut session, _) = session();
    let [_, wendy] = users(&mut session);
    let new = session.add(User::build().name("new"));
    let address = session.add(Address::build().email("new"));
    session.link(new, User::ADDRESSES, address);
    session[address].user_id = 2;
    session.delete(new);
    now(session.commit()).unwrap();
    assert_eq!(session.keys(wendy, User::ADDRESSES), [address]);
}

#[test]
fn one_to_one_of_a_deleted_owner_comes_back() {
    let (mut session, _) = session();
    let [ed, _] = users(&mut session);
    let profile = session.one(ed, User::PROFILE);
    session[ed].profile = Profile { id: 0, about: "new".into(), user_id: None, user: One::unloaded() }.into();
    session.delete(ed);
    let wendy = get::<User>(&mut session, 2);
    session[wendy].manager_id = None;
    now(session.flush()).unwrap();
    now(session.rollback()).unwrap();
    assert_eq!(session.one(ed, User::PROFILE), profile);
}

#[test]
fn one_to_one_who_came_last_stays() {
    let (mut session, engine) = session();
    let ed = get::<User>(&mut session, 1);
    let wendy = get::<User>(&mut session, 2);
    let first = get::<Profile>(&mut session, 1);
    let second = session.add(Profile::build().about("second"));
    // Nobody has loaded whose place it takes, and it does not stay.
    session.link(ed, User::PROFILE, second);
    session.link(wendy, User::PROFILE, second);
    now(session.commit()).unwrap();
    assert_eq!((session[first].user_id, session[second].user_id), (None, Some(2)));
    now(session.execute(text("UPDATE profiles SET user_id = NULL"))).unwrap();
    now(session.execute(text("UPDATE profiles SET user_id = 1 WHERE id = 1"))).unwrap();
    now(session.commit()).unwrap();
    session.expunge_all();
    let ed = get::<User>(&mut session, 1);
    let first = get::<Profile>(&mut session, 1);
    let third = session.add(Profile::build().about("third"));
    session.link(ed, User::PROFILE, third);
    session.link(ed, User::PROFILE, first);
    now(session.commit()).unwrap();
    assert_eq!(scalar::<i64>(&engine, "SELECT id FROM profiles WHERE user_id = 1"), 1);
    assert_eq!(session.one(ed, User::PROFILE), Some(first));
}

/// A key of several columns, the foreign key among them.
#[test]
fn a_composite_key_moves_with_its_parent() {
    let (mut session, engine) = session();
    let doc = get::<Doc>(&mut session, 1);
    let line = session.add(Line::build().no(1).txt("one"));
    session.link(doc, Doc::LINES, line);
    now(session.commit()).unwrap();
    let other = session.add(Doc::build().body("other").version(1));
    session.link(other, Doc::LINES, line);
    session[line].no = 7;
    now(session.commit()).unwrap();
    assert_eq!(scalar::<String>(&engine, "SELECT doc_id || ' ' || no FROM lines WHERE 1 = 1"), "2 7");
    assert_eq!(now(session.get::<Line>((2, 7))).unwrap(), Some(line));
    assert_eq!(now(session.get::<Line>((1, 1))).unwrap(), None);
}

#[test]
fn an_unlink_after_a_key_set_by_hand_counts() {
    let (mut session, engine) = session();
    let [_, wendy] = users(&mut session);
    let order = get::<Order>(&mut session, 1);
    let new = session.add(User::build().name("new"));
    session.link(new, User::ORDERS, order);
    session[order].user_id = Some(2);
    session.unlink(wendy, User::ORDERS, order);
    now(session.commit()).unwrap();
    assert_eq!(scalar::<Option<i64>>(&engine, "SELECT user_id FROM orders"), None);
    assert!(session.keys(wendy, User::ORDERS).is_empty() && session.keys(new, User::ORDERS).is_empty());
}

#[test]
fn an_orphan_whose_changes_are_given_up_after_a_failed_flush_stays() {
    let (mut session, engine) = session();
    let [ed, _] = users(&mut session);
    let [first, second] = session.keys(ed, User::ADDRESSES)[..] else { panic!() };
    session.unlink(ed, User::ADDRESSES, first);
    session.unlink(ed, User::ADDRESSES, second);
    session[ed].name = "bad".into();
    assert!(now(session.flush()).is_err());
    now(session.refresh(first)).unwrap();
    assert_eq!(session.keys(ed, User::ADDRESSES), [first]);
    // One that was deleted by itself stays deleted, whatever becomes of its key.
    session[second].user_id = 2;
    session.delete(second);
    session[ed].name = "ed".into();
    now(session.commit()).unwrap();
    assert_eq!(now(engine.fetch_all(select(Address::EMAIL))).unwrap(), ["one"]);
}

#[test]
fn a_child_that_goes_back_from_a_deleted_parent_stays() {
    let (mut session, engine) = session();
    let [ed, wendy] = users(&mut session);
    let [first, _] = session.keys(ed, User::ADDRESSES)[..] else { panic!() };
    session.link(wendy, User::ADDRESSES, first);
    session.delete(wendy);
    session.expire(first);
    now(session.commit()).unwrap();
    assert_eq!(scalar::<i64>(&engine, "SELECT count(*) FROM addresses WHERE user_id = 1"), 2);
    assert_eq!(session.keys(ed, User::ADDRESSES).len(), 2);
}

#[test]
fn a_parent_who_was_let_go_is_unknown_again_when_an_unlink_is_given_up() {
    let (mut session, _) = session();
    let [ed, wendy] = users(&mut session);
    let order = session.keys(ed, User::ORDERS)[0];
    session.expunge(ed);
    session.link(wendy, User::ORDERS, order);
    session.unlink(wendy, User::ORDERS, order);
    assert_eq!(session.one(order, Order::USER), None);
    session.expire(order);
    assert!(session.try_keys(order, Order::USER).is_err());
}

#[test]
fn what_is_deleted_joins_no_list() {
    let (mut session, _) = session();
    let [ed, wendy] = users(&mut session);
    session.unlink(ed, User::REPORTS, wendy);
    now(session.commit()).unwrap();
    now(session.load(ed, User::REPORTS)).unwrap();
    session.link(ed, User::REPORTS, wendy);
    now(session.commit()).unwrap();
    session.unlink(ed, User::REPORTS, wendy);
    session.delete(wendy);
    now(session.no_autoflush().fetch_all(User::select().populate_existing())).unwrap();
    assert!(session.keys(ed, User::REPORTS).is_empty());
}

#[test]
fn a_new_child_whose_parent_was_loaded_follows_its_key() {
    let (mut session, _) = session();
    let ed = get::<User>(&mut session, 1);
    let order = Order { id: 0, status: "new".into(), user_id: None, user: One::unloaded(), tags: Many::unloaded() };
    let order = session.add(order);
    now(session.no_autoflush().load(order, Order::USER)).unwrap();
    assert_eq!(session.one(order, Order::USER), None);
    session[order].user_id = Some(1);
    now(session.commit()).unwrap();
    assert_eq!(session.one(order, Order::USER), Some(ed));
}

#[test]
fn a_key_that_was_not_loaded_is_told_of() {
    let (mut session, _) = session();
    let wendy = User::select().filter(User::ID.eq(2));
    let wendy = now(session.fetch_one(wendy.options(load_only(User::NAME)))).unwrap();
    let ed = get::<User>(&mut session, 1);
    let unlink = || session.unlink(ed, User::REPORTS, wendy);
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(unlink)).unwrap_err();
    let words = panic.downcast::<String>().unwrap();
    assert!(words.contains("User.manager_id was not loaded"), "{words}");
    now(session.refresh_only(wendy, User::MANAGER_ID)).unwrap();
    session.unlink(ed, User::REPORTS, wendy);
    now(session.commit()).unwrap();
    assert_eq!(session[wendy].manager_id, None);
}
