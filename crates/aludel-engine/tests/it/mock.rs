//! A driver as a third party would write it: every reply is pending once, every statement gives one row of one number.

use std::any::Any;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use aludel_core::{CacheSafety, Encode, Error, Fault, ParamSink, Result, RowRef, Value};
use aludel_engine::Url;
use aludel_engine::driver::{
    Bulk, Call, Connection, Connector, Driver, DriverTraits, NamedColumns, Opening, Outcome, Reply, RowSink,
    TransactionState, read_fault, write_fault,
};
use aludel_sql::dialect::{Capabilities, Dialect};

/// What happens, and what has happened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mock {
    pub(crate) world: Arc<Mutex<World>>,
    /// What the dialect says of caching.
    pub(crate) undeclared: bool,
}

#[derive(Debug, Default)]
pub(crate) struct World {
    /// What befalls the next calls.
    pub(crate) faults: VecDeque<Fault_>,
    /// What was done.
    pub(crate) done: Vec<String>,
    opened: u32,
}

/// Something that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault_ {
    Connect,
    Lost,
    Ping,
    Settle,
}

impl Mock {
    pub(crate) fn will(&self, faults: impl IntoIterator<Item = Fault_>) {
        self.world.lock().unwrap().faults.extend(faults);
    }

    pub(crate) fn done(&self) -> Vec<String> {
        std::mem::take(&mut self.world.lock().unwrap().done)
    }

    fn note(&self, text: impl Into<String>) {
        self.world.lock().unwrap().done.push(text.into());
    }

    /// Whether this is what goes wrong next.
    fn befalls(&self, fault: Fault_) -> bool {
        let mut world = self.world.lock().unwrap();
        let is_next = world.faults.front() == Some(&fault);
        if is_next {
            world.faults.pop_front();
        }
        is_next
    }
}

impl Driver for Mock {
    fn schemes(&self) -> &'static [&'static str] {
        &["mock", "mock+tls"]
    }

    fn open(&self, _: &Url, opening: &Opening) -> Result<Arc<dyn Connector>> {
        assert!(opening.max_connections > 0);
        let dialect: Arc<dyn Dialect> = if self.undeclared { Arc::new(Silent) } else { Arc::new(Mockish) };
        Ok(Arc::new(MockConnector { mock: self.clone(), dialect }))
    }
}

#[derive(Debug)]
struct Mockish;

impl Dialect for Mockish {
    fn name(&self) -> &'static str {
        "mockish"
    }

    fn capabilities(&self) -> &'static Capabilities {
        const MOCKISH: Capabilities = Capabilities { statement_cache: CacheSafety::Safe, ..Capabilities::STANDARD };
        &MOCKISH
    }
}

/// Has not said whether its statements may be cached.
#[derive(Debug)]
struct Silent;

impl Dialect for Silent {
    fn name(&self) -> &'static str {
        "silent"
    }

    fn capabilities(&self) -> &'static Capabilities {
        const SILENT: Capabilities =
            Capabilities { statement_cache: CacheSafety::Undeclared, ..Capabilities::STANDARD };
        &SILENT
    }
}

#[derive(Debug)]
struct MockConnector {
    mock: Mock,
    dialect: Arc<dyn Dialect>,
}

impl Connector for MockConnector {
    fn dialect(&self) -> &Arc<dyn Dialect> {
        &self.dialect
    }

    fn connect(&self) -> Reply<'_, Box<dyn Connection>> {
        Reply::later(async {
            Once::default().await;
            if self.mock.befalls(Fault_::Connect) {
                return Err(Error::connection("nobody listens"));
            }
            let number = {
                let mut world = self.mock.world.lock().unwrap();
                world.opened += 1;
                world.opened
            };
            let connection =
                MockConnection { mock: self.mock.clone(), number, owed: 0, in_transaction: false, is_lost: false };
            Ok(Box::new(connection) as Box<dyn Connection>)
        })
    }

    fn traits(&self) -> DriverTraits {
        DriverTraits::default()
    }

    fn system(&self) -> &'static str {
        "mock"
    }

    fn database(&self) -> String {
        "mock".to_owned()
    }
}

struct MockConnection {
    mock: Mock,
    number: u32,
    owed: u32,
    in_transaction: bool,
    is_lost: bool,
}

impl MockConnection {
    async fn run_slowly(&mut self, call: Call<'_>) -> Result<Outcome> {
        // Noted before the first await.
        self.owed += 1;
        self.mock.note(format!("{} run {}", self.number, call.compiled.sql));
        let mut written = Written(Vec::new());
        for (index, bind) in call.compiled.binds.iter().enumerate() {
            let value = call.arguments.get(bind.source);
            value.encode(&mut written).map_err(|fault| write_fault(call.compiled, index, fault))?;
        }
        Once::default().await;
        if self.mock.befalls(Fault_::Lost) {
            self.is_lost = true;
            return Err(Error::connection("the line is cut"));
        }
        self.owed -= 1;
        call.sink.begin(&NamedColumns(&["n"]))?;
        let number = written.0.first().copied().unwrap_or(i64::from(self.number));
        call.sink.row(&OneNumber(number)).map_err(|fault| read_fault(call.compiled, fault))?;
        Ok(Outcome { rows: 1, finished: true, ..Outcome::default() })
    }
}

