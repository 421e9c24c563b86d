//! A queue of jobs in a table: workers take what nobody else works on, by `FOR UPDATE SKIP LOCKED`, and a job is done in the
//! transaction that has taken it. A worker that is killed lets its job go.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aludel::Engine;
use aludel::language::{LockStrength, LockWait};
use aludel::prelude::*;

use crate::backend;

#[derive(Entity, Clone, Debug)]
#[entity(table = "jobs")]
struct Job {
    #[column(primary_key)]
    id: i64,
    what: String,
    #[column(index)]
    is_done: bool,
}

/// What jobs have done: a line for each time that one was done.
#[derive(Entity, Clone, Debug)]
#[entity(table = "results")]
struct Outcome {
    #[column(primary_key)]
    id: i64,
    #[column(references = Job::ID)]
    job_id: i64,
    worker: i64,
}

/// Takes a job and does it; false if there is none that is free.
async fn work(engine: &Engine, worker: i64) -> Result<bool> {
    engine
        .transaction(async |tx| {
            let free = Job::select()
                .filter(Job::IS_DONE.eq(false))
                .order_by(Job::ID)
                .limit(1)
                .lock(LockStrength::Update, LockWait::SkipLocked);
            let Some(job) = tx.fetch_optional(free).await? else {
                return Ok(false);
            };
            // The work itself; what it writes is committed with the job, or not at all.
            tokio::time::sleep(Duration::from_millis(u64::try_from(job.id % 3).unwrap_or(0))).await;
            tx.execute(Outcome::insert().row(Outcome::build().job_id(job.id).worker(worker))).await?;
            tx.execute(Job::update().set(Job::IS_DONE, true).filter(Job::ID.eq(job.id))).await?;
            Ok(true)
        })
        .await
}

async fn queue(jobs: usize) -> Engine {
    let engine = Engine::connect(backend::file("journal_mode=WAL&busy_timeout=20s")).await.unwrap();
    engine.create_all(schema![Job, Outcome]).await.unwrap();
    let jobs = (0..jobs).map(|number| Job::build().what(format!("job {number}")).is_done(false));
    engine.insert(Job::insert().rows(jobs)).await.unwrap();
    engine
}

/// How often each job was done.
async fn done(engine: &Engine) -> HashMap<i64, usize> {
    let mut times = HashMap::new();
    for job in engine.fetch_all(select(Outcome::JOB_ID)).await.unwrap() {
        *times.entry(job).or_default() += 1;
    }
    times
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_workers_do_each_job_once() {
    const JOBS: usize = 120;
    let engine = queue(JOBS).await;
    let workers = (1_i64..=8).map(|worker| {
        let engine = engine.clone();
        tokio::spawn(async move {
            let mut done = 0;
            // One that finds nothing may have met others at the last jobs; they do them or let them go.
            while engine
                .fetch_scalar::<i64>(select(func::count_all()).from(Job::TABLE).filter(Job::IS_DONE.eq(false)))
                .await?
                > 0
            {
                done += usize::from(work(&engine, worker).await?);
            }
            Ok::<usize, aludel::Error>(done)
        })
    });
    let mut total = 0;
    for worker in workers.collect::<Vec<_>>() {
        total += worker.await.unwrap().unwrap();
    }
    let times = done(&engine).await;
    assert_eq!((total, times.len()), (JOBS, JOBS));
    assert!(times.values().all(|times| *times == 1), "{times:?}");
}

/// Workers are given up in the middle of their work, again and again: their jobs go to others, and nothing is done twice.
#[tokio::test(flavor = "multi_thread")]
async fn workers_that_are_given_up_lose_nothing() {
    const JOBS: usize = 40;
    let engine = queue(JOBS).await;
    let given_up = Arc::new(AtomicU32::new(0));
    let workers = (1_i64..=8).map(|worker| {
        let (engine, given_up) = (engine.clone(), Arc::clone(&given_up));
        tokio::spawn(async move {
            for turn in 0_u64.. {
                let patience = Duration::from_millis((turn * 7 + worker.unsigned_abs()) % 12 + turn / 4);
                match tokio::time::timeout(patience, work(&engine, worker)).await {
                    Ok(taken) => _ = taken?,
                    Err(_) => _ = given_up.fetch_add(1, Ordering::Relaxed),
                }
                let left = select(func::count_all()).from(Job::TABLE).filter(Job::IS_DONE.eq(false));
                if engine.fetch_scalar::<i64>(left).await? == 0 {
                    break;
                }
            }
            Ok::<(), aludel::Error>(())
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await.unwrap().unwrap();
    }
    let times = done(&engine).await;
    assert_eq!(times.len(), JOBS);
    assert!(times.values().all(|times| *times == 1), "{times:?}");
    assert!(given_up.load(Ordering::Relaxed) > 0, "nobody was given up");
}
