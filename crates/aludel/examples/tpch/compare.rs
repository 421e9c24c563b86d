//! Each query against the same query as SQL text, on the same database.

use aludel::language::text;
use aludel::{Row, Value};
use rust_decimal::Decimal;
use serde_json::Value as Cell;

use crate::Failure;
use crate::ask::Asker;
use crate::database::Database;
use crate::load::load;
use crate::queries::QUERIES;
use crate::reference;

/// Every query finds rows at this scale.
const SCALE: f64 = 0.01;

#[test]
fn typed_queries_find_what_their_text_finds() -> Result<(), Failure> {
    let database = Database::open(None, false)?;
    load(database.engine(), SCALE)?;
    let asker = Asker::new(database.engine());
    for (query, sql) in QUERIES.iter().zip(reference::QUERIES) {
        let asked = asker.ask_twice(query)?;
        let (first, second) = (asked.first, asked.second);
        assert!(first.cache.starts_with("generated"), "query {}: {}", query.number, first.cache);
        assert!(second.cache.starts_with("cached"), "query {}: {}", query.number, second.cache);
        assert_eq!(first.rows, second.rows, "query {}", query.number);
        let expected = database.engine().fetch_all(text(sql))?;
        compare(query.number, &first.rows, &expected);
    }
    Ok(())
}

/// The same rows and the same questions on another database give the same answers; a sum or a quotient may have other digits
/// behind the tenth, or fewer.
fn answers_alike(url: &str) -> Result<(), Failure> {
    let (here, there) = (Database::open(None, false)?, Database::open(Some(url), false)?);
    let loaded = [load(here.engine(), SCALE)?, load(there.engine(), SCALE)?];
    let [rows, others] = loaded.map(|tables| tables.iter().map(|table| (table.table, table.rows)).collect::<Vec<_>>());
    assert_eq!(rows, others);
    let (asker, other) = (Asker::new(here.engine()), Asker::new(there.engine()));
    for query in QUERIES {
        let (expected, found) = (asker.ask_twice(&query)?, other.ask_twice(&query)?);
        assert!(found.second.cache.starts_with("cached"), "query {}: {}", query.number, found.second.cache);
        for run in [found.first, found.second] {
            assert_eq!(run.rows.len(), expected.first.rows.len(), "rows of query {}", query.number);
            for (index, (row, wanted)) in run.rows.iter().zip(&expected.first.rows).enumerate() {
                let is_same = row.len() == wanted.len() && row.iter().zip(wanted).all(|(one, two)| is_alike(one, two));
                assert!(is_same, "query {}, row {index}: {row:?} where SQLite gives {wanted:?}", query.number);
            }
        }
    }
    Ok(())
}

#[cfg(feature = "postgres")]
#[test]
fn postgresql_gives_the_same_answers() -> Result<(), Failure> {
    answers_alike(aludel_testsuite::servers::postgres().url())
}

#[cfg(feature = "mysql")]
#[test]
fn mariadb_gives_the_same_answers() -> Result<(), Failure> {
    answers_alike(aludel_testsuite::servers::mysql().url())
}

fn is_alike(one: &Cell, two: &Cell) -> bool {
    match (one, two) {
        (Cell::String(one), Cell::String(two)) => one == two || is_rounded(one, two) || is_rounded(two, one),
        _ => one == two,
    }
}

/// Whether one number is the other, rounded to the digits that it has: each database has its own for an average.
fn is_rounded(short: &str, long: &str) -> bool {
    let places = short.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let half = 0.500_001 * 10_f64.powi(-i32::try_from(places).unwrap_or(0));
    match (short.parse::<f64>(), long.parse::<f64>()) {
        (Ok(short), Ok(long)) => (short - long).abs() <= half.max(1e-9 * long.abs()),
        _ => false,
    }
}

fn compare(query: u8, found: &[Vec<Cell>], expected: &[Row]) {
    assert_eq!(found.len(), expected.len(), "rows of query {query}");
    assert!(!found.is_empty(), "query {query} finds nothing to compare");
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let expected = expected.values();
        let is_same =
            found.len() == expected.len() && found.iter().zip(expected).all(|(cell, value)| is_same(cell, value));
        assert!(is_same, "query {query}, row {index}: {found:?} where the text gives {expected:?}");
    }
}

/// Whether a typed query's cell is what SQLite gave for the text: equal, but for decimals that it computed in floating point.
fn is_same(cell: &Cell, value: &Value) -> bool {
    match (cell, value) {
        (Cell::Null, Value::Null) => true,
        (Cell::Number(number), Value::Int(value)) => number.as_i64() == Some(*value),
        (Cell::String(text), Value::Text(value)) => text == value.as_str(),
        (Cell::String(decimal), Value::Int(value)) => decimal.parse() == Ok(Decimal::from(*value)),
        (Cell::String(decimal), Value::Float(value)) => is_close(decimal, *value),
        _ => false,
    }
}

fn is_close(decimal: &str, value: f64) -> bool {
    decimal.parse().is_ok_and(|decimal: f64| (decimal - value).abs() <= 1e-9 * value.abs())
}
