//! A case that is not in the list of the macro would be run by nobody.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;

#[test]
fn every_case_is_listed() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let macros = fs::read_to_string(source.join("macros.rs")).unwrap();
    let macros = macros.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut cases = 0;
    for file in fs::read_dir(source.join("cases")).unwrap() {
        let path = file.unwrap().path();
        let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let (_, list) =
            macros.split_once(&format!("$face, {module}, [")).unwrap_or_else(|| panic!("no list of {module}"));
        let (list, _) = list.split_once(']').unwrap();
        let listed: Vec<&str> = list.split(',').map(str::trim).collect();
        let text = fs::read_to_string(&path).unwrap();
        for case in text.lines().filter_map(|line| line.strip_prefix("pub async fn ")) {
            let (name, _) = case.split_once('(').unwrap();
            assert!(listed.contains(&name), "`{module}::{name}` is in no list of src/macros.rs");
            cases += 1;
        }
    }
    assert!(cases > 80, "only {cases} cases were found");
}
