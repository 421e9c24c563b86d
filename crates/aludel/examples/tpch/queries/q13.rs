//! Customer distribution: how many customers have made how many orders.

use aludel::prelude::*;

use crate::entities::{Customer, Orders};

const ORDERS: Label<i64> = label("c_count");
const CUSTOMERS: Label<i64> = label("custdist");

/// A number of orders, and how many customers made so many.
pub(crate) type Row = (i64, i64);

pub(crate) fn query() -> Select<Row> {
    let is_order = Orders::O_CUSTKEY.eq(Customer::C_CUSTKEY).and(Orders::O_COMMENT.not_like("%special%requests%"));
    let customers = select((Customer::C_CUSTKEY, func::count(Orders::O_ORDERKEY).label(ORDERS)))
        .from(Customer::TABLE)
        .left_join(Orders::TABLE, is_order)
        .group_by(Customer::C_CUSTKEY)
        .subquery("c_orders");
    let orders = customers.get(ORDERS);
    select((&orders, func::count_all().label(CUSTOMERS))).group_by(&orders).order_by((CUSTOMERS.desc(), orders.desc()))
}
