//! Engines with the drivers that this crate's features choose.

use std::future::Future;
use std::pin::Pin;

use aludel_engine::{EngineBuilder, blocking};

use crate::{Engine, Result};

/// Opens engines with the drivers that this crate's features choose: `Engine::connect(url)` and `Engine::builder(url)`, for
/// the async [`Engine`] and for [`blocking::Engine`].
///
/// ```
/// use aludel::prelude::*;
///
/// let engine = aludel::blocking::Engine::connect("sqlite::memory:")?;
/// assert_eq!(engine.fetch_one(select(value(5)))?, 5);
/// # Ok::<(), aludel::Error>(())
/// ```
pub trait Connect: Sized {
    /// What [`connect`](Self::connect) gives: the engine, or a future of it.
    type Connecting;

    /// An engine for the database of a URL, to be set up further and then [`connect`](EngineBuilder::connect)ed.
    fn builder(url: impl Into<String>) -> EngineBuilder<Self>;

    /// An engine for the database of a URL, with a first connection open.
    ///
    /// # Errors
    /// When the URL makes no sense, no driver knows its scheme, or the connection can't be opened.
    #[track_caller]
    fn connect(url: impl Into<String>) -> Self::Connecting;
}

impl Connect for Engine {
    type Connecting = Pin<Box<dyn Future<Output = Result<Self>> + Send>>;

    fn builder(url: impl Into<String>) -> EngineBuilder<Self> {
        with_drivers(EngineBuilder::new(url))
    }

    #[track_caller]
    fn connect(url: impl Into<String>) -> Self::Connecting {
        Box::pin(Self::builder(url).connect())
    }
}

impl Connect for blocking::Engine {
    type Connecting = Result<Self>;

    fn builder(url: impl Into<String>) -> EngineBuilder<Self> {
        with_drivers(EngineBuilder::new(url))
    }

    #[track_caller]
    fn connect(url: impl Into<String>) -> Self::Connecting {
        Self::builder(url).connect()
    }
}

fn with_drivers<E>(builder: EngineBuilder<E>) -> EngineBuilder<E> {
    #[cfg(feature = "sqlite")]
    let builder = builder.driver(aludel_sqlite::Sqlite);
    #[cfg(feature = "mysql")]
    let builder = builder.driver(aludel_mysql::MySql);
    #[cfg(feature = "postgres")]
    let builder = builder.driver(aludel_postgres::Postgres);
    builder
}
