//! What a row is in a session: objects are known by their keys, everything else is itself.

mod foreign;

use std::any::TypeId;

use aludel_core::{
    Date, DateTime, Decimal, Fault, FromRow, Interval, Numeric, RawValue, Row, RowRef, Time, Timestamp, Value,
};

use crate::arena::{Arena, How, Hows, Walk};
use crate::key::Key;
use crate::mapper::Mapped;

/// A row type as a session reads it: of an entity it gives the [`Key`] of the object, of everything else the value.
#[diagnostic::on_unimplemented(
    message = "a session can't read rows of type `{Self}`",
    label = "not a row type",
    note = "for a column type of your own, write `aludel::session_value!(YourType);` beside its `FromRow`"
)]
pub trait SessionRow: FromRow + Send + 'static {
    /// What the session gives for a row.
    type Loaded: Send + 'static;
    /// Reads the row where it lies.
    #[doc(hidden)]
    fn load(row: &dyn RowRef, start: usize, into: &mut Loading<'_>) -> Result<Self::Loaded, Fault>;
    /// As [`load`](Self::load); `None` for the missing side of an outer join.
    #[doc(hidden)]
    fn load_optional(row: &dyn RowRef, start: usize, into: &mut Loading<'_>) -> Result<Option<Self::Loaded>, Fault> {
        if (start..start + Self::WIDTH).all(|index| row.is_null(index)) {
            return Ok(None);
        }
        Self::load(row, start, into).map(Some)
    }
    /// Reads the row elsewhere, to be adopted.
    #[doc(hidden)]
    fn decode(row: &dyn RowRef, start: usize, _: &Hows) -> Result<Self, Fault> {
        Self::from_row(row, start)
    }
    /// Takes over a row that was read elsewhere.
    #[doc(hidden)]
    fn adopt(self, into: &mut Loading<'_>) -> Self::Loaded;
    /// How many columns it takes in this query.
    #[doc(hidden)]
    fn width(_: &Hows) -> usize {
        Self::WIDTH
    }
    /// The value again, of what was loaded outside a session; none where an object is gone.
    #[doc(hidden)]
    fn own(loaded: Self::Loaded, arena: &Arena) -> Option<Self>;
    /// The key of the first entity in it, for what is loaded besides.
    #[doc(hidden)]
    fn entity_keys(_: &Self::Loaded, _: TypeId, _: &mut Vec<crate::key::RawKey>) {}
    /// Whether objects of an entity can be in it.
    #[doc(hidden)]
    fn may_have(_: TypeId) -> bool {
        true
    }
}

/// Where rows go, and how.
#[derive(Debug)]
#[doc(hidden)]
pub struct Loading<'a> {
    pub(crate) arena: &'a mut Arena,
    pub(crate) hows: &'a Hows,
}

impl Loading<'_> {
    fn how<T: 'static>(&self) -> How {
        self.hows.of(TypeId::of::<T>())
    }
}

impl<T: Mapped> SessionRow for T {
    type Loaded = Key<T>;

    #[inline]
    fn load(row: &dyn RowRef, start: usize, into: &mut Loading<'_>) -> Result<Key<T>, Fault> {
        let epoch = into.arena.epoch();
        let how = into.how::<T>();
        into.arena.table_mut::<T>().load_row(row, start, &how, epoch).map(Key::new)
    }

    fn load_optional(row: &dyn RowRef, start: usize, into: &mut Loading<'_>) -> Result<Option<Key<T>>, Fault> {
        let how = into.how::<T>();
        let key = T::mapper().primary_key().first().and_then(|key| how.place(start, *key));
        if key.is_some_and(|at| row.is_null(at)) {
            return Ok(None);
        }
        Self::load(row, start, into).map(Some)
    }

    fn decode(row: &dyn RowRef, start: usize, hows: &Hows) -> Result<Self, Fault> {
        hows.of(TypeId::of::<T>()).read(row, start)
    }

    fn adopt(self, into: &mut Loading<'_>) -> Key<T> {
        let epoch = into.arena.epoch();
        let how = into.how::<T>();
        Key::new(into.arena.table_mut::<T>().adopt(self, &how, epoch))
    }

    fn width(hows: &Hows) -> usize {
        let how = hows.of(TypeId::of::<T>());
        if how.places.is_some() { how.width } else { T::WIDTH }
    }

    fn own(loaded: Key<T>, arena: &Arena) -> Option<T> {
        Walk::default().element::<T>(arena, loaded.raw())
    }

    fn entity_keys(loaded: &Key<T>, entity: TypeId, keys: &mut Vec<crate::key::RawKey>) {
        if entity == TypeId::of::<T>() {
            keys.push(loaded.raw());
        }
    }

    fn may_have(entity: TypeId) -> bool {
        entity == TypeId::of::<T>()
    }
}

impl<T: SessionRow> SessionRow for Option<T> {
    type Loaded = Option<T::Loaded>;

    fn load(row: &dyn RowRef, start: usize, into: &mut Loading<'_>) -> Result<Self::Loaded, Fault> {
        T::load_optional(row, start, into)
    }

