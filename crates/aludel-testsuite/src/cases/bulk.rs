//! Inserts of any number of rows.

use aludel::prelude::*;
use aludel::{ErrorKind, Fault};

use crate::Capability;
use crate::model::{Person, count, everybody, people, person, row};
use crate::suite::{Suite, answers};

const MANY: i64 = 70_000;

/// 0, 1, 2 and more than any limit of parameters; each row as it was.
pub async fn any_number_of_rows(suite: Suite) {
    let engine = suite.single(schema![Person]).await;
    for number in [0, 1, 2, 999, 1_000, MANY] {
        let inserted = engine.insert(Person::insert().rows(people(number))).await;
        let inserted = inserted.unwrap_or_else(|error| panic!("{number} rows: {error}"));
        assert_eq!(inserted, u64::try_from(number).unwrap_or(0));
        let found = everybody(&engine).await;
        assert!(found.into_iter().eq(people(number).map(|person| row(&person))), "{number} rows came back otherwise");
        engine.execute(Person::delete()).await.unwrap_or_else(|error| panic!("{error}"));
    }
}

/// A row that the database refuses, first, in the middle and last: none is there.
pub async fn all_or_none_when_a_row_in_the_middle_fails(suite: Suite) {
    let engine = suite.single(schema![Person]).await;
    for (total, bad) in [(1, 1), (2, 2), (1_000, 1), (1_000, 500), (MANY, 35_000), (MANY, MANY)] {
        let rows = people(total)
            .map(move |person| if person.id == bad { Person { age: Some(999), ..person } } else { person });
        let error = engine.insert(Person::insert().rows(rows)).await.err();
        let error = error.unwrap_or_else(|| panic!("row {bad} of {total} must fail"));
        assert!(error.is_check_violation(), "{error}");
        assert!(error.to_string().len() < 10_000, "an error of {} bytes", error.to_string().len());
        assert_eq!(count(&engine).await, 0, "row {bad} of {total} failed, and others are there");
    }
    answers(&engine, 1).await;
}

/// Inside a transaction that goes on, the rows of the failed insert are gone and others stay.
pub async fn all_or_none_inside_a_transaction(suite: Suite) {
    let engine = suite.single(schema![Person]).await;
    let work = async {
        let mut tx = engine.begin().await?;
        tx.execute(Person::insert().row(person(5_000))).await?;
        let error = tx.insert(Person::insert().rows(people(6_000))).await;
        assert!(error.is_err_and(|error| error.is_unique_violation()));
        tx.insert(Person::insert().rows(people(3))).await?;
        tx.commit().await
    };
    work.await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(everybody(&engine).await, [1, 2, 3, 5_000].map(|id| row(&person(id))));
}

/// A value that refuses to be written: the error is its own, with the column's name, and no row is there.
pub async fn a_value_that_can_not_be_written_names_its_column(suite: Suite) {
    struct Odd(i64);
    impl aludel::Encode for Odd {
        fn encode(&self, sink: &mut dyn aludel::ParamSink) -> Result<(), Fault> {
            if self.0 == 2_500 { Err(Fault::custom("this one is odd")) } else { sink.text(&format!("name {}", self.0)) }
        }
        fn to_value(&self) -> aludel::Value {
            format!("name {}", self.0).to_value()
        }
    }
    let engine = suite.single(schema![Person]).await;
    let rows = (1..5_000_i64).map(|number| (number, Odd(number)));
    let error = engine.insert(Person::insert().tuples((Person::ID, Person::NAME), rows)).await.err();
    let error = error.unwrap_or_else(|| panic!("a value that can't be written was"));
    let ErrorKind::Column(column) = error.kind() else { panic!("{error}") };
    assert_eq!((column.table.as_deref(), column.column.as_str()), (Some("suite_person"), "name"), "{error}");
    assert!(error.to_string().contains("this one is odd"), "{error}");
    assert_eq!(count(&engine).await, 0);
}

/// What is returned of a row stands where the row stood.
pub async fn returned_rows_are_in_the_order_of_the_rows(suite: Suite) {
    let engine = suite.single(schema![Person]).await;
    let work = async {
        for number in [0, 1, 2, 1_000, 20_000] {
            // An order that neither the keys nor the names have.
            let shuffled = (0..number).map(move |index| (index * 7_919 + 13) % number + 1).map(person);
            let wanted: Vec<_> = shuffled.clone().map(|person| (person.name, person.id)).collect();
            let insert = Person::insert().rows(shuffled).returning((Person::NAME, Person::ID));
            assert!(engine.insert_returning(insert).await? == wanted, "{number} rows came in another order");
            engine.execute(Person::delete()).await?;
        }
        Ok(())
    };
    let result = work.await;
    suite.judge(Capability::InsertReturning, &engine, result).await;
}

/// The key that the database has made for a row stands where the row stood.
pub async fn generated_keys_are_in_the_order_of_the_rows(suite: Suite) {
    let engine = suite.single(schema![Person]).await;
    let work = async {
        let names = || (0..5_000).map(|number| format!("name {}", number * 7_919 % 5_000));
        let rows = names().map(|name| (name,));
        let insert = Person::insert().tuples((Person::NAME,), rows).returning((Person::ID, Person::NAME));
        let returned: Vec<(i64, String)> = engine.insert_returning(insert).await?;
        assert!(returned.iter().map(|(_, name)| name.clone()).eq(names()));
        for (id, name) in returned.iter().step_by(97) {
            let found = engine.fetch_one(select(Person::NAME).filter(Person::ID.eq(*id))).await?;
            assert_eq!(&found, name);
        }
        Ok(())
    };
    let result = work.await;
    suite.judge(Capability::InsertReturning, &engine, result).await;
}

/// Rows that are there already are changed, the others are inserted.
pub async fn upserts(suite: Suite) {
    let engine = suite.single(schema![Person]).await;
    let inserted = engine.insert(Person::insert().rows(people(3))).await;
    assert_eq!(inserted.unwrap_or_else(|error| panic!("{error}")), 3);
    let again = people(5).map(|person| Person { age: Some(50), ..person });
    let insert = Person::insert().rows(again).on_conflict(Person::ID).do_update([Person::AGE.set(99)]);
    let result = engine.insert(insert).await;
    if result.is_ok() {
        let wanted = people(5).map(|person| Person { age: Some(if person.id <= 3 { 99 } else { 50 }), ..person });
        assert!(everybody(&engine).await.into_iter().eq(wanted.map(|person| row(&person))));
    } else {
        assert_eq!(everybody(&engine).await.len(), 3);
    }
    suite.judge(Capability::Upsert, &engine, result.map(drop)).await;
}
