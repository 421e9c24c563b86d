//! Every Rust type of a column on SQLite: what goes in comes out, by every way in and out.

#[cfg(feature = "chrono")]
mod chrono_types;
mod enums;
mod faults;
#[cfg(feature = "jiff")]
mod jiff_types;
#[cfg(feature = "serde_json")]
mod json;
mod numbers;
mod own_dates;
#[cfg(feature = "rust_decimal")]
mod rust_decimal_types;
mod text_and_bytes;
#[cfg(feature = "time")]
mod time_types;
#[cfg(feature = "uuid")]
mod uuids;

/// A test of a type with values of it in ascending order: an entity with a column of the type and one of `Option` of it
/// takes each value by every way in, and gives it back by every way out.
///
/// `ordered` where the database's order is that of the values, `unordered` where it is not.
macro_rules! column_type {
    ($name:ident, $type:ty, ordered, $values:expr) => {
        crate::column_type!($name, $type, true, $values);
    };
    ($name:ident, $type:ty, unordered, $values:expr) => {
        crate::column_type!($name, $type, false, $values);
    };
    ($name:ident, $type:ty, $ordered:literal, $values:expr) => {
        mod $name {
            #[allow(unused_imports, reason = "values may use what their module has imported")]
            use super::*;
            use aludel::blocking::Engine;
            #[allow(unused_imports, reason = "not every type is ordered by or compared")]
            use aludel::prelude::*;

            #[derive(Entity, Clone, Debug, PartialEq)]
            struct Sample {
                #[column(primary_key)]
                id: i64,
                plain: $type,
                maybe: Option<$type>,
            }

            #[derive(FromRow, Debug, PartialEq)]
            struct Named {
                maybe: Option<$type>,
                plain: $type,
            }

            fn values() -> Vec<$type> {
                $values.into_iter().collect()
            }

            fn engine() -> Engine {
                let engine = Engine::connect("sqlite::memory:").expect("an engine");
                engine.create_all(schema![Sample]).expect("a table");
                engine
            }

            /// Every value twice: in the nullable column too, and with NULL there.
            fn samples() -> Vec<Sample> {
                let sample = |(index, (plain, maybe)): (usize, ($type, Option<$type>))| Sample {
                    id: i64::try_from(index).expect("a number") + 1,
                    plain,
                    maybe,
                };
                values()
                    .into_iter()
                    .flat_map(|v| [(v.clone(), Some(v.clone())), (v, None)])
                    .enumerate()
                    .map(sample)
                    .collect()
            }

            fn filled() -> Engine {
                let engine = engine();
                engine.insert(Sample::insert().rows(samples())).expect("rows");
                engine
            }

            #[test]
            fn one_by_one() -> Result<()> {
                let engine = engine();
                for sample in samples() {
                    let query = Sample::insert().row(sample.clone()).returning(Sample::ALL);
                    assert_eq!(engine.fetch_one(query)?, sample);
                }
                assert_eq!(engine.fetch_all(Sample::select().order_by(Sample::ID))?, samples());
                Ok(())
            }

            #[test]
            fn in_bulk() -> Result<()> {
                let engine = engine();
                let returned = engine.insert_returning(Sample::insert().rows(samples()).returning(Sample::ALL))?;
                assert_eq!(returned, samples());
                assert_eq!(engine.fetch_all(Sample::select().order_by(Sample::ID))?, samples());
                engine.execute(Sample::delete())?;
                let tuples = samples().into_iter().map(|sample| (sample.id, sample.plain, sample.maybe));
                engine.insert(Sample::insert().tuples((Sample::ID, Sample::PLAIN, Sample::MAYBE), tuples))?;
                assert_eq!(engine.fetch_all(Sample::select().order_by(Sample::ID))?, samples());
                Ok(())
            }

            #[test]
            fn as_bound_values() -> Result<()> {
                let engine = filled();
                let count = select(func::count_all()).from(Sample::TABLE);
                for value in values() {
                    let found = engine.fetch_all(select(Sample::PLAIN).filter(Sample::PLAIN.eq(value.clone())))?;
                    assert_eq!(found, [value.clone(), value.clone()]);
                    let found = engine.fetch_one(count.clone().filter(Sample::MAYBE.eq(value.clone())))?;
                    assert_eq!(found, 1, "{value:?}");
                    let found = engine.fetch_one(count.clone().filter(Sample::MAYBE.in_([value.clone()])))?;
                    assert_eq!(found, 1, "{value:?} in a list");
                    assert_eq!(engine.fetch_one(select(aludel::language::value(value.clone())))?, value, "on its own");
                }
                let everything = i64::try_from(samples().len()).expect("a number");
                assert_eq!(engine.fetch_one(count.clone().filter(Sample::PLAIN.in_(values())))?, everything);
                assert_eq!(engine.fetch_one(count.filter(Sample::MAYBE.eq(None::<$type>)))?, everything / 2);
                Ok(())
            }

            #[test]
            fn updated() -> Result<()> {
                let engine = engine();
                let first = values().into_iter().next().expect("a value");
                engine.execute(Sample::insert().row(Sample { id: 1, plain: first, maybe: None }))?;
                for value in values() {
                    let query = Sample::update()
                        .set(Sample::PLAIN, value.clone())
                        .set(Sample::MAYBE, Some(value.clone()))
                        .returning((Sample::PLAIN, Sample::MAYBE));
                    assert_eq!(engine.fetch_one(query)?, (value.clone(), Some(value)));
                }
                let query = Sample::update().set(Sample::MAYBE, None::<$type>).returning(Sample::MAYBE);
                assert_eq!(engine.fetch_one(query)?, None);
                Ok(())
            }

            #[test]
            fn by_name_and_through_queries() -> Result<()> {
                let engine = filled();
                let query = select((Sample::PLAIN, Sample::MAYBE)).order_by(Sample::ID);
                let named = engine.fetch_all(query.clone().rows_as::<Named>())?;
                let wanted = samples().into_iter().map(|sample| Named { plain: sample.plain, maybe: sample.maybe });
                assert_eq!(named, wanted.collect::<Vec<_>>());
                let rows = engine.fetch_all(query.rows_as::<aludel::Row>())?;
                for (row, sample) in rows.iter().zip(samples()) {
                    assert_eq!(row.get::<$type>("plain")?, sample.plain);
                    assert_eq!(row.get::<Option<$type>>("maybe")?, sample.maybe);
                }
                let inner = select((Sample::ID, Sample::PLAIN)).cte("inner");
                let through = select(inner.col(Sample::PLAIN)).order_by(inner.col(Sample::ID));
                assert_eq!(engine.fetch_all(through)?, samples().into_iter().map(|s| s.plain).collect::<Vec<_>>());
                let rows = engine.fetch_all(text("SELECT plain, maybe FROM sample ORDER BY id"))?;
                for (row, sample) in rows.iter().zip(samples()) {
                    assert_eq!(row.get::<$type>("plain")?, sample.plain);
                    assert_eq!(row.get::<Option<$type>>("maybe")?, sample.maybe);
                }
                let streamed = engine.stream(Sample::select().order_by(Sample::ID)).collect::<Result<Vec<_>>>()?;
                assert_eq!(streamed, samples());
                Ok(())
            }

            #[test]
            fn in_order() -> Result<()> {
                if !$ordered {
                    return Ok(());
                }
                let engine = engine();
                let mut backwards = samples();
                backwards.reverse();
                engine.insert(Sample::insert().rows(backwards))?;
                let nullable = select(Sample::MAYBE.not_null()).filter(Sample::MAYBE.is_not_null());
                assert_eq!(engine.fetch_all(nullable.order_by(Sample::MAYBE))?, values());
                let (least, most) = engine.fetch_one(select((func::min(Sample::PLAIN), func::max(Sample::PLAIN))))?;
                assert_eq!((least, most), (values().first().cloned(), values().last().cloned()));
                for (index, value) in values().into_iter().enumerate() {
                    let less = engine.fetch_all(select(Sample::PLAIN).filter(Sample::PLAIN.lt(value)))?;
                    assert_eq!(less.len(), 2 * index);
                }
                Ok(())
            }
        }
    };
}

pub(crate) use column_type;
