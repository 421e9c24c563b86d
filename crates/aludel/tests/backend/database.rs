//! An empty database for each test.
//!
//! Making a database takes a server longer than most tests take, so a process makes one. On PostgreSQL each test has a
//! schema of its own in it; on MariaDB, where a schema is a database, a database of its own beside it.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use aludel::Connect;
use aludel::blocking::Engine;
use aludel::language::text;
use aludel_testsuite::servers::{self, Database};
use tempfile::TempDir;

use super::{Backend, backend};

thread_local! {
    /// What goes when the test's thread ends.
    static LEASES: RefCell<Vec<Lease>> = const { RefCell::new(Vec::new()) };
}

/// What a database that was made for a test goes with.
pub(crate) enum Lease {
    File(TempDir),
    Server { on: Backend, shared: Arc<Shared>, name: String },
}

/// What the tests of a process have together. It goes with the last of them.
pub(crate) struct Shared {
    admin: Engine,
    count: AtomicU32,
    database: Database,
}

/// Of PostgreSQL and of MariaDB.
static SHARED: [Mutex<Weak<Shared>>; 2] = [const { Mutex::new(Weak::new()) }; 2];

/// The URL of an empty database, in memory on SQLite. It is gone when the test ends.
pub(crate) fn url() -> String {
    url_of(backend())
}

/// The same, whichever backend the run is on.
pub(crate) fn url_of(backend: Backend) -> String {
    match backend {
        Backend::Sqlite => "sqlite::memory:".to_owned(),
        _ => on_server(backend),
    }
}

/// The schema in which the tables of such a URL are.
pub(crate) fn schema_of(url: &str) -> String {
    let end = |text: &str| text.split(['?', '&']).next().unwrap_or_default().to_owned();
    match url.split_once("search_path=") {
        Some((_, schema)) => end(schema),
        None => url.rsplit('/').next().map(end).unwrap_or_default(),
    }
}

/// The same for whoever keeps it longer than one test.
pub(crate) fn lease(backend: Backend) -> (String, Option<Lease>) {
    match backend {
        Backend::Sqlite => ("sqlite::memory:".to_owned(), None),
        _ => {
            let (url, lease) = make(backend);
            (url, Some(lease))
        }
    }
}

/// The URL of an empty database that several connections share: on SQLite a file, with these options.
pub(crate) fn file(options: &str) -> String {
    if backend() != Backend::Sqlite {
        return on_server(backend());
    }
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}?{options}", folder.path().join("test.db").display());
    LEASES.with_borrow_mut(|leases| leases.push(Lease::File(folder)));
    url
}

fn on_server(on: Backend) -> String {
    let (url, lease) = make(on);
    LEASES.with_borrow_mut(|leases| leases.push(lease));
    url
}

fn make(on: Backend) -> (String, Lease) {
    let shared = shared(on);
    let name = format!("{}_{}", shared.database.name(), shared.count.fetch_add(1, Ordering::Relaxed));
    let (sql, url) = match on {
        Backend::Postgres => {
            let url = with_option(shared.database.url(), &format!("search_path={name}"));
            (format!("CREATE SCHEMA {name}"), url)
        }
        _ => {
            let url = shared.database.url().replacen(shared.database.name(), &name, 1);
            (format!("CREATE DATABASE {name} CHARACTER SET utf8mb4"), with_option(&url, MODES))
        }
    };
    shared.admin.execute(text(sql)).unwrap();
    (url, Lease::Server { on, shared, name })
}

/// The texts of tests put strings together with `||`, as the standard has it.
const MODES: &str = "sql_mode=STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,PIPES_AS_CONCAT";

fn with_option(url: &str, option: &str) -> String {
    format!("{url}{}{option}", if url.contains('?') { '&' } else { '?' })
}

fn shared(on: Backend) -> Arc<Shared> {
    let slot = &SHARED[usize::from(on == Backend::MariaDb)];
    let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(shared) = slot.upgrade() {
        return shared;
    }
    let database = match on {
        Backend::Postgres => servers::postgres(),
        _ => servers::mysql(),
    };
    let admin = Engine::builder(database.url()).pool_size(1).connect().unwrap();
    let shared = Arc::new(Shared { admin, count: AtomicU32::new(0), database });
    *slot = Arc::downgrade(&shared);
    shared
}

impl Drop for Lease {
    fn drop(&mut self) {
        match self {
            Self::File(_) => {}
            // It goes with the database.
            Self::Server { on: Backend::Postgres, .. } => {}
            Self::Server { shared, name, .. } => {
                if let Err(error) = shared.admin.execute(text(format!("DROP DATABASE {name}"))) {
                    eprintln!("warning: {error}");
                }
            }
        }
    }
}
