//! Versions of what is measured, from the lock file that the program was built with.

const LOCK: &str = include_str!("../Cargo.lock");

/// The version of a package, or a question mark if the lock file has none of that name.
pub(crate) fn of(package: &str) -> &'static str {
    let name = format!("name = \"{package}\"");
    LOCK.split("[[package]]")
        .filter(|entry| entry.lines().any(|line| line == name))
        // Peers may bring an older one.
        .last()
        .and_then(|entry| entry.lines().find_map(|line| line.strip_prefix("version = ")))
        .map_or("?", |version| version.trim_matches('"'))
}
