//! What sessions rely on: counts of changed rows, generated keys, versions.

use aludel::prelude::*;
use aludel_testsuite::servers;

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "things")]
struct Thing {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(version)]
    version: i32,
}

#[tokio::test]
async fn many_objects_are_inserted_changed_and_deleted() {
    for options in ["", "?bulk=values"] {
        let database = servers::mysql();
        let engine = Engine::connect(format!("{}{options}", database.url())).await.unwrap();
        engine
            .acquire()
            .await
            .unwrap()
            .batch("CREATE TABLE things (id BIGINT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(100) NOT NULL, version INT NOT NULL)")
            .await
            .unwrap();
        let mut session = Session::new(&engine);
        let keys: Vec<Key<Thing>> =
            (0..1_000).map(|number| session.add(Thing::build().name(format!("thing {number}")))).collect();
        session.commit().await.unwrap();
        for (number, key) in keys.iter().enumerate() {
            let found: String = match number % 250 {
                0 => engine.fetch_one(select(Thing::NAME).filter(Thing::ID.eq(session[*key].id))).await.unwrap(),
                _ => session[*key].name.clone(),
            };
            assert_eq!(found, format!("thing {number}"));
        }
        for key in &keys {
            session[*key].name.push('!');
        }
        session.commit().await.unwrap();
        let changed: i64 = engine.fetch_scalar(text("SELECT count(*) FROM things WHERE name LIKE '%!'")).await.unwrap();
        assert_eq!(changed, 1_000);
        // Somebody else changes one of them.
        engine.execute(text("UPDATE things SET version = 77 WHERE name = 'thing 500!'")).await.unwrap();
        for key in &keys {
            session[*key].name.push('?');
        }
        let error = session.commit().await.unwrap_err();
        assert!(error.is_stale_data(), "{error}");
        session.rollback().await.unwrap();
        let changed: i64 = engine.fetch_scalar(text("SELECT count(*) FROM things WHERE name LIKE '%?'")).await.unwrap();
        assert_eq!(changed, 0);
        engine.execute(text("UPDATE things SET version = 2")).await.unwrap();
        let all = session.fetch_all(Thing::select()).await.unwrap();
        for key in all {
            session.delete(key);
        }
        session.commit().await.unwrap();
        assert_eq!(engine.fetch_scalar::<i64>(text("SELECT count(*) FROM things")).await.unwrap(), 0);
    }
}
