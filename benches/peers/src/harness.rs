//! Runs a race: every library sets up, all results are compared, then they take turns, round by round.
//!
//! Interleaving spreads whatever else the machine does over all of them; the order moves on by one each
//! round, so that nobody always follows the same neighbour's cold caches first.

use std::time::Duration;

use tokio::runtime::Runtime;

use crate::cases::Case;
use crate::library::{Face, Library, Worker};
use crate::place::Place;
use crate::resident;
use crate::servers::Site;
use crate::turns::{self, Answer, Line, Order, Report, Result, Sample};
use crate::versions;

/// How much to measure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    /// Rounds of a short case.
    pub(crate) rounds: u32,
    /// Rounds of a case that takes seconds.
    pub(crate) long_rounds: u32,
    /// What one sample should take at least: the clocks and a wake-up must vanish in it.
    pub(crate) sample: Duration,
    /// How long a library runs before it is measured.
    pub(crate) warm_up: Duration,
    /// So many iterations make a sample, however long they take.
    pub(crate) passes: Option<u32>,
}

/// Passes of the warm-up at least, so that a few disturbed ones don't decide how long a sample is.
const LEAST_ATTEMPTS: u32 = 8;

/// One library's figures in one case.
#[derive(Clone, Debug)]
pub(crate) struct Figures {
    /// The case.
    pub(crate) case: Case,
    /// The library's name.
    pub(crate) library: &'static str,
    /// Whether it blocks.
    pub(crate) face: Face,
    /// The version that `Cargo.lock` names.
    pub(crate) version: &'static str,
    /// Wall time of one iteration, or of each operation that it is made of: the median of the rounds.
    pub(crate) median_ns: f64,
    /// The same: the best round.
    pub(crate) min_ns: f64,
    /// Processor time for it: the median of the rounds.
    pub(crate) cpu_ns: f64,
    /// The same: the best round.
    pub(crate) cpu_min_ns: f64,
    /// The most memory that it took in a pass beyond what the process held before, where that is looked at: in bytes.
    pub(crate) memory: Option<u64>,
    /// How many rounds.
    pub(crate) rounds: u32,
}

/// Runs the cases of a race with all libraries that have them.
///
/// A race is one case, or some whose results are the same, and whose times are to be compared.
pub(crate) fn run(
    runtime: &Runtime,
    site: &mut Site,
    race: &[Case],
    libraries: &[Library],
    effort: Effort,
) -> Result<Vec<Figures>> {
    let mut racers = Vec::new();
    for &case in race {
        for library in libraries.iter().filter(|library| library.has(case)) {
            let place = site.place(runtime, case).map_err(|error| format!("{case}: {}: {error}", library.name))?;
            racers.extend(Racer::start(runtime, case, library, place));
        }
    }
    compare(&mut racers)?;
    let is_long = race.iter().any(|case| case.is_long());
    if !is_long {
        for racer in &mut racers {
            racer.warm_up(effort)?;
        }
    }
    let rounds = if is_long { effort.long_rounds } else { effort.rounds };
    for round in 0..rounds as usize {
        for i in 0..racers.len() {
            let turn = (i + round) % racers.len();
            racers[turn].sample()?;
        }
    }
    let figures = racers.into_iter().map(|racer| racer.finish(rounds)).collect();
    site.clear(runtime)?;
    figures
}

