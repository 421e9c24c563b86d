//! `cargo xtask test`: every test of the project, on a machine that has Rust and little else.
//!
//! 1. programs from outside Rust, installed where they are missing;
//! 2. the database servers, started unless variables name some that run; they stop with this program;
//! 3. the tests of the workspace with every feature, those in the examples too;
//! 4. the tests of the ORM, which were run on SQLite, on PostgreSQL and on MariaDB;
//! 5. the examples in the documentation;
//! 6. the examples, run at a small size;
//! 7. the soak, for a short while;
//! 8. with `--benches`, a check that the benchmarks compile.
//!
//! `--quick` leaves out steps 5 to 7.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::built::{self, Program};
use crate::interrupt;
use crate::packages;
use crate::root;
use crate::servers::Servers;
use crate::soak;
use crate::steps::{Steps, shown};

/// Examples that are run, with arguments that keep them small.
const EXAMPLES: &[(&str, &[&str])] = &[("orm_tour", &[]), ("tpch", &["--scale", "0.01"])];

/// Test programs that are run again on each other database: `ALUDEL_TEST_BACKEND` tells them which.
const ON_EACH_DATABASE: &[&str] = &[
    "derives",
    "orm",
    "orm_events",
    "orm_faults",
    "orm_inheritance",
    "orm_loading",
    "orm_properties",
    "orm_property",
    "orm_recipes",
    "orm_related",
    "orm_relationships",
];

/// How long the soak takes on each server; `cargo xtask soak` does it for longer.
const SOAK_SECONDS: u32 = 20;

pub(crate) fn run(words: &[String]) -> Result<()> {
    let options = Options::parse(words)?;
    let mut steps = Steps::default();
    let mut tally = Tally::default();

    interrupt::watch()?;
    steps.run("programs from outside Rust", || packages::ensure(packages::PROGRAMS));
    let mut servers = Servers::default();
    steps.run("database servers", || {
        servers = Servers::start()?;
        servers.variables.iter().for_each(|(name, url)| println!("{name}={url}"));
        Ok(())
    });
    let all = ["--lib", "--bins", "--tests", "--examples"];
    steps.run("tests of the workspace", || tests(&all, &servers, &mut tally));
    let mut programs = Vec::new();
    steps.run("programs for each database", || {
        let mut command = cargo(&["test", "--workspace", "--all-features", "--no-run"]);
        programs = built::build(command.args(all), "test")?;
        Ok(())
    });
    for backend in ["postgres", "mariadb"] {
        steps.run(&format!("tests of the ORM on {backend}"), || again(&programs, &servers, backend, &mut tally));
    }
    if !options.quick {
        steps.run("examples in the documentation", || tests(&["--doc"], &servers, &mut tally));
        let mut examples = Vec::new();
        steps.run("build of the examples", || {
            examples = built::build(&mut cargo(&["build", "--workspace", "--all-features", "--examples"]), "example")?;
            Ok(())
        });
        for (name, arguments) in EXAMPLES {
            steps.run(&format!("example {name} {}", arguments.join(" ")), || example(&examples, name, arguments));
        }
        steps.run(&format!("soak of {SOAK_SECONDS} s on each server"), || {
            soak::soak(built::find(&examples, "soak")?.command(), &servers, SOAK_SECONDS)
        });
    }
    if options.benches {
        for manifest in bench_manifests()? {
            steps.run(&format!("check of {manifest}"), || {
                interrupt::run(&mut cargo(&["check", "--all-targets", "--manifest-path", &manifest]))
            });
        }
    }

    drop(servers);
    steps.print_times();
    finish(&steps, tally)
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    quick: bool,
    benches: bool,
}

impl Options {
    fn parse(words: &[String]) -> Result<Self> {
        let mut options = Self::default();
        for word in words {
            match word.as_str() {
                "--quick" => options.quick = true,
                "--benches" => options.benches = true,
                _ => bail!("`cargo xtask test` knows --quick and --benches, not `{word}`"),
            }
        }
        Ok(options)
    }
}

/// Runs the tests of these targets, shows what they print, and adds up their results.
fn tests(targets: &[&str], servers: &Servers, tally: &mut Tally) -> Result<()> {
    let mut command = cargo(&["test", "--workspace", "--all-features", "--no-fail-fast"]);
    run_tests(command.args(targets), servers, tally)
}

