//! Schema definition.

use std::borrow::Cow;

use aludel_core::{CompileError, EnumType, Held, SqlType};
use aludel_sql::ddl::{Constraint, Ddl, Sequence};
use aludel_sql::dialect::Dialect;
use aludel_sql::schema::{
    Action, Check, ColumnDef, ForeignKey, Generated, Index, IndexKey, IndexPart, ServerDefault, Table, TableOption,
    Target, Unique,
};

use crate::check::{Construct, defines};
use crate::schema::{Address, Doc, User, column, key, table};

/// The table `t` with these columns.
fn t(columns: Vec<ColumnDef>) -> Table {
    Table { columns: Held::Shared(columns.into()), ..table("t", None, &[], &[], &[]) }
}

fn with_key(columns: Vec<ColumnDef>) -> Table {
    Table { primary_key: Held::Static(&[0]), ..t(columns) }
}

fn nullable(name: &'static str, sql_type: SqlType) -> ColumnDef {
    column(name, sql_type, true)
}

/// CREATE TABLE alone, without what follows it.
fn creates(table: Table) -> Construct {
    defines(move |dialect| first(Ddl::new(dialect).create_table(&table)))
}

fn first(statements: Result<Vec<String>, CompileError>) -> Result<String, CompileError> {
    statements.map(|statements| statements.into_iter().next().unwrap_or_default())
}

fn letters(name: &'static str, labels: &[&str]) -> SqlType {
    let labels: Vec<Held<str>> = labels.iter().map(|label| Held::from(*label)).collect();
    SqlType::Enum(Held::Shared(EnumType { name: Held::Static(name), labels: Held::Shared(labels.into()) }.into()))
}

fn index(name: &'static str, key: IndexKey) -> Index {
    let part = IndexPart::of(key);
    Index {
        name: Cow::Borrowed(name),
        parts: Held::Shared([part].into()),
        unique: false,
        filter: None,
        using: None,
        include: Held::Static(&[]),
        concurrently: false,
        options: Held::Static(&[]),
    }
}

fn indexes(table: &'static Table, index: Index) -> Construct {
    defines(move |dialect| Ddl::new(dialect).create_index(table, &index))
}

fn constraints() -> Table {
    let key_of_p = ForeignKey {
        name: Some(Cow::Borrowed("fk_y")),
        columns: Held::Static(&[2]),
        target: Target::Named {
            schema: None,
            table: Cow::Borrowed("p"),
            columns: Held::Static(const { &[Cow::Borrowed("id")] }),
        },
        on_delete: Some(Action::Cascade),
        on_update: Some(Action::SetNull),
        deferrable: None,
    };
    Table {
        foreign_keys: Held::Shared([key_of_p].into()),
        uniques: Held::Shared(
            [Unique { name: Some(Cow::Borrowed("uq_xy")), columns: Held::Static(&[1, 2]), ..Unique::default() }].into(),
        ),
        checks: Held::Shared([Check { name: Some(Cow::Borrowed("ck_x")), sql: Cow::Borrowed("x > 5") }].into()),
        ..with_key(vec![key("id"), column("x", SqlType::Integer, false), nullable("y", SqlType::Integer)])
    }
}

fn every_type() -> Table {
    let numeric = SqlType::Numeric(Some((10, 4)));
    let types = [
        ("a", SqlType::SmallInt),
        ("b", SqlType::BigInt),
        ("c", SqlType::Float),
        ("d", SqlType::Double),
        ("e", numeric),
        ("f", SqlType::Boolean),
        ("g", SqlType::Varchar(30)),
        ("h", SqlType::Text),
        ("i", SqlType::Blob),
        ("j", SqlType::Date),
        ("k", SqlType::Time),
        ("l", SqlType::DateTime),
        ("m", SqlType::Timestamp),
        ("n", SqlType::Uuid),
        ("o", SqlType::Json),
        ("p", SqlType::Interval),
        ("q", SqlType::Varchar(20)),
    ];
    t(types.into_iter().map(|(name, sql_type)| nullable(name, sql_type)).collect())
}

fn commented() -> Table {
    let a = ColumnDef { comment: Some(Cow::Borrowed("it's a")), ..nullable("a", SqlType::Integer) };
    Table { comment: Some(Cow::Borrowed("the table")), ..t(vec![a]) }
}

fn with_options(table: Table, options: Vec<TableOption>) -> Table {
    Table { options: Held::Shared(options.into()), ..table }
}

fn defaults() -> Table {
    let a = ColumnDef {
        server_default: Some(ServerDefault::Text(Cow::Borrowed("x"))),
        ..nullable("a", SqlType::Varchar(5))
    };
    let b =
        ColumnDef { server_default: Some(ServerDefault::Sql(Cow::Borrowed("5"))), ..nullable("b", SqlType::Integer) };
    let c = ColumnDef { server_default: Some(ServerDefault::Now), ..nullable("c", SqlType::DateTime) };
    t(vec![a, b, c])
}

fn made(dialect: &dyn Dialect) -> Ddl<'_> {
    Ddl::new(dialect)
}

