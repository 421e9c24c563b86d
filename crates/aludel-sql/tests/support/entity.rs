//! The macro that stands in for the derive.

use aludel_core::{CacheSafety, SqlType};
use aludel_sql::schema::{ColumnDef, Generated, Name};

pub(super) const fn column(name: &'static str, sql_type: SqlType, type_name: &str) -> ColumnDef {
    ColumnDef {
        name: Name::Borrowed(name),
        sql_type,
        // A `static` can't ask a trait.
        nullable: matches!(type_name.as_bytes(), [b'O', b'p', b't', b'i', b'o', b'n', ..]),
        server_default: None,
        generated: Generated::No,
        collation: None,
        comment: None,
        cache: CacheSafety::Safe,
    }
}

/// An entity: a struct, its table, its columns and what a derive would implement.
macro_rules! entity {
    (
        $entity:ident, $columns:ident, $table:literal {
            $($index:literal $constant:ident $field:ident: $type:ty = $sql_type:expr,)+
        }
        key [$($key:literal),+]
        references { $([$from:literal] => $to:ident)? }
    ) => {
        #[derive(Clone, Debug, PartialEq)]
        #[allow(dead_code, reason = "not every program uses every column")]
        pub(crate) struct $entity {
            $(pub(crate) $field: $type,)+
        }

        static $columns: [StaticColumn; $entity::COUNT + 1] = {
            static TABLE: Table = Table {
                name: Name::Borrowed($table),
                schema: None,
                columns: Held::Static(&[$(entity::column(stringify!($field), $sql_type, stringify!($type)),)+]),
                primary_key: Held::Static(&[$($key),+]),
                foreign_keys: Held::Static(&[$(ForeignKey {
                    name: None,
                    columns: Held::Static(&[$from]),
                    target: Target::Columns(|| &$to),
                    on_delete: None,
                    on_update: None,
                    deferrable: None,
                })?]),
                uniques: Held::Static(&[]),
                checks: Held::Static(&[]),
                indexes: Held::Static(&[]),
                comment: None,
                options: Held::Static(&[]),
            };
            [$(StaticColumn::new(&TABLE, $index),)+ StaticColumn::of_table(&TABLE, &$columns)]
        };

        #[allow(dead_code, reason = "not every program uses every column")]
        impl $entity {
            $(pub(crate) const $constant: Column<Self, $type> = Column::new(&$columns[$index]);)+
            pub(crate) const TABLE: TableRef<Self> = TableRef::new(&$columns[Self::COUNT]);
            pub(crate) const ALL: All<Self> = All::new(&$columns[Self::COUNT]);
            const COUNT: usize = [$($index),+].len();
        }

        impl FromRow for $entity {
            const WIDTH: usize = Self::COUNT;
            const NAMES: &'static [&'static str] = &[$(stringify!($field)),+];
            fn from_row(row: &dyn RowRef, start: usize) -> Result<Self, Fault> {
                Ok(Self { $($field: FromRow::from_row(row, start + $index)?,)+ })
            }
        }

        impl EncodeRow for $entity {
            fn encode_field(&self, index: usize, sink: &mut dyn ParamSink) -> Result<(), Fault> {
                self.column_value(index).encode(sink)
            }
        }

        impl NewRow<Self> for $entity {
            fn given(&self) -> ColumnSet {
                ColumnSet::first(Self::COUNT)
            }
            fn column_value(&self, index: usize) -> Value {
                [$(self.$field.to_value()),+].get(index).cloned().unwrap_or(Value::Null)
            }
        }

        impl Entity for $entity {
            fn statics() -> &'static [StaticColumn] {
                &$columns
            }
        }
    };
}

pub(super) use entity;
