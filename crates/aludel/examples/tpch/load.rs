//! Fills the tables, each in one transaction, from the generator's iterators: no table is ever held in memory.

use std::time::{Duration, Instant};

use tpchgen::generators::{
    CustomerGenerator, LineItemGenerator, NationGenerator, OrderGenerator, PartGenerator, PartSuppGenerator,
    RegionGenerator, SupplierGenerator,
};

use crate::entities::{Customer, LineItem, Nation, Orders, Part, PartSupp, Region, Supplier};
use crate::generate;
use crate::progress::Progress;

/// A table that was filled.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) table: &'static str,
    pub(crate) rows: u64,
    pub(crate) time: Duration,
}

/// Fills all tables, parents first.
pub(crate) fn load(scale: f64) -> Vec<Loaded> {
    generate::prepare();
    let progress = Progress::new(generate::expected_rows(scale));
    let loaded = vec![
        fill("region", &progress, RegionGenerator::new(scale, 1, 1).iter().map(Region::from)),
        fill("nation", &progress, NationGenerator::new(scale, 1, 1).iter().map(Nation::from)),
        fill("supplier", &progress, SupplierGenerator::new(scale, 1, 1).iter().map(Supplier::from)),
        fill("part", &progress, PartGenerator::new(scale, 1, 1).iter().map(Part::from)),
        fill("partsupp", &progress, PartSuppGenerator::new(scale, 1, 1).iter().map(PartSupp::from)),
        fill("customer", &progress, CustomerGenerator::new(scale, 1, 1).iter().map(Customer::from)),
        fill("orders", &progress, OrderGenerator::new(scale, 1, 1).iter().map(Orders::from)),
        fill("lineitem", &progress, LineItemGenerator::new(scale, 1, 1).iter().map(LineItem::from)),
    ];
    progress.finish();
    loaded
}

fn fill<T>(table: &'static str, progress: &Progress, rows: impl Iterator<Item = T>) -> Loaded {
    let started = Instant::now();
    let rows = progress.watch(table, rows).fold(0, |count, _| count + 1);
    Loaded { table, rows, time: started.elapsed() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_counts_of_the_default_scale() {
        let rows: Vec<_> = load(0.05).iter().map(|loaded| (loaded.table, loaded.rows)).collect();
        let expected = [
            ("region", 5),
            ("nation", 25),
            ("supplier", 500),
            ("part", 10_000),
            ("partsupp", 40_000),
            ("customer", 7_500),
            ("orders", 75_000),
            ("lineitem", 299_814),
        ];
        assert_eq!(rows, expected);
        let all: u64 = rows.iter().map(|(_, rows)| rows).sum();
        assert_eq!(all, 432_844);
        assert!(all.abs_diff(generate::expected_rows(0.05)) < all / 100, "the bar ends where it should");
    }
}
