//! The thread that a connection lives on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use aludel_core::{Error, Result};
use aludel_engine::driver::{Call, Times, TransactionState};

use super::job::{Answer, BulkEnd, BulkJob, Job, RunJob};
use super::line::Line;
use crate::connection::{BulkRun, SqliteConnection};
use crate::connector::Settings;
use crate::inline::Interrupt;

/// Starts the thread.
pub(super) fn start(settings: Arc<Settings>, line: Arc<Line>) -> Result<()> {
    let thread = std::thread::Builder::new().name("aludel-sqlite".to_owned());
    let body = move || {
        // A panic comes from a decoder or a function of the program's own; whoever waits must be told.
        let ended = catch_unwind(AssertUnwindSafe(|| serve(&settings, &line)));
        line.die();
        drop(ended);
    };
    thread
        .spawn(body)
        .map(drop)
        .map_err(|error| Error::connection(format!("the connection's thread can't be started: {error}")))
}

fn serve(settings: &Settings, line: &Line) {
    let (first, _, _) = line.next(0);
    let mut connection = match settings.open() {
        Ok(connection) => connection,
        Err(error) => return line.reply(first, Answer::Done(Err(error)), (false, 0)),
    };
    line.set_interrupt(Interrupt::new(&connection));
    line.reply(first, Answer::Done(Ok(())), (false, 0));
    let mut bulk = None;
    let mut last = first;
    loop {
        let (number, job, forgotten) = line.next(last);
        last = number;
        for statement in forgotten {
            connection.forget(statement);
        }
        let answer = match job {
            Job::Open => Answer::Done(Ok(())),
            Job::Run(job) => run(&mut connection, *job),
            Job::Resume(mut sink, limit) => {
                let result = connection.resume(&mut *sink, limit);
                Answer::Resumed(result, sink)
            }
            Job::Bulk(job) => insert(&mut connection, &mut bulk, *job),
            Job::Batch(sql) => Answer::Done(connection.batch(&sql)),
            Job::Settle(roll_back) => {
                end_bulk(&mut connection, &mut bulk);
                Answer::Done(connection.settle(roll_back))
            }
            Job::With(work) => Answer::With(work(&mut connection)),
            Job::Close => {
                end_bulk(&mut connection, &mut bulk);
                let closed = connection.close();
                return line.reply(number, Answer::Done(closed), (false, 0));
            }
        };
        let in_transaction = connection.transaction() != TransactionState::Idle;
        line.reply(number, answer, (in_transaction, connection.prepared()));
    }
}

fn run(connection: &mut SqliteConnection, mut job: RunJob) -> Answer {
    let result = connection.run(Call {
        compiled: &job.compiled,
        slot: &mut job.slot,
        arguments: &mut job.arguments,
        sink: &mut *job.sink,
        limit: job.limit,
        keep: job.keep,
        times: job.times.as_mut(),
    });
    Answer::Ran(Box::new((result, job)))
}

/// A bulk insert between two of its jobs.
struct Inserting {
    run: BulkRun,
    end: BulkEnd,
}

fn insert(connection: &mut SqliteConnection, inserting: &mut Option<Inserting>, job: BulkJob) -> Answer {
    if let Some(start) = job.start {
        end_bulk(connection, inserting);
        let mut times = start.times;
        let mut slot = start.slot;
        let begun = start.begin.iter().try_for_each(|sql| connection.batch(sql));
        let begun = begun.and_then(|()| BulkRun::begin(connection, &start.compiled, &mut slot, times.as_mut()));
        let result = Ok(aludel_engine::driver::Outcome::default());
        let end = BulkEnd { result, slot, arguments: start.arguments, sink: start.sink, keys: start.keys, times };
        match begun {
            Ok(run) => *inserting = Some(Inserting { run, end }),
            Err(error) => return Answer::Bulk(Box::new(BulkEnd { result: Err(error), ..end })),
        }
    }
    let Some(Inserting { mut run, mut end }) = inserting.take() else {
        return Answer::Done(Err(super::line::confused()));
    };
    let started = end.times.is_some().then(Instant::now);
    let inserted = run.rows_on(connection, &job.rows, &end.arguments, &mut *end.sink, end.keys.as_mut());
    spend(&mut end.times, started);
    match (inserted, job.last) {
        (Ok(()), None) => {
            *inserting = Some(Inserting { run, end });
            Answer::Taken(job.rows)
        }
        (Ok(()), Some(commit)) => {
            let mut outcome = run.end(connection);
            let started = end.times.is_some().then(Instant::now);
            let committed = commit.iter().try_for_each(|sql| connection.batch(sql));
            spend(&mut end.times, started);
            outcome.committed = !commit.is_empty();
            end.result = committed.map(|()| outcome);
            Answer::Bulk(Box::new(end))
        }
        (Err(error), _) => {
            run.end(connection);
            end.result = Err(error);
            Answer::Bulk(Box::new(end))
        }
    }
}

fn spend(times: &mut Option<Times>, started: Option<Instant>) {
    if let (Some(times), Some(started)) = (times, started) {
        times.execute += started.elapsed();
    }
}

fn end_bulk(connection: &mut SqliteConnection, inserting: &mut Option<Inserting>) {
    if let Some(Inserting { run, .. }) = inserting.take() {
        run.end(connection);
    }
}
