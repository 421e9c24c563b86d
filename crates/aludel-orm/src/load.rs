//! Loader options: what is loaded along with the rows of a query, and how.
//!
//! A query with options is lowered to an ordinary statement and a plan before SQL is compiled: [`joined`] adds columns and
//! joins to the statement, everything else is further statements that [`step`] makes of the rows.

mod choose;
mod fill;
mod joined;
mod nodes;
mod option;
mod plan;
mod script;
mod spec;
mod step;

pub use choose::{ColumnNames, Columns, defer, load_only};
pub use option::{
    Criteria, Load, LoadOption, contains_eager, immediateload, joinedload, raiseload, selectinload, subqueryload,
    with_criteria,
};
pub use plan::LoadPlan;
pub use spec::LoadSpec;

pub(crate) use fill::{Loaded, Pair, fill};
pub(crate) use joined::{JoinedNode, link_conditions, on_key};
pub(crate) use nodes::fill_nodes;
pub(crate) use option::CHUNK;
pub(crate) use spec::Strategy;
pub(crate) use step::{Stage, StageFound, StageRows, Staged, typed};
