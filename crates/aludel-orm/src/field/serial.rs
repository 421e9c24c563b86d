//! Relationship fields in serde's formats: values as themselves, what is not loaded as nothing.

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Error, Serialize, Serializer};

use super::{Many, One, RelationField};
use crate::mapper::Mapped;

const KEYS: &str = "a relationship field of an object in a session holds keys: serialize `session.view(key)` or \
                    `session.owned(key)` instead of the object itself";

impl<T: Mapped + Serialize> Serialize for Many<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.try_values() {
            Some(values) => values.serialize(serializer),
            None if RelationField::is_loaded(self) => Err(S::Error::custom(KEYS)),
            None => serializer.serialize_none(),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<Vec<T>>::deserialize(deserializer)?.map_or_else(Self::unloaded, Self::from))
    }
}

impl<T: Mapped + Serialize> Serialize for One<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.keys().is_empty() {
            return Err(S::Error::custom(KEYS));
        }
        match RelationField::is_loaded(self) {
            true => self.get().serialize(serializer),
            false => serializer.serialize_none(),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for One<T> {
    /// Nothing is read as not loaded: the two are the same in a document.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<T>::deserialize(deserializer)?.map_or_else(Self::unloaded, Self::from))
    }
}
