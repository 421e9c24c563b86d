//! Fills the tables, each in one transaction, from the generator's iterators: no table is ever held in memory.

use std::time::{Duration, Instant};

use aludel::blocking::Engine;
use aludel::prelude::*;
use tpchgen::generators::{
    CustomerGenerator, LineItemGenerator, NationGenerator, OrderGenerator, PartGenerator, PartSuppGenerator,
    RegionGenerator, SupplierGenerator,
};

use crate::Failure;
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
pub(crate) fn load(engine: &Engine, scale: f64) -> Result<Vec<Loaded>, Failure> {
    generate::prepare();
    let progress = Progress::new(generate::expected_rows(scale));
    let loader = Loader { engine, progress: &progress };
    let loaded = vec![
        loader.fill(Region::TABLE, RegionGenerator::new(scale, 1, 1).iter().map(Region::from))?,
        loader.fill(Nation::TABLE, NationGenerator::new(scale, 1, 1).iter().map(Nation::from))?,
        loader.fill(Supplier::TABLE, SupplierGenerator::new(scale, 1, 1).iter().map(Supplier::from))?,
        loader.fill(Part::TABLE, PartGenerator::new(scale, 1, 1).iter().map(Part::from))?,
        loader.fill(PartSupp::TABLE, PartSuppGenerator::new(scale, 1, 1).iter().map(PartSupp::from))?,
        loader.fill(Customer::TABLE, CustomerGenerator::new(scale, 1, 1).iter().map(Customer::from))?,
        loader.fill(Orders::TABLE, OrderGenerator::new(scale, 1, 1).iter().map(Orders::from))?,
        loader.fill(LineItem::TABLE, LineItemGenerator::new(scale, 1, 1).iter().map(LineItem::from))?,
    ];
    progress.finish();
    Ok(loaded)
}

struct Loader<'a> {
    engine: &'a Engine,
    progress: &'a Progress,
}

impl Loader<'_> {
    fn fill<E: Entity>(&self, table: TableRef<E>, rows: impl Iterator<Item = E> + Send) -> Result<Loaded, Failure> {
        let name = &table.definition().name;
        let started = Instant::now();
        let rows = self.engine.insert(insert(table).rows(self.progress.watch(name, rows)))?;
        Ok(Loaded { table: name, rows, time: started.elapsed() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::Database;

    #[test]
    fn row_counts_of_the_default_scale() {
        let database = Database::open(None, false).expect("a database in a file of its own");
        let loaded = load(database.engine(), 0.05).expect("all rows go in");
        let rows: Vec<_> = loaded.iter().map(|loaded| (loaded.table, loaded.rows)).collect();
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
