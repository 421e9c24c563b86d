//! Expressions in Oracle's words.

use aludel_core::CompileError;

use crate::ast::{BinaryOp, Expr, Function, JsonAccess};
use crate::compile::SqlWriter;
use crate::dialect::{FunctionName, Written, standard};

pub(super) fn function_name(name: &str) -> Option<FunctionName> {
    Some(match name {
        "now" | "current_timestamp" => FunctionName::Words("CURRENT_TIMESTAMP"),
        "current_date" => FunctionName::Words("CURRENT_DATE"),
        "localtimestamp" => FunctionName::Words("LOCALTIMESTAMP"),
        "user" => FunctionName::Words("USER"),
        "char_length" | "length" => FunctionName::Call("LENGTH"),
        "substring" => FunctionName::Call("SUBSTR"),
        _ => return None,
    })
}

pub(super) fn binary(w: &mut SqlWriter<'_>, op: BinaryOp, left: &Expr, right: &Expr) -> Written {
    match op {
        BinaryOp::IsNotDistinct | BinaryOp::IsDistinct => {
            w.sql("DECODE(");
            w.exprs([left, right])?;
            w.sql(if op == BinaryOp::IsDistinct { ", 0, 1) = 1" } else { ", 0, 1) = 0" });
            Ok(())
        }
        BinaryOp::FloorDiv => standard::floor_of_quotient(w, left, right),
        BinaryOp::Mod => standard::call2(w, "mod", left, right),
        BinaryOp::BitAnd => standard::call2(w, "BITAND", left, right),
        BinaryOp::BitOr | BinaryOp::BitXor => {
            w.sql("(");
            standard::infix(w, BinaryOp::Add, " + ", left, right)?;
            w.sql(if op == BinaryOp::BitOr { " - " } else { " - 2 * " });
            standard::call2(w, "BITAND", left, right)?;
            w.sql(")");
            Ok(())
        }
        BinaryOp::ShiftLeft | BinaryOp::ShiftRight => Err(w.unsupported("shifts of bits")),
        _ => standard::binary(w, op, left, right),
    }
}

/// `LISTAGG(x, ', ') WITHIN GROUP (ORDER BY y)`.
pub(super) fn function(w: &mut SqlWriter<'_>, function: &Function) -> Result<bool, CompileError> {
    if &*function.name != "aggregate_strings" {
        return Ok(false);
    }
    let mut call = function.clone();
    call.name = "LISTAGG".into();
    call.within_group = std::mem::take(&mut call.order_by);
    w.call(&call)?;
    Ok(true)
}

/// `JSON_QUERY(document, '$.key')` and `JSON_VALUE`: a path is always a literal there.
pub(super) fn json(w: &mut SqlWriter<'_>, operand: &Expr, path: &[Expr], access: JsonAccess) -> Written {
    let mut literal = String::from("$");
    for step in path {
        match step {
            Expr::Integer(position) => literal.push_str(&format!("[{position}]")),
            Expr::Text(key) => {
                literal.push_str(".\"");
                key.chars()
                    .for_each(|c| literal.extend(matches!(c, '"' | '\\').then_some('\\').into_iter().chain([c])));
                literal.push('"');
            }
            _ => return Err(w.unsupported_with("a placeholder in a JSON path", "write the keys as literals")),
        }
    }
    w.sql(if access == JsonAccess::Json { "JSON_QUERY(" } else { "JSON_VALUE(" });
    w.expr(operand)?;
    w.sql(", ");
    w.text_literal(&literal);
    w.sql(")");
    Ok(())
}
