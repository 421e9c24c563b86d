//! What transactions promise, on PostgreSQL and MariaDB: values that others see or don't, and not only success.

#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

#[path = "../backend/mod.rs"]
mod backend;
mod isolation;
mod locks;
mod row_locks;
mod savepoints;
mod two_phase;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aludel::dialect::TransactionOptions;
use aludel::prelude::*;
use aludel::{Engine, Transaction};

use backend::Backend;

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "accounts")]
pub(crate) struct Account {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) balance: i64,
}

/// An engine on a database with two accounts of 100 each.
pub(crate) async fn bank(backend: Backend) -> Engine {
    bank_at(&backend::url_of(backend)).await
}

pub(crate) async fn bank_at(url: &str) -> Engine {
    let engine = Engine::connect(url).await.unwrap();
    engine.create_all(schema![Account]).await.unwrap();
    engine
        .insert(Account::insert().rows([(1, 100), (2, 100)].map(|(id, balance)| Account { id, balance })))
        .await
        .unwrap();
    engine
}

pub(crate) async fn balance(tx: &mut Transaction<'_>, id: i64) -> Result<i64> {
    tx.fetch_one(select(Account::BALANCE).filter(Account::ID.eq(id))).await
}

/// As somebody else sees it, who begins just now.
pub(crate) async fn committed(engine: &Engine, id: i64) -> i64 {
    engine.fetch_one(select(Account::BALANCE).filter(Account::ID.eq(id))).await.unwrap()
}

pub(crate) fn add(id: i64, amount: i64) -> aludel::language::Update<Account> {
    Account::update().set(Account::BALANCE, Account::BALANCE + amount).filter(Account::ID.eq(id))
}

/// Where two tasks wait for each other.
pub(crate) struct Barrier(AtomicU32);

impl Barrier {
    pub(crate) const fn new() -> Self {
        Self(AtomicU32::new(0))
    }

    pub(crate) async fn wait(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
        while self.0.load(Ordering::Relaxed) < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

pub(crate) fn options() -> TransactionOptions {
    TransactionOptions::default()
}
