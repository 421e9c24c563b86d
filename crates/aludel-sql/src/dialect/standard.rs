//! The standard's way of writing: what a dialect's methods do unless they are overridden.
//!
//! A dialect that differs in some cases only calls these for the others.

use std::borrow::Cow;

use aludel_core::{CompileError, Kind, SqlType};

use super::{Isolation, Steps, TransactionOptions, Written};
use crate::ast::{BinaryOp, Expr, Like, LikePattern};
use crate::compile::{Precedence, SqlWriter};
use crate::ddl::Sequence;
use crate::schema::{ColumnDef, Generated};

/// An identifier, in quotes unless it is a plain word in small letters that is not reserved.
pub fn identifier(out: &mut String, identifier: &str, (open, close): (char, char), is_reserved: impl Fn(&str) -> bool) {
    let is_plain = matches!(identifier.as_bytes().first(), Some(b'a'..=b'z' | b'_'))
        && identifier.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    if is_plain && !is_reserved(identifier) {
        out.push_str(identifier);
        return;
    }
    out.push(open);
    for c in identifier.chars() {
        out.push(c);
        if c == close {
            out.push(c);
        }
    }
    out.push(close);
}

/// A text literal: quotes are doubled, and backslashes where they escape.
pub fn text_literal(out: &mut String, text: &str, backslash_escapes: bool) {
    out.push('\'');
    for c in text.chars() {
        out.push(c);
        if c == '\'' || (c == '\\' && backslash_escapes) {
            out.push(c);
        }
    }
    out.push('\'');
}

/// The operators that all databases have, and `IS [NOT] DISTINCT FROM`.
///
/// # Errors
/// For operators of one database only.
pub fn binary(w: &mut SqlWriter<'_>, op: BinaryOp, left: &Expr, right: &Expr) -> Written {
    let words = match op {
        BinaryOp::Eq => " = ",
        BinaryOp::Ne => " != ",
        BinaryOp::Lt => " < ",
        BinaryOp::Le => " <= ",
        BinaryOp::Gt => " > ",
        BinaryOp::Ge => " >= ",
        BinaryOp::IsNotDistinct => " IS NOT DISTINCT FROM ",
        BinaryOp::IsDistinct => " IS DISTINCT FROM ",
        BinaryOp::Add => " + ",
        BinaryOp::Sub => " - ",
        BinaryOp::Mul => " * ",
        BinaryOp::Div | BinaryOp::FloorDiv => " / ",
        BinaryOp::Mod => " % ",
        BinaryOp::BitAnd => " & ",
        BinaryOp::BitOr => " | ",
        BinaryOp::BitXor => " ^ ",
        BinaryOp::ShiftLeft => " << ",
        BinaryOp::ShiftRight => " >> ",
        BinaryOp::Contains => return Err(w.unsupported("the operator @>")),
        BinaryOp::ContainedBy => return Err(w.unsupported("the operator <@")),
        BinaryOp::HasKey => return Err(w.unsupported("the operator ?")),
        BinaryOp::HasAnyKey => return Err(w.unsupported("the operator ?|")),
        BinaryOp::HasAllKeys => return Err(w.unsupported("the operator ?&")),
        BinaryOp::TextSearch => return Err(w.unsupported("the operator @@")),
        BinaryOp::Overlaps => return Err(w.unsupported("the operator &&")),
    };
    infix(w, op, words, left, right)
}

/// An operator that the program gives as text: nothing is known of its precedence.
///
/// # Errors
/// Those of the operands.
pub fn custom_operator(w: &mut SqlWriter<'_>, op: &str, left: &Expr, right: &Expr) -> Written {
    w.operand_of(left, Precedence::Unary)?;
    w.sql(" ");
    w.sql(op);
    w.sql(" ");
    w.operand_of(right, Precedence::Unary)
}

/// `left operator right`, the operator with its spaces.
///
/// # Errors
/// Those of the operands.
pub fn infix(w: &mut SqlWriter<'_>, op: BinaryOp, words: &str, left: &Expr, right: &Expr) -> Written {
    w.left(op, left)?;
    w.sql(words);
    w.right(op, right)
}

