//! The figures as tables and as JSON.

use std::path::Path;

use serde::Serialize;

use crate::cases::Case;
use crate::harness::Figures;
use crate::library::Face;
use crate::turns::Result;

/// What the libraries of this repository are called; all others but rusqlite are peers.
const OWN: &str = "aludel";

/// What is no peer on SQLite, but the limit.
const LIMIT: &str = "rusqlite";

/// The table of one race.
pub(crate) fn table(figures: &[Figures]) -> String {
    let limit_name = figures.first().map_or(LIMIT, |row| row.library);
    let limit = figures.first().map(|row| row.median_ns);
    let peer = fastest_peer(figures, None).map(|row| row.median_ns);
    let least = figures.iter().filter(|row| is_peer(row)).map(|row| row.cpu_ns).min_by(f64::total_cmp);
    let has_memory = figures.iter().any(|row| row.memory.is_some());
    let mut lines = vec![format!(
        "{:<24} {:<20} {:<8} {:>12} {:>12} {:>12} {:>12} {:>9} {:>7} {:>11} {:>9} {:>11}{}",
        "case",
        "library",
        "version",
        "median",
        "best",
        "cpu",
        "best cpu",
        "×first",
        "×peer",
        "×same face",
        "×its cpu",
        "×least cpu",
        if has_memory { "     memory" } else { "" }
    )];
    for row in figures {
        let memory = row.memory.map_or_else(String::new, |bytes| format!(" {:>7.1} MB", bytes as f64 / 1e6));
        let same_face = fastest_peer(figures, Some(row.face));
        lines.push(format!(
            "{:<24} {:<20} {:<8} {:>12} {:>12} {:>12} {:>12} {:>9} {:>7} {:>11} {:>9} {:>11}{memory}",
            row.case.to_string(),
            row.library,
            row.version,
            time(row.median_ns),
            time(row.min_ns),
            time(row.cpu_ns),
            time(row.cpu_min_ns),
            ratio(row.median_ns, limit),
            ratio(row.median_ns, peer),
            ratio(row.median_ns, same_face.map(|peer| peer.median_ns)),
            ratio(row.cpu_ns, same_face.map(|peer| peer.cpu_ns)),
            ratio(row.cpu_ns, least),
        ));
    }
    lines.extend(within(figures));
    lines.push(format!("×first: to {limit_name}"));
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
process for it (median, and best of the rounds); on a server the server's own time is not in it. memory: the most that a
pass took. ×first: to the first row's median. ×peer: to the fastest that is neither aludel nor rusqlite; ×same face: to the
fastest of those that block, or do not, as the library itself (of async libraries, the fastest async peer; of blocking ones on
servers, Diesel); ×its cpu: to that peer's processor time; ×least cpu: to the least processor time of any peer.";

fn is_peer(row: &Figures) -> bool {
    row.library != LIMIT && !row.library.starts_with(OWN)
}

fn fastest_peer(figures: &[Figures], face: Option<Face>) -> Option<&Figures> {
    figures
        .iter()
        .filter(|row| is_peer(row))
        .filter(|row| face.is_none_or(|face| row.face == face))
        .min_by(|one, other| one.median_ns.total_cmp(&other.median_ns))
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
    cpu_min_ns: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    memory_bytes: Option<u64>,
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
            cpu_min_ns: tenth(row.cpu_min_ns),
            memory_bytes: row.memory,
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
