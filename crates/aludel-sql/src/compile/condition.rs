//! Expressions as conditions: WHERE, ON, HAVING, and the operands of AND, OR and NOT.

use aludel_core::SqlType;

use super::SqlWriter;
use super::precedence::Precedence;
use super::query::Place;
use crate::ast::{BinaryOp, Expr, UnaryOp};
use crate::dialect::Written;

impl SqlWriter<'_> {
    /// Writes an expression where a condition is expected.
    ///
    /// # Errors
    /// Where the dialect has no words for a part of it.
    pub fn condition(&mut self, expr: &Expr) -> Written {
        match expr {
            Expr::And(list) => self.junction(list, true),
            Expr::Or(list) => self.junction(list, false),
            Expr::Unary { op: UnaryOp::Not, operand } => self.negated(operand),
            Expr::Binary { op, left, right } if op.is_comparison() => self.comparison(*op, left, right),
            Expr::IsNull { operand, negated } => self.is_null(operand, *negated),
            Expr::Between { negated, .. } => self.between(expr, *negated),
            Expr::In { operand, target, negated } => self.membership(operand, target, *negated),
            Expr::Like(like) => self.dialect.like(self, like, like.negated),
            Expr::Regexp { operand, pattern, negated } => self.dialect.regexp(self, operand, pattern, *negated),
            Expr::Match { operand, pattern } => self.dialect.full_text(self, operand, pattern),
            Expr::Exists { query, negated } => self.exists(query, *negated),
            Expr::Coerce { operand, .. } | Expr::Labeled { expr: operand, .. } => self.condition(operand),
            Expr::Property(property) => self.condition(&property.expr),
            Expr::Bool(value) => {
                self.constant(*value);
                Ok(())
            }
            _ if self.is_plain_boolean(expr) => self.boolean(expr, true),
            _ => self.expr(expr),
        }
    }

    /// Writes the opposite of a condition.
    pub(super) fn negated(&mut self, expr: &Expr) -> Written {
        match expr {
            Expr::Unary { op: UnaryOp::Not, operand } => self.condition(operand),
            Expr::Binary { op, left, right } => match opposite(*op) {
                Some(opposite) if !is_quantified(right) => self.comparison(opposite, left, right),
                _ => self.not(expr),
            },
            Expr::IsNull { operand, negated } => self.is_null(operand, !negated),
            Expr::Between { negated, .. } => self.between(expr, !negated),
            Expr::In { operand, target, negated } => self.membership(operand, target, !negated),
            Expr::Like(like) => self.dialect.like(self, like, !like.negated),
            Expr::Regexp { operand, pattern, negated } => self.dialect.regexp(self, operand, pattern, !negated),
            Expr::Exists { query, negated } => self.exists(query, !negated),
            Expr::Coerce { operand, .. } | Expr::Labeled { expr: operand, .. } => self.negated(operand),
            Expr::Property(property) => self.negated(&property.expr),
            Expr::And(list) | Expr::Or(list) if list.len() == 1 => self.negated(&list[0]),
            Expr::Bool(value) => {
                self.constant(!value);
                Ok(())
            }
            _ if self.is_plain_boolean(expr) => self.boolean(expr, false),
            _ => self.not(expr),
        }
    }

    /// Whether an expression is a condition by its form, and not a boolean value.
    pub(super) fn is_condition(&self, expr: &Expr) -> bool {
        match expr {
            Expr::And(_)
            | Expr::Or(_)
            | Expr::Unary { op: UnaryOp::Not, .. }
            | Expr::IsNull { .. }
            | Expr::Between { .. }
            | Expr::In { .. }
            | Expr::Like(_)
            | Expr::Regexp { .. }
            | Expr::Match { .. }
            | Expr::Exists { .. } => true,
            Expr::Binary { op, .. } => op.is_comparison(),
            Expr::Coerce { operand, .. } | Expr::Labeled { expr: operand, .. } => self.is_condition(operand),
            Expr::Property(property) => self.is_condition(&property.expr),
            _ => false,
        }
    }

    /// A condition that is always true or never.
    pub(super) fn constant(&mut self, value: bool) {
        let words = if self.capabilities.boolean_literals { ["false", "true"] } else { ["1 = 0", "1 = 1"] };
        self.sql(words[usize::from(value)]);
    }

    /// Conditions that must all hold; nothing is written for none.
    pub(super) fn all_of(&mut self, word: &str, conditions: &[Expr]) -> Written {
        if conditions.is_empty() {
            return Ok(());
        }
        self.sql(word);
        self.junction(conditions, true)
    }

    /// Conditions between AND or OR. What can't change the outcome is left out.
    fn junction(&mut self, list: &[Expr], and: bool) -> Written {
        let counts = |item: &&Expr| !matches!(item, Expr::Bool(value) if *value == and);
        let mut items = list.iter().filter(counts);
        let (Some(first), second) = (items.next(), items.next()) else {
            self.constant(and);
            return Ok(());
        };
        let Some(second) = second else {
            return self.condition(first);
        };
        let (word, least) = if and { (" AND ", Precedence::And) } else { (" OR ", Precedence::Or) };
        self.condition_of(first, least)?;
        for item in std::iter::once(second).chain(items) {
            self.sql(word);
            self.condition_of(item, least)?;
        }
        Ok(())
    }

    /// A condition among others, in parentheses unless it holds together at least this tightly.
    fn condition_of(&mut self, expr: &Expr, least: Precedence) -> Written {
        match Precedence::of(expr) {
            Precedence::Unknown => self.pieced(|w| w.condition(expr)),
            precedence if precedence < least => self.parenthesised(|w| w.condition(expr)),
            _ => self.condition(expr),
        }
    }

    fn not(&mut self, expr: &Expr) -> Written {
        self.sql("NOT ");
        if self.is_condition(expr) || Precedence::of(expr) == Precedence::Unknown {
            return self.parenthesised(|w| w.condition(expr));
        }
        self.operand_of(expr, Precedence::Comparison)
    }

    pub(super) fn is_null(&mut self, operand: &Expr, negated: bool) -> Written {
        match operand {
            Expr::Bind(_) => self.typed(operand)?,
            _ => self.operand_of(operand, Precedence::Other)?,
        }
        self.sql(if negated { " IS NOT NULL" } else { " IS NULL" });
        Ok(())
    }

    fn between(&mut self, expr: &Expr, negated: bool) -> Written {
        let Expr::Between { operand, low, high, symmetric, .. } = expr else {
            return self.expr(expr);
        };
        if *symmetric {
            return self.dialect.between_symmetric(self, operand, low, high, negated);
        }
        self.operand_of(operand, Precedence::Other)?;
        self.sql(if negated { " NOT BETWEEN " } else { " BETWEEN " });
        self.operand_of(low, Precedence::Other)?;
        self.sql(" AND ");
        self.operand_of(high, Precedence::Other)
    }

    fn exists(&mut self, query: &crate::ast::Query, negated: bool) -> Written {
        self.sql(if negated { "NOT EXISTS " } else { "EXISTS " });
        self.parenthesised(|w| w.query(query, Place::Scalar))
    }

    /// Whether it is a boolean value that some databases don't take for a condition.
    fn is_plain_boolean(&self, expr: &Expr) -> bool {
        let is_value = matches!(
            expr,
            Expr::Column { .. }
                | Expr::Named { .. }
                | Expr::Bind(_)
                | Expr::Function(_)
                | Expr::Case { .. }
                | Expr::Cast { .. }
                | Expr::Subquery(_)
                | Expr::Json { .. }
                | Expr::Excluded(_)
                | Expr::ExcludedNamed { .. }
        );
        !self.capabilities.boolean_conditions && is_value && expr.sql_type() == Some(SqlType::Boolean)
    }

    fn boolean(&mut self, expr: &Expr, value: bool) -> Written {
        self.operand_of(expr, Precedence::Other)?;
        self.sql(if value { " = 1" } else { " = 0" });
        Ok(())
    }
}

/// The comparison that holds where this one doesn't, NULL giving NULL in both.
fn opposite(op: BinaryOp) -> Option<BinaryOp> {
    Some(match op {
        BinaryOp::Eq => BinaryOp::Ne,
        BinaryOp::Ne => BinaryOp::Eq,
        BinaryOp::Lt => BinaryOp::Ge,
        BinaryOp::Ge => BinaryOp::Lt,
        BinaryOp::Le => BinaryOp::Gt,
        BinaryOp::Gt => BinaryOp::Le,
        BinaryOp::IsNotDistinct => BinaryOp::IsDistinct,
        BinaryOp::IsDistinct => BinaryOp::IsNotDistinct,
        _ => return None,
    })
}

/// A comparison with ANY or ALL has another opposite.
fn is_quantified(expr: &Expr) -> bool {
    matches!(expr, Expr::Quantified { .. })
}
