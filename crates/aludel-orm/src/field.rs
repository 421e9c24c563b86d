//! Fields of relationships, seen without their type.

mod key_list;
mod keys;
mod many;
mod one;
mod serial;

use std::any::Any;

use crate::arena::{Arena, Walk};
use crate::key::RawKey;
use crate::session::{Merged, Merging, Session};

pub use many::{IntoMany, Many};
pub use one::One;

/// The field of a relationship, seen without its type.
///
/// Inside a session it is a list of keys that the session keeps; what a program assigns or pushes is found at the next flush.
#[doc(hidden)]
pub trait RelationField: Any + Send + Sync {
    /// Whether the other side is known.
    fn is_loaded(&self) -> bool;
    /// Whether there are values of the program's own in it, which the session has yet to take over.
    fn has_values(&self) -> bool;
    /// Whether the program has put values of its own in place of what was there.
    fn is_assigned(&self) -> bool;
    /// The keys, if they are known.
    fn keys(&self) -> &[RawKey];
    /// Whether it is the very same list as another one.
    fn is_same(&self, other: &dyn RelationField) -> bool;
    /// Shares the list of another field of the same type.
    fn share(&mut self, other: &dyn RelationField);
    /// Becomes a list of these keys, read at this epoch; 0 for one that may not be all there is.
    fn set_keys(&mut self, keys: Vec<RawKey>, epoch: u32);
    /// When the list was read from the database; 0 for never, or in part.
    fn epoch(&self) -> u32;
    /// Becomes unknown.
    fn unload(&mut self);
    /// Whether a key is in the list.
    fn has_key(&mut self, key: RawKey) -> bool;
    /// Adds a key, at a place or at the end, unless it is there. Does nothing while the list is unknown.
    fn insert_key(&mut self, key: RawKey, at: Option<usize>) -> Option<usize>;
    /// Adds a key at the end that is known not to be there.
    fn push_key(&mut self, key: RawKey) -> Option<usize>;
    /// Takes a key out, and tells from where.
    fn remove_key(&mut self, key: RawKey) -> Option<usize>;
    /// Takes the program's own values out, leaving what the session keeps.
    fn take_values(&mut self) -> Option<Box<dyn RelationField>>;
    /// Moves the program's own values into the session as new objects, and tells their keys. True if they stand in place of
    /// what was there.
    fn adopt(&mut self, arena: &mut Arena) -> (Vec<RawKey>, bool);
    /// Merges the program's own values into the session, and tells their keys. True if they stand in place of what was there.
    fn merge<'s>(
        self: Box<Self>,
        session: &'s mut Session,
        merging: &'s mut Merging,
    ) -> Merged<'s, (Vec<RawKey>, bool)>;
    /// Fills the field with copies of the objects that another field names.
    fn own(&mut self, source: &dyn RelationField, arena: &Arena, walk: &mut Walk);
    /// As itself.
    fn as_any(&self) -> &dyn Any;
}
