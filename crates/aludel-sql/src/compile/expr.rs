//! Expressions as values.

use aludel_core::{CompileError, Kind, SqlType};

use super::SqlWriter;
use super::precedence::{Precedence, is_one_piece};
use super::query::Place;
use crate::ast::{Expr, SourceKind, TextPart, UnaryOp};
use crate::dialect::{Written, standard};
use crate::lower::element::table;

impl SqlWriter<'_> {
    /// Writes an expression where a value is expected.
    ///
    /// # Errors
    /// Where the dialect has no words for a part of it.
    pub fn expr(&mut self, expr: &Expr) -> Written {
        if self.is_condition(expr) {
            return if self.capabilities.condition_values {
                self.condition(expr)
            } else {
                self.condition_as_value(expr)
            };
        }
        match expr {
            Expr::Column { column, source } => self.column(column, source.as_deref()),
            Expr::Named { source, name, .. } => self.named(source.as_deref(), name),
            Expr::Bind(bind) => {
                self.bind(bind);
                Ok(())
            }
            Expr::Null | Expr::Bool(_) | Expr::Integer(_) | Expr::Number(_) | Expr::Text(_) => self.literal(expr),
            Expr::Binary { op, left, right } => self.dialect.binary(self, *op, left, right),
            Expr::Unary { op, operand } => self.unary(*op, operand),
            Expr::Concat(parts) => self.concat(parts),
            Expr::Function(function) => self.function(function),
            Expr::Case { operand, whens, otherwise } => self.case(operand.as_deref(), whens, otherwise.as_deref()),
            Expr::Cast { operand, sql_type, fallible } => self.dialect.cast(self, operand, sql_type, *fallible),
            Expr::Coerce { operand, .. } | Expr::Labeled { expr: operand, .. } => self.expr(operand),
            Expr::Property(property) => self.expr(&property.expr),
            Expr::Extract { field, operand } => self.dialect.extract(self, field, operand),
            Expr::Collate { operand, collation } => self.collate(operand, collation),
            Expr::Subquery(query) => self.parenthesised(|w| w.query(query, Place::Scalar)),
            Expr::Quantified { all, query } => self.quantified(*all, query),
            Expr::Tuple(items) => self.parenthesised(|w| w.exprs(items)),
            Expr::Array(items) => self.dialect.array(self, items),
            Expr::Json { operand, path, access } => self.dialect.json(self, operand, path, *access),
            Expr::Custom { op, left, right, .. } => self.dialect.custom_operator(self, op, left, right),
            Expr::Excluded(column) => self.dialect.excluded(self, column.name()),
            Expr::ExcludedNamed { name, .. } => self.dialect.excluded(self, name),
            Expr::NextValue(sequence) => self.dialect.next_value(self, sequence),
            Expr::RowBind(column) => self.row_bind(column),
            Expr::Raw(parts) => self.text_parts(parts),
            Expr::Grouping { word, sets } => self.dialect.grouping(self, word, sets),
            Expr::Element(custom) => {
                let element = &custom.element;
                self.not_cacheable(element.name(), element.cache());
                self.with_operands(&custom.operands, |w| element.render(w))
            }
            // Conditions were written above.
            _ => Err(CompileError::invalid("an expression that the compiler does not know")),
        }
    }

    /// Writes an operand, in parentheses unless it holds together at least this tightly.
    ///
    /// # Errors
    /// Those of the operand.
    pub fn operand_of(&mut self, expr: &Expr, least: Precedence) -> Written {
        if self.is_condition(expr) && !self.capabilities.condition_values {
            return self.condition_as_value(expr); // a CASE, which is one piece
        }
        match Precedence::of(expr) {
            Precedence::Unknown => self.pieced(|w| w.expr(expr)),
            precedence if precedence < least => self.parenthesised(|w| w.expr(expr)),
            _ => self.expr(expr),
        }
    }

    /// Writes an expression where nothing else tells the database what type it has.
    ///
    /// # Errors
    /// Those of the expression.
    pub fn typed(&mut self, expr: &Expr) -> Written {
        match expr {
            Expr::Bind(bind) if self.capabilities.untyped_text && bind.kind == Kind::Text && bind.context.is_none() => {
                standard::cast_by(self, "CAST", expr, &SqlType::Text)
            }
            _ => self.expr(expr),
        }
    }

    /// Writes something in parentheses.
    ///
    /// # Errors
    /// Those of what is written.
    pub fn parenthesised(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.sql("(");
        write(self)?;
        self.sql(")");
        Ok(())
    }

    /// Writes something that nothing is known of, in parentheses unless it turns out to be one piece.
    pub(super) fn pieced(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let start = self.sql.len();
        write(self)?;
        if !is_one_piece(&self.sql[start..]) {
            self.sql.insert(start, '(');
            self.sql.push(')');
        }
        Ok(())
    }

    /// Writes pieces of SQL and what stands between them.
    pub(super) fn text_parts(&mut self, parts: &[TextPart]) -> Written {
        for part in parts {
            match part {
                TextPart::Sql(sql) => self.sql(sql),
                TextPart::Bind(bind) => self.bind(bind),
                TextPart::Expr(expr) => self.operand_of(expr, Precedence::Atom)?,
            }
        }
        Ok(())
    }

    fn named(&mut self, source: Option<&crate::ast::Source>, name: &str) -> Written {
        let Some(source) = source else {
            self.identifier(name);
            return Ok(());
        };
        if let SourceKind::Runtime(_) | SourceKind::Alias { .. } = source.kind {
            let def = table(source).and_then(|table| table.columns.get(table.position(name)?));
            if let Some(def) = def {
                self.not_cacheable("a run-time table's column", def.cache);
            }
        }
        self.source_column(source, name)
    }

    fn literal(&mut self, expr: &Expr) -> Written {
        match expr {
            Expr::Bool(value) => {
                let words = if self.capabilities.boolean_literals { ["false", "true"] } else { ["0", "1"] };
                self.sql(words[usize::from(*value)]);
            }
            Expr::Integer(number) => self.integer(*number),
            Expr::Number(number) => {
                if !number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'))
                {
                    return Err(CompileError::invalid(format!("`{number}` is not a number")));
                }
                self.sql(number);
            }
            Expr::Text(text) => self.text_literal(text),
            _ => self.sql("NULL"),
        }
        Ok(())
    }

    fn unary(&mut self, op: UnaryOp, operand: &Expr) -> Written {
        match op {
            // NOT is a condition; it comes here only on the way to a value.
            UnaryOp::Not => self.negated(operand),
            // Two minus signs would begin a comment.
            UnaryOp::Neg => {
                self.sql("-");
                self.operand_of(operand, Precedence::Atom)
            }
            UnaryOp::BitNot => {
                self.sql("~");
                self.operand_of(operand, Precedence::Atom)
            }
            // As the argument of a function it has become a part of the call.
            UnaryOp::Distinct => Err(CompileError::invalid(
                "distinct() belongs to the first argument of an aggregate, as in func::sum(Order::TOTAL.expr().distinct())",
            )),
        }
    }

    fn concat(&mut self, parts: &[Expr]) -> Written {
        match parts {
            [] => {
                self.text_literal("");
                Ok(())
            }
            [one] => self.expr(one),
            _ => self.dialect.concat(self, &parts.iter().collect::<Vec<_>>()),
        }
    }

    /// Writes texts put together, in the dialect's way.
    ///
    /// # Errors
    /// Those of the parts.
    pub fn concat_of(&mut self, parts: &[&Expr]) -> Written {
        self.dialect.concat(self, parts)
    }

    fn case(&mut self, operand: Option<&Expr>, whens: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Written {
        if whens.is_empty() {
            return Err(CompileError::invalid("a CASE without WHEN"));
        }
        self.sql("CASE");
        if let Some(operand) = operand {
            self.sql(" ");
            self.expr(operand)?;
        }
        for (when, then) in whens {
            self.sql(" WHEN ");
            if operand.is_some() {
                self.expr(when)?;
            } else {
                self.condition(when)?;
            }
            self.sql(" THEN ");
            self.expr(then)?;
        }
        if let Some(otherwise) = otherwise {
            self.sql(" ELSE ");
            self.expr(otherwise)?;
        }
        self.sql(" END");
        Ok(())
    }

    fn collate(&mut self, operand: &Expr, collation: &str) -> Written {
        self.operand_of(operand, Precedence::Atom)?;
        self.sql(" COLLATE ");
        self.dialect.collation(&mut self.sql, collation)
    }

    fn quantified(&mut self, all: bool, query: &crate::ast::Query) -> Written {
        if !self.capabilities.quantified {
            return Err(
                self.unsupported_with("ANY or ALL of a query", "use IN, EXISTS, or a comparison with min() or max()")
            );
        }
        self.sql(if all { "ALL " } else { "ANY " });
        self.parenthesised(|w| w.inner_query(query))
    }

    /// A condition where the database wants a value.
    fn condition_as_value(&mut self, condition: &Expr) -> Written {
        self.sql("CASE WHEN ");
        self.condition(condition)?;
        self.sql(" THEN 1 WHEN ");
        self.negated(condition)?;
        self.sql(" THEN 0 END");
        Ok(())
    }

    /// Whether it is a number that the database keeps as a whole number.
    pub(crate) fn is_integer(expr: &Expr) -> bool {
        expr.sql_type().is_some_and(|sql_type| sql_type.is_integer())
    }
}
