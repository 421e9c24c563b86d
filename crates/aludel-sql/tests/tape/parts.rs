//! Each part of a statement that changes its text, or how its rows are read, changes its key. No value does.

use std::borrow::Cow;
use std::sync::Arc;

use aludel_core::{CacheSafety, CompileError, Held, SqlType};
use aludel_sql::ast::{BinaryOp, FrameExclude, FrameUnits, LockStrength, LockWait};
use aludel_sql::compile::SqlWriter;
use aludel_sql::schema::{ColumnDef, Generated, Table};
use aludel_sql::{
    Arguments, CteOptions, CustomElement, Executable, Expr, Expression, Frame, RuntimeTable, Select, TableFunction,
    all_of, any_of, case, delete, element, excluded, exists, func, insert, literal, not, null, raw_sql, select, shared,
    table_function, text, text_source, tuple, union, union_all, update, value, values, window,
};

use crate::support::{Address, Item, Order, User};

/// Statements that differ in one part; no two of them may have one key, and each has the same key when it is built again.
fn differ(name: &str, build: impl Fn() -> Vec<Arguments>) {
    let (first, second) = (build(), build());
    for (index, one) in first.iter().enumerate() {
        for (other_index, other) in second.iter().enumerate() {
            let equal = one.key() == other.key();
            assert_eq!(equal, index == other_index, "{name}: {index} and {other_index}");
        }
    }
}

/// Statements that differ in values alone.
fn agree(name: &str, statements: Vec<Arguments>) {
    for (index, other) in statements.iter().enumerate() {
        assert!(statements[0].key() == other.key(), "{name}: 0 and {index}");
    }
}

/// `SELECT id FROM users WHERE …`
fn filtered(condition: Expr<bool>) -> Arguments {
    select(User::ID).filter(condition).into_arguments()
}

/// `SELECT … FROM users`
fn selected<T: aludel_core::SqlTyped + aludel_core::FromRow + Send + 'static>(expr: Expr<T>) -> Arguments {
    select(expr).from(User::TABLE).into_arguments()
}

fn ids() -> Select<i64> {
    select(User::ID)
}

#[test]
fn of_a_select() {
    differ("columns", || {
        vec![
            ids().into_arguments(),
            select(User::AGE).into_arguments(),
            select(Address::ID).into_arguments(),
            select((User::ID, User::AGE)).into_arguments(),
            select((User::AGE, User::ID)).into_arguments(),
            select(User::ALL).into_arguments(),
            select(Address::ALL).into_arguments(),
            select(User::ID.label("a")).into_arguments(),
            select(User::ID.label("b")).into_arguments(),
        ]
    });
    differ("clauses", || {
        vec![
            ids().into_arguments(),
            ids().distinct().into_arguments(),
            ids().distinct_on(User::ID).into_arguments(),
            ids().distinct_on(User::AGE).into_arguments(),
            ids().limit(1).into_arguments(),
            ids().offset(1).into_arguments(),
            ids().limit(1).offset(1).into_arguments(),
            ids().limit(1).with_ties().into_arguments(),
            ids().from(User::TABLE).into_arguments(),
            ids().from(Address::TABLE).into_arguments(),
            ids().group_by(User::ID).into_arguments(),
            ids().group_by((User::ID, User::AGE)).into_arguments(),
            ids().having(User::ID.eq(1)).into_arguments(),
            ids().filter(User::ID.eq(1)).into_arguments(),
            ids().filter(User::ID.eq(1)).filter(User::ID.eq(1)).into_arguments(),
            ids().for_update().into_arguments(),
            ids().lock(LockStrength::Share, LockWait::Wait).into_arguments(),
            ids().lock(LockStrength::Share, LockWait::NoWait).into_arguments(),
            ids().lock_of(LockStrength::Update, LockWait::Wait, User::TABLE).into_arguments(),
            ids().prefix("x", None).into_arguments(),
            ids().prefix("y", None).into_arguments(),
            ids().prefix("x", Some("sqlite")).into_arguments(),
            ids().suffix("x", None).into_arguments(),
            ids().hint(User::TABLE, "x", None).into_arguments(),
            ids().hint(Address::TABLE, "x", None).into_arguments(),
            ids().correlate(User::TABLE).into_arguments(),
            ids().correlate_except(User::TABLE).into_arguments(),
            ids().correlate_nothing().into_arguments(),
        ]
    });
    differ("order", || {
        vec![
            ids().order_by(User::ID).into_arguments(),
            ids().order_by(User::AGE).into_arguments(),
            ids().order_by(User::ID.desc()).into_arguments(),
            ids().order_by(User::ID.asc().nulls_first()).into_arguments(),
            ids().order_by(User::ID.asc().nulls_last()).into_arguments(),
            ids().order_by(User::ID.desc().nulls_last()).into_arguments(),
            ids().order_by((User::ID, User::AGE)).into_arguments(),
        ]
    });
    differ("joins", || {
        let on = || Address::USER_ID.eq(User::ID);
        vec![
            ids().join(Address::TABLE, on()).into_arguments(),
            ids().left_join(Address::TABLE, on()).into_arguments(),
            ids().right_join(Address::TABLE, on()).into_arguments(),
            ids().full_join(Address::TABLE, on()).into_arguments(),
            ids().cross_join(Address::TABLE).into_arguments(),
            ids().join_by_key(Address::TABLE).into_arguments(),
            ids().left_join_by_key(Address::TABLE).into_arguments(),
            ids().join(Address::TABLE, Address::ID.eq(User::ID)).into_arguments(),
            ids().join(Order::TABLE, on()).into_arguments(),
        ]
    });
}

