//! Where a case runs: the database that a library connects to, and what it does first.

use crate::backend::Backend;
use crate::bulk::{self, File};
use crate::cases::Case;
use crate::orm::{self, UserRow};
use crate::servers::{self, Address};
use crate::turns::Result;

/// The database of a case.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    backend: Backend,
    address: Option<Address>,
    script: String,
    emptied: Option<String>,
}

/// An empty database, for a pass that fills one.
#[derive(Debug)]
pub(crate) struct Fresh {
    file: Option<File>,
    place: Place,
}

impl Place {
    /// SQLite: each library makes the tables in a database of its own.
    pub(crate) fn sqlite(case: Case) -> Self {
        let backend = Backend::Sqlite;
        Self { backend, address: None, script: case.script(backend), emptied: case.emptied(backend) }
    }

    /// A server's database, in which the tables have been made.
    pub(crate) fn server(case: Case, address: Address) -> Self {
        let backend = address.backend();
        Self { backend, address: Some(address), script: String::new(), emptied: case.emptied(backend) }
    }

    /// The kind of database.
    pub(crate) fn backend(&self) -> Backend {
        self.backend
    }

    /// Its URL, as most libraries read it.
    pub(crate) fn url(&self) -> String {
        self.address.as_ref().map_or_else(|| "sqlite::memory:".to_owned(), Address::url)
    }

    /// Where the server's database is.
    pub(crate) fn address(&self) -> Result<&Address> {
        self.address.as_ref().ok_or_else(|| "this library needs a server".into())
    }

    /// What makes the tables and their rows, or nothing where they are there already.
    pub(crate) fn script(&self) -> &str {
        &self.script
    }

    /// The statement that empties the table which the case writes to.
    pub(crate) fn emptied(&self) -> String {
        self.emptied.clone().unwrap_or_default()
    }

    /// An empty database.
    pub(crate) fn fresh(&self) -> Result<Fresh> {
        let file = if self.address.is_none() { Some(File::fresh()?) } else { None };
        Ok(Fresh { file, place: self.clone() })
    }
}

impl Fresh {
    /// Its URL, as most libraries read it.
    pub(crate) fn url(&self) -> String {
        self.file.as_ref().map_or_else(|| self.place.url(), |file| format!("sqlite:{}", file.path_text()))
    }

    /// What to run before the pass.
    pub(crate) fn script(&self) -> String {
        if self.file.is_some() { self.place.script.clone() } else { self.place.emptied() }
    }

    /// The items that it holds, read past the library that wrote them.
    pub(crate) fn items(&self) -> Result<Vec<bulk::Item>> {
        match (&self.file, &self.place.address) {
            (Some(file), _) => file.contents(),
            (None, address) => servers::read::items(address.as_ref()),
        }
    }

    /// The users of `orm/insert400k` with the keys that they have got, read past the library that wrote them.
    ///
    /// Keys may have gaps, which are the database's own affair; but names are in the keys' order.
    pub(crate) fn users(&self) -> Result<Vec<UserRow>> {
        let users = match (&self.file, &self.place.address) {
            (Some(file), _) => orm::users_in(file),
            (None, address) => servers::read::users(address.as_ref()),
        }?;
        let found = users.iter().map(|(_, name, color)| (name.clone(), color.clone()));
        let expected = orm::new_users().map(|user| (user.name, user.hair_color));
        if found.eq(expected) { Ok(users) } else { Err("the database holds other users than were inserted".into()) }
    }
}
