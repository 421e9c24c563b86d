//! The tables and rows that constructs speak of.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use aludel::blocking::Engine;
use aludel::language::text;
use aludel::schema::Table;
use aludel::{Connect, Result, Row};
use aludel_sql::compile::{CompileOptions, SchemaMap};
use aludel_sql::dialect::{Dialect, MariaDb, Postgres, Sqlite};

use crate::backend::{self, Backend, Lease};
use crate::ran::plain;
use crate::schema::{Address, Counted, Doc, Item, Order, User};

pub(crate) fn dialect(backend: Backend) -> &'static dyn Dialect {
    match backend {
        Backend::Sqlite => &Sqlite,
        Backend::Postgres => &Postgres,
        Backend::MariaDb => &MariaDb,
    }
}

/// An engine on an empty database of its own.
pub(crate) fn engine(backend: Backend) -> Engine {
    Engine::connect(backend::url_of(backend)).unwrap()
}

/// A database with the tables and rows, for all the constructs that only read and name nothing else. It goes with the last that uses
/// it.
pub(crate) struct Filled {
    pub(crate) engine: Engine,
    _lease: Option<Lease>,
}

pub(crate) fn filled(backend: Backend) -> Arc<Filled> {
    static FILLED: [Mutex<Weak<Filled>>; 3] = [const { Mutex::new(Weak::new()) }; 3];
    let at = Backend::ALL.iter().position(|one| *one == backend).unwrap();
    let mut slot = FILLED[at].lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(filled) = slot.upgrade() {
        return filled;
    }
    let (url, lease) = backend::lease(backend);
    let engine = Engine::connect(url).unwrap();
    fill(&engine, backend, "");
    let filled = Arc::new(Filled { engine, _lease: lease });
    *slot = Arc::downgrade(&filled);
    filled
}

/// Whether a construct names nothing but the tables.
pub(crate) fn is_plain(id: &str, backend: Backend) -> bool {
    further(id, backend).is_empty()
}

/// Two engines: one on an empty database of its own, and one that looks there for tables without a schema while its
/// connections look elsewhere.
pub(crate) fn by_schema(backend: Backend) -> (Engine, Engine) {
    let url = backend::url_of(backend);
    let first = Engine::connect(&url).unwrap();
    if backend == Backend::Sqlite {
        // Nobody else sees a database in memory; its schema is called `main`.
        let sql = "ATTACH DATABASE ':memory:' AS other";
        let engine = Engine::builder(url).compile_options(options("other")).connect().unwrap();
        engine.execute(text(sql)).unwrap();
        return (engine.clone(), engine);
    }
    let second = backend::url_of(backend);
    (first, Engine::builder(second).compile_options(options(&backend::schema_of(&url))).connect().unwrap())
}

fn options(schema: &str) -> CompileOptions {
    CompileOptions { schemas: SchemaMap::default().with(None, Some(schema)), ..CompileOptions::default() }
}

fn tables(backend: Backend) -> Vec<&'static Table> {
    let mut tables = vec![
        User::TABLE.definition(),
        Address::TABLE.definition(),
        Order::TABLE.definition(),
        Item::TABLE.definition(),
        Counted::TABLE.definition(),
    ];
    // Arrays, JSONB and texts to be searched are PostgreSQL's.
    if backend == Backend::Postgres {
        tables.push(Doc::TABLE.definition());
    }
    tables
}

const ROWS: &[&str] = &[
    "INSERT INTO users VALUES (1, 'ed', 'Ed Jones', 25, 10.50, true, '2024-01-02 03:04:05', '{\"a\": {\"b\": \"x\"}}', NULL), \
     (2, 'wendy', NULL, 17, 0, false, NULL, NULL, 1), \
     (3, 'mary', 'Mary O', 70, 3.25, true, '2023-05-06 07:08:09', '{\"a\": {\"b\": null}}', 1), \
     (4, 'fred', 'a%b', NULL, NULL, false, NULL, '{\"a\": 5}', 2), (5, 'ted', 'cat', 5, 7, true, NULL, NULL, 4)",
    "INSERT INTO addresses VALUES (1, 1, 'ed@x'), (2, 1, 'ed@y'), (3, 2, 'wendy@x'), (10, 5, 'ted')",
    "INSERT INTO orders VALUES (1, 2, 5.50, '2024-02-03', 'open'), (2, 2, 7, '2024-02-04', 'done'), (3, 2, 1, NULL, 'open'), \
     (4, 5, 3.5, '2024-02-05', NULL), (12, 1, 9, NULL, 'open')",
    "INSERT INTO items VALUES (1, 1, 'tea', 2, 1.5), (1, 2, 'cake', 1, 2.5), (2, 1, 'tea', 1, 7)",
    "INSERT INTO t VALUES (1, 5)",
];