#[test]
fn of_an_expression() {
    differ("operators", || {
        let comparisons =
            [BinaryOp::Eq, BinaryOp::Contains, BinaryOp::ContainedBy, BinaryOp::HasKey, BinaryOp::TextSearch];
        let mut all: Vec<_> = comparisons.map(|op| filtered(User::ID.compare_by::<i64>(op, 1))).into();
        all.extend([
            filtered(User::ID.ne(1)),
            filtered(User::ID.lt(1)),
            filtered(User::ID.le(1)),
            filtered(User::ID.gt(1)),
            filtered(User::ID.ge(1)),
            filtered(User::ID.eq(User::AGE)),
            filtered(User::AGE.eq(User::ID)),
            filtered(User::ID.eq(literal(1_i64))),
            filtered(User::ID.eq(literal(2_i64))),
            filtered(User::ID.is_distinct_from(1)),
            filtered(User::ID.is_not_distinct_from(1)),
            filtered(User::ID.is_null()),
            filtered(User::ID.is_not_null()),
            filtered(User::ID.between(1, 2)),
            filtered(User::ID.not_between(1, 2)),
            filtered(User::ID.between_symmetric(1, 2)),
            filtered(User::ID.bool_op("~", 1)),
            filtered(User::ID.bool_op("!~", 1)),
            filtered(not(User::ID.eq(1))),
            filtered(all_of([User::ID.eq(1), User::ID.eq(1)])),
            filtered(any_of([User::ID.eq(1), User::ID.eq(1)])),
            filtered(all_of([User::ID.eq(1)])),
            filtered(literal(true)),
            filtered(literal(false)),
        ]);
        all
    });
    differ("arithmetic", || {
        vec![
            selected(User::ID + 1),
            selected(User::ID - 1),
            selected(User::ID * 1),
            selected(User::ID % 2),
            selected(value(1_i64) + User::ID),
            selected(-User::ID),
            selected(User::ID.floor_div(1)),
            selected(User::ID.bit_and(1)),
            selected(User::ID.bit_or(1)),
            selected(User::ID.bit_xor(1)),
            selected(User::ID.op("@", 1)),
            selected(User::ID.op("#", 1)),
        ]
    });
    differ("lists", || {
        vec![
            filtered(User::ID.in_([0_i64; 0])),
            filtered(User::ID.in_([1])),
            filtered(User::ID.in_([1, 2])),
            filtered(User::ID.in_([1, 2, 3])),
            filtered(User::ID.in_([1, 2, 3, 4, 5])),
            filtered(User::AGE.in_([1])),
            filtered(User::ID.not_in([1])),
            filtered((User::ID + 1).in_([1])),
            filtered(User::ID.in_([User::AGE])),
            filtered(User::ID.in_query(ids())),
            filtered(User::ID.not_in_query(ids())),
            filtered(tuple((User::ID, User::AGE)).in_([(1, 2)])),
            filtered(tuple((User::ID, User::AGE)).in_([(1, 2), (3, 4)])),
            filtered(tuple((User::ID, User::AGE)).not_in([(1, 2)])),
            filtered(tuple((User::ID, User::AGE, User::AGE)).in_([(1, 2, 3)])),
            filtered(User::ID.compare_any(BinaryOp::Eq, ids())),
            filtered(User::ID.compare_all(BinaryOp::Eq, ids())),
            filtered(User::ID.compare_any(BinaryOp::Lt, ids())),
            filtered(exists(ids())),
            filtered(ids().not_exists()),
        ]
    });
    differ("texts", || {
        vec![
            filtered(User::NAME.like("a")),
            filtered(User::NAME.not_like("a")),
            filtered(User::NAME.ilike("a")),
            filtered(User::NAME.not_ilike("a")),
            filtered(User::NAME.like_escape("a", '/')),
            filtered(User::NAME.like_escape("a", '!')),
            filtered(User::NAME.starts_with("a")),
            filtered(User::NAME.ends_with("a")),
            filtered(User::NAME.contains("a")),
            filtered(User::NAME.contains_escaped("a")),
            filtered(User::NAME.regexp("a")),
            filtered(User::NAME.matches("a")),
            filtered(User::NAME.collate("a").eq("a")),
            filtered(User::NAME.collate("b").eq("a")),
            filtered(User::NAME.concat("a").eq("a")),
        ]
    });
}

