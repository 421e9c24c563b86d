//! Servers that go, stop, or have no room.

use std::time::{Duration, Instant};

use aludel::prelude::*;
use aludel::{DatabaseErrorKind as Kind, blocking};
use aludel_testsuite::servers::{self, Options};

#[tokio::test]
async fn a_server_that_was_restarted() {
    let mut server = servers::private_mysql(Options::new());
    let engine = Engine::connect(server.url()).await.unwrap();
    let blocking = blocking::Engine::connect(server.url()).unwrap();
    assert_eq!(engine.fetch_one(select(value(1))).await.unwrap(), 1);
    server.restart().unwrap();
    // The restart has blocked this thread, and with it the runtime, which has yet to hear of the closed socket.
    tokio::time::sleep(Duration::from_millis(10)).await;
    // The closed connections are noticed when they are taken out of the pool.
    assert_eq!(engine.fetch_one(select(value(2))).await.unwrap(), 2);
    assert_eq!(blocking.fetch_one(select(value(3))).unwrap(), 3);
    let mut tx = engine.begin().await.unwrap();
    server.kill().unwrap();
    let error = tx.execute(text("DO 1")).await.unwrap_err();
    assert!(error.is_disconnect(), "{error}");
    drop(tx);
    let error = engine.fetch_one(select(value(4))).await.unwrap_err();
    assert!(error.is_disconnect(), "{error}");
    server.start().unwrap();
    assert_eq!(engine.fetch_one(select(value(5))).await.unwrap(), 5);
}

#[tokio::test]
async fn connections_that_somebody_kills() {
    let (engine, _database) = crate::support::engine().await;
    let mut connection = engine.acquire().await.unwrap();
    let id: i64 = connection.fetch_scalar(text("SELECT connection_id()")).await.unwrap();
    let mut other = engine.acquire().await.unwrap();
    let (slept, killed) = tokio::join!(connection.execute(text("SELECT sleep(20)")), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        other.batch(&format!("KILL {id}")).await
    });
    killed.unwrap();
    let error = slept.unwrap_err();
    assert!(error.is_disconnect(), "{error}");
    drop((connection, other));
    for number in 0..10_i64 {
        assert_eq!(engine.fetch_one(select(value(number))).await.unwrap(), number);
    }
}

#[test]
fn no_more_connections() {
    let server = servers::private_mysql(Options::new().setting("max-connections", "10"));
    // Others than administrators, for whom a place is kept.
    server.run("CREATE USER 'few'@'%'; CREATE USER 'few'@'localhost'").unwrap();
    let url = server.url();
    let place = url.rsplit_once('@').unwrap().1;
    let mut held = Vec::new();
    let error = loop {
        match blocking::Engine::connect(format!("mysql://few@{}", place.split('/').next().unwrap())) {
            Ok(engine) => held.push(engine),
            Err(error) => break error,
        }
        assert!(held.len() < 20);
    };
    let found = error.database().unwrap();
    assert_eq!((found.code(), found.kind()), ("1040", Kind::Full), "{error}");
    drop(held);
    std::thread::sleep(Duration::from_millis(200));
    assert!(blocking::Engine::connect(format!("mysql://few@{}", place.split('/').next().unwrap())).is_ok());
}

#[tokio::test]
async fn servers_that_do_not_answer() {
    let mut server = servers::private_mysql(Options::new());
    let url = format!("{}?read_timeout=300ms&connect_timeout=500ms", server.url());
    let engine = Engine::connect(&url).await.unwrap();
    let blocking = blocking::Engine::connect(&url).unwrap();
    for _ in 0..2 {
        let started = Instant::now();
        let error = engine.execute(text("SELECT sleep(5)")).await.unwrap_err();
        assert!(error.is_disconnect() && started.elapsed() < Duration::from_secs(2), "{error}");
        let started = Instant::now();
        let error = blocking.execute(text("SELECT sleep(5)")).unwrap_err();
        assert!(error.is_disconnect() && started.elapsed() < Duration::from_secs(2), "{error}");
        assert_eq!(engine.fetch_one(select(value(1))).await.unwrap(), 1);
        assert_eq!(blocking.fetch_one(select(value(1))).unwrap(), 1);
    }
    server.pause().unwrap();
    let started = Instant::now();
    assert!(blocking::Engine::connect(&url).is_err());
    assert!(Engine::connect(&url).await.is_err());
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
    server.resume().unwrap();
    assert_eq!(engine.fetch_one(select(value(2))).await.unwrap(), 2);
}
