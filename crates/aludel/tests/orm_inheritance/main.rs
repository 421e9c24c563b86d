//! Entities of several kinds: joined tables, one table, tables alone.

mod joined;
mod log;
mod staff;
