//! What SQLite tells of its tables.

use aludel::blocking::Engine;
use aludel::ddl::Ddl;
use aludel::prelude::*;
use aludel::schema::{
    Action, Deferrable, Generated, IndexKey, Schema, ServerDefault, Table as Definition, TableOption,
};
use aludel::{ErrorKind, SchemaError, SqlType};

fn engine(sql: &str) -> Engine {
    let engine = Engine::connect("sqlite::memory:").unwrap();
    engine.acquire().unwrap().batch(sql).unwrap();
    engine
}

const SHOP: &str = "
    CREATE TABLE customer (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name VARCHAR(50) COLLATE NOCASE NOT NULL CONSTRAINT only_once UNIQUE, -- a comment, (with a parenthesis
        born DATE,
        \"Odd, name\" TEXT DEFAULT 'it''s',
        since DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
        score NUMERIC(8, 2) DEFAULT (1 + 1) CHECK (score >= 0)
    );
    CREATE TABLE item (
        order_id BIGINT NOT NULL REFERENCES customer ON DELETE CASCADE,
        line SMALLINT NOT NULL,
        price DOUBLE NOT NULL,
        amount INTEGER NOT NULL DEFAULT -1,
        total DOUBLE GENERATED ALWAYS AS (price * amount) STORED,
        place POINT,
        CONSTRAINT item_key PRIMARY KEY (line, order_id),
        CONSTRAINT by_hand FOREIGN KEY (order_id, line) REFERENCES item (order_id, line)
            ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT positive CHECK (price > 0 AND amount <> 0)
    ) WITHOUT ROWID;
    CREATE UNIQUE INDEX item_price ON item (price DESC, lower(place) COLLATE NOCASE) WHERE amount > 1;
    CREATE VIEW cheap (id, cost) AS SELECT order_id, price FROM item WHERE price < 1;
    CREATE TRIGGER watch AFTER DELETE ON item BEGIN SELECT 1; END;
";

#[test]
fn tables_and_their_parts() {
    let inspector = engine(SHOP).inspect().unwrap();
    assert_eq!(inspector.table_names(), ["customer", "item"]);
    assert_eq!(inspector.view_names(), ["cheap"]);
    assert_eq!((inspector.schema_names(), inspector.default_schema_name()), (vec!["main"], Some("main")));

    let customer = inspector.table("Customer").unwrap();
    let columns: Vec<_> =
        customer.columns.iter().map(|column| (&*column.name, &column.sql_type, column.nullable)).collect();
    assert_eq!(
        columns,
        [
            ("id", &SqlType::BigInt, false),
            ("name", &SqlType::Varchar(50), false),
            ("born", &SqlType::Date, true),
            ("Odd, name", &SqlType::Text, true),
            ("since", &SqlType::DateTime, false),
            ("score", &SqlType::Numeric(Some((8, 2))), true),
        ]
    );
    assert_eq!(customer.columns[0].generated, Generated::MonotonicKey);
    assert_eq!(customer.columns[1].collation.as_deref(), Some("NOCASE"));
    let defaults: Vec<_> = customer.columns.iter().map(|column| column.server_default.clone()).collect();
    assert_eq!(
        defaults[3..],
        [Some(ServerDefault::Text("it's".into())), Some(ServerDefault::Now), Some(ServerDefault::Sql("1 + 1".into())),]
    );
    assert_eq!(customer.uniques[0].name.as_deref(), Some("only_once"));
    assert_eq!(*customer.uniques[0].columns, [1]);
    assert_eq!((customer.checks[0].name.as_deref(), &*customer.checks[0].sql), (None, "score >= 0"));

    let item = inspector.table("item").unwrap();
    assert_eq!(inspector.primary_key("item").unwrap(), ["line", "order_id"]);
    assert_eq!(*item.options, [TableOption::WithoutRowid, TableOption::PrimaryKeyName("item_key".into())]);
    assert_eq!(item.columns[4].generated, Generated::Computed { sql: "price * amount".into(), stored: true });
    assert_eq!(item.columns[5].sql_type, SqlType::Named("POINT".into()));
    let [to_customer, to_itself] = &*item.foreign_keys else { panic!("{:?}", item.foreign_keys) };
    assert_eq!((to_customer.target.table(), to_customer.target.columns()), ((None, "customer"), vec!["id"]));
    assert_eq!((to_customer.on_delete, to_customer.deferrable), (Some(Action::Cascade), None));
    assert_eq!(to_itself.name.as_deref(), Some("by_hand"));
    assert_eq!(
        (to_itself.on_update, to_itself.deferrable),
        (Some(Action::SetNull), Some(Deferrable::InitiallyDeferred))
    );
    let index = &item.indexes[0];
    assert!(index.unique && index.parts[0].descending);
    assert_eq!(index.filter.as_deref(), Some("amount > 1"));
    assert_eq!(index.parts[1].key, IndexKey::Sql("lower(place)".into()));
    assert_eq!(index.parts[1].collation.as_deref(), Some("NOCASE"));

    let view = inspector.view("cheap").unwrap();
    assert_eq!(&*view.definition, "SELECT order_id, price FROM item WHERE price < 1");
    let notes: Vec<_> = inspector.unsupported().iter().map(ToString::to_string).collect();
    assert_eq!(notes, ["item.place: the type `POINT` is kept by its name", "item.watch: a trigger"]);
}

#[test]
fn made_again_elsewhere_it_is_the_same() {
    let first = Schema::reflect(&engine(SHOP)).unwrap();
    let tables: Vec<&Definition> = first.tables.iter().map(|table| &**table).collect();
    let ddl = Ddl::new(&aludel::dialect::Sqlite).create_all(&tables).unwrap();
    let again = Schema::reflect(&engine(&ddl.join(";\n"))).unwrap();
    assert_eq!(again.tables, first.tables);
}

#[test]
fn names_that_are_not_there() {
    let engine = engine(SHOP);
    let error = Table::reflect(&engine, "costumer").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Schema(SchemaError::NoTable { near, .. }) if near == &["customer"]));
    assert!(error.location().is_some_and(|at| at.file().ends_with("sqlite.rs")));
    let message = error.to_string();
    assert!(message.starts_with("there is no table or view \"costumer\"; did you mean \"customer\"?\n"), "{message}");
    let error = engine.inspect_schema("mian").unwrap_err();
    assert!(error.to_string().starts_with("there is no schema \"mian\"; did you mean \"main\"?"), "{error}");
    let error = engine.inspect().unwrap().columns("cheep").unwrap_err();
    assert_eq!(error.to_string(), "there is no table or view \"cheep\"; did you mean \"cheap\"?");
}

