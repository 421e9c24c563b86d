//! The parts that an expression is made of, to be changed.

use crate::ast::{Expr, FrameBound, Function, InTarget, Order, Query, TextPart, Window};

/// A part of an expression.
pub(crate) enum PartMut<'a> {
    /// An expression.
    Expr(&'a mut Expr),
    /// A query with a FROM of its own.
    Query(&'a mut Query),
}

/// Visits the direct parts of an expression; those that have none are passed over.
pub(crate) fn parts_mut(expr: &mut Expr, visit: &mut dyn FnMut(PartMut<'_>)) {
    match expr {
        Expr::Binary { left, right, .. }
        | Expr::Custom { left, right, .. }
        | Expr::Regexp { operand: left, pattern: right, .. }
        | Expr::Match { operand: left, pattern: right } => each([&mut **left, &mut **right], visit),
        Expr::Unary { operand, .. }
        | Expr::IsNull { operand, .. }
        | Expr::Cast { operand, .. }
        | Expr::Coerce { operand, .. }
        | Expr::Extract { operand, .. }
        | Expr::Collate { operand, .. }
        | Expr::Labeled { expr: operand, .. } => visit(PartMut::Expr(operand)),
        Expr::And(list)
        | Expr::Or(list)
        | Expr::Concat(list)
        | Expr::Tuple(list)
        | Expr::Array(list)
        | Expr::Grouping { sets: list, .. } => each(list, visit),
        Expr::Between { operand, low, high, .. } => each([&mut **operand, &mut **low, &mut **high], visit),
        Expr::In { operand, target, .. } => {
            visit(PartMut::Expr(operand));
            match target {
                InTarget::List { .. } => {}
                InTarget::Exprs(list) => each(list, visit),
                InTarget::Query(query) => visit(PartMut::Query(query)),
            }
        }
        Expr::Like(like) => each([&mut like.operand, &mut like.pattern], visit),
        Expr::Function(function) => function_parts(function, visit),
        Expr::Case { operand, whens, otherwise } => {
            each(operand.iter_mut().map(|expr| &mut **expr), visit);
            for (when, then) in whens {
                each([when, then], visit);
            }
            each(otherwise.iter_mut().map(|expr| &mut **expr), visit);
        }
        Expr::Subquery(query) | Expr::Exists { query, .. } | Expr::Quantified { query, .. } => {
            visit(PartMut::Query(query));
        }
        Expr::Json { operand, path, .. } => {
            visit(PartMut::Expr(operand));
            each(path, visit);
        }
        Expr::Raw(parts) => {
            for part in parts {
                if let TextPart::Expr(expr) = part {
                    visit(PartMut::Expr(expr));
                }
            }
        }
        Expr::Element(custom) => each(&mut custom.operands, visit),
        Expr::Property(property) => visit(PartMut::Expr(&mut property.expr)),
        _ => {}
    }
}

fn each<'a>(exprs: impl IntoIterator<Item = &'a mut Expr>, visit: &mut dyn FnMut(PartMut<'_>)) {
    exprs.into_iter().for_each(|expr| visit(PartMut::Expr(expr)));
}

fn function_parts(function: &mut Function, visit: &mut dyn FnMut(PartMut<'_>)) {
    each(&mut function.args, visit);
    orders(&mut function.order_by, visit);
    orders(&mut function.within_group, visit);
    each(&mut function.filter, visit);
    if let Some(Window { partition_by, order_by, frame }) = &mut function.over {
        each(partition_by, visit);
        orders(order_by, visit);
        for bound in frame.iter_mut().flat_map(|frame| [&mut frame.start, &mut frame.end]) {
            if let FrameBound::Preceding(expr) | FrameBound::Following(expr) = bound {
                visit(PartMut::Expr(expr));
            }
        }
    }
}

fn orders(orders: &mut [Order], visit: &mut dyn FnMut(PartMut<'_>)) {
    each(orders.iter_mut().map(|order| &mut order.expr), visit);
}
