//! Where PostgreSQL takes an integer of 32 bits and none of 64, and where it can't tell what an untyped text is.
//!
//! A value of 64 bits is `bigint` there, and so is what is computed of it. PostgreSQL turns an `integer` into a `bigint` by itself, and
//! never the other way round, so `left(text, bigint)` is a function that it does not have. In the places of this list such a
//! value is cast; a value that does not fit is then an error of the database. `docs/design/parameters.md` says why it is done
//! so. The test `binds` compares the list with the server's own catalog.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use aludel_core::{Kind, SqlType};

use crate::ast::{Bind, Expr, Function};

/// Of a function called with so many arguments, which of them are integers in every form of it; counted from 1.
struct Narrow(&'static str, RangeInclusive<usize>, &'static [usize]);

const FUNCTIONS: &[Narrow] = &[
    Narrow("array_length", 2..=2, &[2]),
    Narrow("array_lower", 2..=2, &[2]),
    Narrow("array_position", 3..=3, &[3]),
    Narrow("array_upper", 2..=2, &[2]),
    Narrow("chr", 1..=1, &[1]),
    Narrow("col_description", 2..=2, &[2]),
    Narrow("cursor_to_xml", 5..=5, &[2]),
    Narrow("format_type", 2..=2, &[2]),
    Narrow("generate_subscripts", 2..=3, &[2]),
    Narrow("get_byte", 2..=2, &[2]),
    Narrow("int4range", 2..=3, &[1, 2]),
    Narrow("lag", 2..=3, &[2]),
    Narrow("lead", 2..=3, &[2]),
    Narrow("left", 2..=2, &[2]),
    Narrow("lpad", 2..=3, &[2]),
    Narrow("make_date", 3..=3, &[1, 2, 3]),
    Narrow("make_interval", 1..=7, &[1, 2, 3, 4, 5, 6]),
    Narrow("make_time", 3..=3, &[1, 2]),
    Narrow("make_timestamp", 6..=6, &[1, 2, 3, 4, 5]),
    Narrow("make_timestamptz", 6..=7, &[1, 2, 3, 4, 5]),
    Narrow("nth_value", 2..=2, &[2]),
    Narrow("ntile", 1..=1, &[1]),
    Narrow("overlay", 3..=4, &[3, 4]),
    Narrow("pg_advisory_lock", 2..=2, &[1, 2]),
    Narrow("pg_advisory_lock_shared", 2..=2, &[1, 2]),
    Narrow("pg_advisory_unlock", 2..=2, &[1, 2]),
    Narrow("pg_advisory_unlock_shared", 2..=2, &[1, 2]),
    Narrow("pg_advisory_xact_lock", 2..=2, &[1, 2]),
    Narrow("pg_advisory_xact_lock_shared", 2..=2, &[1, 2]),
    Narrow("pg_blocking_pids", 1..=1, &[1]),
    Narrow("pg_cancel_backend", 1..=1, &[1]),
    Narrow("pg_describe_object", 3..=3, &[3]),
    Narrow("pg_encoding_max_length", 1..=1, &[1]),
    Narrow("pg_encoding_to_char", 1..=1, &[1]),
    Narrow("pg_get_function_arg_default", 2..=2, &[2]),
    Narrow("pg_get_indexdef", 3..=3, &[2]),
    Narrow("pg_get_viewdef", 2..=2, &[2]),
    Narrow("pg_identify_object", 3..=3, &[3]),
    Narrow("pg_identify_object_as_address", 3..=3, &[3]),
    Narrow("pg_index_column_has_property", 3..=3, &[2]),
    Narrow("pg_log_backend_memory_contexts", 1..=1, &[1]),
    Narrow("pg_logical_slot_get_binary_changes", 3..=4, &[3]),
    Narrow("pg_logical_slot_get_changes", 3..=4, &[3]),
    Narrow("pg_logical_slot_peek_binary_changes", 3..=4, &[3]),
    Narrow("pg_logical_slot_peek_changes", 3..=4, &[3]),
    Narrow("pg_promote", 2..=2, &[2]),
    Narrow("pg_safe_snapshot_blocking_pids", 1..=1, &[1]),
    Narrow("pg_terminate_backend", 1..=2, &[1]),
    Narrow("pg_try_advisory_lock", 2..=2, &[1, 2]),
    Narrow("pg_try_advisory_lock_shared", 2..=2, &[1, 2]),
    Narrow("pg_try_advisory_xact_lock", 2..=2, &[1, 2]),
    Narrow("pg_try_advisory_xact_lock_shared", 2..=2, &[1, 2]),
    Narrow("polygon", 2..=2, &[1]),
    Narrow("regexp_count", 3..=4, &[3]),
    Narrow("regexp_instr", 3..=7, &[3, 4, 5, 7]),
    Narrow("regexp_replace", 4..=6, &[4, 5]),
    Narrow("regexp_substr", 3..=6, &[3, 4, 6]),
    Narrow("repeat", 2..=2, &[2]),
    Narrow("right", 2..=2, &[2]),
    Narrow("round", 2..=2, &[2]),
    Narrow("rpad", 2..=3, &[2]),
    Narrow("set_bit", 3..=3, &[3]),
    Narrow("set_byte", 3..=3, &[2, 3]),
    Narrow("set_masklen", 2..=2, &[2]),
    Narrow("split_part", 3..=3, &[3]),
    Narrow("substr", 2..=3, &[2, 3]),
    Narrow("substring", 2..=3, &[2, 3]),
    Narrow("to_ascii", 2..=2, &[2]),
    Narrow("trim_array", 2..=2, &[2]),
    Narrow("trunc", 2..=2, &[2]),
    Narrow("ts_rank", 3..=3, &[3]),
    Narrow("ts_rank", 4..=4, &[4]),
    Narrow("ts_rank_cd", 3..=3, &[3]),
    Narrow("ts_rank_cd", 4..=4, &[4]),
    Narrow("tsquery_phrase", 3..=3, &[3]),
    Narrow("width_bucket", 4..=4, &[4]),
];

