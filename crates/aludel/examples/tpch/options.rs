//! The command line.

use std::path::PathBuf;

use clap::Parser;

use crate::generate;

/// Loads the TPC-H tables through entities and runs the 22 queries on them, each twice.
#[derive(Debug, Parser)]
pub(crate) struct Options {
    /// How much data: 1 is 8.7 million rows, the default 432,844.
    #[arg(long, value_name = "FACTOR", default_value = "0.05", value_parser = scale)]
    pub(crate) scale: f64,

    /// The database to fill, whose eight tables are replaced; by default a file that is removed afterwards.
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,

    /// Run this query only, 1 to 22; may be given more than once.
    #[arg(long = "query", value_name = "N", value_parser = clap::value_parser!(u8).range(1..=22))]
    pub(crate) queries: Vec<u8>,

    /// Print each statement with its parameters, and how it met the cache.
    #[arg(long)]
    pub(crate) echo: bool,

    /// Write the tables' row counts and the queries' rows to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) answers: Option<PathBuf>,
}

impl Options {
    /// Whether the query of this number is to run.
    pub(crate) fn wants(&self, number: u8) -> bool {
        self.queries.is_empty() || self.queries.contains(&number)
    }
}

fn scale(text: &str) -> Result<f64, String> {
    let scale: f64 = text.parse().map_err(|_| format!("{text:?} is no number"))?;
    if !(scale > 0.0 && scale <= 1000.0) {
        return Err("it must be more than 0 and at most 1000".to_owned());
    }
    if !generate::keys_are_unique(scale) {
        return Err("at this scale the generator gives a part the same supplier twice; try 0.01 or 0.05".to_owned());
    }
    Ok(scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Options, clap::Error> {
        Options::try_parse_from(["tpch"].iter().chain(arguments))
    }

    #[test]
    fn defaults_run_everything() {
        let options = parse(&[]).expect("no option is required");
        assert_eq!((options.scale, options.echo), (0.05, false));
        assert!((1..=22).all(|number| options.wants(number)));
    }

    #[test]
    fn some_queries() {
        let options = parse(&["--query", "3", "--query", "9"]).expect("two queries");
        assert!(options.wants(3) && options.wants(9) && !options.wants(4));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for arguments in
            [["--query", "23"], ["--scale", "0"], ["--scale", "NaN"], ["--scale", "much"], ["--scale", "0.001"]]
        {
            assert!(parse(&arguments).is_err(), "{arguments:?}");
        }
    }
}
