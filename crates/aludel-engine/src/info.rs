//! A place on a connection for what a program wants to keep there.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;

/// One value of each type, kept with a connection for as long as it lives.
///
/// ```
/// use aludel_engine::Info;
///
/// #[derive(Debug, PartialEq)]
/// struct Tenant(u32);
///
/// let mut info = Info::default();
/// info.insert(Tenant(7));
/// assert_eq!(info.get::<Tenant>(), Some(&Tenant(7)));
/// ```
#[derive(Default)]
pub struct Info(HashMap<TypeId, Box<dyn Any + Send>>);

impl Info {
    /// Keeps a value; gives the one of this type that was there before.
    pub fn insert<T: Any + Send>(&mut self, value: T) -> Option<T> {
        let before = self.0.insert(TypeId::of::<T>(), Box::new(value))?;
        before.downcast().ok().map(|value| *value)
    }

    /// The value of this type.
    #[must_use]
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.0.get(&TypeId::of::<T>())?.downcast_ref()
    }

    /// The value of this type, to be changed.
    pub fn get_mut<T: Any>(&mut self) -> Option<&mut T> {
        self.0.get_mut(&TypeId::of::<T>())?.downcast_mut()
    }

    /// The value of this type; the one that `make` gives when there is none.
    pub fn get_or_insert_with<T: Any + Send>(&mut self, make: impl FnOnce() -> T) -> &mut T {
        let place = self.0.entry(TypeId::of::<T>()).or_insert_with(|| Box::new(make()));
        // The place is found by this very type.
        place.downcast_mut().expect("a value is kept under its own type")
    }

    /// Takes the value of this type out.
    pub fn remove<T: Any>(&mut self) -> Option<T> {
        self.0.remove(&TypeId::of::<T>())?.downcast().ok().map(|value| *value)
    }
}

impl fmt::Debug for Info {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Info").field("values", &self.0.len()).finish()
    }
}
