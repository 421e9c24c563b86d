//! Functions and aggregates.

use aludel_sql::{Expression, func, literal, select, value};

use crate::support::{Item, Order, User};
use crate::{check, check_postgres, check_text, refused};

#[test]
fn by_name() {
    check(
        select(func::call::<i64>("max", (User::ID, value(5_i64))).label("n")),
        "SELECT max(users.id, ?) AS n FROM users",
        "5",
    );
    check_text(select(func::call::<i64>("my_func", ())), "SELECT my_func() AS my_func_1", "");
    check_text(
        select(func::call::<i64>("My Func", User::ID).label("n")),
        r#"SELECT "My Func"(users.id) AS n FROM users"#,
        "",
    );
    check_text(select(func::call::<i64>("dbo.f", User::ID).label("n")), "SELECT dbo.f(users.id) AS n FROM users", "");
}

#[test]
fn aggregates() {
    check(select(func::count_all()).from(User::TABLE), "SELECT count(*) AS count_1 FROM users", "");
    check(select(func::count(User::AGE)), "SELECT count(users.age) AS count_1 FROM users", "");
    check(select(func::count_distinct(User::AGE)), "SELECT count(DISTINCT users.age) AS count_1 FROM users", "");
    check(select(func::sum(User::AGE)), "SELECT sum(users.age) AS sum_1 FROM users", "");
    check(select(func::sum(User::AGE.expr().distinct())), "SELECT sum(DISTINCT users.age) AS sum_1 FROM users", "");
    check(
        select((func::avg(Item::QTY), func::min(Item::PRICE), func::max(Item::SKU))),
        "SELECT avg(items.qty) AS avg_1, min(items.price) AS min_1, max(items.sku) AS max_1 FROM items",
        "",
    );
    check(select(func::sum(Order::TOTAL)), "SELECT sum(orders.total) AS sum_1 FROM orders", "");
    check(
        select(func::aggregate_strings(User::NAME, ", ")),
        "SELECT group_concat(users.name, ', ') AS aggregate_strings_1 FROM users",
        "",
    );
}

#[test]
fn behind_an_aggregate() {
    check(
        select(func::count_all().filter_where(User::AGE.gt(18))).from(User::TABLE),
        "SELECT count(*) FILTER (WHERE users.age > ?) AS anon_1 FROM users",
        "18",
    );
    check(
        select(func::aggregate_strings(User::NAME, ",").aggregate_order_by(User::ID.desc())),
        "SELECT group_concat(users.name, ',' ORDER BY users.id DESC) AS aggregate_strings_1 FROM users",
        "",
    );
    let median = || func::call::<f64>("percentile_cont", literal(0.5)).within_group(User::AGE);
    check_postgres(
        select(median()),
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY users.age) AS percentile_cont_1 FROM users",
        "",
    );
    refused(select(median()), "the sqlite dialect can't render WITHIN GROUP");
}

#[test]
fn choices() {
    check(select(func::coalesce(User::AGE, 0).label("n")), "SELECT coalesce(users.age, ?) AS n FROM users", "0");
    check(
        select(func::coalesce(User::FULLNAME, User::NAME).label("n")),
        "SELECT coalesce(users.fullname, users.name) AS n FROM users",
        "",
    );
    check(
        select(func::coalesce_all::<String>((User::FULLNAME, User::NAME, literal("-"))).label("n")),
        "SELECT coalesce(users.fullname, users.name, '-') AS n FROM users",
        "",
    );
    check(select(func::nullif(User::NAME, "").label("n")), "SELECT nullif(users.name, ?) AS n FROM users", "''");
}

#[test]
fn texts() {
    check(
        select((func::lower(User::NAME), func::upper(User::FULLNAME))),
        "SELECT lower(users.name) AS lower_1, upper(users.fullname) AS upper_1 FROM users",
        "",
    );
    check(
        select((func::trim(User::NAME), func::ltrim(User::NAME), func::rtrim(User::NAME))),
        "SELECT trim(users.name) AS trim_1, ltrim(users.name) AS ltrim_1, rtrim(users.name) AS rtrim_1 FROM users",
        "",
    );
    check(select(func::char_length(User::NAME)), "SELECT length(users.name) AS char_length_1 FROM users", "");
    check(
        select(func::substring(User::NAME, 1, 3)),
        "SELECT substring(users.name, ?, ?) AS substring_1 FROM users",
        "1, 3",
    );
    check(
        select(func::replace(User::NAME, "a", "b")),
        "SELECT replace(users.name, ?, ?) AS replace_1 FROM users",
        "'a', 'b'",
    );
}

#[test]
fn numbers_and_times() {
    check(
        select((func::abs(User::AGE), func::round(Item::PRICE, 2))).cross_join(Item::TABLE),
        "SELECT abs(users.age) AS abs_1, round(items.price, ?) AS round_1 FROM users CROSS JOIN items",
        "2",
    );
    check(
        select((func::now(), func::current_date(), func::current_timestamp())),
        "SELECT CURRENT_TIMESTAMP AS now_1, CURRENT_DATE AS current_date_1, CURRENT_TIMESTAMP AS current_timestamp_1",
        "",
    );
    check(select(func::random()), "SELECT random() AS random_1", "");
    check_postgres(select(func::next_value("user_ids")), "SELECT nextval('user_ids') AS anon_1", "");
    refused(select(func::next_value("user_ids")), "the sqlite dialect can't render a sequence");
}
