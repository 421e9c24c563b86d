//! Futures that are dropped at any point: what they left half-done is undone before the session's next use.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use aludel::prelude::*;

use super::database;
use crate::backend::is_sqlite;
use crate::model::{Address, Tag, User};

/// Polls a future so often, with the time that the other side needs between, and drops it.
async fn drop_after<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    for _ in 0..polls {
        let mut context = Context::from_waker(Waker::noop());
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Some(output);
        }
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    None
}

async fn names(session: &mut Session) -> Vec<String> {
    session.no_autoflush().fetch_all(select(User::NAME).order_by(User::ID)).await.unwrap()
}

/// A flush, dropped at every point that it has. It is as if it had not begun, and can be made again; unless all was done and
/// only the end of its savepoint was under way.
#[tokio::test(flavor = "multi_thread")]
async fn a_flush() {
    let engine = database().await;
    for is_used in [false, true] {
        for polls in 1.. {
            let mut session = Session::new(&engine);
            let ed = session.get_one::<User>(1).await.unwrap();
            session.load(ed, User::ADDRESSES).await.unwrap();
            let before = if is_used {
                let before = session.add(User::build().name("before"));
                session.flush().await.unwrap();
                Some(before)
            } else {
                session.rollback().await.unwrap();
                None
            };
            session[ed].fullname = Some("changed".into());
            let new = session.add(User::build().name("new").addresses([Address::build().email("new@x.org")]));
            // What takes longer than a poll.
            session.add_all((0..1000).map(|number| Tag::build().label(format!("tag {number}"))));
            let is_done = drop_after(polls, session.flush()).await.is_some();
            if !is_done {
                let mut wanted = vec!["ed", "wendy", "mary", "fred"];
                wanted.extend(before.map(|_| "before"));
                let found = names(&mut session).await;
                let is_kept = is_used && session.pending::<User>().is_empty();
                wanted.extend(is_kept.then_some("new"));
                assert_eq!(found, wanted, "after {polls} poll(s)");
                if !is_kept {
                    assert_eq!((session.pending::<User>(), session.pending::<Tag>().len()), (vec![new], 1000));
                    assert_eq!((session[new].id, session[ed].fullname.as_deref()), (0, Some("changed")));
                }
                session.flush().await.unwrap();
            }
            let count = if is_used { 6 } else { 5 };
            let id = session[new].id;
            // Elsewhere numbers of rows that were rolled back are not used again.
            assert!(if is_sqlite() { id == if is_used { 6 } else { 5 } } else { id > 4 }, "{id}");
            let address = session.keys(new, User::ADDRESSES)[0];
            assert_eq!(session[address].user_id, id);
            assert_eq!(names(&mut session).await.len(), count);
            session.rollback().await.unwrap();
            assert_eq!(session[ed].fullname.as_deref(), Some("Ed Jones"));
            assert_eq!(names(&mut session).await.len(), 4);
            if is_done {
                break;
            }
        }
    }
}

/// A commit: afterwards everything is committed, or nothing is and the objects say so.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit() {
    let engine = database().await;
    let mut count = 4;
    for polls in 1.. {
        let mut session = Session::new(&engine);
        let ed = session.get_one::<User>(1).await.unwrap();
        let old = session[ed].name.clone();
        session.rollback().await.unwrap();
        session[ed].name = format!("name {polls}");
        let new = session.add(User::build().name("new"));
        let is_done = drop_after(polls, session.commit()).await.is_some();
        let now = names(&mut session).await;
        session.rollback().await.unwrap();
        if now[0] == old {
            assert!(!is_done);
            assert_eq!(now.len(), count, "after {polls} poll(s)");
        } else {
            count += 1;
            assert_eq!((now[0].clone(), now.len()), (format!("name {polls}"), count), "after {polls} poll(s)");
        }
        let stored: Vec<String> = engine.fetch_all(select(User::NAME).order_by(User::ID)).await.unwrap();
        assert_eq!(stored.len(), count);
        if session.contains(new) {
            assert_eq!(session[ed].name, stored[0]);
        }
        session.refresh(ed).await.unwrap();
        assert_eq!(session[ed].name, stored[0]);
        if is_done {
            break;
        }
    }
}

