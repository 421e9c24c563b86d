//! A statement that has no SQL.

use std::fmt;

/// A statement that can't be written as SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CompileError {
    /// The database has no such construct.
    Unsupported {
        /// The dialect's name.
        dialect: &'static str,
        /// The construct, in words.
        construct: String,
        /// What to do instead, where there is something.
        hint: Option<String>,
    },
    /// The statement is put together wrongly.
    Invalid(String),
}

impl CompileError {
    /// A construct that `dialect` can't render.
    #[must_use]
    pub fn unsupported(dialect: &'static str, construct: impl Into<String>) -> Self {
        Self::Unsupported { dialect, construct: construct.into(), hint: None }
    }

    /// A construct that `dialect` can't render, with what to do instead.
    #[must_use]
    pub fn unsupported_with(dialect: &'static str, construct: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Unsupported { dialect, construct: construct.into(), hint: Some(hint.into()) }
    }

    /// A statement that no database could take.
    #[must_use]
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid(message.into())
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported { dialect, construct, hint } => {
                write!(f, "the {dialect} dialect can't render {construct}")?;
                hint.as_ref().map_or(Ok(()), |hint| write!(f, "; {hint}"))
            }
            Self::Invalid(message) => write!(f, "the statement can't be compiled: {message}"),
        }
    }
}

impl std::error::Error for CompileError {}
