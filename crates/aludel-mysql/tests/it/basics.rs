//! Statements, rows, streams, large values, many statements at once.

use aludel::mysql::MySqlConnection;
use aludel::prelude::*;
use aludel::{CacheSafety, Encode, Fault, ParamSink, SqlType, SqlTyped, Url, Value, blocking};
use aludel_testsuite::servers;

use crate::support::{SCHEMA, User, blocking_engine, engine, user, users};

#[tokio::test]
async fn rows_go_there_and_back() {
    let (engine, _database) = engine().await;
    engine.insert(User::insert().rows(users(300))).await.unwrap();
    let found = engine.fetch_all(User::select().order_by(User::ID)).await.unwrap();
    assert!(found.into_iter().eq(users(300)));
    for _ in 0..3 {
        let one = engine.fetch_one(User::select().filter(User::ID.eq(7))).await.unwrap();
        assert_eq!(one, user(7));
    }
    assert!(engine.fetch_one(User::select()).await.is_err(), "300 rows are not one");
    assert_eq!(engine.fetch_optional(User::select().filter(User::ID.eq(1_000))).await.unwrap(), None);
    assert_eq!(engine.fetch_one(select(value(5))).await.unwrap(), 5);
}

#[test]
fn rows_go_there_and_back_without_async() {
    let (engine, _database) = blocking_engine();
    engine.insert(User::insert().rows(users(300))).unwrap();
    let found = engine.fetch_all(User::select().order_by(User::ID)).unwrap();
    assert!(found.into_iter().eq(users(300)));
    let mut tx = engine.begin().unwrap();
    tx.execute(User::delete()).unwrap();
    drop(tx);
    assert_eq!(engine.fetch_scalar::<i64>(text("SELECT count(*) FROM users")).unwrap(), 300);
}

#[tokio::test]
async fn the_server_is_asked_which_database_it_is() {
    let database = servers::mysql();
    for scheme in ["mysql", "mariadb"] {
        let url = format!("{scheme}{}", &database.url()[database.url().find(':').unwrap()..]);
        let engine = Engine::connect(&url).await.unwrap();
        let mut connection = engine.acquire().await.unwrap();
        let is_mariadb = connection.driver().as_any_mut().downcast_mut::<MySqlConnection>().unwrap().is_mariadb();
        assert_eq!(engine.dialect().name(), if is_mariadb { "mariadb" } else { "mysql" });
    }
    // Lazily there is nobody to ask, and what the URL says is checked when it comes to a connection.
    let lazy = Engine::builder(database.url()).connect_lazily().unwrap();
    assert_eq!(lazy.dialect().name(), "mysql");
    let error = lazy.fetch_one(select(value(1))).await.unwrap_err().to_string();
    assert!(error.contains("the server is MariaDB") && error.contains("server=mariadb"), "{error}");
    let lazy = Engine::builder(format!("{}?server=mariadb", database.url())).connect_lazily().unwrap();
    assert_eq!(lazy.fetch_one(select(value(1))).await.unwrap(), 1);
}

#[tokio::test]
async fn returned_rows_and_counts() {
    let (engine, _database) = engine().await;
    let insert = User::insert().tuples((User::NAME, User::AGE), [("ed", 5), ("wendy", 6), ("mary", 7)]);
    let ids: Vec<i64> = engine.insert_returning(insert.returning(User::ID)).await.unwrap();
    assert_eq!(ids, [1, 2, 3]);
    let update = User::update().set(User::AGE, 9).filter(User::ID.ge(2));
    assert_eq!(engine.execute(update.clone()).await.unwrap(), 2);
    // What matches counts, changed or not.
    assert_eq!(engine.execute(update).await.unwrap(), 2);
    let gone: Vec<String> =
        engine.fetch_all(User::delete().filter(User::AGE.eq(9)).returning(User::NAME)).await.unwrap();
    assert_eq!(gone.len(), 2);
    // An upsert counts a row once, whatever becomes of it.
    let upsert = |id: i64, name: &str, age: i32| {
        let row = User { id, name: name.to_owned(), age: Some(age) };
        User::insert().row(row).on_conflict(User::ID).do_update([User::AGE.set(aludel::language::excluded(User::AGE))])
    };
    assert_eq!(engine.execute(upsert(50, "x", 1)).await.unwrap(), 1);
    assert_eq!(engine.execute(upsert(50, "x", 2)).await.unwrap(), 1);
    assert_eq!(engine.execute(upsert(50, "x", 2).row(user(51)).row(user(52))).await.unwrap(), 3);
    assert_eq!(engine.execute(upsert(50, "x", 3).row(user(51)).row(user(53))).await.unwrap(), 3);
}

