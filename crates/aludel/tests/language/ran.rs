//! What came of a construct, in a form that is the same on every database.

use aludel::{Result, Row, Value};
use aludel_sql::{Arguments, Executable};

/// What came of a construct.
#[derive(Debug, Default)]
pub(crate) struct Ran {
    rows: Vec<String>,
    /// How many rows were changed.
    changed: Option<u64>,
    /// What the tables hold afterwards, if it changes them.
    tables: Vec<String>,
    /// Why the rows could not be read into the statement's own type.
    pub(crate) not_typed: Option<String>,
}

impl Ran {
    /// Rows that a query gives.
    pub(crate) fn read(sql: &str, rows: &[Row], typed: Result<()>) -> Self {
        let not_typed = typed.err().map(|error| error.to_string());
        let mut rows = plain(rows);
        if !sql.contains("ORDER BY") {
            rows.sort();
        }
        Self { rows, not_typed, ..Self::default() }
    }

    /// What a statement has changed.
    pub(crate) fn changed(rows: &[Row], changed: Option<u64>, tables: Vec<String>) -> Self {
        Self { rows: plain(rows), changed, tables, not_typed: None }
    }

    /// Without the number of changed rows.
    pub(crate) fn without_count(self) -> Self {
        Self { changed: None, ..self }
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let is_same_count = self.changed.is_none() || other.changed.is_none() || self.changed == other.changed;
        is_same_count && (&self.rows, &self.tables) == (&other.rows, &other.tables)
    }
}

/// A statement of which the rows are what the database says they are.
pub(crate) struct Dynamic(pub(crate) Arguments);

impl Executable for Dynamic {
    type Row = Row;
    fn into_arguments(self) -> Arguments {
        self.0
    }
}

/// Rows in words that hide what a database keeps another way: truth values as numbers, numbers without their scale.
pub(crate) fn plain(rows: &[Row]) -> Vec<String> {
    rows.iter().map(|row| row.values().iter().map(cell).collect::<Vec<_>>().join(" | ")).collect()
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(value) => u8::from(*value).to_string(),
        Value::Int(value) => value.to_string(),
        Value::Uint(value) => value.to_string(),
        Value::Float(value) => number(*value),
        Value::Decimal(value) => number(value.to_string().parse().unwrap()),
        Value::Text(text) => json(text).unwrap_or_else(|| text.to_string()),
        Value::Json(text) => json(text).unwrap_or_else(|| text.to_string()),
        Value::Date(value) => value.to_string(),
        Value::DateTime(value) => value.to_string(),
        other => format!("{other:?}"),
    }
}

fn number(value: f64) -> String {
    // MariaDB gives a quotient four digits more than its operands.
    format!("{value:.4}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// JSON in one form, where a text is a document.
fn json(text: &str) -> Option<String> {
    text.starts_with(['{', '['])
        .then(|| serde_json::from_str::<serde_json::Value>(text).ok())
        .flatten()
        .map(|v| v.to_string())
}
