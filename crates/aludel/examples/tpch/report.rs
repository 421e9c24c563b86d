//! The tables that the program prints.

mod load;
mod phases;
mod queries;

pub(crate) use load::loaded;
pub(crate) use phases::phases;
pub(crate) use queries::queries;
