//! Expressions.

use aludel_core::SqlType;
use aludel_sql::ast::BinaryOp;
use aludel_sql::{
    Expr, Expression, all_of, any_of, array, func, literal, not, null, raw_sql, select, shared, tuple, value,
};

use crate::support::{Address, Item, Order, User};
use crate::{check, check_postgres, check_text, refused};

fn filtered(condition: Expr<bool>) -> aludel_sql::Select<i64> {
    select(User::ID).filter(condition)
}

#[test]
fn comparisons() {
    check(filtered(User::ID.eq(1)), "SELECT users.id FROM users WHERE users.id = ?", "1");
    check(filtered(User::ID.ne(1)), "SELECT users.id FROM users WHERE users.id != ?", "1");
    check(filtered(User::ID.lt(1)), "SELECT users.id FROM users WHERE users.id < ?", "1");
    check(filtered(User::ID.le(1)), "SELECT users.id FROM users WHERE users.id <= ?", "1");
    check(filtered(User::ID.gt(1)), "SELECT users.id FROM users WHERE users.id > ?", "1");
    check(filtered(User::ID.ge(1)), "SELECT users.id FROM users WHERE users.id >= ?", "1");
    check(filtered(User::AGE.eq(User::ID)), "SELECT users.id FROM users WHERE users.age = users.id", "");
    check(filtered(value(1_i64).lt(User::AGE)), "SELECT users.id FROM users WHERE ? < users.age", "1");
    check(
        filtered((User::ID + 1).ne(User::AGE * 2)),
        "SELECT users.id FROM users WHERE users.id + ? != users.age * ?",
        "1, 2",
    );
    check(filtered(User::NAME.eq("ed")), "SELECT users.id FROM users WHERE users.name = ?", "'ed'");
    let ed = String::from("ed");
    check(filtered(User::NAME.eq(&ed)), "SELECT users.id FROM users WHERE users.name = ?", "'ed'");
    check(filtered(User::NAME.eq(ed)), "SELECT users.id FROM users WHERE users.name = ?", "'ed'");
    check(filtered(User::ACTIVE.eq(true)), "SELECT users.id FROM users WHERE users.active = ?", "true");
}

/// A comparison with a NULL of the program's own asks whether the value is NULL; what else would it mean?
#[test]
fn comparisons_with_null() {
    check(filtered(User::AGE.eq(None::<i64>)), "SELECT users.id FROM users WHERE users.age IS NULL", "");
    check(filtered(User::AGE.ne(None::<i64>)), "SELECT users.id FROM users WHERE users.age IS NOT NULL", "");
    check(filtered(User::FULLNAME.eq(None::<&str>)), "SELECT users.id FROM users WHERE users.fullname IS NULL", "");
    check(filtered(User::FULLNAME.eq(Some("x"))), "SELECT users.id FROM users WHERE users.fullname = ?", "'x'");
    check(filtered(User::AGE.lt(None::<i64>)), "SELECT users.id FROM users WHERE users.age < ?", "NULL");
    check(filtered((User::AGE + 1).eq(None::<i64>)), "SELECT users.id FROM users WHERE users.age + ? IS NULL", "1");
    check(filtered(User::AGE.eq(null::<i64>())), "SELECT users.id FROM users WHERE users.age IS NULL", "");
    check(filtered(User::AGE.is_null()), "SELECT users.id FROM users WHERE users.age IS NULL", "");
    check(filtered(User::AGE.is_not_null()), "SELECT users.id FROM users WHERE users.age IS NOT NULL", "");
    check(filtered(User::AGE.is_distinct_from(1)), "SELECT users.id FROM users WHERE users.age IS NOT ?", "1");
    check(
        filtered(User::AGE.is_distinct_from(None::<i64>)),
        "SELECT users.id FROM users WHERE users.age IS NOT ?",
        "NULL",
    );
    check(
        filtered(User::AGE.is_not_distinct_from(User::ID)),
        "SELECT users.id FROM users WHERE users.age IS users.id",
        "",
    );
}