#[test]
fn of_a_call() {
    differ("functions", || {
        vec![
            selected(func::call::<i64>("f", User::ID)),
            selected(func::call::<i64>("g", User::ID)),
            selected(func::call::<i64>("f", (User::ID, User::ID))),
            selected(func::call::<i64>("f", ())),
            selected(func::call::<i32>("f", User::ID)),
            selected(func::count(User::ID)),
            selected(func::count_all()),
            selected(func::count_distinct(User::ID)),
            selected(func::count(User::ID).filter_where(User::ID.eq(1))),
            selected(func::count(User::ID).aggregate_order_by(User::ID)),
            selected(func::count(User::ID).within_group(User::ID)),
            selected(func::next_value("a")),
            selected(func::next_value("b")),
            selected(User::NAME.extract("year")),
            selected(User::NAME.extract("month")),
            selected(User::NAME.json_path(["a"])),
            selected(User::NAME.json_path([1_i64])),
            selected(User::NAME.json_path(["a", "b"])),
            selected(User::NAME.json_text(["a"])),
        ]
    });
    differ("windows", || {
        let over = |window| selected(func::count_all().over(window));
        let frame = |start, end| Frame::new(FrameUnits::Rows, start, end);
        vec![
            over(window()),
            over(window().partition_by(User::ID)),
            over(window().order_by(User::ID)),
            over(window().order_by(User::ID.desc())),
            over(window().partition_by((User::ID, User::AGE))),
            over(window().rows(None, None)),
            over(window().range(None, None)),
            over(window().groups(None, None)),
            over(window().rows(Some(-1), None)),
            over(window().rows(Some(-2), None)),
            over(window().rows(Some(0), None)),
            over(window().rows(Some(1), None)),
            over(window().rows(None, Some(1))),
            over(window().rows(Some(-1), Some(1))),
            over(window().frame(frame(None, None).exclude(FrameExclude::Ties))),
            over(window().frame(frame(None, None).exclude(FrameExclude::Group))),
        ]
    });
    differ("types", || {
        vec![
            selected(User::ID.cast::<i64>()),
            selected(User::ID.cast::<i32>()),
            selected(User::ID.cast_as::<String>(SqlType::Varchar(10))),
            selected(User::ID.cast_as::<String>(SqlType::Varchar(20))),
            selected(User::ID.cast_as::<String>(SqlType::Char(10))),
            selected(User::ID.cast_as::<f64>(SqlType::Numeric(Some((10, 2))))),
            selected(User::ID.cast_as::<f64>(SqlType::Numeric(Some((10, 3))))),
            selected(User::ID.cast_as::<f64>(SqlType::Numeric(None))),
            selected(User::ID.cast_as::<f64>(SqlType::Named("a".into()))),
            selected(User::ID.cast_as::<f64>(SqlType::Named("b".into()))),
            selected(User::ID.cast_as::<f64>(SqlType::Array(Held::Static(&SqlType::Text)))),
            selected(User::ID.try_cast::<i64>()),
            selected(User::ID.coerce::<i32>()),
            selected(User::ID.coerce::<f64>()),
            selected(value(1_i64)),
            selected(value(1_i32)),
            selected(value(1.0)),
            selected(literal(1_i64)),
            selected(literal(1.5)),
            selected(literal("1")),
            selected(null::<i64>()),
        ]
    });
    differ("cases", || {
        vec![
            selected(case().when::<i64>(User::ID.eq(1), 1).end()),
            selected(case().when::<i64>(User::ID.eq(1), 1).otherwise(1)),
            selected(case().when::<i64>(User::ID.eq(1), 1).when(User::ID.eq(1), 1).end()),
        ]
    });
}

