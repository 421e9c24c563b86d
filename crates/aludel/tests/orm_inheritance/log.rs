//! What statements ran.

use std::sync::{Arc, Mutex};

use aludel::blocking::Engine;

use crate::backend;

#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub(crate) fn of(engine: &Engine) -> Self {
        let log = Self::default();
        let noted = log.clone();
        engine.events().after_cursor_execute(move |event| {
            let sets = event.record.parameters.sets();
            let sql = backend::told(event.record.sql, sets.first().map_or(&[], Vec::as_slice));
            noted.0.lock().unwrap().push(sql);
        });
        log
    }

    /// The SQL of the statements since the last call.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}
