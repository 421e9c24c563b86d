//! Any number of rows: by packets of rows, and by statements of many.

use aludel::prelude::*;
use aludel::{CacheSafety, Encode, Fault, ParamSink, SqlType, SqlTyped, Value, blocking};
use aludel_testsuite::servers::{self, Database, Options};

use crate::support::{SCHEMA, User, blocking_engine, user, users};

/// Engines for a fresh database in both forms.
fn both() -> [(blocking::Engine, Database); 2] {
    [("", ""), ("?", "bulk=values")].map(|(mark, options)| {
        let database = servers::mysql();
        let engine = blocking::Engine::connect(format!("{}{mark}{options}", database.url())).unwrap();
        engine.acquire().unwrap().batch(SCHEMA).unwrap();
        (engine, database)
    })
}

#[test]
fn any_number_of_rows() {
    for (engine, _database) in both() {
        for count in [0, 1, 2, 127, 128, 129, 1_000, 30_000] {
            let inserted = engine.insert(User::insert().rows(users(count))).unwrap();
            assert_eq!(inserted, u64::try_from(count).unwrap());
            let found = engine.fetch_all(User::select().order_by(User::ID)).unwrap();
            assert!(found.into_iter().eq(users(count)), "{count}");
            engine.execute(User::delete()).unwrap();
        }
    }
}

