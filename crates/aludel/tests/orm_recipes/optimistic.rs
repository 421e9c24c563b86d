//! Optimistic locking: a version column refuses to write over what somebody else has written, and the work is done again.

use aludel::blocking::{Engine, Session};
use aludel::prelude::*;

use crate::database;

#[derive(Entity, Clone, Debug)]
struct Stock {
    #[column(primary_key)]
    id: i64,
    left: i64,
    #[column(version)]
    version: i64,
}

/// Does the work and commits, and again from the beginning if somebody else was faster.
fn retry<R>(session: &mut Session, mut work: impl FnMut(&mut Session) -> Result<R>) -> Result<R> {
    for _ in 0..10 {
        let done = work(session).and_then(|done| session.commit().map(|()| done));
        match done {
            Err(error) if error.is_stale_data() || error.is_retryable() => session.rollback()?,
            other => return other,
        }
    }
    work(session).and_then(|done| session.commit().map(|()| done))
}

/// Somebody else takes one.
fn meanwhile(engine: &Engine) {
    let take = Stock::update().set(Stock::LEFT, Stock::LEFT - 1).set(Stock::VERSION, Stock::VERSION + 1);
    assert_eq!(engine.execute(take).expect("the table is there"), 1);
}

#[test]
fn a_change_on_top_of_an_old_row_is_refused() {
    let engine = database(schema![Stock]);
    let mut session = Session::new(&engine);
    let stock = session.add(Stock::build().left(5));
    session.commit().unwrap();
    meanwhile(&engine);

    // The object is as it was read: somebody has looked at it for a while, and has no transaction open.
    session[stock].left -= 2;
    let error = session.commit().unwrap_err();
    assert!(error.is_stale_data(), "{error}");
    assert!(error.to_string().contains("Stock(id = 1)"), "{error}");
    // The change is still there; a rollback takes it back, and the next `get` reads the row anew.
    assert_eq!(session[stock].left, 3);
    session.rollback().unwrap();
    session.get::<Stock>(1).unwrap();
    assert_eq!((session[stock].left, session[stock].version), (4, 2));
}

#[test]
fn the_work_is_done_again() {
    let engine = database(schema![Stock]);
    let mut session = Session::new(&engine);
    let stock = session.add(Stock::build().left(5));
    session.commit().unwrap();

    let mut tries = 0;
    let left = retry(&mut session, |session| {
        tries += 1;
        let stock = session.get_one::<Stock>(1)?;
        if tries < 3 {
            // The read has ended; whoever writes in between is noticed all the same.
            session.commit()?;
            meanwhile(&engine);
        }
        session[stock].left -= 2;
        Ok(session[stock].left)
    });
    assert_eq!(left.unwrap(), 1);
    assert_eq!(tries, 3);
    session.refresh(stock).unwrap();
    assert_eq!((session[stock].left, session[stock].version), (1, 4));
}

#[test]
fn the_row_that_was_changed_is_named() {
    let engine = database(schema![Stock]);
    let mut session = Session::new(&engine);
    let stocks = session.add_all([1, 2, 3].map(|left| Stock::build().left(left)));
    session.commit().unwrap();
    let other = Stock::update().set(Stock::LEFT, 9).set(Stock::VERSION, Stock::VERSION + 1).filter(Stock::ID.eq(2));
    engine.execute(other).unwrap();
    for stock in &stocks {
        session[*stock].left = 0;
    }
    let error = session.commit().unwrap_err().to_string();
    assert!(
        error.starts_with("Stock(id = 2) could not be updated: another program has changed or deleted it"),
        "{error}"
    );
    session.rollback().unwrap();
    stocks.iter().for_each(|stock| session.delete(*stock));
    let error = session.commit().unwrap_err().to_string();
    assert!(error.starts_with("Stock(id = 2) could not be deleted"), "{error}");
}

/// A transaction that has read may not be able to write any more, and the database says so.
#[test]
fn the_database_may_refuse_too() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::connect(format!("sqlite:{}", folder.path().join("stock.db").display())).unwrap();
    engine.create_all(schema![Stock]).unwrap();
    let mut session = Session::new(&engine);
    session.add(Stock::build().left(5));
    session.commit().unwrap();

    let mut tries = 0;
    let left = retry(&mut session, |session| {
        tries += 1;
        let stock = session.get_one::<Stock>(1)?;
        if tries == 1 {
            meanwhile(&engine);
        }
        session[stock].left -= 2;
        Ok(session[stock].left)
    });
    assert_eq!((left.unwrap(), tries), (2, 2));
}
