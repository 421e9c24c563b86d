//! Many statements with their keys.

use std::collections::HashMap;

use aludel_sql::{Compiled, OwnedKey, StatementKind};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::statement::Statement;
use crate::values::Values;
use crate::{build, bytes, compile};

/// Everything of a compiled statement that a run depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Face {
    sql: String,
    binds: Vec<String>,
    binds_in_order: bool,
    columns: Vec<String>,
    kind: StatementKind,
    returns_rows: bool,
}

impl Face {
    pub(crate) fn of(compiled: &Compiled) -> Self {
        Self {
            sql: compiled.sql.to_string(),
            binds: compiled
                .binds
                .iter()
                .map(|bind| format!("{:?} {:?} {:?}", bind.source, bind.kind, bind.context.map(|column| column.name())))
                .collect(),
            binds_in_order: compiled.binds_in_order,
            columns: compiled
                .columns
                .iter()
                .map(|column| {
                    format!("{} {:?} {:?}", column.name, column.sql_type, column.origin.map(|column| column.name()))
                })
                .collect(),
            kind: compiled.kind,
            returns_rows: compiled.returns_rows,
        }
    }
}

#[test]
fn of_many_statements_each_key_has_one_face() {
    const COUNT: usize = 8_000;
    let mut runner = TestRunner::deterministic();
    let mut known: HashMap<u64, Vec<(OwnedKey, Face)>> = HashMap::new();
    let mut distinct = 0;
    for _ in 0..COUNT {
        let bytes = bytes().new_tree(&mut runner).expect("bytes").current();
        let arguments = build::build(&Statement::draw(&bytes), Values::Numbered);
        let (key, face) = (arguments.key(), Face::of(&compile(&arguments)));
        let same_hash = known.entry(key.hash()).or_default();
        match same_hash.iter().find(|(other, _)| other.matches(&key)) {
            Some((_, other)) => assert_eq!(*other, face),
            None => {
                assert!(same_hash.is_empty(), "two keys with one hash");
                same_hash.push((key.to_owned(), face));
                distinct += 1;
            }
        }
    }
    assert!(distinct > COUNT / 2, "only {distinct} different statements");
}
