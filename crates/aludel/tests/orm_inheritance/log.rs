//! What statements ran.

use std::sync::{Arc, Mutex};

use aludel::blocking::Engine;

#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub(crate) fn of(engine: &Engine) -> Self {
        let log = Self::default();
        let noted = log.clone();
        engine.events().after_cursor_execute(move |event| noted.0.lock().unwrap().push(event.record.sql.to_owned()));
        log
    }

    /// The SQL of the statements since the last call.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}
