//! Builders and plain structs: which columns are sent, and which come back.

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::backend::on;
use crate::model::{Log, noted};

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "items")]
struct Item {
    #[column(primary_key)]
    id: i64,
    name: String,
    price: i64,
    #[column(default = 3)]
    level: i32,
    #[column(server_default = "7")]
    stock: i64,
    #[column(server_default_text = "new")]
    state: Option<String>,
    note: Option<String>,
    #[column(computed = "price * 2")]
    twice: i64,
}

fn shop() -> (Session, Log) {
    let engine = crate::backend::engine();
    engine.create_all(schema![Item]).unwrap();
    let log = noted(&engine);
    (Session::new(&engine), log)
}

fn columns(log: &Log) -> Vec<String> {
    let insert = |sql: String| sql.split(['(', ')']).nth(1).unwrap_or_default().to_owned();
    log.sql().into_iter().map(insert).collect()
}

#[test]
fn a_builder_sends_what_was_set() {
    let (mut session, log) = shop();
    let item = session.add(Item::build().name("tea").price(5));
    session.flush().unwrap();
    assert_eq!(columns(&log), ["name, price, level"]);
    // What the database has made is there, without a further statement.
    let wanted = Item {
        id: 1,
        name: "tea".into(),
        price: 5,
        level: 3,
        stock: 7,
        state: Some("new".into()),
        note: None,
        twice: 10,
    };
    assert_eq!(session[item], wanted);
    session.refresh(item).unwrap();
    assert_eq!(session[item], wanted);
}

#[test]
fn a_struct_sends_everything_but_a_key_that_is_zero() {
    let (mut session, log) = shop();
    let plain = |id| Item { id, name: "tea".into(), price: 5, level: 0, stock: 0, state: None, note: None, twice: 0 };
    let (made, given) = (session.add(plain(0)), session.add(plain(9)));
    session.flush().unwrap();
    assert_eq!(columns(&log), ["name, price, level, stock, state, note", "id, name, price, level, stock, state, note"]);
    assert_eq!(session[made], Item { id: 1, twice: 10, ..plain(0) });
    assert_eq!(session[given], Item { twice: 10, ..plain(9) });
}

/// Runs of the same columns are one statement each, in the order in which they were added.
#[test]
fn a_statement_for_each_set_of_columns() {
    let (mut session, log) = shop();
    let tea = |number: i64| Item::build().name(format!("tea {number}")).price(number);
    let keys = [
        session.add(tea(1)),
        session.add(tea(2)),
        session.add(tea(3).note("strong")),
        session.add(tea(4).stock(0)),
        session.add(tea(5).stock(1)),
    ];
    session.flush().unwrap();
    assert_eq!(columns(&log), ["name, price, level", "name, price, level, note", "name, price, level, stock"]);
    let ids: Vec<i64> = keys.iter().map(|key| session[*key].id).collect();
    // MariaDB takes more numbers for a bulk insert than it needs.
    assert_eq!(ids, on([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [1, 2, 4, 5, 6]));
    let stocks: Vec<i64> = keys.iter().map(|key| session[*key].stock).collect();
    assert_eq!(stocks, [7, 7, 7, 0, 1]);
}

/// What is set after it was added is sent too; so is a blank, where it was set.
#[test]
fn changed_after_it_was_added() {
    let (mut session, log) = shop();
    let item = session.add(Item::build().name("tea").price(5));
    session[item].note = Some("later".into());
    session[item].stock = 2;
    session.flush().unwrap();
    assert_eq!(columns(&log), ["name, price, level, stock, note"]);
    assert_eq!((session[item].stock, session[item].state.as_deref()), (2, Some("new")));
    let blank = session.add(Item::build().name("tea").price(5).stock(0).state(None::<String>));
    session.flush().unwrap();
    assert_eq!(columns(&log), ["name, price, level, stock, state"]);
    assert_eq!((session[blank].stock, session[blank].state.as_deref()), (0, None));
}

/// An update brings what is computed back.
#[test]
fn computed_columns_follow_updates() {
    let (mut session, log) = shop();
    let item = session.add(Item::build().name("tea").price(5));
    session.commit().unwrap();
    session.refresh(item).unwrap();
    log.take();
    session[item].price = 8;
    session[item].twice = 999;
    session.flush().unwrap();
    assert_eq!(session[item].twice, 16);
    let returning = "UPDATE items SET price = ? WHERE items.id = ? RETURNING twice";
    let (update, select) = (
        "UPDATE items SET price = ? WHERE items.id = ?",
        "SELECT items.id, items.twice FROM items WHERE items.id IN (?)",
    );
    let qualified = "UPDATE items SET price = ? WHERE items.id = ? RETURNING items.twice";
    assert_eq!(log.sql(), on(vec![returning], vec![qualified], vec![update, select]));
    session.rollback().unwrap();
    assert_eq!((session[item].price, session[item].twice), (5, 10));
    session[item].twice = 999;
    log.take();
    session.flush().unwrap();
    assert!(log.take().is_empty());
    assert_eq!(session[item].twice, 10);
}

/// The flush fails: what the database had made is taken back.
#[test]
fn a_failed_flush_takes_back_what_was_made() {
    let (mut session, _) = shop();
    let good = session.add(Item::build().name("tea").price(5));
    let bad = session.add(Item::build().id(1).name("bad").price(5));
    assert!(session.flush().unwrap_err().is_unique_violation());
    assert_eq!((session[good].id, session[good].stock, session[good].twice), (0, 0, 0));
    session[bad].id = 0;
    session.expunge(bad);
    session.commit().unwrap();
    assert_eq!((session[good].id, session[good].stock), (on(1, 2, 2), 7));
}