#[test]
fn between() {
    check(filtered(User::AGE.between(1, 5)), "SELECT users.id FROM users WHERE users.age BETWEEN ? AND ?", "1, 5");
    check(
        filtered(User::AGE.not_between(1, User::ID)),
        "SELECT users.id FROM users WHERE users.age NOT BETWEEN ? AND users.id",
        "1",
    );
    check(
        filtered(User::AGE.between_symmetric(5, 1)),
        "SELECT users.id FROM users WHERE (users.age BETWEEN ? AND ? OR users.age BETWEEN ? AND ?)",
        "5, 1, 1, 5",
    );
}

#[test]
fn lists() {
    check(filtered(User::ID.in_([1])), "SELECT users.id FROM users WHERE users.id IN (?)", "1");
    check(filtered(User::ID.in_([1, 2, 3])), "SELECT users.id FROM users WHERE users.id IN (?, ?, ?, ?)", "1, 2, 3, 3");
    check(filtered(User::ID.not_in(vec![1, 2])), "SELECT users.id FROM users WHERE users.id NOT IN (?, ?)", "1, 2");
    check(filtered(User::ID.in_([0_i64; 0])), "SELECT users.id FROM users WHERE 1 = 0", "");
    check(filtered(User::ID.not_in([0_i64; 0])), "SELECT users.id FROM users WHERE 1 = 1", "");
    check(filtered((User::ID + 1).in_([1, 2])), "SELECT users.id FROM users WHERE users.id + ? IN (?, ?)", "1, 1, 2");
    check(
        filtered(User::NAME.in_(["ed", "wendy"])),
        "SELECT users.id FROM users WHERE users.name IN (?, ?)",
        "'ed', 'wendy'",
    );
    check(
        filtered(User::ID.in_([User::AGE.not_null(), value(5)])),
        "SELECT users.id FROM users WHERE users.id IN (users.age, ?)",
        "5",
    );
    check(
        filtered(User::AGE.in_([Some(1), None, Some(2)])),
        "SELECT users.id FROM users WHERE users.age IN (?, ?, ?)",
        "1, NULL, 2",
    );
    check(
        filtered(User::ID.in_query(select(Address::USER_ID))),
        "SELECT users.id FROM users WHERE users.id IN (SELECT addresses.user_id FROM addresses)",
        "",
    );
    check(
        filtered(User::ID.not_in_query(select(Address::USER_ID).filter(Address::EMAIL.eq("x")))),
        "SELECT users.id FROM users WHERE users.id NOT IN (SELECT addresses.user_id FROM addresses WHERE addresses.email = ?)",
        "'x'",
    );
}

#[test]
fn tuples() {
    let pair = || tuple((Item::ORDER_ID, Item::LINE));
    let filtered = |condition| select(Item::SKU).filter(condition);
    check(
        filtered(pair().in_([(1_i64, 2_i64)])),
        "SELECT items.sku FROM items WHERE (items.order_id, items.line) IN (VALUES (?, ?))",
        "1, 2",
    );
    check(
        filtered(pair().in_([(1_i64, 2_i64), (3, 4), (5, 6)])),
        "SELECT items.sku FROM items WHERE (items.order_id, items.line) IN (VALUES (?, ?), (?, ?), (?, ?), (?, ?))",
        "1, 2, 3, 4, 5, 6, 5, 6",
    );
    check(
        filtered(pair().not_in(vec![(1_i64, 2_i64)])),
        "SELECT items.sku FROM items WHERE (items.order_id, items.line) NOT IN (VALUES (?, ?))",
        "1, 2",
    );
    check(filtered(pair().in_(Vec::<(i64, i64)>::new())), "SELECT items.sku FROM items WHERE 1 = 0", "");
    check(
        filtered(pair().in_query(select((Order::ID, Order::USER_ID)))),
        "SELECT items.sku FROM items WHERE (items.order_id, items.line) IN (SELECT orders.id, orders.user_id FROM orders)",
        "",
    );
    check(
        filtered(tuple((Item::ORDER_ID, Item::SKU)).in_([(1_i64, "a")])),
        "SELECT items.sku FROM items WHERE (items.order_id, items.sku) IN (VALUES (?, ?))",
        "1, 'a'",
    );
}