#[test]
fn of_sources() {
    let named = |name: &'static str| {
        let alias = User::TABLE.alias(name);
        select(alias.col(User::ID)).into_arguments()
    };
    differ("aliases", || {
        let (a, b) = (User::TABLE.alias("a"), User::TABLE.alias("b"));
        let (same, again) = (User::TABLE.alias("a"), User::TABLE.alias("a"));
        vec![
            ids().into_arguments(),
            named("a"),
            named("b"),
            select(Address::TABLE.alias("a").col(Address::ID)).into_arguments(),
            select((a.col(User::ID), a.col(User::ID))).into_arguments(),
            select((a.col(User::ID), b.col(User::ID))).into_arguments(),
            select((b.col(User::ID), a.col(User::ID))).into_arguments(),
            // Two elements of one name and content are two elements.
            select((same.col(User::ID), again.col(User::ID))).into_arguments(),
            select(a.all()).into_arguments(),
            select(aludel_sql::Alias::sampled(User::TABLE, "a", "bernoulli", 1.0).col(User::ID)).into_arguments(),
            select(aludel_sql::Alias::sampled(User::TABLE, "a", "system", 1.0).col(User::ID)).into_arguments(),
        ]
    });
    differ("subqueries", || {
        let read = |query: aludel_sql::Subquery<i64>| select(query.col(User::ID)).into_arguments();
        vec![
            read(ids().subquery("a")),
            read(ids().subquery("b")),
            read(ids().anonymous()),
            read(ids().lateral("a")),
            read(ids().distinct().subquery("a")),
            select(ids().subquery("a").column::<i64>("id")).into_arguments(),
            select(ids().subquery("a").column::<i32>("id")).into_arguments(),
            select(ids().subquery("a").column::<i64>("x")).into_arguments(),
            select(ids().scalar()).into_arguments(),
            select(ids().limit(1).scalar()).into_arguments(),
        ]
    });
    differ("CTEs", || {
        let read = |cte: aludel_sql::Cte<i64>| select(cte.col(User::ID)).into_arguments();
        let with = |options| read(ids().cte_with("a", options));
        let twice = |one: aludel_sql::Cte<i64>, other: aludel_sql::Cte<i64>| {
            select((one.col(User::ID), other.col(User::ID))).into_arguments()
        };
        let one = ids().cte("a");
        vec![
            read(ids().cte("a")),
            read(ids().cte("b")),
            with(CteOptions::default().materialized(true)),
            with(CteOptions::default().materialized(false)),
            with(CteOptions::default().columns(["x"])),
            with(CteOptions::default().columns(["y"])),
            read(one.alias("z")),
            twice(one.clone(), one.clone()),
            twice(ids().cte("a"), ids().cte("a")),
            read(ids().recursive("a", |a| select(a.col(User::ID)))),
            read(ids().recursive_distinct("a", |a| select(a.col(User::ID)))),
            read(ids().recursive("a", |_| ids())),
        ]
    });
    differ("compounds", || {
        vec![
            union([ids(), ids()]).into_arguments(),
            union_all([ids(), ids()]).into_arguments(),
            aludel_sql::except([ids(), ids()]).into_arguments(),
            aludel_sql::intersect([ids(), ids()]).into_arguments(),
            union([ids(), ids(), ids()]).into_arguments(),
            union([ids(), union([ids(), ids()])]).into_arguments(),
        ]
    });
    differ("functions, values and texts", || {
        let call = |function: TableFunction| select(function.column::<i64>("x")).into_arguments();
        let rows = |name, columns: [&str; 1], rows: Vec<(i64,)>| {
            select(values(name, columns, rows).column::<i64>("x")).into_arguments()
        };
        vec![
            call(table_function("f", value(1), "a", ["x"])),
            call(table_function("g", value(1), "a", ["x"])),
            call(table_function("f", value(1), "b", ["x"])),
            call(table_function("f", value(1), "a", ["x", "y"])),
            call(TableFunction::with_ordinality("f", value(1), "a", ["x"])),
            call(TableFunction::scalar("f", value(1), "x")),
            rows("a", ["x"], vec![(1,)]),
            rows("b", ["x"], vec![(1,)]),
            rows("a", ["y"], vec![(1,)]),
            rows("a", ["x"], vec![(1,), (2,)]),
            select(text_source("f", "a").column::<i64>("x")).into_arguments(),
            select(text_source("g", "a").column::<i64>("x")).into_arguments(),
            select(text_source("f", "b").column::<i64>("x")).into_arguments(),
        ]
    });
    agree("aliases built again", (0..3).map(|_| named("a")).collect());
}

