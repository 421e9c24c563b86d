//! A connection that runs in the caller's thread: nothing ever waits.

use std::any::Any;

use aludel_core::Result;
use aludel_engine::driver::{Bulk, Call, Cancel, Connection, Outcome, Reply, RowSink, TransactionState};

use std::sync::Arc;

use crate::connection::SqliteConnection;
use crate::patience::Patience;

/// [`SqliteConnection`] as the engine sees it on the blocking face.
#[derive(Debug)]
pub(crate) struct Inline {
    connection: SqliteConnection,
    canceller: Arc<Interrupt>,
}

/// Interrupts whatever statement is running.
pub(crate) struct Interrupt {
    handle: rusqlite::InterruptHandle,
    patience: Arc<Patience>,
}

impl Interrupt {
    pub(crate) fn new(connection: &SqliteConnection) -> Self {
        Self { handle: connection.raw().get_interrupt_handle(), patience: Arc::clone(connection.patience()) }
    }

    pub(crate) fn interrupt(&self) {
        self.handle.interrupt();
        self.patience.end();
    }

    /// A new statement begins, which may wait for locks again.
    pub(crate) fn renew(&self) {
        self.patience.renew();
    }
}

impl std::fmt::Debug for Interrupt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Interrupt")
    }
}

impl Cancel for Interrupt {
    fn cancel(&self) -> Reply<'_, ()> {
        self.interrupt();
        Reply::now(Ok(()))
    }
}

impl Inline {
    pub(crate) fn new(connection: SqliteConnection) -> Self {
        let canceller = Arc::new(Interrupt::new(&connection));
        Self { connection, canceller }
    }
}

impl Connection for Inline {
    #[inline]
    fn run<'a>(&'a mut self, call: Call<'a>) -> Reply<'a, Outcome> {
        self.canceller.renew();
        Reply::now(self.connection.run(call))
    }

    fn resume<'a>(&'a mut self, sink: &'a mut dyn RowSink, limit: usize) -> Reply<'a, Outcome> {
        Reply::now(self.connection.resume(sink, limit))
    }

    fn bulk<'a>(&'a mut self, bulk: Bulk<'a>) -> Reply<'a, Outcome> {
        self.canceller.renew();
        Reply::now(self.connection.bulk(bulk))
    }

    fn batch<'a>(&'a mut self, sql: &'a str) -> Reply<'a, ()> {
        self.canceller.renew();
        Reply::now(self.connection.batch(sql))
    }

    fn close_cursor(&mut self) -> Reply<'_, ()> {
        self.connection.close_cursor();
        Reply::now(Ok(()))
    }

    fn transaction(&self) -> TransactionState {
        self.connection.transaction()
    }

    fn owes(&self) -> bool {
        self.connection.has_cursor()
    }

    fn abandon(&mut self, roll_back: bool) {
        // What goes wrong here goes wrong again when the engine settles, and is told there.
        let _: Result<()> = self.connection.settle(roll_back);
    }

    fn settle(&mut self, roll_back: bool) -> Reply<'_, ()> {
        Reply::now(self.connection.settle(roll_back))
    }

    fn is_broken(&self) -> bool {
        false
    }

    fn ping(&mut self) -> Reply<'_, ()> {
        Reply::now(Ok(()))
    }

    fn forget(&mut self, number: u64) {
        self.connection.forget(number);
    }

    fn prepared(&self) -> usize {
        self.connection.prepared()
    }

    fn close(self: Box<Self>) -> Reply<'static, ()> {
        Reply::now(self.connection.close())
    }

    fn canceller(&self) -> Option<Arc<dyn Cancel>> {
        Some(Arc::clone(&self.canceller) as Arc<dyn Cancel>)
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        &mut self.connection
    }
}
