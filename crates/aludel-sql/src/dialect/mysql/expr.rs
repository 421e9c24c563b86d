//! Expressions in MySQL's and MariaDB's words.

use aludel_core::{CompileError, Kind, SqlType};

use crate::ast::{BinaryOp, Expr, Function, JsonAccess};
use crate::compile::{Precedence, SqlWriter};
use crate::dialect::{FunctionName, Written, standard};

pub(super) fn function_name(name: &str) -> Option<FunctionName> {
    Some(match name {
        // Without a number they would have no fraction of a second, and be before what was written in the same one.
        "now" => FunctionName::Words("now(6)"),
        "current_timestamp" => FunctionName::Words("CURRENT_TIMESTAMP(6)"),
        "current_date" => FunctionName::Words("CURRENT_DATE"),
        "current_time" => FunctionName::Words("CURRENT_TIME"),
        "localtime" => FunctionName::Words("LOCALTIME"),
        "localtimestamp" => FunctionName::Words("LOCALTIMESTAMP"),
        "random" => FunctionName::Call("rand"),
        _ => return None,
    })
}

pub(super) fn binary(w: &mut SqlWriter<'_>, op: BinaryOp, left: &Expr, right: &Expr) -> Written {
    match op {
        BinaryOp::IsNotDistinct => standard::infix(w, op, " <=> ", left, right),
        BinaryOp::IsDistinct => {
            w.sql("NOT (");
            standard::infix(w, op, " <=> ", left, right)?;
            w.sql(")");
            Ok(())
        }
        BinaryOp::FloorDiv if SqlWriter::is_integer(left) && SqlWriter::is_integer(right) => {
            standard::infix(w, op, " DIV ", left, right)
        }
        BinaryOp::FloorDiv => {
            w.sql("TRUNCATE(");
            standard::infix(w, BinaryOp::Div, " / ", left, right)?;
            w.sql(", 0)");
            Ok(())
        }
        _ => standard::binary(w, op, left, right),
    }
}

/// Fields that EXTRACT has no word for there, or counts in another way than ISO 8601, which the other databases follow.
pub(super) fn extract(w: &mut SqlWriter<'_>, field: &str, operand: &Expr) -> Written {
    let (before, behind) = match field.to_ascii_lowercase().as_str() {
        "dow" => ("(DAYOFWEEK(", ") - 1)"),
        "isodow" => ("(WEEKDAY(", ") + 1)"),
        "doy" => ("DAYOFYEAR(", ")"),
        "week" => ("WEEK(", ", 3)"),
        "isoyear" => ("(YEARWEEK(", ", 3) DIV 100)"),
        "epoch" => ("TIMESTAMPDIFF(SECOND, '1970-01-01', ", ")"),
        _ => return standard::extract(w, field, operand),
    };
    w.sql(before);
    w.expr(operand)?;
    w.sql(behind);
    Ok(())
}

/// There is no CAST to the types that only this family has: a value of one goes as it is.
pub(super) fn cast(w: &mut SqlWriter<'_>, operand: &Expr, sql_type: &SqlType, fallible: bool) -> Written {
    match (operand, sql_type) {
        (Expr::Bind(bind), SqlType::Native(native)) if *native.family == *super::ddl::FAMILY => {
            w.bind(bind);
            Ok(())
        }
        (_, SqlType::Boolean) if !fallible => standard::truth(w, operand),
        _ => standard::cast(w, operand, sql_type, fallible),
    }
}

/// `group_concat(DISTINCT x ORDER BY y SEPARATOR ', ')`: the separator is a literal behind everything else.
pub(super) fn function(w: &mut SqlWriter<'_>, function: &Function) -> Result<bool, CompileError> {
    let ([value, separator], "aggregate_strings") = (&*function.args, &*function.name) else {
        return Ok(false);
    };
    let Expr::Text(separator) = separator else {
        return Err(w.unsupported_with("a separator that is no literal", "write the separator as a literal"));
    };
    w.sql(if function.distinct { "group_concat(DISTINCT " } else { "group_concat(" });
    w.expr(value)?;
    if !function.order_by.is_empty() {
        w.sql(" ORDER BY ");
        w.orders(&function.order_by)?;
    }
    w.sql(" SEPARATOR ");
    w.text_literal(separator);
    w.sql(")");
    Ok(true)
}

pub(super) fn full_text(w: &mut SqlWriter<'_>, operand: &Expr, pattern: &Expr) -> Written {
    w.sql("MATCH (");
    match operand {
        Expr::Tuple(columns) => w.exprs(columns)?,
        _ => w.expr(operand)?,
    }
    w.sql(") AGAINST (");
    w.operand_of(pattern, Precedence::Other)?;
    w.sql(" IN BOOLEAN MODE)");
    Ok(())
}

/// `JSON_EXTRACT(document, path)`, the path put together from the keys; text without quotes, and JSON's null as NULL.
pub(super) fn json(w: &mut SqlWriter<'_>, operand: &Expr, path: &[Expr], access: JsonAccess) -> Written {
    if path.is_empty() {
        return Err(CompileError::invalid("access into JSON without a path"));
    }
    if access == JsonAccess::Json {
        return json_extract(w, operand, path);
    }
    w.sql("CASE JSON_TYPE(");
    json_extract(w, operand, path)?;
    w.sql(") WHEN 'NULL' THEN NULL ELSE JSON_UNQUOTE(");
    json_extract(w, operand, path)?;
    w.sql(") END");
    Ok(())
}

fn json_extract(w: &mut SqlWriter<'_>, operand: &Expr, path: &[Expr]) -> Written {
    w.sql("JSON_EXTRACT(");
    w.expr(operand)?;
    w.sql(", concat('$'");
    for step in path {
        let is_position = match step {
            Expr::Integer(_) => true,
            Expr::Bind(bind) => matches!(bind.kind, Kind::SmallInt | Kind::Integer | Kind::BigInt),
            _ => false,
        };
        w.sql(if is_position { ", '[', " } else { ", '.', JSON_QUOTE(" });
        w.expr(step)?;
        w.sql(if is_position { ", ']'" } else { ")" });
    }
    w.sql("))");
    Ok(())
}