/// `name(left, right)`.
///
/// # Errors
/// Those of the operands.
pub fn call2(w: &mut SqlWriter<'_>, name: &str, left: &Expr, right: &Expr) -> Written {
    w.sql(name);
    w.sql("(");
    w.exprs([left, right])?;
    w.sql(")");
    Ok(())
}

/// `FLOOR(left / right)`.
///
/// # Errors
/// Those of the operands.
pub fn floor_of_quotient(w: &mut SqlWriter<'_>, left: &Expr, right: &Expr) -> Written {
    w.sql("FLOOR(");
    infix(w, BinaryOp::Div, " / ", left, right)?;
    w.sql(")");
    Ok(())
}

/// `a || b`.
///
/// # Errors
/// Those of the parts.
pub fn concat(w: &mut SqlWriter<'_>, parts: &[&Expr]) -> Written {
    joined(w, " || ", parts)
}

/// Parts with an operator between.
///
/// # Errors
/// Those of the parts.
pub fn joined(w: &mut SqlWriter<'_>, words: &str, parts: &[&Expr]) -> Written {
    for (index, part) in parts.iter().enumerate() {
        w.sql(if index > 0 { words } else { "" });
        w.operand_of(part, Precedence::Unary)?;
    }
    Ok(())
}

/// `operand [NOT] LIKE pattern [ESCAPE c]`; without regard to case, `lower()` stands around both.
///
/// # Errors
/// Those of the operands.
pub fn like(w: &mut SqlWriter<'_>, like: &Like, negated: bool) -> Written {
    let words = if negated { " NOT LIKE " } else { " LIKE " };
    if like.insensitive {
        w.sql("lower(");
        w.expr(&like.operand)?;
        w.sql(")");
        w.sql(words);
        w.sql("lower(");
        like_pattern(w, like)?;
        w.sql(")");
    } else {
        w.operand_of(&like.operand, Precedence::Other)?;
        w.sql(words);
        like_pattern(w, like)?;
    }
    like_escape(w, like);
    Ok(())
}

/// The pattern of LIKE, made of its operand.
///
/// # Errors
/// Those of the operand.
pub fn like_pattern(w: &mut SqlWriter<'_>, like: &Like) -> Written {
    let any = Expr::Text("%".into());
    let pattern = match like.shape {
        LikePattern::Whole => return w.operand_of(&like.pattern, Precedence::Other),
        LikePattern::Prefix => vec![&like.pattern, &any],
        LikePattern::Suffix => vec![&any, &like.pattern],
        LikePattern::Infix => vec![&any, &like.pattern, &any],
    };
    w.concat_of(&pattern)
}

/// `ESCAPE c`, where there is an escape character.
pub fn like_escape(w: &mut SqlWriter<'_>, like: &Like) {
    if let Some(escape) = like.escape {
        w.sql(" ESCAPE ");
        w.text_literal(escape.encode_utf8(&mut [0; 4]));
    }
}

/// `operand ~ pattern`, with an operator for each of the two cases.
///
/// # Errors
/// Those of the operands.
pub fn matching(w: &mut SqlWriter<'_>, operand: &Expr, words: &str, pattern: &Expr) -> Written {
    w.operand_of(operand, Precedence::Other)?;
    w.sql(words);
    w.operand_of(pattern, Precedence::Other)
}

/// `EXTRACT(field FROM operand)`.
///
/// # Errors
/// Where the field is not one word.
pub fn extract(w: &mut SqlWriter<'_>, field: &str, operand: &Expr) -> Written {
    check_field(field)?;
    w.sql("EXTRACT(");
    w.sql(field);
    w.sql(" FROM ");
    w.expr(operand)?;
    w.sql(")");
    Ok(())
}

/// Whether a field of a date or time is one word.
///
/// # Errors
/// Where it isn't.
pub fn check_field(field: &str) -> Written {
    if !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return Ok(());
    }
    Err(CompileError::invalid(format!("`{field}` is not a field of a date or time")))
}

/// `CAST(operand AS type)`.
///
/// # Errors
/// Where the database has no such type, and for a cast that must not fail.
pub fn cast(w: &mut SqlWriter<'_>, operand: &Expr, sql_type: &SqlType, fallible: bool) -> Written {
    if fallible {
        return Err(w.unsupported("TRY_CAST"));
    }
    cast_by(w, "CAST", operand, sql_type)
}

