//! The project's own commands, run as `cargo xtask COMMAND`.
//!
//! Each command is a module with a `run` function that takes the words after its name. To add one, write
//! the module and name it in [`COMMANDS`].
#![allow(clippy::print_stdout, reason = "printing is what a command-line tool does")]

mod built;
mod interrupt;
mod packages;
mod servers;
mod soak;
mod steps;
mod test;
mod tidy;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};

struct Command {
    name: &'static str,
    usage: &'static str,
    about: &'static str,
    run: fn(&[String]) -> Result<()>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "servers",
        usage: "servers",
        about: "start the servers that tests need, and keep them until Ctrl-C",
        run: servers::run,
    },
    Command {
        name: "soak",
        usage: "soak [--seconds N]",
        about: "64 tasks under killed connections and dropped futures, ten minutes on each server",
        run: soak::run,
    },
    Command {
        name: "test",
        usage: "test [--quick] [--benches]",
        about: "run every test, and the examples; install what they need on Debian",
        run: test::run,
    },
    Command {
        name: "tidy",
        usage: "tidy",
        about: "check the invariants of docs/ARCHITECTURE.md that a program can check",
        run: tidy::run,
    },
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[String]) -> Result<()> {
    let Some((name, rest)) = words.split_first() else {
        bail!("no command given\n\n{}", help());
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        println!("{}", help());
        return Ok(());
    }
    match COMMANDS.iter().find(|command| command.name == name) {
        Some(command) => (command.run)(rest),
        None => bail!("there is no command `{name}`\n\n{}", help()),
    }
}

fn help() -> String {
    let mut text = String::from("Commands:");
    for command in COMMANDS {
        text += &format!("\n  cargo xtask {:<28} {}", command.usage, command.about);
    }
    text
}

/// The root of the repository.
fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}
