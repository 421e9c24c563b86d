//! The unit of work: what was added, changed, linked and deleted, as statements in an order that the database takes.
//!
//! A flush has three parts. It **gathers** (see [`gather`]): what the program has done by hand becomes links, orphans and what
//! cascades are found; this may read. It **plans** ([`plan`]): table by table, parents first, updates, grouped by the columns that
//! changed, and inserts; then link rows; then deletes, children first; this is pure, and can be printed. It **executes**
//! ([`execute`]), each step one prepared statement that is run for all its rows.

mod execute;
mod gather;
mod order;
mod plan;
mod positions;
mod replace;
mod stale;
mod work;

use std::panic::Location;

use aludel_core::Result;

use crate::session::Session;

use execute::Executing;
use work::FlushWork;

pub use plan::{Plan, Step};
pub(crate) use work::Work;

impl Session {
    /// Carries a plan out. What it does is noted as it goes.
    pub(crate) async fn execute_plan(
        &mut self,
        plan: &Plan,
        has_level: bool,
        at: &'static Location<'static>,
    ) -> Result<()> {
        let (tx, arena, work) = self.working_parts()?;
        *work = Some(Work::Flush(Box::new(FlushWork { has_level, ..FlushWork::default() })));
        let Some(Work::Flush(work)) = work else { return Ok(()) };
        Executing { arena, tx, work, at }.run(plan).await
    }
}

impl Step {
    /// The table and the objects of an update.
    pub(crate) fn changed(&self) -> Option<(u32, &[u32])> {
        match self {
            Self::Update { table, slots, .. } => Some((*table, slots)),
            _ => None,
        }
    }
}
