//! Every type of a column on every database: what goes in comes out, by every way in and out; or it is refused by an error that
//! names the type and the database.

#![allow(clippy::unwrap_used, clippy::unnecessary_wraps, reason = "a test that can't go on fails")]

mod arrays;
mod dates;
mod db;
mod enums;
mod intervals;
mod json;
mod mysql_types;
mod numbers;
mod operators;
mod postgres_types;
mod text_and_bytes;

/// A test of a type: an entity with a column of the type and one of `Option` of it takes each value, and NULL, by every way in,
/// and gives it back by every way out.
///
/// `values` is told the database. `ordered` where every database's order is that of the values. `on [..]` names the databases
/// that have the type; each of the others refuses to make the table, with a message that holds `refused`'s text and its name.
macro_rules! matrix {
    ($name:ident, $type:ty, $(#[$column:meta],)? on [$($db:ident),+] $(or $refused:literal)?, $order:ident, $values:expr) => {
        mod $name {
            #[allow(unused_imports, reason = "values may use what their module has imported")]
            use super::*;
            #[allow(unused_imports, reason = "not every type is ordered by or refused")]
            use crate::db::{self, Db, InMatrix};
            use aludel::blocking::{Engine, Session};
            use aludel::language::{excluded, value};
            use aludel::prelude::*;

            #[derive(Entity, Clone, Debug, PartialEq)]
            #[entity(table = "sample")]
            struct Sample {
                #[column(primary_key)]
                id: i64,
                $(#[$column])?
                plain: $type,
                $(#[$column])?
                maybe: Option<$type>,
            }

            const HAS_COLUMN_TYPE: bool = !stringify!($($column)?).is_empty();

            fn values(db: Db) -> Vec<$type> {
                let values: fn(Db) -> Vec<$type> = $values;
                values(db)
            }

            /// Every value twice: in the nullable column too, and with NULL there.
            fn samples(db: Db) -> Vec<Sample> {
                let pairs = values(db).into_iter().flat_map(|v| [(v.clone(), Some(v.clone())), (v, None)]);
                (1..).zip(pairs).map(|(id, (plain, maybe))| Sample { id, plain, maybe }).collect()
            }

            fn all(engine: &Engine) -> Vec<Sample> {
                engine.fetch_all(Sample::select().order_by(Sample::ID)).unwrap()
            }

            fn one_by_one(engine: &Engine, db: Db) {
                for sample in samples(db) {
                    let query = Sample::insert().row(sample.clone()).returning(Sample::ALL);
                    assert_eq!(engine.fetch_one(query).unwrap(), sample, "RETURNING");
                }
                assert_eq!(all(engine), samples(db), "rows that were inserted one by one");
                engine.execute(Sample::delete()).unwrap();
            }

            /// Few rows go as one statement, more as arrays or packets, many by COPY, where there is such a thing.
            fn in_bulk(engine: &Engine, db: Db) {
                for count in [samples(db).len(), 120] {
                    let samples: Vec<Sample> = samples(db).into_iter().cycle().take(count).zip(1..).map(|(sample, id)| Sample { id, ..sample }).collect();
                    let rows = Sample::insert().rows(samples.clone()).returning(Sample::ALL);
                    assert_eq!(engine.insert_returning(rows).unwrap(), samples, "RETURNING of {count} rows");
                    assert_eq!(all(engine), samples, "{count} rows with RETURNING");
                    engine.execute(Sample::delete()).unwrap();
                    let tuples = samples.iter().cloned().map(|sample| (sample.id, sample.plain, sample.maybe));
                    let rows = Sample::insert().tuples((Sample::ID, Sample::PLAIN, Sample::MAYBE), tuples);
                    engine.insert(rows).unwrap();
                    assert_eq!(all(engine), samples, "{count} rows");
                    engine.execute(Sample::delete()).unwrap();
                }
                engine.insert(Sample::insert().rows(samples(db))).unwrap();
            }

            fn in_conditions(engine: &Engine, db: Db) {
                let count = select(func::count_all()).from(Sample::TABLE);
                for one in values(db) {
                    let found = engine.fetch_all(select(Sample::PLAIN).filter(Sample::PLAIN.eq(one.clone()))).unwrap();
                    assert_eq!(found, [one.clone(), one.clone()], "WHERE");
                    let found = engine.fetch_one(count.clone().filter(Sample::MAYBE.eq(one.clone()))).unwrap();
                    assert_eq!(found, 1, "WHERE {one:?}");
                    let found = engine.fetch_one(count.clone().filter(Sample::MAYBE.in_([one.clone()]))).unwrap();
                    assert_eq!(found, 1, "IN ({one:?})");
                    // Without its column nobody knows of its scale or length.
                    if !HAS_COLUMN_TYPE {
                        assert_eq!(engine.fetch_one(select(value(one.clone()))).unwrap(), one, "on its own");
                    }
                }
                let everything = i64::try_from(samples(db).len()).unwrap();
                let found = engine.fetch_one(count.clone().filter(Sample::PLAIN.in_(values(db)))).unwrap();
                assert_eq!(found, everything, "IN with all values");
                let found = engine.fetch_one(count.clone().filter(Sample::MAYBE.not_in(values(db)))).unwrap();
                assert_eq!(found, 0, "NOT IN with all values");
                let found = engine.fetch_one(count.filter(Sample::MAYBE.eq(None::<$type>))).unwrap();
                assert_eq!(found, everything / 2, "IS NULL");
            }

            fn by_name(engine: &Engine, db: Db) {
                let query = select((Sample::PLAIN, Sample::MAYBE)).order_by(Sample::ID);
                let typed = engine.fetch_all(query.rows_as::<aludel::Row>()).unwrap();
                for (row, sample) in typed.iter().zip(samples(db)) {
                    assert_eq!(row.get::<$type>("plain").unwrap(), sample.plain, "by name");
                    assert_eq!(row.get::<Option<$type>>("maybe").unwrap(), sample.maybe, "by name");
                }
                // Only an entity's column says that zeros at the end of a decimal are MariaDB's and not the program's.
                if matches!(<$type as aludel::SqlTyped>::SQL_TYPE, aludel::SqlType::Numeric(_)) && db != Db::Postgres {
                    return;
                }
                let sql = text("SELECT plain, maybe FROM sample ORDER BY id").rows_as::<($type, Option<$type>)>();
                let wanted = samples(db).into_iter().map(|sample| (sample.plain, sample.maybe));
                assert_eq!(engine.fetch_all(sql).unwrap(), wanted.collect::<Vec<_>>(), "from raw SQL");
            }

            fn changed(engine: &Engine, db: Db) {
                engine.execute(Sample::delete()).unwrap();
                let first = values(db).into_iter().next().unwrap();
                engine.execute(Sample::insert().row(Sample { id: 1, plain: first, maybe: None })).unwrap();
                for one in values(db) {
                    let wanted = Sample { id: 1, plain: one.clone(), maybe: Some(one.clone()) };
                    let update = Sample::update().set(Sample::PLAIN, one.clone()).set(Sample::MAYBE, Some(one.clone()));
                    engine.execute(update).unwrap();
                    assert_eq!(all(engine), std::slice::from_ref(&wanted), "UPDATE");
                    engine.execute(Sample::update().set(Sample::MAYBE, None::<$type>)).unwrap();
                    assert_eq!(all(engine), [Sample { maybe: None, ..wanted.clone() }], "UPDATE with NULL");
                    let upsert = Sample::insert()
                        .row(wanted.clone())
                        .on_conflict(Sample::ID)
                        .do_update([Sample::PLAIN.set(excluded(Sample::PLAIN)), Sample::MAYBE.set(one.clone())]);
                    engine.execute(upsert).unwrap();
                    assert_eq!(all(engine), [wanted], "an upsert");
                }
                engine.execute(Sample::delete()).unwrap();
            }

            fn in_a_session(engine: &Engine, db: Db) {
                let mut session = Session::new(engine);
                let keys: Vec<_> = samples(db).into_iter().map(|sample| session.add(sample)).collect();
                session.commit().unwrap();
                for (key, sample) in keys.iter().zip(samples(db)) {
                    assert_eq!(session.owned(*key), sample);
                    session[*key].maybe = None;
                }
                session.commit().unwrap();
                let mut session = Session::new(engine);
                for sample in samples(db) {
                    let key = session.get::<Sample>(sample.id).unwrap().unwrap();
                    assert_eq!(session.owned(key), Sample { maybe: None, ..sample.clone() }, "in a session");
                    session[key].maybe = sample.maybe.clone();
                    session[key].plain = sample.plain.clone();
                }
                session.commit().unwrap();
                assert_eq!(all(engine), samples(db), "changed in a session");
                let plain = session.fetch_all(select(Sample::PLAIN).order_by(Sample::ID)).unwrap();
                assert_eq!(plain, samples(db).into_iter().map(|sample| sample.plain).collect::<Vec<_>>());
            }

            crate::order!($order, $type);

            fn run(db: Db) {
                let database = db.open();
                let engine = &database.engine;
                if ![$(Db::$db),+].contains(&db) {
                    let message = engine.create_all(schema![Sample]).expect_err("a table that can't be").to_string();
                    let wanted = [$($refused,)? db.dialect_name()];
                    assert!(wanted.iter().all(|word| message.contains(word)), "{message}");
                    return;
                }
                engine.create_all(schema![Sample]).unwrap();
                one_by_one(engine, db);
                in_bulk(engine, db);
                in_conditions(engine, db);
                by_name(engine, db);
                in_order(engine, db);
                changed(engine, db);
                in_a_session(engine, db);
            }

            #[test]
            fn sqlite() {
                run(Db::Sqlite);
            }

            #[test]
            fn postgres() {
                run(Db::Postgres);
            }

            #[test]
            fn mariadb() {
                run(Db::MariaDb);
            }
        }
    };
}
pub(crate) use matrix;

/// Whether the database sorts and compares as the values are given.
macro_rules! order {
    (ordered, $type:ty) => {
        fn in_order(engine: &Engine, db: Db) {
            let nullable = select(Sample::MAYBE.not_null()).filter(Sample::MAYBE.is_not_null());
            assert_eq!(engine.fetch_all(nullable.order_by(Sample::MAYBE)).unwrap(), values(db), "ORDER BY");
            for (index, value) in values(db).into_iter().enumerate() {
                let less = engine.fetch_all(select(Sample::PLAIN).filter(Sample::PLAIN.lt(value))).unwrap();
                assert_eq!(less.len(), 2 * index, "smaller ones");
            }
        }
    };
    (unordered, $type:ty) => {
        fn in_order(_: &Engine, _: Db) {}
    };
}
pub(crate) use order;
