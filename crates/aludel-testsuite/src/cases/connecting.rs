//! Opening connections, and what is said when that fails.

use std::time::{Duration, Instant};

use aludel::ErrorKind;
use aludel::Url;
use aludel::prelude::*;

use crate::Capability;
use crate::suite::{Settings, Suite, answers};

/// The least of all.
pub async fn a_first_query(suite: Suite) {
    let engine = suite.engine(&[]).await;
    answers(&engine, 42).await;
    assert!(!engine.connector().system().is_empty());
    assert!(!engine.connector().database().is_empty());
    assert!(!engine.dialect().name().is_empty());
    engine.close().await;
}

/// Whoever blocks has no runtime that would poll again.
pub async fn replies_are_ready_on_the_blocking_face(suite: Suite) {
    let engine = suite.single(&[]).await;
    for number in 0..10 {
        assert_eq!(suite.checked(engine.fetch_one(select(value(number)))).await.unwrap_or(-1), number);
    }
    let work = async {
        let mut tx = engine.begin().await?;
        tx.fetch_one(select(value(1_i64))).await?;
        tx.rollback().await
    };
    suite.checked(work).await.unwrap_or_else(|error| panic!("{error}"));
    suite.checked(engine.close()).await;
}

/// The same URL with another user, password, host or port.
fn changed(suite: &Suite, change: impl FnOnce(&mut Parts)) -> Option<String> {
    let url = Url::parse(suite.url()).unwrap_or_else(|error| panic!("{error}"));
    let mut parts = Parts {
        user: url.user()?.to_owned(),
        password: url.password()?.to_owned(),
        host: url.host()?.to_owned(),
        port: url.port()?,
        database: url.database()?.to_owned(),
    };
    change(&mut parts);
    let Parts { user, password, host, port, database } = parts;
    Some(format!("{}://{user}:{password}@{host}:{port}/{database}", url.scheme()))
}

struct Parts {
    user: String,
    password: String,
    host: String,
    port: u16,
    database: String,
}

/// Opens the changed URL, and gives the error.
async fn refused(suite: &Suite, url: String) -> Error {
    let start = Instant::now();
    let settings = Settings { url: Some(url), connect_timeout: Some(Duration::from_secs(10)), ..Settings::default() };
    let result = suite.open(&settings).await;
    assert!(start.elapsed() < Duration::from_secs(30), "it took too long to be told");
    result.err().unwrap_or_else(|| panic!("a connection was opened that can't be"))
}

/// A case of drivers for the network: others have no host in their URL.
async fn over_a_network(suite: &Suite, change: impl FnOnce(&mut Parts)) -> Option<Error> {
    let url = changed(suite, change);
    if !suite.has(Capability::Network) {
        assert!(url.is_none(), "the URL has a host: claim `Network`");
        return None;
    }
    let url = url.unwrap_or_else(|| panic!("`Network` is claimed: the URL needs user, password, host, port, database"));
    Some(refused(suite, url).await)
}

/// The port is closed.
pub async fn nobody_listens(suite: Suite) {
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let free = free.map(|address| address.port()).unwrap_or(1);
    if let Some(error) = over_a_network(&suite, |url| url.port = free).await {
        assert!(error.is_disconnect(), "{error}");
        let told = error.to_string();
        assert!(told.contains(&free.to_string()), "the error names the port: {told}");
    }
}

/// The host's name is nobody's.
pub async fn a_host_that_does_not_exist(suite: Suite) {
    if let Some(error) = over_a_network(&suite, |url| url.host = "no-such-host.invalid".to_owned()).await {
        assert!(error.is_disconnect() || error.is_pool_timeout(), "{error}");
        assert!(error.to_string().contains("no-such-host.invalid"), "the error names the host: {error}");
    }
}

/// The server knows the user by another password.
pub async fn a_wrong_password(suite: Suite) {
    let url = changed(&suite, |url| url.password = "wrong-password".to_owned());
    if !suite.has(Capability::Logins) {
        assert!(url.is_none(), "the URL has a user: claim `Logins`");
        return;
    }
    let url = url.unwrap_or_else(|| panic!("`Logins` is claimed, and the URL has no user and password"));
    let error = refused(&suite, url).await;
    assert!(matches!(error.kind(), ErrorKind::Database(_) | ErrorKind::Connection(_)), "{error}");
    assert!(!error.to_string().contains("wrong-password"), "the error shows the password: {error}");
}

/// There is no such database.
pub async fn a_wrong_database(suite: Suite) {
    if let Some(error) = over_a_network(&suite, |url| url.database = "suite_no_such_database".to_owned()).await {
        assert!(error.to_string().contains("suite_no_such_database"), "the error names the database: {error}");
    }
}

/// Options that nobody knows are no options.
pub async fn nonsense_in_the_url(suite: Suite) {
    let separator = if suite.url().contains('?') { '&' } else { '?' };
    let error = refused(&suite, format!("{}{separator}no_such_option=1", suite.url())).await;
    assert!(matches!(error.kind(), ErrorKind::Config(_)), "{error}");
    assert!(error.to_string().contains("no_such_option"), "the error names the option: {error}");
}

/// Neither in what an engine shows of itself nor in errors.
pub async fn passwords_are_never_shown(suite: Suite) {
    let url = Url::parse(suite.url()).unwrap_or_else(|error| panic!("{error}"));
    let Some(password) = url.password().map(str::to_owned) else { return };
    let engine = suite.engine(&[]).await;
    let shown = format!("{engine:?} {:?} {} {url:?}", engine.connector(), engine.connector().database());
    assert!(!shown.contains(&password), "{shown}");
}
