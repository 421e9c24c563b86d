//! The tables.

use aludel::prelude::*;

pub(crate) const ACCOUNTS: i64 = 50;
/// What is in each account at the beginning.
pub(crate) const START: i64 = 10_000;

#[derive(Entity, Clone, Debug)]
#[entity(table = "soak_account", check(name = "ck_soak_balance", sql = "balance >= 0"))]
pub(crate) struct Account {
    #[column(primary_key, generated = false)]
    pub(crate) id: i64,
    pub(crate) balance: i64,
}

/// A transfer, by the task that made it and its number there.
#[derive(Entity, Clone, Debug)]
#[entity(table = "soak_transfer")]
pub(crate) struct Transfer {
    #[column(primary_key)]
    pub(crate) task: i64,
    #[column(primary_key)]
    pub(crate) number: i64,
    pub(crate) source: i64,
    pub(crate) target: i64,
    pub(crate) amount: i64,
}
