//! SQL expressions in one spelling, so that what was declared can be compared with what a database makes of it.
//!
//! Two expressions with the same normal form mean the same. It does not hold the other way round: what is not understood is
//! compared piece by piece.

use std::fmt;

use super::parse::parse;
use super::tokens::{Lexis, TokenKind, tokens};

/// A parsed expression.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::dialect) enum Node {
    /// A name, of several parts where it has a table before it.
    Name(Vec<String>),
    /// A text literal as it stands.
    Text(String),
    /// A number.
    Number(String),
    /// A function's name and its arguments.
    Call(String, Vec<Node>),
    /// A conversion to a type.
    Cast(Box<Node>, String),
    /// An operator and its operands.
    Op(String, Vec<Node>),
    /// Values in parentheses or brackets.
    List(Vec<Node>),
}

/// How a database spells expressions.
pub(in crate::dialect) trait Spelling {
    fn lexis(&self) -> Lexis;
    /// Whether a name in quotes is another one than that in other letters.
    fn quotes_keep_case(&self) -> bool {
        false
    }
    /// Whether `||` binds as tight as nothing else does.
    fn concat_binds_tightest(&self) -> bool {
        false
    }
    /// The spelling of a part whose parts have been spelt.
    fn rewrite(&self, node: Node) -> Node {
        node
    }
}

/// The expression in the one spelling.
pub(in crate::dialect) fn normal(sql: &str, spelling: &dyn Spelling) -> String {
    match parse(sql, spelling) {
        Some(node) => node.to_string(),
        None => pieces(sql, spelling),
    }
}

/// The pieces of what is no expression that is understood.
fn pieces(sql: &str, spelling: &dyn Spelling) -> String {
    let words = tokens(sql, spelling.lexis()).into_iter().map(|token| match token.kind {
        TokenKind::Word => token.text.to_lowercase(),
        TokenKind::Quoted if spelling.quotes_keep_case() => token.text.to_owned(),
        TokenKind::Quoted => token.unquoted().to_lowercase(),
        _ => token.text.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

impl Node {
    pub(in crate::dialect) fn op<const N: usize>(name: &str, operands: [Self; N]) -> Self {
        Self::Op(name.to_owned(), operands.into())
    }

    /// `NOT a`, as far in as it can stand: NULL stays NULL in all of these.
    pub(super) fn negated(self) -> Self {
        const OPPOSITES: [(&str, &str); 7] = [
            ("=", "<>"),
            ("<", ">="),
            (">", "<="),
            ("in", "not in"),
            ("like", "not like"),
            ("ilike", "not ilike"),
            ("is", "is not"),
        ];
        match self {
            Self::Op(op, operands) if op == "and" || op == "or" => {
                let other = if op == "and" { "or" } else { "and" };
                let mut negated = operands.into_iter().map(Self::negated);
                let first = negated.next().unwrap_or(Self::List(Vec::new()));
                negated.fold(first, |left, right| Self::joined(other, left, right))
            }
            Self::Op(op, mut operands) if op == "not" && operands.len() == 1 => operands.remove(0),
            Self::Op(op, operands) => {
                let opposite = OPPOSITES.iter().find_map(|(a, b)| match op.as_str() {
                    op if op == *a => Some(*b),
                    op if op == *b => Some(*a),
                    _ => None,
                });
                match opposite {
                    Some(opposite) => Self::Op(opposite.to_owned(), operands),
                    None => Self::Op("not".to_owned(), vec![Self::Op(op, operands)]),
                }
            }
            other => Self::Op("not".to_owned(), vec![other]),
        }
    }

    /// `a AND b`, `a OR b`: those of the same kind make one list.
    pub(super) fn joined(name: &str, left: Self, right: Self) -> Self {
        let mut operands = Vec::new();
        for side in [left, right] {
            match side {
                Self::Op(op, inner) if op == name => operands.extend(inner),
                other => operands.push(other),
            }
        }
        Self::Op(name.to_owned(), operands)
    }

    /// `a IN (b, c)`
    pub(super) fn within(operand: Self, mut list: Vec<Self>, negated: bool) -> Self {
        if list.len() == 1 {
            list.insert(0, operand);
            return Self::Op(if negated { "<>" } else { "=" }.to_owned(), list);
        }
        list.insert(0, operand);
        Self::Op(if negated { "not in" } else { "in" }.to_owned(), list)
    }

    /// `a BETWEEN b AND c`
    pub(super) fn between(operand: Self, low: Self, high: Self, negated: bool) -> Self {
        let (op, [first, second]) = if negated { ("or", ["<", ">"]) } else { ("and", [">=", "<="]) };
        Self::joined(op, Self::op(first, [operand.clone(), low]), Self::op(second, [operand, high]))
    }
}

impl fmt::Display for Node {
    /// Operators before their operands, all in parentheses.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, nodes: &[Self]| {
            nodes.iter().enumerate().try_for_each(|(index, node)| {
                f.write_str(if index > 0 { ", " } else { "" })?;
                node.fmt(f)
            })
        };
        match self {
            Self::Name(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| format!("\"{}\"", part.replace('"', "\"\""))).collect();
                f.write_str(&parts.join("."))
            }
            Self::Text(text) | Self::Number(text) => f.write_str(text),
            Self::Call(name, arguments) => {
                write!(f, "{name}(")?;
                list(f, arguments)?;
                f.write_str(")")
            }
            Self::Cast(operand, sql_type) => write!(f, "cast({operand} as {sql_type})"),
            Self::Op(op, operands) => {
                write!(f, "({op}: ")?;
                list(f, operands)?;
                f.write_str(")")
            }
            Self::List(items) => {
                f.write_str("[")?;
                list(f, items)?;
                f.write_str("]")
            }
        }
    }
}