impl Connection for MockConnection {
    fn run<'a>(&'a mut self, call: Call<'a>) -> Reply<'a, Outcome> {
        Reply::later(self.run_slowly(call))
    }

    fn resume<'a>(&'a mut self, _: &'a mut dyn RowSink, _: usize) -> Reply<'a, Outcome> {
        Reply::now(Ok(Outcome { finished: true, ..Outcome::default() }))
    }

    fn bulk<'a>(&'a mut self, bulk: Bulk<'a>) -> Reply<'a, Outcome> {
        let mut rows = 0;
        let result = loop {
            match bulk.feed.next(&mut |_| Ok(())) {
                Ok(true) => rows += 1,
                Ok(false) => break Ok(Outcome { affected: rows, finished: true, ..Outcome::default() }),
                Err(error) => break Err(error),
            }
        };
        Reply::now(result)
    }

    fn batch<'a>(&'a mut self, sql: &'a str) -> Reply<'a, ()> {
        Reply::later(async move {
            self.owed += 1;
            self.mock.note(format!("{} batch {sql}", self.number));
            self.in_transaction =
                sql.starts_with("BEGIN") || self.in_transaction && sql != "COMMIT" && sql != "ROLLBACK";
            Once::default().await;
            self.owed -= 1;
            Ok(())
        })
    }

    fn close_cursor(&mut self) -> Reply<'_, ()> {
        Reply::now(Ok(()))
    }

    fn transaction(&self) -> TransactionState {
        match (self.owed, self.in_transaction) {
            (1.., _) => TransactionState::Unknown,
            (0, true) => TransactionState::Open,
            (0, false) => TransactionState::Idle,
        }
    }

    fn owes(&self) -> bool {
        self.owed > 0
    }

    fn abandon(&mut self, roll_back: bool) {
        self.mock.note(format!("{} abandon {roll_back}", self.number));
    }

    fn settle(&mut self, roll_back: bool) -> Reply<'_, ()> {
        Reply::later(async move {
            Once::default().await;
            if self.mock.befalls(Fault_::Settle) {
                return Err(Error::connection("it can't be settled"));
            }
            self.mock.note(format!("{} settle {roll_back}", self.number));
            self.owed = 0;
            self.in_transaction &= !roll_back;
            Ok(())
        })
    }

    fn is_broken(&self) -> bool {
        self.is_lost
    }

    fn ping(&mut self) -> Reply<'_, ()> {
        let is_gone = self.mock.befalls(Fault_::Ping);
        Reply::now(if is_gone { Err(Error::connection("no sign of life")) } else { Ok(()) })
    }

    fn forget(&mut self, _: u64) {}

    fn prepared(&self) -> usize {
        0
    }

    fn close(self: Box<Self>) -> Reply<'static, ()> {
        Reply::now(Ok(()))
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// Numbers that were bound.
struct Written(Vec<i64>);

impl ParamSink for Written {
    fn null(&mut self) -> Result<(), Fault> {
        Err(Fault::null())
    }
    fn bool(&mut self, value: bool) -> Result<(), Fault> {
        self.int(i64::from(value))
    }
    fn int(&mut self, value: i64) -> Result<(), Fault> {
        self.0.push(value);
        Ok(())
    }
    fn float(&mut self, _: f64) -> Result<(), Fault> {
        Err(Fault::unsupported("floating point"))
    }
    fn text(&mut self, _: &str) -> Result<(), Fault> {
        Err(Fault::unsupported("text"))
    }
    fn bytes(&mut self, _: &[u8]) -> Result<(), Fault> {
        Err(Fault::unsupported("bytes"))
    }
}

struct OneNumber(i64);

impl RowRef for OneNumber {
    fn columns(&self) -> usize {
        1
    }
    fn is_null(&self, _: usize) -> bool {
        false
    }
    fn int(&self, _: usize) -> Result<i64, Fault> {
        Ok(self.0)
    }
    fn float(&self, _: usize) -> Result<f64, Fault> {
        Err(Fault::mismatch("a floating-point number", "an integer"))
    }
    fn text(&self, _: usize) -> Result<&str, Fault> {
        Err(Fault::mismatch("text", "an integer"))
    }
    fn bytes(&self, _: usize) -> Result<&[u8], Fault> {
        Err(Fault::mismatch("bytes", "an integer"))
    }
    fn value(&self, _: usize) -> Result<Value, Fault> {
        Ok(Value::Int(self.0))
    }
}

/// Pending once; woken from another thread.
#[derive(Default)]
struct Once(bool);

impl Future for Once {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.0 {
            return Poll::Ready(());
        }
        self.0 = true;
        let waker = cx.waker().clone();
        std::thread::spawn(move || waker.wake());
        Poll::Pending
    }
}
