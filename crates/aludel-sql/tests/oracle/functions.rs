//! Functions, aggregates and windows.

use aludel_sql::ast::{FrameExclude, FrameUnits};
use aludel_sql::{Expression, Frame, TableFunction, func, literal, select, tuple, window};

use crate::check::says;
use crate::schema::{Doc, User};

/// Why distances are not bound.
const FRAME: &str = "MariaDB takes no placeholder there, and a frame hardly ever changes";

constructs! {
    fn_count_star => says(select(func::count_all()).from(User::TABLE));
    fn_count_distinct => says(select(func::count_distinct(User::NAME)));
    fn_coalesce => says(select(func::coalesce_all::<String>((User::FULLNAME, User::NAME, aludel_sql::value("x".to_owned())))));
    fn_lower_upper_length => says(select((func::lower(User::NAME), func::upper(User::NAME), func::char_length(User::NAME))));
    fn_now => says(select((func::now(), func::current_date(), func::current_timestamp())))
        .differs("postgresql", "SELECT LOCALTIMESTAMP AS now_1, CURRENT_DATE AS current_date_1, LOCALTIMESTAMP AS current_timestamp_1", "the type has no time zone, and the others have one")
        .differs("mysql mariadb", "SELECT now(6) AS now_1, CURRENT_DATE AS current_date_1, CURRENT_TIMESTAMP(6) AS current_timestamp_1", "without a number they have no fraction of a second")
        .differs("mssql", "SELECT CURRENT_TIMESTAMP AS now_1, CAST(GETDATE() AS DATE) AS current_date_1, CURRENT_TIMESTAMP AS current_timestamp_1", "GETDATE has a time of day");
    fn_generic => says(select(func::call::<i32>("my_func", (User::AGE, aludel_sql::value(5)))));
    fn_filter => says(select(func::count(User::ID).filter_where(User::AGE.gt(5))))
        .differs("mysql mariadb mssql oracle", "SELECT count(CASE WHEN users.age > ? THEN users.id END) AS anon_1 FROM users", "these databases have no FILTER");
    fn_agg_order_by => says(select(
        func::call::<String>("string_agg", (User::NAME, literal(","))).aggregate_order_by(User::NAME),
    ));
    fn_aggregate_strings => says(select(func::aggregate_strings(User::NAME, ", ")));
    fn_grouping_sets => says(
        select((User::NAME, func::count_all()))
            .group_by(func::grouping_sets((tuple((User::NAME, User::AGE)), tuple(User::NAME)))),
    );
    fn_cube => says(select((User::NAME, func::count_all())).group_by(func::cube((User::NAME, User::AGE))));
    fn_table_valued_ordinality => {
        let tags = TableFunction::with_ordinality("unnest", Doc::TAGS, "anon_1", ["v", "n"]);
        says(select((tags.column::<String>("v"), tags.column::<i64>("n"))))
            .differs("postgresql", "SELECT anon_1.v, anon_1.n FROM docs, unnest(docs.tags) WITH ORDINALITY AS anon_1(v, n)", "what the function reads is in FROM too")
    };
    fn_column_valued => {
        let x = TableFunction::scalar("json_array_elements", Doc::BODY, "x");
        says(select(x.value::<String>()))
            .differs("postgresql", "SELECT x FROM docs, json_array_elements(docs.body) AS x", "what the function reads is in FROM too")
    };
    win_row_number => says(select(func::row_number().over(window().partition_by(User::NAME).order_by(User::AGE.desc()))));
    win_rows => says(select(func::sum(User::AGE).over(window().order_by(User::ID).rows(Some(-2), Some(0)))))
        .differs("sqlite postgresql mysql mariadb oracle", "SELECT sum(users.age) OVER (ORDER BY users.id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS anon_1 FROM users", FRAME)
        .other_params("the distance is not bound");
    win_groups => says(select(func::sum(User::AGE).over(window().order_by(User::ID).groups(Some(1), Some(3)))))
        .differs("sqlite postgresql", "SELECT sum(users.age) OVER (ORDER BY users.id GROUPS BETWEEN 1 FOLLOWING AND 3 FOLLOWING) AS anon_1 FROM users", FRAME);
    win_exclude => says(select(func::sum(User::AGE).over(
        window().order_by(User::ID).frame(Frame::new(FrameUnits::Rows, None, None).exclude(FrameExclude::CurrentRow)),
    )));
    win_lag => says(select(func::lag_or(User::AGE, 1, 0).over(window().order_by(User::ID))))
        .differs("postgresql", "SELECT lag(users.age, CAST(? AS INTEGER), ?) OVER (ORDER BY users.id) AS anon_1 FROM users", "the offset has 32 bits, and a bound number 64")
        .refused("mariadb", "a default of lag and lead");
    array_agg => says(select(func::call::<String>("array_agg", User::NAME).aggregate_order_by(User::ID)));
}
