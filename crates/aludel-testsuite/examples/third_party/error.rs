//! What SQLite says, as an error whose kind is the same for every database.

use aludel::{DatabaseError, DatabaseErrorKind as Kind, Error};
use rusqlite::ffi;

pub(crate) fn from_rusqlite(error: rusqlite::Error) -> Error {
    let (code, message) = match error {
        rusqlite::Error::SqliteFailure(code, message) => (code, message.unwrap_or_else(|| code.to_string())),
        rusqlite::Error::SqlInputError { error, msg, .. } => (error, msg),
        other => return Error::other(other),
    };
    let error = DatabaseError::new(kind(code.extended_code), code.extended_code.to_string(), &message);
    // `UNIQUE constraint failed: table.column`, `CHECK constraint failed: name`
    let detail = message.split_once("constraint failed: ").map_or("", |(_, detail)| detail);
    match (error.kind(), detail.split_once('.')) {
        (Kind::CheckViolation, _) => error.with_constraint(detail),
        (_, Some((table, column))) => error.with_table(table).with_column(column),
        _ => error,
    }
    .into()
}

fn kind(code: i32) -> Kind {
    match code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            Kind::UniqueViolation
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Kind::ForeignKeyViolation,
        ffi::SQLITE_CONSTRAINT_NOTNULL => Kind::NotNullViolation,
        ffi::SQLITE_CONSTRAINT_CHECK => Kind::CheckViolation,
        ffi::SQLITE_BUSY_SNAPSHOT => Kind::SerializationFailure,
        other => match other & 0xff {
            ffi::SQLITE_ERROR => Kind::InvalidStatement,
            ffi::SQLITE_MISMATCH | ffi::SQLITE_TOOBIG => Kind::InvalidValue,
            ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => Kind::Locked,
            ffi::SQLITE_FULL | ffi::SQLITE_NOMEM => Kind::Full,
            ffi::SQLITE_READONLY => Kind::ReadOnly,
            _ => Kind::Other,
        },
    }
}
