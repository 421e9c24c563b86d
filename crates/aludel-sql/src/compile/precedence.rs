//! How tightly expressions hold together.

use crate::ast::{BinaryOp, Expr, UnaryOp};

/// How tightly an expression's parts hold together; the later ones hold tighter.
///
/// Databases disagree on the order of bit operators, `||` and arithmetic, so those are one level whose operands stand in
/// parentheses unless they are single words: right everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precedence {
    /// Nothing is known: SQL of the program's own.
    Unknown,
    /// `OR`
    Or,
    /// `AND`
    And,
    /// `NOT`
    Not,
    /// `=`, `LIKE`, `IN`, `BETWEEN`, `IS NULL`
    Comparison,
    /// `||`, `&`, `->`, `COLLATE`
    Other,
    /// `+`, `-`
    Sum,
    /// `*`, `/`, `%`
    Product,
    /// `-x`, `~x`
    Unary,
    /// A column, a placeholder, a function call, anything in parentheses.
    Atom,
}

impl Precedence {
    /// An expression's precedence.
    #[must_use]
    pub fn of(expr: &Expr) -> Self {
        match expr {
            Expr::Raw(_) | Expr::Element(_) | Expr::Custom { .. } => Self::Unknown,
            Expr::Or(list) => Self::of_junction(list, false),
            Expr::And(list) => Self::of_junction(list, true),
            Expr::Unary { op: UnaryOp::Not, operand } => Self::of_negation(operand),
            Expr::Unary { op: UnaryOp::Neg | UnaryOp::BitNot, .. } => Self::Unary,
            Expr::Unary { op: UnaryOp::Distinct, .. } => Self::Unknown,
            Expr::Binary { op, .. } => Self::of_operator(*op),
            Expr::IsNull { .. }
            | Expr::Between { .. }
            | Expr::In { .. }
            | Expr::Like(_)
            | Expr::Regexp { .. }
            | Expr::Match { .. } => Self::Comparison,
            Expr::Concat(list) => match list.as_slice() {
                [one] => Self::of(one),
                _ => Self::Other,
            },
            Expr::Collate { .. } | Expr::Json { .. } => Self::Other,
            Expr::Exists { negated: true, .. } => Self::Not,
            Expr::Coerce { operand, .. } | Expr::Labeled { expr: operand, .. } => Self::of(operand),
            Expr::Property(property) => Self::of(&property.expr),
            Expr::Integer(number) if *number < 0 => Self::Unary,
            Expr::Number(number) if number.starts_with('-') => Self::Unary,
            _ => Self::Atom,
        }
    }

    /// AND or OR as it is written: without what can't change its outcome.
    fn of_junction(list: &[Expr], and: bool) -> Self {
        let mut written = list.iter().filter(|item| !matches!(item, Expr::Bool(value) if *value == and));
        match (written.next(), written.next()) {
            (None, _) => Self::Comparison,
            (Some(one), None) => Self::of(one),
            (Some(_), Some(_)) if and => Self::And,
            (Some(_), Some(_)) => Self::Or,
        }
    }

    /// The opposite of a condition as it is written: two negations are none.
    fn of_negation(operand: &Expr) -> Self {
        match operand {
            // A column may be written as a comparison with 1.
            Expr::Unary { op: UnaryOp::Not, operand } => Self::of(operand).min(Self::Comparison),
            Expr::Coerce { operand, .. } | Expr::Labeled { expr: operand, .. } => Self::of_negation(operand),
            Expr::Property(property) => Self::of_negation(&property.expr),
            Expr::And(list) | Expr::Or(list) if list.len() == 1 => Self::of_negation(&list[0]),
            _ => Self::Not,
        }
    }

    /// An operator's precedence.
    #[must_use]
    pub const fn of_operator(op: BinaryOp) -> Self {
        match op {
            BinaryOp::Add | BinaryOp::Sub => Self::Sum,
            BinaryOp::Mul | BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Mod => Self::Product,
            BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor | BinaryOp::ShiftLeft | BinaryOp::ShiftRight => {
                Self::Other
            }
            _ => Self::Comparison,
        }
    }
}

/// Whether SQL of unknown origin is one word, one literal or one call, so that it needs no parentheses as an operand.
pub(super) fn is_one_piece(sql: &str) -> bool {
    let sql = sql.trim();
    let mut rest = sql;
    let quoted = |rest: &str, quote: char| {
        let body = rest.strip_prefix(quote)?;
        let end = body.find(quote)?;
        Some(body[end + quote.len_utf8()..].len())
    };
    // A name or number, with dots; parts may be quoted.
    loop {
        let before = rest;
        rest = rest.trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '?' | ':' | '@'));
        for quote in ['"', '`', '\''] {
            if let Some(left) = quoted(rest, quote) {
                rest = &rest[rest.len() - left..];
            }
        }
        if rest.len() == before.len() {
            break;
        }
    }
    rest.is_empty() && !sql.is_empty() || (rest.starts_with('(') && closes_at_end(rest))
}

/// Whether the parenthesis that opens a text is closed by its last character.
fn closes_at_end(text: &str) -> bool {
    let mut depth = 0_usize;
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1 == text.len();
                }
            }
            (None, _) => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_one_piece;

    #[test]
    fn single_pieces_are_told_from_the_rest() {
        for sql in
            ["a", "t.a", "\"T\".a", "f(a, b)", "f('a)', (b))", "?", "$1", "5", "'x'", "'it''s'", "(a OR b)", "count(*)"]
        {
            assert!(is_one_piece(sql), "{sql}");
        }
        for sql in [
            "a OR b",
            "a + b",
            "f(a) + g(b)",
            "(a) OR (b)",
            "a = 1",
            "",
            "-a",
            "f(a",
            "'a' OR 'b'",
            "CASE WHEN a THEN b END",
        ] {
            assert!(!is_one_piece(sql), "{sql}");
        }
    }
}