/// Nobody is timed for other work than the first library does.
fn compare(racers: &mut [Racer<'_>]) -> Result {
    let mut expected: Option<(&str, Answer)> = None;
    for racer in racers {
        let (case, name) = (racer.case, racer.library.name);
        let answer = racer.check()?;
        if !case.has_answer() {
            continue;
        }
        match expected {
            None => expected = Some((name, answer)),
            Some((first, other)) if other != answer => {
                return Err(format!(
                    "{case}: {name} gives another result than {first}: {} rows with checksum {:016x}, not {} rows with {:016x}",
                    answer.rows, answer.checksum, other.rows, other.checksum
                )
                .into());
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// A library in the race.
struct Racer<'a> {
    runtime: &'a Runtime,
    case: Case,
    library: &'a Library,
    line: Line,
    worker: Option<Worker>,
    iterations: u32,
    samples: Vec<Sample>,
    memory: Option<u64>,
}

impl<'a> Racer<'a> {
    fn start(runtime: &'a Runtime, case: Case, library: &'a Library, place: Place) -> Option<Self> {
        let (line, turns) = turns::line(place);
        let worker = library.start(runtime, case, turns)?;
        Some(Self {
            runtime,
            case,
            library,
            line,
            worker: Some(worker),
            iterations: 1,
            samples: Vec::new(),
            memory: None,
        })
    }

    fn check(&mut self) -> Result<Answer> {
        match self.ask(Order::Check)? {
            Report::Answer(answer) => Ok(answer),
            Report::Sample(_) => Err(self.complaint("gave no result to compare")),
        }
    }

    /// Finds how many iterations make a sample, and runs them until caches and clocks have settled.
    fn warm_up(&mut self, effort: Effort) -> Result {
        if let Some(passes) = effort.passes {
            self.iterations = passes;
            return Ok(());
        }
        let mut spent = Duration::ZERO;
        // Of a busy machine the best pass tells most: one that was disturbed would make for samples too short to be warm.
        let mut best = f64::INFINITY;
        for attempt in 0_u32.. {
            let sample = self.measure()?;
            spent += sample.total;
            best = best.min(sample.wall_ns.max(1.0));
            let wanted = (effort.sample.as_secs_f64() * 1.2e9 / best) as u32;
            if wanted > self.iterations {
                self.iterations = wanted.min(self.iterations.saturating_mul(8));
            } else if spent >= effort.warm_up && attempt >= LEAST_ATTEMPTS {
                break;
            }
        }
        Ok(())
    }

    fn sample(&mut self) -> Result {
        let sample = self.measure()?;
        self.samples.push(sample);
        Ok(())
    }

    fn measure(&mut self) -> Result<Sample> {
        match self.ask(Order::Measure { iterations: self.iterations })? {
            Report::Sample(sample) => Ok(sample),
            Report::Answer(_) => Err(self.complaint("measured nothing")),
        }
    }

    fn ask(&mut self, order: Order) -> Result<Report> {
        let before = if self.case.has_memory() { resident::begin() } else { None };
        let report = self.answer(order);
        if let (Some(before), Some(highest)) = (before, resident::highest()) {
            self.memory = self.memory.max(Some(highest.saturating_sub(before)));
        }
        report
    }

    fn answer(&mut self, order: Order) -> Result<Report> {
        let sent = self.line.orders.send(order).is_ok();
        if sent && let Ok(report) = self.line.reports.recv() {
            return Ok(report);
        }
        // The line is cut: the worker knows why.
        let reason = match self.worker.take().map(|worker| worker.join(self.runtime)) {
            Some(Err(error)) => error.to_string(),
            _ => "ended early".to_owned(),
        };
        Err(self.complaint(&reason))
    }

    fn complaint(&self, what: &str) -> turns::Error {
        format!("{}: {}: {what}", self.case, self.library.name).into()
    }

    fn finish(mut self, rounds: u32) -> Result<Figures> {
        let worker = self.worker.take();
        let Self { runtime, case, library, line, samples, memory, .. } = self;
        drop(line);
        if let Some(worker) = worker {
            worker.join(runtime).map_err(|error| format!("{case}: {}: {error}", library.name))?;
        }
        let each = case.operations() as f64;
        let wall = sorted(samples.iter().map(|sample| sample.wall_ns / each));
        let cpu = sorted(samples.iter().map(|sample| sample.cpu_ns / each));
        Ok(Figures {
            case,
            library: library.name,
            face: library.face,
            version: versions::of(library.package),
            median_ns: median(&wall),
            min_ns: wall.first().copied().unwrap_or_default(),
            cpu_ns: median(&cpu),
            cpu_min_ns: cpu.first().copied().unwrap_or_default(),
            memory,
            rounds,
        })
    }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => 0.0,
        n if n % 2 == 1 => sorted[middle],
        _ => (sorted[middle - 1] + sorted[middle]) / 2.0,
    }
}

#[cfg(test)]
mod tests;
