//! A statement that is about to run.

use std::any::Any;
use std::panic::Location;

use aludel_sql::IntoExpr;

use crate::load::{LoadOption, LoadPlan, with_criteria};
use crate::mapper::Mapped;

/// A statement of the ORM that is about to run; see [`SessionEvents::do_orm_execute`](crate::SessionEvents::do_orm_execute).
#[derive(Debug)]
pub struct OrmExecute<'a> {
    pub(crate) plan: &'a mut LoadPlan,
    pub(crate) statement: OrmStatement,
    pub(crate) at: &'static Location<'static>,
}

/// What sort of statement it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OrmStatement {
    /// A query of the program.
    Select,
    /// A `get` or `refresh`.
    Get,
    /// A load of a relationship.
    Load,
    /// An UPDATE of the program.
    Update,
    /// A DELETE of the program.
    Delete,
    /// Something else of the program's: an INSERT, or SQL text.
    Other,
}

impl OrmExecute<'_> {
    /// What sort of statement it is.
    #[must_use]
    pub const fn statement(&self) -> OrmStatement {
        self.statement
    }

    /// The line of the program that runs it.
    #[must_use]
    pub const fn location(&self) -> &'static Location<'static> {
        self.at
    }

    /// What the query was given by [`QueryOptions::info`](crate::QueryOptions::info).
    #[must_use]
    pub fn info<T: Any>(&self) -> Option<&T> {
        self.plan.info.iter().rev().find_map(|info| info.downcast_ref())
    }

    /// A condition that the rows of an entity must meet, if the statement reads it: soft deletes, tenants.
    pub fn add_criteria<A: Mapped>(&mut self, condition: impl IntoExpr<bool>) {
        with_criteria::<A>(condition).apply(self.plan);
    }

    /// Overwrites objects that are in the session already.
    pub const fn populate_existing(&mut self) {
        self.plan.populate = true;
    }
}
