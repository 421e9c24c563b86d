//! When a row was made and when it was changed last.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use aludel::blocking::Session;
use aludel::prelude::*;
use aludel::{Mapped, SessionEvents};
use jiff::Timestamp;

use crate::database;

/// What has the two columns.
trait Stamped: Mapped {
    fn created(&mut self) -> &mut Timestamp;
    fn updated(&mut self) -> &mut Timestamp;
}

#[derive(Entity, Clone, Debug)]
struct Page {
    #[column(primary_key)]
    id: i64,
    title: String,
    #[column(default)]
    created_at: Timestamp,
    #[column(default)]
    updated_at: Timestamp,
}

impl Stamped for Page {
    fn created(&mut self) -> &mut Timestamp {
        &mut self.created_at
    }
    fn updated(&mut self) -> &mut Timestamp {
        &mut self.updated_at
    }
}

/// Stamps the rows of an entity, by this clock.
fn stamped<T: Stamped>(events: &SessionEvents, clock: fn() -> Timestamp) {
    events.before_insert::<T>(move |session, key| {
        let now = clock();
        *session[key].created() = now;
        *session[key].updated() = now;
        Ok(())
    });
    events.before_update::<T>(move |session, key| {
        *session[key].updated() = clock();
        Ok(())
    });
}

/// Each look at it is a second later.
fn clock() -> Timestamp {
    static SECONDS: AtomicI64 = AtomicI64::new(1);
    Timestamp::from_second(SECONDS.fetch_add(1, Ordering::Relaxed)).expect("it is soon after 1970")
}

#[test]
fn rows_are_stamped() {
    let events = Arc::new(SessionEvents::default());
    stamped::<Page>(&events, clock);
    let engine = database(schema![Page]);
    let mut session = Session::builder(&engine).events(events).build();

    let page = session.add(Page::build().title("one"));
    session.commit().unwrap();
    let created = session[page].created_at;
    assert!(created > Timestamp::UNIX_EPOCH);
    assert_eq!(session[page].updated_at, created);

    session[page].title = "two".into();
    session.commit().unwrap();
    session.refresh(page).unwrap();
    assert_eq!(session[page].created_at, created);
    let updated = session[page].updated_at;
    assert!(updated > created);

    // What is not changed is not stamped.
    session[page].title = "two".into();
    session.commit().unwrap();
    session.refresh(page).unwrap();
    assert_eq!(session[page].updated_at, updated);
}
