//! Joins, subqueries, CTEs, UNION, VALUES.

use aludel_sql::compile::SchemaMap;
use aludel_sql::{Alias, CteOptions, Expression, delete, func, insert, literal, select, union, union_all, values};

use crate::check::says;
use crate::schema::{Address, Order, User};

constructs! {
    join_fk => says(select((User::NAME, Address::EMAIL)).from(User::TABLE).join_by_key(Address::TABLE));
    join_on => says(
        select(User::NAME).join(Address::TABLE, User::ID.eq(Address::USER_ID).and(Address::EMAIL.like("%x"))),
    );
    join_left => says(select((User::NAME, Address::EMAIL)).from(User::TABLE).left_join_by_key(Address::TABLE));
    join_full => says(
        select((User::NAME, Address::EMAIL)).from(User::TABLE).full_join(Address::TABLE, User::ID.eq(Address::USER_ID)),
    )
        .refused("mysql mariadb", "FULL OUTER JOIN");
    join_cross => says(select((User::ID, Order::ID)).from(User::TABLE).join(Order::TABLE, literal(true)))
        .differs("mysql mariadb", "SELECT users.id, orders.id AS id_1 FROM users JOIN orders ON true", "true is a condition")
        .differs("oracle", "SELECT users.id, orders.id AS id_1 FROM users JOIN orders ON 1 = 1", "a number is no condition");
    join_comma => says(select((User::NAME, Address::EMAIL)).filter(User::ID.eq(Address::USER_ID)));
    join_self_alias => {
        let boss = User::TABLE.alias("boss");
        says(select((User::NAME, boss.col(User::NAME))).join(boss.clone(), User::MANAGER_ID.eq(boss.col(User::ID))))
    };
    sub_from => {
        let s = select((User::NAME, func::count_all().label("n"))).group_by(User::NAME).subquery("s");
        says(select(s.col(User::NAME)).filter(s.column::<i64>("n").gt(3)))
    };
    sub_anon => {
        let s = select(User::NAME).filter(User::AGE.gt(3)).anonymous();
        says(select(s.col(User::NAME)))
    };
    sub_correlate_except => says(select(User::NAME).filter(User::ID.eq(
        select(func::max(Order::USER_ID)).filter(Order::USER_ID.eq(User::ID)).correlate_except(Order::TABLE).scalar(),
    )));
    sub_lateral => {
        let l = select(Order::TOTAL).filter(Order::USER_ID.eq(User::ID)).order_by(Order::TOTAL.desc()).limit(1).lateral("l");
        says(select((User::NAME, l.col(Order::TOTAL))).from(User::TABLE).join(&l, literal(true)))
            .refused("sqlite mariadb", "LATERAL")
            .differs("mysql", "SELECT users.name, l.total FROM users JOIN LATERAL (SELECT orders.total AS total FROM orders WHERE orders.user_id = users.id ORDER BY orders.total DESC LIMIT ?) AS l ON true", "true is a condition")
            .differs("oracle", "SELECT users.name, l.total FROM users JOIN LATERAL (SELECT orders.total AS total FROM orders WHERE orders.user_id = users.id ORDER BY orders.total DESC FETCH FIRST ? ROWS ONLY) l ON 1 = 1", "a number is no condition")
            .differs("mssql", "SELECT users.name, l.total FROM users CROSS APPLY (SELECT TOP (?) orders.total AS total FROM orders WHERE orders.user_id = users.id ORDER BY orders.total DESC) AS l", "SQL Server says APPLY")
    };
    sub_in_where_compare => {
        let u2 = User::TABLE.alias("u2");
        says(select(User::NAME).filter(User::AGE.gt(select(func::avg(u2.col(User::AGE))).scalar().coerce::<i32>())))
    };
    cte_simple => {
        let big = select((Order::USER_ID, func::count_all().label("n"))).group_by(Order::USER_ID).cte("big");
        says(select(big.col(Order::USER_ID)).filter(big.column::<i64>("n").gt(2)))
    };
    cte_twice => {
        let c = select(User::ID).cte("c");
        let (x, y) = (c.alias("x"), c.alias("y"));
        says(select((x.col(User::ID), y.col(User::ID))).filter(x.col(User::ID).lt(y.col(User::ID))))
    };
    cte_two => {
        let a = select(User::ID).cte("a");
        let b = select(a.col(User::ID)).filter(a.col(User::ID).gt(5)).cte("b");
        says(select(b.column::<i32>("id")))
    };
    cte_materialized => {
        let c = select(User::ID).cte_with("c", CteOptions::default().materialized(true));
        says(select(c.col(User::ID)))
            .differs("sqlite", "WITH c AS MATERIALIZED (SELECT users.id AS id FROM users) SELECT c.id FROM c", "SQLite has it since 3.35")
            .refused("mysql mariadb mssql oracle", "MATERIALIZED")
    };
    cte_dml => {
        let moved = delete(Order::TABLE).filter(Order::ID.lt(10)).returning((Order::USER_ID, Order::STATUS)).cte("moved");
        says(insert(Address::TABLE).from_query(
            (Address::USER_ID, Address::EMAIL),
            select((moved.col(Order::USER_ID), moved.col(Order::STATUS))),
        ))
            .refused("sqlite mysql mariadb mssql oracle", "can't render")
    };
    cte_bound_order => {
        let c = select(User::ID).filter(User::AGE.eq(3)).cte("c");
        says(select(c.col(User::ID)).filter(c.col(User::ID).gt(7)))
    };
    set_union => says(union([select(User::NAME), select(Address::EMAIL)]));
    set_union_all_order => says(
        union_all([select(User::NAME), select(Address::EMAIL)]).order_by(aludel_sql::label::<String>("name")).limit(5),
    )
        .differs("sqlite", "SELECT users.name FROM users UNION ALL SELECT addresses.email FROM addresses ORDER BY name LIMIT ?", "an OFFSET of 0 says nothing")
        .differs("mssql", "SELECT users.name FROM users UNION ALL SELECT addresses.email FROM addresses ORDER BY name OFFSET 0 ROWS FETCH FIRST ? ROWS ONLY", "the limit is not left out")
        .differs("oracle", "SELECT users.name FROM users UNION ALL SELECT addresses.email FROM addresses ORDER BY name FETCH FIRST ? ROWS ONLY", "a limit is bound everywhere");
    set_as_subquery => {
        let s = union([select(User::NAME), select(Address::EMAIL)]).subquery("s");
        says(select(s.column::<String>("name")))
    };
    values_select => {
        let v = values("v", ["id", "name"], [(1, "a"), (2, "b")]);
        says(select((v.column::<i32>("id"), v.column::<String>("name"))))
            .differs("sqlite", "SELECT v.id, v.name FROM (SELECT column1 AS id, column2 AS name FROM (VALUES (?, ?), (?, ?))) AS v", "SQLite has no list of columns behind an alias")
            .differs("mysql", "SELECT v.id, v.name FROM (VALUES ROW(?, ?), ROW(?, ?)) AS v (id, name)", "MySQL says ROW")
            .differs("mariadb", "SELECT v.id, v.name FROM (SELECT ? AS id, ? AS name UNION ALL SELECT ?, ?) AS v", "MariaDB has no list of columns behind an alias")
    };
    tablesample => {
        let ts = Alias::sampled(User::TABLE, "ts", "bernoulli", 5.0);
        says(select(ts.col(User::ID)))
            .other_params("5 is a floating-point number here")
            .refused("sqlite mysql mariadb mssql oracle", "TABLESAMPLE")
    };
    schema_translate => says(select(User::ID)).schemas(SchemaMap::default().with(None, Some("tenant_1")));
}
