//! LISTEN and NOTIFY.

use std::time::Duration;

use aludel::postgres::{Listener, PostgresConnection, wait};
use aludel::prelude::*;

use crate::support::{engine, poll_and_drop};

async fn heard(listener: &mut Listener) -> (String, String) {
    let heard = tokio::time::timeout(Duration::from_secs(20), listener.recv()).await;
    let heard = heard.expect("a message in time").unwrap();
    (heard.channel, heard.payload)
}

#[tokio::test]
async fn messages_come_and_connections_come_back() {
    let (engine, database) = engine().await;
    let mut listener = Listener::connect(database.url()).await.unwrap();
    listener.listen("orders").await.unwrap();
    listener.listen("Odd \"name\"").await.unwrap();
    for number in 0..5 {
        // Dropped while it waits, it loses nothing.
        assert!(!poll_and_drop(listener.recv(), number).await);
        let name = if number % 2 == 0 { "orders" } else { "Odd \"name\"" };
        let notify = text("SELECT pg_notify(:name, :payload)").bind("name", name.to_owned());
        engine.execute(notify.bind("payload", format!("number {number}"))).await.unwrap();
        assert_eq!(heard(&mut listener).await, (name.to_owned(), format!("number {number}")));
    }
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()";
    engine.execute(text(kill)).await.unwrap();
    let again = async {
        while listener.reconnections() == 0 {
            poll_and_drop(listener.recv(), 20).await;
        }
        engine.execute(text("NOTIFY orders, 'again'")).await.unwrap();
        heard(&mut listener).await
    };
    let again = tokio::time::timeout(Duration::from_secs(20), again).await.expect("a connection in time");
    assert_eq!(again, ("orders".to_owned(), "again".to_owned()));
    listener.unlisten("orders").await.unwrap();
    engine.execute(text("NOTIFY orders, 'unheard'")).await.unwrap();
    engine.execute(text("SELECT pg_notify('Odd \"name\"', 'heard')")).await.unwrap();
    assert_eq!(heard(&mut listener).await.1, "heard");
}

#[tokio::test]
async fn ordinary_connections_hear_too() {
    let (engine, _database) = engine().await;
    let mut connection = engine.acquire().await.unwrap();
    connection.batch("LISTEN own; SET client_min_messages = 'notice'").await.unwrap();
    connection.batch("DO $$ BEGIN RAISE NOTICE 'said'; RAISE WARNING 'warned'; END $$").await.unwrap();
    engine.execute(text("NOTIFY own, 'one'")).await.unwrap();
    engine.execute(text("NOTIFY own, 'two'")).await.unwrap();
    assert_eq!(connection.fetch_one(select(value(7))).await.unwrap(), 7);
    let own: &mut PostgresConnection = connection.driver().as_any_mut().downcast_mut().unwrap();
    let payload = |own: &mut PostgresConnection| own.notification().map(|heard| heard.payload);
    assert_eq!(payload(own).as_deref(), Some("one"));
    assert_eq!(payload(own).as_deref(), Some("two"));
    assert_eq!(payload(own), None);
    assert_eq!(own.parameter("client_encoding"), Some("UTF8"));
}

#[test]
fn without_async() {
    let (engine, database) = crate::support::blocking_engine();
    let mut listener = Listener::connect_blocking(&format!("{}?read_timeout=300ms", database.url())).unwrap();
    wait(listener.listen("orders")).unwrap();
    assert!(wait(listener.recv()).unwrap_err().to_string().contains("read timeout"));
    engine.execute(text("NOTIFY orders, 'one'")).unwrap();
    assert_eq!(wait(listener.recv()).unwrap().payload, "one");
}
