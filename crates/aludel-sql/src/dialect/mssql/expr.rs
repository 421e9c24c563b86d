//! Expressions in SQL Server's words.

use aludel_core::{CompileError, Kind, SqlType};

use crate::ast::{BinaryOp, Expr, Function, JsonAccess};
use crate::compile::SqlWriter;
use crate::dialect::{FunctionName, Written, standard};

pub(super) fn function_name(name: &str) -> Option<FunctionName> {
    Some(match name {
        "now" | "current_timestamp" | "localtimestamp" => FunctionName::Words("CURRENT_TIMESTAMP"),
        "current_date" => FunctionName::Words("CAST(GETDATE() AS DATE)"),
        "current_time" | "localtime" => FunctionName::Words("CAST(GETDATE() AS TIME)"),
        "char_length" | "length" => FunctionName::Call("LEN"),
        "random" => FunctionName::Call("RAND"),
        _ => return None,
    })
}

pub(super) fn binary(w: &mut SqlWriter<'_>, op: BinaryOp, left: &Expr, right: &Expr) -> Written {
    let keeps_fraction =
        |expr: &Expr| matches!(expr.sql_type(), Some(SqlType::Float | SqlType::Double | SqlType::Numeric(_)));
    match op {
        BinaryOp::Div if !keeps_fraction(left) && !keeps_fraction(right) => {
            w.left(op, left)?;
            w.sql(" / (");
            w.left(BinaryOp::Add, right)?;
            w.sql(" + 0.0)");
            Ok(())
        }
        BinaryOp::FloorDiv if !(SqlWriter::is_integer(left) && SqlWriter::is_integer(right)) => {
            standard::floor_of_quotient(w, left, right)
        }
        _ => standard::binary(w, op, left, right),
    }
}

/// `string_agg(x, ', ') WITHIN GROUP (ORDER BY y)`.
pub(super) fn function(w: &mut SqlWriter<'_>, function: &Function) -> Result<bool, CompileError> {
    if &*function.name != "aggregate_strings" {
        return Ok(false);
    }
    let mut call = function.clone();
    call.name = "string_agg".into();
    call.within_group = std::mem::take(&mut call.order_by);
    w.call(&call)?;
    Ok(true)
}

/// `JSON_QUERY(document, path)` for objects and arrays, `JSON_VALUE(document, path)` for text.
pub(super) fn json(w: &mut SqlWriter<'_>, operand: &Expr, path: &[Expr], access: JsonAccess) -> Written {
    if path.is_empty() {
        return Err(CompileError::invalid("access into JSON without a path"));
    }
    w.sql(if access == JsonAccess::Json { "JSON_QUERY(" } else { "JSON_VALUE(" });
    w.expr(operand)?;
    w.sql(", concat('$'");
    for step in path {
        let is_position = match step {
            Expr::Integer(_) => true,
            Expr::Bind(bind) => matches!(bind.kind, Kind::SmallInt | Kind::Integer | Kind::BigInt),
            _ => false,
        };
        w.sql(if is_position { ", '[', " } else { ", '.\"', STRING_ESCAPE(" });
        w.expr(step)?;
        w.sql(if is_position { ", ']'" } else { ", 'json'), '\"'" });
    }
    w.sql("))");
    Ok(())
}
