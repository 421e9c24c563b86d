//! Checks of values before they are written.

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::model::{Log, noted};

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "accounts")]
struct Account {
    #[column(primary_key)]
    id: i64,
    #[column(validate = has_at, validate = is_short)]
    email: String,
    #[column(validate = is_positive)]
    balance: Option<i64>,
    #[has_many(Account::PARENT_ID)]
    children: Many<Account>,
    #[column(references = Account::ID)]
    parent_id: Option<i64>,
}

fn has_at(email: &str) -> Result<(), String> {
    if email.contains('@') { Ok(()) } else { Err(format!("{email:?} has no @")) }
}

fn is_short(email: &str) -> Result<(), &'static str> {
    if email.len() < 20 { Ok(()) } else { Err("it is too long") }
}

fn is_positive(balance: &Option<i64>) -> Result<(), &'static str> {
    if balance.is_none_or(|balance| balance >= 0) { Ok(()) } else { Err("it is overdrawn") }
}

fn bank() -> (Session, Log) {
    let engine = crate::backend::engine();
    engine.create_all(schema![Account]).unwrap();
    let log = noted(&engine);
    (Session::new(&engine), log)
}

fn said(result: aludel::Result<()>) -> String {
    result.unwrap_err().to_string().lines().next().unwrap().to_owned()
}

#[test]
fn of_new_objects() {
    let (mut session, log) = bank();
    let account = session.add(Account::build().email("nobody"));
    assert_eq!(said(session.flush()), r#"Account.email is not valid: "nobody" has no @"#);
    assert!(log.take().is_empty());
    assert_eq!(session.pending::<Account>(), [account]);
    session[account].email = "somebody@a.very.long.domain".into();
    assert_eq!(said(session.commit()), "Account.email is not valid: it is too long");
    session[account].email = "some@b.org".into();
    session[account].balance = Some(-1);
    assert_eq!(said(session.commit()), "Account.balance is not valid: it is overdrawn");
    session[account].balance = None;
    session.commit().unwrap();
    assert_eq!(session[account].id, 1);
}

/// Only what is written is checked.
#[test]
fn of_changes() {
    let (mut session, log) = bank();
    session.execute(text("INSERT INTO accounts VALUES (1, 'old style', 5, NULL)")).unwrap();
    let account = session.get_one::<Account>(1).unwrap();
    session[account].balance = Some(6);
    session.flush().unwrap();
    session[account].balance = Some(-6);
    log.take();
    assert_eq!(said(session.flush()), "Account.balance is not valid: it is overdrawn");
    assert!(log.sql().iter().all(|sql| !sql.starts_with("UPDATE")));
    session.rollback().unwrap();
    assert!(session.try_get(account).is_ok());
}

/// The second of three is refused: none is written.
#[test]
fn of_one_of_many() {
    let (mut session, _) = bank();
    let keys = session.add_all(["a@x", "b", "c@x"].map(|email| Account::build().email(email)));
    assert!(session.flush().is_err());
    let count: i64 = session.no_autoflush().fetch_one(select(func::count_all()).from(Account::TABLE)).unwrap();
    assert_eq!(count, 0);
    session[keys[1]].email = "b@x".into();
    session.commit().unwrap();
    assert_eq!(session[keys[2]].id, 3);
}

/// Those that come along in a relationship are checked too.
#[test]
fn of_a_graph() {
    let (mut session, _) = bank();
    session.add(Account::build().email("a@x").children([Account::build().email("child")]));
    assert_eq!(said(session.flush()), r#"Account.email is not valid: "child" has no @"#);
}