#[test]
fn quantified() {
    let ages = || select(User::AGE.not_null());
    check_postgres(
        filtered(User::ID.compare_any(BinaryOp::Eq, ages())),
        "SELECT users.id FROM users WHERE users.id = ANY (SELECT users.age FROM users)",
        "",
    );
    check_postgres(
        filtered(User::ID.compare_all(BinaryOp::Ge, ages())),
        "SELECT users.id FROM users WHERE users.id >= ALL (SELECT users.age FROM users)",
        "",
    );
    refused(
        filtered(User::ID.compare_any(BinaryOp::Eq, ages())),
        "the sqlite dialect can't render ANY or ALL of a query; use IN, EXISTS, or a comparison with min() or max()",
    );
}

#[test]
fn junctions() {
    let (a, b, c) = (|| User::ID.eq(1), || User::ID.eq(2), || User::ID.eq(3));
    check(filtered(a().and(b())), "SELECT users.id FROM users WHERE users.id = ? AND users.id = ?", "1, 2");
    check(filtered(a().or(b())), "SELECT users.id FROM users WHERE users.id = ? OR users.id = ?", "1, 2");
    check(
        filtered(a().or(b()).and(c())),
        "SELECT users.id FROM users WHERE (users.id = ? OR users.id = ?) AND users.id = ?",
        "1, 2, 3",
    );
    check(
        filtered(a().and(b()).or(c())),
        "SELECT users.id FROM users WHERE users.id = ? AND users.id = ? OR users.id = ?",
        "1, 2, 3",
    );
    check(filtered(not(a())), "SELECT users.id FROM users WHERE users.id != ?", "1");
    check(filtered(not(a().or(b()))), "SELECT users.id FROM users WHERE NOT (users.id = ? OR users.id = ?)", "1, 2");
    check(
        filtered(all_of([a(), b(), c()])),
        "SELECT users.id FROM users WHERE users.id = ? AND users.id = ? AND users.id = ?",
        "1, 2, 3",
    );
    check(
        filtered(any_of([a(), b(), c()])),
        "SELECT users.id FROM users WHERE users.id = ? OR users.id = ? OR users.id = ?",
        "1, 2, 3",
    );
    check(filtered(all_of([a()])), "SELECT users.id FROM users WHERE users.id = ?", "1");
    check(filtered(all_of(Vec::<Expr<bool>>::new())), "SELECT users.id FROM users WHERE 1 = 1", "");
    check(filtered(any_of(Vec::<Expr<bool>>::new())), "SELECT users.id FROM users WHERE 1 = 0", "");
    let first = a();
    check(
        filtered(User::ACTIVE.and(&first).or(first)),
        "SELECT users.id FROM users WHERE users.active = 1 AND users.id = ? OR users.id = ?",
        "1, 1",
    );
    check(filtered(not(User::ACTIVE)), "SELECT users.id FROM users WHERE users.active = 0", "");
}

/// What is left of a junction or of two negations may hold together less tightly than it looked.
#[test]
fn what_is_left_of_a_condition_keeps_its_parentheses() {
    let either = || User::ID.eq(1).or(User::ID.eq(2));
    let third = || User::ID.eq(3);
    check(
        filtered(not(not(either()))).filter(third()),
        "SELECT users.id FROM users WHERE (users.id = ? OR users.id = ?) AND users.id = ?",
        "1, 2, 3",
    );
    check(
        filtered(all_of([literal(true), either()])).filter(third()),
        "SELECT users.id FROM users WHERE (users.id = ? OR users.id = ?) AND users.id = ?",
        "1, 2, 3",
    );
    check(
        filtered(all_of([all_of([either()]), third()])),
        "SELECT users.id FROM users WHERE (users.id = ? OR users.id = ?) AND users.id = ?",
        "1, 2, 3",
    );
    check(
        filtered(not(any_of([not(either())])).and(third())),
        "SELECT users.id FROM users WHERE (users.id = ? OR users.id = ?) AND users.id = ?",
        "1, 2, 3",
    );
}