#[test]
fn of_changes() {
    let user = || update(User::TABLE).set(User::AGE, 1);
    differ("updates", || {
        vec![
            user().into_arguments(),
            update(User::TABLE).set(User::MANAGER_ID, 1).into_arguments(),
            update(Address::TABLE).set(Address::EMAIL, "x").into_arguments(),
            user().set(User::MANAGER_ID, 1).into_arguments(),
            user().filter(User::ID.eq(1)).into_arguments(),
            user().from(Address::TABLE).into_arguments(),
            user().order_by(User::ID).into_arguments(),
            user().limit(1).into_arguments(),
            user().returning(User::ID).into_arguments(),
            user().returning((User::ID, User::AGE)).into_arguments(),
            user().returning(User::ID.label("x")).into_arguments(),
        ]
    });
    differ("deletes", || {
        vec![
            delete(User::TABLE).into_arguments(),
            delete(Address::TABLE).into_arguments(),
            delete(User::TABLE).filter(User::ID.eq(1)).into_arguments(),
            delete(User::TABLE).using(Address::TABLE).into_arguments(),
            delete(User::TABLE).limit(1).into_arguments(),
            delete(User::TABLE).returning(User::ID).into_arguments(),
        ]
    });
    let item = || insert(Item::TABLE).set(Item::LINE, 1);
    let row = || Item { order_id: 1, line: 1, sku: String::new(), qty: 1, price: 1.0 };
    differ("inserts", || {
        vec![
            insert(Item::TABLE).into_arguments(),
            insert(Address::TABLE).into_arguments(),
            item().into_arguments(),
            insert(Item::TABLE).set(Item::ORDER_ID, 1).into_arguments(),
            item().set(Item::ORDER_ID, 1).into_arguments(),
            item().returning(Item::LINE).into_arguments(),
            item().prefix("OR REPLACE", None).into_arguments(),
            insert(Item::TABLE).row(row()).into_arguments(),
            insert(Item::TABLE).row(row()).row(row()).into_arguments(),
            insert(Item::TABLE).from_query(Item::LINE, ids()).into_arguments(),
            insert(Item::TABLE).from_query(Item::ORDER_ID, ids()).into_arguments(),
        ]
    });
    differ("conflicts", || {
        let set = |value: Expr<i64>| [Item::LINE.set(value)];
        vec![
            item().into_arguments(),
            item().on_conflict_do_nothing().into_arguments(),
            item().on_conflict(Item::LINE).do_nothing().into_arguments(),
            item().on_conflict((Item::LINE, Item::ORDER_ID)).do_nothing().into_arguments(),
            item().on_conflict(Item::LINE).where_target(Item::LINE.eq(1)).do_nothing().into_arguments(),
            item().on_constraint("a").do_nothing().into_arguments(),
            item().on_constraint("b").do_nothing().into_arguments(),
            item().on_conflict(Item::LINE).do_update(set(value(1))).into_arguments(),
            item().on_conflict(Item::LINE).do_update(set(excluded(Item::LINE))).into_arguments(),
            item().on_conflict(Item::LINE).do_update_where(set(value(1)), Item::LINE.eq(1)).into_arguments(),
        ]
    });
    differ("rows encoded one by one", || {
        let (shape, _) = insert(Item::TABLE).rows(Vec::<Item>::new()).into_parts();
        let (returning, _) = insert(Item::TABLE).rows(Vec::<Item>::new()).returning(Item::LINE).into_parts();
        let first = aludel_sql::ColumnSet::first;
        let mut all: Vec<_> = [1, 2, 300].map(|rows| shape.statement(first(2), rows)).into();
        all.extend([shape.statement(first(3), 1), returning.statement(first(2), 1)]);
        all
    });
}

