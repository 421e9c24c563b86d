//! Where bound values stand in a text.

use std::collections::{BTreeMap, BTreeSet};

use aludel_core::Value;
use aludel_sql::{Arguments, Compiled};

/// The numbers of the values in each CTE and, under the name "", in the statement itself, in the order of the text.
///
/// CTEs are told apart because it is free in which order they stand.
type Marks = BTreeMap<String, Vec<String>>;

/// What stands where the literal text has `⟨number⟩`.
pub(crate) fn of_literal(sql: &str) -> Marks {
    sections(sql)
}

/// The compiled text's placeholders, each taken for the value that is bound to it.
pub(crate) fn of_compiled(compiled: &Compiled, arguments: &Arguments) -> Marks {
    let mut binds = compiled.binds.iter();
    let mut sql = String::new();
    for c in compiled.sql.chars() {
        match c {
            '?' => {
                let bind = binds.next().expect("a bind for each placeholder");
                match arguments.get(bind.source) {
                    Value::Int(number) => sql += &format!("⟨{number}⟩"),
                    Value::Text(text) => sql += &format!("⟨{text}⟩"),
                    other => panic!("no such value in random statements: {other:?}"),
                }
            }
            _ => sql.push(c),
        }
    }
    assert!(binds.next().is_none(), "a placeholder for each bind");
    sections(&sql)
}

/// The numbers of `$1`, `:1` and `@P1`.
pub(crate) fn numbered_placeholders(sql: &str) -> BTreeSet<usize> {
    let mut numbers = BTreeSet::new();
    for mark in ["$", ":", "@P"] {
        for (at, _) in sql.match_indices(mark) {
            let digits: String = sql[at + mark.len()..].chars().take_while(char::is_ascii_digit).collect();
            numbers.extend(digits.parse::<usize>());
        }
    }
    numbers
}

/// Takes a text apart into its CTEs and the rest.
fn sections(sql: &str) -> Marks {
    let mut marks = Marks::new();
    let mut rest = sql;
    if let Some(ctes) = sql.strip_prefix("WITH ") {
        rest = ctes.strip_prefix("RECURSIVE ").unwrap_or(ctes);
        loop {
            let (name, _) = rest.split_at(rest.find([' ', '(']).expect("a name"));
            let body = rest.find(" AS ").expect("AS");
            let open = body + rest[body..].find('(').expect("a body");
            let close = open + closing(&rest[open..]);
            marks.insert(name.to_owned(), numbers(&rest[open..close]));
            rest = &rest[close + 1..];
            match rest.strip_prefix(", ") {
                Some(next) => rest = next,
                None => break,
            }
        }
    }
    marks.insert(String::new(), numbers(rest));
    marks
}

/// Where the parenthesis that a text begins with is closed. No parenthesis stands in the literals of random statements.
fn closing(text: &str) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 1 => return at,
            ')' => depth -= 1,
            _ => {}
        }
    }
    panic!("an open parenthesis: {text}")
}

fn numbers(text: &str) -> Vec<String> {
    let marks = text.split('⟨').skip(1);
    marks.map(|mark| mark.split('⟩').next().expect("a mark").to_owned()).collect()
}
