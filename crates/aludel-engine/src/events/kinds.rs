//! What listeners are shown.

use std::panic::Location;

use aludel_core::Error;

use crate::info::Info;
use crate::record::{Parameters, QueryRecord};

/// A statement that is about to run.
#[derive(Debug)]
#[non_exhaustive]
pub struct BeforeExecute<'a> {
    /// Its SQL.
    pub sql: &'a str,
    /// The stable hash of its SQL.
    pub fingerprint: u64,
    /// Its parameters, shown shortened.
    pub parameters: Parameters<'a>,
    /// The line of the program that runs it.
    pub location: &'static Location<'static>,
    /// The connection's number.
    pub connection: u64,
    /// What the program keeps with the connection.
    pub info: &'a mut Info,
}

/// A statement that has run.
#[derive(Debug)]
#[non_exhaustive]
pub struct AfterExecute<'a> {
    /// What is known of it.
    pub record: &'a QueryRecord<'a>,
    /// What the program keeps with the connection.
    pub info: &'a mut Info,
}

/// Something that went wrong.
#[derive(Debug)]
#[non_exhaustive]
pub struct ErrorEvent<'a> {
    /// What.
    pub error: &'a Error,
    /// The connection's number, where there is one.
    pub connection: Option<u64>,
    /// Whether the connection is of no more use; a listener may say that it is.
    pub is_disconnect: &'a mut bool,
}

/// Something that happened to a connection of the pool.
#[derive(Debug)]
#[non_exhaustive]
pub struct PoolEvent<'a> {
    /// The connection's number.
    pub connection: u64,
    /// Why, where there is a reason to be told.
    pub reason: Option<&'a str>,
    /// The line of the program that takes it, for `checkout`.
    pub location: Option<&'static Location<'static>>,
    /// What the program keeps with the connection.
    pub info: &'a mut Info,
}

/// Something that happened to a transaction.
#[derive(Debug)]
#[non_exhaustive]
pub struct TransactionEvent<'a> {
    /// The connection's number.
    pub connection: u64,
    /// 1 for the transaction, 2 and more for savepoints in it.
    pub level: u32,
    /// What the program keeps with the connection.
    pub info: &'a mut Info,
}
