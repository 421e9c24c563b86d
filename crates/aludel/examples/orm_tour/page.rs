//! The page that the tour is written on: what the program says, and below it the statements that ran.

use std::fmt::Display;
use std::sync::{Arc, Mutex, PoisonError};

use aludel::blocking::Engine;
use aludel::events::ListenerId;

/// Lines of text; clones share them.
#[derive(Clone, Default)]
pub(crate) struct Page(Arc<Mutex<String>>);

impl Page {
    /// Writes down every statement that the engine runs from now on.
    pub(crate) fn watch(&self, engine: &Engine) -> ListenerId {
        let page = self.clone();
        engine.events().after_cursor_execute(move |event| {
            let record = &event.record;
            page.line("    | ", record.sql);
            if !record.parameters.is_empty() {
                page.line("    |   ", record.parameters);
            }
        })
    }

    pub(crate) fn chapter(&self, title: &str) {
        self.line("\n", title);
    }

    pub(crate) fn say(&self, what: impl Display) {
        for line in what.to_string().lines() {
            self.line("  ", line);
        }
    }

    fn line(&self, before: &str, what: impl Display) {
        let mut text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *text += &format!("{before}{what}\n");
    }
}

impl Display for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.lock().unwrap_or_else(PoisonError::into_inner).trim_start())
    }
}