/// Functions that take values of any type, and of no type of their own: PostgreSQL can't tell there what an untyped text is.
const ANYTHING: &[&str] = &[
    "array_agg",
    "array_fill",
    "concat",
    "concat_ws",
    "count",
    "first_value",
    "format",
    "json_agg",
    "json_build_array",
    "json_build_object",
    "json_object_agg",
    "jsonb_agg",
    "jsonb_build_array",
    "jsonb_build_object",
    "jsonb_object_agg",
    "last_value",
    "num_nonnulls",
    "num_nulls",
    "pg_column_size",
    "pg_typeof",
    "to_json",
    "to_jsonb",
];

/// The call with those arguments cast of which PostgreSQL would make something else; nothing where there are none.
pub(super) fn call(function: &Function) -> Option<Function> {
    let name = function.name.strip_prefix("pg_catalog.").unwrap_or(&function.name);
    let count = function.args.len();
    let needs = |(at, argument): (usize, &Expr)| {
        if is_wide(argument) {
            let is_narrow = |Narrow(known, counts, numbers): &Narrow| {
                known.eq_ignore_ascii_case(name) && counts.contains(&count) && numbers.contains(&(at + 1))
            };
            return FUNCTIONS.iter().any(is_narrow).then_some(SqlType::Integer);
        }
        let takes_anything = || ANYTHING.iter().any(|known| known.eq_ignore_ascii_case(name));
        (is_untyped(argument) && takes_anything()).then_some(SqlType::Text)
    };
    if !function.args.iter().enumerate().any(|argument| needs(argument).is_some()) {
        return None;
    }
    let args = function.args.iter().enumerate();
    let args = args.map(|(at, argument)| match needs((at, argument)) {
        Some(sql_type) => cast(argument, sql_type),
        None => argument.clone(),
    });
    Some(Function { args: args.collect(), ..function.clone() })
}

/// The operands of an operator, the one that has to be narrow cast: days beside a date, a position in JSON, by how much bits are
/// shifted.
pub(super) fn operands<'e>(op: &str, left: &'e Expr, right: &'e Expr) -> (Cow<'e, Expr>, Cow<'e, Expr>) {
    let is = |expr: &Expr, types: &[SqlType]| underneath(expr).sql_type().is_some_and(|known| types.contains(&known));
    let (cast_left, cast_right) = match op {
        "+" => (is(right, &[SqlType::Date]), is(left, &[SqlType::Date])),
        "-" => (false, is(left, &[SqlType::Date, SqlType::Json, SqlType::Jsonb])),
        "->" | "->>" | "<<" | ">>" => (false, true),
        _ => (false, false),
    };
    let narrow = |expr, is_cast| {
        if is_cast && is_wide(expr) { Cow::Owned(cast(expr, SqlType::Integer)) } else { Cow::Borrowed(expr) }
    };
    (narrow(left, cast_left), narrow(right, cast_right))
}

/// Whether PostgreSQL takes it for a `bigint`. A number that is written into the text has the type that it fits.
fn is_wide(expr: &Expr) -> bool {
    !matches!(expr, Expr::Integer(_)) && expr.sql_type() == Some(SqlType::BigInt)
}

/// Without what is another type in the program only.
fn underneath(expr: &Expr) -> &Expr {
    match expr {
        Expr::Coerce { operand, .. } => underneath(operand),
        _ => expr,
    }
}

/// Whether it is a text that is sent without a type, for PostgreSQL to read it as it reads a literal.
fn is_untyped(expr: &Expr) -> bool {
    matches!(expr, Expr::Bind(Bind { kind: Kind::Text, context: None, .. }))
}

fn cast(expr: &Expr, sql_type: SqlType) -> Expr {
    Expr::Cast { operand: Box::new(expr.clone()), sql_type, fallible: false }
}
