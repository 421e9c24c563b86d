//! Parentheses stand where they change the meaning, and nowhere else.

#[path = "support/schema.rs"]
mod schema;
#[path = "support/sql.rs"]
mod sql;

use aludel_sql::{Expr, Expression, case, func, literal, not, raw_sql, select, value};
use schema::{Order, User};
use sql::{check, check_on};

#[track_caller]
fn condition(condition: Expr<bool>, expected: &str) {
    check(select(User::ID).filter(condition), &format!("SELECT users.id FROM users WHERE {expected}"));
}

#[track_caller]
fn number(expression: Expr<Option<i32>>, expected: &str) {
    check(select(expression.label("n")), &format!("SELECT {expected} AS n FROM users"));
}

fn a() -> Expr<bool> {
    User::NAME.eq("a")
}

fn b() -> Expr<bool> {
    User::AGE.lt(5)
}

#[test]
fn and_or_not() {
    condition(a().and(b()).or(a()), "users.name = ? AND users.age < ? OR users.name = ?");
    condition(a().or(b()).and(a()), "(users.name = ? OR users.age < ?) AND users.name = ?");
    condition(a().and(b().or(a())), "users.name = ? AND (users.age < ? OR users.name = ?)");
    condition(a().and(b()).and(a()), "users.name = ? AND users.age < ? AND users.name = ?");
    condition(not(a().or(b())), "NOT (users.name = ? OR users.age < ?)");
    condition(not(a().and(b())).and(b()), "NOT (users.name = ? AND users.age < ?) AND users.age < ?");
    condition(not(not(a().or(b()))), "users.name = ? OR users.age < ?");
}

#[test]
fn negations_find_the_opposite() {
    condition(not(a()), "users.name != ?");
    condition(not(b()), "users.age >= ?");
    condition(not(User::AGE.is_null()), "users.age IS NOT NULL");
    condition(not(User::NAME.like("x")), "users.name NOT LIKE ?");
    condition(not(User::AGE.between(1, 2)), "users.age NOT BETWEEN ? AND ?");
    condition(not(User::AGE.in_([1])), "users.age NOT IN (?)");
    condition(not(User::AGE.is_distinct_from(1)), "users.age IS ?");
    condition(not(select(Order::ID).exists()), "NOT EXISTS (SELECT orders.id FROM orders)");
    condition(not(User::ACTIVE), "users.active = 0");
    check_on(
        "postgresql",
        select(User::ID).filter(not(User::ACTIVE)),
        "SELECT users.id FROM users WHERE NOT users.active",
    );
}

#[test]
fn a_comparison_with_any_has_no_simple_opposite() {
    let any = User::ID.compare_any(aludel_sql::ast::BinaryOp::Eq, select(Order::USER_ID));
    check_on(
        "postgresql",
        select(User::ID).filter(not(any)),
        "SELECT users.id FROM users WHERE NOT (users.id = ANY (SELECT orders.user_id FROM orders))",
    );
}

#[test]
fn empty_lists_of_conditions() {
    condition(aludel_sql::all_of(Vec::<Expr<bool>>::new()), "1 = 1");
    condition(aludel_sql::any_of(Vec::<Expr<bool>>::new()), "1 = 0");
    condition(aludel_sql::all_of([literal(true), a()]), "users.name = ?");
    condition(aludel_sql::any_of([literal(false), a()]), "users.name = ?");
    condition(a().and(aludel_sql::any_of(Vec::<Expr<bool>>::new())), "users.name = ? AND 1 = 0");
}

#[test]
fn arithmetic() {
    number(User::AGE + 1 + 2, "users.age + ? + ?");
    number((User::AGE + 1) * 2, "(users.age + ?) * ?");
    number(User::AGE + User::AGE * 2, "users.age + users.age * ?");
    number(User::AGE - (User::AGE - 1), "users.age - (users.age - ?)");
    number(User::AGE - User::AGE - 1, "users.age - users.age - ?");
    number(User::AGE * (User::AGE * 2), "users.age * (users.age * ?)");
    number(-(User::AGE + 1), "-(users.age + ?)");
    number(-(-User::AGE), "-(-users.age)");
    number(User::AGE - literal(-1), "users.age - -1");
    number(-(User::AGE * literal(-1)), "-(users.age * -1)");
}

#[test]
fn bits_and_texts_stand_alone() {
    number(User::AGE.bit_and(3) + 1, "(users.age & ?) + ?");
    number(User::AGE.bit_and(User::AGE + 1), "users.age & (users.age + ?)");
    number(User::AGE.bit_and(3).bit_and(1), "users.age & ? & ?");
    number(User::AGE.bit_or(3).bit_and(1), "(users.age | ?) & ?");
    condition(User::NAME.concat("x").eq("y"), "users.name || ? = ?");
    condition(User::NAME.concat("x").like("y"), "users.name || ? LIKE ?");
    condition(User::NAME.eq(User::NAME.concat("x")), "users.name = users.name || ?");
}

#[test]
fn comparisons_of_comparisons() {
    condition(a().eq(b()), "(users.name = ?) = (users.age < ?)");
    condition(a().is_null(), "(users.name = ?) IS NULL");
    condition(User::NAME.like("x").eq(value(true)), "(users.name LIKE ?) = ?");
    condition(not(a().or(b())).eq(value(true)), "(NOT (users.name = ? OR users.age < ?)) = ?");
}

#[test]
fn what_is_one_piece_needs_none() {
    number(func::abs(User::AGE) * 2, "abs(users.age) * ?");
    number(
        User::AGE * select(func::max(User::AGE)).scalar().coerce::<Option<i32>>(),
        "users.age * (SELECT max(users.age) AS max_1 FROM users)",
    );
    number(case().when::<Option<i32>>(a(), 1).otherwise(2) + 1, "CASE WHEN users.name = ? THEN ? ELSE ? END + ?");
}

#[test]
fn sql_of_the_programs_own_is_looked_at() {
    condition(raw_sql::<bool>("1 = 1 OR 2 = 2", ()).and(a()), "(1 = 1 OR 2 = 2) AND users.name = ?");
    condition(raw_sql::<bool>("f({})", (User::AGE,)).and(a()), "f(users.age) AND users.name = ?");
    condition(not(raw_sql::<bool>("1 = 1 OR 2 = 2", ())), "NOT (1 = 1 OR 2 = 2)");
    number(raw_sql::<Option<i32>>("1 + {}", (User::AGE,)) * 2, "(1 + users.age) * ?");
    condition(User::NAME.bool_op("~~", "x").and(b()), "(users.name ~~ ?) AND users.age < ?");
    condition(User::NAME.bool_op("~~", "x"), "users.name ~~ ?");
}

#[test]
fn division_keeps_the_fraction() {
    check(select((User::AGE / User::AGE).label("n")), "SELECT users.age / (users.age + 0.0) AS n FROM users");
    check(select((User::AGE / (User::AGE + 1)).label("n")), "SELECT users.age / (users.age + ? + 0.0) AS n FROM users");
    check(select((User::AGE / (User::AGE * 2)).label("n")), "SELECT users.age / (users.age * ? + 0.0) AS n FROM users");
    check_on(
        "postgresql",
        select((User::AGE / User::AGE).label("n")),
        "SELECT users.age / CAST(users.age AS NUMERIC) AS n FROM users",
    );
    check_on(
        "postgresql",
        select((User::BALANCE / User::BALANCE).label("n")),
        "SELECT users.balance / users.balance AS n FROM users",
    );
    check_on("mysql", select((User::AGE / User::AGE).label("n")), "SELECT users.age / users.age AS n FROM users");
}