#[test]
fn arithmetic() {
    let shown = |expr: Expr<i64>| select(expr.label("n")).from(User::TABLE);
    check(shown(User::ID + 1), "SELECT users.id + ? AS n FROM users", "1");
    check(shown(User::ID - 1), "SELECT users.id - ? AS n FROM users", "1");
    check(shown(User::ID * 2), "SELECT users.id * ? AS n FROM users", "2");
    check(shown(User::ID % 2), "SELECT users.id % ? AS n FROM users", "2");
    check(shown(-User::ID), "SELECT -users.id AS n FROM users", "");
    check(shown(-(User::ID + 1)), "SELECT -(users.id + ?) AS n FROM users", "1");
    check(shown((User::ID + 1) * (User::ID - 2)), "SELECT (users.id + ?) * (users.id - ?) AS n FROM users", "1, 2");
    check(shown(User::ID - (User::ID - 1)), "SELECT users.id - (users.id - ?) AS n FROM users", "1");
    check(shown(value(10) - User::ID), "SELECT ? - users.id AS n FROM users", "10");
    check(shown(User::ID.floor_div(2)), "SELECT users.id / ? AS n FROM users", "2");
    check(shown(User::ID.bit_and(1).bit_or(2)), "SELECT (users.id & ?) | ? AS n FROM users", "1, 2");
    check(shown(User::ID.bit_xor(3)), "SELECT ((users.id | ?) - (users.id & ?)) AS n FROM users", "3, 3");
    check(select((User::ID / 2).label("n")), "SELECT users.id / (? + 0.0) AS n FROM users", "2");
    check(select((Item::PRICE / 2.0).label("n")), "SELECT items.price / ? AS n FROM items", "2.0");
    check(
        select((Item::PRICE * 2.0).floor_div(3.0).label("n")),
        "SELECT CAST(items.price * ? / ? AS INTEGER) AS n FROM items",
        "2.0, 3.0",
    );
}

#[test]
fn operators_of_one_database() {
    check(select(User::ID.op("<<", 1).label("n")), "SELECT users.id << ? AS n FROM users", "1");
    check(filtered(User::NAME.bool_op("GLOB", "e*")), "SELECT users.id FROM users WHERE users.name GLOB ?", "'e*'");
    check_postgres(
        filtered(User::DATA.compare_by::<String>(BinaryOp::Contains, "{}")),
        "SELECT users.id FROM users WHERE users.data @> $1",
        "'{}'",
    );
    check_postgres(
        filtered(User::DATA.compare_by::<String>(BinaryOp::HasKey, "a")),
        "SELECT users.id FROM users WHERE users.data ? $1",
        "'a'",
    );
    refused(
        filtered(User::DATA.compare_by::<String>(BinaryOp::Contains, "{}")),
        "the sqlite dialect can't render the operator @>",
    );
}

#[test]
fn types() {
    let shown = |expr: Expr<i64>| select(expr.label("n")).from(User::TABLE);
    check(shown(User::NAME.cast()), "SELECT CAST(users.name AS BIGINT) AS n FROM users", "");
    check(select(User::ID.cast::<String>().label("n")), "SELECT CAST(users.id AS TEXT) AS n FROM users", "");
    check(
        select(User::ID.cast_as::<String>(SqlType::Varchar(10)).label("n")),
        "SELECT CAST(users.id AS VARCHAR(10)) AS n FROM users",
        "",
    );
    check(select(User::NAME.cast::<aludel_core::Date>().label("n")), "SELECT date(users.name) AS n FROM users", "");
    check(shown(Item::QTY.coerce()), "SELECT items.qty AS n FROM users, items", "");
    check(
        filtered(User::ID.eq(Item::QTY.coerce::<i64>())),
        "SELECT users.id FROM users, items WHERE users.id = items.qty",
        "",
    );
    check(select((User::ID.nullable(), User::AGE.not_null())), "SELECT users.id, users.age FROM users", "");
    refused(select(User::NAME.try_cast::<i64>()), "the sqlite dialect can't render TRY_CAST");
}

