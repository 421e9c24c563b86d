//! Database servers for tests.
//!
//! Two things are here. [`postgres`] and [`mysql`] make a fresh database in a server that runs already, the one of
//! `ALUDEL_TEST_POSTGRES_URL` or `ALUDEL_TEST_MYSQL_URL`. [`Server`] is a private server on a free port, for tests that
//! restart, pause or kill it, or that need settings of their own; `cargo xtask test` starts the shared ones with it too.
//!
//! Everything is done with the databases' own programs (`psql`, `mariadb`, `postgres`, `mariadbd`), so that a test of a
//! driver never rests on the driver itself. Tests use it through `aludel_testsuite::servers`, whose functions panic where
//! these give an [`Error`].
//!
//! A server never outlives the process that started it: a shell in between reads from a pipe that ends with the process,
//! and stops the server then. Root can't run either server, so root's run as another user.
//!
//! ```no_run
//! use aludel_servers::{Options, Server};
//!
//! let mut server = Server::postgres(Options::new().setting("max_connections", "5"))?;
//! let database = server.database()?;
//! println!("{}", database.url());
//! server.pause()?; // nothing answers any more
//! server.resume()?;
//! # Ok::<(), aludel_servers::Error>(())
//! ```

mod bouncer;
mod client;
mod database;
mod error;
mod kind;
mod options;
mod place;
mod process;
mod programs;
mod server;
mod user;

pub use bouncer::Bouncer;
pub use database::{Database, MYSQL_VARIABLE, POSTGRES_VARIABLE, mysql, postgres};
pub use error::{Error, Result};
pub use options::Options;
pub use programs::{has_mariadb, has_pgbouncer, has_postgres};
pub use server::Server;
