//! What PostgreSQL tells of its tables.

use aludel::blocking::Engine;
use aludel::prelude::*;
use aludel::schema::{Action, Deferrable, Generated, IndexKey, IndexOption, Schema, ServerDefault, TableOption};
use aludel::{Held, SqlType, Value};
use aludel_testsuite::servers::{self, Database};

fn engine(sql: &str) -> (Engine, Database) {
    let database = servers::postgres();
    let engine = Engine::connect(database.url()).unwrap();
    engine.acquire().unwrap().batch(sql).unwrap();
    (engine, database)
}

const SHOP: &str = r#"
    CREATE TYPE mood AS ENUM ('sad', 'it''s ok');
    CREATE SEQUENCE numbers START 7 INCREMENT 3 MAXVALUE 99 CYCLE CACHE 5;
    CREATE TABLE "Customer" (
        id serial PRIMARY KEY,
        name varchar(50) COLLATE "C" NOT NULL DEFAULT 'it''s' CONSTRAINT only_once UNIQUE DEFERRABLE INITIALLY DEFERRED,
        feeling mood DEFAULT 'sad', feelings mood[],
        "Odd, name" text, born date DEFAULT '2020-01-01', since timestamptz NOT NULL DEFAULT now(),
        score numeric(8, 2) DEFAULT -5 CHECK (score >= -10), address inet, cost money
    );
    COMMENT ON TABLE "Customer" IS 'who pays';
    COMMENT ON COLUMN "Customer".name IS 'as on the card';
    CREATE TABLE item (
        order_id bigint GENERATED ALWAYS AS IDENTITY (START 10 INCREMENT 5),
        line smallint, customer int REFERENCES "Customer" ON DELETE CASCADE ON UPDATE RESTRICT,
        price float8 NOT NULL, total float8 GENERATED ALWAYS AS (price * 2) STORED, tags int[] DEFAULT '{1,2}',
        CONSTRAINT item_key PRIMARY KEY (line, order_id),
        CONSTRAINT by_hand FOREIGN KEY (line, order_id) REFERENCES item DEFERRABLE,
        CONSTRAINT positive CHECK (price > 0 AND line <> 3)
    );
    CREATE UNIQUE INDEX item_price ON item (price DESC NULLS LAST, (line + 1), abs(price)) INCLUDE (total)
        WITH (fillfactor = 70) WHERE line > 1;
    CREATE INDEX item_tags ON item USING gin (tags);
    CREATE VIEW cheap AS SELECT order_id, price AS "Cost" FROM item WHERE price < 1;
    CREATE MATERIALIZED VIEW dear AS SELECT 1 AS one;
    CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
    CREATE TRIGGER watch AFTER DELETE ON item FOR EACH ROW EXECUTE FUNCTION nothing();
"#;

