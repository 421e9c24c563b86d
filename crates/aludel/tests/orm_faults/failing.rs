//! A flush that fails at each of its rows: the database is as before it, the objects keep their changes, and all goes on.

use aludel::prelude::*;

use crate::backend::{self, Backend, backend, is_sqlite, on};
use crate::model::{Address, Database, User};
use crate::work::{BEFORE, Before, agrees, expected, untouched, work};

/// Triggers that refuse the row at which a fuse has burnt down.
async fn lay_a_fuse(database: &Database, what: &str) {
    let mut sql = "CREATE TABLE fuse (n INTEGER); INSERT INTO fuse VALUES (0);".to_owned();
    if backend() == Backend::Postgres {
        sql.push_str(
            "CREATE FUNCTION burn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             UPDATE fuse SET n = n - 1; \
             IF (SELECT n FROM fuse) = 0 THEN RAISE EXCEPTION 'the fuse has burnt down'; END IF; \
             IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$;",
        );
    }
    for table in ["users", "addresses", "profiles", "orders", "tags", "order_tag"] {
        for event in ["INSERT", "UPDATE", "DELETE"] {
            let trigger = format!("CREATE TRIGGER {table}_{event} BEFORE {event} ON {table}");
            sql.push_str(&on(
                format!(
                    "{trigger} BEGIN UPDATE fuse SET n = n - 1; \
                     SELECT RAISE({what}, 'the fuse has burnt down') FROM fuse WHERE n = 0; END;"
                ),
                format!("{trigger} FOR EACH ROW EXECUTE FUNCTION burn();"),
                format!(
                    "{trigger} FOR EACH ROW BEGIN UPDATE fuse SET n = n - 1; IF (SELECT n FROM fuse) = 0 THEN \
                     SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the fuse has burnt down'; END IF; END;"
                ),
            ));
        }
    }
    database.engine.acquire().await.unwrap().batch(&sql).await.unwrap();
}

async fn light(engine: &Engine, rows: usize) {
    engine.execute(text(format!("UPDATE fuse SET n = {rows}"))).await.unwrap();
}

/// A statement that flushes nothing.
async fn put_out(session: &mut Session) {
    session.no_autoflush().execute(text("UPDATE fuse SET n = 0")).await.unwrap();
}

/// What the session's own transaction sees.
async fn sees(session: &mut Session) -> Vec<String> {
    let sql = "SELECT name || ' ' || ifnull(age, '-') AS line FROM users UNION ALL SELECT email FROM addresses \
               UNION ALL SELECT about FROM profiles UNION ALL SELECT status || ' ' || ifnull(user_id, '-') FROM orders \
               UNION ALL SELECT label FROM tags UNION ALL SELECT order_id || ' ' || tag_id FROM order_tag";
    let rows = session.no_autoflush().fetch_all(backend::text(sql).rows_as::<(String,)>()).await.unwrap();
    let mut rows: Vec<String> = rows.into_iter().map(|row| row.0).collect();
    rows.sort_unstable();
    rows
}

#[tokio::test]
async fn at_every_row() {
    let database = Database::new().await;
    lay_a_fuse(&database, "ABORT").await;
    for before in BEFORE {
        let mut rows = 1;
        loop {
            database.reset().await;
            let mut session = Session::new(&database.engine);
            light(&database.engine, if before == Before::Flushed { rows + 1 } else { rows }).await;
            let work = work(&mut session, before).await;
            let was = sees(&mut session).await;
            let flushed = session.flush().await;
            let has_failed = flushed.is_err();
            if let Err(error) = flushed {
                assert!(error.to_string().contains("the fuse has burnt down"), "{error}");
                assert_eq!(sees(&mut session).await, was, "{before:?} at {rows}");
                assert_eq!(session[work.ed].name, "Edward");
                assert!(session.has_changes() && session.is_modified(work.zoe));
                put_out(&mut session).await;
            }
            session.commit().await.unwrap();
            assert_eq!(database.rows().await, expected(before), "{before:?} at {rows}");
            agrees(&mut session, rows).await;
            light(&database.engine, 0).await;
            if !has_failed {
                break;
            }
            rows += 1;
        }
        assert!(rows > 10);
    }
}

/// The changes are given up instead.
#[tokio::test]
async fn and_rolled_back() {
    let database = Database::new().await;
    lay_a_fuse(&database, "ABORT").await;
    let mut rows = 1;
    loop {
        database.reset().await;
        let mut session = Session::new(&database.engine);
        light(&database.engine, rows + 1).await;
        let work = work(&mut session, Before::Flushed).await;
        let has_failed = session.commit().await.is_err();
        if !has_failed {
            break;
        }
        session.rollback().await.unwrap();
        light(&database.engine, 0).await;
        assert_eq!(session[work.ed].name, "ed");
        assert!(!session.contains(work.zoe) && !session.has_changes());
        assert_eq!(session.keys(work.ed, User::ADDRESSES).len(), 2);
        session.commit().await.unwrap();
        assert_eq!(database.rows().await, untouched(Before::Nothing), "at {rows}");
        agrees(&mut session, rows).await;
        rows += 1;
    }
    assert!(rows > 10);
}

