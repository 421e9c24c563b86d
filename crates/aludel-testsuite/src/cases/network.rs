//! Lines that are cut.

use std::io;
use std::net::ToSocketAddrs;
use std::time::Duration;

use aludel::prelude::*;

use crate::Capability;
use crate::model::{Person, count, people, person};
use crate::proxy::Proxy;
use crate::suite::{Settings, Suite, answers};

/// A line to the server of a URL.
fn proxy(url: &str) -> io::Result<Proxy> {
    let url = aludel::Url::parse(url).map_err(io::Error::other)?;
    let (Some(host), Some(port)) = (url.host(), url.port()) else {
        return Err(io::Error::other("`Network` is claimed, and the URL has no host and port"));
    };
    let server = (host, port).to_socket_addrs()?.next().ok_or_else(|| io::Error::other("the host has no address"))?;
    Proxy::start(server)
}

/// A line that can be cut, and an engine at its end; none where the driver uses no network.
async fn line(suite: &Suite, settings: Settings) -> Option<(Proxy, Engine)> {
    if !suite.has(Capability::Network) {
        return None;
    }
    let direct = suite.single(schema![Person]).await;
    let inserted = direct.insert(Person::insert().rows(people(5_000))).await;
    inserted.unwrap_or_else(|error| panic!("{error}"));
    let proxy = proxy(suite.url()).unwrap_or_else(|error| panic!("no line to the server: {error}"));
    let settings = Settings { url: Some(proxy.url(suite.url())), pool_size: Some(1), ..settings };
    let engine = suite.engine_with(settings, &[]).await;
    answers(&engine, 1).await;
    Some((proxy, engine))
}

/// The error says that the connection is gone, it leaves the pool, and the next statement goes over a new one.
pub async fn a_cut_line_is_recognised(suite: Suite) {
    let Some((proxy, engine)) = line(&suite, Settings::default()).await else { return };
    for round in 0..3 {
        proxy.cut();
        suite.sleep(Duration::from_millis(20)).await;
        match engine.fetch_one(select(value(round))).await {
            // The driver has noticed before.
            Ok(answer) => assert_eq!(answer, round),
            Err(error) => assert!(error.is_disconnect(), "{error}"),
        }
        answers(&engine, 10 + round).await;
        assert_eq!(engine.pool_status().open, 1);
    }
}

/// Half of the rows are no rows.
pub async fn a_line_that_is_cut_in_the_middle_of_a_result(suite: Suite) {
    let Some((proxy, engine)) = line(&suite, Settings::default()).await else { return };
    for bytes in [0, 1, 100, 5_000, 50_000] {
        proxy.cut_after(bytes);
        let result = engine.fetch_all(Person::select()).await;
        let error = result.err().unwrap_or_else(|| panic!("a result that was cut after {bytes} bytes is whole"));
        assert!(error.is_disconnect(), "after {bytes} bytes: {error}");
        proxy.pass();
        answers(&engine, 4).await;
    }
    assert_eq!(engine.fetch_all(Person::select()).await.map(|rows| rows.len()).unwrap_or(0), 5_000);
}

/// Nothing of the transaction is there.
pub async fn a_line_that_is_cut_in_a_transaction(suite: Suite) {
    let Some((proxy, engine)) = line(&suite, Settings::default()).await else { return };
    let mut tx = engine.begin().await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(tx.execute(Person::insert().row(person(9_001))).await.unwrap_or(0), 1);
    proxy.cut();
    suite.sleep(Duration::from_millis(20)).await;
    let error = tx.execute(Person::insert().row(person(9_002))).await.err();
    assert!(error.unwrap_or_else(|| panic!("a statement went over a line that is cut")).is_disconnect());
    assert!(tx.commit().await.is_err(), "a transaction without a connection was committed");
    for _ in 0..500 {
        if count(&engine).await == 5_000 {
            break;
        }
        suite.sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(count(&engine).await, 5_000);
    assert_eq!(
        engine.fetch_optional(Person::select().filter(Person::ID.gt(9_000))).await.map(|p| p.is_none()).ok(),
        Some(true)
    );
}

/// With a sign of life asked for, nobody notices.
pub async fn a_stale_connection_is_replaced(suite: Suite) {
    let settings = Settings { pre_ping: true, ..Settings::default() };
    let Some((proxy, engine)) = line(&suite, settings).await else { return };
    for number in 0..3 {
        proxy.cut();
        suite.sleep(Duration::from_millis(20)).await;
        answers(&engine, number).await;
    }
}
