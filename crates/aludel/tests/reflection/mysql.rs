//! What MariaDB tells of its tables.

use aludel::blocking::Engine;
use aludel::prelude::*;
use aludel::schema::{Action, Generated, IndexOption, ServerDefault, TableOption};
use aludel::{SqlType, Value};
use aludel_testsuite::servers::{self, Database};

fn engine(sql: &str) -> (Engine, Database) {
    let database = servers::mysql();
    let engine = Engine::connect(database.url()).unwrap();
    engine.acquire().unwrap().batch(sql).unwrap();
    (engine, database)
}

const SHOP: &str = "
    CREATE TABLE customer (
        id BIGINT PRIMARY KEY AUTO_INCREMENT,
        name VARCHAR(50) COLLATE utf8mb4_bin NOT NULL DEFAULT 'it''s' COMMENT 'as on the card',
        feeling ENUM('sad', 'it''s ok') DEFAULT 'sad',
        `Odd, name` TEXT, born DATE DEFAULT '2020-01-01',
        since TIMESTAMP NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp,
        made DATETIME(6) DEFAULT current_timestamp(6),
        score DECIMAL(8, 2) DEFAULT -5 CHECK (score >= -10), amount INT UNSIGNED, is_new BOOL, doc JSON, tag UUID,
        UNIQUE only_once (name, born)
    ) COMMENT 'who pays' DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_general_ci;
    CREATE TABLE item (
        line SMALLINT, order_id BIGINT, customer BIGINT, price DOUBLE NOT NULL,
        total DOUBLE GENERATED ALWAYS AS (price * 2) STORED, half DOUBLE AS (price / 2) VIRTUAL, words TEXT,
        PRIMARY KEY (order_id, line),
        CONSTRAINT belongs FOREIGN KEY (customer) REFERENCES customer (id) ON DELETE CASCADE,
        CONSTRAINT positive CHECK (price > 0 AND line <> 3),
        KEY beginning (words(10), price DESC), FULLTEXT all_words (words), KEY unused (price) COMMENT 'for later' IGNORED
    );
    CREATE VIEW cheap AS SELECT order_id, price AS `Cost` FROM item WHERE price < 1;
    CREATE SEQUENCE numbers START WITH 7;
    CREATE TRIGGER watch AFTER DELETE ON item FOR EACH ROW SET @a = 1;
";