#[test]
fn of_the_programs_own() {
    differ("texts", || {
        vec![
            text("SELECT :a").bind("a", 1_i64).into_arguments(),
            text("SELECT  :a").bind("a", 1_i64).into_arguments(),
            text("SELECT :a").bind("a", 1_i32).into_arguments(),
            text("SELECT :a").bind("b", 1_i64).into_arguments(),
            text("SELECT :a").bind("a", 1_i64).column::<i64>("x").into_arguments(),
            text("SELECT :a").bind("a", 1_i64).column::<i32>("x").into_arguments(),
            text("SELECT :a").bind("a", 1_i64).column::<i64>("y").into_arguments(),
            selected(raw_sql::<i64>("f({})", User::ID)),
            selected(raw_sql::<i64>("g({})", User::ID)),
            selected(raw_sql::<i64>("f()", ())),
        ]
    });
    differ("shared expressions", || {
        let one = shared(value(1_i64));
        vec![
            selected(one.clone() + &one),
            selected(shared(value(1_i64)) + shared(value(1_i64))),
            selected(value(1_i64) + value(1_i64)),
        ]
    });
    differ("constructs", || {
        let construct = |element: Arc<dyn CustomElement>| selected(self::element::<i64>(element, User::ID));
        vec![
            construct(Arc::new(One(1))),
            construct(Arc::new(One(2))),
            construct(Arc::new(Other(1))),
            selected(element::<i64>(Arc::new(One(1)), (User::ID, User::ID))),
        ]
    });
    let table = || RuntimeTable::new(Arc::new(runtime_table()));
    let (one, other) = (table(), table());
    differ("run-time tables", || {
        vec![
            one.select().into_arguments(),
            other.select().into_arguments(),
            select(one.column::<i64>("id").expect("a column")).into_arguments(),
            select(one.column::<i32>("id").expect("a column")).into_arguments(),
            select(one.alias("a").column::<i64>("id").expect("a column")).into_arguments(),
            select(other.alias("a").column::<i64>("id").expect("a column")).into_arguments(),
        ]
    });
}

