//! The tables that statements speak of.

use aludel_core::{
    CacheSafety, Date, DateTime, Decimal, EncodeRow, Fault, FromRow, Held, ParamSink, RowRef, SqlType, Value,
};
use aludel_sql::schema::{ColumnDef, ForeignKey, Generated, Name, StaticColumn, Table, Target};
use aludel_sql::{All, Column, ColumnSet, Entity, NewRow, TableRef};

/// A column that says nothing special.
pub(crate) const fn column(name: &'static str, sql_type: SqlType, nullable: bool) -> ColumnDef {
    column_with(name, sql_type, nullable, Generated::No)
}

/// An integer key that the database counts.
pub(crate) const fn key(name: &'static str) -> ColumnDef {
    column_with(name, SqlType::Integer, false, Generated::Key)
}

const fn column_with(name: &'static str, sql_type: SqlType, nullable: bool, generated: Generated) -> ColumnDef {
    ColumnDef {
        name: Name::Borrowed(name),
        sql_type,
        nullable,
        server_default: None,
        generated,
        collation: None,
        comment: None,
        cache: CacheSafety::Safe,
    }
}

/// A table that has nothing but columns and a key.
pub(crate) const fn table(
    name: &'static str,
    schema: Option<Name>,
    columns: &'static [ColumnDef],
    primary_key: &'static [usize],
    foreign_keys: &'static [ForeignKey],
) -> Table {
    Table {
        name: Name::Borrowed(name),
        schema,
        columns: Held::Static(columns),
        primary_key: Held::Static(primary_key),
        foreign_keys: Held::Static(foreign_keys),
        uniques: Held::Static(&[]),
        checks: Held::Static(&[]),
        indexes: Held::Static(&[]),
        comment: None,
        options: Held::Static(&[]),
    }
}

const fn refers(columns: &'static [usize], target: fn() -> &'static [&'static StaticColumn]) -> ForeignKey {
    ForeignKey {
        name: None,
        columns: Held::Static(columns),
        target: Target::Columns(target),
        on_delete: None,
        on_update: None,
        deferrable: None,
    }
}

static USERS_KEY: [&StaticColumn; 1] = [&USERS[0]];
static ORDERS_KEY: [&StaticColumn; 1] = [&ORDERS[0]];
static PARENT: [ForeignKey; 1] = [refers(&[0], || &ORDERS_KEY)];
static MANAGER: [ForeignKey; 1] = [refers(&[8], || &USERS_KEY)];
static OWNER: [ForeignKey; 1] = [refers(&[1], || &USERS_KEY)];

/// What `#[derive(Entity)]` would write, as far as statements need it.
macro_rules! entity {
    ($name:ident, $statics:ident, $table:ident = $definition:expr, { $($constant:ident: $type:ty = $index:literal),+ $(,)? }, $count:literal) => {
        #[derive(Clone, Debug)]
        #[allow(dead_code, reason = "each test file uses some of the entities")]
        pub(crate) struct $name;

        static $table: Table = $definition;
        static $statics: [StaticColumn; $count + 1] =
            [$(StaticColumn::new(&$table, $index),)+ StaticColumn::of_table(&$table, &$statics)];

        impl $name {
            $(#[allow(dead_code, reason = "not every column is used")]
            pub(crate) const $constant: Column<Self, $type> = Column::new(&$statics[$index]);)+
            #[allow(dead_code, reason = "not every entity is read by its table")]
            pub(crate) const TABLE: TableRef<Self> = TableRef::new(&$statics[$count]);
            #[allow(dead_code, reason = "not every entity is selected whole")]
            pub(crate) const ALL: All<Self> = All::new(&$statics[$count]);
        }

        impl Entity for $name {
            fn statics() -> &'static [StaticColumn] {
                &$statics
            }
        }
        impl FromRow for $name {
            const WIDTH: usize = $count;
            fn from_row(_: &dyn RowRef, _: usize) -> Result<Self, Fault> {
                Ok(Self)
            }
        }
        impl EncodeRow for $name {
            fn encode_field(&self, _: usize, sink: &mut dyn ParamSink) -> Result<(), Fault> {
                sink.null()
            }
        }
        impl NewRow<$name> for $name {
            fn given(&self) -> ColumnSet {
                ColumnSet::first($count)
            }
            fn column_value(&self, _: usize) -> Value {
                Value::Null
            }
        }
    };
}

