//! Futures of a session, dropped at every await point: nothing is half-written, nothing is lost, nothing is written twice.

use std::time::Duration;

use aludel::prelude::*;

use crate::backend::on;
use crate::model::{Address, Database, Order, Tag, User, at_every_point, cut};
use crate::work::{BEFORE, Before, Work, agrees, expected, untouched, work};

/// The session and the database agree, and all of the work is there, once.
async fn is_done(database: &Database, session: &mut Session, work: &Work, before: Before, at: usize) {
    session.commit().await.unwrap_or_else(|error| panic!("{at:?} {before:?}: {error}"));
    assert_eq!(database.rows().await, expected(before), "{at:?} {before:?}");
    agrees(session, at).await;
    assert_eq!(session[work.home].user_id, session[work.zoe].id, "{at:?} {before:?}");
    assert_eq!(session[work.order].user_id, Some(1), "{at:?} {before:?}");
    assert_eq!(session.keys(work.ed, User::ADDRESSES).len(), 2, "{at:?} {before:?}");
    assert_eq!(session.keys(work.zoe, User::ADDRESSES), [work.home], "{at:?} {before:?}");
}

/// Drops the future of a call at every point, and goes on.
macro_rules! dropped {
    ($($(#[$doc:meta])* $name:ident: |$session:ident, $work:ident| $call:expr;)+) => {
        $(
            $(#[$doc])*
            #[tokio::test]
            async fn $name() {
                let database = Database::slow().await;
                // On a server each point is several ways to it and back: two of the three are enough.
                for before in BEFORE.into_iter().skip(on(0, 1, 1)) {
                    at_every_point(async |at| {
                        database.reset().await;
                        let mut $session = Session::new(&database.engine);
                        let work = work(&mut $session, before).await;
                        let $work = &work;
                        let is_over = cut($call, at).await.map(|result| result.unwrap()).is_some();
                        is_done(&database, &mut $session, &work, before, at).await;
                        is_over
                    })
                    .await;
                }
            }
        )+
    };
}

dropped! {
    /// It commits, or it can be committed again.
    commit: |session, _work| session.commit();
    flush: |session, _work| session.flush();
    plan: |session, _work| session.plan();
    /// A query that flushes first.
    fetch: |session, _work| session.fetch_all(User::select().options(selectinload(User::ORDERS).selectinload(Order::TAGS)));
    joined: |session, _work| session.fetch_all(User::select().options(joinedload(User::ADDRESSES)));
    get: |session, _work| session.get::<User>(2);
    load: |session, work| session.load([work.ed, work.zoe], User::ORDERS);
    merge: |session, _work| session.merge(Tag { id: 2, label: "hot".into() });
    begin_nested: |session, _work| async { session.begin_nested().await.map(|nested| nested.commit())?.await };
    stream: |session, _work| async {
        let mut users = session.stream(User::select(), 1);
        while users.next().await?.is_some() {}
        Ok::<(), Error>(())
    };
}

/// Twice in a row: what the second leaves is undone too.
#[tokio::test]
async fn flush_and_flush_again() {
    let database = Database::slow().await;
    at_every_point(async |at| {
        database.reset().await;
        let mut session = Session::new(&database.engine);
        let work = work(&mut session, Before::Flushed).await;
        let is_over = cut(session.flush(), at).await.is_some();
        let again = at.div_ceil(2);
        let _: Option<Result<()>> = cut(session.flush(), again).await;
        let _: Option<Result<()>> = cut(session.commit(), again).await;
        is_done(&database, &mut session, &work, Before::Flushed, at).await;
        is_over
    })
    .await;
}

/// It is rolled back, or it is not; the objects and the database say the same.
#[tokio::test]
async fn rollback() {
    let database = Database::slow().await;
    for is_flushed in [false, true] {
        at_every_point(async |at| {
            database.reset().await;
            let mut session = Session::new(&database.engine);
            let work = work(&mut session, Before::Flushed).await;
            if is_flushed {
                session.flush().await.unwrap();
            }
            let is_over = cut(session.rollback(), at).await.map(|result| result.unwrap()).is_some();
            session.commit().await.unwrap();
            let wanted = if at == 0 { expected(Before::Flushed) } else { untouched(Before::Nothing) };
            assert_eq!(database.rows().await, wanted, "{at:?}");
            agrees(&mut session, at).await;
            assert_eq!(session.contains(work.zoe), at == 0);
            is_over
        })
        .await;
    }
}

/// A savepoint that is committed: all of it is kept, or nothing.
#[tokio::test]
async fn commit_of_a_savepoint() {
    let database = Database::slow().await;
    let (mut kept, mut undone) = (0, 0);
    at_every_point(async |at| {
        database.reset().await;
        let mut session = Session::new(&database.engine);
        session.add(User::build().name("early").age(1));
        let mut nested = session.begin_nested().await.unwrap();
        let ed = nested.get_one::<User>(1).await.unwrap();
        nested[ed].name = "Edward".into();
        nested.flush().await.unwrap();
        let zoe = nested.add(User::build().name("zoe").addresses([Address::build().email("home")]));
        let is_over = cut(nested.commit(), at).await.map(|result| result.unwrap()).is_some();
        session.commit().await.unwrap();
        let is_kept = session.contains(zoe);
        let rows = database.rows().await;
        let mut wanted = untouched(Before::Flushed);
        if is_kept {
            wanted =
                wanted.iter().map(|row| row.replace("of ed", "of Edward").replace("user ed", "user Edward")).collect();
            wanted = wanted.iter().map(|row| row.replace("profile of Edward", "profile of ed")).collect();
            wanted.extend(["user zoe -".to_owned(), "address home of zoe".to_owned()]);
            wanted.sort_unstable();
            kept += 1;
        } else {
            undone += 1;
        }
        assert_eq!(rows, wanted, "{at:?}");
        agrees(&mut session, at).await;
        is_over
    })
    .await;
    assert!(kept > 0 && undone > 0);
}

/// A savepoint that is undone stays undone, whatever becomes of the future.
#[tokio::test]
async fn rollback_of_a_savepoint() {
    let database = Database::slow().await;
    for is_flushing in [false, true] {
        at_every_point(async |at| {
            database.reset().await;
            let mut session = Session::new(&database.engine);
            session.add(User::build().name("early").age(1));
            let mut nested = session.begin_nested().await.unwrap();
            let ed = nested.get_one::<User>(1).await.unwrap();
            nested[ed].name = "Edward".into();
            nested.flush().await.unwrap();
            let zoe = nested.add(User::build().name("zoe").addresses([Address::build().email("home")]));
            if is_flushing {
                // A flush that was dropped half-way is undone along.
                let _: Option<Result<()>> = cut(nested.flush(), 5).await;
            }
            let is_over = cut(nested.rollback(), at).await.map(|result| result.unwrap()).is_some();
            session.commit().await.unwrap();
            assert!(!session.contains(zoe));
            assert_eq!(session[ed].name, "ed");
            assert_eq!(database.rows().await, untouched(Before::Flushed), "{at:?}");
            agrees(&mut session, at).await;
            is_over
        })
        .await;
    }
}

/// A savepoint that was begun goes with its future.
#[tokio::test]
async fn begin_of_a_savepoint() {
    let database = Database::slow().await;
    at_every_point(async |at| {
        database.reset().await;
        let mut session = Session::new(&database.engine);
        let work = work(&mut session, Before::Flushed).await;
        let is_over = cut(session.begin_nested(), at).await.is_some();
        let mut nested = session.begin_nested().await.unwrap();
        nested.add(User::build().name("undone"));
        nested.flush().await.unwrap();
        nested.rollback().await.unwrap();
        is_done(&database, &mut session, &work, Before::Flushed, at).await;
        is_over
    })
    .await;
}

/// A session that goes in the middle of anything leaves nothing behind.
#[tokio::test]
async fn the_whole_session() {
    let database = Database::slow().await;
    at_every_point(async |at| {
        database.reset().await;
        let mut session = Session::new(&database.engine);
        work(&mut session, Before::Flushed).await;
        let is_over = cut(session.flush(), at).await.is_some();
        drop(session);
        assert_eq!(database.rows().await, untouched(Before::Nothing), "{at:?}");
        is_over
    })
    .await;
}

/// After times of every length; on SQLite, on a thread of its own.
#[tokio::test]
async fn after_a_time() {
    let database = Database::new().await;
    for before in BEFORE {
        for time in (0..3_000).step_by(on(100, 300, 300)) {
            database.reset().await;
            let mut session = Session::new(&database.engine);
            let work = work(&mut session, before).await;
            let time = Duration::from_micros(time);
            let _: Result<Result<()>, _> = tokio::time::timeout(time, session.flush()).await;
            let _: Result<Result<_>, _> = tokio::time::timeout(time, session.fetch_all(Tag::select())).await;
            let _: Result<Result<()>, _> = tokio::time::timeout(time, session.commit()).await;
            is_done(&database, &mut session, &work, before, 0).await;
        }
    }
}
