//! Schema definition: tables, indexes, constraints, sequences, enumerations and schemas as SQL.
//!
//! [`Ddl`] writes statements for one dialect:
//!
//! ```
//! use aludel_core::{CacheSafety, Held, SqlType};
//! use aludel_sql::ddl::Ddl;
//! use aludel_sql::dialect::Sqlite;
//! use aludel_sql::schema::{ColumnDef, Generated, Table};
//!
//! let column = |name: &'static str, sql_type, generated| ColumnDef {
//!     name: name.into(), sql_type, nullable: false, server_default: None, generated,
//!     collation: None, comment: None, cache: CacheSafety::Safe,
//! };
//! let table = Table {
//!     name: "users".into(),
//!     schema: None,
//!     columns: Held::Shared([column("id", SqlType::BigInt, Generated::Key), column("name", SqlType::Varchar(50), Generated::No)].into()),
//!     primary_key: Held::Static(&[0]),
//!     foreign_keys: Held::Static(&[]),
//!     uniques: Held::Static(&[]),
//!     checks: Held::Static(&[]),
//!     indexes: Held::Static(&[]),
//!     comment: None,
//!     options: Held::Static(&[]),
//! };
//! let sql = Ddl::new(&Sqlite).create_table(&table)?;
//! assert_eq!(sql, ["CREATE TABLE users (\n    id INTEGER NOT NULL,\n    name VARCHAR(50) NOT NULL,\n    PRIMARY KEY (id)\n)"]);
//! # Ok::<(), aludel_core::CompileError>(())
//! ```
//!
//! The text is written in [`compile`](crate::compile); here are what it is written from, and the order of tables.

mod compare;
mod naming;
mod order;
mod sequence;

pub use crate::compile::ddl::{Constraint, Ddl};
pub use compare::{Difference, differences};
pub use naming::NamingConvention;
pub use order::{Sorted, sorted_tables};
pub use sequence::Sequence;
