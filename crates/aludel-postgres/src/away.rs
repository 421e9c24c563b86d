//! A channel that is away, with a task that settles what was left on it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aludel_core::{Error, Result};
use aludel_engine::driver::{Face, TransactionState};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::channel::Channel;
use crate::connector::Settings;

/// The channel is with a task that settles it.
#[derive(Debug)]
pub(crate) struct Away {
    task: JoinHandle<(Channel, Result<()>)>,
    /// What was known of the transaction.
    pub(crate) was: TransactionState,
    roll_back: Arc<AtomicBool>,
}

impl Away {
    /// Has a task settle what is left, where there is a runtime for it.
    pub(crate) fn begin(channel: &mut Channel, settings: &Arc<Settings>, roll_back: bool) -> Option<Self> {
        let runtime = Handle::try_current().ok()?;
        let was = channel.state.transaction();
        let roll_back = Arc::new(AtomicBool::new(roll_back));
        let (settings, rolls_back) = (Arc::clone(settings), Arc::clone(&roll_back));
        let mut channel = std::mem::replace(channel, Channel::absent(Face::Async));
        let task = runtime.spawn(async move {
            let mut settled = channel.settle(&settings, false).await;
            // It may be said meanwhile that a rollback is wanted too.
            if settled.is_ok() && rolls_back.load(Ordering::Acquire) {
                settled = channel.settle(&settings, true).await;
            }
            (channel, settled)
        });
        Some(Self { task, was, roll_back })
    }

    /// The transaction is to be rolled back too.
    pub(crate) fn roll_back(&self) {
        self.roll_back.store(true, Ordering::Release);
    }

    /// Waits until the channel comes back. May be dropped and called again.
    pub(crate) async fn end(&mut self) -> Result<Channel> {
        match (&mut self.task).await {
            Ok((channel, Ok(()))) => Ok(channel),
            Ok((_, Err(error))) => Err(error),
            Err(error) => Err(Error::connection(format!("what a dropped future left could not be settled: {error}"))),
        }
    }
}
