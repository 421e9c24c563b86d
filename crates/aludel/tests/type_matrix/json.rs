//! JSON documents.

use crate::db::{Db, InMatrix};
use aludel::Json;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::matrix;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Settings {
    theme: String,
    sizes: Vec<u32>,
    nested: Option<Box<Settings>>,
}

matrix!(documents, serde_json::Value, on [Sqlite, Postgres, MariaDb], unordered, |_| {
    vec![
        json!(null),
        json!(true),
        json!(-5),
        json!(0.5),
        json!("it's"),
        json!([]),
        json!({}),
        json!({"a": [1, null, {"b": "é"}], "c": 1.5e3}),
    ]
});
matrix!(typed_documents, Json<Settings>, on [Sqlite, Postgres, MariaDb], unordered, |_| {
    let plain = Settings { theme: "dark".into(), sizes: vec![], nested: None };
    let deep = Settings { theme: "\"\\".into(), sizes: vec![0, u32::MAX], nested: Some(Box::new(plain.clone())) };
    vec![Json(plain), Json(deep)]
});

/// JSON's null is no NULL.
#[test]
fn null_is_not_null() {
    use aludel::prelude::*;

    #[derive(Entity, Clone, Debug, PartialEq)]
    struct Doc {
        #[column(primary_key)]
        id: i64,
        doc: Option<serde_json::Value>,
    }
    for db in Db::ALL {
        let database = db.open();
        let engine = &database.engine;
        engine.create_all(schema![Doc]).unwrap();
        let docs = [Doc { id: 1, doc: Some(json!(null)) }, Doc { id: 2, doc: None }];
        engine.insert(Doc::insert().rows(docs.clone())).unwrap();
        assert_eq!(engine.fetch_all(Doc::select().order_by(Doc::ID)).unwrap(), docs);
        assert_eq!(engine.fetch_one(select(Doc::ID).filter(Doc::DOC.is_null())).unwrap(), 2, "{db:?}");
    }
}

#[test]
fn a_document_of_another_shape() {
    use aludel::prelude::*;

    let database = Db::Postgres.open();
    let row = database.engine.fetch_one(text("SELECT CAST('{\"theme\": 5}' AS jsonb) AS doc")).unwrap();
    let message = row.get::<Json<Settings>>("doc").unwrap_err().to_string();
    assert!(message.contains("doc") && message.contains("Settings"), "{message}");
}
