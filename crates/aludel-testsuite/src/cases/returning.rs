//! RETURNING.

use aludel::prelude::*;

use crate::Capability;
use crate::model::{Person, people, person, row};
use crate::suite::Suite;

/// Of a row that is inserted, in the order asked for.
pub async fn of_insert(suite: Suite) {
    let engine = suite.single(schema![Person]).await;
    let work = async {
        let query = Person::insert().row(person(2)).returning((Person::AGE, Person::NAME, Person::ID));
        assert_eq!(engine.fetch_one(query).await?, (Some(30), "person 2".to_owned(), 2));
        let whole = engine.fetch_one(Person::insert().row(person(3)).returning(Person::ALL)).await?;
        assert_eq!(row(&whole), row(&person(3)));
        Ok(())
    };
    let result = work.await;
    suite.judge(Capability::InsertReturning, &engine, result).await;
}

/// Of rows that are changed: as they are then.
pub async fn of_update(suite: Suite) {
    let engine = suite.single(schema![Person]).await;
    let inserted = engine.insert(Person::insert().rows(people(4))).await;
    assert_eq!(inserted.unwrap_or_else(|error| panic!("{error}")), 4);
    let query =
        Person::update().set(Person::AGE, Some(99)).filter(Person::ID.le(2)).returning((Person::ID, Person::AGE));
    let result = engine.fetch_all(query).await.map(|mut rows| {
        rows.sort_unstable();
        assert_eq!(rows, [(1, Some(99)), (2, Some(99))]);
    });
    suite.judge(Capability::UpdateReturning, &engine, result).await;
}

/// Of rows that are deleted: as they were.
pub async fn of_delete(suite: Suite) {
    let engine = suite.single(schema![Person]).await;
    let inserted = engine.insert(Person::insert().rows(people(4))).await;
    assert_eq!(inserted.unwrap_or_else(|error| panic!("{error}")), 4);
    let query = Person::delete().filter(Person::ID.ge(3)).returning((Person::ID, Person::NAME));
    let result = engine.fetch_all(query).await.map(|mut rows| {
        rows.sort_unstable();
        assert_eq!(rows, [(3, "person 3".to_owned()), (4, "person 4".to_owned())]);
    });
    suite.judge(Capability::DeleteReturning, &engine, result).await;
}

/// Of what the database has filled in.
pub async fn of_defaults(suite: Suite) {
    #[derive(Entity, Clone, Debug)]
    #[entity(table = "suite_default")]
    struct Filled {
        #[column(primary_key)]
        id: i64,
        label: String,
        #[column(server_default = "7")]
        level: i32,
    }
    let engine = suite.single(schema![Filled]).await;
    let work = async {
        for number in 1..4 {
            let query = Filled::insert().row(Filled::build().label("x")).returning((Filled::ID, Filled::LEVEL));
            assert_eq!(engine.fetch_one(query).await?, (number, 7));
        }
        Ok(())
    };
    let result = work.await;
    suite.judge(Capability::InsertReturning, &engine, result).await;
}
