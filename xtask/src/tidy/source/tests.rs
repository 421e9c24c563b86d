use super::*;

fn parse(text: &str) -> Source {
    Source::parse("crates/a/src/lib.rs", text).unwrap()
}

fn texts(source: &Source, role: Role) -> String {
    let tokens = source.tokens.iter().filter(|token| token.role == role);
    let texts: Vec<_> = tokens.map(|token| token.text.as_str()).collect();
    texts.join(" ")
}

#[test]
fn comments_are_no_tokens_and_documentation_is_no_code() {
    let source = parse("//! Crate.\n// Comment.\n/// Item.\n#[doc(hidden)]\nfn f() {}\n");
    assert_eq!(texts(&source, Role::Code), "fn f ( ) { }");
    assert_eq!(source.code_lines(1, 5), 1);
}

#[test]
fn test_items_end_where_they_end() {
    let source = parse("#[cfg(test)]\nmod tests { fn t() {} }\nfn a() {}\n#[test]\nfn b() {}\nconst C: u8 = 1;");
    assert_eq!(texts(&source, Role::Code), "fn a ( ) { } const C : u8 = 1 ;");
}

#[test]
fn attributes_of_tests_are_told_from_others() {
    let is_test = |attribute: &str| parse(&format!("{attribute} fn f() {{}}")).code().count() == 0;
    for attribute in ["#[test]", "#[tokio::test]", "#[tokio::test(flavor = \"x\")]", "#[cfg(all(test, unix))]"] {
        assert!(is_test(attribute), "{attribute}");
    }
    for attribute in ["#[cfg(not(test))]", "#[cfg(feature = \"testsuite\")]", "#[inline]", "#[must_use = \"test\"]"] {
        assert!(!is_test(attribute), "{attribute}");
    }
}

#[test]
fn an_inner_attribute_makes_the_whole_file_a_test() {
    assert_eq!(parse("#![cfg(test)]\nfn a() {}\nfn b() {}").code().count(), 0);
}

#[test]
fn paths_of_tests_hold_no_code() {
    for path in ["crates/a/tests/it.rs", "crates/a/src/b/tests.rs", "benches/a/src/main.rs"] {
        assert_eq!(Source::parse(path, "fn f() {}").unwrap().code().count(), 0);
    }
}

#[test]
fn strings_are_read_without_their_quotes() {
    let source = parse("(\"a\", r#\"b \"c\"\"#, b\"d\", 'e', 1, f)");
    let strings: Vec<_> = source.tokens.iter().filter_map(Token::string).collect();
    assert_eq!(strings, ["a", "b \"c\"", "d"]);
}

#[test]
fn a_string_over_lines_fills_them_all() {
    assert_eq!(parse("const A: &str = \"1\n2\n\n4\";").code_lines(1, 9), 4);
}

#[test]
fn punctuation_written_together_is_one_token() {
    assert_eq!(texts(&parse("a::b => c == -1, & x"), Role::Code), "a :: b => c == - 1 , & x");
}

#[test]
fn finding_beside_steps_over_brackets_and_stays_inside_them() {
    let source = parse("fn f(a: [u8; 2]) -> T { g(); } fn h() {}");
    let body = source.find_beside(1, &["{", ";"]).unwrap();
    assert_eq!(source.texts::<3>(body), ["{", "g", "("]);
    let inside = source.tokens.iter().position(|token| token.text == "u8");
    assert_eq!(source.find_beside(inside.unwrap(), &["{"]), None);
}

#[test]
fn what_is_not_rust_is_left_out() {
    assert!(Source::parse("a/b.rs", "fn ) {").is_none());
}
