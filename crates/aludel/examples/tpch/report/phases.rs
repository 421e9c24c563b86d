use std::io::{Result, Write};
use std::time::Duration;

use crate::timing::{Asked, Phases, Run};

/// Where the time of all queries went, first and second runs apart.
pub(crate) fn phases(out: &mut impl Write, asked: &[Asked]) -> Result<()> {
    let first = Column::of(asked.iter().map(|query| &query.first));
    let second = Column::of(asked.iter().map(|query| &query.second));
    writeln!(out)?;
    writeln!(out, "{:<26} {:>18} {:>18}", "where the time went", "first runs", "second runs")?;
    for ((name, in_first), (_, in_second)) in first.lines().into_iter().zip(second.lines()) {
        writeln!(out, "{name:<26} {} {}", first.cell(in_first), second.cell(in_second))?;
    }
    Ok(())
}

/// All first runs, or all second ones.
struct Column {
    time: Duration,
    phases: Phases,
}

impl Column {
    fn of<'a>(runs: impl Iterator<Item = &'a Run> + Clone) -> Self {
        Self { time: runs.clone().map(|run| run.time).sum(), phases: runs.map(|run| run.phases).sum() }
    }

    fn lines(&self) -> [(&'static str, Duration); 7] {
        let Phases { waiting, compiling, preparing, executing, decoding } = self.phases;
        [
            ("waiting for a connection", waiting),
            ("compiling", compiling),
            ("preparing", preparing),
            ("executing and fetching", executing),
            ("decoding", decoding),
            ("everything else", self.time.saturating_sub(self.phases.total())),
            ("all", self.time),
        ]
    }

    /// A time, and its share of the whole.
    fn cell(&self, time: Duration) -> String {
        let share = 100.0 * time.as_secs_f64() / self.time.as_secs_f64();
        if share.is_finite() { format!("{time:>10.1?} {share:>6.2}%") } else { format!("{time:>10.1?} {:>7}", "") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_the_whole() {
        let run = |compiling| Run {
            rows: Vec::new(),
            time: Duration::from_millis(200),
            cache: String::new(),
            phases: Phases {
                compiling: Duration::from_millis(compiling),
                executing: Duration::from_millis(150),
                ..Phases::default()
            },
        };
        let asked = Asked { number: 1, title: "", first: run(20), second: run(0) };
        let mut out = Vec::new();
        phases(&mut out, &[asked]).expect("memory takes it");
        let expected = "
where the time went                first runs        second runs
waiting for a connection        0.0ns   0.00%      0.0ns   0.00%
compiling                      20.0ms  10.00%      0.0ns   0.00%
preparing                       0.0ns   0.00%      0.0ns   0.00%
executing and fetching        150.0ms  75.00%    150.0ms  75.00%
decoding                        0.0ns   0.00%      0.0ns   0.00%
everything else                30.0ms  15.00%     50.0ms  25.00%
all                           200.0ms 100.00%    200.0ms 100.00%
";
        assert_eq!(String::from_utf8(out).expect("text"), expected);
    }
}
