//! Objects of a session get the keys of their own rows.

use aludel::prelude::*;
use aludel_testsuite::Backend;

use crate::each::everywhere;
use crate::place::{Item, count, item, open};

everywhere!(keys_of_many_objects);

async fn keys_of_many_objects(backend: Backend) {
    let place = open(backend).await;
    let tasks: Vec<_> = (0..3_i64)
        .map(|task| {
            let engine = place.engine.clone();
            tokio::spawn(async move {
                let mut session = Session::new(&engine);
                let keys: Vec<_> = (0..4000).map(|row| session.add(item(task * 4000 + row))).collect();
                session.commit().await.unwrap();
                keys.into_iter().map(|key| (session[key].id, session[key].number)).collect::<Vec<_>>()
            })
        })
        .collect();
    let mut made = Vec::new();
    for task in tasks {
        made.extend(task.await.unwrap());
    }
    let mut stored: Vec<(i64, i64)> = place.engine.fetch_all(select((Item::ID, Item::NUMBER))).await.unwrap();
    made.sort_unstable();
    stored.sort_unstable();
    assert_eq!(made, stored);
    assert_eq!(count(&place.engine).await, 12_000);
}
