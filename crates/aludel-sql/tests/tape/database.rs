//! A small SQLite database to run statements on.

use aludel_core::Value;
use aludel_sql::{Arguments, Compiled};
use rusqlite::Connection;
use rusqlite::types::Value as Cell;

/// The tables of the test data, without constraints that random statements would only run into.
const SCHEMA: &str = "
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, fullname TEXT, age BIGINT, balance NUMERIC, active BOOLEAN,
        created_at TEXT, data TEXT, manager_id BIGINT);
    CREATE TABLE addresses (id INTEGER PRIMARY KEY, user_id BIGINT, email TEXT);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id BIGINT, total NUMERIC, placed TEXT, status TEXT);
    CREATE TABLE items (order_id BIGINT, line BIGINT, sku TEXT, qty INTEGER, price DOUBLE);
    INSERT INTO users (id, name, fullname, age, manager_id) VALUES
        (0, 't0', 'T0', 3, NULL), (1, 't1', NULL, 2, 0), (2, 'T2', 't%', NULL, 0), (3, 't3', '_1', 5, 1), (4, 't''4', 't1', 0, 2);
    INSERT INTO addresses (id, user_id, email) VALUES (0, 1, 't0'), (1, 1, 't1'), (2, 3, 'T1'), (3, 9, '');
    INSERT INTO orders (id, user_id, status) VALUES (0, 0, 't1'), (1, 0, NULL), (2, 2, 'T2'), (3, NULL, 't0');
    INSERT INTO items (order_id, line, sku) VALUES (0, 1, 't0'), (0, 2, 't1'), (2, 1, 't0'), (5, NULL, NULL);
";

/// What a statement gave: its rows, and all rows of the tables it may have changed; or the database's error.
pub(crate) type Outcome = Result<(Vec<Vec<String>>, Vec<Vec<String>>), String>;

pub(crate) struct Database(Connection);

impl Database {
    pub(crate) fn new() -> Self {
        let connection = Connection::open_in_memory().expect("SQLite opens");
        connection.execute_batch(SCHEMA).expect("the test data is sound");
        Self(connection)
    }

    /// Runs the compiled statement with its values bound, and undoes what it did.
    pub(crate) fn run_compiled(&self, compiled: &Compiled, arguments: &Arguments, changes: bool) -> Outcome {
        let values: Vec<Cell> = compiled.binds.iter().map(|bind| cell(arguments.get(bind.source))).collect();
        self.run(&compiled.sql, values, changes)
    }

    /// Runs SQL without placeholders, and undoes what it did.
    pub(crate) fn run_literal(&self, sql: &str, changes: bool) -> Outcome {
        self.run(sql, Vec::new(), changes)
    }

    fn run(&self, sql: &str, values: Vec<Cell>, changes: bool) -> Outcome {
        if !changes {
            return Ok((self.rows(sql, values)?, Vec::new()));
        }
        self.0.execute_batch("SAVEPOINT before").expect("a savepoint");
        let rows = self.rows(sql, values);
        let tables = ["users", "orders", "items"].map(|table| {
            self.rows(&format!("SELECT '{table}', * FROM {table}"), Vec::new()).expect("the tables can be read")
        });
        self.0.execute_batch("ROLLBACK TO before; RELEASE before").expect("back to the savepoint");
        Ok((rows?, tables.concat()))
    }

    /// The rows in a fixed order.
    fn rows(&self, sql: &str, values: Vec<Cell>) -> Result<Vec<Vec<String>>, String> {
        let mut statement = self.0.prepare(sql).map_err(|error| shown(&error))?;
        let width = statement.column_count();
        let read = |row: &rusqlite::Row<'_>| (0..width).map(|index| Ok(format!("{:?}", row.get_ref(index)?))).collect();
        let rows = statement.query_map(rusqlite::params_from_iter(values), read).map_err(|error| shown(&error))?;
        let mut rows = rows.collect::<Result<Vec<Vec<String>>, _>>().map_err(|error| shown(&error))?;
        rows.sort();
        Ok(rows)
    }
}

/// The database's words, without the text of the statement.
fn shown(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::Int(number) => Cell::Integer(*number),
        Value::Text(text) => Cell::Text(text.to_string()),
        other => panic!("no such value in random statements: {other:?}"),
    }
}
