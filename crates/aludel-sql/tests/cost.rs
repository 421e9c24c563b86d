//! What building a statement and finding its compiled form costs, counted: counts don't move with the machine's load.
//!
//! The work is `benches/cost.rs`, built as an application would be that wants to be fast.

#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::env;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

/// What a piece of work may cost.
struct Budget {
    work: &'static str,
    allocations: u64,
    instructions: u64,
}

const BUDGETS: [Budget; 2] = [
    // Three joins, five comparisons, an IN of four, two terms of order, a limit: the statement and the list of IN.
    Budget { work: "reference", allocations: 2, instructions: 2_500 },
    Budget { work: "one-filter", allocations: 1, instructions: 700 },
];

#[test]
fn a_known_statement_is_built_and_found_within_its_budget() {
    let program = build();
    let allocations = stdout(&run(Command::new(&program).arg("allocations")));
    for Budget { work, allocations: most_allocations, instructions: most } in BUDGETS {
        let asked = allocations.lines().find_map(|line| line.strip_prefix(work)?.trim().parse::<u64>().ok());
        let asked = asked.expect("the program says how often memory was asked for");
        let counted = instructions(&program, work);
        println!("{work}: {asked} allocations, {counted} instructions");
        assert!(asked <= most_allocations, "{work}: {asked} allocations, where {most_allocations} are allowed");
        assert!(counted <= most, "{work}: {counted} instructions, where {most} are allowed");
    }
}

/// Builds the program and tells where it is.
fn build() -> PathBuf {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let words =
        ["build", "--package", "aludel-sql", "--bench", "cost", "--profile", "measure", "--message-format", "json"];
    let output = run(Command::new(cargo).args(words).current_dir(env!("CARGO_MANIFEST_DIR")));
    let messages = stdout(&output);
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut programs = messages.filter_map(|message| message["executable"].as_str().map(PathBuf::from));
    programs.next_back().expect("cargo says where the program is")
}

/// How many instructions it takes to do the work once. The start of the program is in both counts and falls out.
fn instructions(program: &PathBuf, work: &str) -> u64 {
    const FEW: u64 = 1_000;
    const MANY: u64 = 3_000;
    let count = |times: u64| {
        let mut valgrind = Command::new("valgrind");
        valgrind
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(program)
            .args([work, &times.to_string()]);
        let output = run(&mut valgrind);
        let report = String::from_utf8_lossy(&output.stderr).into_owned();
        let collected = report.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse::<u64>().ok());
        collected.unwrap_or_else(|| panic!("valgrind counted nothing: {report}"))
    };
    (count(MANY) - count(FEW)) / (MANY - FEW)
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| match error.kind() {
        ErrorKind::NotFound => panic!(
            "{} is not installed: `cargo xtask test` installs what the tests need, \
             or do it by hand (on Debian: apt-get install valgrind libc6-dbg)",
            command.get_program().display()
        ),
        _ => panic!("{command:?}: {error}"),
    });
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} ended with {}:\n{errors}", output.status);
    output
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}
