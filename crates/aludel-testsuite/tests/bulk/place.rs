//! A table for all databases.

use aludel::Engine;
use aludel::prelude::*;
use aludel_testsuite::Backend;
use aludel_testsuite::servers::Database;

/// An engine, and what keeps its database.
pub(crate) struct Place {
    pub(crate) engine: Engine,
    _database: Option<Database>,
}

/// The table in a fresh database.
pub(crate) async fn open(backend: Backend) -> Place {
    let database = backend.database();
    let url = database.as_ref().map_or("sqlite::memory:", Database::url);
    let engine = <Engine as Connect>::builder(url).pool_size(6).connect().await.unwrap();
    engine.create_all(schema![Item]).await.unwrap();
    Place { engine, _database: database }
}

/// A row whose key the database makes; `number` says which row it was.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "item")]
pub(crate) struct Item {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(unique)]
    pub(crate) number: i64,
    pub(crate) name: Option<String>,
    pub(crate) weight: f64,
}

pub(crate) fn item(number: i64) -> Item {
    let name = (number % 3 != 0).then(|| format!("item {number}, \"it's\" \\ {{}},é"));
    Item { id: 0, number, name, weight: f64::from(i32::try_from(number % 1000).unwrap()) / 8.0 }
}

pub(crate) async fn count(engine: &Engine) -> i64 {
    engine.fetch_one(select(func::count(Item::ID))).await.unwrap()
}