/// `word(operand AS type)`.
///
/// # Errors
/// Where the database has no such type.
pub fn cast_by(w: &mut SqlWriter<'_>, word: &str, operand: &Expr, sql_type: &SqlType) -> Written {
    w.sql(word);
    w.sql("(");
    w.expr(operand)?;
    w.sql(" AS ");
    w.cast_type(sql_type)?;
    w.sql(")");
    Ok(())
}

/// A cast to a truth value where the database has none: a number is true unless it is 0, and a text if it says so in one of
/// the words that PostgreSQL reads.
///
/// # Errors
/// Those of the operand.
pub fn truth(w: &mut SqlWriter<'_>, operand: &Expr) -> Written {
    let is_text = operand.sql_type().is_some_and(|sql_type| matches!(sql_type.kind(), Kind::Text | Kind::Json));
    w.sql("(");
    if is_text {
        w.sql("lower(");
        w.expr(operand)?;
        w.sql(") IN ('true', 't', '1', 'yes', 'y', 'on')");
    } else {
        w.operand_of(operand, Precedence::Other)?;
        w.sql(" != 0");
    }
    w.sql(")");
    Ok(())
}

/// `BETWEEN SYMMETRIC` as `BETWEEN … OR BETWEEN …`.
///
/// # Errors
/// Those of the operands.
pub fn between_symmetric(w: &mut SqlWriter<'_>, operand: &Expr, low: &Expr, high: &Expr, negated: bool) -> Written {
    w.sql(if negated { "NOT (" } else { "(" });
    for (low, high, words) in [(low, high, ""), (high, low, " OR ")] {
        w.sql(words);
        w.operand_of(operand, Precedence::Other)?;
        w.sql(" BETWEEN ");
        w.operand_of(low, Precedence::Other)?;
        w.sql(" AND ");
        w.operand_of(high, Precedence::Other)?;
    }
    w.sql(")");
    Ok(())
}

/// `GROUPING SETS((a, b), (a))`, `CUBE(a, b)`, `ROLLUP(a, b)`.
///
/// # Errors
/// Where the database has no such thing.
pub fn grouping(w: &mut SqlWriter<'_>, word: &str, sets: &[Expr]) -> Written {
    if !w.capabilities().grouping_sets {
        return Err(w.unsupported_with(word, "unite one query for each grouping"));
    }
    w.sql(word);
    w.sql("(");
    w.exprs(sets)?;
    w.sql(")");
    Ok(())
}

