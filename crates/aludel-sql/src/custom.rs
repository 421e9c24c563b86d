//! Constructs of the program's own, with a rendering per dialect.

use std::any::Any;
use std::fmt;

use aludel_core::{CacheSafety, CompileError};

use crate::compile::SqlWriter;

/// An expression that the program itself knows how to write.
///
/// `render` must depend on nothing but what [`key`](Self::key) gives and the operands, or the construct must say that it
/// is [`CacheSafety::Unsafe`]; statements with an unsafe or undeclared construct are compiled anew each time.
pub trait CustomElement: fmt::Debug + Any + Send + Sync {
    /// The construct's name, for messages.
    fn name(&self) -> &'static str;
    /// Everything of its state that changes what it renders.
    fn key(&self, key: &mut Vec<u8>);
    /// Whether statements with it may be cached.
    fn cache(&self) -> CacheSafety {
        CacheSafety::Undeclared
    }
    /// Writes the SQL; `writer.operand(i)` writes an operand, `writer.dialect()` tells the dialect's name.
    fn render(&self, writer: &mut SqlWriter<'_>) -> Result<(), CompileError>;
}
