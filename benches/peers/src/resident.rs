//! How much memory the process holds, as Linux tells it; nothing elsewhere.

use std::fs;

/// Begins to look for the most memory that the process holds from now on; gives what it holds now, in bytes.
pub(crate) fn begin() -> Option<u64> {
    // A five resets the highest mark.
    fs::write("/proc/self/clear_refs", "5").ok()?;
    field("VmRSS:")
}

/// The most that it has held since then, in bytes.
pub(crate) fn highest() -> Option<u64> {
    field("VmHWM:")
}

fn field(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
