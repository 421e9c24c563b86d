//! Large values, wide rows, long lists, many rows.

use aludel::Row;
use aludel::language::func;
use aludel::prelude::*;

use crate::Capability;
use crate::model::{Person, people, row};
use crate::suite::Suite;

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "suite_large")]
struct Large {
    #[column(primary_key)]
    id: i64,
    words: String,
    data: Vec<u8>,
}

/// Text and bytes of this size: alone, where no column limits them, and in columns by every way in and out.
/// Each database compresses what is in columns, which takes its time: the largest is written once.
async fn of(suite: &Suite, size: usize) {
    let engine = suite.single(schema![Large]).await;
    let words: String = "0123456789äöü€🦀".chars().cycle().take(size / 2).collect();
    let data: Vec<u8> = (0..=250_u8).cycle().take(size).collect();
    let alone = async {
        assert!(
            engine.fetch_one(select(value(words.clone()))).await? == words,
            "{size} bytes of text came back otherwise"
        );
        assert!(engine.fetch_one(select(value(data.clone()))).await? == data, "{size} bytes came back otherwise");
        Ok::<(), Error>(())
    };
    alone.await.unwrap_or_else(|error| panic!("{error}"));
    let large = |id| Large { id, words: words.clone(), data: data.clone() };
    let work = async {
        engine.execute(Large::insert().row(large(1))).await?;
        let second = if size > 2_000_000 { Large { words: String::new(), ..large(2) } } else { large(2) };
        let empty = Large { id: 3, words: String::new(), data: Vec::new() };
        engine.insert(Large::insert().rows([second.clone(), empty])).await?;
        for wanted in [large(1), second] {
            let found = engine.fetch_one(Large::select().filter(Large::ID.eq(wanted.id))).await?;
            assert!(found == wanted, "row {} of {size} bytes came back otherwise", wanted.id);
        }
        let found = engine.fetch_one(Large::select().filter(Large::ID.eq(3))).await?;
        assert_eq!((found.words.len(), found.data.len()), (0, 0));
        let same = select(Large::ID).filter(Large::DATA.eq(data.clone())).order_by(Large::ID);
        assert_eq!(engine.fetch_all(same).await?, [1, 2]);
        Ok::<(), Error>(())
    };
    let result = work.await;
    suite.judge(Capability::LargeColumns, &engine, result).await;
}

/// A megabyte.
pub async fn one_megabyte(suite: Suite) {
    of(&suite, 1_000_000).await;
}

/// More than any buffer.
pub async fn twenty_megabytes(suite: Suite) {
    of(&suite, 20_000_000).await;
}

/// A row of a thousand columns.
pub async fn a_thousand_columns(suite: Suite) {
    let engine = suite.single(&[]).await;
    let columns: Vec<String> = (0..1_000).map(|number| format!("{number} AS c{number}")).collect();
    for _ in 0..2 {
        let found: Row = engine
            .fetch_one(text(format!("SELECT {}", columns.join(", "))))
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(found.values().len(), 1_000);
        for number in [0, 1, 499, 999] {
            assert_eq!(found.get::<i64>(&format!("c{number}")).ok(), Some(number));
        }
    }
}

/// Lists under any limit of parameters.
pub async fn ten_thousand_parameters_in_lists(suite: Suite) {
    let engine = suite.single(schema![Person]).await;
    let inserted = engine.insert(Person::insert().rows(people(100))).await;
    inserted.unwrap_or_else(|error| panic!("{error}"));
    let wanted: Vec<i64> = (91..10_091).collect();
    let found = engine.fetch_all(select(Person::ID).filter(Person::ID.in_(wanted)).order_by(Person::ID)).await;
    assert!(found.unwrap_or_else(|error| panic!("{error}")).into_iter().eq(91..=100));
}

/// A result of several megabytes, read as a whole.
pub async fn a_hundred_thousand_rows(suite: Suite) {
    let engine = suite.single(schema![Person]).await;
    let inserted = engine.insert(Person::insert().rows(people(100_000))).await;
    assert_eq!(inserted.unwrap_or_else(|error| panic!("{error}")), 100_000);
    let found = engine.fetch_all(Person::select().order_by(Person::ID)).await.unwrap_or_else(|error| panic!("{error}"));
    assert!(found.iter().map(row).eq(people(100_000).map(|person| row(&person))));
    let sum = engine.fetch_scalar::<i64>(select(func::max(Person::ID)).from(Person::TABLE)).await;
    assert_eq!(sum.unwrap_or(0), 100_000);
}
