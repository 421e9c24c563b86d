//! The libraries, one file each, all of the same shape.

use crate::backend::Backend;
use crate::library::Library;

mod aludel_async;
mod aludel_blocking;
mod aludel_entities;
mod aludel_session;
pub(crate) mod aludel_suite;
mod diesel;
mod diesel_async;
mod diesel_async_server;
mod diesel_schema;
mod diesel_server;
mod mysql_async;
mod rows;
mod rusqlite;
mod sea_orm;
mod sea_orm_entities;
mod sqlx;
mod sqlx_server;
mod tokio_postgres;
mod wtx;

/// Every library for a database, the limit first: results are compared to its.
pub(crate) fn all(backend: Backend) -> Vec<Library> {
    let mut libraries = match backend {
        Backend::Sqlite => vec![
            Library::blocking::<rusqlite::Rusqlite>(),
            Library::blocking::<aludel_blocking::AludelBlocking>(),
            Library::asynchronous::<aludel_async::AludelAsync<false>>(),
            Library::asynchronous::<aludel_async::AludelAsync<true>>(),
        ],
        Backend::Postgres => vec![
            Library::asynchronous::<tokio_postgres::TokioPostgres>(),
            Library::blocking::<aludel_blocking::AludelBlocking>(),
            Library::asynchronous::<aludel_async::AludelAsync<false>>(),
        ],
        Backend::Mysql => vec![
            Library::asynchronous::<mysql_async::MysqlAsync>(),
            Library::blocking::<aludel_blocking::AludelBlocking>(),
            Library::asynchronous::<aludel_async::AludelAsync<false>>(),
        ],
    };
    libraries.extend([
        Library::objects::<aludel_session::AludelSession>(),
        Library::objects::<aludel_session::AludelSessionAsync>(),
    ]);
    libraries.extend(match backend {
        Backend::Sqlite => vec![
            Library::blocking::<diesel::Diesel>(),
            Library::asynchronous::<diesel_async::DieselAsync>(),
            Library::asynchronous::<sqlx::Sqlx>(),
        ],
        Backend::Postgres => vec![
            Library::blocking::<diesel_server::postgres::DieselPostgres>(),
            Library::asynchronous::<diesel_async_server::postgres::DieselAsyncPostgres>(),
            Library::asynchronous::<sqlx_server::postgres::SqlxPostgres>(),
            Library::asynchronous::<wtx::Wtx>(),
        ],
        Backend::Mysql => vec![
            Library::blocking::<diesel_server::mysql::DieselMysql>(),
            Library::asynchronous::<diesel_async_server::mysql::DieselAsyncMysql>(),
            Library::asynchronous::<sqlx_server::mysql::SqlxMysql>(),
        ],
    });
    libraries.push(match backend {
        Backend::Sqlite | Backend::Postgres => Library::asynchronous::<sea_orm::SeaOrm<true>>(),
        Backend::Mysql => Library::asynchronous::<sea_orm::SeaOrm<false>>(),
    });
    libraries
}
