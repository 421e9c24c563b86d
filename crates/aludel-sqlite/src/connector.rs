//! Opens SQLite databases.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use aludel_core::{ConfigError, Result};
use aludel_engine::Url;
use aludel_engine::driver::{BulkForm, Connection, Connector, Driver, DriverTraits, Face, Opening, Reply};
use aludel_sql::dialect::{Dialect, Sqlite as SqliteDialect};
use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;

use crate::connection::SqliteConnection;
use crate::error::{cannot_open, from_rusqlite};
use crate::ffi::Database;
use crate::inline::Inline;
use crate::options::{Mode, Options, Place};
use crate::patience::Patience;
use crate::worker::Threaded;

/// Rows in one INSERT. A statement's start and end cost as much as two rows; beyond this nothing more is gained.
const BLOCK_ROWS: usize = 128;

/// The SQLite driver, for URLs with the scheme `sqlite`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sqlite;

impl Driver for Sqlite {
    fn schemes(&self) -> &'static [&'static str] {
        &["sqlite"]
    }

    fn open(&self, url: &Url, opening: &Opening) -> Result<Arc<dyn Connector>> {
        let options = Options::parse(url)?;
        let place = match &options.place {
            Place::File(path) => Target::File(path.clone()),
            // A database that only one connection sees is faster, but gone for any other.
            Place::Memory if opening.max_connections == 1 => Target::Private,
            Place::Memory => Target::Shared(shared_name()),
        };
        let dialect = opening.dialect.clone().unwrap_or_else(|| Arc::new(SqliteDialect));
        let statements = options.statement_cache.or(opening.statement_cache).unwrap_or(100);
        let inline = options.inline || opening.face == Face::Blocking;
        Ok(Arc::new(SqliteConnector {
            settings: Arc::new(Settings { options, place, statements, anchor: Mutex::default() }),
            dialect,
            inline,
        }))
    }
}

/// Opens connections to one database.
#[derive(Debug)]
struct SqliteConnector {
    settings: Arc<Settings>,
    dialect: Arc<dyn Dialect>,
    inline: bool,
}

/// What each connection is opened with; shared with their threads.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) options: Options,
    place: Target,
    statements: usize,
    /// Keeps a shared database in memory alive when the pool has no connection open.
    anchor: Mutex<Option<rusqlite::Connection>>,
}

/// Which database a connection opens.
#[derive(Debug)]
enum Target {
    File(std::path::PathBuf),
    /// In memory, seen by one connection.
    Private,
    /// In memory, seen by all connections of this process that use the name.
    Shared(String),
}

impl Connector for SqliteConnector {
    fn dialect(&self) -> &Arc<dyn Dialect> {
        &self.dialect
    }

    fn connect(&self) -> Reply<'_, Box<dyn Connection>> {
        if self.inline {
            return Reply::now(self.settings.open().map(|open| Box::new(Inline::new(open)) as Box<dyn Connection>));
        }
        Reply::later(async {
            let connection = Threaded::open(Arc::clone(&self.settings)).await?;
            Ok(Box::new(connection) as Box<dyn Connection>)
        })
    }

    fn traits(&self) -> DriverTraits {
        let mut traits = DriverTraits::default();
        traits.max_connections = matches!(self.settings.place, Target::Private).then_some(1);
        traits.keep_one_open = matches!(self.settings.place, Target::Private);
        traits.bulk = BulkForm::Blocks { rows: BLOCK_ROWS };
        traits.inserted_keys = true;
        traits.may_go_stale = false;
        traits
    }

    fn system(&self) -> &'static str {
        "sqlite"
    }

    fn database(&self) -> String {
        self.settings.place.shown()
    }
}

