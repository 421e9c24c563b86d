//! COPY in and out.

use aludel::postgres::{PostgresConnection, wait};
use aludel::prelude::*;
use aludel::{Date, Decimal, driver};

use crate::support::{User, blocking_engine, engine, poll_and_drop, user, users};

fn own(connection: &mut dyn driver::Connection) -> &mut PostgresConnection {
    connection.as_any_mut().downcast_mut().unwrap()
}

#[tokio::test]
async fn text_in_and_out() {
    let (engine, _database) = engine().await;
    let mut connection = engine.acquire().await.unwrap();
    let mut copy = own(connection.driver()).copy_in("COPY users FROM STDIN (FORMAT csv)").await.unwrap();
    let lines: String =
        (1..=20_000).map(|id| format!("{id},user {id},{}\n", if id % 2 == 0 { "30" } else { "" })).collect();
    for piece in lines.as_bytes().chunks(1_013) {
        copy.write(piece).await.unwrap();
    }
    assert_eq!(copy.finish().await.unwrap(), 20_000);
    let found = connection.fetch_all(User::select().order_by(User::ID)).await.unwrap();
    assert!(found.into_iter().eq(users(20_000)));
    let sql = "COPY (SELECT * FROM users ORDER BY id) TO STDOUT (FORMAT csv)";
    let mut copy = own(connection.driver()).copy_out(sql).await.unwrap();
    let mut all = Vec::new();
    while let Some(piece) = copy.read().await.unwrap() {
        all.extend_from_slice(&piece);
    }
    assert_eq!(String::from_utf8(all).unwrap(), lines);
    assert_eq!(connection.fetch_one(select(value(7))).await.unwrap(), 7);
}

type Film = (i64, Option<String>, Decimal, Date, bool);

fn film(id: i64) -> Film {
    let title = (id % 3 != 0).then(|| format!("film {id}"));
    (id, title, Decimal::new(i128::from(id) * 101, 2), Date { days: i32::try_from(id).unwrap() }, id % 2 == 0)
}

const FILMS: &str =
    "CREATE TABLE film (id int8 PRIMARY KEY, \"the title\" varchar(50), price numeric(12, 2), day date, seen bool)";
const COLUMNS: [&str; 5] = ["id", "the title", "price", "day", "seen"];

#[tokio::test]
async fn typed_rows_in_and_out() {
    let (engine, _database) = engine().await;
    let mut connection = engine.acquire().await.unwrap();
    connection.batch(FILMS).await.unwrap();
    let mut copy = own(connection.driver()).copy_rows_in("public.film", &COLUMNS).await.unwrap();
    for id in 1..=5_000 {
        copy.write(&film(id)).await.unwrap();
    }
    assert_eq!(copy.finish().await.unwrap(), 5_000);
    let mut copy = own(connection.driver()).copy_rows_out("SELECT * FROM film ORDER BY id").await.unwrap();
    let mut count = 0;
    while let Some(found) = copy.read::<Film>().await.unwrap() {
        count += 1;
        assert_eq!(found, film(count));
    }
    assert_eq!(count, 5_000);
    let mut copy = own(connection.driver()).copy_rows_out("SELECT id FROM film").await.unwrap();
    assert!(copy.read::<(i64, i64)>().await.unwrap_err().to_string().contains("column"));
}

#[test]
fn without_async() {
    let (engine, _database) = blocking_engine();
    let mut connection = engine.acquire().unwrap();
    connection.batch(FILMS).unwrap();
    let mut copy = wait(own(connection.driver()).copy_rows_in("film", &COLUMNS)).unwrap();
    for id in 1..=5_000 {
        wait(copy.write(&film(id))).unwrap();
    }
    assert_eq!(wait(copy.finish()).unwrap(), 5_000);
    let mut copy = wait(own(connection.driver()).copy_out("COPY film TO STDOUT")).unwrap();
    let mut rows = 0;
    while wait(copy.read()).unwrap().is_some() {
        rows += 1;
    }
    assert_eq!(rows, 5_000);
}

#[tokio::test]
async fn what_is_refused() {
    let (engine, _database) = engine().await;
    let mut connection = engine.acquire().await.unwrap();
    for sql in ["COPY nothing FROM STDIN", "SELECT 1", "COPY users TO STDOUT", "COPY users FROM STDIN; SELECT 1/0"] {
        let result = match own(connection.driver()).copy_in(sql).await {
            Ok(copy) => copy.finish().await.map(|_| ()),
            Err(error) => Err(error),
        };
        assert!(result.is_err(), "{sql}");
        assert_eq!(connection.fetch_one(select(value(7))).await.unwrap(), 7, "{sql}");
    }
    for sql in ["COPY users FROM STDIN", "SELECT 1"] {
        assert!(own(connection.driver()).copy_out(sql).await.is_err(), "{sql}");
        assert_eq!(connection.fetch_one(select(value(7))).await.unwrap(), 7, "{sql}");
    }
    // A row in the middle, and much behind it.
    let mut copy = own(connection.driver()).copy_in("COPY users FROM STDIN (FORMAT csv)").await.unwrap();
    let mut failed = copy.write(b"1,a,5\n2,b,wrong\n").await;
    for id in 3..100_000 {
        if failed.is_err() {
            break;
        }
        failed = copy.write(format!("{id},user {id},\n").as_bytes()).await;
    }
    let error = match failed {
        Ok(()) => copy.finish().await.unwrap_err(),
        Err(error) => error,
    };
    assert!(error.to_string().contains("invalid input syntax"), "{error}");
    assert_eq!(connection.fetch_all(User::select()).await.unwrap(), []);
    // COPY where it is not asked for.
    for sql in ["COPY users FROM STDIN", "COPY users TO STDOUT"] {
        let _ = connection.execute(text(sql)).await;
        assert_eq!(connection.fetch_one(select(value(7))).await.unwrap(), 7, "{sql}");
        let _ = connection.batch(sql).await;
        assert_eq!(connection.fetch_one(select(value(8))).await.unwrap(), 8, "{sql}");
    }
}

#[tokio::test]
async fn dropped_copies() {
    let (engine, _database) = engine().await;
    let mut connection = engine.acquire().await.unwrap();
    for polls in 0..20 {
        let into = async {
            let mut copy = own(connection.driver()).copy_in("COPY users FROM STDIN (FORMAT csv)").await.unwrap();
            for id in 1..=30_000 {
                copy.write(format!("{id},user {id},\n").as_bytes()).await.unwrap();
            }
            // And forgets to finish.
        };
        poll_and_drop(into, polls).await;
        assert_eq!(connection.fetch_all(User::select()).await.unwrap(), [], "{polls}");
    }
    connection.insert(User::insert().rows(users(20_000))).await.unwrap();
    for polls in 0..20 {
        let out = async {
            let mut copy = own(connection.driver()).copy_out("COPY users TO STDOUT").await.unwrap();
            while copy.read().await.unwrap().is_some() {}
        };
        poll_and_drop(out, polls).await;
        let query = User::select().filter(User::ID.eq(5_i64));
        assert_eq!(connection.fetch_all(query).await.unwrap(), [user(5)], "{polls}");
    }
}
