//! SQL between SQLite's words and those of the run's database.

use aludel::Value;
use aludel::language::Text;

use super::{Backend, backend};

/// A statement that the test gives in SQLite's words.
pub(crate) fn text(sql: &str) -> Text {
    aludel::language::text(words(sql))
}

/// SQL of a test in the database's words: NULL's stand-in, and names that are reserved there.
pub(crate) fn words(sql: &str) -> String {
    match backend() {
        Backend::Sqlite => sql.to_owned(),
        Backend::Postgres => as_text(&sql.replace("ifnull(", "coalesce("), "coalesce("),
        Backend::MariaDb => sql.replace(" lines ", " `lines` ").replace(", load,", ", `load`,"),
    }
}

/// PostgreSQL wants one type: `coalesce(age, '-')` becomes `coalesce(CAST(age AS text), '-')`.
fn as_text(sql: &str, call: &str) -> String {
    let mut parts = sql.split(call);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out += call;
        match part.split_once(", '") {
            Some((operand, rest)) if !operand.contains([',', '(', ')']) => {
                out += &format!("CAST({operand} AS text), '{rest}");
            }
            _ => out += part,
        }
    }
    out
}

/// A statement that ran, in SQLite's words: placeholders and quotes, one array for an IN list, and what a flush asks to be
/// returned where a driver doesn't tell the keys itself.
pub(crate) fn told(sql: &str, values: &[Value]) -> String {
    match backend() {
        Backend::Sqlite => sql.to_owned(),
        Backend::Postgres => lists(&without_key(&questions(sql)), values),
        Backend::MariaDb => without_key(&sql.replace('`', "")),
    }
}

/// Without the key that a flush asks for where the driver doesn't tell it by itself.
fn without_key(sql: &str) -> String {
    match sql.rsplit_once(" RETURNING ") {
        Some((insert, key)) if sql.starts_with("INSERT ") && key.ends_with(".id") && !key.contains(',') => {
            insert.to_owned()
        }
        _ => sql.to_owned(),
    }
}

/// `$1` becomes `?`.
fn questions(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        out.push(if digits > 0 { '?' } else { '$' });
        rest = &rest[digits..];
    }
    out + rest
}

/// `= ANY(?)` becomes an IN list of the array's length, padded as SQLite's are.
fn lists(sql: &str, values: &[Value]) -> String {
    let mut lengths = values.iter().filter_map(|value| match value {
        Value::List(list) => Some(list.len()),
        _ => None,
    });
    let mut out = sql.to_owned();
    for (words, name) in [(" = ANY(?)", "IN"), (" <> ALL(?)", "NOT IN")] {
        while let Some(at) = out.find(words) {
            let length = lengths.next().unwrap_or(1).max(1).next_power_of_two();
            let list = vec!["?"; length].join(", ");
            out.replace_range(at..at + words.len(), &format!(" {name} ({list})"));
        }
    }
    out
}

/// The statement after which PostgreSQL's sequences go on behind the keys that are there. The others look at the rows.
pub(crate) fn set_sequences() -> Option<&'static str> {
    set_sequences_of(backend())
}

pub(crate) fn set_sequences_of(backend: Backend) -> Option<&'static str> {
    (backend == Backend::Postgres).then_some(
        "DO $$ DECLARE r record; BEGIN \
         FOR r IN SELECT table_name AS t, column_name AS c, pg_get_serial_sequence(quote_ident(table_name), column_name) AS s \
         FROM information_schema.columns WHERE table_schema = current_schema() LOOP \
         IF r.s IS NOT NULL THEN \
         EXECUTE format('SELECT setval(%L, coalesce((SELECT max(%I) FROM %I), 0) + 1, false)', r.s, r.c, r.t); \
         END IF; END LOOP; END $$",
    )
}