#[test]
fn tables_and_their_parts() {
    let (engine, _database) = engine(SHOP);
    let inspector = engine.inspect().unwrap();
    assert_eq!(inspector.table_names(), ["Customer", "item"]);
    assert_eq!(inspector.view_names(), ["cheap", "dear"]);
    assert_eq!((inspector.schema_names(), inspector.default_schema_name()), (vec!["public"], Some("public")));

    let customer = inspector.table("Customer").unwrap();
    assert_eq!(customer.comment.as_deref(), Some("who pays"));
    let column = |name: &str| &customer.columns[customer.position(name).unwrap()];
    assert_eq!((&column("id").sql_type, &column("id").generated), (&SqlType::Integer, &Generated::Key));
    assert_eq!((&column("name").sql_type, column("name").collation.as_deref()), (&SqlType::Varchar(50), Some("C")));
    assert_eq!(column("name").comment.as_deref(), Some("as on the card"));
    assert_eq!(column("name").server_default, Some(ServerDefault::Text("it's".into())));
    let SqlType::Enum(mood) = &column("feeling").sql_type else { panic!("{:?}", column("feeling")) };
    assert_eq!((&*mood.name, mood.labels.len(), &*mood.labels[1]), ("mood", 2, "it's ok"));
    assert_eq!(column("feeling").server_default, Some(ServerDefault::Text("sad".into())));
    assert!(matches!(&column("feelings").sql_type, SqlType::Array(of) if matches!(&**of, SqlType::Enum(_))));
    assert_eq!(column("born").server_default, Some(ServerDefault::Text("2020-01-01".into())));
    assert_eq!(
        (&column("since").sql_type, &column("since").server_default),
        (&SqlType::Timestamp, &Some(ServerDefault::Now))
    );
    assert_eq!(column("score").server_default, Some(ServerDefault::Sql("-5".into())));
    assert!(matches!(&column("address").sql_type, SqlType::Native(own) if &*own.name == "inet"));
    assert_eq!(customer.uniques[0].deferrable, Some(Deferrable::InitiallyDeferred));
    assert_eq!(customer.checks[0].name.as_deref(), Some("Customer_score_check"));

    let item = inspector.table("item").unwrap();
    let always = Generated::Identity {
        always: true,
        start: Some(10),
        increment: Some(5),
        min: None,
        max: None,
        cache: None,
        cycle: false,
    };
    assert_eq!(item.columns[0].generated, always);
    assert_eq!(
        item.columns[4].generated,
        Generated::Computed { sql: "price * (2)::double precision".into(), stored: true }
    );
    assert_eq!(item.columns[5].sql_type, SqlType::Array(Held::Static(&SqlType::Integer)));
    assert_eq!(item.columns[5].server_default, Some(ServerDefault::Text("{1,2}".into())));
    assert_eq!(inspector.primary_key("item").unwrap(), ["line", "order_id"]);
    assert_eq!(*item.options, [TableOption::PrimaryKeyName("item_key".into())]);
    let [to_itself, to_customer] = &*item.foreign_keys else { panic!("{:?}", item.foreign_keys) };
    assert_eq!(to_customer.target.table(), (None, "Customer"));
    assert_eq!((to_customer.on_delete, to_customer.on_update), (Some(Action::Cascade), Some(Action::Restrict)));
    assert_eq!(to_itself.target.columns(), ["line", "order_id"]);
    assert_eq!(to_itself.deferrable, Some(Deferrable::InitiallyImmediate));
    let [price, tags] = &*item.indexes else { panic!("{:?}", item.indexes) };
    assert!(price.unique && price.parts[0].descending);
    assert_eq!(price.parts[0].nulls_first, Some(false));
    assert_eq!(price.parts[1].key, IndexKey::Sql("line + 1".into()));
    assert_eq!(price.parts[2].key, IndexKey::Sql("abs(price)".into()));
    assert_eq!((&*price.include, price.filter.as_deref()), (&[4][..], Some("line > 1")));
    assert_eq!(*price.options, [IndexOption::With("fillfactor=70".into())]);
    assert_eq!(tags.using.as_deref(), Some("gin"));

    let view = inspector.view("cheap").unwrap();
    assert_eq!((&*view.table.columns[1].name, view.materialized), ("Cost", false));
    assert!(inspector.view("dear").unwrap().materialized);
    assert_eq!(&*inspector.enums()[0].name, "mood");
    let numbers = &inspector.sequences()[0];
    assert_eq!(
        (numbers.start, numbers.increment, numbers.max, numbers.cache, numbers.cycle),
        (Some(7), Some(3), Some(99), Some(5), true)
    );
    assert_eq!(inspector.sequence_names(), ["numbers"]);
    let notes: Vec<_> = inspector.unsupported().iter().map(ToString::to_string).collect();
    assert_eq!(notes, ["Customer.cost: the type `money` is kept by its name", "item.watch: a trigger"]);
}

