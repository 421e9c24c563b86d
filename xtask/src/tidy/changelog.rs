//! A file of `changelog.d/` says by its name what kind of change it tells of.

use super::findings::Findings;
use super::project::Project;

const KINDS: &[&str] = &["added", "changed", "fixed", "removed"];

pub(crate) fn check(project: &Project, findings: &mut Findings) {
    for file in project.files() {
        let Some(name) = file.path.strip_prefix("changelog.d/") else {
            continue;
        };
        if name == "README.md" {
            continue;
        }
        if !is_named_well(name) {
            let kinds = KINDS.join(", ");
            findings.error(
                &file.path,
                1,
                format!("call it NUMBER.KIND.md or some-words.KIND.md, the kind one of {kinds}"),
            );
        } else if file.text.trim().is_empty() {
            findings.error(&file.path, 1, "an empty note: say what changed for users");
        }
    }
}

fn is_named_well(name: &str) -> bool {
    let parts: Vec<&str> = name.split('.').collect();
    let [slug, kind, "md"] = parts[..] else {
        return false;
    };
    let is_slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !slug.is_empty() && slug.chars().all(is_slug) && KINDS.contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::super::findings::expect;
    use super::*;

    #[test]
    fn names_tell_the_kind() {
        for name in ["12.fixed.md", "typed-columns.added.md", "README.md"] {
            expect(check, &[(&format!("changelog.d/{name}"), "Text.")], &[]);
        }
        for name in ["12.md", "12.new.md", "Twelve.added.md", ".added.md", "a/1.added.md", "1.added.txt"] {
            let path = format!("changelog.d/{name}");
            expect(check, &[(&path, "Text.")], &[&format!("{path}:1: call it")]);
        }
    }

    #[test]
    fn an_empty_note_is_found() {
        expect(check, &[("changelog.d/1.added.md", "\n")], &["changelog.d/1.added.md:1: an empty note"]);
    }
}
