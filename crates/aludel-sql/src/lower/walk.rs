//! The parts that an expression is made of.

use crate::ast::{Expr, FrameBound, Function, InTarget, Order, Query, TextPart, Window};

/// A part of an expression.
#[derive(Clone, Copy)]
pub(crate) enum Part<'a> {
    /// An expression.
    Expr(&'a Expr),
    /// A query with a FROM of its own.
    Query(&'a Query),
}

/// Visits the direct parts of an expression, in the order of the text.
pub(crate) fn parts<'a>(expr: &'a Expr, visit: &mut dyn FnMut(Part<'a>)) {
    match expr {
        Expr::Column { .. }
        | Expr::Named { .. }
        | Expr::Bind(_)
        | Expr::Null
        | Expr::Bool(_)
        | Expr::Integer(_)
        | Expr::Number(_)
        | Expr::Text(_)
        | Expr::Excluded(_)
        | Expr::ExcludedNamed { .. }
        | Expr::NextValue(_)
        | Expr::RowBind(_) => {}
        Expr::Binary { left, right, .. } | Expr::Custom { left, right, .. } => {
            visit(Part::Expr(left));
            visit(Part::Expr(right));
        }
        Expr::Unary { operand, .. }
        | Expr::IsNull { operand, .. }
        | Expr::Cast { operand, .. }
        | Expr::Coerce { operand, .. }
        | Expr::Extract { operand, .. }
        | Expr::Collate { operand, .. }
        | Expr::Labeled { expr: operand, .. } => visit(Part::Expr(operand)),
        Expr::Property(property) => visit(Part::Expr(&property.expr)),
        Expr::And(list)
        | Expr::Or(list)
        | Expr::Concat(list)
        | Expr::Tuple(list)
        | Expr::Array(list)
        | Expr::Grouping { sets: list, .. } => list.iter().for_each(|expr| visit(Part::Expr(expr))),
        Expr::Between { operand, low, high, .. } => {
            visit(Part::Expr(operand));
            visit(Part::Expr(low));
            visit(Part::Expr(high));
        }
        Expr::In { operand, target, .. } => {
            visit(Part::Expr(operand));
            match target {
                InTarget::List { .. } => {}
                InTarget::Exprs(list) => list.iter().for_each(|expr| visit(Part::Expr(expr))),
                InTarget::Query(query) => visit(Part::Query(query)),
            }
        }
        Expr::Like(like) => {
            visit(Part::Expr(&like.operand));
            visit(Part::Expr(&like.pattern));
        }
        Expr::Regexp { operand, pattern, .. } | Expr::Match { operand, pattern } => {
            visit(Part::Expr(operand));
            visit(Part::Expr(pattern));
        }
        Expr::Function(function) => function_parts(function, visit),
        Expr::Case { operand, whens, otherwise } => {
            operand.iter().for_each(|expr| visit(Part::Expr(expr)));
            for (when, then) in whens {
                visit(Part::Expr(when));
                visit(Part::Expr(then));
            }
            otherwise.iter().for_each(|expr| visit(Part::Expr(expr)));
        }
        Expr::Subquery(query) | Expr::Exists { query, .. } | Expr::Quantified { query, .. } => {
            visit(Part::Query(query))
        }
        Expr::Json { operand, path, .. } => {
            visit(Part::Expr(operand));
            path.iter().for_each(|expr| visit(Part::Expr(expr)));
        }
        Expr::Raw(parts) => text_parts(parts, visit),
        Expr::Element(custom) => custom.operands.iter().for_each(|expr| visit(Part::Expr(expr))),
    }
}

/// Visits the expressions in a piece of text.
pub(crate) fn text_parts<'a>(parts: &'a [TextPart], visit: &mut dyn FnMut(Part<'a>)) {
    for part in parts {
        if let TextPart::Expr(expr) = part {
            visit(Part::Expr(expr));
        }
    }
}

fn function_parts<'a>(function: &'a Function, visit: &mut dyn FnMut(Part<'a>)) {
    function.args.iter().for_each(|expr| visit(Part::Expr(expr)));
    orders(&function.order_by, visit);
    orders(&function.within_group, visit);
    function.filter.iter().for_each(|expr| visit(Part::Expr(expr)));
    if let Some(Window { partition_by, order_by, frame }) = &function.over {
        partition_by.iter().for_each(|expr| visit(Part::Expr(expr)));
        orders(order_by, visit);
        for bound in frame.iter().flat_map(|frame| [&frame.start, &frame.end]) {
            if let FrameBound::Preceding(expr) | FrameBound::Following(expr) = bound {
                visit(Part::Expr(expr));
            }
        }
    }
}

fn orders<'a>(orders: &'a [Order], visit: &mut dyn FnMut(Part<'a>)) {
    orders.iter().for_each(|order| visit(Part::Expr(&order.expr)));
}
