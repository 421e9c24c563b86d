use std::io::{Result, Write};

use crate::timing::Asked;

/// A line for each query: its rows, its two times, and how each run met the cache.
pub(crate) fn queries(out: &mut impl Write, asked: &[Asked]) -> Result<()> {
    writeln!(out)?;
    writeln!(out, "{:>2}  {:<36} {:>6} {:>10} {:>10}  how it met the cache", "", "query", "rows", "first", "second")?;
    for query in asked {
        let (first, second) = (&query.first, &query.second);
        writeln!(
            out,
            "{:>2}  {:<36} {:>6} {:>10.1?} {:>10.1?}  {}, then {}",
            query.number,
            query.title,
            second.rows.len(),
            first.time,
            second.time,
            first.cache,
            second.cache,
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timing::{Phases, Run};
    use std::time::Duration;

    #[test]
    fn a_line() {
        let run = |millis, cache: &str| Run {
            rows: vec![Vec::new(); 4],
            time: Duration::from_millis(millis),
            cache: cache.to_owned(),
            phases: Phases::default(),
        };
        let asked = Asked {
            number: 1,
            title: "Pricing summary report",
            first: run(231, "generated in 0.00002s"),
            second: run(229, "cached since 0.2s ago"),
        };
        let mut out = Vec::new();
        queries(&mut out, &[asked]).expect("memory takes it");
        let expected = "
    query                                  rows      first     second  how it met the cache
 1  Pricing summary report                    4    231.0ms    229.0ms  generated in 0.00002s, then cached since 0.2s ago
";
        assert_eq!(String::from_utf8(out).expect("text"), expected);
    }
}
