//! How a construct is compared with what SQLAlchemy renders.

use std::sync::LazyLock;

use aludel_core::{CompileError, Value};
use aludel_sql::compile::{CompileOptions, SchemaMap};
use aludel_sql::dialect::{Dialect, MariaDb, MsSql, MySql, Oracle, Postgres, Sqlite};
use aludel_sql::{Arguments, Executable, compile_arguments};
use serde_json::Value as Json;

static DATA: LazyLock<Vec<Json>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../data/core.json")).expect("the data is JSON"));

/// The ids of all constructs.
pub(crate) fn ids() -> Vec<&'static str> {
    DATA.iter().filter_map(|entry| entry["id"].as_str()).collect()
}

pub(crate) fn dialect(name: &str) -> &'static dyn Dialect {
    match name {
        "sqlite" => &Sqlite,
        "postgresql" => &Postgres,
        "mysql" => &MySql,
        "mariadb" => &MariaDb,
        "mssql" => &MsSql,
        "oracle" => &Oracle,
        other => panic!("no dialect {other}"),
    }
}

/// A construct, and where Aludel says it in another way by design.
pub(crate) struct Construct {
    make: Make,
    params: bool,
    schemas: SchemaMap,
    differs: Vec<(&'static str, &'static str)>,
    refused: Vec<(&'static str, &'static str)>,
}

type MakeStatement = dyn Fn() -> Arguments;
type MakeDdl = dyn Fn(&dyn Dialect) -> Result<String, CompileError>;

enum Make {
    Statement(Box<MakeStatement>),
    Ddl(Box<MakeDdl>),
}

/// A construct of statements.
pub(crate) fn says<S: Executable + Clone + 'static>(statement: S) -> Construct {
    Construct {
        make: Make::Statement(Box::new(move || statement.clone().into_arguments())),
        params: true,
        schemas: SchemaMap::default(),
        differs: Vec::new(),
        refused: Vec::new(),
    }
}

/// A construct of schema definition: one statement for each dialect.
pub(crate) fn defines(sql: impl Fn(&dyn Dialect) -> Result<String, CompileError> + 'static) -> Construct {
    Construct {
        make: Make::Ddl(Box::new(sql)),
        params: false,
        schemas: SchemaMap::default(),
        differs: Vec::new(),
        refused: Vec::new(),
    }
}

impl Construct {
    /// Aludel's SQL for these dialects, with the reason why it is another.
    pub(crate) fn differs(mut self, dialects: &'static str, sql: &'static str, _reason: &'static str) -> Self {
        self.differs.extend(dialects.split(' ').map(|dialect| (dialect, sql)));
        self
    }

    /// Dialects whose database has no such construct: the error's words.
    pub(crate) fn refused(mut self, dialects: &'static str, words: &'static str) -> Self {
        self.refused.extend(dialects.split(' ').map(|dialect| (dialect, words)));
        self
    }

    /// The values are not compared, for this reason.
    pub(crate) fn other_params(mut self, _reason: &'static str) -> Self {
        self.params = false;
        self
    }

    pub(crate) fn schemas(mut self, schemas: SchemaMap) -> Self {
        self.schemas = schemas;
        self
    }

