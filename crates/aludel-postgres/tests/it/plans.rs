//! Prepared statements under tables that change, and behind a pooler.

use aludel::Value;
use aludel::prelude::*;
use aludel_testsuite::servers::{Bouncer, Options};

use crate::support::{User, engine, user, users};

#[tokio::test]
async fn a_table_that_changes() {
    let (engine, database) = engine().await;
    engine.acquire().await.unwrap().batch("CREATE TABLE t (a int); INSERT INTO t VALUES (1)").await.unwrap();
    let engine = Engine::builder(database.url()).pool_size(1).connect().await.unwrap();
    let query = || text("SELECT * FROM t").rows_as::<Value>();
    for (sql, expected) in [
        ("SELECT 1", "1"),
        ("ALTER TABLE t ALTER a TYPE int8", "1"),
        ("ALTER TABLE t ALTER a TYPE text", "'1'"),
        ("DISCARD ALL", "'1'"),
        ("DEALLOCATE ALL", "'1'"),
    ] {
        engine.acquire().await.unwrap().batch(sql).await.unwrap();
        for _ in 0..2 {
            assert_eq!(format!("{:?}", engine.fetch_one(query()).await.unwrap()), expected, "{sql}");
        }
        let mut stream = engine.stream(query());
        assert_eq!(format!("{:?}", stream.next().await.unwrap().unwrap()), expected, "{sql}");
    }
    // In a transaction the statement has failed, and says so; the transaction's next attempt succeeds.
    let mut other = engine.acquire().await.unwrap();
    let mut tx = other.begin().await.unwrap();
    tx.batch("ALTER TABLE t ALTER a TYPE int4 USING a::int4").await.unwrap();
    let error = tx.fetch_one(query()).await.unwrap_err();
    assert!(error.is_retryable(), "{error}");
    assert!(error.to_string().contains("since the statement was prepared on this connection"), "{error}");
    tx.rollback().await.unwrap();
    let mut tx = other.begin().await.unwrap();
    tx.batch("ALTER TABLE t ALTER a TYPE int4 USING a::int4").await.unwrap();
    assert_eq!(format!("{:?}", tx.fetch_one(query()).await.unwrap()), "1");
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn statements_that_the_program_drops() {
    let (engine, database) = engine().await;
    engine.insert(User::insert().rows(users(3))).await.unwrap();
    let engine = Engine::builder(database.url()).pool_size(1).reset_on_return("DISCARD ALL").connect().await.unwrap();
    for _ in 0..3 {
        // In a transaction there is no second attempt.
        let mut tx = engine.begin().await.unwrap();
        assert_eq!(tx.fetch_one(User::select().filter(User::ID.eq(2_i64))).await.unwrap(), user(2));
        tx.insert(User::insert().rows(users(200).skip(3))).await.unwrap();
        tx.execute(text("DEALLOCATE ALL")).await.unwrap();
        assert_eq!(tx.fetch_one(User::select().filter(User::ID.eq(2_i64))).await.unwrap(), user(2));
        tx.rollback().await.unwrap();
    }
}

#[tokio::test]
async fn a_statement_that_can_not_be_parsed_leaves_the_cache() {
    let (engine, _database) = engine().await;
    let mut connection = engine.acquire().await.unwrap();
    let query = || text("SELECT 7 FROM late").rows_as::<i32>();
    for _ in 0..3 {
        assert!(connection.fetch_all(query()).await.is_err());
    }
    assert_eq!(connection.driver().prepared(), 0);
    connection.batch("CREATE TABLE late (a int); INSERT INTO late VALUES (1)").await.unwrap();
    assert_eq!(connection.fetch_all(query()).await.unwrap(), [7]);
    assert_eq!(connection.driver().prepared(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_a_pooler_that_gives_each_transaction_another_connection() {
    let (direct, database) = engine().await;
    direct.insert(User::insert().rows(users(50))).await.unwrap();
    let bouncer = Bouncer::start(database.url(), &Options::new().setting("default_pool_size", "3")).unwrap();
    let url = format!("{}?statement_cache=off", bouncer.url());
    let engine = Engine::builder(url).pool_size(8).connect().await.unwrap();
    let mut tasks = Vec::new();
    for task in 0..8_i64 {
        let engine = engine.clone();
        tasks.push(tokio::spawn(async move {
            for round in 0..50_i64 {
                let id = (task * 7 + round) % 50 + 1;
                assert_eq!(engine.fetch_one(User::select().filter(User::ID.eq(id))).await.unwrap(), user(id));
                let found = engine.fetch_all(User::select().filter(User::ID.le(id)).order_by(User::ID)).await.unwrap();
                assert!(found.into_iter().eq(users(id)));
                if round % 10 == 0 {
                    let mut stream = engine.stream(User::select().order_by(User::ID));
                    let mut count = 0;
                    while let Some(found) = stream.next().await {
                        count += 1;
                        assert_eq!(found.unwrap(), user(count));
                    }
                    let name = format!("new {task} {round}");
                    let mut tx = engine.begin().await.unwrap();
                    let insert = User::insert().tuples((User::NAME, User::AGE), [(name.clone(), Some(3))]);
                    let found: Vec<String> = tx.insert_returning(insert.returning(User::NAME)).await.unwrap();
                    assert_eq!(found, [name]);
                    let rows = || {
                        users(150).map(|user| User { id: user.id + 1_000, name: format!("{} more", user.name), ..user })
                    };
                    assert_eq!(tx.insert(User::insert().rows(rows())).await.unwrap(), 150);
                    let found = tx
                        .insert_returning(
                            User::insert()
                                .rows(rows().map(|user| User {
                                    id: user.id + 1_000,
                                    name: format!("{} more", user.name),
                                    ..user
                                }))
                                .returning(User::ID),
                        )
                        .await
                        .unwrap();
                    assert!(found.into_iter().eq(2_001..=2_150));
                    tx.rollback().await.unwrap();
                }
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    // A table that changes is noticed there too.
    let query = || text("SELECT * FROM t").rows_as::<Value>();
    for (sql, expected) in [
        ("CREATE TABLE t (a int); INSERT INTO t VALUES (1)", "1"),
        ("ALTER TABLE t ALTER a TYPE float4", "1.0"),
        ("ALTER TABLE t ALTER a TYPE text", "'1'"),
    ] {
        direct.acquire().await.unwrap().batch(sql).await.unwrap();
        for _ in 0..5 {
            assert_eq!(format!("{:?}", engine.fetch_one(query()).await.unwrap()), expected, "{sql}");
        }
    }
}
