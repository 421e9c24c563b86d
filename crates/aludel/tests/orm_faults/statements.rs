//! However often something is done, its statement is compiled once.

use aludel::prelude::*;

use crate::backend::on;
use crate::model::{Address, Database, Order, Tag, User};

/// How often things are done, fewer times where each is a way to a server and back.
fn many() -> i64 {
    on(1_000, 150, 150)
}

/// How many statements were compiled by some work.
async fn compiled(database: &Database, work: impl AsyncFnOnce(&mut Session) -> Result<()>) -> u64 {
    let before = database.engine.cache_statistics().misses;
    let mut session = Session::new(&database.engine);
    work(&mut session).await.unwrap();
    database.engine.cache_statistics().misses - before
}

/// A thousand users with an address and an order each.
async fn filled() -> Database {
    let database = Database::new().await;
    let sql = format!(
        "INSERT INTO users WITH RECURSIVE n(i) AS (SELECT 4 UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT i, 'user ' || i, i FROM n; \
         INSERT INTO addresses SELECT id + 3, 'mail ' || id, id FROM users; \
         INSERT INTO orders SELECT id + 3, 'order ' || id, id FROM users; \
         INSERT INTO order_tag SELECT id, id % 2 + 1 FROM orders WHERE id > 3;",
        many()
    );
    database.engine.acquire().await.unwrap().batch(&sql).await.unwrap();
    database
}

#[tokio::test]
async fn reading() {
    let database = filled().await;
    let gets = compiled(&database, async |session| {
        for id in 1..=many() {
            session.get_one::<User>(id).await?;
        }
        Ok(())
    });
    assert_eq!(gets.await, 1);
    let refreshes = compiled(&database, async |session| {
        for user in session.fetch_all(User::select()).await? {
            session.refresh(user).await?;
        }
        Ok(())
    });
    assert!(refreshes.await <= 2);
    let loads = compiled(&database, async |session| {
        for user in session.fetch_all(User::select()).await? {
            session.load(user, User::ADDRESSES).await?;
            session.load(user, User::ORDERS).await?;
            for order in session.keys(user, User::ORDERS) {
                session.load(order, Order::TAGS).await?;
            }
            for address in session.keys(user, User::ADDRESSES) {
                session.load(address, Address::USER).await?;
            }
        }
        Ok(())
    });
    assert!(loads.await <= 4);
}

/// Keys by the number: one statement for each power of two.
#[tokio::test]
async fn loading_along() {
    let database = filled().await;
    let along = compiled(&database, async |session| {
        for users in 1..=on(200, 30, 30) {
            let query = User::select().order_by(User::ID).limit(users * 5);
            session.fetch_all(query.options(selectinload(User::ORDERS).selectinload(Order::TAGS))).await?;
            session.expunge_all();
        }
        Ok(())
    });
    // The query; and for each of two relationships 1, 2, 4 and so on to 512 keys.
    let along = along.await;
    assert!(along <= 1 + 2 * 10, "{along}");
}

#[tokio::test]
async fn writing() {
    let database = Database::new().await;
    let written = compiled(&database, async |session| {
        for round in 0..many() {
            let user =
                session.add(User::build().name(format!("user {round}")).addresses([Address::build().email("a")]));
            session.flush().await?;
            session[user].age = Some(round);
            session.flush().await?;
            session[user].age = None;
            session[user].name = format!("renamed {round}");
            session.flush().await?;
            session.delete(user);
            session.flush().await?;
        }
        Ok(())
    });
    // Two INSERTs, UPDATEs of one column and of two, two SELECTs of what is deleted along, three DELETEs and UPDATEs.
    let written = written.await;
    assert!(written <= 12, "{written}");
    let linked = compiled(&database, async |session| {
        let hot = session.get_one::<Tag>(1).await?;
        for round in 0..many() {
            let order = session.add(Order::build().status(format!("order {round}")));
            session.link(order, Order::TAGS, hot);
            session.flush().await?;
            session.unlink(order, Order::TAGS, hot);
            session.flush().await?;
        }
        Ok(())
    });
    let linked = linked.await;
    // On PostgreSQL an INSERT has further forms for many rows.
    assert!(linked <= on(4, 8, 4), "{linked}");
}

/// Rows by the number are one statement, however many there are.
#[tokio::test]
async fn writing_many() {
    let database = Database::new().await;
    let written = compiled(&database, async |session| {
        for rows in 1..=on(100, 40, 40) {
            let users = session.add_all((0..rows).map(|at| User::build().name(format!("user {rows} {at}"))));
            session.flush().await?;
            for user in &users {
                session[*user].age = Some(1);
            }
            session.flush().await?;
            for user in users {
                session.delete(user);
            }
            session.flush().await?;
        }
        Ok(())
    });
    // An INSERT, an UPDATE, a DELETE, and what is deleted along for each power of two.
    let written = written.await;
    assert!(written <= 3 + 3 * 8, "{written}");
}
