//! Expressions in SQLite's words.

use aludel_core::{CompileError, Kind, SqlType};

use crate::ast::{BinaryOp, Expr, JsonAccess};
use crate::compile::{Precedence, SqlWriter};
use crate::dialect::{FunctionName, Written, standard};

pub(super) fn function_name(name: &str) -> Option<FunctionName> {
    Some(match name {
        "now" | "current_timestamp" | "localtimestamp" => FunctionName::Words("CURRENT_TIMESTAMP"),
        "current_date" => FunctionName::Words("CURRENT_DATE"),
        "current_time" | "localtime" => FunctionName::Words("CURRENT_TIME"),
        "char_length" => FunctionName::Call("length"),
        "aggregate_strings" => FunctionName::Call("group_concat"),
        "greatest" => FunctionName::Call("max"),
        "least" => FunctionName::Call("min"),
        _ => return None,
    })
}

pub(super) fn binary(w: &mut SqlWriter<'_>, op: BinaryOp, left: &Expr, right: &Expr) -> Written {
    match op {
        BinaryOp::IsNotDistinct => standard::infix(w, op, " IS ", left, right),
        BinaryOp::IsDistinct => standard::infix(w, op, " IS NOT ", left, right),
        // NUMERIC columns hold whole numbers as integers: only REAL keeps the fraction by itself.
        BinaryOp::Div if is_real(left) || is_real(right) => standard::infix(w, op, " / ", left, right),
        BinaryOp::Div => {
            w.left(op, left)?;
            w.sql(" / (");
            w.left(BinaryOp::Add, right)?;
            w.sql(" + 0.0)");
            Ok(())
        }
        BinaryOp::FloorDiv if SqlWriter::is_integer(left) && SqlWriter::is_integer(right) => {
            standard::infix(w, op, " / ", left, right)
        }
        BinaryOp::FloorDiv => {
            w.sql("CAST(");
            standard::infix(w, op, " / ", left, right)?;
            w.sql(" AS INTEGER)");
            Ok(())
        }
        BinaryOp::BitXor => {
            w.sql("((");
            standard::infix(w, BinaryOp::BitOr, " | ", left, right)?;
            w.sql(") - (");
            standard::infix(w, BinaryOp::BitAnd, " & ", left, right)?;
            w.sql("))");
            Ok(())
        }
        _ => standard::binary(w, op, left, right),
    }
}

fn is_real(expr: &Expr) -> bool {
    matches!(expr.sql_type(), Some(SqlType::Float | SqlType::Double))
}

/// Dates and times are text: a field of one is a piece of it, as a number.
pub(super) fn extract(w: &mut SqlWriter<'_>, field: &str, operand: &Expr) -> Written {
    let format = match field.to_ascii_lowercase().as_str() {
        "year" => "%Y",
        "month" => "%m",
        "day" => "%d",
        "hour" => "%H",
        "minute" => "%M",
        "second" => "%S",
        "doy" => "%j",
        "dow" => "%w",
        "isodow" => "%u",
        "week" => "%V",
        "isoyear" => "%G",
        "epoch" => "%s",
        _ => return Err(w.unsupported(format!("EXTRACT of `{field}`"))),
    };
    w.sql("CAST(STRFTIME('");
    w.sql(format);
    w.sql("', ");
    w.expr(operand)?;
    w.sql(") AS INTEGER)");
    Ok(())
}

/// CAST to a date or time would keep the number that the text begins with, so SQLite's functions stand in its place.
pub(super) fn cast(w: &mut SqlWriter<'_>, operand: &Expr, sql_type: &SqlType, fallible: bool) -> Written {
    let function = match sql_type {
        SqlType::Boolean if !fallible => return standard::truth(w, operand),
        SqlType::Date => "date",
        SqlType::Time => "time",
        SqlType::DateTime | SqlType::Timestamp => "datetime",
        SqlType::Json | SqlType::Jsonb => "json",
        _ => return standard::cast(w, operand, sql_type, fallible),
    };
    if fallible {
        return Err(w.unsupported("TRY_CAST"));
    }
    w.sql(function);
    w.sql("(");
    w.expr(operand)?;
    w.sql(")");
    Ok(())
}

/// `document -> key -> position`; the last step of text is `->>`, as text whatever the document holds there.
pub(super) fn json(w: &mut SqlWriter<'_>, operand: &Expr, path: &[Expr], access: JsonAccess) -> Written {
    let Some((last, steps)) = path.split_last() else {
        return Err(CompileError::invalid("access into JSON without a path"));
    };
    let is_text = access == JsonAccess::Text;
    w.sql(if is_text { "CAST(" } else { "" });
    w.operand_of(operand, Precedence::Unary)?;
    for step in steps {
        w.sql(" -> ");
        json_step(w, step)?;
    }
    w.sql(if is_text { " ->> " } else { " -> " });
    json_step(w, last)?;
    w.sql(if is_text { " AS TEXT)" } else { "" });
    Ok(())
}

/// A text that begins with `$` would be taken for a path, so keys are made paths of their own.
fn json_step(w: &mut SqlWriter<'_>, step: &Expr) -> Written {
    let is_position = match step {
        Expr::Bind(bind) => matches!(bind.kind, Kind::SmallInt | Kind::Integer | Kind::BigInt),
        Expr::Text(_) => false,
        _ => true,
    };
    if is_position {
        return w.operand_of(step, Precedence::Atom);
    }
    w.sql("('$.' || json_quote(");
    w.expr(step)?;
    w.sql("))");
    Ok(())
}
