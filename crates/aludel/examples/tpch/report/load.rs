use std::io::{Result, Write};
use std::time::Duration;

use indicatif::{HumanCount, HumanFloatCount};

use crate::load::Loaded;

/// What was loaded, and how fast.
pub(crate) fn loaded(out: &mut impl Write, tables: &[Loaded]) -> Result<()> {
    writeln!(out, "{:<10} {:>10} {:>10} {:>12}", "table", "rows", "time", "rows/s")?;
    for table in tables {
        line(out, table.table, table.rows, table.time)?;
    }
    let rows = tables.iter().map(|table| table.rows).sum();
    line(out, "all", rows, tables.iter().map(|table| table.time).sum())
}

fn line(out: &mut impl Write, name: &str, rows: u64, time: Duration) -> Result<()> {
    let (count, rate) = (HumanCount(rows).to_string(), rate(rows, time));
    writeln!(out, "{name:<10} {count:>10} {time:>10.1?} {rate:>12}")
}

fn rate(rows: u64, time: Duration) -> String {
    #[allow(clippy::cast_precision_loss, reason = "a rate is shown to the nearest whole row")]
    let rate = rows as f64 / time.as_secs_f64();
    if rate.is_finite() { HumanFloatCount(rate.round()).to_string() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_for_each_table_and_their_sum() {
        let tables = [
            Loaded { table: "region", rows: 5, time: Duration::from_micros(20) },
            Loaded { table: "lineitem", rows: 299_814, time: Duration::from_secs(2) },
        ];
        let mut out = Vec::new();
        loaded(&mut out, &tables).expect("memory takes it");
        let expected = "\
table            rows       time       rows/s
region              5     20.0µs      250,000
lineitem      299,814       2.0s      149,907
all           299,819       2.0s      149,908
";
        assert_eq!(String::from_utf8(out).expect("text"), expected);
    }
}
