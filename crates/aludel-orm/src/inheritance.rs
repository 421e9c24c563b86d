//! Entities that are kinds of another entity.

/// How an entity takes part in a hierarchy.
#[derive(Clone, Copy, Debug)]
#[doc(hidden)]
pub struct Inheritance {}
