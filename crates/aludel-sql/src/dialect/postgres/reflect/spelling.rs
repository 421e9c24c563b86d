//! How PostgreSQL spells what it keeps: with a conversion wherever a value is not of the type that is wanted.

use aludel_core::SqlType;

use super::LEXIS;
use super::types::base_name;
use crate::dialect::catalog::normal::{Node, Spelling, normal};
use crate::dialect::catalog::tokens::{Lexis, Token, TokenKind, tokens};
use crate::schema::{ColumnDef, ServerDefault, Table};

/// A column's default as definitions have it: a text, the present moment, a number, or SQL.
pub(super) fn default(sql: &str, sql_type: &SqlType) -> ServerDefault {
    let pieces = tokens(sql, LEXIS);
    match &pieces[..] {
        [only] if only.is("current_timestamp") => return ServerDefault::Now,
        [name, open, close] if name.is("now") && open.is("(") && close.is(")") => return ServerDefault::Now,
        [text, colons, converted @ ..] if text.kind == TokenKind::Text && colons.is("::") => {
            let to: Vec<_> = converted.iter().map(|token| token.text.to_lowercase()).collect();
            let value = meant(text);
            // The number itself, whatever kind of number it is written as.
            let is_whole = !value.is_empty() && value.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit());
            if is_number(sql_type) && is_whole && is_number_name(&to.join(" ")) {
                return ServerDefault::Sql(value.into());
            }
            if base_name(sql_type).is_some_and(|name| is_same_type(&name, &to)) {
                return match is_number(sql_type) {
                    true => ServerDefault::Sql(value.into()),
                    false => ServerDefault::Text(value.into()),
                };
            }
        }
        _ => {}
    }
    ServerDefault::Sql(sql.to_owned().into())
}

/// What a text literal means: with an `E` before it, backslashes escape.
fn meant(text: &Token<'_>) -> String {
    match text.text.strip_prefix(['E', 'e']) {
        None => text.unquoted(),
        Some(rest) => Token { text: rest, ..*text }.unquoted().replace("\\\\", "\\"),
    }
}

/// Whether the pieces of a type are those of its name, which may have a schema before it in the pieces.
fn is_same_type(name: &str, pieces: &[String]) -> bool {
    let name = tokens(name, LEXIS).into_iter().map(|token| token.text.to_owned()).collect::<Vec<_>>();
    let is_plain = pieces == name;
    is_plain || matches!(pieces, [_, dot, rest] if dot == "." && name == [rest.trim_matches('"').to_owned()])
}

const fn is_number(sql_type: &SqlType) -> bool {
    matches!(
        sql_type,
        SqlType::SmallInt | SqlType::Integer | SqlType::BigInt | SqlType::Numeric(_) | SqlType::Float | SqlType::Double
    )
}

pub(super) fn normal_sql(table: &Table, sql: &str) -> String {
    normal(sql, &OwnSpelling { table: Some(table) })
}

/// A default: what it is converted to says nothing if that is the column's type.
pub(super) fn normal_default(table: &Table, column: &ColumnDef, sql: &str) -> String {
    let told = normal(sql, &OwnSpelling { table: Some(table) });
    let own = base_name(&column.sql_type).unwrap_or_default();
    match default(sql, &column.sql_type) {
        ServerDefault::Now => "now()".to_owned(),
        ServerDefault::Text(text) => format!("'{}'", text.replace('\'', "''")),
        ServerDefault::Sql(sql) | ServerDefault::Exactly(sql) => {
            let told = if *sql == *told { told } else { normal(&sql, &OwnSpelling { table: Some(table) }) };
            // A number in quotes is the number.
            let is_quoted = is_number(&column.sql_type) && told.starts_with('\'');
            let told = if is_quoted { told.trim_matches('\'').to_owned() } else { told };
            told.strip_prefix("cast(")
                .and_then(|rest| rest.strip_suffix(&format!(" as {own})")))
                .map_or_else(|| told.clone(), str::to_owned)
        }
    }
}

struct OwnSpelling<'a> {
    table: Option<&'a Table>,
}