#[tokio::test]
async fn streams_take_rows_as_they_come() {
    let (engine, _database) = engine().await;
    engine.insert(User::insert().rows(users(2_000))).await.unwrap();
    let mut stream = engine.stream(User::select().order_by(User::ID));
    let mut next = 1;
    while let Some(found) = stream.next().await {
        assert_eq!(found.unwrap(), user(next));
        next += 1;
    }
    assert_eq!(next, 2_001);
    drop(stream);
    // One that is left in the middle.
    let mut stream = engine.stream(User::select());
    assert!(stream.next().await.unwrap().is_ok());
    drop(stream);
    assert_eq!(engine.fetch_one(select(value(7_i64))).await.unwrap(), 7);
    assert_eq!(engine.pool_status().open, engine.pool_status().idle);
}

#[test]
fn values_of_many_megabytes() {
    let (engine, _database) = blocking_engine();
    let mut connection = engine.acquire().unwrap();
    connection.batch("CREATE TABLE large (id INT PRIMARY KEY, body LONGTEXT, bytes LONGBLOB)").unwrap();
    // The protocol cuts at 2^24 - 1.
    let lengths = [0, 1, 250, 251, 65_535, 65_536, (1 << 24) - 40, (1 << 24) - 1, 1 << 24, 20_000_000];
    for (id, length) in (0_i32..).zip(lengths) {
        let body: String = ('a'..='z').cycle().take(length).collect();
        let insert = text("INSERT INTO large VALUES (:id, :body, :bytes)");
        let insert = insert.bind("id", id).bind("body", body.clone()).bind("bytes", body.clone().into_bytes());
        connection.execute(insert).unwrap();
        let select = text("SELECT body, bytes FROM large WHERE id = :id").bind("id", id);
        let found = connection.fetch_one(select.rows_as::<(String, Vec<u8>)>()).unwrap();
        assert!(found.0 == body && found.1 == body.as_bytes(), "{length}");
    }
    let huge = "x".repeat(70_000_000);
    let error = connection.fetch_scalar::<i64>(text("SELECT length(:x)").bind("x", huge)).unwrap_err();
    assert!(error.to_string().contains("max_allowed_packet"), "{}", error.to_string().split_at(300).0);
    assert_eq!(connection.fetch_one(select(value(1))).unwrap(), 1);
}

/// A value whose form is known only when it is written.
struct Anything(Value);

impl Encode for Anything {
    fn encode(&self, sink: &mut dyn ParamSink) -> std::result::Result<(), Fault> {
        self.0.encode(sink)
    }
    fn to_value(&self) -> Value {
        self.0.clone()
    }
}

impl SqlTyped for Anything {
    type Base = Self;
    const SQL_TYPE: SqlType = SqlType::Text;
    const CACHE: CacheSafety = CacheSafety::Safe;
}

#[tokio::test]
async fn parameters_change_their_types() {
    let (engine, _database) = engine().await;
    let mut connection = engine.acquire().await.unwrap();
    let sql = "SELECT concat(CAST(:x AS CHAR), '|', CAST(:y AS CHAR))";
    for _ in 0..2 {
        for (x, y, expected) in [
            (Value::Int(5), Value::Int(6), Some("5|6")),
            (Value::Text("five".into()), Value::Int(6), Some("five|6")),
            (Value::Null, Value::Int(7), None),
            (Value::Text("six".into()), Value::Text("x".repeat(300).into()), None),
            (Value::Uint(u64::MAX), Value::Null, None),
            (Value::Uint(u64::MAX), Value::Bool(true), Some("18446744073709551615|1")),
            (Value::Int(-1), Value::Float(1.5), Some("-1|1.5")),
        ] {
            let is_long = matches!(&y, Value::Text(text) if text.len() == 300);
            let select = text(sql).bind("x", Anything(x)).bind("y", Anything(y));
            let found: Option<String> = connection.fetch_scalar(select).await.unwrap();
            match is_long {
                true => assert_eq!(found.unwrap(), format!("six|{}", "x".repeat(300))),
                false => assert_eq!(found.as_deref(), expected),
            }
        }
    }
}

#[tokio::test]
async fn sessions_are_strict_and_in_utc() {
    let (engine, _database) = engine().await;
    let zone: String = engine.fetch_scalar(text("SELECT @@time_zone")).await.unwrap();
    assert_eq!(zone, "+00:00");
    assert!(engine.execute(text("INSERT INTO users (name, age) VALUES ('a', 1 / 0)")).await.is_err());
    assert!(engine.execute(text("INSERT INTO users (name, age) VALUES (repeat('a', 200), 1)")).await.is_err());
    // A key of 0 is 0.
    engine.execute(text("INSERT INTO users (id, name) VALUES (0, 'zero')")).await.unwrap();
    assert_eq!(engine.fetch_scalar::<i64>(text("SELECT id FROM users")).await.unwrap(), 0);
    let name = "żółw 🐢";
    let found: String = engine.fetch_scalar(text("SELECT :x").bind("x", name.to_owned())).await.unwrap();
    assert_eq!(found, name);
}

