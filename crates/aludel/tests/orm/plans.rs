//! What a flush would do, printed.

use aludel::prelude::*;

use crate::model::{Address, Doc, Order, Tag, User, session};

#[test]
fn nothing() {
    let (mut session, _) = session();
    let plan = session.plan().unwrap();
    assert!(plan.is_empty());
    assert_eq!((plan.len(), plan.rows(), plan.to_string()), (0, 0, "nothing to do".to_owned()));
}

#[test]
fn everything() {
    let (mut session, log) = session();
    let users = session.fetch_all(User::select().order_by(User::ID).options(selectinload(User::ADDRESSES))).unwrap();
    let orders = session.fetch_all(Order::select().order_by(Order::ID).options(selectinload(Order::TAGS))).unwrap();
    let doc = session.get_one::<Doc>(1).unwrap();
    let zoe =
        session.add(User::build().name("zoe").addresses([Address::build().email("z1"), Address::build().email("z2")]));
    let report = session.add(User::build().name("report"));
    session.link(report, User::MANAGER, zoe);
    session[users[1]].name = "w".into();
    session[users[2]].name = "m".into();
    session[users[3]].fullname = Some("Fred".into());
    let home = session.add(Address::build().email("home"));
    session.link(users[0], User::ADDRESSES, home);
    let [_, second] = session.keys(users[0], User::ADDRESSES)[..2] else { panic!() };
    session.delete(second);
    let fresh = session.add(Tag::build().label("fresh"));
    session.link(orders[0], Order::TAGS, fresh);
    let old = session.keys(orders[0], Order::TAGS)[0];
    session.unlink(orders[0], Order::TAGS, old);
    session[doc].body = "two".into();
    log.take();
    let plan = session.plan().unwrap();
    let wanted = [
        "1. update users (name): 2 rows",
        "2. update users (fullname): 1 row",
        "3. insert into users (name): 1 row",
        "4. insert into users (name, manager_id): 1 row",
        "5. insert into addresses (email, user_id): 3 rows",
        "6. insert into tags (label): 1 row",
        "7. update docs (body): 1 row",
        "8. delete from order_tag: 1 row",
        "9. insert into order_tag: 1 row",
        "10. delete from addresses: 1 row",
    ];
    assert_eq!(plan.to_string(), wanted.join("\n"));
    assert_eq!((plan.len(), plan.rows()), (10, 13));
    // Nothing was done, and it can be printed again.
    assert!(log.take().is_empty());
    assert_eq!(session[zoe].id, 0);
    assert_eq!(session.plan().unwrap().to_string(), wanted.join("\n"));
    session.flush().unwrap();
    let kinds: Vec<String> = log.sql().iter().map(|sql| sql.split(' ').next().unwrap().to_lowercase()).collect();
    let steps: Vec<&str> = wanted.iter().map(|step| step.split(' ').nth(1).unwrap()).collect();
    assert_eq!(kinds, steps);
    assert!(session.plan().unwrap().is_empty());
}

/// What can't be done is told by the plan already.
#[test]
fn impossible() {
    let (mut session, _) = session();
    let address = session.add(Address::build().email("nobody's"));
    let error = session.flush().unwrap_err();
    assert!(error.is_not_null_violation() || error.to_string().contains("user_id"), "{error}");
    session.expunge(address);
    session.commit().unwrap();
}