impl Spelling for OwnSpelling<'_> {
    fn lexis(&self) -> Lexis {
        LEXIS
    }

    fn quotes_keep_case(&self) -> bool {
        true
    }

    fn rewrite(&self, node: Node) -> Node {
        match node {
            Node::Cast(operand, sql_type) => self.converted(*operand, sql_type),
            Node::Op(op, operands) if is_comparison(&op) => Node::Op(op, self.compared(operands)),
            Node::Op(op, operands) if is_arithmetic(&op) => Node::Op(op, self.calculated(operands)),
            other => other,
        }
    }
}

fn is_comparison(op: &str) -> bool {
    matches!(
        op,
        "=" | "<>"
            | "<"
            | ">"
            | "<="
            | ">="
            | "in"
            | "not in"
            | "like"
            | "not like"
            | "ilike"
            | "not ilike"
            | "is distinct"
    )
}

fn is_arithmetic(op: &str) -> bool {
    matches!(op, "+" | "-" | "*" | "/" | "%")
}

impl OwnSpelling<'_> {
    /// `'-5'::integer` is a number; a VARCHAR column as text is the column.
    fn converted(&self, operand: Node, sql_type: String) -> Node {
        match &operand {
            Node::Text(text) => {
                let number = text.trim_matches('\'');
                if (is_whole(number) && is_integer_name(&sql_type)) || (is_decimal(number) && sql_type == "numeric") {
                    return Node::Number(number.to_owned());
                }
            }
            Node::Name(parts) if sql_type == "text" => {
                let is_varchar =
                    self.column(parts).is_some_and(|column| matches!(column.sql_type, SqlType::Varchar(_)));
                if is_varchar {
                    return operand;
                }
            }
            _ => {}
        }
        Node::Cast(Box::new(operand), sql_type)
    }

    /// A literal that is compared takes the type of what it is compared with, so a conversion to that says nothing.
    fn compared(&self, operands: Vec<Node>) -> Vec<Node> {
        let column = operands.iter().find_map(|operand| match operand {
            Node::Name(parts) => self.column(parts),
            _ => None,
        });
        let own = column.and_then(|column| base_name(&column.sql_type)).unwrap_or_default();
        operands.into_iter().map(|operand| literal(operand, &own)).collect()
    }

    /// A whole number that is calculated with takes the type of the other number, so a conversion to that says nothing.
    fn calculated(&self, operands: Vec<Node>) -> Vec<Node> {
        let Some(kind) = operands.iter().find_map(|operand| self.kind(operand)) else { return operands };
        let plain = |operand| match operand {
            Node::Cast(inner, sql_type) if sql_type == kind && matches!(*inner, Node::Number(_)) => *inner,
            other => other,
        };
        operands.into_iter().map(plain).collect()
    }

    /// The type of a number that is told by a column.
    fn kind(&self, node: &Node) -> Option<String> {
        match node {
            Node::Name(parts) => self
                .column(parts)
                .filter(|column| matches!(column.sql_type, SqlType::Numeric(_) | SqlType::Double))
                .and_then(|column| base_name(&column.sql_type)),
            Node::Op(op, operands) if is_arithmetic(op) => operands.iter().find_map(|operand| self.kind(operand)),
            _ => None,
        }
    }

    fn column(&self, parts: &[String]) -> Option<&ColumnDef> {
        let name = parts.last()?;
        self.table?.columns.iter().find(|column| column.name == *name)
    }
}

fn literal(node: Node, own: &str) -> Node {
    match node {
        Node::Cast(inner, sql_type) => {
            let is_text = matches!(sql_type.as_str(), "text" | "character varying" | "bpchar");
            let last = sql_type.rsplit('.').next().unwrap_or(&sql_type);
            let says_nothing = match &*inner {
                Node::Text(_) => is_text || sql_type == own || last.trim_matches('"') == own,
                Node::Number(number) => is_same_number(number, &sql_type, own),
                Node::Cast(..) => is_text,
                _ => false,
            };
            if says_nothing { literal(*inner, own) } else { Node::Cast(inner, sql_type) }
        }
        other => other,
    }
}