entity!(User, USERS, USERS_TABLE = table(
    "users",
    None,
    const {
        &[
            key("id"),
            column("name", SqlType::Varchar(50), false),
            column("fullname", SqlType::Varchar(120), true),
            column("age", SqlType::Integer, true),
            column("balance", SqlType::Numeric(Some((12, 2))), true),
            column("active", SqlType::Boolean, false),
            column("created_at", SqlType::DateTime, true),
            column("data", SqlType::Json, true),
            column("manager_id", SqlType::Integer, true),
        ]
    },
    &[0],
    &MANAGER,
), {
    ID: i32 = 0,
    NAME: String = 1,
    FULLNAME: Option<String> = 2,
    AGE: Option<i32> = 3,
    BALANCE: Option<Decimal> = 4,
    ACTIVE: bool = 5,
    CREATED_AT: Option<DateTime> = 6,
    DATA: Option<String> = 7,
    MANAGER_ID: Option<i32> = 8,
}, 9);

entity!(Address, ADDRESSES, ADDRESSES_TABLE = table(
    "addresses",
    None,
    const { &[key("id"), column("user_id", SqlType::Integer, false), column("email", SqlType::Varchar(200), false)] },
    &[0],
    &OWNER,
), { ID: i32 = 0, USER_ID: i32 = 1, EMAIL: String = 2 }, 3);

entity!(Order, ORDERS, ORDERS_TABLE = table(
    "orders",
    None,
    const {
        &[
            key("id"),
            column("user_id", SqlType::Integer, true),
            column("total", SqlType::Numeric(Some((12, 2))), true),
            column("placed", SqlType::Date, true),
            column("status", SqlType::Varchar(20), true),
        ]
    },
    &[0],
    &OWNER,
), { ID: i32 = 0, USER_ID: i32 = 1, TOTAL: Decimal = 2, PLACED: Date = 3, STATUS: String = 4 }, 5);

entity!(Item, ITEMS, ITEMS_TABLE = table(
    "items",
    None,
    const {
        &[
            column("order_id", SqlType::Integer, false),
            column("line", SqlType::Integer, false),
            column("sku", SqlType::Varchar(20), true),
            column("qty", SqlType::Integer, true),
            column("price", SqlType::Numeric(Some((12, 2))), true),
        ]
    },
    &[0, 1],
    &PARENT,
), { ORDER_ID: i32 = 0, LINE: i32 = 1, SKU: String = 2, QTY: i32 = 3, PRICE: Decimal = 4 }, 5);

const TEXT: SqlType = SqlType::Text;

entity!(Doc, DOCS, DOCS_TABLE = table(
    "docs",
    None,
    const {
        &[
            key("id"),
            column("tags", SqlType::Array(Held::Static(&TEXT)), true),
            column("body", SqlType::Named(Held::Static("JSONB")), true),
            column("tsv", SqlType::Named(Held::Static("TSVECTOR")), true),
        ]
    },
    &[0],
    &[],
), { ID: i32 = 0, TAGS: String = 1, BODY: String = 2, TSV: String = 3 }, 4);

entity!(Detail, DETAILS, DETAILS_TABLE = table(
    "Order Details",
    Some(Name::Borrowed("Sales")),
    const {
        &[
            column("select", SqlType::Integer, false),
            column("MixedCase", SqlType::Varchar(20), true),
            column("plain", SqlType::Integer, true),
        ]
    },
    &[0],
    &[],
), { SELECT: i32 = 0, MIXED: String = 1, PLAIN: i32 = 2 }, 3);

entity!(Counted, COUNTED, COUNTED_TABLE = table(
    "t",
    None,
    const { &[key("id"), column("x", SqlType::Integer, true)] },
    &[0],
    &[],
), { ID: i32 = 0, X: i32 = 1 }, 2);
