//! RETURNING and OUTPUT.

use super::SqlWriter;
use super::writer::Qualifier;
use crate::ast::{Projection, Source};
use crate::dialect::{ReturningStyle, Written};
use crate::lower::element::{Key, key};

impl SqlWriter<'_> {
    /// RETURNING behind the statement.
    pub(super) fn returning(&mut self, columns: &[Projection], table: &Source, exists: bool) -> Written {
        if columns.is_empty() {
            return Ok(());
        }
        let target = match self.capabilities.returning.style {
            _ if !exists => return Err(self.unsupported_with(format!("{} … RETURNING", self.word), "select the rows")),
            ReturningStyle::Output => return Ok(()),
            ReturningStyle::Bare => Some((key(table), Qualifier::Bare)),
            ReturningStyle::Qualified | ReturningStyle::None => None,
        };
        self.sql(" RETURNING ");
        self.targeted(target, |w| w.projections(columns, false))
    }

    /// OUTPUT in the middle of the statement; `row` is `inserted` or `deleted`.
    pub(super) fn output(&mut self, columns: &[Projection], table: &Source, row: &'static str) -> Written {
        if columns.is_empty() || self.capabilities.returning.style != ReturningStyle::Output {
            return Ok(());
        }
        self.sql(" OUTPUT ");
        self.targeted(Some((key(table), Qualifier::Word(row))), |w| w.projections(columns, false))
    }

    /// Writes with another way to name the columns of the statement's table; its subqueries name them as ever.
    pub(super) fn targeted(
        &mut self,
        target: Option<(Key, Qualifier)>,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        let before = std::mem::replace(&mut self.target, target);
        let written = write(self);
        self.target = before;
        written
    }
}
