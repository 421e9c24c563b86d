//! The messages that users see when a program does not compile.
//!
//! After a change, `TRYBUILD=overwrite cargo test -p aludel --test compile_fail` writes them anew; read them.

#[test]
fn messages() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
