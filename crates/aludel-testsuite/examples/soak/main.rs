//! Hours of trouble in a few minutes: 64 tasks move money between accounts on 8 connections, while connections are killed,
//! futures are dropped, and deadlines pass. At the end sums prove that nothing was lost and nothing was done twice.
//!
//!     cargo xtask soak [--seconds N]
//!
//! which starts the servers, and runs this for each of them. By itself it wants the variables that name them:
//!
//!     cargo run --release -p aludel-testsuite --example soak -- --seconds 60 postgres mysql
#![allow(clippy::print_stdout, reason = "printing is what an example is for")]

mod account;
mod kill;
mod random;
mod task;
mod verdict;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use aludel::prelude::*;
use aludel_testsuite::servers::{self, Database};

use account::{ACCOUNTS, Account, START, Transfer};
use kill::Killer;
use task::{Counts, Worker};

const TASKS: i64 = 64;
const CONNECTIONS: usize = 8;

fn main() -> ExitCode {
    let (seconds, names) = match arguments() {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("{message}\nusage: soak [--seconds N] [postgres] [mysql]");
            return ExitCode::FAILURE;
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("no runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut code = ExitCode::SUCCESS;
    for name in names {
        let database = if name == "mysql" { servers::mysql() } else { servers::postgres() };
        if let Err(message) = runtime.block_on(soak(&name, database, Duration::from_secs(seconds))) {
            eprintln!("{name}: FAILED: {message}");
            code = ExitCode::FAILURE;
        }
    }
    code
}

fn arguments() -> Result<(u64, Vec<String>), String> {
    let (mut seconds, mut names) = (600, Vec::new());
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--seconds" => {
                let number = words.next().and_then(|number| number.parse().ok());
                seconds = number.ok_or("`--seconds` wants a number")?;
            }
            "postgres" | "mysql" => names.push(word),
            _ => return Err(format!("`{word}` is no database that is known here")),
        }
    }
    if names.is_empty() {
        names = vec!["postgres".to_owned(), "mysql".to_owned()];
    }
    Ok((seconds, names))
}

async fn soak(name: &str, database: Database, time: Duration) -> Result<(), String> {
    let engine = Engine::builder(database.url())
        .pool_size(CONNECTIONS)
        .max_overflow(0)
        .pool_timeout(Duration::from_secs(60))
        .connect()
        .await
        .map_err(|error| error.to_string())?;
    engine.create_all(schema![Account, Transfer]).await.map_err(|error| error.to_string())?;
    let accounts = (1..=ACCOUNTS).map(|id| Account { id, balance: START });
    engine.insert(Account::insert().rows(accounts)).await.map_err(|error| error.to_string())?;

    let is_over = Arc::new(AtomicBool::new(false));
    let killer = Killer::start(database, Arc::clone(&is_over));
    let begin = Instant::now();
    let workers: Vec<_> =
        (0..TASKS).map(|task| tokio::spawn(Worker::new(task, engine.clone()).run(Arc::clone(&is_over)))).collect();
    while begin.elapsed() < time {
        tokio::time::sleep(Duration::from_millis(200)).await;
        if workers.iter().any(tokio::task::JoinHandle::is_finished) {
            // Somebody has found a fault, and the others need not go on.
            break;
        }
    }
    is_over.store(true, Ordering::Relaxed);
    let (mut counts, mut done, mut fault) = (Counts::default(), Vec::new(), None);
    for worker in workers {
        match tokio::time::timeout(Duration::from_secs(120), worker).await {
            Ok(Ok(Ok((some, mut transfers)))) => {
                counts.add(some);
                done.append(&mut transfers);
            }
            Ok(Ok(Err(message))) => fault = Some(message),
            Ok(Err(panicked)) => fault = Some(panicked.to_string()),
            Err(_) => fault = Some("a task does not end: it waits for something that never comes".to_owned()),
        }
    }
    let (database, kills) = killer.end()?;
    let told = format!("{counts}, {kills} connections killed, in {:.0} s", begin.elapsed().as_secs_f64());
    if let Some(fault) = fault {
        return Err(format!("{fault}\n{told}"));
    }
    let verdict = verdict::judge(&engine, &done, CONNECTIONS).await.map_err(|message| format!("{message}\n{told}"))?;
    println!("{name}: {told}; {verdict}");
    if time >= Duration::from_secs(10) && (kills == 0 || counts.dropped == 0) {
        return Err("there was no trouble, so that nothing was proved".to_owned());
    }
    engine.close().await;
    drop(database);
    Ok(())
}
