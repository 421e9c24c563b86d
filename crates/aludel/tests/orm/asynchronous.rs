//! The same session, waiting: on a file, with SQLite on a thread of its own, in tasks that move between threads.

mod dropped;
mod rows;

use std::time::Duration;

use aludel::prelude::*;

use crate::backend;
use crate::model::{Address, Doc, Line, Order, OrderTag, Tag, User};

/// A database in a file, with the scenarios' users, addresses and orders.
async fn database() -> Engine {
    database_at(&backend::file("journal_mode=WAL")).await
}

async fn database_at(url: &str) -> Engine {
    let engine = Engine::connect(url).await.unwrap();
    engine.create_all(schema![User, Address, Order, Tag, OrderTag, Doc, Line]).await.unwrap();
    let mut session = Session::new(&engine);
    let ed = User::build().name("ed").fullname("Ed Jones");
    let tags = session.add_all(["new", "hot", "old"].map(|label| Tag::build().label(label)));
    let ed = session.add(ed.addresses(["ed@a.org", "ed@b.org"].map(|email| Address::build().email(email))));
    session.flush().await.unwrap();
    let wendy = session.add(User::build().name("wendy").addresses([Address::build().email("wendy@a.org")]));
    session.flush().await.unwrap();
    let mary = session.add(User::build().name("mary"));
    let fred = session.add(User::build().name("fred"));
    session.link(wendy, User::MANAGER, ed);
    session.link(mary, User::MANAGER, ed);
    session.link(fred, User::MANAGER, wendy);
    let orders = [("open", ed), ("done", ed), ("open", wendy)].map(|(status, user)| {
        let order = session.add(Order::build().status(status));
        session.link(user, User::ORDERS, order);
        order
    });
    for (order, tag) in [(0, 0), (0, 1), (1, 1)] {
        session.link(orders[order], Order::TAGS, tags[tag]);
    }
    session.add(Doc::build().body("one"));
    session.commit().await.unwrap();
    engine
}

