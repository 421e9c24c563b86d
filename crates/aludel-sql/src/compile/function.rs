//! Function calls, aggregates and windows.

use aludel_core::SqlType;

use super::SqlWriter;
use crate::ast::{Expr, Frame, FrameBound, FrameExclude, FrameUnits, Function, NullsOrder, Order, Window};
use crate::dialect::{FunctionName, Written};

/// Aggregates that pass over NULL, so that a CASE in the argument does what FILTER does.
const PASS_OVER_NULL: &[&str] = &[
    "count",
    "sum",
    "avg",
    "min",
    "max",
    "total",
    "group_concat",
    "string_agg",
    "listagg",
    "aggregate_strings",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "variance",
    "var_pop",
    "var_samp",
];

impl SqlWriter<'_> {
    /// Writes a function call with everything that belongs to it.
    pub(super) fn function(&mut self, function: &Function) -> Written {
        if matches!(function.sql_type, Some(SqlType::Array(_))) && !self.capabilities.arrays {
            return Err(self.unsupported(format!("{}, which gives an array", function.name)));
        }
        if let Some(filter) = &function.filter
            && !self.capabilities.aggregate_filter
        {
            return self.filtered_by_case(function, filter);
        }
        let has_default = function.args.len() > 2 && matches!(&*function.name, "lag" | "lead");
        if has_default && !self.capabilities.shift_default {
            return Err(self.unsupported("a default of lag and lead"));
        }
        if !self.dialect.function(self, function)? {
            self.call(function)?;
        }
        if let Some(filter) = &function.filter {
            self.sql(" FILTER (WHERE ");
            self.condition(filter)?;
            self.sql(")");
        }
        match &function.over {
            Some(window) => self.over(window),
            None => Ok(()),
        }
    }

    /// Writes a function's name, its arguments and WITHIN GROUP.
    ///
    /// # Errors
    /// Those of the arguments, and where the database has no ORDER BY in aggregates.
    pub fn call(&mut self, function: &Function) -> Written {
        match self.dialect.function_name(&function.name) {
            Some(FunctionName::Words(words)) if function.args.is_empty() => {
                self.sql(words);
                return Ok(());
            }
            Some(FunctionName::Call(name) | FunctionName::Words(name)) => self.sql(name),
            None => self.function_identifier(&function.name),
        }
        self.sql("(");
        self.arguments(function)?;
        self.sql(")");
        if function.within_group.is_empty() {
            return Ok(());
        }
        if !self.capabilities.within_group {
            return Err(self.unsupported("WITHIN GROUP"));
        }
        self.sql(" WITHIN GROUP (ORDER BY ");
        self.orders(&function.within_group)?;
        self.sql(")");
        Ok(())
    }

    fn arguments(&mut self, function: &Function) -> Written {
        if function.star {
            self.sql("*");
            return Ok(());
        }
        if function.distinct {
            self.sql("DISTINCT ");
        }
        self.exprs(&function.args)?;
        if function.order_by.is_empty() {
            return Ok(());
        }
        if !self.capabilities.aggregate_order {
            return Err(self.unsupported("ORDER BY inside an aggregate"));
        }
        self.sql(" ORDER BY ");
        self.orders(&function.order_by)
    }

    /// A name that is no plain word is quoted, each part of it by itself.
    fn function_identifier(&mut self, name: &str) {
        let is_plain = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'))
        };
        for (index, part) in name.split('.').enumerate() {
            self.sql(if index > 0 { "." } else { "" });
            if is_plain(part) {
                self.sql(part);
            } else {
                self.identifier(part);
            }
        }
    }

    /// `sum(x) FILTER (WHERE c)` as `sum(CASE WHEN c THEN x END)`.
    fn filtered_by_case(&mut self, function: &Function, filter: &Expr) -> Written {
        if !PASS_OVER_NULL.contains(&&*function.name) {
            return Err(self.unsupported_with(format!("FILTER on {}", function.name), "put a CASE into its argument"));
        }
        let mut plain = function.clone();
        plain.filter = None;
        let value = if plain.star { Expr::Integer(1) } else { plain.args.first().cloned().unwrap_or(Expr::Integer(1)) };
        plain.star = false;
        let case = Expr::Case { operand: None, whens: vec![(filter.clone(), value)], otherwise: None };
        match plain.args.first_mut() {
            Some(first) => *first = case,
            None => plain.args.push(case),
        }
        self.function(&plain)
    }

    fn over(&mut self, window: &Window) -> Written {
        self.sql(" OVER (");
        let mut space = "";
        if !window.partition_by.is_empty() {
            self.sql("PARTITION BY ");
            self.exprs(&window.partition_by)?;
            space = " ";
        }
        if !window.order_by.is_empty() {
            self.sql(space);
            self.sql("ORDER BY ");
            self.orders(&window.order_by)?;
            space = " ";
        }
        if let Some(frame) = &window.frame {
            self.sql(space);
            self.frame(frame)?;
        }
        self.sql(")");
        Ok(())
    }

    fn frame(&mut self, frame: &Frame) -> Written {
        let needs_more = frame.units == FrameUnits::Groups || frame.exclude.is_some();
        if needs_more && !self.capabilities.frame_groups {
            return Err(self.unsupported("GROUPS or EXCLUDE in a window's frame"));
        }
        self.sql(match frame.units {
            FrameUnits::Rows => "ROWS BETWEEN ",
            FrameUnits::Range => "RANGE BETWEEN ",
            FrameUnits::Groups => "GROUPS BETWEEN ",
        });
        self.bound(&frame.start)?;
        self.sql(" AND ");
        self.bound(&frame.end)?;
        self.sql(match frame.exclude {
            None => "",
            Some(FrameExclude::CurrentRow) => " EXCLUDE CURRENT ROW",
            Some(FrameExclude::Group) => " EXCLUDE GROUP",
            Some(FrameExclude::Ties) => " EXCLUDE TIES",
            Some(FrameExclude::NoOthers) => " EXCLUDE NO OTHERS",
        });
        Ok(())
    }

    fn bound(&mut self, bound: &FrameBound) -> Written {
        let (distance, word) = match bound {
            FrameBound::UnboundedPreceding => (None, "UNBOUNDED PRECEDING"),
            FrameBound::CurrentRow => (None, "CURRENT ROW"),
            FrameBound::UnboundedFollowing => (None, "UNBOUNDED FOLLOWING"),
            FrameBound::Preceding(distance) => (Some(distance), " PRECEDING"),
            FrameBound::Following(distance) => (Some(distance), " FOLLOWING"),
        };
        if let Some(distance) = distance {
            if matches!(**distance, Expr::Bind(_)) && !self.capabilities.frame_binds {
                return Err(self.unsupported_with("a placeholder in a window's frame", "write the number as a literal"));
            }
            self.expr(distance)?;
        }
        self.sql(word);
        Ok(())
    }

    /// Writes terms of ORDER BY.
    ///
    /// # Errors
    /// Those of the terms.
    pub fn orders(&mut self, orders: &[Order]) -> Written {
        self.list(orders, |w, order| w.order(order, |w| w.expr(&order.expr)))
    }

    /// Writes one term of ORDER BY; where NULLS FIRST and LAST don't exist, a term before it does the same.
    pub(super) fn order(&mut self, order: &Order, mut write: impl FnMut(&mut Self) -> Written) -> Written {
        let mut nulls = order.nulls;
        if let Some(wanted) = nulls
            && !self.capabilities.nulls_order
        {
            let comes_by_itself = self.capabilities.nulls_sort_low != order.descending;
            let first = wanted == NullsOrder::First;
            if first != comes_by_itself {
                self.sql("CASE WHEN ");
                write(self)?;
                self.sql(if first { " IS NULL THEN 0 ELSE 1 END, " } else { " IS NULL THEN 1 ELSE 0 END, " });
            }
            nulls = None;
        }
        write(self)?;
        self.sql(if order.descending { " DESC" } else { "" });
        self.sql(match nulls {
            None => "",
            Some(NullsOrder::First) => " NULLS FIRST",
            Some(NullsOrder::Last) => " NULLS LAST",
        });
        Ok(())
    }
}