#[test]
fn values_stand_in_no_key() {
    agree("numbers", vec![filtered(User::ID.eq(1)), filtered(User::ID.eq(-5)), filtered(User::ID.eq(i64::MAX))]);
    let texts = ["", "x", "a text that is longer than what is kept in place: twenty-four bytes"];
    agree("texts", texts.iter().map(|text| filtered(User::NAME.eq(*text))).collect());
    agree(
        "lists",
        vec![
            filtered(User::ID.in_([1, 2, 3])),
            filtered(User::ID.in_([1, 2, 3, 4])),
            filtered(User::ID.in_([9, 9, 9])),
        ],
    );
    let tuples = |rows: &[(i64, i64)]| filtered(tuple((User::ID, User::AGE)).in_(rows.iter().copied()));
    agree("tuples", vec![tuples(&[(1, 2), (3, 4), (5, 6)]), tuples(&[(1, 2), (3, 4), (5, 6), (7, 8)])]);
    agree("limits", [0, 1, u64::MAX].map(|rows| ids().limit(rows).offset(rows).into_arguments()).into());
    agree("assigned", [None, Some(1)].map(|age| update(User::TABLE).set(User::AGE, age).into_arguments()).into());
    agree("escaped", ["a", "%_/"].map(|text| filtered(User::NAME.contains_escaped(text))).into());
    agree("JSON", ["a", "b"].map(|key| selected(User::NAME.json_text([key]))).into());
    agree("defaults", [1, 2].map(|row| selected(func::lag_or(User::ID, row, row))).into());
    agree("texts of the program", [1, 2].map(|number| text("SELECT :a").bind("a", number).into_arguments()).into());
    agree(
        "sampled",
        [1.0, 2.0]
            .map(|p| select(aludel_sql::Alias::sampled(User::TABLE, "a", "x", p).col(User::ID)).into_arguments())
            .into(),
    );
}

/// A comparison with NULL is another statement, since SQL has other words for it; an assignment of NULL is not.
#[test]
fn null_on_the_right_of_a_comparison_is_a_part() {
    differ("NULL", || {
        vec![filtered(User::AGE.eq(Some(1))), filtered(User::AGE.eq(None::<i64>)), filtered(User::AGE.ne(None::<i64>))]
    });
}

/// Lengths stand before texts, so that no two sequences of texts run together.
#[test]
fn texts_do_not_run_together() {
    differ("labels", || {
        let two =
            |a: &str, b: &str| select((User::ID.label(a.to_owned()), User::ID.label(b.to_owned()))).into_arguments();
        vec![two("ab", "c"), two("a", "bc"), two("abc", ""), two("", "abc")]
    });
    differ("long labels", || {
        [254, 255, 256, 65_536].map(|length| select(User::ID.label("x".repeat(length))).into_arguments()).into()
    });
    differ("names of columns", || {
        let with = |columns: &[&str]| {
            let cte = ids().cte_with("a", CteOptions::default().columns(columns.iter().copied()));
            select(cte.column::<i64>("x")).into_arguments()
        };
        vec![with(&["ab", "c"]), with(&["a", "bc"]), with(&["abc"])]
    });
}

/// Statements too large for what is kept in place.
#[test]
fn of_a_large_statement() {
    let large = |at: usize, last: i64| {
        let conditions = (0..300).map(|index| if index == at { User::AGE.eq(last) } else { User::ID.eq(last) });
        filtered(all_of(conditions))
    };
    agree("values", vec![large(400, 1), large(400, 2)]);
    differ("columns", || [0, 1, 150, 299, 300].map(|at| large(at, 1)).into());
}

#[derive(Debug)]
struct One(u8);
#[derive(Debug)]
struct Other(u8);

macro_rules! construct {
    ($type:ident) => {
        impl CustomElement for $type {
            fn name(&self) -> &'static str {
                "construct"
            }
            fn key(&self, key: &mut Vec<u8>) {
                key.push(self.0);
            }
            fn cache(&self) -> CacheSafety {
                CacheSafety::Safe
            }
            fn render(&self, writer: &mut SqlWriter<'_>) -> Result<(), CompileError> {
                writer.operand(0)
            }
        }
    };
}

construct!(One);
construct!(Other);

fn runtime_table() -> Table {
    let id = ColumnDef {
        name: Cow::Borrowed("id"),
        sql_type: SqlType::BigInt,
        nullable: false,
        server_default: None,
        generated: Generated::No,
        collation: None,
        comment: None,
        cache: CacheSafety::Safe,
    };
    Table {
        name: Cow::Borrowed("film"),
        schema: None,
        columns: Held::Shared(Arc::from([id])),
        primary_key: Held::Static(&[0]),
        foreign_keys: Held::Static(&[]),
        uniques: Held::Static(&[]),
        checks: Held::Static(&[]),
        indexes: Held::Static(&[]),
        comment: None,
        options: Held::Static(&[]),
    }
}
