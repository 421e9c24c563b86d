//! Futures of a session, dropped at every await point: nothing is half-written, nothing is lost, nothing is written twice.

use aludel::prelude::*;

use crate::model::{Address, Database, Order, Profile, Tag, User, at_every_point, cut};

/// What the session has done before.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Before {
    Nothing,
    /// It has read.
    Read,
    /// It has flushed something, which must not be lost.
    Flushed,
}

const BEFORE: [Before; 3] = [Before::Nothing, Before::Read, Before::Flushed];

/// Some of everything that a flush can do, not flushed yet.
struct Work {
    ed: Key<User>,
    zoe: Key<User>,
    home: Key<Address>,
    order: Key<Order>,
}

/// What the database has after a commit of it.
fn expected(before: Before) -> Vec<String> {
    let mut rows = vec![
        "address home of zoe",
        "address new of Edward",
        "address wendy@a of wendy",
        "address ed@b of Edward",
        "link done hot",
        "link open new",
        "link ordered hot",
        "link ordered fresh",
        "order done of Edward",
        "order open of Edward",
        "order open of zoe",
        "order ordered of Edward",
        "profile of ed of -",
        "profile of Edward of Edward",
        "tag fresh",
        "tag hot",
        "tag new",
        "user Edward 30",
        "user mary 40",
        "user wendy -",
        "user zoe -",
    ];
    if before == Before::Flushed {
        rows.push("user early 1");
    }
    rows.sort_unstable();
    rows.into_iter().map(str::to_owned).collect()
}

/// What it has without it.
fn untouched(before: Before) -> Vec<String> {
    let mut rows = vec![
        "address ed@a of ed",
        "address ed@b of ed",
        "address wendy@a of wendy",
        "link done hot",
        "link open hot",
        "link open new",
        "order done of ed",
        "order open of ed",
        "order open of wendy",
        "profile of ed of ed",
        "tag hot",
        "tag new",
        "user ed 30",
        "user mary 40",
        "user wendy -",
    ];
    if before == Before::Flushed {
        rows.push("user early 1");
    }
    rows.sort_unstable();
    rows.into_iter().map(str::to_owned).collect()
}

async fn work(session: &mut Session, before: Before) -> Work {
    // Objects that are here already, with nothing of the transaction left.
    let ed = session.get_one::<User>(1).await.unwrap();
    let moved = session.get_one::<Order>(3).await.unwrap();
    let open = session.get_one::<Order>(1).await.unwrap();
    let hot = session.get_one::<Tag>(2).await.unwrap();
    session.load(ed, User::ADDRESSES).await.unwrap();
    session.load(open, Order::TAGS).await.unwrap();
    session.rollback().await.unwrap();
    match before {
        Before::Nothing => {}
        Before::Read => {
            session.get_one::<User>(3).await.unwrap();
        }
        Before::Flushed => {
            session.add(User::build().name("early").age(1));
            session.flush().await.unwrap();
        }
    }
    session[ed].name = "Edward".into();
    let zoe = session.add(User::build().name("zoe"));
    let home = session.add(Address::build().email("home"));
    session.link(zoe, User::ADDRESSES, home);
    session.link(zoe, User::ORDERS, moved);
    let first = session.keys(ed, User::ADDRESSES)[0];
    session.unlink(ed, User::ADDRESSES, first);
    session[ed].addresses.push(Address::build().email("new"));
    let order = session.add(Order::build().status("ordered").tags([Tag::build().label("fresh")]));
    session.link(ed, User::ORDERS, order);
    session.link(order, Order::TAGS, hot);
    session.unlink(open, Order::TAGS, hot);
    // Nobody has loaded what it takes the place of.
    session[ed].profile = Profile { id: 0, about: "of Edward".into(), user_id: None }.into();
    Work { ed, zoe, home, order }
}

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

/// Each object of the session is as its row, and each row that is asked for is what was asked for.
async fn agrees(session: &mut Session, at: usize) {
    let mut fresh = Session::new(session.engine());
    for user in session.all::<User>() {
        let id = session[user].id;
        let other = fresh.get::<User>(id).await.unwrap().unwrap_or_else(|| panic!("{at:?}: user {id} is no row"));
        assert_eq!((&session[user].name, session[user].age), (&fresh[other].name, fresh[other].age), "{at:?}");
        assert_eq!(session.get::<User>(id).await.unwrap(), Some(user), "{at:?}");
        if let Ok(keys) = session.try_keys(user, User::ADDRESSES) {
            fresh.load(other, User::ADDRESSES).await.unwrap();
            let mut emails: Vec<String> = keys.iter().map(|key| session[*key].email.clone()).collect();
            let mut wanted: Vec<String> =
                fresh.view(other).many(User::ADDRESSES).map(|address| address.get().email.clone()).collect();
            emails.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(emails, wanted, "{at:?}: of user {id}");
        }
    }
    for address in session.all::<Address>() {
        let id = session[address].id;
        let other = fresh.get_one::<Address>(id).await.unwrap();
        assert_eq!((&session[address].email, session[address].user_id), (&fresh[other].email, fresh[other].user_id));
    }
    for order in session.all::<Order>() {
        let id = session[order].id;
        let other = fresh.get_one::<Order>(id).await.unwrap();
        assert_eq!((&session[order].status, session[order].user_id), (&fresh[other].status, fresh[other].user_id));
    }
    let names = session.fetch_all(select(User::NAME).order_by(User::ID).limit(2)).await.unwrap();
    assert_eq!(names.len(), 2, "{at:?}");
}

/// Drops the future of a call at every point, and goes on.
macro_rules! dropped {
    ($($(#[$doc:meta])* $name:ident: |$session:ident, $work:ident| $call:expr;)+) => {
        $(
            $(#[$doc])*
            #[tokio::test]
            async fn $name() {
                let database = Database::slow().await;
                for before in BEFORE {
                    at_every_point(async |at| {
                        database.reset().await;
                        let mut $session = Session::new(&database.engine);
                        let work = work(&mut $session, before).await;
                        let $work = &work;
                        let is_over = cut($call, at).map(|result| result.unwrap()).is_some();
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
        let is_over = cut(session.flush(), at).is_some();
        let again = at.div_ceil(2);
        let _: Option<Result<()>> = cut(session.flush(), again);
        let _: Option<Result<()>> = cut(session.commit(), again);
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
            let is_over = cut(session.rollback(), at).map(|result| result.unwrap()).is_some();
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
        let is_over = cut(nested.commit(), at).map(|result| result.unwrap()).is_some();
        session.commit().await.unwrap();
        let is_kept = session.contains(zoe);
        let rows = database.rows().await;
        let mut wanted = untouched(Before::Flushed);
        if is_kept {
            wanted = wanted.iter().map(|row| row.replace("of ed", "of Edward").replace("user ed", "user Edward")).collect();
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
                let _: Option<Result<()>> = cut(nested.flush(), 5);
            }
            let is_over = cut(nested.rollback(), at).map(|result| result.unwrap()).is_some();
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
        let is_over = cut(session.begin_nested(), at).is_some();
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
        let is_over = cut(session.flush(), at).is_some();
        drop(session);
        assert_eq!(database.rows().await, untouched(Before::Nothing), "{at:?}");
        is_over
    })
    .await;
}
