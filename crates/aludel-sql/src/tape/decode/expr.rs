//! Operations that make expressions.

use std::sync::Arc;

use aludel_core::{CompileError, Kind};

use super::statement::{check_column, runtime_table};
use super::{Decoder, Op, broken};
use crate::ast::{
    BinaryOp, Bind, CustomExpr, Expr, Frame, FrameBound, FrameExclude, FrameUnits, Function, InTarget, JsonAccess,
    Like, LikePattern, NullsOrder, Order, TextPart, UnaryOp, Window,
};
use crate::language::class_size;
use crate::tape::{NodeHead, sql_type};

impl Decoder<'_> {
    /// Does the operation if it makes an expression; tells whether it does.
    pub(super) fn expression(&mut self, op: Op) -> Result<bool, CompileError> {
        let made = match op {
            Op::Column => {
                let column = self.column()?;
                self.nodes.column(column)?
            }
            Op::NodeColumn => {
                let source = self.next_source()?;
                let column = self.column()?;
                self.nodes.column_of(column, Some(source))?
            }
            Op::NodeNamed => {
                let source = self.next_source()?;
                let name = self.text()?;
                if let Some(table) = runtime_table(&source) {
                    check_column(table, &name)?;
                }
                let sql_type = if self.flag()? { Some(self.read_type()?) } else { None };
                Expr::Named { source: Some(source), name, sql_type }
            }
            Op::Name => Expr::Named { source: None, name: self.text()?, sql_type: None },
            Op::Bind => self.placeholder()?,
            Op::Null => Expr::Null,
            Op::True => Expr::Bool(true),
            Op::False => Expr::Bool(false),
            Op::Integer => Expr::Integer(i64::from_le_bytes(self.reader.array().ok_or_else(broken)?)),
            Op::Number => Expr::Number(self.text()?),
            Op::TextLiteral => Expr::Text(self.text()?),
            Op::CompareValue | Op::CompareColumns | Op::Binary | Op::CustomOperator => self.binary(op)?,
            Op::InValues | Op::InList | Op::InExprs | Op::InQuery => self.within(op)?,
            Op::Unary => {
                let op = [UnaryOp::Not, UnaryOp::Neg, UnaryOp::BitNot, UnaryOp::Distinct]
                    .get(usize::from(self.byte()?))
                    .copied();
                Expr::Unary { op: op.ok_or_else(broken)?, operand: Box::new(self.pop()?) }
            }
            Op::And => Expr::And(self.counted()?),
            Op::Or => Expr::Or(self.counted()?),
            Op::Tuple => Expr::Tuple(self.counted()?),
            Op::Array => Expr::Array(self.counted()?),
            Op::Concat => {
                let parts = self.counted()?;
                Expr::Concat(flatten_concat(parts))
            }
            Op::IsNull => Expr::IsNull { negated: self.flag()?, operand: Box::new(self.pop()?) },
            Op::Between => self.between()?,
            Op::Like | Op::Regexp | Op::Match => self.pattern(op)?,
            Op::Function => self.function()?,
            Op::Over | Op::FilterWhere | Op::AggregateOrder | Op::WithinGroup => self.amend_function(op)?,
            Op::Case => self.case()?,
            Op::Cast => {
                let fallible = self.flag()?;
                Expr::Cast { sql_type: self.read_type()?, fallible, operand: Box::new(self.pop()?) }
            }
            Op::Coerce => Expr::Coerce { sql_type: self.read_type()?, operand: Box::new(self.pop()?) },
            Op::Extract => Expr::Extract { field: self.text()?, operand: Box::new(self.pop()?) },
            Op::Collate => Expr::Collate { collation: self.text()?, operand: Box::new(self.pop()?) },
            Op::ScalarQuery => Expr::Subquery(Box::new(self.pop_query()?)),
            Op::Exists => Expr::Exists { negated: self.flag()?, query: Box::new(self.pop_query()?) },
            Op::Quantified => Expr::Quantified { all: self.flag()?, query: Box::new(self.pop_query()?) },
            Op::Json => self.json()?,
            Op::Excluded => Expr::Excluded(self.column()?),
            Op::ExcludedNamed => Expr::ExcludedNamed { name: self.text()?, sql_type: Some(self.read_type()?) },
            Op::NextValue => Expr::NextValue(self.text()?),
            Op::RowBind => Expr::RowBind(self.column()?),
            Op::Raw => Expr::Raw(self.raw()?),
            Op::Label => Expr::Labeled { label: self.text()?, expr: Box::new(self.pop()?) },
            Op::Grouping => {
                let word =
                    ["GROUPING SETS", "CUBE", "ROLLUP"].get(usize::from(self.byte()?)).copied().ok_or_else(broken)?;
                Expr::Grouping { word, sets: self.counted()? }
            }
            Op::Element => self.element()?,
            Op::Shared => {
                let node = self.node()?;
                self.nodes.expression(node)?
            }
            Op::Order => {
                let flags = self.byte()?;
                let nulls = match flags & 6 {
                    2 => Some(NullsOrder::First),
                    4 => Some(NullsOrder::Last),
                    _ => None,
                };
                let order = Order { expr: self.pop()?, descending: flags & 1 != 0, nulls };
                self.orders.push(order);
                return Ok(true);
            }
            Op::Invalid => return Err(CompileError::invalid(&*self.text()?)),
            _ => return Ok(false),
        };
        self.exprs.push(made);
        Ok(true)
    }

    fn counted(&mut self) -> Result<Vec<Expr>, CompileError> {
        let count = self.count()?;
        self.pop_many(count)
    }

    pub(super) fn read_type(&mut self) -> Result<aludel_core::SqlType, CompileError> {
        sql_type::read(&mut self.reader).ok_or_else(broken)
    }

    fn operator(&mut self) -> Result<BinaryOp, CompileError> {
        BinaryOp::from_byte(self.byte()?).ok_or_else(broken)
    }

    fn binary(&mut self, op: Op) -> Result<Expr, CompileError> {
        match op {
            Op::CompareValue => {
                let op = self.operator()?;
                let column = self.column()?;
                let bind = self.bind(column.def().sql_type.kind(), Some(column))?;
                Ok(Expr::Binary { op, left: Box::new(self.nodes.column(column)?), right: Box::new(Expr::Bind(bind)) })
            }
            Op::CompareColumns => {
                let op = self.operator()?;
                let (left, right) = (self.column()?, self.column()?);
                let (left, right) = (Box::new(self.nodes.column(left)?), Box::new(self.nodes.column(right)?));
                Ok(Expr::Binary { op, left, right })
            }
            Op::CustomOperator => {
                let is_comparison = self.flag()?;
                let op = self.text()?;
                let (left, right) = self.operands()?;
                Ok(Expr::Custom { op, left, right, is_comparison })
            }
            _ => {
                let op = self.operator()?;
                let (left, right) = self.operands()?;
                Ok(Expr::Binary { op, left, right })
            }
        }
    }

    /// Two operands; a placeholder beside a column is of that column.
    fn operands(&mut self) -> Result<(Box<Expr>, Box<Expr>), CompileError> {
        let mut right = self.pop()?;
        let mut left = self.pop()?;
        give_context(&left, &mut right);
        give_context(&right, &mut left);
        Ok((Box::new(left), Box::new(right)))
    }

    fn within(&mut self, op: Op) -> Result<Expr, CompileError> {
        let negated = self.flag()?;
        let (operand, target) = match op {
            Op::InValues => {
                let size = self.list_size()?;
                let column = self.column()?;
                let list = self.bind(column.def().sql_type.kind(), Some(column))?;
                (self.nodes.column(column)?, InTarget::List { list, size, width: 1 })
            }
            Op::InList => {
                let size = self.list_size()?;
                let width = u32::try_from(self.count()?).map_err(|_| broken())?;
                let operand = self.pop()?;
                let context = match &operand {
                    Expr::Column { column, .. } => Some(*column),
                    Expr::Property(property) => Some(property.column),
                    _ => None,
                };
                let kind = operand.sql_type().map_or(Kind::Other, |sql_type| sql_type.kind());
                if let Expr::Tuple(parts) = &operand
                    && size > 0
                    && parts.len() != width as usize
                {
                    return Err(CompileError::invalid(format!(
                        "a tuple of {} columns is looked for among tuples of {width} values",
                        parts.len()
                    )));
                }
                let list: Bind = self.bind(kind, context)?;
                (operand, InTarget::List { list, size, width })
            }
            Op::InExprs => {
                let mut exprs = self.counted()?;
                let operand = self.pop()?;
                exprs.iter_mut().for_each(|expr| give_context(&operand, expr));
                (operand, InTarget::Exprs(exprs))
            }
            _ => {
                let query = self.pop_query()?;
                (self.pop()?, InTarget::Query(Box::new(query)))
            }
        };
        Ok(Expr::In { operand: Box::new(operand), target, negated })
    }

    fn list_size(&mut self) -> Result<u32, CompileError> {
        class_size(self.byte()?).ok_or_else(|| CompileError::invalid("an IN list of more than 2³¹ values"))
    }

    fn between(&mut self) -> Result<Expr, CompileError> {
        let flags = self.byte()?;
        let mut high = self.pop()?;
        let mut low = self.pop()?;
        let operand = self.pop()?;
        give_context(&operand, &mut low);
        give_context(&operand, &mut high);
        Ok(Expr::Between {
            operand: Box::new(operand),
            low: Box::new(low),
            high: Box::new(high),
            negated: flags & 1 != 0,
            symmetric: flags & 2 != 0,
        })
    }

    fn pattern(&mut self, op: Op) -> Result<Expr, CompileError> {
        if op == Op::Match {
            let pattern = Box::new(self.pop()?);
            return Ok(Expr::Match { operand: Box::new(self.pop()?), pattern });
        }
        if op == Op::Regexp {
            let negated = self.flag()?;
            let pattern = Box::new(self.pop()?);
            return Ok(Expr::Regexp { operand: Box::new(self.pop()?), pattern, negated });
        }
        let shapes = [LikePattern::Whole, LikePattern::Prefix, LikePattern::Suffix, LikePattern::Infix];
        let shape = shapes.get(usize::from(self.byte()?)).copied().ok_or_else(broken)?;
        let flags = self.byte()?;
        let escape = u32::from_le_bytes(self.reader.array().ok_or_else(broken)?);
        let escape = if flags & 4 != 0 { char::from_u32(escape) } else { None };
        let pattern = self.pop()?;
        let operand = self.pop()?;
        let (negated, insensitive) = (flags & 1 != 0, flags & 2 != 0);
        Ok(Expr::Like(Box::new(Like { operand, pattern, shape, insensitive, negated, escape })))
    }

    fn function(&mut self) -> Result<Expr, CompileError> {
        let flags = self.byte()?;
        let count = self.count()?;
        let name = self.text()?;
        let sql_type = if flags & 4 != 0 { Some(self.read_type()?) } else { None };
        let mut args = self.pop_many(count)?;
        let mut distinct = flags & 2 != 0;
        if let Some(first) = args.first_mut()
            && let Expr::Unary { op: UnaryOp::Distinct, operand } = first
        {
            *first = std::mem::replace(&mut **operand, Expr::Null);
            distinct = true;
        }
        Ok(Expr::Function(Box::new(Function {
            name,
            args,
            star: flags & 1 != 0,
            distinct,
            order_by: Vec::new(),
            filter: None,
            over: None,
            within_group: Vec::new(),
            sql_type,
        })))
    }

    /// Puts a window, condition or order behind the function call that lies on the stack.
    fn amend_function(&mut self, op: Op) -> Result<Expr, CompileError> {
        match op {
            Op::Over => {
                let window = self.window()?;
                self.amended(|function| function.over = Some(window))
            }
            Op::FilterWhere => {
                let condition = self.pop()?;
                self.amended(|function| function.filter = Some(condition))
            }
            Op::AggregateOrder => {
                let count = self.count()?;
                let orders = self.pop_orders(count)?;
                self.amended(|function| function.order_by = orders)
            }
            _ => {
                let count = self.count()?;
                let orders = self.pop_orders(count)?;
                self.amended(|function| function.within_group = orders)
            }
        }
    }

    fn amended(&mut self, change: impl FnOnce(&mut Function)) -> Result<Expr, CompileError> {
        match self.pop()? {
            Expr::Function(mut function) => {
                change(&mut function);
                Ok(Expr::Function(function))
            }
            _ => Err(CompileError::invalid(
                "over, filter_where, aggregate_order_by and within_group belong behind a function call",
            )),
        }
    }

    fn window(&mut self) -> Result<Window, CompileError> {
        let partitions = self.count()?;
        let orders = self.count()?;
        let frame = if self.flag()? { Some(self.frame()?) } else { None };
        let order_by = self.pop_orders(orders)?;
        Ok(Window { partition_by: self.pop_many(partitions)?, order_by, frame })
    }

    fn frame(&mut self) -> Result<Frame, CompileError> {
        let units = [FrameUnits::Rows, FrameUnits::Range, FrameUnits::Groups];
        let units = units.get(usize::from(self.byte()?)).copied().ok_or_else(broken)?;
        let (start, end, exclude) = (self.byte()?, self.byte()?, self.byte()?);
        let excludes = [FrameExclude::CurrentRow, FrameExclude::Group, FrameExclude::Ties, FrameExclude::NoOthers];
        let exclude = usize::from(exclude).checked_sub(1).and_then(|index| excludes.get(index)).copied();
        // The distances were bound start first.
        let end = self.frame_bound(end, true)?;
        let start = self.frame_bound(start, false)?;
        Ok(Frame { units, start, end, exclude })
    }

    fn frame_bound(&mut self, kind: u8, is_end: bool) -> Result<FrameBound, CompileError> {
        Ok(match kind {
            0 if is_end => FrameBound::UnboundedFollowing,
            0 => FrameBound::UnboundedPreceding,
            1 => FrameBound::Preceding(Box::new(self.pop()?)),
            2 => FrameBound::CurrentRow,
            _ => FrameBound::Following(Box::new(self.pop()?)),
        })
    }

    fn case(&mut self) -> Result<Expr, CompileError> {
        let flags = self.byte()?;
        let count = self.count()?;
        let otherwise = if flags & 2 != 0 { Some(Box::new(self.pop()?)) } else { None };
        let mut parts = self.pop_many(count * 2)?.into_iter();
        let mut whens = Vec::with_capacity(count);
        while let (Some(when), Some(then)) = (parts.next(), parts.next()) {
            whens.push((when, then));
        }
        let operand = if flags & 1 != 0 { Some(Box::new(self.pop()?)) } else { None };
        Ok(Expr::Case { operand, whens, otherwise })
    }

    fn json(&mut self) -> Result<Expr, CompileError> {
        let access = [JsonAccess::Json, JsonAccess::Text].get(usize::from(self.byte()?)).copied().ok_or_else(broken)?;
        let path = self.counted()?;
        Ok(Expr::Json { operand: Box::new(self.pop()?), path, access })
    }

    fn raw(&mut self) -> Result<Vec<TextPart>, CompileError> {
        let count = self.count()?;
        let texts = self.count()?;
        let texts = (0..texts).map(|_| self.text()).collect::<Result<Vec<_>, _>>()?;
        let mut exprs = self.pop_many(count)?.into_iter();
        let mut parts = Vec::with_capacity(texts.len() + count);
        for text in texts {
            if !text.is_empty() {
                parts.push(TextPart::Sql(text));
            }
            parts.extend(exprs.next().map(TextPart::Expr));
        }
        Ok(parts)
    }

    fn element(&mut self) -> Result<Expr, CompileError> {
        let operands = self.counted()?;
        match &self.node()?.head {
            NodeHead::Element(element) => Ok(Expr::Element(CustomExpr { element: Arc::clone(element), operands })),
            _ => Err(broken()),
        }
    }
}

/// A placeholder beside a column takes the column's kind and name.
pub(super) fn give_context(column: &Expr, expr: &mut Expr) {
    let column = match column {
        Expr::Column { column, .. } | Expr::Excluded(column) => *column,
        Expr::Property(property) => property.column,
        _ => return,
    };
    if let Expr::Bind(bind) = expr
        && bind.context.is_none()
    {
        bind.context = Some(column);
        if bind.kind == Kind::Other {
            bind.kind = column.def().sql_type.kind();
        }
    }
}

/// `(a || b) || c` is one list.
fn flatten_concat(parts: Vec<Expr>) -> Vec<Expr> {
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Expr::Concat(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    flat
}
