//! Inserting any number of rows.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aludel::prelude::*;
use aludel::{Encode, Fault, ParamSink, Value, blocking};

use crate::support::{User, blocking_engine, engine, user, users};

#[tokio::test]
async fn any_number_of_rows() {
    let engine = engine().await;
    for count in [0, 1, 2, 63, 64, 65, 1_000, 30_000] {
        assert_eq!(engine.insert(User::insert().rows(users(count))).await.unwrap(), u64::try_from(count).unwrap());
        let found = engine.fetch_all(User::select().order_by(User::ID)).await.unwrap();
        assert!(found.into_iter().eq(users(count)), "{count}");
        engine.execute(User::delete()).await.unwrap();
    }
}

#[test]
fn any_number_of_rows_without_async() {
    let engine = blocking_engine();
    for count in [0, 1, 2, 63, 64, 65, 1_000, 30_000] {
        assert_eq!(engine.insert(User::insert().rows(users(count))).unwrap(), u64::try_from(count).unwrap());
        let found = engine.fetch_all(User::select().order_by(User::ID)).unwrap();
        assert!(found.into_iter().eq(users(count)), "{count}");
        engine.execute(User::delete()).unwrap();
    }
}

#[tokio::test]
async fn returned_rows_come_in_the_order_of_the_rows() {
    let engine = engine().await;
    let rows = (0..5_000_i64).map(|number| (format!("name {}", number.wrapping_mul(7_919) % 5_000), Some(1_i32)));
    let names: Vec<String> = rows.clone().map(|(name, _)| name).collect();
    let insert = User::insert().tuples((User::NAME, User::AGE), rows).returning((User::ID, User::NAME));
    let returned: Vec<(i64, String)> = engine.insert_returning(insert).await.unwrap();
    assert!(returned.iter().map(|(_, name)| name).eq(&names));
    assert!(returned.iter().map(|(id, _)| *id).eq(1..=5_000));
    let blocking = blocking_engine();
    let insert = User::insert().rows(users(3)).returning(User::NAME);
    assert_eq!(blocking.insert_returning(insert).unwrap(), ["user 1", "user 2", "user 3"]);
}

/// A name that counts how many of its kind there are, and how many there were at most.
struct Counted(String, Arc<AtomicUsize>);

impl Encode for Counted {
    fn encode(&self, sink: &mut dyn ParamSink) -> std::result::Result<(), Fault> {
        sink.text(&self.0)
    }
    fn to_value(&self) -> Value {
        self.0.to_value()
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.1.fetch_sub(1, Ordering::Relaxed);
    }
}

#[tokio::test]
async fn few_rows_are_held_at_once() {
    let engine = engine().await;
    let (alive, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let rows = (0..50_000).map({
        let (alive, most) = (Arc::clone(&alive), Arc::clone(&most));
        move |number| {
            most.fetch_max(alive.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            (Counted(format!("name {number}"), Arc::clone(&alive)),)
        }
    });
    assert_eq!(engine.insert(User::insert().tuples((User::NAME,), rows)).await.unwrap(), 50_000);
    assert_eq!(alive.load(Ordering::Relaxed), 0);
    // One block, and the two rows that are looked at ahead.
    let most = most.load(Ordering::Relaxed);
    assert!(most <= 130, "{most} rows were held at once");
}

#[tokio::test]
async fn all_or_none() {
    let engine = engine().await;
    let twice = users(9_000).chain([user(1)]);
    let error = engine.insert(User::insert().rows(twice)).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert!(engine.fetch_all(User::select()).await.unwrap().is_empty());
    // Inside a transaction that goes on, too.
    let mut tx = engine.begin().await.unwrap();
    tx.insert(User::insert().rows([user(7)])).await.unwrap();
    tx.insert(User::insert().rows(users(10))).await.unwrap_err();
    tx.commit().await.unwrap();
    assert_eq!(engine.fetch_all(User::select()).await.unwrap(), [user(7)]);
}

#[test]
fn a_value_that_can_not_be_written_names_its_column() {
    #[derive(Entity)]
    #[entity(table = "points")]
    struct Point {
        #[column(primary_key)]
        id: i64,
        x: f64,
    }
    let engine = blocking::Engine::connect("sqlite::memory:").unwrap();
    engine.create_all(&[Point::table().table]).unwrap();
    let points = [1.0, f64::NAN].into_iter().zip(1..).map(|(x, id)| Point { id, x });
    let error = engine.insert(Point::insert().rows(points)).unwrap_err().to_string();
    assert!(error.contains("points.x: this driver has no form for NaN"), "{error}");
    assert!(engine.fetch_all(Point::select()).unwrap().is_empty());
    let point = engine.fetch_optional(Point::select()).unwrap();
    assert!(point.is_none_or(|point| point.id > 0 && point.x > 0.0));
}

#[tokio::test]
async fn upserts() {
    let engine = engine().await;
    engine.insert(User::insert().rows(users(3))).await.unwrap();
    let again = users(5).map(|user| User { name: format!("{} again", user.name), ..user });
    let insert = User::insert().rows(again).on_conflict(User::ID).do_update([User::AGE.set(99)]);
    assert_eq!(engine.insert(insert).await.unwrap(), 5);
    let found = engine.fetch_all(User::select().order_by(User::ID)).await.unwrap();
    assert_eq!(found[0], User { age: Some(99), ..user(1) });
    assert_eq!(found[4].name, "user 5 again");
}
