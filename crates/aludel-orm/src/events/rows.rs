//! Telling listeners of the rows of a flush.

use aludel_core::Result;

use super::{RowEvent, SessionEvents};
use crate::flush::{Plan, Step};
use crate::session::Session;

impl SessionEvents {
    /// Tells listeners what is about to be written.
    pub(crate) fn before_rows(&self, session: &mut Session, plan: &Plan) -> Result<()> {
        self.rows_of(session, plan, |step| match step {
            Step::Insert { .. } | Step::Replace { .. } => Some(RowEvent::BeforeInsert),
            Step::Update { .. } => Some(RowEvent::BeforeUpdate),
            Step::Delete { .. } => Some(RowEvent::BeforeDelete),
            _ => None,
        })
    }

    /// Tells listeners what was written.
    pub(crate) fn after_rows(&self, session: &mut Session, plan: &Plan) -> Result<()> {
        self.rows_of(session, plan, |step| match step {
            Step::Insert { .. } | Step::Replace { .. } => Some(RowEvent::AfterInsert),
            Step::Update { .. } => Some(RowEvent::AfterUpdate),
            Step::Delete { .. } => Some(RowEvent::AfterDelete),
            _ => None,
        })
    }

    fn rows_of(&self, session: &mut Session, plan: &Plan, event_of: impl Fn(&Step) -> Option<RowEvent>) -> Result<()> {
        if !self.has_row_listeners() {
            return Ok(());
        }
        for step in plan.steps() {
            let (
                Some(event),
                Step::Insert { table, mapper, slots, .. }
                | Step::Replace { table, mapper, slots, .. }
                | Step::Update { table, mapper, slots, .. }
                | Step::Delete { table, mapper, slots },
            ) = (event_of(step), step)
            else {
                continue;
            };
            let listeners = self.of((mapper.type_id)(), event);
            if listeners.is_empty() {
                continue;
            }
            for slot in slots {
                let Some(key) = session.arena.any(*table).key(*slot) else { continue };
                for listener in &listeners {
                    listener(session, key)?;
                }
            }
        }
        Ok(())
    }
}
