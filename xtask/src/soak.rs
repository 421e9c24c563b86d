//! `cargo xtask soak`: minutes of trouble on both servers, and sums at the end that prove that nothing was lost or done twice.
//!
//! What happens stands in `crates/aludel-testsuite/examples/soak/main.rs`.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::interrupt;
use crate::packages;
use crate::servers::Servers;
use crate::test::cargo;

/// Ten minutes on each server, if nothing is said.
const SECONDS: u32 = 600;

pub(crate) fn run(words: &[String]) -> Result<()> {
    let seconds = parse(words)?;
    interrupt::watch()?;
    packages::ensure(packages::PROGRAMS)?;
    let servers = Servers::start()?;
    let command = cargo(&["run", "--release", "--package", "aludel-testsuite", "--example", "soak", "--"]);
    soak(command, &servers, seconds)
}

/// Runs the program for so many seconds on each server.
pub(crate) fn soak(mut command: Command, servers: &Servers, seconds: u32) -> Result<()> {
    command.args(["--seconds", &seconds.to_string()]);
    command.envs(servers.variables.iter().map(|(name, url)| (name, url)));
    interrupt::run(&mut command)
}

fn parse(words: &[String]) -> Result<u32> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        [] => Ok(SECONDS),
        ["--seconds", number] => number.parse().with_context(|| format!("`{number}` is no number of seconds")),
        _ => bail!("`cargo xtask soak` knows --seconds N, not `{}`", words.join(" ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_read_and_other_words_refused() {
        let parse = |words: &[&str]| parse(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>());
        assert_eq!(parse(&[]).unwrap(), SECONDS);
        assert_eq!(parse(&["--seconds", "20"]).unwrap(), 20);
        assert!(parse(&["--seconds", "x"]).is_err());
        assert!(parse(&["--hours", "1"]).unwrap_err().to_string().contains("--hours"));
    }
}
