//! Kills connections at random, from outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use aludel_testsuite::servers::Database;

use crate::random::Random;

pub(crate) struct Killer {
    thread: JoinHandle<Result<(Database, u64), String>>,
}

impl Killer {
    pub(crate) fn start(database: Database, is_over: Arc<AtomicBool>) -> Self {
        let thread = thread::spawn(move || {
            let mut random = Random::new(4_711);
            let mut kills = 0;
            while !is_over.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(100 + random.below(700)));
                kills += kill_one(&database)?;
            }
            Ok((database, kills))
        });
        Self { thread }
    }

    /// The database, and how many connections were killed.
    pub(crate) fn end(self) -> Result<(Database, u64), String> {
        self.thread.join().map_err(|_| "whoever kills connections panicked".to_owned())?
    }
}

/// Kills somebody's connection, if there is one.
fn kill_one(database: &Database) -> Result<u64, String> {
    let name = database.name();
    if database.url().starts_with("postgres") {
        let killed = database.run(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' ORDER BY random() LIMIT 1"
        ));
        return killed.map(|rows| u64::from(rows.starts_with('t'))).map_err(|error| error.to_string());
    }
    let find = format!("SELECT id FROM information_schema.processlist WHERE db = '{name}' ORDER BY rand() LIMIT 1");
    let found = database.run(&find).map_err(|error| error.to_string())?;
    // It may have gone meanwhile.
    Ok(match found.trim() {
        "" => 0,
        number => u64::from(database.run(&format!("KILL {number}")).is_ok()),
    })
}