#[tokio::test]
async fn placeholders_that_nobody_binds() {
    let (engine, _database) = engine().await;
    let mut connection = engine.acquire().await.unwrap();
    let error = connection.fetch_all(text("SELECT ?")).await.unwrap_err().to_string();
    assert!(error.contains("1 parameter(s), and 0 value(s)"), "{error}");
    assert_eq!(connection.fetch_one(select(value(1))).await.unwrap(), 1);
}

#[tokio::test]
async fn sql_that_fails_leaves_the_connection_as_it_was() {
    let (engine, _database) = engine().await;
    let mut connection = engine.acquire().await.unwrap();
    for _ in 0..3 {
        assert!(connection.fetch_all(select(User::ID).filter(User::ID.eq(1))).await.is_ok());
        assert!(connection.fetch_all(text("SELECT nothing FROM nowhere")).await.is_err());
        assert!(connection.execute(User::insert().set(User::NAME, "x").set(User::AGE, 500)).await.is_err());
        assert_eq!(connection.fetch_one(select(value(3_i64))).await.unwrap(), 3);
    }
    connection.batch("INSERT INTO users (name) VALUES ('a'); INSERT INTO users (name) VALUES ('b')").await.unwrap();
    let error = connection.batch("INSERT INTO users (name) VALUES ('c'); INSERT INTO users (name) VALUES ('a')").await;
    assert!(error.unwrap_err().is_unique_violation());
    let count: i64 = connection.fetch_scalar(text("SELECT count(*) FROM users")).await.unwrap();
    assert_eq!(count, 3);
}

#[derive(Entity, Clone, Debug)]
#[entity(table = "nowhere")]
struct Nowhere {
    #[column(primary_key)]
    id: i64,
    name: String,
}

#[tokio::test]
async fn a_statement_that_can_not_be_prepared_runs_no_other() {
    let (engine, _database) = engine().await;
    let mut connection = engine.acquire().await.unwrap();
    // Prepared last, with as many parameters as what fails: the server must not take it for that.
    for name in ["a", "b"] {
        connection
            .execute(User::insert().set(User::ID, 100 + i64::from(name == "b")).set(User::NAME, name))
            .await
            .unwrap();
        let insert = Nowhere::insert().set(Nowhere::ID, 5).set(Nowhere::NAME, "c");
        let error = connection.execute(insert).await.unwrap_err();
        assert_eq!(error.database().unwrap().code(), "1146", "{error}");
    }
    let names = connection.fetch_all(select(User::NAME).order_by(User::ID)).await.unwrap();
    assert_eq!(names, ["a", "b"]);
}

#[tokio::test]
async fn procedures() {
    let (engine, _database) = engine().await;
    let mut connection = engine.acquire().await.unwrap();
    connection.batch("CREATE PROCEDURE one() BEGIN SELECT 5 AS x; END").await.unwrap();
    connection.batch("CREATE PROCEDURE two() BEGIN SELECT 5 AS x; SELECT 6 AS x, 7 AS y; END").await.unwrap();
    for _ in 0..2 {
        assert_eq!(connection.fetch_all(text("CALL one()").rows_as::<i64>()).await.unwrap(), [5]);
        let error = connection.fetch_all(text("CALL two()").rows_as::<i64>()).await.unwrap_err().to_string();
        assert!(error.contains("more than one result"), "{error}");
        connection.batch("CALL two(); CALL one()").await.unwrap();
        let mut stream = connection.stream(text("CALL two()").rows_as::<i64>());
        assert!(stream.next().await.unwrap().is_err());
        drop(stream);
        assert_eq!(connection.fetch_one(select(value(3_i64))).await.unwrap(), 3);
    }
}

#[test]
fn sockets_in_the_file_system() {
    let database = servers::mysql();
    let engine = blocking::Engine::connect(database.url()).unwrap();
    // A server may name it as seen from its own folder.
    let socket = "SELECT if(@@socket LIKE '/%', @@socket, concat(@@datadir, @@socket))";
    let path: String = engine.fetch_scalar(text(socket)).unwrap();
    let name: String = engine.fetch_scalar(text("SELECT database()")).unwrap();
    let url = Url::parse(database.url()).unwrap();
    let (user, password) = (url.user().unwrap(), url.password().unwrap());
    let engine = blocking::Engine::connect(format!("mysql://{user}:{password}@/{name}?socket={path}")).unwrap();
    engine.acquire().unwrap().batch(SCHEMA).unwrap();
    engine.insert(User::insert().rows(users(10))).unwrap();
    let host: String = engine.fetch_scalar(text("SELECT user()")).unwrap();
    assert!(host.ends_with("@localhost"), "{host}");
}