/// The standard's types.
///
/// # Errors
/// For arrays, sets of labels and other families' own types.
pub fn type_name(dialect: &'static str, sql_type: &SqlType) -> Result<Cow<'static, str>, CompileError> {
    Ok(Cow::Borrowed(match sql_type {
        SqlType::Boolean => "BOOLEAN",
        SqlType::SmallInt => "SMALLINT",
        SqlType::Integer => "INTEGER",
        SqlType::BigInt => "BIGINT",
        SqlType::Float => "FLOAT",
        SqlType::Double => "DOUBLE PRECISION",
        SqlType::Numeric(None) => "NUMERIC",
        SqlType::Numeric(Some((precision, scale))) => return Ok(format!("NUMERIC({precision}, {scale})").into()),
        SqlType::Varchar(length) => return Ok(format!("VARCHAR({length})").into()),
        SqlType::Char(length) => return Ok(format!("CHAR({length})").into()),
        SqlType::Text => "TEXT",
        SqlType::Blob => "BLOB",
        SqlType::Date => "DATE",
        SqlType::Time => "TIME",
        SqlType::DateTime | SqlType::Timestamp => "TIMESTAMP",
        SqlType::Interval => "INTERVAL",
        SqlType::Uuid => "CHAR(32)",
        SqlType::Json => "JSON",
        SqlType::Enum(labels) => return Ok(format!("VARCHAR({})", longest_label(&labels.labels)).into()),
        SqlType::UnsignedTinyInt | SqlType::UnsignedSmallInt | SqlType::UnsignedInteger | SqlType::UnsignedBigInt => {
            return type_name(dialect, &sql_type.signed());
        }
        SqlType::Jsonb => "JSON",
        SqlType::Set(labels) => {
            let construct = format!("`{}`, a column of several labels (SET)", labels.name);
            return Err(CompileError::unsupported(dialect, construct));
        }
        SqlType::Array(element) => {
            let construct = match type_name(dialect, element) {
                Ok(element) => format!("the array type {element}[]"),
                Err(_) => "an array type".to_owned(),
            };
            return Err(CompileError::unsupported(dialect, construct));
        }
        SqlType::Native(native) if *native.family == *dialect => return Ok(native.name.to_string().into()),
        SqlType::Native(native) => {
            let construct = format!("the type {} of {}", native.name, native.family);
            return Err(CompileError::unsupported(dialect, construct));
        }
        SqlType::Named(name) => return Ok(name.to_string().into()),
        other => return Err(CompileError::unsupported(dialect, format!("the type {other:?}"))),
    }))
}

/// How many characters the longest label has; at least one.
#[must_use]
pub fn longest_label(labels: &[aludel_core::Held<str>]) -> usize {
    labels.iter().map(|label| label.chars().count()).max().unwrap_or(1).max(1)
}

/// `BEGIN`, with the isolation level and the access mode in its words.
///
/// # Errors
/// For `SNAPSHOT`.
pub fn begin_sql(dialect: &'static str, options: &TransactionOptions) -> Result<Steps, CompileError> {
    if options.isolation == Some(Isolation::Snapshot) {
        return Err(CompileError::unsupported(dialect, "the isolation level SNAPSHOT"));
    }
    let mut sql = Cow::Borrowed("BEGIN");
    if let Some(isolation) = options.isolation {
        sql.to_mut().push_str(" ISOLATION LEVEL ");
        sql.to_mut().push_str(isolation.words());
    }
    if options.read_only {
        sql.to_mut().push_str(" READ ONLY");
    }
    if options.deferrable {
        sql.to_mut().push_str(" DEFERRABLE");
    }
    Ok(vec![sql])
}

/// ` GENERATED … AS IDENTITY`, for columns whose value the database counts.
#[must_use]
pub fn generated(column: &ColumnDef) -> String {
    match &column.generated {
        Generated::No | Generated::Computed { .. } | Generated::Expression(_) => String::new(),
        Generated::Key | Generated::MonotonicKey => identity(false, &Sequence::default()),
        Generated::Identity { always, start, increment, min, max, cache, cycle } => {
            let options = Sequence {
                start: *start,
                increment: *increment,
                min: *min,
                max: *max,
                cache: *cache,
                cycle: *cycle,
                ..Sequence::default()
            };
            identity(*always, &options)
        }
    }
}

/// ` GENERATED { ALWAYS | BY DEFAULT } AS IDENTITY [(…)]`.
#[must_use]
pub fn identity(always: bool, options: &Sequence) -> String {
    let mut sql = format!(" GENERATED {} AS IDENTITY", if always { "ALWAYS" } else { "BY DEFAULT" });
    let options = sequence_options(options);
    if !options.is_empty() {
        sql.push_str(&format!(" ({})", options.join(" ")));
    }
    sql
}

/// `START WITH 10`, `INCREMENT BY 5` and so on: what a sequence says of its numbers.
#[must_use]
pub fn sequence_options(sequence: &Sequence) -> Vec<String> {
    let options = [
        sequence.start.map(|start| format!("START WITH {start}")),
        sequence.increment.map(|by| format!("INCREMENT BY {by}")),
        sequence.min.map(|min| format!("MINVALUE {min}")),
        sequence.max.map(|max| format!("MAXVALUE {max}")),
        sequence.cache.map(|cache| format!("CACHE {cache}")),
        sequence.cycle.then(|| "CYCLE".to_owned()),
    ];
    options.into_iter().flatten().collect()
}

/// `GENERATED ALWAYS AS (sql) { STORED | VIRTUAL }`.
#[must_use]
pub fn computed(sql: &str, stored: bool) -> String {
    format!("GENERATED ALWAYS AS ({sql}) {}", if stored { "STORED" } else { "VIRTUAL" })
}

/// A name with dots, each part of it an identifier: `sales."Order Numbers"`.
#[must_use]
pub fn dotted(dialect: &dyn super::Dialect, name: &str) -> String {
    name.split('.').map(|part| dialect.quoted(part)).collect::<Vec<_>>().join(".")
}
