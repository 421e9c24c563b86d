//! Named, timed steps: what a long command is doing now, and at its end what each part took.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The steps taken so far.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    done: Vec<Step>,
}

#[derive(Debug)]
struct Step {
    name: String,
    time: Duration,
    passed: bool,
}

impl Steps {
    /// Runs one step and says how it went. A step that fails does not stop those after it.
    pub(crate) fn run(&mut self, name: &str, work: impl FnOnce() -> Result<()>) {
        println!("==> {name}");
        let start = Instant::now();
        let result = work();
        let time = start.elapsed();
        match &result {
            Ok(()) => println!("<== {name}: {:.1} s", time.as_secs_f64()),
            Err(error) => println!("<== {name}: FAILED after {:.1} s: {error:#}", time.as_secs_f64()),
        }
        self.done.push(Step { name: name.to_owned(), time, passed: result.is_ok() });
    }

    /// How many steps have failed.
    pub(crate) fn failed(&self) -> usize {
        self.done.iter().filter(|step| !step.passed).count()
    }

    /// A table of every step with its time.
    pub(crate) fn print_times(&self) {
        println!();
        for step in &self.done {
            let verdict = if step.passed { "ok" } else { "FAILED" };
            println!("{:>8.1} s  {verdict:<7} {}", step.time.as_secs_f64(), step.name);
        }
    }
}

/// Runs a command to its end; a status other than success is an error that shows the whole command.
pub(crate) fn run_command(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("could not start {}", shown(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

/// The command as a person would type it.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str());
    let words = std::iter::once(program).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    format!("`{}`", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_is_counted_and_the_next_one_still_runs() {
        let mut steps = Steps::default();
        let mut ran = false;
        steps.run("first", || bail!("no"));
        steps.run("second", || {
            ran = true;
            Ok(())
        });
        assert!(ran);
        assert_eq!(steps.failed(), 1);
    }

    #[test]
    fn a_command_that_fails_is_shown() {
        let error = run_command(Command::new("sh").args(["-c", "exit 3"])).unwrap_err();
        assert!(error.to_string().contains("`sh -c exit 3`"), "{error}");
        assert!(error.to_string().contains('3'), "{error}");
    }
}
