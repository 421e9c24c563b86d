//! Expressions in PostgreSQL's words.

use aludel_core::{CompileError, Kind, SqlType};

use crate::ast::{BinaryOp, Expr, Function, JsonAccess, Like};
use crate::compile::{Precedence, SqlWriter};
use crate::dialect::postgres::narrow;
use crate::dialect::{FunctionName, Written, standard};

pub(super) fn function_name(name: &str) -> Option<FunctionName> {
    Some(match name {
        // The others have a time zone, which these don't have in the language.
        "now" | "current_timestamp" => FunctionName::Words("LOCALTIMESTAMP"),
        "current_date" => FunctionName::Words("CURRENT_DATE"),
        "current_time" => FunctionName::Words("CURRENT_TIME"),
        "localtime" => FunctionName::Words("LOCALTIME"),
        "localtimestamp" => FunctionName::Words("LOCALTIMESTAMP"),
        "current_user" => FunctionName::Words("CURRENT_USER"),
        "session_user" => FunctionName::Words("SESSION_USER"),
        "user" => FunctionName::Words("USER"),
        "aggregate_strings" => FunctionName::Call("string_agg"),
        _ => return None,
    })
}

/// A number of seconds has a fraction there; elsewhere, and in the language, a field is a whole number.
pub(super) fn extract(w: &mut SqlWriter<'_>, field: &str, operand: &Expr) -> Written {
    let is_whole = !["second", "milliseconds", "epoch", "julian"].iter().any(|other| field.eq_ignore_ascii_case(other));
    w.sql(if is_whole { "" } else { "floor(" });
    standard::extract(w, field, operand)?;
    w.sql(if is_whole { "" } else { ")" });
    Ok(())
}

/// Only `numeric` is rounded to digits there.
fn round(w: &mut SqlWriter<'_>, number: &Expr, digits: &Expr) -> Written {
    w.sql("CAST(round(");
    standard::cast_by(w, "CAST", number, &SqlType::Numeric(None))?;
    w.sql(", ");
    w.expr(digits)?;
    w.sql(") AS ");
    w.cast_type(&number.sql_type().unwrap_or(SqlType::Double))?;
    w.sql(")");
    Ok(())
}

pub(super) fn function(w: &mut SqlWriter<'_>, function: &Function) -> Result<bool, CompileError> {
    let cast = narrow::call(function);
    let call = cast.as_ref().unwrap_or(function);
    if let ("round", [number, digits]) = (&*call.name, &*call.args)
        && matches!(number.sql_type(), Some(SqlType::Float | SqlType::Double))
    {
        return round(w, number, digits).map(|()| true);
    }
    match cast {
        Some(call) => w.call(&call).map(|()| true),
        None => Ok(false),
    }
}

pub(super) fn custom_operator(w: &mut SqlWriter<'_>, op: &str, left: &Expr, right: &Expr) -> Written {
    let (left, right) = narrow::operands(op, left, right);
    standard::custom_operator(w, op, &left, &right)
}

pub(super) fn binary(w: &mut SqlWriter<'_>, op: BinaryOp, left: &Expr, right: &Expr) -> Written {
    let narrowed = |sign| narrow::operands(sign, left, right);
    let words = match op {
        BinaryOp::Add | BinaryOp::Sub | BinaryOp::ShiftLeft | BinaryOp::ShiftRight => {
            let (left, right) = match op {
                BinaryOp::Add => narrowed("+"),
                BinaryOp::Sub => narrowed("-"),
                BinaryOp::ShiftLeft => narrowed("<<"),
                _ => narrowed(">>"),
            };
            return standard::binary(w, op, &left, &right);
        }
        BinaryOp::Div if !keeps_fraction(left) && !keeps_fraction(right) => {
            w.left(op, left)?;
            w.sql(" / ");
            return standard::cast_by(w, "CAST", right, &SqlType::Numeric(None));
        }
        BinaryOp::FloorDiv if !(SqlWriter::is_integer(left) && SqlWriter::is_integer(right)) => {
            w.sql("trunc(");
            standard::infix(w, BinaryOp::Div, " / ", left, right)?;
            w.sql(")");
            return Ok(());
        }
        BinaryOp::BitXor => " # ",
        BinaryOp::Contains => " @> ",
        BinaryOp::ContainedBy => " <@ ",
        BinaryOp::HasKey => " ? ",
        BinaryOp::HasAnyKey => " ?| ",
        BinaryOp::HasAllKeys => " ?& ",
        BinaryOp::TextSearch => " @@ ",
        BinaryOp::Overlaps => " && ",
        _ => return standard::binary(w, op, left, right),
    };
    standard::infix(w, op, words, left, right)
}

fn keeps_fraction(expr: &Expr) -> bool {
    matches!(expr.sql_type(), Some(SqlType::Float | SqlType::Double | SqlType::Numeric(_)))
}

pub(super) fn like(w: &mut SqlWriter<'_>, like: &Like, negated: bool) -> Written {
    if !like.insensitive {
        return standard::like(w, like, negated);
    }
    w.operand_of(&like.operand, Precedence::Other)?;
    w.sql(if negated { " NOT ILIKE " } else { " ILIKE " });
    standard::like_pattern(w, like)?;
    standard::like_escape(w, like);
    Ok(())
}

pub(super) fn full_text(w: &mut SqlWriter<'_>, operand: &Expr, pattern: &Expr) -> Written {
    w.operand_of(operand, Precedence::Other)?;
    w.sql(" @@ plainto_tsquery(");
    w.expr(pattern)?;
    w.sql(")");
    Ok(())
}

pub(super) fn between_symmetric(
    w: &mut SqlWriter<'_>,
    operand: &Expr,
    low: &Expr,
    high: &Expr,
    negated: bool,
) -> Written {
    w.operand_of(operand, Precedence::Other)?;
    w.sql(if negated { " NOT BETWEEN SYMMETRIC " } else { " BETWEEN SYMMETRIC " });
    w.operand_of(low, Precedence::Other)?;
    w.sql(" AND ");
    w.operand_of(high, Precedence::Other)
}

/// `document -> key -> position`; the last step of text is `->>`.
pub(super) fn json(w: &mut SqlWriter<'_>, operand: &Expr, path: &[Expr], access: JsonAccess) -> Written {
    let Some((last, steps)) = path.split_last() else {
        return Err(CompileError::invalid("access into JSON without a path"));
    };
    w.operand_of(operand, Precedence::Unary)?;
    for step in steps {
        w.sql(" -> ");
        json_step(w, step)?;
    }
    w.sql(if access == JsonAccess::Text { " ->> " } else { " -> " });
    json_step(w, last)
}

/// An untyped placeholder would be taken for a key, so a position says that it is a number.
fn json_step(w: &mut SqlWriter<'_>, step: &Expr) -> Written {
    match step {
        Expr::Bind(bind) if matches!(bind.kind, Kind::SmallInt | Kind::Integer | Kind::BigInt) => {
            standard::cast_by(w, "CAST", step, &SqlType::Integer)
        }
        _ => w.operand_of(step, Precedence::Atom),
    }
}
