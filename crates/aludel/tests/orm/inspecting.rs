//! What a session tells of its objects.

use aludel::History;

use crate::model::{Address, User, session};

#[test]
fn is_modified() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    assert!(!session.is_modified(ed));
    session[ed].name = "x".into();
    assert!(session.is_modified(ed));
    session[ed].name = "ed".into();
    assert!(!session.is_modified(ed));
    let new = session.add(User::build().name("new"));
    assert!(session.is_modified(new));
    session.delete(ed);
    assert!(session.is_modified(ed));
    session.flush().unwrap();
    assert!(!session.is_modified(new));
}

#[test]
fn history() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    let unchanged = History { old: None, now: "ed".to_owned() };
    assert_eq!(session.history(ed, User::NAME), unchanged);
    session[ed].name = "x".into();
    session[ed].name = "y".into();
    let history = session.history(ed, User::NAME);
    assert_eq!(history, History { old: Some("ed".to_owned()), now: "y".to_owned() });
    assert!(history.is_changed());
    assert_eq!(session.history(ed, User::FULLNAME).old, None);
    session[ed].fullname = None;
    assert_eq!(session.history(ed, User::FULLNAME), History { old: Some(Some("Ed Jones".into())), now: None });
    session[ed].name = "ed".into();
    assert_eq!(session.history(ed, User::NAME), unchanged);
    session[ed].name = "z".into();
    session.flush().unwrap();
    assert_eq!(session.history(ed, User::NAME), History { old: None, now: "z".to_owned() });
    let new = session.add(User::build().name("new"));
    assert!(!session.history(new, User::NAME).is_changed());
}

#[test]
fn lists_of_new_and_changed_and_deleted_objects() {
    let (mut session, _) = session();
    assert_eq!(session.all::<User>(), []);
    let users = session.fetch_all(User::select().order_by(User::ID)).unwrap();
    let (ed, wendy, fred) = (users[0], users[1], users[3]);
    assert!(!session.has_changes());
    session[ed].name = "x".into();
    session[wendy].name = "wendy".into();
    let a = session.add(User::build().name("a"));
    let b = session.add(User::build().name("b"));
    let home = session.add(Address::build().email("home").user_id(1));
    session.delete(fred);
    assert!(session.has_changes());
    assert_eq!(session.dirty::<User>(), [ed]);
    assert_eq!(session.pending::<User>(), [a, b]);
    assert_eq!(session.pending::<Address>(), [home]);
    assert_eq!(session.deleted::<User>(), [fred]);
    assert_eq!(session.dirty::<Address>(), []);
    let mut all = session.all::<User>();
    all.sort();
    assert_eq!(all, [ed, wendy, users[2], a, b]);
    assert_eq!((session.len(), session.is_empty()), (7, false));
    session.flush().unwrap();
    assert!(!session.has_changes());
    assert!(session.dirty::<User>().is_empty() && session.pending::<User>().is_empty());
    assert_eq!(session.deleted::<User>(), []);
    session.commit().unwrap();
    assert_eq!(session.len(), 6);
}

/// A change of a foreign key through a link counts as one.
#[test]
fn a_link_is_a_change() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    let fred = session.get_one::<User>(4).unwrap();
    session.link(fred, User::MANAGER, ed);
    assert_eq!(session.dirty::<User>(), [fred]);
    assert_eq!(session.history(fred, User::MANAGER_ID), History { old: Some(Some(2)), now: Some(1) });
    session.unlink(fred, User::MANAGER, ed);
    assert_eq!(session.history(fred, User::MANAGER_ID), History { old: Some(Some(2)), now: None });
    session[fred].manager_id = Some(2);
    assert!(!session.is_modified(fred));
}

#[test]
fn a_new_object_is_taken_back() {
    let (mut session, log) = session();
    let new = session.add(User::build().name("new").addresses([Address::build().email("x")]));
    session.delete(new);
    assert!(!session.contains(new));
    session.commit().unwrap();
    assert!(log.take().is_empty());
    let new = session.add(User::build().name("new"));
    let home = session.add(Address::build().email("x"));
    session.link(new, User::ADDRESSES, home);
    session.delete(new);
    let error = session.flush();
    assert!(error.is_ok(), "{error:?}");
    assert!(!session.contains(home));
    assert!(log.take().is_empty());
}

/// Taking new objects back does not touch what was changed.
#[test]
fn a_new_object_is_taken_back_beside_a_change() {
    let (mut session, log) = session();
    let ed = session.get_one::<User>(1).unwrap();
    let first = session.add(User::build().name("first"));
    session[ed].name = "x".into();
    let second = session.add(User::build().name("second"));
    session.delete(first);
    session.expunge(second);
    assert_eq!(session.dirty::<User>(), [ed]);
    log.take();
    session.commit().unwrap();
    assert_eq!(log.sql(), ["UPDATE users SET name = ? WHERE users.id = ?"]);
}

#[test]
fn in_transaction() {
    let (mut session, _) = session();
    assert!(!session.in_transaction());
    session.add(User::build().name("new"));
    assert!(!session.in_transaction());
    session.flush().unwrap();
    assert!(session.in_transaction());
    session.commit().unwrap();
    assert!(!session.in_transaction());
    session.get::<User>(1).unwrap();
    assert!(session.in_transaction());
    session.rollback().unwrap();
    assert!(!session.in_transaction());
}
