//! What a library's file implements: [`Blocking`] or [`Async`], one function a case.
//!
//! Each function opens a database of its own, fills it with the script of the case, and then works turn
//! by turn:
//!
//! ```text
//! while let Some(turn) = turns.next() {
//!     while turn.again() {
//!         turn.done(everything that is measured);
//!     }
//! }
//! ```
//!
//! What stands outside the inner loop is never measured: connecting, filling, preparing. A task asks with
//! `turns.next_async().await`, and its whole inner loop runs in that one task.

use std::pin::Pin;

use tokio::runtime::Runtime;

use crate::cases::Case;
use crate::orm::Orm;
use crate::turns::{Result, Turns};

/// A library that works in the caller's thread.
pub(crate) trait Blocking: 'static {
    /// Its name in the results.
    const NAME: &'static str;
    /// Its package in `Cargo.lock`, which knows the version.
    const PACKAGE: &'static str;

    /// [`Case::Trivial`], over `data::trivial`.
    fn trivial(turns: Turns, rows: usize) -> Result;
    /// [`Case::Medium`], over `data::medium`.
    fn medium(turns: Turns, rows: usize) -> Result;
    /// [`Case::Insert`], over `data::insert`.
    fn insert(turns: Turns, rows: usize) -> Result;
    /// [`Case::Associations`], over `data::associations`.
    fn associations(turns: Turns) -> Result;
    /// [`Case::ReferenceCall`], over `reference::script`.
    fn reference_call(turns: Turns) -> Result;
    /// [`Case::Bulk`], over `bulk::script`.
    fn bulk(turns: Turns) -> Result;

    /// [`Case::ReferenceBuild`], for a library with a language of its own.
    fn reference_build() -> Option<fn(Turns) -> Result> {
        None
    }

    /// [`Case::InsertReturning`], where the library and the database can.
    fn insert_returning() -> Option<fn(Turns, usize) -> Result> {
        None
    }

    /// [`Case::Update`], on servers.
    fn update() -> Option<fn(Turns) -> Result> {
        None
    }

    /// [`Case::Stream`], on servers.
    fn stream() -> Option<fn(Turns) -> Result> {
        None
    }

    /// [`Case::Orm`], where the library has something to show.
    fn orm(_: Orm) -> Option<fn(Turns) -> Result> {
        None
    }
}

/// A library whose functions return futures; each case is a task on a runtime with two threads.
pub(crate) trait Async: 'static {
    /// Its name in the results.
    const NAME: &'static str;
    /// Its package in `Cargo.lock`, which knows the version.
    const PACKAGE: &'static str;

    /// [`Case::Trivial`], over `data::trivial`.
    fn trivial(turns: Turns, rows: usize) -> impl Future<Output = Result> + Send;
    /// [`Case::Medium`], over `data::medium`.
    fn medium(turns: Turns, rows: usize) -> impl Future<Output = Result> + Send;
    /// [`Case::Insert`], over `data::insert`.
    fn insert(turns: Turns, rows: usize) -> impl Future<Output = Result> + Send;
    /// [`Case::Associations`], over `data::associations`.
    fn associations(turns: Turns) -> impl Future<Output = Result> + Send;
    /// [`Case::ReferenceCall`], over `reference::script`.
    fn reference_call(turns: Turns) -> impl Future<Output = Result> + Send;
    /// [`Case::Bulk`], over `bulk::script`.
    fn bulk(turns: Turns) -> impl Future<Output = Result> + Send;

    /// [`Case::ReferenceBuild`], for a library with a language of its own. Nothing in it waits.
    fn reference_build() -> Option<fn(Turns) -> Result> {
        None
    }

    /// [`Case::InsertReturning`], where the library and the database can.
    fn insert_returning() -> Option<fn(Turns, usize) -> Task> {
        None
    }

    /// [`Case::Update`], on servers.
    fn update() -> Option<fn(Turns) -> Task> {
        None
    }

    /// [`Case::Stream`], on servers.
    fn stream() -> Option<fn(Turns) -> Task> {
        None
    }

    /// [`Case::Orm`], where the library has something to show.
    fn orm(_: Orm) -> Option<fn(Turns) -> Task> {
        None
    }
}

/// The whole work of an async case.
pub(crate) type Task = Pin<Box<dyn Future<Output = Result> + Send>>;

/// What has cases of the ORM alone.
pub(crate) trait Objects: 'static {
    /// Its name in the results.
    const NAME: &'static str;
    /// Its package in `Cargo.lock`, which knows the version.
    const PACKAGE: &'static str;
    /// Whether it blocks.
    const FACE: Face;

    /// [`Case::Orm`].
    fn orm(case: Orm) -> Work;
}

/// The work of a case, and where it is done.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Work {
    /// In a thread.
    Thread(fn(Turns) -> Result),
    /// In a task.
    Task(fn(Turns) -> Task),
}

/// Whether a library blocks its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    /// It does.
    Blocking,
    /// It returns futures.
    Async,
}

/// A library as the harness sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Library {
    /// Its name in the results.
    pub(crate) name: &'static str,
    /// Its package in `Cargo.lock`.
    pub(crate) package: &'static str,
    /// Whether it blocks.
    pub(crate) face: Face,
    has: fn(Case) -> bool,
    start: fn(&Runtime, Case, Turns) -> Option<Worker>,
}

