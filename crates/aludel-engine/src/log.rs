//! Lines for people: to `tracing`, and to a writer when echo is on.

use std::fmt;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use aludel_sql::StatementKind;

use crate::live::Live;
use crate::options::Echo;
use crate::record::QueryRecord;

mod sets;
mod shorten;

pub(crate) use sets::Sets;
pub(crate) use shorten::{ShownParameters, shorten_sql, shown_value};

/// Where statements are logged: the target that filters name.
pub(crate) const TARGET: &str = "aludel::sql";

/// Whether a subscriber of `tracing` wants statements. Without one this is one look at one number.
#[inline]
pub(crate) fn is_traced() -> bool {
    tracing::enabled!(target: "aludel::sql", tracing::Level::INFO)
}

/// Where an engine's lines go.
pub(crate) struct Log {
    echo: Echo,
    name: Option<String>,
    writer: Mutex<Box<dyn Write + Send>>,
}

impl Log {
    pub(crate) fn new(echo: Echo, name: Option<String>, writer: Option<Box<dyn Write + Send>>) -> Self {
        Self { echo, name, writer: Mutex::new(writer.unwrap_or_else(|| Box::new(std::io::stderr()))) }
    }

    pub(crate) fn is_on(&self) -> bool {
        self.echo > Echo::Off
    }

    pub(crate) fn shows_rows(&self) -> bool {
        self.echo >= Echo::Rows
    }

    /// A statement that is about to run: its SQL, and how it met the cache with its parameters.
    pub(crate) fn statement(&self, token: Option<&str>, record: &QueryRecord<'_>) {
        let marks = self.marks(token);
        let sql = if record.batch.is_some() { shorten_sql(record.sql) } else { record.sql.into() };
        let tag = Tag(record);
        let connection = record.connection;
        tracing::info!(target: TARGET, connection, "{marks}{sql}");
        tracing::info!(target: TARGET, connection, "{marks}[{tag}] {}", record.parameters);
        tracing::debug!(target: TARGET, connection, "{marks}at {}", record.location);
        if self.echo > Echo::Off {
            self.write(format_args!("{marks}{sql}\n{marks}[{tag}] {}", record.parameters));
        }
        if self.echo >= Echo::Rows {
            self.write(format_args!("{marks}at {}", record.location));
        }
    }

    /// What begins and ends transactions.
    pub(crate) fn control(&self, live: &Live, words: &str) {
        let marks = self.marks(live.token.as_deref());
        tracing::info!(target: TARGET, connection = live.number, "{marks}{words}");
        if self.echo > Echo::Off {
            self.write(format_args!("{marks}{words}"));
        }
    }

    /// Rows, when they are echoed.
    pub(crate) fn rows(&self, token: Option<&str>, lines: &[String]) {
        let marks = self.marks(token);
        for line in lines {
            self.write(format_args!("{marks}{line}"));
        }
    }

    fn marks<'a>(&'a self, token: Option<&'a str>) -> Marks<'a> {
        Marks { name: self.name.as_deref(), token }
    }

    fn write(&self, line: fmt::Arguments<'_>) {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        // A log that can't be written must not fail the statement.
        let _: std::io::Result<()> = writeln!(writer, "{line}");
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").field("echo", &self.echo).field("name", &self.name).finish_non_exhaustive()
    }
}

/// How the statement met the cache, and which part of a bulk insert it is: the first one says both.
struct Tag<'a>(&'a QueryRecord<'a>);

impl fmt::Display for Tag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(batch) = self.0.batch.filter(|_| self.0.kind == StatementKind::Insert) else {
            return self.0.cache.fmt(f);
        };
        if batch.number == 1 {
            write!(f, "{} (insertmanyvalues)", self.0.cache)?;
        } else {
            f.write_str("insertmanyvalues")?;
        }
        write!(f, " {}", batch.number)?;
        batch.count.map_or(Ok(()), |count| write!(f, "/{count}"))?;
        f.write_str(if batch.ordered { " (ordered)" } else { " (unordered)" })
    }
}

/// The engine's and the connection's marks before a line.
struct Marks<'a> {
    name: Option<&'a str>,
    token: Option<&'a str>,
}

impl fmt::Display for Marks<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.map_or(Ok(()), |name| write!(f, "{name} "))?;
        self.token.map_or(Ok(()), |token| write!(f, "[{token}] "))
    }
}
