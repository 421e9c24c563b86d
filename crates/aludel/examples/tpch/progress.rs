//! The bar that shows how far the loading is. It goes to standard error, and only to a terminal.

use std::fmt::Write;

use indicatif::{HumanFloatCount, ProgressBar, ProgressState, ProgressStyle};

const TEMPLATE: &str = "{msg:<9} {bar:40} {human_pos} of about {human_len} rows, {rate}, {eta} left";

/// One bar over the rows of all tables.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar for about this many rows.
    pub(crate) fn new(expected_rows: u64) -> Self {
        Self { bar: ProgressBar::new(expected_rows).with_style(style()) }
    }

    /// The same rows, counted as they go by.
    pub(crate) fn watch<T>(
        &self,
        table: &'static str,
        rows: impl Iterator<Item = T> + Send,
    ) -> impl Iterator<Item = T> + Send {
        self.bar.set_message(table);
        rows.inspect(|_| self.bar.inc(1))
    }

    /// Takes the bar off the screen; the report says what was loaded.
    pub(crate) fn finish(self) {
        self.bar.finish_and_clear();
    }
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar()).with_key("rate", rate)
}

fn rate(state: &ProgressState, out: &mut dyn Write) {
    // A line that can't be formatted is not worth more than leaving the rate out.
    let _ = write!(out, "{} rows/s", HumanFloatCount(state.per_sec().round()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_understood() {
        assert!(ProgressStyle::with_template(TEMPLATE).is_ok());
    }
}