/// In a savepoint: what was done before it and in it stays.
#[tokio::test]
async fn in_a_savepoint() {
    let database = Database::new().await;
    lay_a_fuse(&database, "ABORT").await;
    let mut rows = 1;
    loop {
        database.reset().await;
        let mut session = Session::new(&database.engine);
        session.add(User::build().name("early").age(1));
        let mut nested = session.begin_nested().await.unwrap();
        let mary = nested.get_one::<User>(3).await.unwrap();
        nested[mary].age = Some(41);
        nested.flush().await.unwrap();
        let zoe = nested.add(User::build().name("zoe").addresses([Address::build().email("home")]));
        let ed = nested.get_one::<User>(1).await.unwrap();
        nested[ed].name = "Edward".into();
        nested.no_autoflush().execute(text(format!("UPDATE fuse SET n = {rows}"))).await.unwrap();
        let has_failed = nested.flush().await.is_err();
        put_out(&mut nested).await;
        nested.commit().await.unwrap();
        session.commit().await.unwrap();
        let mut names: Vec<String> = database.engine.fetch_all(select(User::NAME)).await.unwrap();
        names.sort_unstable();
        assert_eq!(names, ["Edward", "early", "mary", "wendy", "zoe"], "at {rows}");
        assert_eq!((session[mary].age, session[zoe].name.as_str()), (Some(41), "zoe"));
        agrees(&mut session, rows).await;
        if !has_failed {
            break;
        }
        rows += 1;
    }
    assert_eq!(rows, 4);
}

/// The number of the session's connection.
async fn connection_of(session: &mut Session) -> i64 {
    let number = text(backend::connection_number()).rows_as::<(i64,)>();
    session.no_autoflush().fetch_one(number).await.unwrap().0
}

/// The database ends the whole transaction: that is told, and nothing of it is believed to be there. On servers it goes with
/// its connection.
#[tokio::test]
async fn the_transaction_is_gone() {
    let database = Database::new().await;
    lay_a_fuse(&database, "ROLLBACK").await;
    for rows in 1..8 {
        light(&database.engine, 0).await;
        database.reset().await;
        let mut session = Session::new(&database.engine);
        light(&database.engine, if is_sqlite() { rows + 1 } else { 0 }).await;
        let work = work(&mut session, Before::Flushed).await;
        if !is_sqlite() {
            let number = connection_of(&mut session).await;
            database.engine.execute(text(backend::kill(number))).await.unwrap();
        }
        assert!(session.flush().await.is_err());
        let error = session.flush().await.unwrap_err().to_string();
        assert!(error.contains("rollback"), "{error}");
        assert!(session.fetch_all(User::select()).await.is_err());
        // That a connection is lost is told as often as it is asked for something.
        assert_eq!(session.rollback().await.is_ok(), is_sqlite());
        light(&database.engine, 0).await;
        assert!(!session.contains(work.zoe));
        assert_eq!(session[work.ed].name, "ed");
        session[work.ed].name = "Edward".into();
        session.commit().await.unwrap();
        assert_eq!(database.rows().await.iter().filter(|row| row.contains("Edward")).count(), 6, "at {rows}");
        agrees(&mut session, rows).await;
    }
}

/// A COMMIT that the database refuses: everything since the last one is undone, on both sides. MariaDB refuses none, so there its
/// connection is lost.
#[tokio::test]
async fn a_refused_commit() {
    let database = Database::new().await;
    if backend() == Backend::Postgres {
        let sql = "ALTER TABLE addresses ALTER CONSTRAINT addresses_user_id_fkey DEFERRABLE";
        database.engine.execute(text(sql)).await.unwrap();
    }
    let mut session = Session::new(&database.engine);
    let ed = session.get_one::<User>(1).await.unwrap();
    session.load(ed, User::ADDRESSES).await.unwrap();
    let [first, second] = session.keys(ed, User::ADDRESSES)[..] else { panic!() };
    session.rollback().await.unwrap();
    let defer = on("PRAGMA defer_foreign_keys = ON", "SET CONSTRAINTS ALL DEFERRED", "SELECT 1");
    session.execute(text(defer)).await.unwrap();
    session[ed].age = Some(31);
    session.flush().await.unwrap();
    session[first].user_id = on(99, 99, 2);
    let zoe = session.add(User::build().name("zoe"));
    session.delete(second);
    if backend() == Backend::MariaDb {
        session.flush().await.unwrap();
        let number = connection_of(&mut session).await;
        database.engine.execute(text(backend::kill(number))).await.unwrap();
    }
    let error = session.commit().await.unwrap_err();
    assert!(
        if backend() == Backend::MariaDb { error.is_disconnect() } else { error.is_foreign_key_violation() },
        "{error}"
    );
    assert_eq!(database.rows().await, untouched(Before::Nothing));
    assert!(!session.contains(zoe) && !session.has_changes() && !session.in_transaction());
    assert_eq!((session[ed].age, session[first].user_id), (Some(30), 1));
    let mut addresses = session.keys(ed, User::ADDRESSES);
    addresses.sort_unstable();
    assert_eq!(addresses, [first, second]);
    session[ed].age = Some(32);
    session.commit().await.unwrap();
    agrees(&mut session, 0).await;
}
