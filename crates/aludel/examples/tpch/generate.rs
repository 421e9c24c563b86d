//! What there is to know about the generator's rows before they are made, and its types in ours.

use std::collections::HashSet;

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;
use tpchgen::dates::TPCHDate;
use tpchgen::decimal::TPCHDecimal;
use tpchgen::generators::{
    CustomerGenerator, OrderGenerator, PartGenerator, PartSuppGeneratorIterator, SupplierGenerator,
};
use tpchgen::text::TextPool;

/// The generator counts days from here.
const FIRST_DAY: Date = jiff::civil::date(1992, 1, 1);

/// How many suppliers have a part.
const SUPPLIERS_PER_PART: i64 = 4;

/// An order has one to seven lines.
const MEAN_LINES_PER_ORDER: i64 = 4;

/// From this number of suppliers on, a part's four suppliers always differ.
const MANY_SUPPLIERS: i64 = 250;

/// Money, in hundredths.
pub(crate) fn decimal(value: TPCHDecimal) -> Decimal {
    Decimal::new(value.into_inner(), 2)
}

/// A day.
pub(crate) fn date(value: TPCHDate) -> Date {
    FIRST_DAY + value.into_inner().days()
}

/// Makes the 300 MB of prose that comments are cut from, which would otherwise count as the first table's time.
pub(crate) fn prepare() {
    TextPool::get_or_init_default();
}

/// About how many rows all tables have; how many lines the orders have is only known when they are made.
pub(crate) fn expected_rows(scale: f64) -> u64 {
    let orders = OrderGenerator::calculate_row_count(scale, 1, 1);
    let others = [
        5 + 25, // regions and nations
        SupplierGenerator::calculate_row_count(scale, 1, 1),
        PartGenerator::calculate_row_count(scale, 1, 1),
        PartGenerator::calculate_row_count(scale, 1, 1) * SUPPLIERS_PER_PART,
        CustomerGenerator::calculate_row_count(scale, 1, 1),
    ];
    (others.iter().sum::<i64>() + orders * (1 + MEAN_LINES_PER_ORDER)).unsigned_abs()
}

/// Whether the generator keeps to the tables' keys at this scale.
///
/// TPC-H is defined for scales of 1 and more. Below, where suppliers are few, its formula may give a part the same
/// supplier twice, which the primary key of `partsupp` forbids.
pub(crate) fn keys_are_unique(scale: f64) -> bool {
    let suppliers = SupplierGenerator::calculate_row_count(scale, 1, 1);
    if suppliers >= MANY_SUPPLIERS {
        return true;
    }
    let parts = PartGenerator::calculate_row_count(scale, 1, 1);
    suppliers > 0 && (1..=parts).all(|part| suppliers_differ(part, scale))
}

fn suppliers_differ(part: i64, scale: f64) -> bool {
    let mut seen = HashSet::new();
    (0..SUPPLIERS_PER_PART).all(|nth| seen.insert(PartSuppGeneratorIterator::select_part_supplier(part, nth, scale)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tpchgen::dates::{MIN_GENERATE_DATE, TOTAL_DATE_RANGE};

    #[test]
    fn every_day_is_the_generator_s_day() {
        for day in MIN_GENERATE_DATE..MIN_GENERATE_DATE + TOTAL_DATE_RANGE {
            let day = TPCHDate::new(day);
            assert_eq!(date(day).to_string(), day.to_string());
        }
    }

    #[test]
    fn money_keeps_its_cents() {
        for cents in [0, 5, -5, 100, 123_456_789, -99_999] {
            assert_eq!(decimal(TPCHDecimal(cents)).to_string(), TPCHDecimal(cents).to_string());
        }
    }

    #[test]
    fn small_scales_that_break_a_key_are_known() {
        for scale in [0.01, 0.025, 0.05, 0.1, 1.0, 3.3] {
            assert!(keys_are_unique(scale), "{scale}");
        }
        for scale in [0.000_01, 0.001, 0.002, 0.015] {
            assert!(!keys_are_unique(scale), "{scale}");
        }
    }

    #[test]
    fn from_many_suppliers_on_no_part_has_one_twice() {
        for suppliers in MANY_SUPPLIERS..MANY_SUPPLIERS + 120 {
            #[allow(clippy::cast_precision_loss, reason = "three digits")]
            let scale = (suppliers as f64 + 0.5) / 10_000.0;
            let parts = PartGenerator::calculate_row_count(scale, 1, 1);
            assert!((1..=parts).all(|part| suppliers_differ(part, scale)), "{scale}");
        }
    }
}
