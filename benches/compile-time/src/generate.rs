//! The two programs.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::Result;

const FUNCTIONS: usize = 200;

/// A program to compile.
pub(crate) struct Program {
    pub(crate) name: &'static str,
    manifest: String,
    source: String,
}

impl Program {
    /// Writes the program below the folder.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        let folder = folder.join(self.name);
        fs::create_dir_all(folder.join("src"))?;
        fs::write(folder.join("Cargo.toml"), &self.manifest)?;
        fs::write(folder.join("src/lib.rs"), &self.source)?;
        Ok(())
    }
}

/// One comparison of a function: a column, an operator, and the type of its argument.
struct Comparison {
    column: &'static str,
    sql: &'static str,
    method: &'static str,
    argument: &'static str,
}

const COMPARISONS: [Comparison; 7] = [
    Comparison { column: "age", sql: ">", method: "gt", argument: "i32" },
    Comparison { column: "name", sql: "=", method: "eq", argument: "&str" },
    Comparison { column: "balance", sql: "<", method: "lt", argument: "f64" },
    Comparison { column: "active", sql: "=", method: "eq", argument: "bool" },
    Comparison { column: "id", sql: ">=", method: "ge", argument: "i64" },
    Comparison { column: "email", sql: "LIKE", method: "like", argument: "&str" },
    Comparison { column: "age", sql: "<>", method: "ne", argument: "i32" },
];

/// The comparisons of a function: three to six, different ones from function to function.
fn comparisons(function: usize) -> impl Iterator<Item = &'static Comparison> {
    let count = 3 + function % 4;
    (0..count).map(move |index| &COMPARISONS[(function * 3 + index * (1 + function % 3)) % COMPARISONS.len()])
}

fn arguments(function: usize) -> String {
    comparisons(function).enumerate().map(|(index, comparison)| format!(", a{index}: {}", comparison.argument)).collect()
}

/// With SQL strings.
pub(crate) fn rusqlite() -> Program {
    let mut source = String::from("use rusqlite::{Connection, Result, params};\n\n");
    for function in 0..FUNCTIONS {
        let filter: Vec<_> = comparisons(function)
            .enumerate()
            .map(|(index, comparison)| format!("{} {} ?{}", comparison.column, comparison.sql, index + 1))
            .collect();
        let values: Vec<_> = comparisons(function).enumerate().map(|(index, _)| format!("a{index}")).collect();
        let _ = write!(
            source,
            "pub fn f{function}(connection: &Connection{}) -> Result<Vec<(i64, String)>> {{\n    \
             let mut statement = connection.prepare_cached(\"SELECT id, name FROM users WHERE {} ORDER BY name\")?;\n    \
             statement.query_map(params![{}], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()\n}}\n\n",
            arguments(function),
            filter.join(" AND "),
            values.join(", "),
        );
    }
    let dependencies = "rusqlite = { version = \"=0.39.0\", features = [\"bundled\"] }";
    Program { name: "rusqlite", manifest: manifest("rusqlite", dependencies), source }
}

/// In Aludel's language.
pub(crate) fn aludel(repository: &Path) -> Program {
    let mut source = String::from(
        "use aludel::blocking::Engine;\nuse aludel::prelude::*;\n\n\
         #[derive(Entity)]\n#[entity(table = \"users\")]\npub struct User {\n    \
         #[column(primary_key)]\n    pub id: i64,\n    pub name: String,\n    pub email: String,\n    \
         pub age: i32,\n    pub balance: f64,\n    pub active: bool,\n}\n\n",
    );
    for function in 0..FUNCTIONS {
        let filters: String = comparisons(function)
            .enumerate()
            .map(|(index, comparison)| {
                format!(".filter(User::{}.{}(a{index}))", comparison.column.to_uppercase(), comparison.method)
            })
            .collect();
        let _ = write!(
            source,
            "pub fn f{function}(engine: &Engine{}) -> Result<Vec<(i64, String)>> {{\n    \
             engine.fetch_all(select((User::ID, User::NAME)){filters}.order_by(User::NAME))\n}}\n\n",
            arguments(function),
        );
    }
    let dependencies = format!("aludel = {{ path = {:?} }}", repository.join("crates/aludel"));
    Program { name: "aludel", manifest: manifest("aludel-user", &dependencies), source }
}

fn manifest(name: &str, dependencies: &str) -> String {
    format!(
        "[package]\nname = \"{name}-program\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependencies}\n"
    )
}
