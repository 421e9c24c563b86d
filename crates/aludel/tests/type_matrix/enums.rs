//! Enums: types of their own on PostgreSQL, ENUM on MariaDB, text elsewhere.

use aludel::SqlEnum;

use crate::matrix;

#[derive(SqlEnum, Clone, Copy, Debug, PartialEq)]
pub(crate) enum Colour {
    Red,
    #[sql_enum(label = "it's")]
    Quoted,
    DarkBlue,
    #[sql_enum(label = "été")]
    Summer,
}

#[derive(SqlEnum, Clone, Copy, Debug, PartialEq)]
#[sql_enum(integer)]
#[repr(i16)]
enum Level {
    Low = -1,
    High = 7,
}

matrix!(labels, Colour, on [Sqlite, Postgres, MariaDb], unordered, |_| {
    vec![Colour::Red, Colour::Quoted, Colour::DarkBlue, Colour::Summer]
});
matrix!(levels, Level, on [Sqlite, Postgres, MariaDb], ordered, |_| vec![Level::Low, Level::High]);
matrix!(lists_of_labels, Vec<Colour>, on [Postgres] or "array type", unordered, |_| {
    vec![vec![], vec![Colour::Red], vec![Colour::Quoted, Colour::Quoted, Colour::Summer]]
});

/// The type is the database's own: it is made with the table, and it orders and refuses.
#[test]
fn native() {
    use aludel::prelude::*;

    use crate::db::{Db, InMatrix};

    #[derive(Entity, Clone, Debug, PartialEq)]
    struct Car {
        #[column(primary_key)]
        id: i64,
        colour: Colour,
    }
    let kinds = [
        (Db::Postgres, "SELECT typtype AS t FROM pg_type WHERE typname = 'colour'", "e"),
        (
            Db::MariaDb,
            "SELECT DATA_TYPE AS t FROM information_schema.columns WHERE table_schema = database() AND column_name = 'colour'",
            "enum",
        ),
    ];
    for (db, sql, wanted) in kinds {
        let database = db.open();
        let engine = &database.engine;
        engine.create_all(schema![Car]).unwrap();
        assert_eq!(engine.fetch_one(text(sql)).unwrap().get::<String>("t").unwrap(), wanted);
        let cars = [Colour::Summer, Colour::DarkBlue, Colour::Red];
        engine.insert(Car::insert().rows((1..).zip(cars).map(|(id, colour)| Car { id, colour }))).unwrap();
        // In the order of the labels, not of the letters.
        let sorted = engine.fetch_all(select(Car::COLOUR).order_by(Car::COLOUR)).unwrap();
        assert_eq!(sorted, [Colour::Red, Colour::DarkBlue, Colour::Summer], "{db:?}");
        let wrong = engine.execute(text("INSERT INTO car (id, colour) VALUES (9, 'pink')"));
        assert!(wrong.is_err(), "{db:?}");
        engine.drop_all(schema![Car]).unwrap();
        engine.create_all(schema![Car]).unwrap();
    }
}
