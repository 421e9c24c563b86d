//! Savepoints.

use crate::backend::Backend;
use crate::{Account, add, balance, bank, committed};

#[tokio::test]
async fn what_is_undone_and_what_stays() {
    for backend in Backend::SERVERS {
        let engine = bank(backend).await;
        let mut tx = engine.begin().await.unwrap();
        tx.execute(add(1, 1)).await.unwrap();
        {
            let mut inner = tx.savepoint().await.unwrap();
            inner.execute(add(1, 10)).await.unwrap();
            let mut innermost = inner.savepoint().await.unwrap();
            innermost.execute(add(1, 100)).await.unwrap();
            innermost.rollback().await.unwrap();
            assert_eq!(balance(&mut inner, 1).await.unwrap(), 111, "{backend:?}");
            inner.commit().await.unwrap();
        }
        {
            let mut dropped = tx.savepoint().await.unwrap();
            dropped.execute(add(1, 1000)).await.unwrap();
        }
        assert_eq!(balance(&mut tx, 1).await.unwrap(), 111, "{backend:?}");
        tx.commit().await.unwrap();
        assert_eq!(committed(&engine, 1).await, 111, "{backend:?}");
    }
}

/// PostgreSQL refuses everything after an error but going back to the savepoint.
#[tokio::test]
async fn an_error_inside_leaves_the_transaction_usable() {
    for backend in Backend::SERVERS {
        let engine = bank(backend).await;
        let mut tx = engine.begin().await.unwrap();
        tx.execute(add(1, 1)).await.unwrap();
        let mut inner = tx.savepoint().await.unwrap();
        let error = inner.execute(Account::insert().row(Account { id: 1, balance: 0 })).await.unwrap_err();
        assert!(error.is_unique_violation(), "{backend:?}: {error}");
        inner.rollback().await.unwrap();
        tx.execute(add(1, 1)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(committed(&engine, 1).await, 102, "{backend:?}");
    }
}
