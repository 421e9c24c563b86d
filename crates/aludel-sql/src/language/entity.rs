//! What `#[derive(Entity)]` implements.

use aludel_core::{EncodeRow, FromRow, Value};

use crate::schema::StaticColumn;

/// A Rust struct that is a row of a table.
///
/// `#[derive(Entity)]` writes it, together with associated constants for the columns (`User::NAME`), `User::TABLE`,
/// `User::ALL`, the shorthands `User::select()`, `User::insert()`, `User::update()`, `User::delete()`, `User::alias(..)`
/// and the builder `User::build()`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an entity",
    label = "not an entity",
    note = "derive it: `#[derive(aludel::Entity)] #[entity(table = \"…\")]`"
)]
pub trait Entity: FromRow + EncodeRow + NewRow<Self> + Send + Sync + 'static {
    /// The columns of the table in order, and behind them the stand-in for the table itself.
    fn statics() -> &'static [StaticColumn];

    /// The columns of the table.
    #[must_use]
    fn columns() -> &'static [StaticColumn] {
        let statics = Self::statics();
        &statics[..statics.len() - 1]
    }

    /// The stand-in for the table.
    #[must_use]
    fn table() -> &'static StaticColumn {
        let statics = Self::statics();
        &statics[statics.len() - 1]
    }
}

/// A set of a table's columns, by position: at most 256.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ColumnSet([u64; 4]);

impl ColumnSet {
    /// The first `count` columns.
    #[must_use]
    pub const fn first(count: usize) -> Self {
        let mut set = Self([0; 4]);
        let mut index = 0;
        while index < count {
            set = set.with(index);
            index += 1;
        }
        set
    }

    /// The set with one more column; positions from 256 on are left out.
    #[must_use]
    pub const fn with(mut self, index: usize) -> Self {
        if index < 256 {
            self.0[index / 64] |= 1 << (index % 64);
        }
        self
    }

    /// The set without a column.
    #[must_use]
    pub const fn without(mut self, index: usize) -> Self {
        if index < 256 {
            self.0[index / 64] &= !(1 << (index % 64));
        }
        self
    }

    /// Whether the column is in the set.
    #[must_use]
    pub const fn has(&self, index: usize) -> bool {
        index < 256 && self.0[index / 64] & (1 << (index % 64)) != 0
    }

    /// The positions in the set, in order.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(at, word)| {
            std::iter::successors(Some(word), |rest| Some(rest & rest.wrapping_sub(1)))
                .take_while(|rest| *rest != 0)
                .map(move |rest| at * 64 + rest.trailing_zeros() as usize)
        })
    }

    /// How many columns are in the set.
    #[must_use]
    pub const fn len(&self) -> usize {
        (self.0[0].count_ones() + self.0[1].count_ones() + self.0[2].count_ones() + self.0[3].count_ones()) as usize
    }

    /// Whether no column is in the set.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A row that can be inserted into the table of `E`: an entity itself, or its builder.
///
/// A plain struct sends every column except a generated key that equals its type's default; a builder sends only what
/// was set, and the database fills in the rest. [`EncodeRow::encode_field`] and [`column_value`](Self::column_value) take the
/// column's position in the table.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be inserted as a row of `{E}`",
    label = "neither `{E}` nor its builder",
    note = "a builder must have every required column set before it is a row"
)]
pub trait NewRow<E>: EncodeRow + Sized {
    /// The columns it gives values for.
    fn given(&self) -> ColumnSet;
    /// The value of the column at this position of the table.
    fn column_value(&self, index: usize) -> Value;
}
