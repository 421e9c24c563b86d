//! The operator `REGEXP`, for which SQLite calls a function that it does not have.

use regex::Regex;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;

/// Gives the connection the function: `text REGEXP pattern` is `regexp(pattern, text)`. NULL on either side gives NULL; the
/// pattern matches anywhere in the text.
pub(crate) fn register(db: &rusqlite::Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    db.create_scalar_function("regexp", 2, flags, |context| {
        if matches!(context.get_raw(0), ValueRef::Null) {
            return Ok(None);
        }
        // Compiled once for a statement, as long as the pattern stays the same.
        let pattern = context.get_or_create_aux(0, |value| {
            let pattern = value.as_str().map_err(|error| error.to_string())?;
            Regex::new(pattern).map_err(|error| error.to_string())
        })?;
        match context.get_raw(1) {
            ValueRef::Null => Ok(None),
            ValueRef::Text(text) => {
                let text =
                    std::str::from_utf8(text).map_err(|error| rusqlite::Error::UserFunctionError(error.into()))?;
                Ok(Some(pattern.is_match(text)))
            }
            ValueRef::Integer(number) => Ok(Some(pattern.is_match(&number.to_string()))),
            ValueRef::Real(number) => Ok(Some(pattern.is_match(&number.to_string()))),
            ValueRef::Blob(_) => Err(rusqlite::Error::UserFunctionError("bytes can't be searched by REGEXP".into())),
        }
    })
}
