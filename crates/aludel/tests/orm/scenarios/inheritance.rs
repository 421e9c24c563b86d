//! Entities that are kinds of another entity.
