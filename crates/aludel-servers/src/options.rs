//! What a private server is started with.

/// How a private server differs from the usual one.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub(crate) settings: Vec<(String, String)>,
    pub(crate) files: Vec<(String, Vec<u8>)>,
    pub(crate) sql: Vec<String>,
}

impl Options {
    /// A server as the shared ones are: for tests, so that nothing waits for the disk.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a setting of the server: a line of `postgresql.conf`, or an option of `mariadbd` without its dashes
    /// (`("max-connections", "5")`). Later ones win.
    #[must_use]
    pub fn setting(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.push((name.into(), value.into()));
        self
    }

    /// Puts a file into the data folder, readable by the server alone, before it starts: a certificate, a key, or another
    /// `pg_hba.conf`. Settings name it without a folder: `("ssl_cert_file", "server.crt")`.
    #[must_use]
    pub fn file(mut self, name: impl Into<String>, contents: impl Into<Vec<u8>>) -> Self {
        self.files.push((name.into(), contents.into()));
        self
    }

    /// Runs a statement as administrator once the server has started for the first time: users, databases.
    #[must_use]
    pub fn sql(mut self, statement: impl Into<String>) -> Self {
        self.sql.push(statement.into());
        self
    }
}