#[test]
fn returned_rows_come_in_the_order_of_the_rows() {
    for (engine, _database) in both() {
        // Backwards, and by a key that is not the primary one.
        let rows = (0..20_000_i64).map(|number| (format!("name {:05}", 19_999 - number), Some(1_i32)));
        let names: Vec<String> = rows.clone().map(|(name, _)| name).collect();
        let insert = User::insert().tuples((User::NAME, User::AGE), rows).returning((User::ID, User::NAME));
        let returned: Vec<(i64, String)> = engine.insert_returning(insert).unwrap();
        assert!(returned.iter().map(|(_, name)| name).eq(&names));
        assert!(returned.iter().map(|(id, _)| *id).is_sorted());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn returned_keys_are_the_rows_own_beside_other_writers_and_triggers() {
    let database = servers::mysql();
    let engine = Engine::connect(database.url()).await.unwrap();
    let mut connection = engine.acquire().await.unwrap();
    connection.batch(SCHEMA).await.unwrap();
    // A trigger that makes keys of its own in another table, and one that changes the row.
    connection
        .batch(
            "CREATE TABLE log (id BIGINT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(190)) AUTO_INCREMENT = 1000000; \
             CREATE TRIGGER logs AFTER INSERT ON users FOR EACH ROW INSERT INTO log (name) VALUES (NEW.name); \
             CREATE TRIGGER grows BEFORE INSERT ON users FOR EACH ROW SET NEW.age = length(NEW.name)",
        )
        .await
        .unwrap();
    drop(connection);
    let mut tasks = Vec::new();
    for writer in 0..4 {
        let engine = engine.clone();
        tasks.push(tokio::spawn(async move {
            for round in 0..5 {
                let rows = (0..2_000).map(move |row| (format!("{writer}/{round}/{row}"), None::<i32>));
                let names: Vec<String> = rows.clone().map(|(name, _)| name).collect();
                let insert = User::insert().tuples((User::NAME, User::AGE), rows);
                let returned: Vec<(i64, String)> =
                    engine.insert_returning(insert.returning((User::ID, User::NAME))).await.unwrap();
                assert!(returned.iter().map(|(_, name)| name).eq(&names));
                let some: Vec<_> = returned.iter().step_by(97).collect();
                for (id, name) in some {
                    let found = engine.fetch_one(User::select().filter(User::ID.eq(*id))).await.unwrap();
                    assert_eq!((&found.name, found.age), (name, i32::try_from(name.len()).ok()));
                }
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let count: i64 = engine.fetch_scalar(text("SELECT count(*) FROM log")).await.unwrap();
    assert_eq!(count, 40_000);
}

#[test]
fn all_rows_or_none() {
    for (engine, _database) in both() {
        for (count, bad) in [(10, 9), (300, 299), (20_000, 19_999), (20_000, 5)] {
            let rows =
                users(count).map(move |user| if user.id == bad { User { age: Some(500), ..user } } else { user });
            let error = engine.insert(User::insert().rows(rows)).unwrap_err();
            assert_eq!(error.database().unwrap().kind(), aludel::DatabaseErrorKind::CheckViolation, "{error}");
            let left: i64 = engine.fetch_scalar(text("SELECT count(*) FROM users")).unwrap();
            assert_eq!(left, 0, "{count} rows, the bad one is {bad}");
            // In a transaction only the insert is undone.
            let mut tx = engine.begin().unwrap();
            tx.insert(User::insert().rows([user(1_000_000)])).unwrap();
            let rows =
                users(count).map(move |user| if user.id == bad { User { age: Some(500), ..user } } else { user });
            assert!(tx.insert(User::insert().rows(rows)).is_err());
            tx.insert(User::insert().rows([user(1_000_001)])).unwrap();
            tx.commit().unwrap();
            let left: i64 = engine.fetch_scalar(text("SELECT count(*) FROM users")).unwrap();
            assert_eq!(left, 2);
            engine.execute(User::delete()).unwrap();
        }
    }
}

#[test]
fn upserts() {
    for (engine, _database) in both() {
        engine.insert(User::insert().rows(users(200))).unwrap();
        let again = users(400).map(|user| User { age: Some(7), ..user });
        let insert = User::insert().rows(again).on_conflict(User::ID).do_update([User::AGE.set(99)]);
        assert_eq!(engine.insert(insert).unwrap(), 400);
        let ages: Vec<(i64, i64)> = engine
            .fetch_all(text("SELECT age, count(*) FROM users GROUP BY age ORDER BY age").rows_as::<(i64, i64)>())
            .unwrap();
        assert_eq!(ages, [(7, 200), (99, 200)]);
    }
}

/// A value whose form is known only when it is written.
#[derive(Clone)]
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

impl aludel::Decode for Anything {
    fn decode(row: &dyn aludel::RowRef, index: usize) -> std::result::Result<Self, Fault> {
        row.value(index).map(Self)
    }
}

impl FromRow for Anything {
    const WIDTH: usize = 1;
    fn from_row(row: &dyn aludel::RowRef, start: usize) -> std::result::Result<Self, Fault> {
        aludel::Decode::decode(row, start)
    }
}

#[derive(Entity)]
#[entity(table = "mixed")]
struct Mixed {
    #[column(primary_key)]
    id: i64,
    body: Anything,
    number: Anything,
}

#[test]
fn columns_whose_values_have_many_forms() {
    for (engine, _database) in both() {
        engine
            .acquire()
            .unwrap()
            .batch("CREATE TABLE mixed (id BIGINT PRIMARY KEY, body LONGTEXT, number BIGINT UNSIGNED)")
            .unwrap();
        let bodies = [
            Value::Null,
            Value::Int(-5),
            Value::Text("five".into()),
            Value::Float(1.5),
            Value::Bool(true),
            Value::Uint(u64::MAX),
            Value::Text("x".repeat(70_000).into()),
        ];
        let numbers = [Value::Null, Value::Int(5), Value::Uint(u64::MAX), Value::Int(6), Value::Null];
        let rows: Vec<Mixed> = (1..=1_000_i64)
            .map(|id| {
                let at = usize::try_from(id - 1).unwrap();
                Mixed { id, body: Anything(bodies[at / 3 % 7].clone()), number: Anything(numbers[at % 5].clone()) }
            })
            .collect();
        engine.insert(Mixed::insert().rows(rows)).unwrap();
        let expected = ["NULL", "-5", "five", "1.5", "1", "18446744073709551615"];
        let found = engine.fetch_all(Mixed::select().order_by(Mixed::ID)).unwrap();
        assert_eq!(found.len(), 1_000);
        for (at, row) in found.iter().enumerate() {
            assert_eq!(row.number.0, numbers[at % 5]);
            match (&row.body.0, at / 3 % 7) {
                (Value::Null, 0) => {}
                (Value::Text(text), 6) => assert_eq!(text.len(), 70_000),
                (Value::Text(text), form) => assert_eq!(text, expected[form]),
                (other, form) => panic!("{form}: {other:?}"),
            }
        }
    }
}

#[test]
fn rows_that_are_as_large_as_the_server_takes() {
    let server = servers::private_mysql(Options::new().setting("max-allowed-packet", "1M"));
    for options in ["", "?bulk=values"] {
        let database = server.database().unwrap();
        let engine = blocking::Engine::connect(format!("{}{options}", database.url())).unwrap();
        engine
            .acquire()
            .unwrap()
            .batch("CREATE TABLE mixed (id BIGINT PRIMARY KEY, body LONGTEXT, number BIGINT UNSIGNED)")
            .unwrap();
        let lengths = [10, 300_000, 1_000_000, 5, 1_048_000, 700_000, 700_000, 20];
        let row = |id: i64, length: usize| Mixed {
            id,
            body: Anything(Value::Text("x".repeat(length).into())),
            number: Anything(Value::Null),
        };
        let rows = (1_i64..).zip(lengths).map(|(id, length)| row(id, length));
        assert_eq!(engine.insert(Mixed::insert().rows(rows)).unwrap(), 8);
        let many = (100..400).map(|id| row(id, 10_000));
        assert_eq!(engine.insert(Mixed::insert().rows(many)).unwrap(), 300);
        let sum: i64 = engine.fetch_scalar(text("SELECT CAST(sum(length(body)) AS SIGNED) FROM mixed")).unwrap();
        assert_eq!(sum, i64::try_from(lengths.iter().sum::<usize>()).unwrap() + 3_000_000);
        let error =
            engine.insert(Mixed::insert().rows([row(1_000, 5), row(1_001, 1_100_000), row(1_002, 5)])).unwrap_err();
        assert!(error.to_string().contains("max_allowed_packet"), "{}", error.to_string().split_at(200).0);
        let left: i64 = engine.fetch_scalar(text("SELECT count(*) FROM mixed")).unwrap();
        assert_eq!(left, 308);
    }
}

#[test]
fn four_hundred_thousand_rows() {
    let (engine, _database) = blocking_engine();
    let started = std::time::Instant::now();
    assert_eq!(engine.insert(User::insert().rows(users(400_000))).unwrap(), 400_000);
    let inserted = started.elapsed();
    let sums = text("SELECT count(*), CAST(sum(id) AS SIGNED), CAST(sum(age) AS SIGNED) FROM users");
    let found = engine.fetch_one(sums.rows_as::<(i64, i64, i64)>()).unwrap();
    assert_eq!(found, (400_000, 400_000 * 400_001 / 2, 200_000 * 30));
    let started = std::time::Instant::now();
    let mut count = 0;
    for user in engine.stream(User::select()) {
        count += user.map(|_| 1).unwrap();
    }
    assert_eq!(count, 400_000);
    eprintln!("inserted in {inserted:?}, read in {:?}", started.elapsed());
}
