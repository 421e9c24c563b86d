//! Entities of several kinds: joined tables, one table, tables alone.

mod concrete;
mod in_async;
mod joined;
mod log;
mod single;
mod staff;