/// A query, and setting and keeping a savepoint.
#[tokio::test(flavor = "multi_thread")]
async fn queries_and_savepoints() {
    let engine = database().await;
    for polls in 1.. {
        let mut session = Session::new(&engine);
        let query = User::select().order_by(User::ID).options(selectinload(User::ADDRESSES));
        let is_fetched = drop_after(polls, session.fetch_all(query)).await.is_some();
        let query = User::select().order_by(User::ID).options(selectinload(User::ADDRESSES));
        let users = session.fetch_all(query).await.unwrap();
        assert_eq!((users.len(), session[users[0]].addresses.len()), (4, 2));
        session[users[0]].name = "outer".into();
        session.flush().await.unwrap();
        drop(drop_after(polls, session.begin_nested()).await);
        assert_eq!(names(&mut session).await[0], "outer");
        let mut nested = session.begin_nested().await.unwrap();
        nested[users[0]].name = "inner".into();
        let is_kept = drop_after(polls, nested.commit()).await.is_some();
        let name = names(&mut session).await.remove(0);
        assert!(name == "inner" || !is_kept && name == "outer", "after {polls} poll(s): {name}");
        assert_eq!(session[users[0]].name, name);
        session.rollback().await.unwrap();
        assert_eq!(session[users[0]].name, "ed");
        assert_eq!(names(&mut session).await[0], "ed");
        if is_fetched && is_kept {
            break;
        }
    }
}

/// A flush inside a savepoint, which then goes on: kept, undone, or dropped too.
#[tokio::test(flavor = "multi_thread")]
async fn a_flush_inside_a_savepoint() {
    let engine = database().await;
    for end in ["kept", "undone", "dropped"] {
        for polls in 1.. {
            let mut session = Session::new(&engine);
            let ed = session.get_one::<User>(1).await.unwrap();
            session[ed].fullname = Some("outside".into());
            let mut nested = session.begin_nested().await.unwrap();
            nested[ed].name = "inside".into();
            let new = nested.add(User::build().name("new"));
            let is_done = drop_after(polls, nested.flush()).await.is_some();
            match end {
                "kept" => nested.commit().await.unwrap(),
                "undone" => nested.rollback().await.unwrap(),
                _ => drop(nested),
            }
            let is_kept = end == "kept";
            let wanted = if is_kept {
                vec!["inside", "wendy", "mary", "fred", "new"]
            } else {
                vec!["ed", "wendy", "mary", "fred"]
            };
            assert_eq!(names(&mut session).await, wanted, "{end} after {polls} poll(s)");
            assert_eq!((session[ed].name.as_str(), session.contains(new)), (wanted[0], is_kept));
            assert_eq!(session[ed].fullname.as_deref(), Some("outside"));
            session.refresh(ed).await.unwrap();
            assert_eq!((session[ed].name.as_str(), session[ed].fullname.as_deref()), (wanted[0], Some("outside")));
            session.rollback().await.unwrap();
            if is_done {
                break;
            }
        }
    }
}

/// A stream whose call was dropped says so, and does not look as if it were at its end.
#[tokio::test(flavor = "multi_thread")]
async fn a_stream() {
    let engine = database().await;
    let rows = (0..10_000).map(|number| User::build().name(format!("user {number}")));
    engine.insert(User::insert().rows(rows)).await.unwrap();
    for has_relationships in [false, true] {
        let mut was_dropped = false;
        for polls in 1.. {
            let mut session = Session::new(&engine);
            let query = User::select().order_by(User::ID).options(defer(User::FULLNAME));
            let query = if has_relationships { query.options(selectinload(User::ADDRESSES)) } else { query };
            let mut stream = session.stream(query, 4000);
            let mut seen = 0;
            let is_whole = loop {
                match drop_after(polls, stream.next()).await {
                    None => break false,
                    Some(part) => match part.unwrap() {
                        Some(part) => seen += part.len(),
                        None => break true,
                    },
                }
            };
            if is_whole {
                assert_eq!(seen, 10_004);
                break;
            }
            was_dropped = true;
            let error = stream.next().await.unwrap_err();
            assert!(error.to_string().starts_with("the stream's last call has failed or was dropped"), "{error}");
            drop(stream);
            let few = User::select().filter(User::ID.le(4));
            assert_eq!(session.fetch_all(few).await.unwrap().len(), 4);
        }
        assert!(was_dropped);
    }
}