impl Settings {
    /// Opens a connection and sets it up.
    pub(crate) fn open(&self) -> Result<SqliteConnection> {
        let db = self.open_raw()?;
        #[cfg(feature = "regexp")]
        crate::regexp::register(&db).map_err(from_rusqlite)?;
        // Otherwise SQLite prepares a statement anew, in silence, whenever a value is bound that its planner has looked at:
        // that of `LIMIT ?`, or an integer compared with a column. It costs ten times what the statement itself does.
        let stable_plans = !self.options.plan_by_values;
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, stable_plans).map_err(from_rusqlite)?;
        let db = Database::new(db, Arc::new(Patience::new(self.options.busy_timeout)));
        let mut connection = SqliteConnection::new(db, self.statements);
        self.configure(&mut connection)?;
        Ok(connection)
    }

    fn open_raw(&self) -> Result<rusqlite::Connection> {
        // One thread at a time uses a connection, so SQLite need not lock it.
        let mut flags = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE;
        flags |= match self.options.mode {
            Mode::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
            Mode::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
            Mode::Create => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        };
        if self.options.shared_cache {
            flags |= OpenFlags::SQLITE_OPEN_SHARED_CACHE;
        }
        let in_memory = flags | OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let opened = match &self.place {
            Target::Private => rusqlite::Connection::open_in_memory_with_flags(in_memory),
            Target::Shared(uri) => {
                let flags = in_memory | OpenFlags::SQLITE_OPEN_URI;
                let mut anchor = self.anchor.lock().unwrap_or_else(PoisonError::into_inner);
                if anchor.is_none() {
                    *anchor = Some(rusqlite::Connection::open_with_flags(uri, flags).map_err(from_rusqlite)?);
                }
                rusqlite::Connection::open_with_flags(uri, flags)
            }
            Target::File(path) => {
                self.check_file(path)?;
                match &self.options.vfs {
                    Some(vfs) => rusqlite::Connection::open_with_flags_and_vfs(path, flags, vfs.as_str()),
                    None => rusqlite::Connection::open_with_flags(path, flags),
                }
            }
        };
        opened.map_err(|error| cannot_open(&self.place.shown(), self.hint(), error))
    }

    /// What SQLite would only call "unable to open database file".
    fn check_file(&self, path: &Path) -> Result<()> {
        if path.is_dir() {
            return Err(ConfigError::new(format!("the SQLite database {path:?} is a folder")).into());
        }
        if path.exists() {
            return Ok(());
        }
        if self.options.mode != Mode::Create {
            let message =
                format!("the SQLite database {path:?} does not exist, and its URL's mode forbids to create it");
            return Err(ConfigError::new(message).into());
        }
        match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
                let message =
                    format!("the SQLite database {path:?} can't be created: the folder {folder:?} does not exist");
                Err(ConfigError::new(message).into())
            }
            _ => Ok(()),
        }
    }

    fn hint(&self) -> &'static str {
        match (&self.place, self.options.mode) {
            (Target::File(_), Mode::Read) => "; may the file be read?",
            (Target::File(_), _) => "; may the file and its folder be written?",
            _ => "",
        }
    }

    fn configure(&self, connection: &mut SqliteConnection) -> Result<()> {
        let options = &self.options;
        let is_file = matches!(self.place, Target::File(_));
        let mut sql = format!("PRAGMA foreign_keys={}", if options.foreign_keys { "ON" } else { "OFF" });
        if let Some(size) = options.cache_size {
            sql += &format!("; PRAGMA cache_size={size}");
        }
        if let Some(size) = options.mmap_size {
            sql += &format!("; PRAGMA mmap_size={size}");
        }
        connection.batch(&sql)?;
        let journal = match options.journal_mode {
            Some(mode) => Some(mode),
            None => (is_file && options.mode != Mode::Read && options.vfs.is_none()).then_some("wal"),
        };
        if let Some(wanted) = journal {
            let set = connection
                .raw()
                .query_row(&format!("PRAGMA journal_mode={wanted}"), [], |row| row.get::<_, String>(0))
                .map_err(|error| cannot_open(&self.place.shown(), self.hint(), error))?;
            if options.journal_mode.is_some() && !set.eq_ignore_ascii_case(wanted) {
                let message = format!("the SQLite database can't use journal_mode={wanted}; it stays {set}");
                return Err(ConfigError::new(message).into());
            }
        }
        match options.synchronous {
            Some(level) => connection.batch(&format!("PRAGMA synchronous={level}")),
            None if journal == Some("wal") => connection.batch("PRAGMA synchronous=normal"),
            None => Ok(()),
        }
    }
}

impl Target {
    fn shown(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Private | Self::Shared(_) => ":memory:".to_owned(),
        }
    }
}

/// A name that no other engine of this process has.
fn shared_name() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("file:/aludel-{}?vfs=memdb", NEXT.fetch_add(1, Ordering::Relaxed))
}
