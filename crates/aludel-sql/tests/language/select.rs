//! SELECT and its clauses.

use aludel_sql::ast::{LockStrength, LockWait};
use aludel_sql::{Executable, Expression, func, literal, select, union, value};

use crate::support::{Address, Order, User};
use crate::{check, check_postgres, check_text, compile, refused};

#[test]
fn columns() {
    check(select(User::ID), "SELECT users.id FROM users", "");
    check(select((User::ID, User::NAME)), "SELECT users.id, users.name FROM users", "");
    check(
        select(User::ALL),
        "SELECT users.id, users.name, users.fullname, users.age, users.balance, users.active, users.created_at, users.data, users.manager_id FROM users",
        "",
    );
    check(
        select((User::ALL, Address::ALL.optional())),
        "SELECT users.id, users.name, users.fullname, users.age, users.balance, users.active, users.created_at, users.data, users.manager_id, addresses.id AS id_1, addresses.user_id, addresses.email FROM users, addresses",
        "",
    );
    check(select(User::ID).columns((User::NAME, User::AGE)), "SELECT users.id, users.name, users.age FROM users", "");
    check(select(User::NAME.optional()), "SELECT users.name FROM users", "");
    check(select((User::ID, value(5), literal(6))), "SELECT users.id, ? AS anon_1, 6 FROM users", "5");
    let id = User::ID.expr();
    check(select((&id, &id)), "SELECT users.id, users.id AS id_1 FROM users", "");
    check(select((User::ID, User::ID)), "SELECT users.id, users.id AS id_1 FROM users", "");
}

#[test]
fn sixteen_columns_at_most_but_tuples_nest() {
    let eight = || (literal(1), literal(2), literal(3), literal(4), literal(5), literal(6), literal(7), literal(8));
    check(select((eight(), eight())), "SELECT 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8", "");
}