impl Library {
    /// A library in the caller's thread.
    pub(crate) fn blocking<L: Blocking>() -> Self {
        Self {
            name: L::NAME,
            package: L::PACKAGE,
            face: Face::Blocking,
            has: blocking_has::<L>,
            start: start_blocking::<L>,
        }
    }

    /// A library of futures.
    pub(crate) fn asynchronous<L: Async>() -> Self {
        Self { name: L::NAME, package: L::PACKAGE, face: Face::Async, has: async_has::<L>, start: start_async::<L> }
    }

    /// A library with nothing but the cases of the ORM.
    pub(crate) fn objects<L: Objects>() -> Self {
        Self {
            name: L::NAME,
            package: L::PACKAGE,
            face: L::FACE,
            has: |case| matches!(case, Case::Orm(_)),
            start: start_objects::<L>,
        }
    }

    /// True if the library has something to show in a case.
    pub(crate) fn has(&self, case: Case) -> bool {
        (self.has)(case)
    }

    /// Starts a case in the background; None if the library has nothing to show in it.
    pub(crate) fn start(&self, runtime: &Runtime, case: Case, turns: Turns) -> Option<Worker> {
        (self.start)(runtime, case, turns)
    }
}

/// A case at work.
#[derive(Debug)]
pub(crate) enum Worker {
    /// In a thread.
    Thread(std::thread::JoinHandle<Result>),
    /// In a task.
    Task(tokio::task::JoinHandle<Result>),
}

impl Worker {
    /// Waits for its end, and tells whether it failed.
    pub(crate) fn join(self, runtime: &Runtime) -> Result {
        match self {
            Worker::Thread(thread) => thread.join().unwrap_or_else(|_| Err("panicked".into())),
            Worker::Task(task) => runtime.block_on(task)?,
        }
    }
}

fn blocking_has<L: Blocking>(case: Case) -> bool {
    match case {
        Case::InsertReturning(_) => L::insert_returning().is_some(),
        Case::Update => L::update().is_some(),
        Case::Stream => L::stream().is_some(),
        Case::ReferenceBuild => L::reference_build().is_some(),
        Case::Orm(case) => L::orm(case).is_some(),
        _ => true,
    }
}

fn async_has<L: Async>(case: Case) -> bool {
    match case {
        Case::InsertReturning(_) => L::insert_returning().is_some(),
        Case::Update => L::update().is_some(),
        Case::Stream => L::stream().is_some(),
        Case::ReferenceBuild => L::reference_build().is_some(),
        Case::Orm(case) => L::orm(case).is_some(),
        _ => true,
    }
}

fn start_blocking<L: Blocking>(_: &Runtime, case: Case, turns: Turns) -> Option<Worker> {
    let work: Box<dyn FnOnce() -> Result + Send> = match case {
        Case::Trivial(rows) => Box::new(move || L::trivial(turns, rows)),
        Case::Medium(rows) => Box::new(move || L::medium(turns, rows)),
        Case::Insert(rows) => Box::new(move || L::insert(turns, rows)),
        Case::Associations => Box::new(|| L::associations(turns)),
        Case::ReferenceCall => Box::new(|| L::reference_call(turns)),
        Case::Bulk => Box::new(|| L::bulk(turns)),
        Case::InsertReturning(rows) => {
            let insert = L::insert_returning()?;
            Box::new(move || insert(turns, rows))
        }
        Case::Update => {
            let update = L::update()?;
            Box::new(move || update(turns))
        }
        Case::Stream => {
            let stream = L::stream()?;
            Box::new(move || stream(turns))
        }
        Case::ReferenceBuild => {
            let build = L::reference_build()?;
            Box::new(move || build(turns))
        }
        Case::Orm(case) => {
            let work = L::orm(case)?;
            Box::new(move || work(turns))
        }
    };
    Some(Worker::Thread(std::thread::spawn(work)))
}

fn start_async<L: Async>(runtime: &Runtime, case: Case, turns: Turns) -> Option<Worker> {
    Some(Worker::Task(match case {
        Case::Trivial(rows) => runtime.spawn(L::trivial(turns, rows)),
        Case::Medium(rows) => runtime.spawn(L::medium(turns, rows)),
        Case::Insert(rows) => runtime.spawn(L::insert(turns, rows)),
        Case::Associations => runtime.spawn(L::associations(turns)),
        Case::ReferenceCall => runtime.spawn(L::reference_call(turns)),
        Case::Bulk => runtime.spawn(L::bulk(turns)),
        Case::InsertReturning(rows) => runtime.spawn(L::insert_returning()?(turns, rows)),
        Case::Update => runtime.spawn(L::update()?(turns)),
        Case::Stream => runtime.spawn(L::stream()?(turns)),
        Case::Orm(case) => runtime.spawn(L::orm(case)?(turns)),
        Case::ReferenceBuild => {
            let build = L::reference_build()?;
            return Some(Worker::Thread(std::thread::spawn(move || build(turns))));
        }
    }))
}

fn start_objects<L: Objects>(runtime: &Runtime, case: Case, turns: Turns) -> Option<Worker> {
    let Case::Orm(case) = case else { return None };
    Some(match L::orm(case) {
        Work::Thread(work) => Worker::Thread(std::thread::spawn(move || work(turns))),
        Work::Task(work) => Worker::Task(runtime.spawn(work(turns))),
    })
}
