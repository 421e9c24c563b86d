//! The eight tables, in an order in which each refers only to those before it.
//!
//! Columns are named as in the TPC-H specification. Keys are the generator's, so none is `generated`: the first region and
//! nation have the key 0, which in a generated column means "not known yet". Two foreign keys carry an index, since that is
//! what the queries need on a database that joins by nested loops: an order's customer and a line's part. Without them
//! queries 17, 20 and 22 take seconds at scale 0.05; one on a line's supplier would make matters worse, as SQLite would
//! prefer it for grouping.

mod customer;
mod line_item;
mod nation;
mod orders;
mod part;
mod part_supp;
mod region;
mod supplier;

use aludel::schema;
use aludel::schema::Table;

pub(crate) use customer::Customer;
pub(crate) use line_item::LineItem;
pub(crate) use nation::Nation;
pub(crate) use orders::Orders;
pub(crate) use part::Part;
pub(crate) use part_supp::PartSupp;
pub(crate) use region::Region;
pub(crate) use supplier::Supplier;

/// All tables.
pub(crate) const TABLES: &[&Table] = schema![Region, Nation, Supplier, Part, PartSupp, Customer, Orders, LineItem];
