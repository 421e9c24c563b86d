//! The libraries, one file each, all of the same shape.

use crate::library::Library;

mod aludel_async;
mod aludel_blocking;
mod aludel_entities;
mod aludel_session;
pub(crate) mod aludel_suite;
mod diesel;
mod diesel_async;
mod diesel_schema;
mod rusqlite;
mod sea_orm;
mod sea_orm_entities;
mod sqlx;

/// Every library, the limit first: results are compared to its.
pub(crate) fn all() -> Vec<Library> {
    vec![
        Library::blocking::<rusqlite::Rusqlite>(),
        Library::blocking::<aludel_blocking::AludelBlocking>(),
        Library::asynchronous::<aludel_async::AludelAsync<false>>(),
        Library::asynchronous::<aludel_async::AludelAsync<true>>(),
        Library::objects::<aludel_session::AludelSession>(),
        Library::objects::<aludel_session::AludelSessionAsync>(),
        Library::blocking::<diesel::Diesel>(),
        Library::asynchronous::<diesel_async::DieselAsync>(),
        Library::asynchronous::<sqlx::Sqlx>(),
        Library::asynchronous::<sea_orm::SeaOrm>(),
    ]
}
