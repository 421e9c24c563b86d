//! `serde_json`.

use aludel::blocking::Engine;
use aludel::prelude::*;
use serde_json::{Value, json};

use crate::column_type;

column_type!(
    documents,
    Value,
    unordered,
    [
        json!(null),
        json!(true),
        json!(0),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(0.1 + 0.2),
        json!([u64::MAX]),
        json!(-1.5),
        json!(""),
        json!("a 'text' with \"quotes\", \0 and 🦀"),
        json!([]),
        json!({}),
        json!({ "key": [1, { "nested": null }], "": "empty" })
    ]
);

#[test]
fn a_number_that_sqlite_would_round_is_refused() {
    #[derive(Entity)]
    struct Page {
        #[column(primary_key)]
        id: i64,
        content: Value,
    }
    let engine = Engine::connect("sqlite::memory:").expect("an engine");
    engine.create_all(schema![Page]).expect("a table");
    let page = || Page::build().content(json!(u64::MAX));
    let one = engine.execute(Page::insert().row(page())).expect_err("too large");
    let many = engine.insert(Page::insert().rows([page()])).expect_err("too large");
    for error in [one, many] {
        let wanted = "parameter 1, page.content: 18446744073709551615 does not fit into 64 bits, as which SQLite keeps";
        assert!(error.to_string().starts_with(wanted), "{error}");
    }
}
