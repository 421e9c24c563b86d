//! Databases that the suite runs in.

use std::io;

use crate::servers;

/// A database that was made for one test, and is gone with this value.
pub trait Database: Send + Sync + 'static {
    /// The URL by which an engine connects to it.
    fn url(&self) -> &str;
}

impl Database for servers::Database {
    fn url(&self) -> &str {
        Self::url(self)
    }
}

/// For databases that a URL makes by itself: those in memory.
impl Database for String {
    fn url(&self) -> &str {
        self
    }
}

/// A database that is a file in a folder of its own.
#[derive(Debug)]
pub struct TemporaryFile {
    url: String,
    _folder: tempfile::TempDir,
}

impl TemporaryFile {
    /// A file that is not there yet, in a new folder. Its URL is the scheme, a colon and the path; `options` stand behind it,
    /// with their question mark.
    ///
    /// # Errors
    /// When the folder can't be made.
    pub fn new(scheme: &str, options: &str) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let url = format!("{scheme}:{}{options}", folder.path().join("test.db").display());
        Ok(Self { url, _folder: folder })
    }
}

impl Database for TemporaryFile {
    fn url(&self) -> &str {
        &self.url
    }
}
