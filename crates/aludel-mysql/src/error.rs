//! The server's errors, in words that are the same for all databases.

use std::fmt;

use aludel_core::{DatabaseError, DatabaseErrorKind, Error};

use crate::parse::{Parse, lossy};

/// An ERR packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServerError {
    pub(crate) code: u16,
    pub(crate) state: String,
    pub(crate) message: String,
}

impl ServerError {
    /// Reads an ERR packet, which begins with 0xff.
    pub(crate) fn parse(packet: &[u8]) -> Option<Self> {
        let mut parse = Parse::new(packet.strip_prefix(&[0xff])?);
        let code = parse.u16()?;
        let state = match parse.rest() {
            [b'#', ..] => lossy(parse.take(6)?.get(1..)?),
            _ => String::new(),
        };
        Some(Self { code, state, message: lossy(parse.rest()) })
    }
}

impl From<ServerError> for Error {
    #[cold]
    fn from(error: ServerError) -> Self {
        database_error(error.code, &error.state, &error.message).into()
    }
}

/// The connection was lost, or could not be opened.
#[cold]
pub(crate) fn connection_lost(error: std::io::Error) -> Error {
    Error::connection(error)
}

/// The server has sent what makes no sense. Nothing that it sends afterwards can be trusted.
#[cold]
pub(crate) fn broken_protocol(what: &str) -> Error {
    Error::connection(ProtocolError(what.to_owned()))
}

/// A packet that ends too early.
#[cold]
pub(crate) fn truncated(what: &str) -> Error {
    broken_protocol(&format!("{what} is cut short"))
}

#[derive(Debug)]
struct ProtocolError(String);

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server does not keep to MySQL's protocol: {}", self.0)
    }
}

impl std::error::Error for ProtocolError {}

/// The error that the server's code, its SQLSTATE and its message stand for.
pub(crate) fn database_error(code: u16, state: &str, message: &str) -> DatabaseError {
    let kind = kind(code, state);
    let error = DatabaseError::new(kind, code.to_string(), message).with_sqlstate(state);
    match kind {
        DatabaseErrorKind::UniqueViolation => with_key(error, message),
        DatabaseErrorKind::ForeignKeyViolation => with_foreign_key(error, message),
        DatabaseErrorKind::CheckViolation => with_check(error, message),
        DatabaseErrorKind::NotNullViolation | DatabaseErrorKind::InvalidValue => with_column(error, message),
        _ => error,
    }
}

/// The server's codes are finer than its SQLSTATEs, which decide where a code is not known.
fn kind(code: u16, state: &str) -> DatabaseErrorKind {
    use DatabaseErrorKind as Kind;
    match code {
        1022 | 1062 | 1169 | 1557 | 1586 | 1761 | 1762 | 1859 => Kind::UniqueViolation,
        1216 | 1217 | 1451 | 1452 => Kind::ForeignKeyViolation,
        1048 | 1263 | 1364 => Kind::NotNullViolation,
        // MySQL's, and MariaDB's.
        3819 | 4025 => Kind::CheckViolation,
        // MariaDB's 1020: the row has changed since the snapshot was taken.
        1020 => Kind::SerializationFailure,
        1205 | 3572 => Kind::Locked,
        1213 | 1614 => Kind::Deadlock,
        1317 | 1969 | 1907 | 3024 | 1028 => Kind::Cancelled,
        1021 | 1037 | 1038 | 1041 | 1114 | 1203 | 1040 | 1226 | 1461 => Kind::Full,
        1153 | 1264 | 1265 | 1292 | 1365 | 1366 | 1406 | 1411 | 1416 | 1690 | 3140 | 3903 | 4078 => Kind::InvalidValue,
        1290 | 1792 | 1836 => Kind::ReadOnly,
        1044 | 1045 | 1130 | 1142 | 1143 | 1227 | 1370 | 1396 | 1410 | 1698 | 3118 | 3955 | 4151 => Kind::Permission,
        1030 | 1034 | 1035 | 1194 | 1195 | 1712 => Kind::Corrupt,
        1053 | 1077 | 1079 | 1080 | 1152 | 1158..=1161 | 1184 | 1927 | 4031 => Kind::Disconnected,
        _ => match state.get(..2) {
            Some("42" | "21") => Kind::InvalidStatement,
            Some("22") => Kind::InvalidValue,
            Some("23") => Kind::OtherConstraint,
            Some("40") => Kind::SerializationFailure,
            Some("28") => Kind::Permission,
            Some("08") => Kind::Disconnected,
            _ => Kind::Other,
        },
    }
}

/// `Duplicate entry 'ed' for key 'users.name'`: the table stands there on MySQL, not on MariaDB.
fn with_key(error: DatabaseError, message: &str) -> DatabaseError {
    let key = message.rsplit_once(" for key '").and_then(|(_, rest)| rest.split('\'').next());
    match key.map(|key| key.split_once('.').unwrap_or(("", key))) {
        None | Some((_, "")) => error,
        Some(("", key)) => error.with_constraint(key),
        Some((table, key)) => error.with_table(table).with_constraint(key),
    }
}

