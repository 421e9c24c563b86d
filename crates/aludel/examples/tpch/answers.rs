//! What the tables hold and what the queries found, as JSON for another program to check.
//!
//! `{"rows": {"table": count}, "answers": {"1": [[cell, ...], ...]}}`: decimals are strings, so that no digit is lost,
//! dates are ISO 8601, NULL is null, and rows stand in the query's order.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use crate::Failure;
use crate::load::Loaded;
use crate::timing::Asked;

/// A row of any shape.
pub(crate) type Cells = Vec<Value>;

/// A row's cells, from a tuple of any values that serde knows.
pub(crate) fn cells<R: Serialize>(row: &R) -> serde_json::Result<Cells> {
    Ok(match serde_json::to_value(row)? {
        Value::Array(cells) => cells,
        cell => vec![cell],
    })
}

/// The file's contents.
#[derive(Debug, Serialize)]
pub(crate) struct Answers<'a> {
    rows: BTreeMap<&'a str, u64>,
    answers: BTreeMap<u8, &'a [Cells]>,
}

impl<'a> Answers<'a> {
    /// The answers are those of the second runs; the first ones' are the same.
    pub(crate) fn new(loaded: &'a [Loaded], asked: &'a [Asked]) -> Self {
        Self {
            rows: loaded.iter().map(|table| (table.table, table.rows)).collect(),
            answers: asked.iter().map(|query| (query.number, query.second.rows.as_slice())).collect(),
        }
    }

    /// Writes the file, in place of an older one.
    pub(crate) fn write(&self, path: &Path) -> Result<(), Failure> {
        let text = serde_json::to_string(self)? + "\n";
        Ok(fs::write(path, text).map_err(|error| unwritable(path, &error))?)
    }
}

/// Finds out before the work whether the file can be written; what is in it stays.
pub(crate) fn check(path: &Path) -> Result<(), Failure> {
    OpenOptions::new().append(true).create(true).open(path).map_err(|error| unwritable(path, &error))?;
    Ok(())
}

fn unwritable(path: &Path, error: &io::Error) -> String {
    format!("can't write the answers to {}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timing::{Phases, Run};
    use jiff::civil::date;
    use rust_decimal::Decimal;
    use std::time::Duration;

    fn run(rows: Vec<Cells>) -> Run {
        Run { rows, time: Duration::ZERO, cache: String::new(), phases: Phases::default() }
    }

    #[test]
    fn cells_of_a_row() {
        let row = ("F", 7_i64, Decimal::new(12_340, 2), date(1995, 3, 15), None::<Decimal>);
        let cells = cells(&row).expect("plain values");
        assert_eq!(serde_json::to_string(&cells).expect("JSON"), r#"["F",7,"123.40","1995-03-15",null]"#);
    }

    #[test]
    fn a_single_value_is_a_row_of_one() {
        assert_eq!(cells(&Decimal::new(5, 1)).expect("a plain value"), [Value::from("0.5")]);
        assert_eq!(cells(&(Decimal::new(5, 1),)).expect("a plain value"), [Value::from("0.5")]);
    }

    #[test]
    fn the_file() {
        let loaded = [Loaded { table: "region", rows: 5, time: Duration::ZERO }];
        let rows = vec![cells(&("MAIL", 335)).expect("plain values"), cells(&("SHIP", 352)).expect("plain values")];
        let asked = [2, 12].map(|number| Asked {
            number,
            title: "",
            first: run(Vec::new()),
            second: run(if number == 12 { rows.clone() } else { Vec::new() }),
        });
        let text = serde_json::to_string(&Answers::new(&loaded, &asked)).expect("JSON");
        assert_eq!(text, r#"{"rows":{"region":5},"answers":{"2":[],"12":[["MAIL",335],["SHIP",352]]}}"#);
    }
}
