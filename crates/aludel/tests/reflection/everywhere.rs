//! What holds on every database in the same way.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aludel::blocking::Engine;
use aludel::ddl::Ddl;
use aludel::dialect::Dialect;
use aludel::prelude::{Connect, ReflectSchema, ReflectTable, Table};
use aludel::schema::{ColumnDef, Generated, Schema, Table as Definition};
use aludel::{Held, SqlType};
use aludel_testsuite::Backend;
use aludel_testsuite::servers::Database;

fn on_all(test: impl Fn(&Engine, &dyn Dialect)) {
    for backend in Backend::ALL {
        let database = backend.database();
        let engine = Engine::connect(database.as_ref().map_or("sqlite::memory:", Database::url)).unwrap();
        let dialect = Arc::clone(engine.as_async().dialect());
        test(&engine, &*dialect);
    }
}

fn film(name: &str) -> Definition {
    let id = ColumnDef { nullable: false, generated: Generated::Key, ..ColumnDef::new("id", SqlType::BigInt) };
    let title = ColumnDef { nullable: false, ..ColumnDef::new("Title", SqlType::Varchar(50)) };
    Definition {
        columns: vec![id, title, ColumnDef::new("select", SqlType::Integer)].into(),
        primary_key: Held::Static(&[0]),
        ..Definition::named(name.to_owned())
    }
}

#[test]
fn as_many_statements_for_one_table_as_for_many() {
    on_all(|engine, dialect| {
        let count = || {
            let statements = Arc::new(AtomicUsize::new(0));
            let counted = Arc::clone(&statements);
            engine.events().before_cursor_execute(move |_| {
                counted.fetch_add(1, Ordering::Relaxed);
            });
            let tables = engine.inspect().unwrap().table_names().len();
            (tables, statements.load(Ordering::Relaxed))
        };
        engine.create_all(&[&film("film_0")]).unwrap();
        let (one, few) = count();
        let films: Vec<_> = (1..30).map(|number| film(&format!("film_{number}"))).collect();
        engine.create_all(&films.iter().collect::<Vec<_>>()).unwrap();
        let (many, statements) = count();
        assert_eq!((one, many, statements), (1, 30, few), "{}", dialect.name());
        assert!(few <= 8, "{}: {few}", dialect.name());
    });
}

#[test]
fn views_are_made_again() {
    on_all(|engine, dialect| {
        engine.create_all(&[&film("film")]).unwrap();
        let title = dialect.quoted("Title");
        let sql = format!("CREATE VIEW titles (id, name) AS SELECT id, {title} FROM film WHERE id > 1");
        engine.acquire().unwrap().batch(&sql).unwrap();
        let view = Schema::reflect(engine).unwrap().view("titles").unwrap().clone();
        let ddl = Ddl::new(dialect);
        for sql in [ddl.drop_view(&view).unwrap(), ddl.create_view(&view).unwrap()] {
            engine.acquire().unwrap().batch(&sql).unwrap();
        }
        assert_eq!(Schema::reflect(engine).unwrap().views, [view], "{}", dialect.name());
        // It is read as a table is.
        let film = Table::reflect(engine, "film").unwrap();
        engine.insert(film.insert().rows(["Title", "select"], [("Alien", 1), ("Aliens", 2)])).unwrap();
        let titles = Table::reflect(engine, "titles").unwrap();
        let rows = engine.fetch_all(titles.select()).unwrap();
        assert_eq!(rows.iter().map(|row| row.get::<String>("name").unwrap()).collect::<Vec<_>>(), ["Aliens"]);
    });
}

#[test]
fn what_an_entity_wants_and_what_is_there() {
    use aludel::prelude::*;

    #[derive(SqlEnum, Clone, Debug, PartialEq)]
    enum Mood {
        Sad,
        Happy,
    }

    #[derive(Entity, Clone, Debug)]
    #[entity(table = "person")]
    struct Person {
        #[column(primary_key)]
        id: i64,
        #[column(unique, varchar = 40)]
        name: String,
        mood: Option<Mood>,
        #[column(references = Person::ID)]
        friend: Option<i64>,
        #[column(index)]
        height: f64,
        is_new: bool,
    }

    on_all(|engine, dialect| {
        engine.create_all(schema![Person]).unwrap();
        let found = engine.inspect().unwrap().differences(schema![Person]).unwrap();
        assert_eq!(found, [], "{}", dialect.name());
        let mut changed = Definition::clone(&engine.inspect().unwrap().table("person").unwrap().clone());
        changed.columns =
            changed.columns.iter().filter(|column| column.name != "height").cloned().collect::<Vec<_>>().into();
        changed.indexes = Held::default();
        let found = engine.inspect().unwrap().differences(&[&changed]).unwrap();
        assert!(found.iter().any(|difference| difference.part.as_deref() == Some("column height")), "{found:?}");
    });
}
