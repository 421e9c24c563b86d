//! One of the tasks: transfers, reads whose answers are known, and futures that are dropped.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aludel::prelude::*;
use aludel::{DatabaseErrorKind, Result};
use tokio::time::timeout;

use crate::account::{ACCOUNTS, Account, Transfer};
use crate::random::Random;

/// What became of a transfer, as far as this program knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// The commit was answered.
    Committed,
    /// It failed before the commit was sent.
    Undone,
    /// The answer was not waited for, or was lost with the connection.
    Unknown,
}

/// A transfer that was tried.
pub(crate) struct Tried {
    pub(crate) transfer: Transfer,
    pub(crate) known: Known,
}

/// How often what happened.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) committed: u64,
    pub(crate) undone: u64,
    pub(crate) dropped: u64,
    pub(crate) lost: u64,
    pub(crate) reads: u64,
}

impl Counts {
    pub(crate) fn add(&mut self, other: Self) {
        self.committed += other.committed;
        self.undone += other.undone;
        self.dropped += other.dropped;
        self.lost += other.lost;
        self.reads += other.reads;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { committed, undone, dropped, lost, reads } = self;
        write!(
            f,
            "{committed} transfers, {undone} undone, {dropped} futures dropped, {lost} connections lost, {reads} reads"
        )
    }
}

pub(crate) struct Worker {
    task: i64,
    engine: Engine,
    random: Random,
    counts: Counts,
    tried: Vec<Tried>,
}

impl Worker {
    pub(crate) fn new(task: i64, engine: Engine) -> Self {
        Self { task, engine, random: Random::new(task + 1), counts: Counts::default(), tried: Vec::new() }
    }

    /// Works until it is told to stop. An error that can't be explained is a fault.
    pub(crate) async fn run(mut self, is_over: Arc<AtomicBool>) -> Result<(Counts, Vec<Tried>), String> {
        let mut number = 0;
        while !is_over.load(Ordering::Relaxed) {
            number += 1;
            match self.random.below(4) {
                0 => self.read(number).await?,
                _ => self.transfer(number).await?,
            }
        }
        Ok((self.counts, self.tried))
    }

    async fn transfer(&mut self, number: i64) -> Result<(), String> {
        let source = self.random.upto(ACCOUNTS);
        let target = (source + self.random.upto(ACCOUNTS - 1) - 1) % ACCOUNTS + 1;
        let transfer = Transfer { task: self.task, number, source, target, amount: self.random.upto(100) };
        if source == target {
            return Ok(());
        }
        let patience = match self.random.below(5) {
            0 => Duration::from_micros(self.random.below(30_000)),
            _ => Duration::from_secs(60),
        };
        let mut is_committing = false;
        let work = move_money(&self.engine, &transfer, &mut is_committing);
        let result = timeout(patience, work).await;
        let known = match result {
            Err(_) if patience >= Duration::from_secs(60) => {
                return Err("a transfer takes longer than a minute".to_owned());
            }
            Err(_) => {
                self.counts.dropped += 1;
                if is_committing { Known::Unknown } else { Known::Undone }
            }
            Ok(Ok(())) => {
                self.counts.committed += 1;
                Known::Committed
            }
            Ok(Err(error)) if error.is_disconnect() => {
                self.counts.lost += 1;
                if is_committing { Known::Unknown } else { Known::Undone }
            }
            Ok(Err(error)) if is_expected(&error) => {
                self.counts.undone += 1;
                Known::Undone
            }
            Ok(Err(error)) => return Err(format!("transfer {number} of task {}: {error}", self.task)),
        };
        self.tried.push(Tried { transfer, known });
        Ok(())
    }

    /// A read with a known answer: somebody else's answer is not it.
    async fn read(&mut self, number: i64) -> Result<(), String> {
        let salt = self.task * 1_000_000 + number;
        let patience = match self.random.below(3) {
            0 => Duration::from_micros(self.random.below(5_000)),
            _ => Duration::from_secs(60),
        };
        let work = async {
            let answer = self.engine.fetch_one(select(value(salt))).await?;
            let ids = self.engine.fetch_all(select(Account::ID).order_by(Account::ID)).await?;
            Ok::<_, Error>((answer, ids))
        };
        match timeout(patience, work).await {
            Err(_) => self.counts.dropped += 1,
            Ok(Ok((answer, ids))) => {
                self.counts.reads += 1;
                if answer != salt || !ids.iter().copied().eq(1..=ACCOUNTS) {
                    return Err(format!(
                        "task {} asked for {salt} and got {answer}, with {} accounts",
                        self.task,
                        ids.len()
                    ));
                }
            }
            Ok(Err(error)) if error.is_disconnect() => self.counts.lost += 1,
            Ok(Err(error)) => return Err(format!("read {number} of task {}: {error}", self.task)),
        }
        Ok(())
    }
}

/// What happens where many write: a deadlock, an account without the money.
fn is_expected(error: &Error) -> bool {
    error.is_retryable()
        || error.is_check_violation()
        || error.database().is_some_and(|error| error.kind() == DatabaseErrorKind::Cancelled)
}

async fn move_money(engine: &Engine, transfer: &Transfer, is_committing: &mut bool) -> Result<()> {
    let mut tx = engine.begin().await?;
    let Transfer { source, target, amount, .. } = *transfer;
    let take = Account::update().set(Account::BALANCE, Account::BALANCE - amount).filter(Account::ID.eq(source));
    let put = Account::update().set(Account::BALANCE, Account::BALANCE + amount).filter(Account::ID.eq(target));
    // In no order that would avoid deadlocks.
    let changed = tx.execute(take).await? + tx.execute(put).await?;
    if changed != 2 {
        return Err(Error::other(format!("{changed} accounts were changed, where 2 are there")));
    }
    tx.execute(Transfer::insert().row(transfer.clone())).await?;
    *is_committing = true;
    tx.commit().await
}
