//! Rows that are noted on their way to the driver.

use aludel_core::{EncodeRow, Result};

use crate::driver::{BulkField, RowFeed};
use crate::info::Info;
use crate::log::Sets;
use crate::observe::Run;
use crate::record::Parameters;

/// A feed that notes its rows, if somebody listens.
pub(super) struct Noted<'a> {
    pub(super) feed: &'a mut dyn RowFeed,
    pub(super) fields: &'a [BulkField],
    pub(super) watch: Option<Watch<'a>>,
}

/// What somebody who listens is told.
pub(super) struct Watch<'a> {
    pub(super) run: &'a Run<'a>,
    pub(super) sets: &'a mut Sets,
    pub(super) token: Option<&'a str>,
    pub(super) info: &'a mut Info,
    pub(super) hidden: bool,
    /// Whether it was told that the statement is about to run.
    pub(super) is_told: bool,
}

impl Noted<'_> {
    /// Tells that the statement is about to run, if the driver has not asked for a row.
    pub(super) fn tell(&mut self) {
        if let Some(watch) = &mut self.watch {
            watch.tell();
        }
    }
}

impl Watch<'_> {
    /// Done when the first row is known, which the driver takes before it runs the statement: so the row can be shown, and no
    /// feed need be able to look ahead.
    fn tell(&mut self) {
        if !self.is_told {
            self.is_told = true;
            self.run.before(self.token, self.info, Parameters::of_rows(self.sets, self.hidden));
        }
    }
}

impl RowFeed for Noted<'_> {
    #[inline]
    fn next(&mut self, with: &mut dyn FnMut(&dyn EncodeRow) -> Result<()>) -> Result<bool> {
        let Some(watch) = &mut self.watch else {
            return self.feed.next(with);
        };
        let fields = self.fields;
        self.feed.next(&mut |row| {
            watch.sets.note(row, fields.iter().map(|field| field.index));
            watch.tell();
            with(row)
        })
    }

    fn is_at_end(&self) -> bool {
        self.feed.is_at_end()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.feed.size_hint()
    }
}
