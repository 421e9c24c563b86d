//! The figures as tables and as JSON.

use std::path::Path;

use serde::Serialize;

use crate::cases::Case;
use crate::harness::Figures;
use crate::library::Face;
use crate::turns::Result;

/// The library at the bottom of all others, which ratios are taken to.
const LIMIT: &str = "rusqlite";

/// What the libraries of this repository are called; all others but the limit are peers.
const OWN: &str = "aludel";

/// The table of one race.
pub(crate) fn table(figures: &[Figures]) -> String {
    let limit = figures.iter().find(|figures| figures.library == LIMIT).map(|figures| figures.median_ns);
    let peer = fastest_peer(figures, None);
    let mut lines = vec![format!(
        "{:<24} {:<20} {:<8} {:>12} {:>12} {:>12} {:>10} {:>9} {:>11}",
        "case", "library", "version", "median", "best", "cpu", "×rusqlite", "×peer", "×same face"
    )];
    for row in figures {
        lines.push(format!(
            "{:<24} {:<20} {:<8} {:>12} {:>12} {:>12} {:>10} {:>9} {:>11}",
            row.case.to_string(),
            row.library,
            row.version,
            time(row.median_ns),
            time(row.min_ns),
            time(row.cpu_ns),
            ratio(row.median_ns, limit),
            ratio(row.median_ns, peer),
            ratio(row.median_ns, fastest_peer(figures, Some(row.face))),
        ));
    }
    lines.extend(within(figures));
    lines.join("\n")
}

/// The ratios of a race's other cases to its first one, library by library.
fn within(figures: &[Figures]) -> impl Iterator<Item = String> {
    let first = figures.first().map(|row| row.case);
    figures.iter().filter(move |row| Some(row.case) != first).filter_map(move |row| {
        let base = figures.iter().find(|base| Some(base.case) == first && base.library == row.library)?;
        let ratio = row.median_ns / base.median_ns;
        Some(format!("{}: {} is {ratio:.2} times {}", row.library, row.case, base.case))
    })
}

/// What the columns mean, once under the tables.
pub(crate) const LEGEND: &str = "\
median, best: wall time of one iteration over the rounds (orm/index: of one access); cpu: processor time of the whole
process for it (median).
×rusqlite: to rusqlite's median. ×peer: to the fastest of diesel, diesel-async, sqlx and sea-orm;
×same face: to the fastest of those that block, or do not, as the library itself.";

fn fastest_peer(figures: &[Figures], face: Option<Face>) -> Option<f64> {
    figures
        .iter()
        .filter(|row| row.library != LIMIT && !row.library.starts_with(OWN))
        .filter(|row| face.is_none_or(|face| row.face == face))
        .map(|row| row.median_ns)
        .min_by(f64::total_cmp)
}

fn ratio(value: f64, to: Option<f64>) -> String {
    to.map_or_else(|| "-".to_owned(), |to| format!("{:.2}", value / to))
}

fn time(ns: f64) -> String {
    match ns {
        _ if ns < 10.0 => format!("{ns:.1} ns"),
        _ if ns < 1e3 => format!("{ns:.0} ns"),
        _ if ns < 1e6 => format!("{:.2} µs", ns / 1e3),
        _ if ns < 1e9 => format!("{:.2} ms", ns / 1e6),
        _ => format!("{:.2} s", ns / 1e9),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    cases: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    case: String,
    library: &'a str,
    version: &'a str,
    median_ns: f64,
    min_ns: f64,
    cpu_ns: f64,
    rounds: u32,
}

/// Fails if [`write_json`] could not write there: known before the run rather than after it.
pub(crate) fn check_json(path: &Path) -> Result {
    match std::fs::OpenOptions::new().append(true).create(true).open(path) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("{}: {error}", path.display()).into()),
    }
}

/// Writes all figures, times in nanoseconds to one decimal.
pub(crate) fn write_json(path: &Path, figures: &[Figures]) -> Result {
    let tenth = |ns: f64| (ns * 10.0).round() / 10.0;
    let cases = figures
        .iter()
        .map(|row| Entry {
            case: row.case.to_string(),
            library: row.library,
            version: row.version,
            median_ns: tenth(row.median_ns),
            min_ns: tenth(row.min_ns),
            cpu_ns: tenth(row.cpu_ns),
            rounds: row.rounds,
        })
        .collect();
    let text = serde_json::to_string_pretty(&Document { cases })?;
    std::fs::write(path, text + "\n").map_err(|error| format!("{}: {error}", path.display()).into())
}

/// The names of all cases and libraries, for `--list`.
pub(crate) fn list<'a>(cases: &[Case], libraries: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut lines = vec!["cases:".to_owned()];
    lines.extend(cases.iter().map(|case| format!("  {case}")));
    lines.push("libraries:".to_owned());
    lines.extend(libraries.map(|(name, version)| format!("  {name} {version}")));
    lines.join("\n")
}
