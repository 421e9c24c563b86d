//! INSERT, UPDATE, DELETE.

use aludel_sql::{Expression, delete, excluded, func, insert, select, update, value};

use crate::check::says;
use crate::schema::{Address, Counted, Order, User};

fn whole_address() -> aludel_sql::Insert<Address> {
    insert(Address::TABLE).set(Address::ID, 1).set(Address::USER_ID, 1).set(Address::EMAIL, "x")
}

/// Why an INSERT returns no key.
const NO_RETURNING: &str = "a key comes back where the program asks for it";

constructs! {
    ins_all => says(insert(Address::TABLE).row(Address)).other_params("the row of the test is all NULL");
    ins_values => says(insert(User::TABLE).set(User::NAME, "ed").set(User::AGE, 5).set(User::ACTIVE, true))
        .differs("postgresql mssql oracle", "INSERT INTO users (name, age, active) VALUES (?, ?, ?)", NO_RETURNING);
    ins_default => says(insert(Order::TABLE))
        .differs("postgresql mssql", "INSERT INTO orders DEFAULT VALUES", NO_RETURNING)
        .differs("oracle", "INSERT INTO orders (id) VALUES (DEFAULT)", "Oracle has no empty lists");
    ins_expression => says(
        insert(User::TABLE)
            .set(User::NAME, func::lower(value("ED".to_owned())))
            .set(User::AGE, select(func::max(Order::ID)).scalar())
            .set(User::ACTIVE, true),
    )
        .differs("postgresql mssql oracle", "INSERT INTO users (name, age, active) VALUES (lower(?), (SELECT max(orders.id) AS max_1 FROM orders), ?)", NO_RETURNING);
    ins_returning => says(insert(Address::TABLE).set(Address::USER_ID, 1).set(Address::EMAIL, "x").returning(Address::ID))
        .refused("mysql oracle", "RETURNING");
    ins_pg_upsert => says(
        whole_address()
            .on_conflict(Address::ID)
            .do_update_where([Address::EMAIL.set(excluded(Address::EMAIL))], Address::EMAIL.ne(excluded(Address::EMAIL))),
    )
        .refused("mysql mariadb", "a condition on the update")
        .refused("mssql oracle", "ON CONFLICT");
    ins_pg_nothing => says(whole_address().on_constraint("uq_email").do_nothing())
        .refused("sqlite mysql mariadb mssql oracle", "ON CON");
    ins_sqlite_upsert => says(whole_address().on_conflict(Address::ID).do_update([Address::EMAIL.set(excluded(Address::EMAIL))]))
        .differs("mysql mariadb", "INSERT INTO addresses (id, user_id, email) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE email = VALUES(email)", "the same in MySQL words");
    ins_sqlite_nothing => says(whole_address().on_conflict_do_nothing())
        .differs("mysql mariadb", "INSERT INTO addresses (id, user_id, email) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE id = id", "other errors stay errors, which IGNORE would hide");
    ins_prefix => says(whole_address().prefix("OR REPLACE", Some("sqlite")).prefix("IGNORE", Some("mysql")));
    upd_simple => says(update(User::TABLE).set(User::NAME, "x").set(User::AGE, User::AGE + 1).filter(User::ID.eq(5)));
    upd_returning => says(update(User::TABLE).set(User::AGE, 1).filter(User::ID.eq(1)).returning((User::ID, User::AGE)))
        .refused("mysql mariadb oracle", "RETURNING");
    upd_ordered => says(update(User::TABLE).set(User::AGE, 5).set(User::NAME, "q"));
    upd_limit => says(update(User::TABLE).set(User::AGE, 1).limit(5))
        .differs("mysql mariadb", "UPDATE users SET age = ? LIMIT ?", "a limit is bound everywhere")
        .refused("sqlite postgresql oracle", "LIMIT in UPDATE")
        .differs("mssql", "UPDATE TOP (?) users SET age = ?", "SQL Server says TOP");
    upd_bind_names => says(update(User::TABLE).set(User::NAME, "new").filter(User::NAME.eq("old")));
    del_simple => says(delete(User::TABLE).filter(User::AGE.gt(100)));
    del_exists => says(
        delete(Address::TABLE).filter(select(aludel_sql::raw_sql::<i32>("*", ())).from(User::TABLE).filter(User::ID.eq(Address::USER_ID)).not_exists()),
    );
    seq_next => says(insert(Counted::TABLE).set(Counted::ID, func::next_value("s").coerce::<i32>()).set(Counted::X, 1))
        .differs("postgresql", "INSERT INTO t (id, x) VALUES (nextval('s'), ?)", NO_RETURNING)
        .differs("mssql", "INSERT INTO t (id, x) VALUES (NEXT VALUE FOR s, ?)", NO_RETURNING)
        .differs("oracle", "INSERT INTO t (id, x) VALUES (s.nextval, ?)", NO_RETURNING)
        .refused("sqlite mysql", "a sequence");
}
