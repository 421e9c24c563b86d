//! Properties of the tape, of the key and of what is compiled from them, over random statements.
//!
//! A [`statement`] is described by random bytes. [`build`] builds the description with the language, [`literal`] writes it
//! as SQL with its values in the text; [`values`] says which values those are.

mod build;
mod database;
mod hashes;
mod keys;
mod literal;
mod marks;
mod parts;
mod scope;
mod statement;
#[path = "../support/mod.rs"]
mod support;
mod values;

use aludel_sql::dialect::{Dialect, MariaDb, MsSql, MySql, Oracle, Postgres, Sqlite};
use aludel_sql::{Arguments, CompileOptions, Compiled, compile_arguments};
use proptest::collection::vec;
use proptest::prelude::*;

use statement::Statement;
use values::Values;

/// Bytes that describe a statement.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..400)
}

fn compile(arguments: &Arguments) -> Compiled {
    compile_arguments(arguments, &Sqlite, &CompileOptions::default()).expect("random statements can be compiled")
}

proptest! {
    // `PROPTEST_CASES` takes the place of this number.
    #![proptest_config(ProptestConfig {
        cases: 3_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn bound_and_literal_values_give_the_same_rows(bytes in bytes(), seed: u64) {
        let statement = Statement::draw(&bytes);
        let values = Values::Small(seed);
        let arguments = build::build(&statement, values);
        let compiled = compile(&arguments);
        let literal = literal::write(&statement, values, false);
        let database = database::Database::new();
        let changes = !statement.body.is_query();
        let ours = database.run_compiled(&compiled, &arguments, changes);
        let theirs = database.run_literal(&literal, changes);
        prop_assert_eq!(ours, theirs, "\ncompiled: {}\nliteral: {}", compiled.sql, literal);
    }

    #[test]
    fn every_placeholder_has_the_value_that_belongs_there(bytes in bytes()) {
        let statement = Statement::draw(&bytes);
        let arguments = build::build(&statement, Values::Numbered);
        let compiled = compile(&arguments);
        let literal = literal::write(&statement, Values::Numbered, true);
        prop_assert_eq!(
            marks::of_compiled(&compiled, &arguments),
            marks::of_literal(&literal),
            "\ncompiled: {}\nliteral: {}", compiled.sql, literal
        );
    }

    #[test]
    fn values_that_stand_in_order_are_said_to(bytes in bytes()) {
        let arguments = build::build(&Statement::draw(&bytes), Values::Numbered);
        let compiled = compile(&arguments);
        if compiled.binds_in_order {
            let in_order = arguments.in_order().iter().take(compiled.binds.len());
            prop_assert!(in_order.eq(compiled.binds.iter().map(|bind| arguments.get(bind.source))), "{}", compiled.sql);
        }
    }

    #[test]
    fn no_dialect_panics_and_numbered_placeholders_have_values(bytes in bytes()) {
        let arguments = build::build(&Statement::draw(&bytes), Values::Numbered);
        let dialects: [&dyn Dialect; 6] = [&Sqlite, &Postgres, &MySql, &MariaDb, &MsSql, &Oracle];
        for dialect in dialects {
            if let Ok(compiled) = compile_arguments(&arguments, dialect, &CompileOptions::default()) {
                let numbers = marks::numbered_placeholders(&compiled.sql);
                let all = (1..=compiled.binds.len()).collect();
                prop_assert!(numbers.is_empty() || numbers == all, "{}: {}", dialect.name(), compiled.sql);
            }
        }
    }

    #[test]
    fn a_statement_built_again_with_other_values_has_the_same_key(bytes in bytes(), first: u64, second: u64) {
        let statement = Statement::draw(&bytes);
        let one = build::build(&statement, Values::Small(first));
        let other = build::build(&statement, Values::Small(second));
        prop_assert!(one.key() == other.key(), "{}\n{}", compile(&one).sql, compile(&other).sql);
        prop_assert!(one.key().to_owned().matches(&other.key()));
        prop_assert_eq!(one.key().hash(), other.key().hash());
        prop_assert_eq!(keys::Face::of(&compile(&one)), keys::Face::of(&compile(&other)));
    }

    /// A changed byte of the description changes one small part of the statement, or none.
    #[test]
    fn neighbours_have_one_key_only_if_they_are_one_statement(bytes in bytes(), at: usize, by in 1..=255_u8) {
        prop_assume!(!bytes.is_empty());
        let mut changed = bytes.clone();
        let at = at % bytes.len();
        changed[at] = changed[at].wrapping_add(by);
        let [one, other] = [&bytes, &changed].map(|bytes| build::build(&Statement::draw(bytes), Values::Numbered));
        let [face, other_face] = [&one, &other].map(|arguments| keys::Face::of(&compile(arguments)));
        // Two keys for one statement are allowed: they only cost room in a cache.
        prop_assert!(one.key() != other.key() || face == other_face, "{face:?}\n{other_face:?}");
    }
}
