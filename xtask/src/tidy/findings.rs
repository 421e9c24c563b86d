//! What a check has to say, and where.

/// Whether a finding fails the run. Notes sort before errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Note,
    Error,
}

/// One place that breaks, or strains, an invariant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub(crate) level: Level,
    pub(crate) path: String,
    pub(crate) line: usize,
    message: String,
}

impl Finding {
    /// The finding as it is printed.
    pub(crate) fn line(&self, check: &str) -> String {
        let Self { level, path, line, message } = self;
        let note = match level {
            Level::Note => "note: ",
            Level::Error => "",
        };
        format!("{path}:{line}: {note}{message} [{check}]")
    }
}

/// The findings of one check.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    /// Something that must be put right.
    pub(crate) fn error(&mut self, path: &str, line: usize, message: impl Into<String>) {
        self.add(Level::Error, path, line, message.into());
    }

    /// Something worth a look.
    pub(crate) fn note(&mut self, path: &str, line: usize, message: impl Into<String>) {
        self.add(Level::Note, path, line, message.into());
    }

    fn add(&mut self, level: Level, path: &str, line: usize, message: String) {
        self.0.push(Finding { level, path: path.to_owned(), line, message });
    }
}

impl IntoIterator for Findings {
    type Item = Finding;
    type IntoIter = std::vec::IntoIter<Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Runs one check over files written in place, and compares what it prints.
#[cfg(test)]
#[track_caller]
pub(crate) fn expect(check: fn(&super::Project, &mut Findings), files: &[(&str, &str)], expected: &[&str]) {
    let mut findings = Findings::default();
    check(&super::Project::of(files), &mut findings);
    let lines: Vec<String> = findings.into_iter().map(|finding| finding.line("check")).collect();
    assert_eq!(lines.len(), expected.len(), "{lines:#?}");
    for (line, part) in lines.iter().zip(expected) {
        assert!(line.starts_with(part), "{line}\ndoes not start with\n{part}");
    }
}
