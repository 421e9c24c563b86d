//! The server's errors as errors that say what they are about.

use std::borrow::Cow;
use std::io;

use aludel_core::{DatabaseError, DatabaseErrorKind, Error};

use crate::message::Body;

/// What an error or a notice of the server says.
#[derive(Debug, Default)]
pub(crate) struct Report<'b> {
    /// `ERROR`, `FATAL`, `PANIC`, `WARNING`, `NOTICE` and so on, never translated.
    pub(crate) severity: Cow<'b, str>,
    pub(crate) code: Cow<'b, str>,
    pub(crate) message: Cow<'b, str>,
    hint: Option<Cow<'b, str>>,
    position: Option<Cow<'b, str>>,
    table: Option<Cow<'b, str>>,
    column: Option<Cow<'b, str>>,
    constraint: Option<Cow<'b, str>>,
    /// The function of the server that gave it out; never translated.
    routine: Option<Cow<'b, str>>,
}

impl<'b> Report<'b> {
    /// Reads the body of a message.
    pub(crate) fn parse(body: &'b [u8]) -> io::Result<Self> {
        let mut body = Body(body);
        let mut report = Self::default();
        loop {
            let field = body.u8()?;
            if field == 0 {
                return Ok(report);
            }
            let text = body.text_lossy()?;
            match field {
                b'S' if report.severity.is_empty() => report.severity = text,
                b'V' => report.severity = text,
                b'C' => report.code = text,
                b'M' => report.message = text,
                b'H' => report.hint = Some(text),
                b'P' => report.position = Some(text),
                b't' => report.table = Some(text),
                b'c' => report.column = Some(text),
                b'n' => report.constraint = Some(text),
                b'R' => report.routine = Some(text),
                _ => {}
            }
        }
    }

    /// Whether the server ends the connection with it.
    pub(crate) fn is_fatal(&self) -> bool {
        matches!(&*self.severity, "FATAL" | "PANIC")
    }

    /// Whether a prepared statement does not fit the tables any more, or is gone.
    pub(crate) fn is_stale(&self) -> bool {
        match &*self.code {
            "0A000" => self.routine.as_deref() == Some("RevalidateCachedQuery"),
            code => code == "26000",
        }
    }

    /// The error it stands for. Its details are left out, since they show values.
    pub(crate) fn into_error(self) -> Error {
        let mut message = self.message.into_owned();
        if let Some(position) = self.position {
            message += &format!(", at character {position} of the SQL");
        }
        if let Some(hint) = self.hint {
            message += &format!(" ({hint})");
        }
        let mut error = DatabaseError::new(kind(&self.code), &*self.code, message).with_sqlstate(&*self.code);
        if let Some(constraint) = self.constraint {
            error = error.with_constraint(constraint);
        }
        if let Some(table) = self.table {
            error = error.with_table(table);
        }
        if let Some(column) = self.column {
            error = error.with_column(column);
        }
        error.into()
    }
}

/// A connection that is lost.
#[cold]
pub(crate) fn lost(error: io::Error) -> Error {
    Error::connection(error)
}

/// What an SQLSTATE is about.
fn kind(code: &str) -> DatabaseErrorKind {
    use DatabaseErrorKind as Kind;
    match code {
        "23505" => return Kind::UniqueViolation,
        "23503" => return Kind::ForeignKeyViolation,
        "23502" => return Kind::NotNullViolation,
        "23514" => return Kind::CheckViolation,
        "40001" => return Kind::SerializationFailure,
        "40P01" => return Kind::Deadlock,
        // Called a violation of the protocol, it is one by the statement: too few values, for instance.
        "08P01" => return Kind::InvalidStatement,
        "40002" => return Kind::OtherConstraint,
        "55P03" => return Kind::Locked,
        "57014" => return Kind::Cancelled,
        "25006" => return Kind::ReadOnly,
        "42501" => return Kind::Permission,
        "25P03" | "57P01" | "57P02" | "57P03" | "57P04" | "57P05" => return Kind::Disconnected,
        "XX001" | "XX002" => return Kind::Corrupt,
        _ => {}
    }
    match code.get(..2).unwrap_or("") {
        "08" => Kind::Disconnected,
        "0A" | "26" | "34" | "3B" | "3D" | "3F" | "42" => Kind::InvalidStatement,
        "22" => Kind::InvalidValue,
        "23" => Kind::OtherConstraint,
        "28" => Kind::Permission,
        "53" | "54" => Kind::Full,
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read() {
        let body = b"SERROR\0VERROR\0C23505\0Mduplicate key\0tusers\0nusers_name_key\0\0";
        let report = Report::parse(body).expect("a report");
        assert!(!report.is_fatal());
        let error = report.into_error();
        let error = error.database().expect("the database's").clone();
        assert_eq!(error.kind(), DatabaseErrorKind::UniqueViolation);
        assert_eq!((error.code(), error.table(), error.constraint()), ("23505", Some("users"), Some("users_name_key")));
        assert!(Report::parse(b"SERROR\0VER").is_err());
    }
}
