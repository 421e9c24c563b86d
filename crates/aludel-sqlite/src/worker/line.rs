//! What a connection and its thread talk over.

use std::collections::VecDeque;
use std::future::Future;
use std::hint::spin_loop;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll, Waker};

use aludel_core::{Error, Result};
use aludel_engine::driver::{Cancel, Reply, TransactionState};

use super::job::{Answer, Job};
use crate::inline::Interrupt;

/// How often both sides look again before they sleep, if they were told to: some microseconds.
const TURNS: u32 = 2_000;

/// Jobs one way, answers the other.
#[derive(Debug, Default)]
pub(super) struct Line {
    state: Mutex<State>,
    has_job: Condvar,
    spin: bool,
    /// The number of the last job that was posted, and of the last that was answered, to be spun on.
    posted: AtomicU64,
    answered: AtomicU64,
    in_transaction: AtomicBool,
    prepared: AtomicUsize,
    interrupt: OnceLock<Interrupt>,
}

#[derive(Debug, Default)]
struct State {
    jobs: VecDeque<(u64, Job, Sort)>,
    /// Statements that the thread need not keep any more.
    forgotten: Vec<u64>,
    /// The job that is being done.
    running: Option<(u64, Sort)>,
    answer: Option<(u64, Answer)>,
    waker: Option<Waker>,
    is_dead: bool,
}

/// What may be done to a job whose future was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// It only reads, and may be interrupted at any time.
    Read,
    /// It may write, and is interrupted only if everything is rolled back anyhow.
    Write,
    /// It clears up, and is never interrupted.
    Settle,
}

/// The thread has given an answer of another kind than its job wants: a fault of this driver.
pub(super) fn confused() -> Error {
    Error::connection("the SQLite connection's thread gave an answer to another question")
}

fn dead() -> Error {
    Error::connection("the SQLite connection's thread has ended")
}

impl Line {
    pub(super) fn new(spin: bool) -> Self {
        Self { spin, ..Self::default() }
    }

    // The connection's side.

    /// Puts a job in line.
    pub(super) fn post(&self, number: u64, job: Job, sort: Sort) {
        let mut state = self.lock();
        state.jobs.push_back((number, job, sort));
        state.waker = None;
        drop(state);
        self.posted.store(number, Ordering::Release);
        self.has_job.notify_one();
    }

    /// Waits for the answer to a job. Dropping the future lets a job that only reads go.
    pub(super) fn answer(&self, number: u64) -> AnswerTo<'_> {
        AnswerTo { line: self, number, is_done: false }
    }

    pub(super) fn forget(&self, number: u64) {
        self.lock().forgotten.push(number);
    }

    /// Stops whatever statement is running, but for what clears up.
    pub(super) fn interrupt(&self) {
        let state = self.lock();
        if state.running.is_some_and(|(_, sort)| sort != Sort::Settle)
            && let Some(handle) = self.interrupt.get()
        {
            handle.interrupt();
        }
    }

    pub(super) fn transaction(&self) -> TransactionState {
        if self.in_transaction.load(Ordering::Acquire) { TransactionState::Open } else { TransactionState::Idle }
    }

    pub(super) fn prepared(&self) -> usize {
        self.prepared.load(Ordering::Relaxed)
    }

    pub(super) fn is_dead(&self) -> bool {
        self.lock().is_dead
    }

    // The thread's side.

    pub(super) fn set_interrupt(&self, handle: Interrupt) {
        // It is set once, when the connection was opened.
        let _: Result<(), Interrupt> = self.interrupt.set(handle);
    }

    /// The next job, waited for, and the statements that may go.
    pub(super) fn next(&self, last: u64) -> (u64, Job, Vec<u64>) {
        if self.spin {
            for _ in 0..TURNS {
                if self.posted.load(Ordering::Acquire) != last {
                    break;
                }
                spin_loop();
            }
        }
        let mut state = self.lock();
        loop {
            if let Some((number, job, sort)) = state.jobs.pop_front() {
                state.running = Some((number, sort));
                if let Some(handle) = self.interrupt.get() {
                    handle.renew();
                }
                return (number, job, std::mem::take(&mut state.forgotten));
            }
            state = self.has_job.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Answers a job.
    pub(super) fn reply(&self, number: u64, answer: Answer, state_of: (bool, usize)) {
        self.in_transaction.store(state_of.0, Ordering::Release);
        self.prepared.store(state_of.1, Ordering::Relaxed);
        let mut state = self.lock();
        state.running = None;
        let before = state.answer.replace((number, answer));
        let waker = state.waker.take();
        drop(state);
        self.answered.store(number, Ordering::Release);
        if let Some(waker) = waker {
            waker.wake();
        }
        // An answer that nobody has waited for holds rows, whose end may take time.
        drop(before);
    }

    /// The thread ends: nobody will be answered any more.
    pub(super) fn die(&self) {
        let mut state = self.lock();
        state.is_dead = true;
        let waker = state.waker.take();
        drop(state);
        self.answered.store(u64::MAX, Ordering::Release);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The answer to a job, when it is there.
pub(super) struct AnswerTo<'a> {
    line: &'a Line,
    number: u64,
    is_done: bool,
}

impl Future for AnswerTo<'_> {
    type Output = Result<Answer>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<Answer>> {
        if self.line.spin {
            for _ in 0..TURNS {
                if self.line.answered.load(Ordering::Acquire) >= self.number {
                    break;
                }
                spin_loop();
            }
        }
        let mut state = self.line.lock();
        if let Some((_, answer)) = state.answer.take_if(|(number, _)| *number == self.number) {
            drop(state);
            self.is_done = true;
            return Poll::Ready(Ok(answer));
        }
        if state.is_dead {
            drop(state);
            self.is_done = true;
            return Poll::Ready(Err(dead()));
        }
        if !state.waker.as_ref().is_some_and(|waker| waker.will_wake(context.waker())) {
            state.waker = Some(context.waker().clone());
        }
        Poll::Pending
    }
}

impl Drop for AnswerTo<'_> {
    fn drop(&mut self) {
        if self.is_done {
            return;
        }
        let mut state = self.line.lock();
        state.waker = None;
        // What has not begun never will; only settling must happen whoever waits for it.
        state.jobs.retain(|(number, _, sort)| *number != self.number || *sort == Sort::Settle);
        if state.running == Some((self.number, Sort::Read))
            && let Some(handle) = self.line.interrupt.get()
        {
            handle.interrupt();
        }
    }
}

impl Cancel for Line {
    fn cancel(&self) -> Reply<'_, ()> {
        self.interrupt();
        Reply::now(Ok(()))
    }
}
