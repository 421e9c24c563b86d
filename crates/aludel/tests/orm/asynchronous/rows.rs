//! Rows that are read on the database's thread: every kind of row and of loader takes that way.

use aludel::dialect::{Isolation, TransactionOptions};
use aludel::prelude::*;

use super::{database, database_at, in_task};
use crate::backend::{self, is_sqlite, on};
use crate::model::{Address, Order, Tag, User};

#[tokio::test(flavor = "multi_thread")]
async fn one_row_or_none() {
    let engine = database().await;
    in_task(async move {
        let mut session = Session::new(&engine);
        for error in [
            session.fetch_one(User::select()).await.unwrap_err(),
            session.fetch_optional(User::select()).await.unwrap_err(),
            session.fetch_one(User::select().options(joinedload(User::MANAGER))).await.unwrap_err(),
        ] {
            assert!(error.to_string().contains("more than one"), "{error}");
        }
        assert!(session.fetch_one(User::select().filter(User::ID.eq(9))).await.unwrap_err().is_not_found());
        let query = User::select().filter(User::ID.eq(1)).options(joinedload(User::ADDRESSES));
        let ed = session.fetch_optional(query).await.unwrap().unwrap();
        assert_eq!(session[ed].addresses.len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn text() {
    let engine = database().await;
    in_task(async move {
        let mut session = Session::new(&engine);
        let rows = session.fetch_all(aludel::language::text("SELECT name, id FROM users ORDER BY id")).await.unwrap();
        assert_eq!(rows[1].get::<String>("name").unwrap(), "wendy");
        let sql = "SELECT manager_id, fullname, name, id FROM users ORDER BY id";
        let users = session.fetch_all(aludel::language::text(sql).rows_as::<User>()).await.unwrap();
        assert_eq!((session[users[3]].id, session[users[3]].manager_id), (4, Some(2)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn joined_rows_belong_to_their_owners() {
    let engine = database().await;
    in_task(async move {
        let mut session = Session::new(&engine);
        let query = select((Order::ID, User::ALL.optional())).left_join(User::TABLE, Order::USER_ID.eq(User::ID));
        let query = query.order_by(Order::ID).options((joinedload(User::ADDRESSES), joinedload(User::ORDERS)));
        session.execute(Order::update().set(Order::USER_ID, None).filter(Order::ID.eq(2))).await.unwrap();
        let rows: Vec<(i64, Option<Key<User>>)> = session.fetch_all(query).await.unwrap();
        let shown: Vec<_> = rows
            .iter()
            .map(|(order, user)| (*order, user.map(|user| (session[user].addresses.len(), session[user].orders.len()))))
            .collect();
        assert_eq!(shown, [(1, Some((2, 1))), (2, None), (3, Some((1, 1)))]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn loaders() {
    let engine = database().await;
    in_task(async move {
        let mut session = Session::new(&engine);
        let query = || User::select().order_by(User::ID);
        let users = session.fetch_all(query().options(selectinload(User::ADDRESSES).chunk(1))).await.unwrap();
        assert_eq!((session[users[0]].addresses.len(), session[users[3]].addresses.len()), (2, 0));
        let tags = subqueryload(User::ORDERS).options(joinedload(Order::TAGS));
        session.fetch_all(query().limit(2).options(tags)).await.unwrap();
        let order = session.keys(users[0], User::ORDERS)[0];
        assert_eq!(session[order].tags.len(), 2);
        let part = selectinload(User::ADDRESSES).filter(Address::EMAIL.like("%b.org")).options(defer(Address::EMAIL));
        session.fetch_all(query().options(part).populate_existing()).await.unwrap();
        let [address] = session.keys(users[0], User::ADDRESSES)[..] else { panic!() };
        assert!(session.value(address, Address::EMAIL).is_ok(), "what was loaded before stays");
        let values: Vec<User> = engine
            .fetch_all(
                query().options((selectinload(User::ORDERS).selectinload(Order::TAGS), joinedload(User::MANAGER))),
            )
            .await
            .unwrap();
        assert_eq!(values[0].orders.values()[0].tags.values()[1], Tag { id: 2, label: "hot".into() });
        assert_eq!(values[3].manager.get().unwrap().name, "wendy");
    })
    .await;
}

/// A session that is dropped with a transaction open gives its connection back, rolled back.
#[tokio::test(flavor = "multi_thread")]
async fn dropped_sessions_roll_back() {
    let engine = database().await;
    for _ in 0..30 {
        let engine = engine.clone();
        in_task(async move {
            let mut session = Session::new(&engine);
            session.add(User::build().name("lost"));
            session.flush().await.unwrap();
            let mut stream = session.stream(User::select(), 2);
            stream.next().await.unwrap();
        })
        .await;
    }
    let count: i64 = engine.fetch_one(select(func::count_all()).from(User::TABLE)).await.unwrap();
    assert_eq!(count, 4);
}

/// Another program has the right to write: the flush says so, keeps everything, and can be made again.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_else_writes() {
    let url = backend::file("journal_mode=WAL");
    let engine = database_at(&url).await;
    let impatient = if is_sqlite() { format!("{url}&busy_timeout=20ms") } else { url };
    let impatient = Engine::builder(impatient).on_connect(backend::impatience()).connect().await.unwrap();
    let mut writer = Session::new(&engine);
    writer.add(User::build().name("first"));
    writer.execute(User::update().set(User::NAME, "Edward").filter(User::ID.eq(1))).await.unwrap();
    let mut session = Session::new(&impatient);
    let ed = session.get_one::<User>(1).await.unwrap();
    session.rollback().await.unwrap();
    // On a server it is the same row that both want.
    let second = |session: &mut Session| {
        session[ed].fullname = None;
        session.add(User::build().name("second"))
    };
    let new = second(&mut session);
    let error = session.commit().await.unwrap_err();
    assert!(error.is_locked() && error.is_retryable(), "{error}");
    assert_eq!(session.pending::<User>(), [new]);
    // It may read meanwhile, what was committed.
    assert_eq!(session.no_autoflush().fetch_all(User::select()).await.unwrap().len(), 4);
    session.rollback().await.unwrap();
    let new = second(&mut session);
    assert!(session.flush().await.unwrap_err().is_locked());
    writer.commit().await.unwrap();
    session.commit().await.unwrap();
    assert!(session[new].id > 5);
    session.refresh(ed).await.unwrap();
    assert_eq!((session[ed].name.as_str(), session[ed].fullname.as_deref()), ("Edward", None));
}

/// A session that has read and writes after somebody else has: its snapshot is too old. A rollback makes it anew.
#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_that_is_too_old() {
    // Of PostgreSQL it is asked for; and of MariaDB that its snapshots be like the others'.
    let isolation = on(None, Some(Isolation::RepeatableRead), None);
    let setting = on("SELECT 1", "SELECT 1", "SET innodb_snapshot_isolation = ON");
    let url = backend::file("journal_mode=WAL");
    database_at(&url).await;
    let engine = Engine::builder(url).on_connect(setting).connect().await.unwrap();
    let options = TransactionOptions { isolation, ..TransactionOptions::default() };
    let session = || Session::builder(&engine).transactions(options).build();
    let (mut one, mut other) = (session(), session());
    let ed = one.get_one::<User>(1).await.unwrap();
    let same = other.get_one::<User>(1).await.unwrap();
    other[same].fullname = None;
    other.commit().await.unwrap();
    one[ed].name = "one's".into();
    let error = one.commit().await.unwrap_err();
    assert!(error.is_retryable(), "{error}");
    assert_eq!(one[ed].name, "one's");
    one.rollback().await.unwrap();
    assert_eq!(one[ed].name, "ed");
    one.refresh(ed).await.unwrap();
    assert_eq!(one[ed].fullname, None);
    one[ed].name = "one's".into();
    one.commit().await.unwrap();
}
