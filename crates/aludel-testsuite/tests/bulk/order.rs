//! What is returned comes in the order of the rows given, whatever could disorder it.

use aludel::language::excluded;
use aludel::prelude::*;
use aludel_testsuite::Backend;

use crate::each::everywhere;
use crate::place::{Item, Place, count, item, open};

everywhere!(
    with_other_writers,
    with_triggers_that_take_keys,
    rows_that_are_there_already,
    rows_of_different_columns,
    in_a_transaction_with_a_savepoint
);

const MANY: i64 = 5000;

async fn with_other_writers(backend: Backend) {
    let place = open(backend).await;
    let tasks: Vec<_> = (0..4_i64)
        .map(|task| {
            let engine = place.engine.clone();
            tokio::spawn(async move {
                let numbers: Vec<i64> = (0..MANY).map(|row| (row * 7919) % MANY + task * MANY).collect();
                let rows = numbers.iter().map(|number| item(*number));
                let returned: Vec<(i64, i64)> = engine
                    .insert_returning(insert(Item::TABLE).rows(rows).returning((Item::ID, Item::NUMBER)))
                    .await
                    .unwrap();
                assert!(returned.iter().map(|(_, number)| number).eq(&numbers));
                returned
            })
        })
        .collect();
    for task in tasks {
        for (id, number) in task.await.unwrap().into_iter().step_by(997) {
            let row: Item = place.engine.fetch_one(select(Item::ALL).filter(Item::ID.eq(id))).await.unwrap();
            assert_eq!(row, Item { id, ..item(number) });
        }
    }
    assert_eq!(count(&place.engine).await, MANY * 4);
}

/// A trigger that itself inserts rows takes keys between those of the rows.
async fn with_triggers_that_take_keys(backend: Backend) {
    let place = open(backend).await;
    let statements: &[&str] = match backend {
        Backend::Sqlite => {
            &["CREATE TRIGGER noise AFTER INSERT ON item WHEN new.number >= 0 AND new.number % 2 = 0 BEGIN \
             INSERT INTO item (number, weight) VALUES (-new.number - 1, 0); END"]
        }
        Backend::Postgres => &[
            "CREATE FUNCTION noise() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             IF new.number >= 0 AND new.number % 2 = 0 THEN \
             INSERT INTO item (number, weight) VALUES (-new.number - 1, 0); \
             END IF; RETURN new; END $$",
            "CREATE TRIGGER noise BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION noise()",
        ],
        // A trigger there can't change the table that it belongs to, so it disorders nothing.
        Backend::MariaDb => &[
            "CREATE TABLE noise (id INTEGER PRIMARY KEY AUTO_INCREMENT, number BIGINT)",
            "CREATE TRIGGER noise BEFORE INSERT ON item FOR EACH ROW INSERT INTO noise (number) VALUES (new.number)",
        ],
    };
    let mut conn = place.engine.acquire().await.unwrap();
    for sql in statements {
        conn.batch(sql).await.unwrap();
    }
    drop(conn);
    let statement = insert(Item::TABLE).rows((0..MANY).rev().map(item)).returning((Item::ID, Item::NUMBER));
    let returned: Vec<(i64, i64)> = place.engine.insert_returning(statement).await.unwrap();
    assert!(returned.iter().map(|(_, number)| *number).eq((0..MANY).rev()));
    check_keys(&place, &returned).await;
    let noise = if backend == Backend::MariaDb { 0 } else { MANY / 2 };
    assert_eq!(count(&place.engine).await, MANY + noise);
}

async fn check_keys(place: &Place, returned: &[(i64, i64)]) {
    let mut stored: Vec<(i64, i64)> =
        place.engine.fetch_all(select((Item::ID, Item::NUMBER)).filter(Item::NUMBER.ge(0))).await.unwrap();
    stored.sort_unstable();
    let mut returned = returned.to_vec();
    returned.sort_unstable();
    assert_eq!(stored, returned);
}

async fn rows_that_are_there_already(backend: Backend) {
    let place = open(backend).await;
    place.engine.insert(insert(Item::TABLE).rows((0..1000).step_by(3).map(item))).await.unwrap();
    let again = (0..1000).rev().map(|number| Item { weight: -1.0, ..item(number) });
    let statement = insert(Item::TABLE)
        .rows(again)
        .on_conflict(Item::NUMBER)
        .do_update([Item::WEIGHT.set(excluded(Item::WEIGHT))])
        .returning((Item::NUMBER, Item::WEIGHT));
    let returned: Vec<(i64, f64)> = place.engine.insert_returning(statement).await.unwrap();
    assert!(returned.iter().copied().eq((0..1000).rev().map(|number| (number, -1.0))));
    assert_eq!(count(&place.engine).await, 1000);
}

async fn rows_of_different_columns(backend: Backend) {
    let place = open(backend).await;
    // A key of 0 is one for the database to make.
    let row = |number: i64| Item {
        id: if matches!(number % 5, 0 | 3) { number + 1_000_000 } else { 0 },
        name: (number % 5 < 2).then(|| "given".to_owned()),
        ..item(number)
    };
    let returned: Vec<(i64, i64, Option<String>)> = place
        .engine
        .insert_returning(insert(Item::TABLE).rows((0..500).map(row)).returning((Item::ID, Item::NUMBER, Item::NAME)))
        .await
        .unwrap();
    for (number, (id, returned, name)) in (0..500).zip(&returned) {
        assert_eq!((*returned, name.is_some()), (number, number % 5 < 2));
        if matches!(number % 5, 0 | 3) {
            assert_eq!(*id, number + 1_000_000);
        }
    }
    assert_eq!(returned.len(), 500);
}

async fn in_a_transaction_with_a_savepoint(backend: Backend) {
    let place = open(backend).await;
    let mut tx = place.engine.begin().await.unwrap();
    tx.insert(insert(Item::TABLE).rows((0..700).map(item))).await.unwrap();
    let mut inner = tx.savepoint().await.unwrap();
    let twice = (600..2000).map(item);
    assert!(inner.insert(insert(Item::TABLE).rows(twice)).await.unwrap_err().is_unique_violation());
    inner.rollback().await.unwrap();
    let statement = insert(Item::TABLE).rows((700..900).map(item)).returning(Item::NUMBER);
    let returned: Vec<i64> = tx.insert_returning(statement).await.unwrap();
    assert!(returned.into_iter().eq(700..900));
    tx.commit().await.unwrap();
    assert_eq!(count(&place.engine).await, 900);
}
