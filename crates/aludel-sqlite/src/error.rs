//! SQLite's result codes as errors that say what they are about.

use aludel_core::{ConfigError, DatabaseError, DatabaseErrorKind, Error};
use rusqlite::ffi as codes;

use crate::ffi::last_error;

/// What the connection's last call failed with.
#[cold]
pub(crate) fn last(db: &rusqlite::Connection) -> Error {
    let (code, message, offset) = last_error(db);
    let error = database_error(code, &message);
    match offset {
        Some(offset) if error.kind() == DatabaseErrorKind::InvalidStatement => {
            database_error(code, &format!("{message}, at byte {offset} of the SQL")).into()
        }
        _ => error.into(),
    }
}

/// What a call of `rusqlite` failed with.
#[cold]
pub(crate) fn from_rusqlite(error: rusqlite::Error) -> Error {
    match error {
        rusqlite::Error::SqliteFailure(error, message) => {
            let message = message.unwrap_or_else(|| error.to_string());
            database_error(error.extended_code, &message).into()
        }
        other => Error::other(other),
    }
}

/// A database that can't be opened: the reason in words that help.
#[cold]
pub(crate) fn cannot_open(file: &str, hint: &str, error: rusqlite::Error) -> Error {
    match from_rusqlite(error).into_kind() {
        aludel_core::ErrorKind::Database(error) if error.kind() == DatabaseErrorKind::Other => {
            ConfigError::new(format!("the SQLite database {file:?} can't be opened: {}{hint}", error.message())).into()
        }
        aludel_core::ErrorKind::Database(error) => {
            let message = format!("{} (opening the SQLite database {file:?}{hint})", error.message());
            DatabaseError::new(error.kind(), error.code(), message).into()
        }
        kind => Error::new(kind),
    }
}

/// The error that an extended result code and its message stand for.
pub(crate) fn database_error(code: i32, message: &str) -> DatabaseError {
    let error = DatabaseError::new(kind(code), code.to_string(), message);
    match error.kind() {
        DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::NotNullViolation => with_columns(error, message),
        // `CHECK constraint failed: NAME`, or the condition itself where it has no name.
        DatabaseErrorKind::CheckViolation => match detail(message) {
            Some(name) => error.with_constraint(name),
            None => error,
        },
        _ => error,
    }
}

fn kind(code: i32) -> DatabaseErrorKind {
    use DatabaseErrorKind as Kind;
    match code {
        codes::SQLITE_CONSTRAINT_UNIQUE | codes::SQLITE_CONSTRAINT_PRIMARYKEY | codes::SQLITE_CONSTRAINT_ROWID => {
            return Kind::UniqueViolation;
        }
        codes::SQLITE_CONSTRAINT_FOREIGNKEY => return Kind::ForeignKeyViolation,
        codes::SQLITE_CONSTRAINT_NOTNULL => return Kind::NotNullViolation,
        codes::SQLITE_CONSTRAINT_CHECK => return Kind::CheckViolation,
        codes::SQLITE_CONSTRAINT_DATATYPE => return Kind::InvalidValue,
        // The snapshot is too old to write on: the same transaction may succeed when begun anew.
        codes::SQLITE_BUSY_SNAPSHOT => return Kind::SerializationFailure,
        _ => {}
    }
    match code & 0xff {
        codes::SQLITE_CONSTRAINT => Kind::OtherConstraint,
        codes::SQLITE_ERROR | codes::SQLITE_RANGE => Kind::InvalidStatement,
        codes::SQLITE_MISMATCH | codes::SQLITE_TOOBIG => Kind::InvalidValue,
        codes::SQLITE_BUSY | codes::SQLITE_LOCKED => Kind::Locked,
        codes::SQLITE_INTERRUPT | codes::SQLITE_ABORT => Kind::Cancelled,
        codes::SQLITE_FULL | codes::SQLITE_NOMEM => Kind::Full,
        codes::SQLITE_READONLY => Kind::ReadOnly,
        codes::SQLITE_PERM | codes::SQLITE_AUTH => Kind::Permission,
        codes::SQLITE_CORRUPT | codes::SQLITE_NOTADB => Kind::Corrupt,
        _ => Kind::Other,
    }
}

/// `UNIQUE constraint failed: t.a, t.b`, `NOT NULL constraint failed: t.a`, `UNIQUE constraint failed: index 'name'`.
fn with_columns(error: DatabaseError, message: &str) -> DatabaseError {
    let Some(detail) = detail(message) else {
        return error;
    };
    if let Some(index) = detail.strip_prefix("index '").and_then(|rest| rest.strip_suffix('\'')) {
        return error.with_constraint(index);
    }
    let Some((table, _)) = detail.split_once('.') else {
        return error;
    };
    let columns: Vec<&str> = detail.split(", ").map(|name| name.rsplit('.').next().unwrap_or(name)).collect();
    error.with_table(table).with_column(columns.join(","))
}

fn detail(message: &str) -> Option<&str> {
    message.split_once("constraint failed: ").map(|(_, detail)| detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_name_table_and_columns() {
        let error = database_error(codes::SQLITE_CONSTRAINT_UNIQUE, "UNIQUE constraint failed: link.a, link.b");
        assert_eq!((error.table(), error.column()), (Some("link"), Some("a,b")));
        let error = database_error(codes::SQLITE_CONSTRAINT_UNIQUE, "UNIQUE constraint failed: index 'lower_name'");
        assert_eq!(error.constraint(), Some("lower_name"));
        let error = database_error(codes::SQLITE_CONSTRAINT_CHECK, "CHECK constraint failed: positive");
        assert_eq!((error.kind(), error.constraint()), (DatabaseErrorKind::CheckViolation, Some("positive")));
        let error = database_error(codes::SQLITE_BUSY_TIMEOUT, "database is locked");
        assert_eq!(error.kind(), DatabaseErrorKind::Locked);
    }
}
