//! What the tables tell at the end, beside what the tasks know.

use std::collections::HashMap;
use std::time::Duration;

use aludel::language::func;
use aludel::prelude::*;

use crate::account::{ACCOUNTS, Account, START, Transfer};
use crate::task::{Known, Tried};

/// Compares the sums, and gives a line about them.
pub(crate) async fn judge(engine: &Engine, tried: &[Tried], connections: usize) -> Result<String, String> {
    all_are_back(engine, connections).await?;
    let told = |error: Error| error.to_string();
    let accounts: HashMap<i64, i64> =
        engine.fetch_all(select((Account::ID, Account::BALANCE))).await.map_err(told)?.into_iter().collect();
    let mut there: HashMap<(i64, i64), Transfer> = HashMap::new();
    for transfer in engine.fetch_all(Transfer::select()).await.map_err(told)? {
        there.insert((transfer.task, transfer.number), transfer);
    }

    let total: i64 = accounts.values().sum();
    if total != ACCOUNTS * START {
        return Err(format!("all accounts together hold {total}, and began with {}", ACCOUNTS * START));
    }
    let mut wanted: HashMap<i64, i64> = (1..=ACCOUNTS).map(|id| (id, START)).collect();
    for transfer in there.values() {
        *wanted.entry(transfer.source).or_default() -= transfer.amount;
        *wanted.entry(transfer.target).or_default() += transfer.amount;
    }
    if wanted != accounts {
        return Err("the accounts do not hold what the transfers say: some were done in half, or twice".to_owned());
    }

    let mut unknown = 0;
    let count = there.len();
    for Tried { transfer, known } in tried {
        let found = there.remove(&(transfer.task, transfer.number)).is_some();
        match (known, found) {
            (Known::Committed, false) => return Err(format!("a committed transfer is lost: {transfer:?}")),
            (Known::Undone, true) => return Err(format!("a transfer that was undone is there: {transfer:?}")),
            (Known::Unknown, _) => unknown += 1,
            _ => {}
        }
    }
    if !there.is_empty() {
        return Err(format!("{} transfers are there that nobody has made", there.len()));
    }
    let locked = select(func::count_all()).from(Account::TABLE);
    engine.fetch_one(locked).await.map_err(told)?;
    Ok(format!("{count} transfers and {total} in all accounts, as it must be ({unknown} whose end nobody was told)"))
}

/// No connection has leaked, and no lock is left.
async fn all_are_back(engine: &Engine, connections: usize) -> Result<(), String> {
    for _ in 0..500 {
        let status = engine.pool_status();
        if status.idle == status.open && status.waiting == 0 && status.open <= connections {
            let touched = tokio::time::timeout(Duration::from_secs(10), async {
                // Connections that died while idle fail once each.
                for _ in 0..=connections {
                    match engine.execute(Account::update().set(Account::BALANCE, Account::BALANCE + 0_i64)).await {
                        Err(error) if error.is_disconnect() => {}
                        other => return other.map(drop),
                    }
                }
                Ok(())
            });
            return match touched.await {
                Ok(result) => result.map_err(|error| error.to_string()),
                Err(_) => Err("a lock of a transaction that is over is still held".to_owned()),
            };
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Err(format!("connections were not given back: {:?}", engine.pool_status()))
}
