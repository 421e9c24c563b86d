//! Passwords of every kind that a MariaDB server knows.

use aludel::prelude::*;
use aludel::{Url, blocking};
use aludel_testsuite::servers;

#[test]
fn passwords() {
    let database = servers::mysql();
    let admin = blocking::Engine::connect(database.url()).unwrap();
    let mut admin = admin.acquire().unwrap();
    let url = Url::parse(database.url()).unwrap();
    let place = format!("{}:{}/{}", url.host().unwrap(), url.port().unwrap(), url.database().unwrap());
    let name = url.database().unwrap();
    let mut check = |kind: &str, definition: &str, password: &str| {
        let user = format!("{name}_{kind}");
        admin
            .batch(&format!("CREATE USER '{user}'@'%' IDENTIFIED {definition}; GRANT ALL ON {name}.* TO '{user}'@'%'"))
            .unwrap();
        let found = blocking::Engine::connect(format!("mysql://{user}:{password}@{place}"))
            .and_then(|engine| engine.fetch_scalar::<i64>(text("SELECT 1")));
        let wrong = blocking::Engine::connect(format!("mysql://{user}:wrong@{place}"));
        admin.batch(&format!("DROP USER '{user}'@'%'")).unwrap();
        assert_eq!(found.unwrap(), 1, "{kind}");
        let error = wrong.map(|_| ()).unwrap_err();
        assert_eq!(error.database().unwrap().kind(), aludel::DatabaseErrorKind::Permission, "{error}");
        assert_eq!(error.database().unwrap().code(), "1045");
    };
    check("native", "BY 'se:cret'", "se%3Acret");
    check("empty", "BY ''", "");
    let has_ed25519 = blocking::Engine::connect(database.url())
        .and_then(|engine| {
            // The plugin stays loaded: whoever came first has loaded it.
            let _: Result<u64> = engine.execute(text("INSTALL SONAME 'auth_ed25519'"));
            engine.fetch_scalar::<i64>(text(
                "SELECT count(*) FROM information_schema.plugins WHERE plugin_name = 'ed25519' AND plugin_status = 'ACTIVE'",
            ))
        })
        .unwrap();
    assert_eq!(has_ed25519, 1, "the server has no plugin ed25519");
    check("ed25519", "VIA ed25519 USING PASSWORD('secret')", "secret");
}

#[test]
fn servers_that_are_not_there() {
    let error = blocking::Engine::connect("mysql://root@127.0.0.1:1/x").map(|_| ()).unwrap_err();
    assert!(error.is_disconnect() && error.to_string().contains("127.0.0.1:1"), "{error}");
    let error = blocking::Engine::connect("mysql:///x?socket=/nowhere.sock").map(|_| ()).unwrap_err();
    assert!(error.is_disconnect() && error.to_string().contains("/nowhere.sock"), "{error}");
}
