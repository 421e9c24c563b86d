//! How a library's case and the harness talk.
//!
//! A case runs in a thread (or a task) of its own: it opens its database, prepares what it holds, and
//! then takes one [`Turn`] after the other. So a case is one plain function, whose statements may borrow
//! from its connection, and yet the harness can let the libraries take turns within a round.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::hint::black_box;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use tokio::sync::mpsc as orders;

use crate::place::Place;

/// What any library may fail with.
pub(crate) type Error = Box<dyn std::error::Error + Send + Sync>;

/// The result of a case, or of a step of it.
pub(crate) type Result<T = ()> = std::result::Result<T, Error>;

/// What the harness asks for in one turn.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    /// Run the work once and tell what came of it.
    Check,
    /// Run the work so many times and tell how long that took.
    Measure {
        /// How many times.
        iterations: u32,
    },
}

/// What a turn gave.
#[derive(Debug)]
pub(crate) enum Report {
    /// The outcome of [`Order::Check`].
    Answer(Answer),
    /// The outcome of [`Order::Measure`].
    Sample(Sample),
}

/// The result of the work, short enough to compare: the same for every library, or the case is void.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// How many rows were read or written.
    pub(crate) rows: usize,
    /// A hash over every field of every row, in order.
    pub(crate) checksum: u64,
}

/// What one iteration took, as a mean over the turn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    /// By the clock on the wall, in nanoseconds.
    pub(crate) wall_ns: f64,
    /// In processor time of the whole process, in nanoseconds: the threads that a library hands its
    /// work to are in it.
    pub(crate) cpu_ns: f64,
    /// The whole turn by the clock on the wall.
    pub(crate) total: Duration,
}

/// What the work of a case may return.
///
/// A library's own structs derive `Hash`; with the same fields in the same order they hash to the same
/// number, whoever declared them.
pub(crate) trait Outcome {
    /// The rows and the checksum.
    fn answer(&self) -> Answer;
}

impl<T: Hash> Outcome for Vec<T> {
    fn answer(&self) -> Answer {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        Answer { rows: self.len(), checksum: hasher.finish() }
    }
}

/// The rows that a statement changed; what those are is for [`Turn::answer`].
impl Outcome for usize {
    fn answer(&self) -> Answer {
        Answer { rows: *self, checksum: 0 }
    }
}

/// Rows that were read one by one and not kept.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    rows: usize,
    total: u64,
}

impl Tally {
    /// Counts a row.
    #[inline]
    pub(crate) fn add(&mut self, id: i32, name: &str) {
        self.rows += 1;
        self.total = self.total.wrapping_mul(31).wrapping_add(u64::from(id.unsigned_abs()) + name.len() as u64);
    }
}

impl Outcome for Tally {
    fn answer(&self) -> Answer {
        Answer { rows: self.rows, checksum: self.total }
    }
}

/// Work whose result is in the database alone.
impl Outcome for () {
    fn answer(&self) -> Answer {
        Answer { rows: 0, checksum: 0 }
    }
}

/// An SQL text: everybody's own.
impl Outcome for String {
    fn answer(&self) -> Answer {
        Answer { rows: 0, checksum: 0 }
    }
}

/// A case's end of the line to the harness.
#[derive(Debug)]
pub(crate) struct Turns {
    orders: orders::UnboundedReceiver<Order>,
    reports: mpsc::Sender<Report>,
    turn: Turn,
    place: Place,
}

/// The harness's end of the line to a case.
#[derive(Debug)]
pub(crate) struct Line {
    /// Where orders go; dropping it ends the case.
    pub(crate) orders: orders::UnboundedSender<Order>,
    /// Where reports come from; it closes when the case ends or fails.
    pub(crate) reports: mpsc::Receiver<Report>,
}

