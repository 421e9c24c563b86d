//! Exclusion constraints in one spelling.

use super::{LEXIS, spelling};
use crate::dialect::catalog::tokens::{Cursor, Token, split, tokens};
use crate::schema::Table;

/// Whether it is the clause of an exclusion constraint, and no expression.
pub(super) fn is_one(sql: &str) -> bool {
    tokens(sql, LEXIS).first().is_some_and(|token| token.is("using"))
}

/// `USING method (expression WITH operator, …) [INCLUDE …] [WHERE (…)] …`, its expressions in their one spelling.
pub(super) fn normal(table: &Table, sql: &str) -> String {
    let pieces = tokens(sql, LEXIS);
    let mut cursor = Cursor::new(sql, &pieces);
    let (mut words, mut is_condition) = (Vec::new(), false);
    while let Some(token) = cursor.peek() {
        match cursor.group() {
            Some(inner) if is_condition => words.push(spelling::normal_sql(table, cursor.text_of(inner))),
            Some(inner) => {
                let parts: Vec<_> = split(inner).into_iter().map(|part| element(table, &cursor, part)).collect();
                words.push(format!("({})", parts.join(", ")));
            }
            None => {
                cursor.next();
                words.push(token.text.to_lowercase());
            }
        }
        is_condition = token.is("where");
    }
    words.join(" ")
}

fn element<'a>(table: &Table, cursor: &Cursor<'_, 'a>, part: &[Token<'a>]) -> String {
    match part.iter().rposition(|token| token.is("with")) {
        Some(at) => {
            let (expression, operator) = part.split_at(at);
            let operator: String = operator.iter().skip(1).map(|token| token.text).collect();
            format!("{} with {operator}", spelling::normal_sql(table, cursor.text_of(expression)))
        }
        None => spelling::normal_sql(table, cursor.text_of(part)),
    }
}