#[test]
fn tables_and_their_parts() {
    let (engine, database) = engine(SHOP);
    let inspector = engine.inspect().unwrap();
    assert_eq!(inspector.table_names(), ["customer", "item"]);
    assert_eq!(inspector.view_names(), ["cheap"]);
    let own = inspector.default_schema_name().unwrap().to_owned();
    assert!(database.url().contains(&own));

    let customer = inspector.table("customer").unwrap();
    assert_eq!(customer.comment.as_deref(), Some("who pays"));
    let column = |name: &str| &customer.columns[customer.position(name).unwrap()];
    assert_eq!((&column("id").sql_type, &column("id").generated), (&SqlType::BigInt, &Generated::Key));
    assert_eq!(column("name").collation.as_deref(), Some("utf8mb4_bin"));
    assert_eq!(column("name").comment.as_deref(), Some("as on the card"));
    assert_eq!(column("name").server_default, Some(ServerDefault::Text("it's".into())));
    let SqlType::Enum(feeling) = &column("feeling").sql_type else { panic!("{:?}", column("feeling")) };
    assert_eq!((feeling.labels.len(), &*feeling.labels[1]), (2, "it's ok"));
    let touched = ServerDefault::Exactly("current_timestamp() ON UPDATE current_timestamp()".into());
    assert_eq!(column("since").server_default, Some(touched));
    assert_eq!(
        (&column("made").sql_type, &column("made").server_default),
        (&SqlType::DateTime, &Some(ServerDefault::Now))
    );
    assert_eq!(column("score").server_default, Some(ServerDefault::Sql("-5.00".into())));
    assert_eq!(&*customer.checks[0].sql, "`score` >= -10");
    assert_eq!(column("is_new").sql_type, SqlType::Boolean);
    assert_eq!(column("doc").sql_type, SqlType::Json);
    assert_eq!(column("tag").sql_type, SqlType::Uuid);
    assert_eq!(customer.uniques[0].name.as_deref(), Some("only_once"));
    assert!(customer.options.contains(&TableOption::Collate("utf8mb4_general_ci".into())));
    assert!(customer.options.contains(&TableOption::Engine("InnoDB".into())));

    let item = inspector.table("item").unwrap();
    assert_eq!(inspector.primary_key("item").unwrap(), ["order_id", "line"]);
    assert_eq!(item.columns[4].generated, Generated::Computed { sql: "`price` * 2".into(), stored: true });
    assert_eq!(item.columns[5].generated, Generated::Computed { sql: "`price` / 2".into(), stored: false });
    assert_eq!(item.foreign_keys[0].target.table(), (None, "customer"));
    assert_eq!(item.foreign_keys[0].on_delete, Some(Action::Cascade));
    let names: Vec<_> = item.indexes.iter().map(|index| &*index.name).collect();
    assert_eq!(names, ["all_words", "beginning", "unused"]);
    assert_eq!(item.indexes[0].using.as_deref(), Some("fulltext"));
    assert_eq!((item.indexes[1].parts[0].length, item.indexes[1].parts[1].descending), (Some(10), true));
    assert_eq!(*item.indexes[2].options, [IndexOption::Comment("for later".into()), IndexOption::Invisible]);
    let view = inspector.view("cheap").unwrap();
    assert!(!view.definition.contains(&own), "{}", view.definition);
    let lost: Vec<_> = inspector.unsupported().iter().filter(|note| note.is_lost).map(ToString::to_string).collect();
    assert_eq!(lost, ["item.watch: a trigger", "numbers: the options of a sequence"]);
    assert_eq!(column("amount").sql_type, SqlType::UnsignedInteger);
    assert!(matches!(&column("since").sql_type, SqlType::Native(own) if &*own.name == "TIMESTAMP"));
}

#[test]
fn changing() {
    let (engine, _database) =
        engine("CREATE TABLE film (id INT PRIMARY KEY AUTO_INCREMENT, title VARCHAR(50) NOT NULL UNIQUE, year INT)");
    let film = Table::reflect(&engine, "film").unwrap();
    let rows = (0..1000).map(|n| (format!("film {n}"), n));
    assert_eq!(engine.insert(film.insert().rows(["title", "year"], rows)).unwrap(), 1000);
    let id = || film.column::<i32>("id").unwrap();
    let added =
        engine.fetch_one(film.insert().set("title", "Alien").set("year", 1979_i32).returning(film.all())).unwrap();
    assert_eq!(added.get::<i32>("year").unwrap(), 1979);
    let upsert = film.insert().set("title", "Alien").set_value("year", Value::Int(1)).on_conflict_of(["title"]);
    engine.execute(upsert.do_update([film.set("year", film.excluded::<i32>("year").unwrap())])).unwrap();
    let alien = film.select().filter(film.column::<String>("title").unwrap().eq("Alien"));
    assert_eq!(engine.fetch_one(alien).unwrap().get::<i32>("year").unwrap(), 1);
    assert_eq!(engine.execute(film.update().set("year", 5_i32).filter(id().lt(4))).unwrap(), 3);
    assert_eq!(engine.execute(film.delete().filter(id().le(1000))).unwrap(), 1000);
}

#[test]
fn names_that_are_not_there() {
    let (engine, _database) = engine("CREATE TABLE film (id INT PRIMARY KEY)");
    let error = Table::reflect(&engine, "films").unwrap_err().to_string();
    assert!(error.starts_with("there is no table or view \"films\"; did you mean \"film\"?"), "{error}");
    let own = engine.inspect().unwrap().default_schema_name().unwrap().to_owned();
    let film = Table::reflect(&engine, (&*own, "film")).unwrap();
    assert_eq!(film.definition().schema.as_deref(), Some(&*own));
    assert_eq!(engine.fetch_all(film.select()).unwrap().len(), 0);
}