/// Runs the test programs of the ORM again, on another database.
fn again(programs: &[Program], servers: &Servers, backend: &str, tally: &mut Tally) -> Result<()> {
    let mut failures = Vec::new();
    for name in ON_EACH_DATABASE {
        let mut command = built::find(programs, name)?.command();
        println!("\n     Running {name} on {backend}");
        if let Err(error) = run_tests(command.env("ALUDEL_TEST_BACKEND", backend), servers, tally) {
            failures.push(format!("{error:#}"));
        }
    }
    if !failures.is_empty() {
        bail!("{}", failures.join("; "));
    }
    Ok(())
}

fn run_tests(command: &mut Command, servers: &Servers, tally: &mut Tally) -> Result<()> {
    command.envs(servers.variables.iter().map(|(name, url)| (name, url)));
    let mut child = interrupt::spawn(command.stdout(Stdio::piped()))?;
    if let Some(output) = child.output() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            tally.read(&line);
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

/// Runs an example in a folder of its own, so that the files it makes go away with that.
fn example(examples: &[Program], name: &str, arguments: &[&str]) -> Result<()> {
    let folder = tempfile::tempdir()?;
    interrupt::run(built::find(examples, name)?.command().args(arguments).current_dir(folder.path()))
}

/// Each folder of `benches/` is a workspace of its own, so that tests never build the peers.
fn bench_manifests() -> Result<Vec<String>> {
    let mut manifests = Vec::new();
    for entry in fs::read_dir(root().join("benches")).context("could not read benches/")? {
        let manifest = format!("benches/{}/Cargo.toml", entry?.file_name().display());
        if root().join(&manifest).is_file() {
            manifests.push(manifest);
        }
    }
    manifests.sort();
    Ok(manifests)
}

/// The cargo that runs this program, started in the root of the repository.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(arguments);
    command
}

/// What the `test result:` lines of cargo add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    passed: usize,
    failed: usize,
    /// Tests that are about another database than the run's: they say so.
    left_out: usize,
}

impl Tally {
    fn read(&mut self, line: &str) {
        if line.contains("only on SQLite, not on ") || line.contains("only on servers, not on ") {
            self.left_out += 1;
        }
        let Some((_, counts)) = line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". ")) else {
            return;
        };
        for part in counts.split(';') {
            match part.trim().split_once(' ') {
                Some((count, "passed")) => self.passed += count.parse::<usize>().unwrap_or(0),
                Some((count, "failed")) => self.failed += count.parse::<usize>().unwrap_or(0),
                _ => {}
            }
        }
    }
}

/// Prints the closing line. It never reads as success when a step failed, even one that ran no test.
fn finish(steps: &Steps, mut tally: Tally) -> Result<()> {
    if tally.failed == 0 {
        tally.failed = steps.failed();
    }
    if tally.left_out > 0 {
        println!(
            "\n{} of them ended at once, being about another database than the one that they ran on",
            tally.left_out
        );
    }
    println!("\n{} passed, {} failed", tally.passed, tally.failed);
    if steps.failed() > 0 {
        bail!("not every step passed");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_add_up_and_other_lines_do_not_count() {
        let mut tally = Tally::default();
        for line in [
            "running 3 tests",
            "test a ... ok",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: FAILED. 10 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "printed by a test: test result: ok. 5 passed; 0 failed",
            "only on SQLite, not on MariaDB: rows::a_snapshot: a reason",
            "only on servers, not on SQLite: rows::a_deadlock: a reason",
        ] {
            tally.read(line);
        }
        let expected = Tally { passed: 13, failed: 2, left_out: 2 };
        assert_eq!(tally, expected);
    }

    #[test]
    fn options_are_read_and_unknown_words_refused() {
        let parse = |words: &[&str]| Options::parse(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>());
        let both = Options { quick: true, benches: true };
        assert_eq!(parse(&["--quick", "--benches"]).unwrap(), both);
        assert_eq!(parse(&[]).unwrap(), Options::default());
        assert!(parse(&["--slow"]).unwrap_err().to_string().contains("--slow"));
    }

    #[test]
    fn a_step_that_ran_no_test_and_failed_is_a_failure() {
        let mut steps = Steps::default();
        steps.run("build", || bail!("no"));
        assert!(finish(&steps, Tally::default()).is_err());
        assert!(finish(&Steps::default(), Tally::default()).is_ok());
    }
}
