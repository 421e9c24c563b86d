//! SELECT: columns, labels, limits, locks, words.

use aludel_sql::ast::{LockStrength, LockWait};
use aludel_sql::{Expression, all_of, func, literal, not, raw_sql, select, value};

use crate::check::says;
use crate::schema::{Address, User};

/// Why limits are not literals.
const BOUND: &str = "a limit is bound everywhere, so that one text serves every number";

constructs! {
    select_columns => says(select((User::ID, User::NAME)));
    select_table => says(select(User::ALL));
    select_where_eq => says(select(User::ID).filter(User::NAME.eq("ed")));
    select_label => {
        let n = User::NAME.label("n");
        says(select(n.clone()).order_by(&n))
            .differs("oracle", "SELECT users.name AS n FROM users ORDER BY n", "Oracle takes labels in ORDER BY")
    };
    select_distinct => says(select(User::NAME).distinct());
    select_distinct_on => says(select((User::NAME, User::ID)).distinct_on(User::NAME))
        .refused("sqlite mysql mariadb mssql oracle", "DISTINCT ON");
    select_limit => says(select(User::ID).order_by(User::ID).limit(10))
        .differs("sqlite", "SELECT users.id FROM users ORDER BY users.id LIMIT ?", "an OFFSET of 0 says nothing")
        .differs("mssql", "SELECT TOP (?) users.id FROM users ORDER BY users.id", BOUND)
        .differs("oracle", "SELECT users.id FROM users ORDER BY users.id FETCH FIRST ? ROWS ONLY", BOUND);
    select_limit_offset => says(select(User::ID).order_by(User::ID).limit(10).offset(20))
        .differs("mysql mariadb", "SELECT users.id FROM users ORDER BY users.id LIMIT ? OFFSET ?", "the same in the words of the others")
        .differs("mssql", "SELECT users.id FROM users ORDER BY users.id OFFSET ? ROWS FETCH FIRST ? ROWS ONLY", "SQL Server 2012 has OFFSET")
        .differs("oracle", "SELECT users.id FROM users ORDER BY users.id OFFSET ? ROWS FETCH FIRST ? ROWS ONLY", BOUND);
    select_fetch_ties => says(select(User::ID).order_by(User::AGE).limit(5).with_ties())
        .refused("sqlite mysql", "WITH TIES")
        .differs("mariadb", "SELECT users.id FROM users ORDER BY users.age FETCH FIRST ? ROWS WITH TIES", "MariaDB has it since 10.6")
        .differs("mssql", "SELECT TOP (?) WITH TIES users.id FROM users ORDER BY users.age", BOUND)
        .differs("oracle", "SELECT users.id FROM users ORDER BY users.age FETCH FIRST ? ROWS WITH TIES", BOUND);
    select_for_update => says(select(User::ID).for_update())
        .refused("mssql", "FOR UPDATE");
    select_for_update_skip => says(select(User::ID).lock_of(LockStrength::Update, LockWait::SkipLocked, User::TABLE))
        .refused("mssql", "FOR UPDATE")
        .differs("mysql", "SELECT users.id FROM users FOR UPDATE OF users SKIP LOCKED", "MySQL 8 has OF")
        .differs("oracle", "SELECT users.id FROM users FOR UPDATE OF users.id SKIP LOCKED", "Oracle wants a column there");
    select_for_no_key_update => says(select(User::ID).lock(LockStrength::NoKeyUpdate, LockWait::Wait))
        .refused("mssql", "FOR UPDATE");
    select_literal => says(select((value(1), raw_sql::<String>("'x'", ()))));
    select_no_from => says(select(func::now()))
        .differs("postgresql", "SELECT LOCALTIMESTAMP AS now_1", "the type has no time zone, and now() has one")
        .differs("mysql mariadb", "SELECT now(6) AS now_1", "now() has no fraction of a second, and columns have one");
    select_duplicate_names => says(select((User::ID, Address::ID)).from(User::TABLE).join_by_key(Address::TABLE));
    select_prefix => says(select(User::ID).prefix("SQL_NO_CACHE", Some("mysql")));
    select_suffix => says(select(User::ID).suffix("OPTION (RECOMPILE)", Some("mssql")));
    select_hint => says(select(User::ID).hint(User::TABLE, "USE INDEX (ix_name)", Some("mysql")));
    select_where_and_or_not =>
        says(select(User::ID).filter(not(User::NAME.eq("a").or(User::AGE.lt(5))).and(User::ACTIVE)));
    select_bool_column => says(select(User::ID).filter(User::ACTIVE).filter(not(User::ACTIVE)));
    select_empty_and => says(select(User::ID).filter(all_of([literal(true)])))
        .differs("mysql mariadb", "SELECT users.id FROM users WHERE true", "true is a condition")
        .differs("oracle", "SELECT users.id FROM users WHERE 1 = 1", "a number is no condition");
}