    /// Compares with every dialect that has an expectation.
    pub(crate) fn check(self, id: &str) {
        let entry = DATA.iter().find(|entry| entry["id"] == *id).unwrap_or_else(|| panic!("no construct {id}"));
        let mut failures = Vec::new();
        let expected = entry["sql"].as_object().expect("SQL for dialects");
        let names = ["sqlite", "postgresql", "mysql", "mariadb", "mssql", "oracle"];
        for name in names {
            let theirs = expected.get(name).and_then(Json::as_str);
            let differs = self.differs.iter().find(|(dialect, _)| *dialect == name).map(|(_, sql)| *sql);
            let refused = self.refused.iter().find(|(dialect, _)| *dialect == name).map(|(_, words)| *words);
            if theirs.is_none() && differs.is_none() && refused.is_none() {
                continue;
            }
            let made = self.make(dialect(name));
            match (made, refused) {
                (Err(error), Some(words)) if error.to_string().contains(words) => {}
                (Err(error), _) => failures.push(format!("{name}: {error}")),
                (Ok((sql, _)), Some(words)) => failures.push(format!("{name}: not refused ({words}): {sql}")),
                (Ok((sql, values)), None) => {
                    let wanted = differs.or(theirs).unwrap_or_default();
                    if !is_same(wanted, &sql, differs.is_none() && name == "postgresql") {
                        failures.push(format!("{name}:\n  ours   {}\n  wanted {wanted}", folded(&sql)));
                    }
                    let params = params(entry, name);
                    if let (true, None, Some(params)) = (self.params, differs, params)
                        && values != params
                    {
                        failures.push(format!("{name}: values {values:?}, wanted {params:?}"));
                    }
                }
            }
        }
        assert!(failures.is_empty(), "{id}: {}\n{}", entry["says"], failures.join("\n"));
    }

    fn make(&self, dialect: &dyn Dialect) -> Result<(String, Vec<Json>), CompileError> {
        match &self.make {
            Make::Ddl(make) => make(dialect).map(|sql| (sql, Vec::new())),
            Make::Statement(make) => {
                let arguments = make();
                let options = CompileOptions { schemas: self.schemas.clone(), ..CompileOptions::default() };
                let compiled = compile_arguments(&arguments, dialect, &options)?;
                let values = compiled.binds.iter().map(|bind| json(arguments.get(bind.source))).collect();
                Ok((compiled.sql.to_string(), values))
            }
        }
    }
}

/// The values in order, where they are known as a list.
fn params(entry: &Json, dialect: &str) -> Option<Vec<Json>> {
    match &entry["params"] {
        Json::Array(list) => Some(list.clone()),
        Json::Object(each) => each.get(dialect)?.as_array().cloned(),
        _ => None,
    }
}

fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::from(*value),
        Value::Int(value) => Json::from(*value),
        Value::Uint(value) => Json::from(*value),
        Value::Float(value) => Json::from(*value),
        Value::Text(value) => Json::from(value.as_str()),
        other => Json::from(format!("{other:?}")),
    }
}

fn folded(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether two texts are the same up to white space, redundant parentheses, and the words in which placeholders are
/// written. Where the file's cast hints were cut out of PostgreSQL's text, the words behind a placeholder were lost too.
fn is_same(wanted: &str, ours: &str, lost_words: bool) -> bool {
    let (wanted, ours) = (tokens(wanted), tokens(ours));
    let mut at = 0;
    let mut may_skip = 0;
    for token in &ours {
        if wanted.get(at) == Some(token) {
            at += 1;
            may_skip = if lost_words && token == "?" { 4 } else { may_skip };
        } else if may_skip > 0 {
            may_skip -= 1;
        } else {
            return false;
        }
    }
    at == wanted.len()
}

/// Words, literals and signs; parentheses are left out, placeholders are `?`, `INNER` is implied.
fn tokens(sql: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = sql.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' | '`' => rest[1..].find(first).map_or(rest.len(), |at| at + 2),
            c if is_word(c) => rest.find(|c: char| !is_word(c)).unwrap_or(rest.len()),
            '$' | ':' | '@' => 1 + rest[1..].find(|c: char| !is_word(c)).unwrap_or(rest.len() - 1),
            _ => first.len_utf8(),
        };
        let (token, tail) = rest.split_at(length);
        rest = tail.trim_start();
        match token {
            "(" | ")" | "INNER" => {}
            _ if token.len() > 1 && token.starts_with(['$', ':', '@']) => tokens.push("?".to_owned()),
            _ => tokens.push(token.to_owned()),
        }
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}
