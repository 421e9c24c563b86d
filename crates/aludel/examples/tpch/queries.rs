//! The 22 queries in the typed language, with the specification's validation parameters: a file for each.

mod q01;
mod q02;
mod q03;
mod q04;
mod q05;
mod q06;
mod q07;
mod q08;
mod q09;
mod q10;
mod q11;
mod q12;
mod q13;
mod q14;
mod q15;
mod q16;
mod q17;
mod q18;
mod q19;
mod q20;
mod q21;
mod q22;

use aludel::prelude::*;
use rust_decimal::{Decimal, dec};

use crate::Failure;
use crate::ask::Asker;
use crate::entities::LineItem;
use crate::timing::Run;

/// One of the benchmark's queries.
#[derive(Debug)]
pub(crate) struct Query {
    /// Its number in the specification.
    pub(crate) number: u8,
    /// Its name in the specification.
    pub(crate) title: &'static str,
    /// Builds it, runs it and reads its rows; each query has rows of its own type.
    pub(crate) run: fn(&Asker<'_>) -> Result<Run, Failure>,
}

/// All queries, in order.
pub(crate) const QUERIES: [Query; 22] = [
    Query { number: 1, title: "Pricing summary report", run: |asker| asker.ask(q01::query) },
    Query { number: 2, title: "Minimum cost supplier", run: |asker| asker.ask(q02::query) },
    Query { number: 3, title: "Shipping priority", run: |asker| asker.ask(q03::query) },
    Query { number: 4, title: "Order priority checking", run: |asker| asker.ask(q04::query) },
    Query { number: 5, title: "Local supplier volume", run: |asker| asker.ask(q05::query) },
    Query { number: 6, title: "Forecasting revenue change", run: |asker| asker.ask(q06::query) },
    Query { number: 7, title: "Volume shipping", run: |asker| asker.ask(q07::query) },
    Query { number: 8, title: "National market share", run: |asker| asker.ask(q08::query) },
    Query { number: 9, title: "Product type profit", run: |asker| asker.ask(q09::query) },
    Query { number: 10, title: "Returned item reporting", run: |asker| asker.ask(q10::query) },
    Query { number: 11, title: "Important stock identification", run: |asker| asker.ask(q11::query) },
    Query { number: 12, title: "Shipping modes and order priority", run: |asker| asker.ask(q12::query) },
    Query { number: 13, title: "Customer distribution", run: |asker| asker.ask(q13::query) },
    Query { number: 14, title: "Promotion effect", run: |asker| asker.ask(q14::query) },
    Query { number: 15, title: "Top supplier", run: |asker| asker.ask(q15::query) },
    Query { number: 16, title: "Parts/supplier relationship", run: |asker| asker.ask(q16::query) },
    Query { number: 17, title: "Small-quantity-order revenue", run: |asker| asker.ask(q17::query) },
    Query { number: 18, title: "Large volume customer", run: |asker| asker.ask(q18::query) },
    Query { number: 19, title: "Discounted revenue", run: |asker| asker.ask(q19::query) },
    Query { number: 20, title: "Potential part promotion", run: |asker| asker.ask(q20::query) },
    Query { number: 21, title: "Suppliers who kept orders waiting", run: |asker| asker.ask(q21::query) },
    Query { number: 22, title: "Global sales opportunity", run: |asker| asker.ask(q22::query) },
];

/// A line's price with the discount taken off.
fn discounted_price() -> Expr<Decimal> {
    LineItem::L_EXTENDEDPRICE * (value(dec!(1)) - LineItem::L_DISCOUNT)
}

/// A line's discounted price with the tax on it.
fn taxed_price() -> Expr<Decimal> {
    discounted_price() * (value(dec!(1)) + LineItem::L_TAX)
}