#[test]
fn dates_collations_and_documents() {
    check(
        select(Order::PLACED.extract("year").label("n")),
        "SELECT CAST(STRFTIME('%Y', orders.placed) AS INTEGER) AS n FROM orders",
        "",
    );
    check(
        select(User::CREATED_AT.extract("minute").label("n")),
        "SELECT CAST(STRFTIME('%M', users.created_at) AS INTEGER) AS n FROM users",
        "",
    );
    check(
        select(User::ID).order_by(User::NAME.collate("NOCASE")),
        r#"SELECT users.id FROM users ORDER BY users.name COLLATE "NOCASE""#,
        "",
    );
    check(
        select(User::DATA.json_path(["a"]).label("n")),
        "SELECT users.data -> ('$.' || json_quote(?)) AS n FROM users",
        "'a'",
    );
    check(
        select(User::DATA.json_text(["a", "b"]).label("n")),
        "SELECT CAST(users.data -> ('$.' || json_quote(?)) ->> ('$.' || json_quote(?)) AS TEXT) AS n FROM users",
        "'a', 'b'",
    );
    check(
        filtered(User::DATA.json_path([0_i64]).eq("1")),
        "SELECT users.id FROM users WHERE users.data -> ? = ?",
        "0, '1'",
    );
}

#[test]
fn values_and_literals() {
    check(select(value(1_i32)), "SELECT ? AS anon_1", "1");
    check(select(value(String::from("x"))), "SELECT ? AS anon_1", "'x'");
    check(select(value(vec![0_u8, 255])), "SELECT ? AS anon_1", "x'00ff'");
    check(
        select((literal(1_i64), literal(-5_i32), literal(1.5), literal("it's"), literal(true), literal(false))),
        "SELECT 1, -5, 1.5, 'it''s', 1, 0",
        "",
    );
    check(select(literal(f64::INFINITY)), "SELECT ? AS anon_1", "inf");
    check(select(literal(1e300)), "SELECT 1e300", "");
    check(select(null::<i64>()), "SELECT NULL", "");
    check_postgres(
        select(array::<String>((value(String::from("a")), literal("b")))),
        "SELECT ARRAY[$1, 'b'] AS anon_1",
        "'a'",
    );
    refused(select(array::<String>(literal("b"))), "the sqlite dialect can't render an array");
}

/// Where placeholders have numbers, a shared expression is the same to the database in every place.
#[test]
fn shared_expressions() {
    let next = shared(User::ID + 1);
    let query = select((next.clone(), func::count_all())).group_by(&next);
    check(&query, "SELECT users.id + ? AS anon_1, count(*) AS count_1 FROM users GROUP BY users.id + ?", "1, 1");
    check_postgres(
        &query,
        "SELECT users.id + $1 AS anon_1, count(*) AS count_1 FROM users GROUP BY users.id + $1",
        "1",
    );
}

#[test]
fn sql_of_the_programs_own() {
    check(select(raw_sql::<i64>("abs({})", User::ID).label("n")), "SELECT abs(users.id) AS n FROM users", "");
    check(
        select(raw_sql::<i64>("max({}, {})", (User::ID, value(5))).label("n")),
        "SELECT max(users.id, ?) AS n FROM users",
        "5",
    );
    check(select(raw_sql::<i64>("random()", ())), "SELECT random()", "");
    check(select((raw_sql::<i64>("1 + 1", ()) * 2).label("n")), "SELECT (1 + 1) * ? AS n", "2");
    check(
        select((raw_sql::<i64>("{} + 1", User::ID) * 2).label("n")),
        "SELECT (users.id + 1) * ? AS n FROM users",
        "2",
    );
    check(
        filtered(raw_sql::<bool>("{} > 1 OR 1", User::ID)).filter(User::ID.eq(1)),
        "SELECT users.id FROM users WHERE (users.id > 1 OR 1) AND users.id = ?",
        "1",
    );
    check_text(select(raw_sql::<i64>("'{'", ())), "SELECT '{'", "");
}

#[test]
fn expressions_stand_as_a_whole_in_sql_of_the_programs_own() {
    check(select(raw_sql::<i64>("{} * 2", User::ID + 1)), "SELECT (users.id + ?) * 2 FROM users", "1");
}
