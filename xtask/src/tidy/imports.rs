//! Crates import one way. Tests (`[dev-dependencies]`) may look anywhere.

use toml::{Table, Value};

use super::findings::Findings;
use super::project::{File, Project};

/// What each crate may depend on, from the bottom up. A driver sees the engine and what is below it.
const LAYERS: &[(&str, &[&str])] = &[
    ("aludel-core", &[]),
    ("aludel-sql", &["aludel-core"]),
    ("aludel-engine", &["aludel-core", "aludel-sql"]),
    ("aludel-orm", &["aludel-core", "aludel-sql", "aludel-engine"]),
    ("aludel-sqlite", &["aludel-core", "aludel-sql", "aludel-engine"]),
    ("aludel-wire", &["aludel-core", "aludel-engine"]),
    ("aludel-postgres", &["aludel-core", "aludel-sql", "aludel-engine", "aludel-wire"]),
    ("aludel-mysql", &["aludel-core", "aludel-sql", "aludel-engine", "aludel-wire"]),
    ("aludel-macros", &[]),
    (
        "aludel",
        &[
            "aludel-core",
            "aludel-sql",
            "aludel-engine",
            "aludel-orm",
            "aludel-sqlite",
            "aludel-postgres",
            "aludel-mysql",
            "aludel-macros",
        ],
    ),
    ("aludel-servers", &[]),
    ("aludel-testsuite", &["aludel", "aludel-servers"]),
    ("xtask", &["aludel-servers"]),
];

pub(crate) fn check(project: &Project, findings: &mut Findings) {
    for file in project.files() {
        if let Some(name) = manifest_of(file) {
            check_manifest(name, file, findings);
        }
    }
    check_macros(project, findings);
}

fn check_manifest(name: &str, file: &File, findings: &mut Findings) {
    let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == name) else {
        let advice = "name what it may import in xtask/src/tidy/imports.rs";
        findings.error(&file.path, 1, format!("`{name}` has no layer: {advice}"));
        return;
    };
    let manifest: Table = match file.text.parse() {
        Ok(manifest) => manifest,
        Err(error) => {
            findings.error(&file.path, 1, format!("not a manifest: {}", error.message()));
            return;
        }
    };
    for dependency in dependencies(&manifest) {
        if dependency.starts_with("aludel") && !allowed.contains(&dependency.as_str()) {
            let advice = "move what it needs down, or ask through a trait";
            let message = format!("`{name}` must not import `{dependency}`: {advice}");
            findings.error(&file.path, line_of(file, &dependency), message);
        }
    }
}

/// The derives name only what the facade shows them, so that users need no other crate.
fn check_macros(project: &Project, findings: &mut Findings) {
    for (file, source) in project.shipped() {
        if file.crate_name() != Some("aludel-macros") {
            continue;
        }
        for (_, token) in source.code() {
            if token.text.starts_with("aludel_") {
                findings.error(
                    &file.path,
                    token.line,
                    format!("the macros name `{}`: emit a path in `::aludel::__private`", token.text),
                );
            }
        }
    }
}

/// The name of the crate whose manifest this is.
fn manifest_of(file: &File) -> Option<&str> {
    let folder = file.path.strip_suffix("/Cargo.toml")?;
    let name = folder.strip_prefix("crates/").unwrap_or(folder);
    (folder == "xtask" || name != folder && !name.contains('/')).then_some(name)
}

/// What is needed to build the crate, on any target, under the package's own name.
fn dependencies(manifest: &Table) -> Vec<String> {
    let targets = manifest.get("target").and_then(Value::as_table);
    let tables = targets.into_iter().flat_map(Table::values).filter_map(Value::as_table).chain([manifest]);
    let mut names = Vec::new();
    for table in tables {
        for kind in ["dependencies", "build-dependencies"] {
            let Some(entries) = table.get(kind).and_then(Value::as_table) else {
                continue;
            };
            for (key, entry) in entries {
                let renamed = entry.get("package").and_then(Value::as_str);
                names.push(renamed.unwrap_or(key).to_owned());
            }
        }
    }
    names
}

fn line_of(file: &File, name: &str) -> usize {
    let found = file.numbered_lines().find(|(_, text)| text.contains(name));
    found.map_or(1, |(line, _)| line)
}

#[cfg(test)]
mod tests {
    use super::super::findings::expect;
    use super::*;

    #[test]
    fn imports_downwards_are_fine() {
        let files = [
            ("crates/aludel-engine/Cargo.toml", "[dependencies]\naludel-sql.workspace = true\ntokio = \"1\"\n"),
            ("crates/aludel-sql/Cargo.toml", "[dev-dependencies]\naludel.workspace = true\n"),
            ("benches/peers/Cargo.toml", "[dependencies]\naludel = { path = \"x\" }\n"),
        ];
        expect(check, &files, &[]);
    }

    #[test]
    fn imports_upwards_are_found_in_every_table() {
        let files = [
            (
                "crates/aludel-core/Cargo.toml",
                "[package]\n[target.'cfg(unix)'.dependencies]\nsql = { package = \"aludel-sql\" }\n",
            ),
            ("crates/aludel-sqlite/Cargo.toml", "[build-dependencies]\naludel = \"0.1\"\n"),
        ];
        expect(
            check,
            &files,
            &[
                "crates/aludel-core/Cargo.toml:3: `aludel-core` must not import `aludel-sql`",
                "crates/aludel-sqlite/Cargo.toml:2: `aludel-sqlite` must not import `aludel`",
            ],
        );
    }

    #[test]
    fn a_new_crate_needs_a_layer() {
        expect(
            check,
            &[("crates/aludel-new/Cargo.toml", "")],
            &["crates/aludel-new/Cargo.toml:1: `aludel-new` has no layer"],
        );
    }

    #[test]
    fn macros_emit_paths_of_the_facade() {
        let text = "quote! {\n ::aludel::__private::Row;\n ::aludel_core::Row }";
        expect(
            check,
            &[("crates/aludel-macros/src/lib.rs", text)],
            &["crates/aludel-macros/src/lib.rs:3: the macros name `aludel_core`"],
        );
    }
}