const DOCS: &str = "INSERT INTO docs VALUES (1, ARRAY['x', 'y'], '{\"a\": 1, \"b\": 2}', to_tsvector('a cat and a dog')), \
                    (2, ARRAY['z'], '[1, 2]', to_tsvector('a bird'))";

/// What a construct names besides the tables.
fn further(id: &str, backend: Backend) -> &'static [&'static str] {
    match (id, backend) {
        ("fn-generic", Backend::Postgres) => &[
            "UPDATE users SET age = 1 WHERE age IS NULL",
            "CREATE FUNCTION my_func(a integer, b integer) RETURNS integer LANGUAGE sql AS 'SELECT a + b'",
        ],
        ("fn-generic", Backend::MariaDb) => &[
            "UPDATE users SET age = 1 WHERE age IS NULL",
            "CREATE FUNCTION my_func(a integer, b integer) RETURNS integer DETERMINISTIC RETURN a + b",
        ],
        ("seq-next", Backend::Postgres | Backend::MariaDb) => &["CREATE SEQUENCE s START WITH 5"],
        ("op-collate", Backend::Postgres) => {
            &["CREATE COLLATION \"NOCASE\" (provider = icu, locale = 'und-u-ks-level2', deterministic = false)"]
        }
        ("select-hint", _) => &["CREATE INDEX ix_name ON users (name)"],
        ("match-mysql", Backend::MariaDb) => &["CREATE FULLTEXT INDEX names ON users (name)"],
        ("ins-pg-nothing", Backend::Postgres) => &[
            "ALTER TABLE addresses ADD CONSTRAINT uq_email UNIQUE (email)",
            "UPDATE addresses SET id = 100, email = 'x' WHERE id = 1",
        ],
        ("ins-prefix", _) => &["DELETE FROM addresses WHERE id = 1"],
        ("op-cast", _) => &["UPDATE users SET name = '7', age = coalesce(age, 1), balance = coalesce(balance, 0)"],
        // NULLs are first here and last there.
        ("select-fetch-ties", _) => &["UPDATE users SET age = 1 WHERE age IS NULL"],
        ("op-concat", _) => &["UPDATE users SET fullname = 'x' WHERE fullname IS NULL"],
        ("op-extract", _) => &["UPDATE users SET created_at = '2020-10-11 12:13:14' WHERE created_at IS NULL"],
        ("cte-dml", _) => &["UPDATE orders SET status = 'done' WHERE status IS NULL", "DELETE FROM items"],
        ("fn-column-valued", Backend::Postgres) => &[
            "DELETE FROM docs WHERE id = 1",
            "CREATE FUNCTION json_array_elements(jsonb) RETURNS SETOF jsonb LANGUAGE sql AS 'SELECT jsonb_array_elements($1)'",
        ],
        _ => &[],
    }
}

/// Makes the tables and the rows.
pub(crate) fn fill(engine: &Engine, backend: Backend, id: &str) {
    engine.create_all(&tables(backend)).unwrap();
    let docs = (backend == Backend::Postgres).then_some(DOCS);
    let rows = ROWS.iter().copied().chain(docs).chain(backend::set_sequences_of(backend));
    for sql in rows.chain(further(id, backend).iter().copied()) {
        engine.execute(text(sql)).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

/// What a construct of schema definition rests on.
pub(crate) fn fill_for_ddl(engine: &Engine, backend: Backend, id: &str) {
    let run = |sql: &'static str| _ = engine.execute(text(sql)).unwrap();
    match id {
        "ddl-if-not-exists" => engine.create_all(&[User::TABLE.definition()]).unwrap(),
        "ddl-constraints" => run("CREATE TABLE p (id INTEGER PRIMARY KEY)"),
        "ddl-add-constraint" => run("CREATE TABLE t (x INTEGER)"),
        "ddl-enum" if backend == Backend::Postgres => run("CREATE TYPE abc AS ENUM ('a', 'b', 'c')"),
        "ddl-comment-pg" => run("CREATE TABLE t (a INTEGER)"),
        "ddl-drop-index" => {
            engine.create_all(&tables(backend)).unwrap();
            run("CREATE INDEX ix_users_name ON users (name)");
        }
        "ddl-drop" => engine.create_all(&[User::TABLE.definition()]).unwrap(),
        _ if id.starts_with("ddl-index") => engine.create_all(&tables(backend)).unwrap(),
        _ => {}
    }
}

/// What the tables hold.
pub(crate) fn rows(engine: &Engine) -> Result<Vec<String>> {
    let mut rows: Vec<Row> = Vec::new();
    for (table, key) in
        [("users", "id"), ("addresses", "id"), ("orders", "id"), ("items", "order_id, line"), ("t", "id")]
    {
        rows.extend(engine.fetch_all(text(format!("SELECT * FROM {table} ORDER BY {key}")))?);
    }
    Ok(plain(&rows))
}
