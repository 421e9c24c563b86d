//! A statement, reduced to what two libraries must agree on.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use aludel::Value;
use serde_json::Value as Json;

use crate::model::Seen;

/// The tables of the scenarios.
const TABLES: [&str; 11] = [
    "addresses",
    "docs",
    "employees",
    "engineers",
    "lines",
    "managers",
    "order_tag",
    "orders",
    "tags",
    "users",
    "vehicles",
];

/// A statement that ran, or that is expected to.
pub(super) struct Ran {
    sql: String,
    /// The values of each row.
    sets: Vec<Vec<Json>>,
}

impl Ran {
    pub(super) fn of(seen: &Seen) -> Self {
        // One array stands for an IN list.
        let flat = |value: &Value| match value {
            Value::List(list) => list.iter().map(json).collect(),
            other => vec![json(other)],
        };
        let sets = seen.sets.iter().map(|set| set.iter().flat_map(flat).collect());
        Self { sql: seen.sql.clone(), sets: sets.collect() }
    }

    pub(super) fn expected(sql: &Json, parameters: &Json) -> Self {
        let parameters = parameters.as_array().unwrap().clone();
        let is_many = parameters.first().is_some_and(Json::is_array);
        let sets = match is_many {
            true => parameters.iter().map(|set| set.as_array().unwrap().clone()).collect(),
            false => vec![parameters],
        };
        Self { sql: sql.as_str().unwrap().to_owned(), sets }
    }

    /// For each row, what is done to it.
    pub(super) fn rows(&self) -> Vec<String> {
        // A statement without values has run all the same.
        let none = [Vec::new()];
        let sets = if self.sets.is_empty() { &none[..] } else { &self.sets[..] };
        sets.iter().flat_map(|set| self.rows_of(set)).collect()
    }

    fn rows_of(&self, values: &[Json]) -> Vec<String> {
        if self.sql.starts_with("INSERT") {
            return self.inserts(values);
        }
        vec![match self.sql.split(' ').next() {
            Some("UPDATE" | "DELETE") => format!("{} {values:?}", normal(&self.sql)),
            _ => {
                // Which values, not how often: an IN list may be padded.
                let values: BTreeSet<String> = values.iter().map(Json::to_string).collect();
                format!("SELECT FROM {:?} {values:?}", self.tables())
            }
        }]
    }

    /// Of each row the columns by name; one that is left out is NULL.
    fn inserts(&self, values: &[Json]) -> Vec<String> {
        let names: Vec<&str> = self.sql.split(['(', ')']).nth(1).unwrap_or_default().split(", ").collect();
        let row = |values: &[Json]| {
            let given: BTreeMap<&&str, &Json> =
                names.iter().zip(values).filter(|(_, value)| !value.is_null()).collect();
            format!("INSERT INTO {:?} {given:?}", self.tables())
        };
        values.chunks(names.len()).map(row).collect()
    }

    fn tables(&self) -> BTreeSet<&'static str> {
        let words: Vec<&str> = self.sql.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        TABLES.into_iter().filter(|table| words.contains(table)).collect()
    }
}

/// Without tables before columns, spaces around `=`, and what is returned.
fn normal(sql: &str) -> String {
    let sql = sql.split(" RETURNING ").next().unwrap_or(sql);
    let sql = TABLES.iter().fold(sql.to_owned(), |sql, table| sql.replace(&format!("{table}."), ""));
    sql.replace(" = ", "=")
}

fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Int(value) => (*value).into(),
        Value::Text(value) => Json::String(value.to_string()),
        other => panic!("no scenario has a value like {other:?}"),
    }
}

impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.sql, Json::from(self.sets.iter().cloned().map(Json::from).collect::<Vec<_>>()))
    }
}
