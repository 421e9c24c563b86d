//! The same with `async`.

use aludel::prelude::*;
use aludel::{Engine, Session};

use crate::model::{Address, Order, ROWS, TABLES, User, labels, users};

async fn engine() -> Engine {
    let engine = Engine::connect(crate::backend::url()).await.unwrap();
    engine.create_all(TABLES).await.unwrap();
    crate::backend::fill_async(&engine, &ROWS).await;
    engine
}

#[tokio::test]
async fn owned_values() {
    let engine = engine().await;
    let path = selectinload(User::ORDERS).options((selectinload(Order::TAGS), joinedload(Order::ADDRESS)));
    let found: Vec<User> = engine.fetch_all(users().options((joinedload(User::ADDRESSES), path))).await.unwrap();
    assert_eq!(found.iter().map(|user| user.addresses.values().len()).collect::<Vec<_>>(), [2, 1, 0, 0]);
    let order = &found[0].orders.values()[0];
    assert_eq!((order.tags.values().len(), order.address.get().map(|address| address.id)), (2, Some(1)));
    let found: Vec<User> = engine.fetch_all(users().limit(2).options(joinedload(User::ADDRESSES))).await.unwrap();
    assert_eq!(found.iter().map(|user| user.addresses.values().len()).collect::<Vec<_>>(), [2, 1]);
    let found: Vec<User> = engine.fetch_all(users().options(subqueryload(User::ADDRESSES))).await.unwrap();
    assert_eq!(found.len(), 4);
    let one = users().filter(User::ID.eq(2)).options(joinedload(User::ADDRESSES));
    assert_eq!(engine.fetch_one(one.clone()).await.unwrap().addresses.values().len(), 1);
    assert_eq!(engine.fetch_optional(one).await.unwrap().map(|user| user.id), Some(2));
}

#[tokio::test]
async fn in_a_session() {
    let engine = engine().await;
    let mut session = Session::new(&engine);
    let path = selectinload(User::ORDERS).joinedload(Order::TAGS);
    let options = (joinedload(User::ADDRESSES).joinedload(Address::USER), path, subqueryload(User::STAFF));
    let found = session.fetch_all(users().options(options)).await.unwrap();
    assert_eq!(labels(&session, found[0]), "new hot, hot");
    assert_eq!((session[found[0]].addresses.len(), session[found[0]].staff.len()), (2, 2));
    session.load(&found, User::PROFILE).await.unwrap();
    assert!(session.one(found[0], User::PROFILE).is_some());
}

/// A future that is dropped in the middle of a load leaves nothing behind.
#[tokio::test]
async fn dropped_in_the_middle() {
    let engine = engine().await;
    for polls in 0..12 {
        let mut session = Session::new(&engine);
        {
            let options = selectinload(User::ORDERS).selectinload(Order::TAGS);
            let mut loading = std::pin::pin!(session.fetch_all(users().options(options)));
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            for _ in 0..polls {
                if loading.as_mut().poll(&mut context).is_ready() {
                    break;
                }
                tokio::task::yield_now().await;
            }
        }
        let found = session.fetch_all(users().options(selectinload(User::ADDRESSES))).await.unwrap();
        assert_eq!(found.iter().map(|user| session[*user].addresses.len()).collect::<Vec<_>>(), [2, 1, 0, 0]);
        session.rollback().await.unwrap();
    }
}

/// The blocking engine beside it is the same code.
#[test]
fn both_faces() {
    let engine = crate::backend::engine();
    engine.create_all(TABLES).unwrap();
    crate::backend::fill(&engine, &ROWS);
    let found: Vec<User> = engine.fetch_all(users().options(selectinload(User::ADDRESSES))).unwrap();
    assert_eq!(found.iter().map(|user| user.addresses.values().len()).collect::<Vec<_>>(), [2, 1, 0, 0]);
}
