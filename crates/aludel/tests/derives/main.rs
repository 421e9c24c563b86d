//! What the derives make of structs and enums.

#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

#[path = "../backend/mod.rs"]
mod backend;
mod builder;
mod composites;
mod cycles;
mod describe;
mod fake_row;
mod hybrids;
mod in_a_session;
mod kinds;
mod newtype;
mod plain_rows;
mod relations;
mod row;
mod schema;
mod sql_enum;
