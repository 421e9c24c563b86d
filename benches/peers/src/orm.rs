//! The cases of the ORM: objects with keys that stay in the program's hands, and are written when they change.
//!
//! Their tables and rows are stated here once, as those of the other cases are in [`data`].

use crate::backend::Backend;
use crate::bulk::File;
use crate::data::{self, NewUser};
use crate::turns::Result;

/// One piece of work with objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Orm {
    /// Read [`LOADED`] users into a `Vec` of structs: what keeping objects is compared with.
    LoadVec,
    /// The same users into a new session, which knows each by its key.
    LoadIdentity,
    /// The same users again into a session that holds them all, unchanged.
    ReloadFresh,
    /// The same users again into a session whose objects are all out of date.
    ReloadStale,
    /// Users and their addresses by two statements, put together.
    WithAddresses,
    /// Write [`INSERTED`] users to a file in one transaction, and keep them with their keys.
    Insert,
    /// Change one column of [`UPDATED`] objects, and write them in one transaction.
    Update,
    /// Get each of [`LOADED`] objects of a session by its handle.
    Index,
}

/// How many users are loaded.
pub(crate) const LOADED: usize = 10_000;

/// How many users have addresses.
const WITH_ADDRESSES: usize = 1_000;

/// How many addresses each of them has.
const ADDRESSES_EACH: usize = 4;

/// How many users are inserted.
pub(crate) const INSERTED: usize = 400_000;

/// How many users are updated.
pub(crate) const UPDATED: usize = 1_000;

fn users_table(backend: Backend) -> String {
    let (id, text) = (backend.key(), backend.text());
    format!("CREATE TABLE users (id {id}, name {text} NOT NULL, hair_color {text});")
}

fn tables(backend: Backend) -> String {
    let (users, id, text) = (users_table(backend), backend.key(), backend.text());
    format!(
        "{users}
        CREATE TABLE addresses (id {id}, user_id INTEGER NOT NULL REFERENCES users (id), email {text} NOT NULL);
        CREATE INDEX addresses_user ON addresses (user_id);"
    )
}

impl Orm {
    /// Every case, in the order in which they run.
    pub(crate) const ALL: [Self; 8] = [
        Orm::LoadVec,
        Orm::LoadIdentity,
        Orm::ReloadFresh,
        Orm::ReloadStale,
        Orm::WithAddresses,
        Orm::Insert,
        Orm::Update,
        Orm::Index,
    ];

    /// Its name in the results.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Orm::LoadVec => "orm/load10k_vec",
            Orm::LoadIdentity => "orm/load10k_identity",
            Orm::ReloadFresh => "orm/reload10k_fresh",
            Orm::ReloadStale => "orm/reload10k_stale",
            Orm::WithAddresses => "orm/users_with_addresses",
            Orm::Insert => "orm/insert400k",
            Orm::Update => "orm/update1000",
            Orm::Index => "orm/index",
        }
    }

    /// True for the ways of loading the same users, which are measured in turns with each other.
    pub(crate) fn loads(self) -> bool {
        matches!(self, Orm::LoadVec | Orm::LoadIdentity | Orm::ReloadFresh | Orm::ReloadStale)
    }
}

/// The tables of a case, and the rows that it finds there.
pub(crate) fn script(backend: Backend, case: Orm) -> String {
    let rows = match case {
        Orm::LoadVec | Orm::LoadIdentity | Orm::ReloadFresh | Orm::ReloadStale | Orm::Index => LOADED,
        Orm::WithAddresses => return with_addresses(backend),
        Orm::Update => UPDATED,
        Orm::Insert if backend == Backend::Sqlite => return in_file(),
        Orm::Insert => return users_table(backend),
    };
    format!("{} {}", tables(backend), data::insert_colored_users(backend, rows))
}

/// The tables with the users that are loaded, on SQLite.
pub(crate) fn loaded() -> String {
    script(Backend::Sqlite, Orm::LoadVec)
}

/// The tables with users and their addresses.
pub(crate) fn with_addresses(backend: Backend) -> String {
    let numbers = data::numbers(ADDRESSES_EACH);
    let email = backend.concat(&["'user'", "users.id", "'@host'", "i", "'.example'"]);
    format!(
        "{} {}
         INSERT INTO addresses (user_id, email) {numbers}
         SELECT users.id, {email} FROM users, numbers ORDER BY users.id, i;",
        tables(backend),
        data::insert_colored_users(backend, WITH_ADDRESSES)
    )
}

/// The tables with the users that are updated, on SQLite.
pub(crate) fn updated() -> String {
    script(Backend::Sqlite, Orm::Update)
}

/// The empty tables in a file, with the settings of [`bulk`](crate::bulk), on SQLite.
pub(crate) fn in_file() -> String {
    format!("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; {}", tables(Backend::Sqlite))
}

/// The users that `insert400k` writes; making them is part of the work.
pub(crate) fn new_users() -> impl Iterator<Item = NewUser> + Send {
    (0..INSERTED).map(data::new_user)
}

/// What `update1000` changes the color of its `i`-th user to, in its so manieth pass: never what it was before.
pub(crate) fn new_color(pass: usize, i: usize) -> String {
    format!("color {pass} of {i}")
}

/// A row of the table of users, read past the library that wrote it.
pub(crate) type UserRow = (i32, String, Option<String>);

/// What `insert400k` left in the file.
pub(crate) fn users_in(file: &File) -> Result<Vec<UserRow>> {
    let connection = rusqlite::Connection::open(file.path())?;
    let mut statement = connection.prepare("SELECT id, name, hair_color FROM users ORDER BY id")?;
    let users = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(users.collect::<rusqlite::Result<_>>()?)
}
