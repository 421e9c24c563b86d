//! SQLite behind a driver that waits twice for everything: once before it is done, and once before its answer is there. So
//! each await point is met at each poll, and a future can be dropped before anything was done and after it was done.

use std::any::Any;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use aludel::dialect::Dialect;
use aludel::driver::{
    Bulk, Call, Cancel, Connection, Connector, Driver, DriverTraits, Opening, Outcome, Reply, RowSink, TransactionState,
};
use aludel::sqlite::Sqlite;
use aludel::{Result, Url};

#[derive(Debug)]
pub(crate) struct Slow;

impl Driver for Slow {
    fn schemes(&self) -> &'static [&'static str] {
        &["sqlite"]
    }

    fn open(&self, url: &Url, opening: &Opening) -> Result<Arc<dyn Connector>> {
        Ok(Arc::new(SlowConnector { inner: Sqlite.open(url, opening)? }))
    }
}

#[derive(Debug)]
struct SlowConnector {
    inner: Arc<dyn Connector>,
}

impl Connector for SlowConnector {
    fn dialect(&self) -> &Arc<dyn Dialect> {
        self.inner.dialect()
    }

    fn connect(&self) -> Reply<'_, Box<dyn Connection>> {
        Reply::later(async {
            once().await;
            let inner = self.inner.connect().await?;
            Ok(Box::new(SlowConnection { inner, sent: 0, taken: 0 }) as Box<dyn Connection>)
        })
    }

    fn traits(&self) -> DriverTraits {
        self.inner.traits()
    }

    fn system(&self) -> &'static str {
        self.inner.system()
    }

    fn database(&self) -> String {
        self.inner.database()
    }
}

/// A connection that has sent so many requests, and taken the answers to so many.
struct SlowConnection {
    inner: Box<dyn Connection>,
    sent: u64,
    taken: u64,
}

/// Pending once.
async fn once() {
    let mut is_ready = false;
    poll_fn(|context| {
        if std::mem::replace(&mut is_ready, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl SlowConnection {
    async fn run_slowly(&mut self, call: Call<'_>) -> Result<Outcome> {
        self.sent += 1;
        once().await;
        // Rows are read elsewhere and come with the answer.
        let Call { compiled, slot, arguments, sink, limit, keep, times } = call;
        let mut fork = sink.fork();
        let result = self.inner.run(Call { compiled, slot, arguments, sink: &mut *fork, limit, keep, times }).await;
        once().await;
        self.taken = self.sent;
        sink.join(fork);
        result
    }

    async fn resume_slowly(&mut self, sink: &mut dyn RowSink, limit: usize) -> Result<Outcome> {
        self.sent += 1;
        once().await;
        let mut fork = sink.fork();
        let result = self.inner.resume(&mut *fork, limit).await;
        once().await;
        self.taken = self.sent;
        sink.join(fork);
        result
    }

    async fn bulk_slowly(&mut self, bulk: Bulk<'_>) -> Result<Outcome> {
        self.sent += 1;
        once().await;
        let Bulk { single, single_slot, many, copy, fields, arguments, feed, sink, keys, enclosure, times } = bulk;
        let mut fork = sink.fork();
        let mut made = Vec::new();
        let inner_keys = keys.is_some().then_some(&mut made);
        let (sink_there, keys_there) = (&mut *fork, inner_keys);
        let bulk = Bulk {
            single,
            single_slot,
            many,
            copy,
            fields,
            arguments,
            feed,
            sink: sink_there,
            keys: keys_there,
            enclosure,
            times,
        };
        let result = self.inner.bulk(bulk).await;
        once().await;
        self.taken = self.sent;
        sink.join(fork);
        if let Some(keys) = keys {
            keys.extend(made);
        }
        result
    }

    async fn batch_slowly(&mut self, sql: &str) -> Result<()> {
        self.sent += 1;
        once().await;
        let result = self.inner.batch(sql).await;
        once().await;
        self.taken = self.sent;
        result
    }

    async fn settle_slowly(&mut self, roll_back: bool) -> Result<()> {
        self.sent += 1;
        once().await;
        let result = self.inner.settle(roll_back).await;
        once().await;
        self.taken = self.sent;
        result
    }
}

impl Connection for SlowConnection {
    fn run<'a>(&'a mut self, call: Call<'a>) -> Reply<'a, Outcome> {
        Reply::later(self.run_slowly(call))
    }

    fn resume<'a>(&'a mut self, sink: &'a mut dyn RowSink, limit: usize) -> Reply<'a, Outcome> {
        Reply::later(self.resume_slowly(sink, limit))
    }

    fn bulk<'a>(&'a mut self, bulk: Bulk<'a>) -> Reply<'a, Outcome> {
        Reply::later(self.bulk_slowly(bulk))
    }

    fn batch<'a>(&'a mut self, sql: &'a str) -> Reply<'a, ()> {
        Reply::later(self.batch_slowly(sql))
    }

    fn close_cursor(&mut self) -> Reply<'_, ()> {
        if self.owes() { Reply::later(self.settle_slowly(false)) } else { self.inner.close_cursor() }
    }

    fn transaction(&self) -> TransactionState {
        if self.sent == self.taken { self.inner.transaction() } else { TransactionState::Unknown }
    }

    fn owes(&self) -> bool {
        self.sent != self.taken || self.inner.owes()
    }

    fn abandon(&mut self, roll_back: bool) {
        self.inner.abandon(roll_back);
    }

    fn settle(&mut self, roll_back: bool) -> Reply<'_, ()> {
        if !self.owes() && (!roll_back || self.transaction() == TransactionState::Idle) {
            return Reply::now(Ok(()));
        }
        Reply::later(self.settle_slowly(roll_back))
    }

    fn is_broken(&self) -> bool {
        self.inner.is_broken()
    }

    fn ping(&mut self) -> Reply<'_, ()> {
        self.inner.ping()
    }

    fn forget(&mut self, number: u64) {
        self.inner.forget(number);
    }

    fn prepared(&self) -> usize {
        self.inner.prepared()
    }

    fn close(self: Box<Self>) -> Reply<'static, ()> {
        self.inner.close()
    }

    fn canceller(&self) -> Option<Arc<dyn Cancel>> {
        self.inner.canceller()
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}