    fn load_optional(row: &dyn RowRef, start: usize, into: &mut Loading<'_>) -> Result<Option<Self::Loaded>, Fault> {
        T::load_optional(row, start, into).map(Some)
    }

    fn decode(row: &dyn RowRef, start: usize, hows: &Hows) -> Result<Self, Fault> {
        if (start..start + T::width(hows)).all(|index| row.is_null(index)) {
            return Ok(None);
        }
        T::decode(row, start, hows).map(Some)
    }

    fn adopt(self, into: &mut Loading<'_>) -> Self::Loaded {
        self.map(|value| value.adopt(into))
    }

    fn width(hows: &Hows) -> usize {
        T::width(hows)
    }

    fn own(loaded: Self::Loaded, arena: &Arena) -> Option<Self> {
        match loaded {
            Some(loaded) => T::own(loaded, arena).map(Some),
            None => Some(None),
        }
    }

    fn entity_keys(loaded: &Self::Loaded, entity: TypeId, keys: &mut Vec<crate::key::RawKey>) {
        if let Some(loaded) = loaded {
            T::entity_keys(loaded, entity, keys);
        }
    }

    fn may_have(entity: TypeId) -> bool {
        T::may_have(entity)
    }
}

/// Makes a type of one cell, or a struct with `FromRow`, a row of a session, which gives it as itself.
#[macro_export]
macro_rules! session_value {
    // A type with type parameters, as long as it is a row at all.
    (<$($parameter:ident),+> $type:ty) => {
        $crate::session_value!(@ [$($parameter),+] $type);
    };
    ($($type:ty),+ $(,)?) => {
        $($crate::session_value!(@ [] $type);)+
    };
    (@ [$($parameter:ident),*] $type:ty) => {
            impl<$($parameter),*> $crate::SessionRow for $type
            where
                $type: $crate::__core::FromRow + ::core::marker::Send + 'static,
            {
                type Loaded = Self;
                #[inline]
                fn load(
                    row: &dyn $crate::__core::RowRef,
                    start: usize,
                    _: &mut $crate::Loading<'_>,
                ) -> ::core::result::Result<Self, $crate::__core::Fault> {
                    <Self as $crate::__core::FromRow>::from_row(row, start)
                }
                fn adopt(self, _: &mut $crate::Loading<'_>) -> Self {
                    self
                }
                fn own(loaded: Self, _: &$crate::__arena::Arena) -> ::core::option::Option<Self> {
                    ::core::option::Option::Some(loaded)
                }
                fn may_have(_: ::core::any::TypeId) -> bool {
                    false
                }
            }
    };
}

session_value!(
    (),
    bool,
    i8,
    i16,
    i32,
    i64,
    u8,
    u16,
    u32,
    u64,
    f32,
    f64,
    String,
    Date,
    Time,
    DateTime,
    Timestamp,
    Interval,
    std::time::Duration,
    Decimal,
    Numeric,
    Value,
    RawValue,
    Row
);
// Bytes too.
session_value!(<T> Vec<T>);

macro_rules! tuples {
    ($($name:ident)+) => {
        impl<$($name: SessionRow),+> SessionRow for ($($name,)+) {
            type Loaded = ($($name::Loaded,)+);
            #[allow(non_snake_case, unused_assignments, reason = "one variable per type parameter; the last step is unused")]
            fn load(row: &dyn RowRef, start: usize, into: &mut Loading<'_>) -> Result<Self::Loaded, Fault> {
                let mut at = start;
                $(
                    let $name = $name::load(row, at, into)?;
                    at += $name::width(into.hows);
                )+
                Ok(($($name,)+))
            }
            #[allow(non_snake_case, unused_assignments, reason = "as above")]
            fn decode(row: &dyn RowRef, start: usize, hows: &Hows) -> Result<Self, Fault> {
                let mut at = start;
                $(
                    let $name = $name::decode(row, at, hows)?;
                    at += $name::width(hows);
                )+
                Ok(($($name,)+))
            }
            #[allow(non_snake_case, reason = "one variable per type parameter")]
            fn adopt(self, into: &mut Loading<'_>) -> Self::Loaded {
                let ($($name,)+) = self;
                ($($name.adopt(into),)+)
            }
            #[allow(non_snake_case, reason = "one variable per type parameter")]
            fn own(loaded: Self::Loaded, arena: &Arena) -> Option<Self> {
                let ($($name,)+) = loaded;
                Some(($($name::own($name, arena)?,)+))
            }
            fn width(hows: &Hows) -> usize {
                0 $(+ $name::width(hows))+
            }
            #[allow(non_snake_case, reason = "one variable per type parameter")]
            fn entity_keys(loaded: &Self::Loaded, entity: TypeId, keys: &mut Vec<crate::key::RawKey>) {
                let ($($name,)+) = loaded;
                $($name::entity_keys($name, entity, keys);)+
            }
            fn may_have(entity: TypeId) -> bool {
                $($name::may_have(entity))||+
            }
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);
tuples!(A B C D E F G H I);
tuples!(A B C D E F G H I J);
tuples!(A B C D E F G H I J K);
tuples!(A B C D E F G H I J K L);
