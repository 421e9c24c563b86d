//! What a statement leaves unsaid: FROM elements, correlation, ON clauses, the place of CTEs.
//!
//! Lowering reads the syntax tree and answers questions about it; nothing is copied, so a plain statement costs a few
//! comparisons. The answers are asked for while the text is written, from the outside in:
//!
//! 1. [`survey`](survey::survey) walks the whole statement once and finds the CTEs, in the order in which they need each other.
//! 2. For each SELECT, [`from::infer`] finds the FROM elements and their joins: what the program named, then what its columns
//!    and its filter mention, less what the enclosing query already has.
//! 3. [`join::condition`] finds the ON clause that foreign keys imply.
//! 4. [`lint::cartesian`] looks for FROM elements that nothing joins.
//! 5. [`names`] says what the columns of a result are called.

pub(crate) mod element;
pub(crate) mod from;
pub(crate) mod join;
mod join_order;
pub(crate) mod lacks;
pub(crate) mod lint;
pub(crate) mod mentions;
pub(crate) mod names;
pub(crate) mod restrict;
pub(crate) mod survey;
pub(crate) mod walk;
pub(crate) mod walk_mut;
