//! Inserts of any number of rows: one by one, in arrays, and by COPY.

use aludel::prelude::*;

use crate::support::{User, blocking_engine, engine, user, users};

const COUNTS: [i64; 10] = [0, 1, 3, 4, 5, 99, 100, 101, 5_000, 40_000];

#[tokio::test]
async fn any_number_of_rows() {
    let (engine, _database) = engine().await;
    for count in COUNTS {
        let size = usize::try_from(count).unwrap();
        assert_eq!(engine.insert(User::insert().rows(users(count))).await.unwrap(), u64::try_from(count).unwrap());
        let found = engine.fetch_all(User::select().order_by(User::ID)).await.unwrap();
        assert!(found.into_iter().eq(users(count)), "{count}");
        engine.execute(User::delete()).await.unwrap();
        let insert = User::insert().rows(users(count)).returning((User::ID, User::NAME));
        let returned: Vec<(i64, String)> = engine.insert_returning(insert).await.unwrap();
        assert_eq!(returned.len(), size);
        assert!(returned.into_iter().eq(users(count).map(|user| (user.id, user.name))), "{count}");
        engine.execute(User::delete()).await.unwrap();
        // Of which it is not known how many there are.
        let filtered = users(count).filter(|user| user.id > 0);
        assert_eq!(engine.insert(User::insert().rows(filtered)).await.unwrap(), u64::try_from(count).unwrap());
        assert_eq!(engine.fetch_all(User::select()).await.unwrap().len(), size);
        engine.execute(User::delete()).await.unwrap();
    }
}

#[test]
fn any_number_of_rows_without_async() {
    let (engine, _database) = blocking_engine();
    for count in COUNTS {
        assert_eq!(engine.insert(User::insert().rows(users(count))).unwrap(), u64::try_from(count).unwrap());
        let found = engine.fetch_all(User::select().order_by(User::ID)).unwrap();
        assert!(found.into_iter().eq(users(count)), "{count}");
        engine.execute(User::delete()).unwrap();
        let insert = User::insert().rows(users(count)).returning(User::ID);
        let returned: Vec<i64> = engine.insert_returning(insert).unwrap();
        assert!(returned.into_iter().eq(1..=count), "{count}");
        engine.execute(User::delete()).unwrap();
    }
}

#[tokio::test]
async fn a_row_that_is_refused_undoes_all() {
    let (engine, _database) = engine().await;
    for count in [3_i64, 50, 500, 40_000] {
        for bad in [1, count / 2, count] {
            let rows = users(count).map(|user| if user.id == bad { User { age: Some(300), ..user } } else { user });
            let error = engine.insert(User::insert().rows(rows.clone())).await.unwrap_err();
            assert!(error.is_check_violation(), "{error}");
            let error = engine.insert_returning(User::insert().rows(rows).returning(User::ID)).await.unwrap_err();
            assert!(error.is_check_violation(), "{error}");
            assert_eq!(engine.fetch_all(User::select()).await.unwrap(), []);
        }
        // In a transaction that goes on.
        let mut tx = engine.begin().await.unwrap();
        tx.insert(User::insert().rows([user(1)])).await.unwrap();
        tx.insert(User::insert().rows(users(count))).await.unwrap_err();
        assert_eq!(tx.fetch_all(User::select()).await.unwrap(), [user(1)]);
        tx.rollback().await.unwrap();
    }
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "dated")]
struct Dated {
    #[column(primary_key)]
    id: i64,
    /// Text here, a date there, where it is not always the same.
    day: Option<String>,
}

#[tokio::test]
async fn values_without_a_binary_form() {
    let (engine, _database) = engine().await;
    engine.acquire().await.unwrap().batch("CREATE TABLE dated (id int8 PRIMARY KEY, day date)").await.unwrap();
    for first in [1_i64, 2, 7_000, 19_000] {
        let rows = (1..=20_000_i64).map(|id| Dated { id, day: (id >= first).then(|| "2024-05-01".to_owned()) });
        assert_eq!(engine.insert(Dated::insert().rows(rows)).await.unwrap(), 20_000);
        let count = text("SELECT count(*) FROM dated WHERE day = '2024-05-01' AND id >= :first").bind("first", first);
        assert_eq!(engine.fetch_scalar::<i64>(count).await.unwrap(), 20_001 - first);
        engine.execute(Dated::delete()).await.unwrap();
    }
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "shown")]
struct Shown {
    #[column(primary_key)]
    id: i64,
    name: String,
}

#[tokio::test]
async fn what_is_no_table_takes_no_copy() {
    let (engine, _database) = engine().await;
    engine.acquire().await.unwrap().batch("CREATE VIEW shown AS SELECT id, name FROM users").await.unwrap();
    let rows = (1..=1_000).map(|id| Shown { id, name: format!("name {id}") });
    assert_eq!(engine.insert(Shown::insert().rows(rows)).await.unwrap(), 1_000);
    assert_eq!(engine.fetch_all(User::select()).await.unwrap().len(), 1_000);
}
