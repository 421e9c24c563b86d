//! Comments that let a finding pass: `// tidy: allow(NAME) REASON`.

use super::findings::{Finding, Findings};
use super::project::Project;

// In two parts, so that this file doesn't hold one.
const MARK: &str = concat!("// tidy: ", "allow(");

/// Every such comment of the project.
#[derive(Debug)]
pub(crate) struct Excuses(Vec<Excuse>);

#[derive(Debug)]
struct Excuse {
    path: String,
    line: usize,
    check: String,
    has_reason: bool,
    used: bool,
}

impl Excuses {
    pub(crate) fn read(project: &Project) -> Self {
        let mut excuses = Vec::new();
        for (file, _) in project.sources() {
            for (line, text) in file.numbered_lines() {
                let Some((before, rest)) = text.split_once(MARK) else {
                    continue;
                };
                if before.trim_start().starts_with("//") {
                    continue; // documentation that tells of such comments
                }
                let (check, reason) = rest.split_once(')').unwrap_or((rest, ""));
                excuses.push(Excuse {
                    path: file.path.clone(),
                    line,
                    check: check.to_owned(),
                    has_reason: !reason.trim().is_empty(),
                    used: false,
                });
            }
        }
        Self(excuses)
    }

    /// Whether a comment on the finding's line or the one above names the check and a reason.
    pub(crate) fn cover(&mut self, check: &str, finding: &Finding) -> bool {
        let excuse = self.0.iter_mut().find(|excuse| {
            excuse.has_reason
                && excuse.check == check
                && excuse.path == finding.path
                && (excuse.line == finding.line || excuse.line + 1 == finding.line)
        });
        if let Some(excuse) = excuse {
            excuse.used = true;
            return true;
        }
        false
    }

    /// Comments that excuse nothing, which the next reader would take for a fact.
    pub(crate) fn unused(self) -> Findings {
        let mut findings = Findings::default();
        for excuse in self.0.iter().filter(|excuse| !excuse.used) {
            let message = if excuse.has_reason {
                format!("nothing here needs an excuse from `{}`: remove the comment", excuse.check)
            } else {
                "an excuse without a reason: write the reason after the bracket".to_owned()
            };
            findings.error(&excuse.path, excuse.line, message);
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excuses(text: &str) -> (Excuses, Finding) {
        let project = Project::of(&[("a.rs", &text.replace("MARK", MARK))]);
        let mut findings = Findings::default();
        findings.error("a.rs", 2, "wrong");
        let finding = findings.into_iter().next().unwrap();
        (Excuses::read(&project), finding)
    }

    #[test]
    fn an_excuse_covers_its_line_and_the_next() {
        for text in ["MARKx) why\nlet a;\n", "\nlet a; MARKx) why\n"] {
            let (mut excuses, finding) = excuses(text);
            assert!(excuses.cover("x", &finding), "{text}");
            assert_eq!(excuses.unused().into_iter().count(), 0);
        }
    }

    #[test]
    fn other_lines_other_checks_and_missing_reasons_are_no_excuse() {
        for text in ["\n\nlet a; MARKx) why\n", "MARKy) why\nlet a;\n", "MARKx)\nlet a;\n"] {
            let (mut excuses, finding) = excuses(text);
            assert!(!excuses.cover("x", &finding), "{text}");
            assert_eq!(excuses.unused().into_iter().count(), 1);
        }
    }
}