/// Opens a line to a case that runs at the place: its two ends.
pub(crate) fn line(place: Place) -> (Line, Turns) {
    let (to_case, orders) = orders::unbounded_channel();
    let (to_harness, reports) = mpsc::channel();
    let turn = Turn::new(Order::Check);
    (Line { orders: to_case, reports }, Turns { orders, reports: to_harness, turn, place })
}

impl Turns {
    /// Where the case runs.
    pub(crate) fn place(&self) -> Place {
        self.place.clone()
    }

    /// Hands in the turn before, and waits in this thread for the next one. None when the case is over.
    pub(crate) fn next(&mut self) -> Option<&mut Turn> {
        self.hand_in()?;
        let order = self.orders.blocking_recv()?;
        Some(self.begin(order))
    }

    /// [`Turns::next`] for a task.
    pub(crate) async fn next_async(&mut self) -> Option<&mut Turn> {
        self.hand_in()?;
        let order = self.orders.recv().await?;
        Some(self.begin(order))
    }

    /// None when the harness has gone.
    fn hand_in(&mut self) -> Option<()> {
        match self.turn.report.take() {
            Some(report) => self.reports.send(report).ok(),
            None => Some(()),
        }
    }

    fn begin(&mut self, order: Order) -> &mut Turn {
        self.turn = Turn::new(order);
        &mut self.turn
    }
}

/// One library's turn at one case: a loop that is measured from its first pass to its end.
///
/// ```text
/// while turn.again() {
///     turn.done(the work);
/// }
/// ```
#[derive(Debug)]
pub(crate) struct Turn {
    order: Order,
    passes: u32,
    clock: Option<Clock>,
    report: Option<Report>,
}

impl Turn {
    fn new(order: Order) -> Self {
        let passes = match order {
            Order::Check => 1,
            Order::Measure { iterations } => iterations,
        };
        Self { order, passes, clock: None, report: None }
    }

    /// True while there is another pass to make. The first call starts the clocks, the last stops them.
    #[inline]
    pub(crate) fn again(&mut self) -> bool {
        if self.passes == 0 {
            self.stop();
            return false;
        }
        if self.clock.is_none() {
            self.clock = Some(Clock::start());
        }
        self.passes -= 1;
        true
    }

    /// Takes what one pass came to. To drop it is part of the work.
    #[inline]
    pub(crate) fn done(&mut self, outcome: impl Outcome) {
        if self.is_check() {
            self.answer(&outcome);
        }
        black_box(outcome);
    }

    /// True in a turn that compares results: the case may then look at what its work left behind.
    pub(crate) fn is_check(&self) -> bool {
        matches!(self.order, Order::Check)
    }

    /// Puts `outcome` in the place of what the work returned: for work whose result is in the database.
    pub(crate) fn answer(&mut self, outcome: &impl Outcome) {
        self.report = Some(Report::Answer(outcome.answer()));
    }

    /// Fails if `found` is another result than the work's: what objects say is what the database has to hold.
    pub(crate) fn confirm(&self, found: &impl Outcome) -> Result {
        match &self.report {
            Some(Report::Answer(answer)) if *answer == found.answer() => Ok(()),
            _ => Err("the database holds other rows than the objects say".into()),
        }
    }

    fn stop(&mut self) {
        if let (Order::Measure { iterations }, Some(clock)) = (self.order, self.clock.take()) {
            self.report = Some(Report::Sample(clock.stop(iterations)));
        }
    }
}

/// Both clocks, started together.
#[derive(Debug)]
struct Clock {
    wall: Instant,
    cpu: ProcessTime,
}

impl Clock {
    fn start() -> Self {
        // The processor's clock is a system call, so the wall's is read last here and first below.
        let cpu = ProcessTime::now();
        Self { wall: Instant::now(), cpu }
    }

    fn stop(&self, iterations: u32) -> Sample {
        let total = self.wall.elapsed();
        let cpu = self.cpu.elapsed();
        let each = |time: Duration| time.as_secs_f64() * 1e9 / f64::from(iterations);
        Sample { wall_ns: each(total), cpu_ns: each(cpu), total }
    }
}
