//! How MySQL and MariaDB spell what they keep.

use aludel_core::SqlType;

use super::LEXIS;
use crate::dialect::catalog::normal::{Node, Spelling, normal};
use crate::dialect::catalog::tokens::{Lexis, TokenKind, bare, tokens};
use crate::schema::{ColumnDef, ServerDefault};

/// A default that is told as SQL.
pub(super) fn default(sql: &str) -> ServerDefault {
    match &tokens(sql, LEXIS)[..] {
        [only] if only.kind == TokenKind::Text && only.text.starts_with('\'') => {
            ServerDefault::Text(meant(only.text).into())
        }
        // With all the digits that a column of the definitions' types has.
        [word, open, digits, close]
            if word.is("current_timestamp") && open.is("(") && digits.text == "6" && close.is(")") =>
        {
            ServerDefault::Now
        }
        _ => ServerDefault::Sql(bare(sql, LEXIS).into()),
    }
}

/// What a text literal means: quotes are doubled in it, or have backslashes before them.
pub(super) fn meant(literal: &str) -> String {
    let mut chars = literal.chars();
    chars.next();
    chars.next_back();
    let mut text = String::with_capacity(literal.len());
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('\'', Some('\'')) => text.extend(chars.next()),
            ('\\', Some(escaped)) => {
                chars.next();
                match escaped {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' => text.push('\r'),
                    '0' => text.push('\0'),
                    'b' => text.push('\u{8}'),
                    'Z' => text.push('\u{1a}'),
                    // In a pattern the backslash stays.
                    '%' | '_' => text.extend(['\\', escaped]),
                    other => text.push(other),
                }
            }
            (c, _) => text.push(c),
        }
    }
    text
}

pub(super) fn normal_sql(sql: &str) -> String {
    normal(sql, &OwnSpelling)
}

pub(super) fn normal_default(column: &ColumnDef, sql: &str) -> String {
    let told = match normal(sql, &OwnSpelling).as_str() {
        "true()" => "1".to_owned(),
        "false()" => "0".to_owned(),
        told => told.to_owned(),
    };
    if let Some(digits) = told.strip_prefix("current_timestamp(").or_else(|| told.strip_prefix("now(")) {
        return format!("now({digits}");
    }
    // Parts of a second that are none.
    let is_time = matches!(column.sql_type, SqlType::Time | SqlType::DateTime | SqlType::Timestamp | SqlType::Interval);
    if let (true, Some((whole, parts))) = (is_time, told.trim_matches('\'').split_once('.')) {
        let parts = parts.trim_end_matches('0');
        return if parts.is_empty() { format!("'{whole}'") } else { format!("'{whole}.{parts}'") };
    }
    let is_number = matches!(
        column.sql_type,
        SqlType::Boolean
            | SqlType::SmallInt
            | SqlType::Integer
            | SqlType::BigInt
            | SqlType::Numeric(_)
            | SqlType::Float
            | SqlType::Double
    );
    let plain = told.trim_matches('\'');
    let is_digits = !plain.is_empty() && plain.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit() || b == b'.');
    match is_number && is_digits {
        true if plain.contains('.') => plain.trim_end_matches('0').trim_end_matches('.').to_owned(),
        true => plain.to_owned(),
        false => told,
    }
}

struct OwnSpelling;

impl Spelling for OwnSpelling {
    fn lexis(&self) -> Lexis {
        LEXIS
    }

    fn rewrite(&self, node: Node) -> Node {
        match node {
            Node::Text(text) if text.starts_with('\'') => Node::Text(format!("'{}'", meant(&text).replace('\'', "''"))),
            // `_utf8mb4'text'`
            Node::Cast(operand, sql_type) if sql_type.starts_with('_') => *operand,
            Node::Call(name, arguments) => Node::Call(one_name(name), arguments),
            Node::Op(op, operands) => Node::Op(op, operands.into_iter().map(truth).collect()),
            other => other,
        }
    }
}

/// Functions that have two names.
fn one_name(name: String) -> String {
    match name.as_str() {
        "lcase" => "lower".to_owned(),
        "ucase" => "upper".to_owned(),
        "character_length" => "char_length".to_owned(),
        "substr" | "mid" => "substring".to_owned(),
        "ceil" => "ceiling".to_owned(),
        "pow" => "power".to_owned(),
        _ => name,
    }
}

/// Truth is a number.
fn truth(node: Node) -> Node {
    match node {
        Node::Call(name, arguments) if arguments.is_empty() && name == "true" => Node::Number("1".to_owned()),
        Node::Call(name, arguments) if arguments.is_empty() && name == "false" => Node::Number("0".to_owned()),
        other => other,
    }
}