#[test]
fn a_schema_of_its_own() {
    let engine =
        engine("ATTACH ':memory:' AS sales; CREATE TABLE sales.deal (id INTEGER PRIMARY KEY, up REFERENCES deal)");
    let inspector = engine.inspect_schema("sales").unwrap();
    assert_eq!(inspector.table_names(), ["deal"]);
    let deal = inspector.table("deal").unwrap();
    assert_eq!(deal.schema.as_deref(), Some("sales"));
    assert_eq!(deal.foreign_keys[0].target.table(), (Some("sales"), "deal"));
    assert!(engine.inspect().unwrap().table_names().is_empty());
    let deal = Table::reflect(&engine, ("sales", "deal")).unwrap();
    engine.execute(deal.insert().set("id", 7_i64)).unwrap();
    assert_eq!(engine.fetch_all(deal.select()).unwrap()[0].get::<i64>("id").unwrap(), 7);
}

#[test]
fn what_has_no_place_is_told() {
    let schema = Schema::reflect(&engine(
        "CREATE TABLE t (
            a INTEGER PRIMARY KEY ON CONFLICT REPLACE,
            b TEXT UNIQUE ON CONFLICT IGNORE,
            c, d INT REFERENCES t (a) MATCH FULL,
            UNIQUE (b COLLATE NOCASE, c)
        );
        CREATE TABLE n (a TEXT PRIMARY KEY);
        CREATE VIRTUAL TABLE doc USING fts5(title, body)",
    ))
    .unwrap();
    let notes: Vec<_> = schema.unsupported().iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        [
            "doc: a virtual table: fts5(title, body)",
            "n.a: a part of the primary key that takes NULL",
            "t: MATCH FULL of a foreign key",
            "t: `b COLLATE NOCASE` in a UNIQUE constraint",
            "t.a: ON CONFLICT REPLACE of a constraint",
            "t.b: ON CONFLICT IGNORE of a constraint",
            "t.c: the type `` is kept by its name",
        ]
    );
    let names: Vec<_> = schema.tables.iter().map(|table| &*table.name).collect();
    assert_eq!(names, ["doc", "n", "t"]);
}

#[test]
fn as_many_statements_for_one_table_as_for_many() {
    let count = |tables: usize| {
        let sql: String =
            (0..tables).map(|n| format!("CREATE TABLE t{n} (id INTEGER PRIMARY KEY, up REFERENCES t0);")).collect();
        let engine = engine(&sql);
        let statements = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let counted = std::sync::Arc::clone(&statements);
        engine.events().before_cursor_execute(move |_| {
            counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        });
        assert_eq!(engine.inspect().unwrap().table_names().len(), tables);
        statements.load(std::sync::atomic::Ordering::Relaxed)
    };
    assert_eq!(count(1), count(60));
    assert!(count(60) <= 6, "{}", count(60));
}
