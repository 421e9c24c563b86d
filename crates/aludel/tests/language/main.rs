//! Every construct of the language's own tests is run on SQLite, PostgreSQL and MariaDB.
//!
//! The constructs are those that `aludel-sql` compares with the SQL of SQLAlchemy, from the same files. Here each gets a
//! database with the tables and rows that it speaks of; what it gives, and what the tables hold afterwards, must be the same
//! on every database that can say it. A database that can't gives an error that names the construct.

#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

#[path = "../backend/mod.rs"]
mod backend;
mod check;
mod data;
mod differences;
mod further;
mod ran;
#[path = "../../../aludel-sql/tests/support/schema.rs"]
mod schema;

macro_rules! constructs {
    ($($name:ident => $body:expr;)+) => {
        $(
            #[test]
            fn $name() {
                crate::check::Construct::check($body, &stringify!($name).replace('_', "-"));
            }
        )+
        pub(crate) const NAMES: &[&str] = &[$(stringify!($name)),+];
    };
}

#[path = "../../../aludel-sql/tests/oracle/changes.rs"]
mod changes;
#[path = "../../../aludel-sql/tests/oracle/ddl.rs"]
mod ddl;
#[path = "../../../aludel-sql/tests/oracle/expressions.rs"]
mod expressions;
#[path = "../../../aludel-sql/tests/oracle/functions.rs"]
mod functions;
#[path = "../../../aludel-sql/tests/oracle/select.rs"]
mod select;
#[path = "../../../aludel-sql/tests/oracle/sources.rs"]
mod sources;

#[test]
fn every_construct_is_run() {
    let lists = [select::NAMES, expressions::NAMES, functions::NAMES, sources::NAMES, changes::NAMES, ddl::NAMES];
    assert_eq!(lists.concat().len(), 142);
    let names: Vec<String> = lists.concat().iter().map(|name| name.replace('_', "-")).collect();
    let unknown: Vec<_> = differences::ids().filter(|id| !names.iter().any(|name| name == id)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