#[test]
fn another_schema_and_names_that_are_not_there() {
    let (engine, _database) = engine(
        "CREATE SCHEMA sales; CREATE TABLE home (id int PRIMARY KEY);
         CREATE TABLE sales.deal (id int PRIMARY KEY, up int REFERENCES sales.deal, home int REFERENCES home)",
    );
    let sales = engine.inspect_schema("sales").unwrap();
    let deal = sales.table("deal").unwrap();
    assert_eq!(deal.schema.as_deref(), Some("sales"));
    let targets: Vec<_> = deal.foreign_keys.iter().map(|key| key.target.table()).collect();
    assert_eq!(targets, [(Some("public"), "home"), (Some("sales"), "deal")]);
    assert_eq!(engine.inspect().unwrap().table_names(), ["home"]);
    let error = Table::reflect(&engine, "Home").unwrap_err().to_string();
    assert!(error.starts_with("there is no table or view \"Home\"; did you mean \"home\"?"), "{error}");
    let deal = Table::reflect(&engine, ("sales", "deal")).unwrap();
    assert_eq!(engine.execute(deal.insert().set("id", 1_i32)).unwrap(), 1);
    assert!(engine.inspect_schema("salse").unwrap_err().is_unknown_name());
}

#[test]
fn changing() {
    let (engine, _database) = engine("CREATE TABLE film (id serial PRIMARY KEY, title text NOT NULL UNIQUE, year int)");
    let film = Table::reflect(&engine, "film").unwrap();
    let rows = (0..1000).map(|n| (format!("film {n}"), n));
    assert_eq!(engine.insert(film.insert().rows(["title", "year"], rows)).unwrap(), 1000);
    let id = || film.column::<i32>("id").unwrap();
    let added = engine
        .fetch_one(film.insert().set("title", "Alien").set_value("year", Value::Int(1979)).returning(film.all()))
        .unwrap();
    assert_eq!((added.get::<i32>("id").unwrap(), added.get::<i32>("year").unwrap()), (1001, 1979));
    let upsert = film.insert().rows(["title", "year"], vec![vec![Value::Text("Alien".into()), Value::Int(1)]]);
    let upsert = upsert.on_conflict_of(["title"]).do_update([film.set("year", film.excluded::<i32>("year").unwrap())]);
    let upserted = engine.insert_returning(upsert.returning((id(), film.column::<i32>("year").unwrap()))).unwrap();
    assert_eq!(upserted, [(1001, 1)]);
    let changed = engine.fetch_all(film.update().set("year", 5_i32).filter(id().lt(4)).returning(id())).unwrap();
    assert_eq!(changed.len(), 3);
    assert_eq!(engine.execute(film.delete().filter(id().ge(1000))).unwrap(), 2);
}

#[test]
fn what_has_no_place_is_told() {
    let (engine, _database) = engine(
        "CREATE TABLE up (a int, b int, PRIMARY KEY (a, b));
         CREATE TABLE t (
             id int PRIMARY KEY DEFERRABLE, a int, b int, during tsrange,
             FOREIGN KEY (a, b) REFERENCES up MATCH FULL,
             CONSTRAINT never CHECK (a > 0) NO INHERIT,
             CONSTRAINT apart EXCLUDE USING gist (during WITH &&),
             UNIQUE (a) INCLUDE (b)
         ) WITH (fillfactor = 50);
         ALTER TABLE t ADD CONSTRAINT later CHECK (b > 0) NOT VALID;
         ALTER TABLE t ENABLE ROW LEVEL SECURITY;
         COMMENT ON CONSTRAINT later ON t IS 'some day'",
    );
    let schema = Schema::reflect(&engine).unwrap();
    let notes: Vec<_> = schema.unsupported().iter().filter(|note| note.is_lost).map(ToString::to_string).collect();
    assert_eq!(
        notes,
        [
            "t: row security",
            "t: storage parameters: fillfactor=50",
            "t.later: NOT VALID",
            "t.later: a comment on a constraint",
            "t.never: NO INHERIT",
            "t.t_a_b_fkey: MATCH FULL",
            "t.t_a_b_key: INCLUDE of a constraint",
            "t.t_pkey: DEFERRABLE of a primary key",
        ]
    );
}
