//! Every construct of SQLAlchemy's expression language and schema definition in `data/core.json`, through the public
//! language, for six dialects.
//!
//! The texts are facts to test against: where Aludel renders another one by design, the test holds it with the reason.

#[path = "oracle/check.rs"]
mod check;
#[path = "support/schema.rs"]
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

#[path = "oracle/changes.rs"]
mod changes;
#[path = "oracle/ddl.rs"]
mod ddl;
#[path = "oracle/expressions.rs"]
mod expressions;
#[path = "oracle/functions.rs"]
mod functions;
#[path = "oracle/select.rs"]
mod select;
#[path = "oracle/sources.rs"]
mod sources;

/// Constructs that are not done, each with the reason.
const NOT_DONE: &[(&str, &str)] = &[];

#[test]
fn every_construct_is_tested_or_listed() {
    let lists = [select::NAMES, expressions::NAMES, functions::NAMES, sources::NAMES, changes::NAMES, ddl::NAMES];
    let tested: Vec<String> = lists.concat().iter().map(|name| name.replace('_', "-")).collect();
    let missing: Vec<_> = check::ids()
        .into_iter()
        .filter(|id| !tested.iter().any(|name| name == id) && !NOT_DONE.iter().any(|(name, _)| name == id))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    let unknown: Vec<_> = tested.iter().filter(|name| !check::ids().contains(&name.as_str())).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
