//! Schemas as people and their migrations leave them: what is read of them can be made in another database, and is the same there.

use aludel::blocking::Engine;
use aludel::ddl::Ddl;
use aludel::dialect::{Dialect, MariaDb, Postgres};
use aludel::postgres::types::Range;
use aludel::prelude::*;
use aludel_testsuite::servers::{self, Database};

fn made_again(dialect: &dyn Dialect, [one, two]: [Database; 2], sql: &str) -> Vec<String> {
    let [one, two] = [&one, &two].map(|database| Engine::connect(database.url()).unwrap());
    one.acquire().unwrap().batch(sql).unwrap();
    let found = one.inspect().unwrap();
    let ddl = Ddl::new(dialect);
    let mut statements: Vec<_> =
        found.sequences().iter().map(|sequence| ddl.create_sequence(sequence).unwrap()).collect();
    statements.extend(ddl.create_all(&found.sorted_tables().tables).unwrap());
    for statement in &statements {
        two.acquire().unwrap().batch(statement).unwrap();
    }
    let again = two.inspect().unwrap();
    let wanted: Vec<_> = found.schema().tables.iter().map(AsRef::as_ref).collect();
    assert_eq!(again.differences(&wanted).unwrap(), []);
    assert_eq!(again.sequences(), found.sequences());
    found.unsupported().iter().map(ToString::to_string).collect()
}

#[test]
fn sequences_that_columns_have_outgrown() {
    // What is left of `serial` where it turned out to be too small.
    let sql = "CREATE TABLE film (id serial PRIMARY KEY, title text);
               ALTER TABLE film ALTER id TYPE bigint;
               CREATE SEQUENCE \"Odd One\" START 5 INCREMENT 2 CYCLE;
               CREATE TABLE other (number integer DEFAULT nextval('\"Odd One\"'));
               ALTER SEQUENCE \"Odd One\" OWNED BY other.number";
    let notes = made_again(&Postgres, [servers::postgres(), servers::postgres()], sql);
    let told = [
        "film.id: that its sequence \"film_id_seq\" goes with it",
        "other.number: that its sequence \"Odd One\" goes with it",
    ];
    assert_eq!(notes, told);
}

/// Rooms are booked by one at a time.
#[derive(Entity, Clone, Debug)]
#[entity(
    table = "bookings",
    exclude(name = "one_at_a_time", sql = "USING gist (int4range(room, room + 1) WITH =, during WITH &&)"),
    exclude = "USING gist (during WITH -|-) WHERE (room > 5) DEFERRABLE"
)]
struct Booking {
    #[column(primary_key)]
    id: i64,
    room: i32,
    during: Range<i32>,
}

#[test]
fn exclusion_constraints() {
    let database = servers::postgres();
    let engine = Engine::connect(database.url()).unwrap();
    engine.create_all(schema![Booking]).unwrap();
    let inspector = engine.inspect().unwrap();
    assert_eq!(inspector.differences(schema![Booking]).unwrap(), []);
    assert_eq!(inspector.unsupported(), []);
    let book = |room, during: std::ops::Range<i32>| {
        engine.execute(Booking::insert().row(Booking::build().room(room).during(during)))
    };
    book(1, 1..5).unwrap();
    book(2, 2..6).unwrap();
    book(1, 5..6).unwrap();
    let error = book(1, 4..6).unwrap_err();
    assert_eq!(error.database().and_then(|error| error.constraint()), Some("one_at_a_time"), "{error}");

    let sql = "CREATE TABLE booking (during int4range, CONSTRAINT apart EXCLUDE USING gist (during WITH &&) INCLUDE (during))";
    assert_eq!(made_again(&Postgres, [servers::postgres(), servers::postgres()], sql), [""; 0]);
    let error = Ddl::new(&MariaDb).create_all(schema![Booking]).unwrap_err().to_string();
    assert!(error.contains("mariadb dialect can't render"), "{error}");
}

#[test]
fn counted_columns_that_are_no_key() {
    let sql = "CREATE TABLE film (title VARCHAR(20) PRIMARY KEY, number INT AUTO_INCREMENT, KEY (number), KEY (title, number));
               CREATE TABLE scene (film INT, number BIGINT UNSIGNED AUTO_INCREMENT, PRIMARY KEY (film, number), KEY by_number (number DESC))";
    let notes = made_again(&MariaDb, [servers::mysql(), servers::mysql()], sql);
    assert_eq!(notes, [""; 0]);
}

#[test]
fn places_and_histories() {
    let sql = "CREATE TABLE place (id INT PRIMARY KEY, at POINT NOT NULL, SPATIAL INDEX nearby (at));
               CREATE TABLE price (
                   id INT PRIMARY KEY,
                   since TIMESTAMP(6) GENERATED ALWAYS AS ROW START,
                   until TIMESTAMP(6) GENERATED ALWAYS AS ROW END,
                   PERIOD FOR SYSTEM_TIME (since, until)
               ) WITH SYSTEM VERSIONING";
    let notes = made_again(&MariaDb, [servers::mysql(), servers::mysql()], sql);
    let told = [
        "price: that it is system versioned",
        "price.since: GENERATED ALWAYS AS ROW START",
        "price.until: GENERATED ALWAYS AS ROW END",
    ];
    assert_eq!(notes, told);
}