fn is_number_name(name: &str) -> bool {
    matches!(name, "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision")
}

fn is_integer_name(name: &str) -> bool {
    matches!(name, "smallint" | "integer" | "bigint")
}

fn is_whole(number: &str) -> bool {
    let digits = number.trim_start_matches('-');
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_decimal(number: &str) -> bool {
    let digits = number.trim_start_matches('-');
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// Whether a number that is compared with something of the type `own` stays what it is by the conversion.
fn is_same_number(number: &str, sql_type: &str, own: &str) -> bool {
    match sql_type {
        "smallint" | "integer" | "bigint" => is_whole(number),
        "numeric" => is_whole(number) || own == "numeric",
        // What is compared with a REAL column is of twice the bits.
        "double precision" => matches!(own, "double precision" | "real"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Table;

    fn table() -> Table {
        let columns = [
            ("kind", SqlType::Varchar(10)),
            ("n", SqlType::Numeric(Some((8, 2)))),
            ("i", SqlType::Integer),
            ("d", SqlType::Double),
            ("r", SqlType::Float),
            ("day", SqlType::Date),
        ];
        let columns: Vec<_> = columns.into_iter().map(|(name, sql_type)| ColumnDef::new(name, sql_type)).collect();
        Table { columns: columns.into(), ..Table::named("t") }
    }

    #[test]
    fn what_means_the_same_is_the_same() {
        for (wanted, kept) in [
            (
                "kind IN ('a', 'it''s')",
                "((kind)::text = ANY ((ARRAY['a'::character varying, 'it''s'::character varying])::text[]))",
            ),
            ("kind NOT LIKE 'a%'", "((kind)::text !~~ 'a%'::text)"),
            ("i BETWEEN -1 AND 5", "((i >= '-1'::integer) AND (i <= 5))"),
            ("NOT (i = 3 OR i < 2)", "((i <> 3) AND (i >= 2))"),
            ("n > 5 and n not in (7, 8)", "((n > (5)::numeric) AND (n <> ALL (ARRAY[(7)::numeric, (8)::numeric])))"),
            ("(n + 1) * 2 > 3", "(((n + (1)::numeric) * (2)::numeric) > (3)::numeric)"),
            ("d > 0.5", "(d > (0.5)::double precision)"),
            ("day >= '2020-01-01'", "(day >= '2020-01-01'::date)"),
            ("day >= DATE '2020-01-01'", "(day >= '2020-01-01'::date)"),
            ("i + 1 * 2 = 3", "((i + (1 * 2)) = 3)"),
        ] {
            assert_eq!(normal_sql(&table(), wanted), normal_sql(&table(), kept), "{wanted}");
        }
    }

    #[test]
    fn what_means_something_else_is_not_the_same() {
        for (one, other) in [
            ("i + n * d > 1", "(i + n) * d > 1"),
            ("i = 1 OR n = 2 AND d = 3", "(i = 1 OR n = 2) AND d = 3"),
            ("i - (n - d) > 0", "i - n - d > 0"),
            ("i::text = '5'", "i = '5'"),
            ("n > 5.5::integer", "n > 5.5"),
            ("n > 5.555::numeric(8,2)", "n > 5.555"),
            ("r + 0.1::real > 1", "r + 0.1 > 1"),
            ("r > 0.1::real", "r > 0.1"),
            ("\"I\" = 1", "i = 1"),
            ("kind = 'A'", "kind = 'a'"),
            ("kind = 'a '", "kind = 'a'"),
            ("i IS NULL", "i IS NOT NULL"),
            ("i IN (1, 2)", "i IN (2, 1, 3)"),
            ("i > 1", "i >= 1"),
            ("NOT (i = 1 AND n = 2)", "i <> 1 AND n <> 2"),
            ("i = 5 / 2", "i = 5::numeric / 2"),
        ] {
            assert_ne!(normal_sql(&table(), one), normal_sql(&table(), other), "{one}");
        }
    }
}
