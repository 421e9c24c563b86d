//! How long a program takes to compile: 200 functions with three to six comparisons each, written in Aludel's language and
//! written with `rusqlite` and SQL strings.
//!
//! `cargo run --release --manifest-path benches/compile-time/Cargo.toml [-- ROUNDS]`
//!
//! Both programs are written into this workspace's target folder, their dependencies are built first and not counted, and
//! then each is compiled anew in release, in turns. What is timed is `cargo build` of that one crate.

mod generate;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use generate::Program;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const ROUNDS: usize = 5;

fn main() -> Result<()> {
    let rounds = match std::env::args().nth(1) {
        Some(text) => text.parse().map_err(|_| format!("{text:?} is no number of rounds"))?,
        None => ROUNDS,
    };
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/programs");
    let programs = [generate::rusqlite(), generate::aludel(&repository)];
    for program in &programs {
        program.write(&folder)?;
        println!("building the dependencies of {} …", program.name);
        build(&folder, program)?;
    }
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); programs.len()];
    for round in 0..rounds {
        for turn in 0..programs.len() {
            // The order changes from round to round, so that neither program always comes after the other.
            let index = (turn + round) % programs.len();
            times[index].push(build(&folder, &programs[index])?);
        }
    }
    report(&programs, &mut times);
    Ok(())
}

/// Compiles a program anew and tells how long it took.
fn build(folder: &Path, program: &Program) -> Result<Duration> {
    let manifest = folder.join(program.name).join("Cargo.toml");
    touch(&folder.join(program.name).join("src/lib.rs"))?;
    let target: PathBuf = folder.join("target");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--release", "--quiet", "--manifest-path"]).arg(&manifest).env("CARGO_TARGET_DIR", target);
    let started = Instant::now();
    let status = cargo.status()?;
    let took = started.elapsed();
    if !status.success() {
        return Err(format!("{} does not compile", program.name).into());
    }
    Ok(took)
}

fn touch(file: &Path) -> Result<()> {
    let file = std::fs::File::options().append(true).open(file)?;
    file.set_modified(std::time::SystemTime::now())?;
    Ok(())
}

fn report(programs: &[Program], times: &mut [Vec<Duration>]) {
    let medians: Vec<f64> = times.iter_mut().map(|times| median(times)).collect();
    let base = medians.first().copied().unwrap_or(f64::NAN);
    println!("{:<10} {:>10} {:>8}", "program", "median", "ratio");
    for (program, median) in programs.iter().zip(&medians) {
        println!("{:<10} {:>8.2} s {:>7.2}×", program.name, median, median / base);
    }
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort();
    times.get(times.len() / 2).map_or(f64::NAN, Duration::as_secs_f64)
}