constructs! {
    ddl_create => defines(|dialect| first(made(dialect).create_table(User::TABLE.definition())))
        .differs("mysql", "CREATE TABLE users ( id INTEGER NOT NULL AUTO_INCREMENT, name VARCHAR(50) NOT NULL, fullname VARCHAR(120), age INTEGER, balance NUMERIC(12, 2), active BOOL NOT NULL, created_at DATETIME(6), data JSON, manager_id INTEGER, PRIMARY KEY (id), FOREIGN KEY(manager_id) REFERENCES users (id) )", "a DATETIME without digits rounds to seconds")
        .differs("mariadb", "CREATE TABLE users ( id INTEGER NOT NULL AUTO_INCREMENT, name VARCHAR(50) NOT NULL, fullname VARCHAR(120), age INTEGER, balance NUMERIC(12, 2), active BOOL NOT NULL, created_at DATETIME(6), data JSON, manager_id INTEGER, PRIMARY KEY (id), FOREIGN KEY(manager_id) REFERENCES users (id) )", "a DATETIME without digits rounds to seconds")
        .differs("mssql", "CREATE TABLE users ( id INTEGER NOT NULL IDENTITY, name VARCHAR(50) NOT NULL, fullname VARCHAR(120) NULL, age INTEGER NULL, balance NUMERIC(12, 2) NULL, active BIT NOT NULL, created_at DATETIME2 NULL, data NVARCHAR(max) NULL, manager_id INTEGER NULL, PRIMARY KEY (id), FOREIGN KEY(manager_id) REFERENCES users (id) )", "DATETIME rounds to 3 ms")
        .differs("oracle", "CREATE TABLE users ( id INTEGER GENERATED BY DEFAULT AS IDENTITY NOT NULL, name VARCHAR2(50 CHAR) NOT NULL, fullname VARCHAR2(120 CHAR), age INTEGER, balance NUMERIC(12, 2), active BOOLEAN NOT NULL, created_at TIMESTAMP, data JSON, manager_id INTEGER, PRIMARY KEY (id), FOREIGN KEY(manager_id) REFERENCES users (id) )", "keys count by themselves, and DATE has no fraction");
    ddl_if_not_exists => defines(|dialect| first(made(dialect).checked(true).create_table(Address::TABLE.definition())))
        .refused("mssql", "IF NOT EXISTS")
        .differs("oracle", "CREATE TABLE IF NOT EXISTS addresses ( id INTEGER GENERATED BY DEFAULT AS IDENTITY NOT NULL, user_id INTEGER NOT NULL, email VARCHAR2(200 CHAR) NOT NULL, PRIMARY KEY (id), FOREIGN KEY(user_id) REFERENCES users (id) )", "keys count by themselves");
    ddl_types => creates(every_type())
        .differs("postgresql", "CREATE TABLE t ( a SMALLINT, b BIGINT, c REAL, d DOUBLE PRECISION, e NUMERIC(10, 4), f BOOLEAN, g VARCHAR(30), h TEXT, i BYTEA, j DATE, k TIME WITHOUT TIME ZONE, l TIMESTAMP WITHOUT TIME ZONE, m TIMESTAMP WITH TIME ZONE, n UUID, o JSON, p INTERVAL, q VARCHAR(20) )", "FLOAT has 64 bits in PostgreSQL")
        .differs("sqlite", "CREATE TABLE t ( a SMALLINT, b BIGINT, c FLOAT, d DOUBLE, e NUMERIC(10, 4), f BOOLEAN, g VARCHAR(30), h TEXT, i BLOB, j DATE, k TIME, l DATETIME, m DATETIME, n CHAR(32), o JSON, p INTERVAL, q VARCHAR(20) )", "an interval is kept as a number of nanoseconds")
        .differs("mysql", "CREATE TABLE t ( a SMALLINT, b BIGINT, c FLOAT, d DOUBLE, e NUMERIC(10, 4), f BOOL, g VARCHAR(30), h TEXT, i BLOB, j DATE, k TIME(6), l DATETIME(6), m DATETIME(6), n CHAR(32), o JSON, p TIME(6), q VARCHAR(20) )", "times without digits round to seconds, and TIME is a length of time")
        .differs("mariadb", "CREATE TABLE t ( a SMALLINT, b BIGINT, c FLOAT, d DOUBLE, e NUMERIC(10, 4), f BOOL, g VARCHAR(30), h TEXT, i BLOB, j DATE, k TIME(6), l DATETIME(6), m DATETIME(6), n UUID, o JSON, p TIME(6), q VARCHAR(20) )", "times without digits round to seconds, and TIME is a length of time")
        .refused("mssql", "an interval type")
        .refused("oracle", "a type for the time of day");
    ddl_enum => creates(t(vec![nullable("e", letters("abc", &["a", "b", "c"]))]))
        .differs("oracle", "CREATE TABLE t ( e VARCHAR2(1 CHAR) )", "VARCHAR2 as for other texts");
    ddl_enum_check => creates(Table {
        checks: Held::Shared([Check { name: Some(Cow::Borrowed("ab")), sql: Cow::Borrowed("e IN ('a', 'b')") }].into()),
        ..t(vec![nullable("e", SqlType::Varchar(1))])
    })
        .differs("oracle", "CREATE TABLE t ( e VARCHAR2(1 CHAR), CONSTRAINT ab CHECK (e IN ('a', 'b')) )", "VARCHAR2 as for other texts");
    ddl_constraints => creates(constraints())
        .refused("oracle", "ON UPDATE");
    ddl_server_default => creates(defaults())
        .differs("mysql", "CREATE TABLE t ( a VARCHAR(5) DEFAULT 'x', b INTEGER DEFAULT 5, c DATETIME(6) DEFAULT (now(6)) )", "a DATETIME without digits rounds to seconds")
        .differs("mariadb", "CREATE TABLE t ( a VARCHAR(5) DEFAULT 'x', b INTEGER DEFAULT 5, c DATETIME(6) DEFAULT (now(6)) )", "a DATETIME without digits rounds to seconds")
        .differs("mssql", "CREATE TABLE t ( a VARCHAR(5) DEFAULT 'x' NULL, b INTEGER DEFAULT 5 NULL, c DATETIME2 DEFAULT CURRENT_TIMESTAMP NULL )", "the default comes first, as Oracle wants it")
        .differs("oracle", "CREATE TABLE t ( a VARCHAR2(5 CHAR) DEFAULT 'x', b INTEGER DEFAULT 5, c TIMESTAMP DEFAULT CURRENT_TIMESTAMP )", "DATE has no fraction");
    ddl_computed => creates(t(vec![
        nullable("a", SqlType::Integer),
        ColumnDef { generated: Generated::Computed { sql: Cow::Borrowed("a * 2"), stored: true }, ..nullable("b", SqlType::Integer) },
    ]))
        .refused("oracle", "stored computed column");
    ddl_comment => creates(commented());
    ddl_comment_pg => defines(|dialect| {
        let table = Table { comment: Some(Cow::Borrowed("the 'table'")), ..t(vec![nullable("a", SqlType::Integer)]) };
        Ok(made(dialect).comments(&table).into_iter().next().unwrap_or_default())
    });
    ddl_mysql_options => creates(with_options(
        t(vec![nullable("a", SqlType::Integer)]),
        vec![TableOption::Engine(Cow::Borrowed("InnoDB")), TableOption::Charset(Cow::Borrowed("utf8mb4"))],
    ));
    ddl_sqlite_options => creates(with_options(
        with_key(vec![column("a", SqlType::Integer, false)]),
        vec![TableOption::WithoutRowid, TableOption::Strict],
    ));
    ddl_sqlite_autoinc => creates(with_key(vec![
        ColumnDef { generated: Generated::MonotonicKey, ..column("a", SqlType::Integer, false) },
    ]));
    ddl_pg_partition => creates(with_options(
        t(vec![nullable("a", SqlType::Integer)]),
        vec![TableOption::PartitionBy(Cow::Borrowed("RANGE (a)"))],
    ));
    ddl_drop => defines(|dialect| made(dialect).checked(true).drop_table(User::TABLE.definition()));
    ddl_index => indexes(User::TABLE.definition(), index("ix_users_name", IndexKey::Column(1)));
    ddl_index_expr => indexes(User::TABLE.definition(), index("ix_l", IndexKey::Sql(Cow::Borrowed("lower(name)"))))
        .refused("mariadb", "an expression in an index");
    ddl_index_gin => indexes(Doc::TABLE.definition(), Index {
        using: Some(Cow::Borrowed("gin")),
        concurrently: true,
        options: Held::Static(&[]),
        ..index("ix_g", IndexKey::Column(3))
    })
        .refused("sqlite mysql mariadb mssql oracle", "CONCURRENTLY");
    ddl_index_include => indexes(User::TABLE.definition(), Index {
        include: Held::Static(&[3]),
        ..index("ix_i", IndexKey::Column(1))
    })
        .refused("sqlite mysql mariadb oracle", "INCLUDE");
    ddl_drop_index => defines(|dialect| {
        made(dialect).drop_index(User::TABLE.definition(), &index("ix_users_name", IndexKey::Column(1)))
    });
    ddl_sequence => defines(|dialect| {
        made(dialect).create_sequence(&Sequence {
            name: Cow::Borrowed("s"),
            start: Some(5),
            increment: Some(2),
            ..Sequence::default()
        })
    })
        .refused("sqlite mysql", "a sequence");
    ddl_add_constraint => defines(|dialect| {
        let check = Check { name: Some(Cow::Borrowed("ck")), sql: Cow::Borrowed("x > 1") };
        made(dialect).add_constraint(&t(vec![nullable("x", SqlType::Integer)]), Constraint::Check(&check))
    })
        .refused("sqlite", "a change of constraints");
    ddl_schema => defines(|dialect| made(dialect).checked(true).create_schema("sales"))
        .refused("sqlite oracle", "CREATE SCHEMA")
        .refused("mssql", "IF NOT EXISTS");
}