/// Does the work in a task, as a web handler would.
async fn in_task<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    tokio::time::timeout(Duration::from_secs(60), tokio::spawn(work)).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_graph_is_there() {
    let engine = database().await;
    in_task(async move {
        let mut session = Session::new(&engine);
        let orders = selectinload(User::ORDERS).selectinload(Order::TAGS);
        let query = User::select().order_by(User::ID);
        let query = query.options((selectinload(User::ADDRESSES), joinedload(User::MANAGER), orders));
        let users = session.fetch_all(query).await.unwrap();
        let counts: Vec<(usize, usize)> =
            users.iter().map(|user| (session[*user].addresses.len(), session[*user].orders.len())).collect();
        assert_eq!(counts, [(2, 2), (1, 1), (0, 0), (0, 0)]);
        assert_eq!(session.view(users[3]).one(User::MANAGER).unwrap().name, "wendy");
        let labels: Vec<&str> = session
            .view(users[0])
            .many(User::ORDERS)
            .flat_map(|order| order.many(Order::TAGS))
            .map(|tag| tag.get().label.as_str())
            .collect();
        assert_eq!(labels, ["new", "hot", "hot"]);
        assert_eq!(session.get::<User>(1).await.unwrap(), Some(users[0]));
        let rows: Vec<(Key<User>, Option<Key<Address>>)> = session
            .fetch_all(
                select((User::ALL, Address::ALL.optional())).left_join_related(User::ADDRESSES).order_by(User::ID),
            )
            .await
            .unwrap();
        assert_eq!((rows.len(), rows[0].0, rows[4].1), (5, users[0], None));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_no_good() {
    let engine = database().await;
    let mut one = Session::new(&engine);
    let mut other = Session::new(&engine);
    let ed = one.get_one::<User>(1).await.unwrap();
    other.get_one::<User>(1).await.unwrap();
    assert!(other.try_get(ed).unwrap_err().to_string().contains("in another session"));
    assert!(other.refresh(ed).await.unwrap_err().to_string().contains("in another session"));
    one.expunge(ed);
    let error = one.load(ed, User::ADDRESSES).await.unwrap_err();
    assert!(error.to_string().contains("not in the session any more"), "{error}");
    assert!(error.location().unwrap().file().ends_with("asynchronous.rs"));
    let error = one.get_one::<User>(99).await.unwrap_err();
    assert!(error.is_not_found());
    let new = one.add(User::build().name("new"));
    one.flush().await.unwrap();
    one.rollback().await.unwrap();
    assert!(one.try_get(new).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn writing_and_rolling_back() {
    let engine = database().await;
    in_task(async move {
        let mut session = Session::new(&engine);
        let query = User::select().order_by(User::ID).options(selectinload(User::ADDRESSES));
        let users = session.fetch_all(query).await.unwrap();
        let (ed, wendy) = (users[0], users[1]);
        let first = session.keys(ed, User::ADDRESSES)[0];
        session[ed].name = "x".into();
        session.link(wendy, User::ADDRESSES, first);
        let zoe = session.add(User::build().name("zoe").addresses([Address::build().email("z@x.org")]));
        session.delete(users[2]);
        session.flush().await.unwrap();
        assert_eq!((session[zoe].id, session[first].user_id), (backend::on(5, 5, 6), 2));
        assert!(session.get::<User>(3).await.unwrap().is_none());
        session.rollback().await.unwrap();
        assert_eq!((session[ed].name.as_str(), session[first].user_id), ("ed", 1));
        assert_eq!((session[ed].addresses.len(), session[wendy].addresses.len()), (2, 1));
        assert!(!session.contains(zoe));
        assert_eq!(session.get::<User>(3).await.unwrap(), Some(users[2]));
        session[ed].name = "y".into();
        session.commit().await.unwrap();
        let names: Vec<String> = engine.fetch_all(select(User::NAME).order_by(User::ID)).await.unwrap();
        assert_eq!(names, ["y", "wendy", "mary", "fred"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn savepoints() {
    let engine = database().await;
    in_task(async move {
        let mut session = Session::new(&engine);
        let ed = session.get_one::<User>(1).await.unwrap();
        let mut outer = session.begin_nested().await.unwrap();
        outer[ed].name = "outer".into();
        let mut inner = outer.begin_nested().await.unwrap();
        inner[ed].name = "inner".into();
        inner.rollback().await.unwrap();
        assert_eq!(outer[ed].name, "outer");
        {
            let mut dropped = outer.begin_nested().await.unwrap();
            dropped[ed].name = "dropped".into();
            dropped.flush().await.unwrap();
        }
        outer.commit().await.unwrap();
        assert_eq!(session[ed].name, "outer");
        // The whole session is rolled back from inside: nothing is left for the guard to undo.
        let mut nested = session.begin_nested().await.unwrap();
        nested[ed].fullname = None;
        Session::rollback(&mut nested).await.unwrap();
        drop(nested);
        assert_eq!((session[ed].name.as_str(), session[ed].fullname.as_deref()), ("ed", Some("Ed Jones")));
        session[ed].name = "kept".into();
        session.commit().await.unwrap();
        session.refresh(ed).await.unwrap();
        assert_eq!((session[ed].name.as_str(), session[ed].fullname.as_deref()), ("kept", Some("Ed Jones")));
        // A session does not commit over an open savepoint.
        let mut nested = session.begin_nested().await.unwrap();
        let error = Session::commit(&mut nested).await.unwrap_err();
        assert!(error.to_string().starts_with("a savepoint is open"), "{error}");
        nested.commit().await.unwrap();
        session.commit().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refreshing_merging_detaching() {
    let engine = database().await;
    in_task(async move {
        let mut session = Session::new(&engine);
        let ed = session.get_one::<User>(1).await.unwrap();
        session.load(ed, User::ADDRESSES).await.unwrap();
        session.commit().await.unwrap();
        engine.execute(text("UPDATE users SET name = 'elsewhere', fullname = NULL WHERE id = 1")).await.unwrap();
        assert!(session.is_stale(ed));
        session.refresh_only(ed, User::FULLNAME).await.unwrap();
        assert_eq!((session[ed].name.as_str(), session[ed].fullname.as_deref()), ("ed", None));
        assert_eq!(session.get::<User>(1).await.unwrap(), Some(ed));
        assert_eq!(session[ed].name, "elsewhere");
        let mut copy = session.detach(ed);
        assert!(!session.contains(ed));
        copy.name = "merged".into();
        let mut addresses = copy.addresses.take();
        addresses.remove(0);
        addresses.push(Address { id: 0, email: "new@x.org".into(), user_id: 0, user: One::unloaded() });
        copy.addresses = addresses.into();
        let ed = session.merge(copy).await.unwrap();
        session.commit().await.unwrap();
        let emails: Vec<String> = engine
            .fetch_all(select(Address::EMAIL).filter(Address::USER_ID.eq(1)).order_by(Address::ID))
            .await
            .unwrap();
        assert_eq!(emails, ["ed@b.org", "new@x.org"]);
        assert_eq!(session.get_for_update::<User>(1).await.unwrap(), Some(ed));
        assert_eq!(session[ed].name, "merged");
        session.close().await.unwrap();
        assert!(session.is_empty());
    })
    .await;
}

/// Two programs change the same row: the second one is told, reads it again and goes on.
#[tokio::test(flavor = "multi_thread")]
async fn versions() {
    let engine = database().await;
    let (mut one, mut other) = (Session::new(&engine), Session::new(&engine));
    let first = one.get_one::<Doc>(1).await.unwrap();
    let second = other.get_one::<Doc>(1).await.unwrap();
    one.rollback().await.unwrap();
    other.rollback().await.unwrap();
    one[first].body = "one's".into();
    other[second].body = "other's".into();
    one.commit().await.unwrap();
    let error = other.commit().await.unwrap_err();
    assert!(error.is_stale_data() && error.to_string().starts_with("Doc(id = 1) could not be updated"), "{error}");
    assert_eq!((other[second].body.as_str(), other[second].version), ("other's", 1));
    other.refresh(second).await.unwrap();
    assert_eq!((other[second].body.as_str(), other[second].version), ("one's", 2));
    other[second].body = "both".into();
    other.commit().await.unwrap();
    assert_eq!(other[second].version, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn bulk_work_statements_and_streams() {
    let engine = database().await;
    in_task(async move {
        let mut session = Session::new(&engine);
        let rows = (0..5000).map(|number| User::build().name(format!("user {number}")));
        assert_eq!(session.bulk_insert::<User, _>(rows).await.unwrap(), 5000);
        let ed = session.get_one::<User>(1).await.unwrap();
        let changed =
            session.execute(User::update().set(User::FULLNAME, "all").filter(User::ID.lt(100))).await.unwrap();
        // MariaDB takes more numbers for a bulk insert than it needs.
        assert_eq!((changed, session[ed].fullname.as_deref()), (backend::on(99, 99, 98), Some("all")));
        let mut stream = session.stream(User::select().order_by(User::ID).options(joinedload(User::MANAGER)), 300);
        let (mut parts, mut users) = (0, 0);
        while let Some(part) = stream.next().await.unwrap() {
            parts += 1;
            users += part.len();
            assert!(part.iter().all(|user| !stream[*user].name.is_empty()));
        }
        assert_eq!((parts, users), (17, 5004));
        let mut stream = session.stream(User::select().order_by(User::ID).options(selectinload(User::ADDRESSES)), 2000);
        let part = stream.next().await.unwrap().unwrap();
        assert_eq!((part.len(), stream[part[0]].addresses.len()), (2000, 2));
        drop(stream);
        let all = session.add_all((0..3000).map(|number| Tag::build().label(format!("tag {number}"))));
        session.flush().await.unwrap();
        let ids: Vec<i64> = all.iter().map(|tag| session[*tag].id).collect();
        assert!(ids.is_sorted() && ids[2999] == ids[0] + 2999);
        session.rollback().await.unwrap();
        assert_eq!(session[ed].fullname.as_deref(), Some("Ed Jones"));
        let count: i64 = session.fetch_one(select(func::count_all()).from(User::TABLE)).await.unwrap();
        assert_eq!(count, 4);
    })
    .await;
}

/// A session is `Send` and `Sync`: it may be shared to be read, and moves with its task.
#[tokio::test(flavor = "multi_thread")]
async fn sessions_move_and_are_shared() {
    let engine = database().await;
    let mut session = Session::new(&engine);
    let users = session.fetch_all(User::select().order_by(User::ID)).await.unwrap();
    let shared = std::sync::Arc::new(session);
    let tasks = users.iter().map(|user| {
        let (session, user) = (std::sync::Arc::clone(&shared), *user);
        tokio::spawn(async move { session[user].name.clone() })
    });
    let mut names = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        names.push(task.await.unwrap());
    }
    assert_eq!(names, ["ed", "wendy", "mary", "fred"]);
    let mut session = std::sync::Arc::into_inner(shared).unwrap();
    session[users[0]].name = "moved".into();
    let mut session = in_task(async move {
        session.commit().await.unwrap();
        session
    })
    .await;
    session.refresh(users[0]).await.unwrap();
    assert_eq!(session[users[0]].name, "moved");
}

/// Many tasks, each with a session of its own, count one row up: each change is made exactly once.
#[tokio::test(flavor = "multi_thread")]
async fn many_sessions_at_once() {
    let engine = database().await;
    let tasks = (0..8).map(|_| {
        let engine = engine.clone();
        tokio::spawn(async move {
            let mut session = Session::new(&engine);
            for _ in 0..5 {
                loop {
                    let doc = session.get_one::<Doc>(1).await.unwrap();
                    session[doc].body.push('!');
                    match session.commit().await {
                        Ok(()) => break,
                        Err(error) => {
                            assert!(error.is_stale_data() || error.is_retryable(), "{error}");
                            session.rollback().await.unwrap();
                            session.refresh(doc).await.unwrap();
                            session.rollback().await.unwrap();
                        }
                    }
                }
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let row: (String, i64) = engine.fetch_one(select((Doc::BODY, Doc::VERSION))).await.unwrap();
    assert_eq!(row, (format!("one{}", "!".repeat(40)), 41));
}