/// ``… a foreign key constraint fails (`shop`.`orders`, CONSTRAINT `fk` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`))``
fn with_foreign_key(mut error: DatabaseError, message: &str) -> DatabaseError {
    let Some((_, detail)) = message.split_once('(') else {
        return error;
    };
    if let Some((table, _)) = detail.split_once(',') {
        // Identifiers may hold dots and quotes; the last part in quotes is the table.
        if let Some(name) = table.trim().rsplit("`.`").next() {
            error = error.with_table(name.trim_matches('`'));
        }
    }
    if let Some(name) = between(detail, "CONSTRAINT `", "` FOREIGN KEY") {
        error = error.with_constraint(name);
    }
    match between(detail, "FOREIGN KEY (", ")") {
        Some(columns) => error.with_column(columns.replace("`, `", ",").replace('`', "")),
        None => error,
    }
}

/// ``CONSTRAINT `age` failed for `shop`.`users` `` on MariaDB, `Check constraint 'age' is violated.` on MySQL.
fn with_check(error: DatabaseError, message: &str) -> DatabaseError {
    if let Some(name) = between(message, "CONSTRAINT `", "` failed for ") {
        let table = message.rsplit("`.`").next().map(|table| table.trim_end_matches('`'));
        let error = match table {
            Some(table) if table.len() < message.len() => error.with_table(table),
            _ => error,
        };
        // A check of a column has the column's name, with its table.
        return error.with_constraint(
            name.rsplit_once("`.`").map_or(name, |(_, name)| name).rsplit('.').next().unwrap_or(name),
        );
    }
    match between(message, "Check constraint '", "'") {
        Some(name) => error.with_constraint(name),
        None => error,
    }
}

/// `Column 'name' cannot be null`, `Field 'name' doesn't have a default value`, `Data too long for column 'name' at row 1`,
/// ``Incorrect integer value: 'x' for column `shop`.`users`.`age` at row 1``.
fn with_column(error: DatabaseError, message: &str) -> DatabaseError {
    if let Some(path) = between(message, "for column `", "` at row") {
        let mut parts = path.rsplit("`.`");
        let error = match parts.next() {
            Some(column) => error.with_column(column),
            None => error,
        };
        return match parts.next() {
            Some(table) => error.with_table(table),
            None => error,
        };
    }
    let name = between(message, "olumn '", "'").or_else(|| between(message, "Field '", "'"));
    match name {
        Some(name) => error.with_column(name),
        None => error,
    }
}

fn between<'m>(message: &'m str, before: &str, behind: &str) -> Option<&'m str> {
    let (_, rest) = message.split_once(before)?;
    rest.split_once(behind).map(|(name, _)| name).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(code: u16, state: &str, message: &str) -> (DatabaseErrorKind, [Option<String>; 3]) {
        let error = database_error(code, state, message);
        let owned = |name: Option<&str>| name.map(ToOwned::to_owned);
        (error.kind(), [owned(error.constraint()), owned(error.table()), owned(error.column())])
    }

    fn names(constraint: &str, table: &str, column: &str) -> [Option<String>; 3] {
        [constraint, table, column].map(|name| Some(name.to_owned()).filter(|name| !name.is_empty()))
    }

    #[test]
    fn messages_name_constraints() {
        use DatabaseErrorKind as Kind;
        let cases = [
            (1062, "Duplicate entry 'ed' for key 'name'", Kind::UniqueViolation, names("name", "", "")),
            (
                1062,
                "Duplicate entry 'a for key 'b' for key 'users.name'",
                Kind::UniqueViolation,
                names("name", "users", ""),
            ),
            (
                1452,
                "Cannot add or update a child row: a foreign key constraint fails (`shop`.`orders`, CONSTRAINT `fk` FOREIGN KEY (`a`, `b`) REFERENCES `users` (`x`, `y`))",
                Kind::ForeignKeyViolation,
                names("fk", "orders", "a,b"),
            ),
            (4025, "CONSTRAINT `age` failed for `shop`.`users`", Kind::CheckViolation, names("age", "users", "")),
            (4025, "CONSTRAINT `users.age` failed for `shop`.`users`", Kind::CheckViolation, names("age", "users", "")),
            (3819, "Check constraint 'age' is violated.", Kind::CheckViolation, names("age", "", "")),
            (1048, "Column 'name' cannot be null", Kind::NotNullViolation, names("", "", "name")),
            (1364, "Field 'name' doesn't have a default value", Kind::NotNullViolation, names("", "", "name")),
            (1406, "Data too long for column 'name' at row 1", Kind::InvalidValue, names("", "", "name")),
            (
                1366,
                "Incorrect integer value: 'x' for column `shop`.`users`.`age` at row 1",
                Kind::InvalidValue,
                names("", "users", "age"),
            ),
        ];
        for (code, message, kind, expected) in cases {
            assert_eq!(named(code, "23000", message), (kind, expected), "{message}");
        }
    }

    #[test]
    fn broken_messages_are_no_trouble() {
        for code in [1062, 1452, 4025, 3819, 1048, 1406] {
            for message in ["", "(", "`.`", "for key '", " for key ''", "CONSTRAINT `", "Column '", "(`a`,", "''''"] {
                let _: DatabaseError = database_error(code, "23000", message);
            }
        }
        for packet in [&b""[..], b"\xff", b"\xff\x01", b"\xff\x01\x02#", b"\x00abc"] {
            assert_eq!(ServerError::parse(packet), None, "{packet:?}");
        }
        let parsed = ServerError::parse(b"\xff\x15\x04#28000no").expect("an error");
        assert_eq!((parsed.code, &*parsed.state, &*parsed.message), (1045, "28000", "no"));
    }
}