#[test]
fn labels() {
    check(select(User::ID.label("n")), "SELECT users.id AS n FROM users", "");
    check(select(User::ID.label("Number of it".to_owned())), r#"SELECT users.id AS "Number of it" FROM users"#, "");
    check(select((User::ID + 1).label("select")), r#"SELECT users.id + ? AS "select" FROM users"#, "1");
    let count = func::count_all().label("n");
    check(
        select((User::NAME, count.clone())).group_by(User::NAME).having(count.name().gt(1)).order_by(count.desc()),
        "SELECT users.name, count(*) AS n FROM users GROUP BY users.name HAVING n > ? ORDER BY n DESC",
        "1",
    );
    check(select(count.clone()).from(User::TABLE).order_by(&count), "SELECT count(*) AS n FROM users ORDER BY n", "");
    check(
        select(count.clone()).from(User::TABLE).order_by((count.asc(), count.name())),
        "SELECT count(*) AS n FROM users ORDER BY n, n",
        "",
    );
}

#[test]
fn label_constants() {
    const N: aludel_sql::Label<i64> = aludel_sql::label("n");
    assert_eq!(N.name(), "n");
    check(
        select((User::NAME, func::count_all().label(N))).group_by(User::NAME).order_by((N.desc(), User::NAME)),
        "SELECT users.name, count(*) AS n FROM users GROUP BY users.name ORDER BY n DESC, users.name",
        "",
    );
    check(
        select(func::count_all().label(N)).from(User::TABLE).having(N.ge(2)),
        "SELECT count(*) AS n FROM users HAVING n >= ?",
        "2",
    );
}

#[test]
fn from() {
    check(select(literal(1)), "SELECT 1", "");
    check(select(literal(1)).from(User::TABLE), "SELECT 1 FROM users", "");
    check(
        select(func::count_all()).from(User::TABLE).from(Address::TABLE),
        "SELECT count(*) AS count_1 FROM users, addresses",
        "",
    );
}

#[test]
fn joins() {
    let on = || Address::USER_ID.eq(User::ID);
    let both = || select((User::ID, Address::ID));
    check(
        both().join(Address::TABLE, on()),
        "SELECT users.id, addresses.id AS id_1 FROM users JOIN addresses ON addresses.user_id = users.id",
        "",
    );
    check(
        both().left_join(Address::TABLE, on()),
        "SELECT users.id, addresses.id AS id_1 FROM users LEFT OUTER JOIN addresses ON addresses.user_id = users.id",
        "",
    );
    check(
        both().right_join(Address::TABLE, on()),
        "SELECT users.id, addresses.id AS id_1 FROM users RIGHT OUTER JOIN addresses ON addresses.user_id = users.id",
        "",
    );
    check(
        both().full_join(Address::TABLE, on()),
        "SELECT users.id, addresses.id AS id_1 FROM users FULL OUTER JOIN addresses ON addresses.user_id = users.id",
        "",
    );
    check(
        both().cross_join(Address::TABLE),
        "SELECT users.id, addresses.id AS id_1 FROM users CROSS JOIN addresses",
        "",
    );
    check(
        both().join_by_key(Address::TABLE),
        "SELECT users.id, addresses.id AS id_1 FROM users JOIN addresses ON users.id = addresses.user_id",
        "",
    );
    check(
        both().left_join_by_key(Address::TABLE),
        "SELECT users.id, addresses.id AS id_1 FROM users LEFT OUTER JOIN addresses ON users.id = addresses.user_id",
        "",
    );
    check(
        select(Address::ID).join_by_key(User::TABLE),
        "SELECT addresses.id FROM addresses JOIN users ON addresses.user_id = users.id",
        "",
    );
    check(
        both().join(Address::TABLE, on().and(Address::EMAIL.eq("x"))).join(Order::TABLE, Order::USER_ID.eq(User::ID)),
        "SELECT users.id, addresses.id AS id_1 FROM users JOIN addresses ON addresses.user_id = users.id AND addresses.email = ? JOIN orders ON orders.user_id = users.id",
        "'x'",
    );
    let (table, condition) = (Address::TABLE, on());
    check(
        both().join(table, &condition),
        "SELECT users.id, addresses.id AS id_1 FROM users JOIN addresses ON addresses.user_id = users.id",
        "",
    );
}

#[test]
fn filters() {
    check(select(User::ID).filter(User::ID.eq(1)), "SELECT users.id FROM users WHERE users.id = ?", "1");
    check(
        select(User::ID).filter(User::ID.eq(1)).filter(User::NAME.eq("ed")),
        "SELECT users.id FROM users WHERE users.id = ? AND users.name = ?",
        "1, 'ed'",
    );
    check(
        select(User::ID).filter(User::ID.eq(1).or(User::ID.eq(2))).filter(User::NAME.eq("ed")),
        "SELECT users.id FROM users WHERE (users.id = ? OR users.id = ?) AND users.name = ?",
        "1, 2, 'ed'",
    );
    check(
        select(User::ID).filter_if(Some(User::ID.eq(1))).filter_if(None::<aludel_sql::Expr<bool>>),
        "SELECT users.id FROM users WHERE users.id = ?",
        "1",
    );
    check(select(User::ID).filter(User::ACTIVE), "SELECT users.id FROM users WHERE users.active = 1", "");
    check(select(User::ID).filter(true), "SELECT users.id FROM users WHERE ? = 1", "true");
    check(select(User::ID).filter(literal(true)), "SELECT users.id FROM users WHERE 1 = 1", "");
}

#[test]
fn groups() {
    let counted = || select((User::NAME, func::count_all()));
    check(counted().group_by(User::NAME), "SELECT users.name, count(*) AS count_1 FROM users GROUP BY users.name", "");
    check(
        counted().group_by((User::NAME, User::AGE + 1)),
        "SELECT users.name, count(*) AS count_1 FROM users GROUP BY users.name, users.age + ?",
        "1",
    );
    check(
        counted().group_by(User::NAME).group_by(User::AGE),
        "SELECT users.name, count(*) AS count_1 FROM users GROUP BY users.name, users.age",
        "",
    );
    check(
        counted().group_by(User::NAME).having(func::count_all().gt(1)).having(func::max(User::AGE).lt(60)),
        "SELECT users.name, count(*) AS count_1 FROM users GROUP BY users.name HAVING count(*) > ? AND max(users.age) < ?",
        "1, 60",
    );
    check(
        counted().group_by(vec![User::NAME.expr(), User::NAME.expr()]),
        "SELECT users.name, count(*) AS count_1 FROM users GROUP BY users.name, users.name",
        "",
    );
}

#[test]
fn groupings_are_for_other_databases() {
    let total = || select(func::count_all()).from(User::TABLE);
    let sets = || func::grouping_sets((aludel_sql::tuple((User::NAME, User::AGE)), aludel_sql::tuple(User::NAME)));
    check_postgres(
        total().group_by(sets()),
        "SELECT count(*) AS count_1 FROM users GROUP BY GROUPING SETS((users.name, users.age), (users.name))",
        "",
    );
    check_postgres(
        total().group_by(func::cube((User::NAME, User::AGE))),
        "SELECT count(*) AS count_1 FROM users GROUP BY CUBE(users.name, users.age)",
        "",
    );
    check_postgres(
        total().group_by(func::rollup((User::NAME, User::AGE))),
        "SELECT count(*) AS count_1 FROM users GROUP BY ROLLUP(users.name, users.age)",
        "",
    );
    refused(
        total().group_by(sets()),
        "the sqlite dialect can't render GROUPING SETS; unite one query for each grouping",
    );
}

#[test]
fn limits() {
    check(select(User::ID).limit(5), "SELECT users.id FROM users LIMIT ?", "5");
    check(select(User::ID).offset(5), "SELECT users.id FROM users LIMIT -1 OFFSET ?", "5");
    check(select(User::ID).limit(5).offset(10), "SELECT users.id FROM users LIMIT ? OFFSET ?", "5, 10");
    check(select(User::ID).limit(u64::MAX), "SELECT users.id FROM users LIMIT ?", "9223372036854775807");
    check(select(User::ID).limit(5).limit(6), "SELECT users.id FROM users LIMIT ?", "6");
    check_postgres(
        select(User::ID).order_by(User::ID).limit(5).with_ties(),
        "SELECT users.id FROM users ORDER BY users.id FETCH FIRST $1 ROWS WITH TIES",
        "5",
    );
    refused(
        select(User::ID).limit(5).with_ties(),
        "the sqlite dialect can't render FETCH … WITH TIES; use rank() in a subquery",
    );
}

#[test]
fn distinct() {
    check(select(User::NAME).distinct(), "SELECT DISTINCT users.name FROM users", "");
    check_postgres(
        select((User::ID, User::NAME)).distinct_on(User::NAME).order_by((User::NAME, User::ID)),
        "SELECT DISTINCT ON (users.name) users.id, users.name FROM users ORDER BY users.name, users.id",
        "",
    );
    refused(
        select(User::NAME).distinct_on(User::NAME),
        "the sqlite dialect can't render DISTINCT ON; number the rows with row_number() in a subquery",
    );
}

/// SQLite has no row locks: a transaction that begins as IMMEDIATE does what they are for.
#[test]
fn locks() {
    check(select(User::ID).for_update(), "SELECT users.id FROM users", "");
    check_postgres(select(User::ID).for_update(), "SELECT users.id FROM users FOR UPDATE", "");
    check_postgres(
        select(User::ID).lock(LockStrength::Share, LockWait::SkipLocked),
        "SELECT users.id FROM users FOR SHARE SKIP LOCKED",
        "",
    );
    check_postgres(
        select(User::ID).lock_of(LockStrength::NoKeyUpdate, LockWait::NoWait, User::TABLE),
        "SELECT users.id FROM users FOR NO KEY UPDATE OF users NOWAIT",
        "",
    );
}

#[test]
fn words_of_one_database() {
    check(
        select(User::ID).prefix("ALL", None).prefix("HIGH_PRIORITY", Some("mysql")),
        "SELECT ALL users.id FROM users",
        "",
    );
    check(
        select(User::ID).suffix("/* x */", Some("sqlite")).suffix("/* y */", Some("oracle")),
        "SELECT users.id FROM users /* x */",
        "",
    );
    check_text(
        select(User::ID).hint(User::TABLE, "INDEXED BY users_name", Some("sqlite")),
        "SELECT users.id FROM users INDEXED BY users_name",
        "",
    );
    check(select(User::ID).hint(User::TABLE, "WITH (NOLOCK)", Some("mssql")), "SELECT users.id FROM users", "");
}

#[test]
fn a_statement_can_be_cloned_and_run_by_reference() {
    let query = select(User::ID).filter(User::ID.eq(1));
    check(&query, "SELECT users.id FROM users WHERE users.id = ?", "1");
    check(query.clone(), "SELECT users.id FROM users WHERE users.id = ?", "1");
    assert_eq!((&query).into_arguments().key(), query.into_arguments().key());
}

#[test]
fn rows_as_another_type_are_matched_by_name() {
    fn is_by_name<S: Executable>(_: &S) -> bool {
        S::BY_NAME
    }
    let query = select((User::NAME, User::ID)).rows_as::<User>();
    assert!(is_by_name(&query) && is_by_name(&&query));
    assert!(!is_by_name(&select(User::ID)));
    check(query, "SELECT users.name, users.id FROM users", "");
}

#[test]
fn the_columns_of_the_result_are_known() {
    let compiled = compile(select((User::ID, (User::AGE + 1).label("next"), func::count_all()))).expect("it compiles");
    let shown: Vec<_> = compiled
        .columns
        .iter()
        .map(|column| format!("{} {:?} {:?}", column.name, column.sql_type, column.origin.map(|origin| origin.name())))
        .collect();
    assert_eq!(shown, ["id Some(BigInt) Some(\"id\")", "next Some(BigInt) None", "count_1 Some(BigInt) None"]);
}

#[test]
fn whether_it_is_limited_is_known() {
    let query = || select(User::ID);
    assert!(query().limit(3).is_limited() && query().offset(3).filter(User::ID.eq(1)).is_limited());
    assert!(query().limit(3).columns(User::NAME).clone().is_limited());
    assert!(!query().is_limited());
    // It is its own limit that counts.
    let inner = || query().limit(3);
    assert!(!query().filter(User::ID.in_query(inner())).is_limited());
    assert!(!select(func::count_all()).from(inner().subquery("first")).is_limited());
    assert!(!union([inner(), inner()]).is_limited() && union([query(), query()]).limit(1).is_limited());
}
