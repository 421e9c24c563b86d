//! The SQL language of the [Aludel](https://docs.rs/aludel) toolkit.

pub mod ast;
pub mod compile;
mod compiled;
mod custom;
pub mod ddl;
pub mod dialect;
mod language;
mod lower;
mod pipeline;
pub mod schema;
mod tape;
mod text_sql;

pub use compile::{CompileOptions, Form, Needs};
pub use compiled::{
    CacheVerdict, Compiled, CompiledBind, ResultColumn, RowShape, StatementKind, fingerprint, next_number,
};
pub use custom::CustomElement;
pub use language::*;
pub use pipeline::compile_arguments;
pub use tape::{Arguments, Key, OwnedKey, Tape, decode};
