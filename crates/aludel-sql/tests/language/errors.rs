//! Statements that are put together wrongly, in ways that types can't see.

use aludel_sql::{
    Executable, Expression, Select, all_of, delete, func, insert, raw_sql, select, text, tuple, union, update, value,
    values, window,
};

use crate::support::{Address, Item, User};
use crate::{compile, refused};

#[test]
fn places_and_expressions() {
    refused(
        select(raw_sql::<i64>("abs({})", ())),
        r#"the statement can't be compiled: raw_sql("abs({})") has 1 place(s) for 0 expression(s)"#,
    );
    refused(
        select(raw_sql::<i64>("abs()", User::ID)),
        r#"the statement can't be compiled: raw_sql("abs()") has 0 place(s) for 1 expression(s)"#,
    );
    refused(
        select(raw_sql::<i64>("f({}, {})", User::ID)),
        r#"the statement can't be compiled: raw_sql("f({}, {})") has 2 place(s) for 1 expression(s)"#,
    );
}

#[test]
fn widths_of_tuples() {
    let pair = || tuple((Item::ORDER_ID, Item::LINE));
    refused(
        select(Item::SKU).filter(pair().in_([(1_i64, 2_i64, 3_i64)])),
        "the statement can't be compiled: a tuple of 2 columns is looked for among tuples of 3 values",
    );
    refused(
        select(Item::SKU).filter(pair().in_([(1_i64,), (2_i64,)])),
        "the statement can't be compiled: a tuple of 2 columns is looked for among tuples of 1 values",
    );
}

#[test]
fn what_belongs_behind_a_call() {
    refused(
        select((User::ID + 1).over(window())),
        "the statement can't be compiled: over, filter_where, aggregate_order_by and within_group belong behind a function call",
    );
    refused(
        select(User::ID.expr().filter_where(User::ID.eq(1))),
        "the statement can't be compiled: over, filter_where, aggregate_order_by and within_group belong behind a function call",
    );
    refused(
        select(User::ID.expr().aggregate_order_by(User::ID)),
        "the statement can't be compiled: over, filter_where, aggregate_order_by and within_group belong behind a function call",
    );
    refused(
        select(value(1_i64).within_group(User::ID)),
        "the statement can't be compiled: over, filter_where, aggregate_order_by and within_group belong behind a function call",
    );
}

#[test]
fn values_of_texts() {
    refused(
        text("SELECT :a"),
        r#"the statement can't be compiled: no value is bound to :a; add .bind("a", …), or write \: for a colon"#,
    );
    refused(
        text("SELECT :a").bind("b", 1_i64),
        r#"the statement can't be compiled: no value is bound to :a; add .bind("a", …), or write \: for a colon"#,
    );
    refused(
        text("SELECT 1").bind("b", 1_i64),
        "the statement can't be compiled: a value is bound to :b, which the SQL text does not have",
    );
}

#[test]
fn clauses_of_a_union() {
    let both = || union([select(User::ID), select(Address::ID)]);
    let message = "the statement can't be compiled: only order, limit and offset apply to a UNION, INTERSECT or EXCEPT; \
                   filter its parts, or select from it as a subquery";
    refused(both().filter(User::ID.eq(1)), message);
    refused(both().join(Address::TABLE, Address::ID.eq(User::ID)), message);
    refused(both().group_by(User::ID), message);
    refused(both().distinct(), message);
    refused(both().columns(User::NAME), message);
    refused(both().having(User::ID.eq(1)), message);
    refused(
        union(Vec::<Select<i64>>::new()),
        "the statement can't be compiled: a UNION, INTERSECT or EXCEPT of no queries",
    );
}

#[test]
fn inserts() {
    let item = || Item { order_id: 1, line: 1, sku: String::new(), qty: 1, price: 1.0 };
    refused(
        insert(Item::TABLE).row(item()).row(item()).set(Item::LINE, 1),
        "the statement can't be compiled: set(…) makes the one row of an INSERT; it can't follow row(…)",
    );
    refused(
        insert(Item::TABLE).set(Item::LINE, 1).row(item()),
        "the statement can't be compiled: an INSERT whose rows are not as long as its list of columns",
    );
    refused(
        insert(Item::TABLE)
            .set(Item::LINE, 1)
            .on_conflict_do_nothing()
            .on_conflict(Item::LINE)
            .do_update_where([], Item::LINE.eq(1)),
        "the statement can't be compiled: do_update needs at least one assignment",
    );
    refused(
        insert(Item::TABLE).set(Item::LINE, 1).on_constraint("c").where_target(Item::LINE.eq(1)).do_nothing(),
        "the statement can't be compiled: where_target belongs to on_conflict with columns",
    );
    refused(
        insert(User::TABLE).from_query((User::ID, User::NAME), select(Address::ID)),
        "the statement can't be compiled: an INSERT into 2 column(s) from a query of 1 column(s)",
    );
}

#[test]
fn nothing_to_do() {
    refused(update(User::TABLE), "the statement can't be compiled: UPDATE without an assignment");
    refused(
        select(values("v", ["a"], Vec::<(i64,)>::new()).column::<i64>("a")),
        "the statement can't be compiled: a list of values without rows or without names for its columns",
    );
    refused(
        select(values("v", [], [(1_i64,)]).column::<i64>("a")),
        "the statement can't be compiled: a list of values without rows or without names for its columns",
    );
}

#[test]
fn joins() {
    refused(
        select(User::ID).join_by_key(Item::TABLE),
        r#"the statement can't be compiled: no foreign key joins "users" and "items": give the join a condition"#,
    );
}

/// The error comes when the statement is compiled, with every statement around it.
#[test]
fn errors_inside_other_statements() {
    let wrong = || select(raw_sql::<i64>("{}", ()));
    refused(
        select(User::ID).filter(User::ID.in_query(wrong())),
        r#"the statement can't be compiled: raw_sql("{}") has 1 place(s) for 0 expression(s)"#,
    );
    refused(
        select(wrong().subquery("q").column::<i64>("n")),
        r#"the statement can't be compiled: raw_sql("{}") has 1 place(s) for 0 expression(s)"#,
    );
    refused(
        select(wrong().cte("c").column::<i64>("n")),
        r#"the statement can't be compiled: raw_sql("{}") has 1 place(s) for 0 expression(s)"#,
    );
    refused(
        delete(User::TABLE).filter(all_of([User::ID.eq(wrong())])),
        r#"the statement can't be compiled: raw_sql("{}") has 1 place(s) for 0 expression(s)"#,
    );
    refused(
        select(func::abs(raw_sql::<i64>("{}", ()))),
        r#"the statement can't be compiled: raw_sql("{}") has 1 place(s) for 0 expression(s)"#,
    );
}

#[test]
fn a_wrong_statement_has_a_key_all_the_same() {
    let wrong = || select(raw_sql::<i64>("{}", ())).into_arguments();
    assert_eq!(wrong().key(), wrong().key());
    assert!(compile(select(raw_sql::<i64>("{}", ()))).is_err());
}
