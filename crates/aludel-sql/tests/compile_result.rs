//! What the compiled statement says of itself: values, caching, custom constructs.

#[path = "support/schema.rs"]
mod schema;
#[path = "support/sql.rs"]
mod sql;

use std::sync::Arc;

use aludel_core::{CacheSafety, CompileError};
use aludel_sql::compile::SqlWriter;
use aludel_sql::dialect::{Capabilities, Dialect};
use aludel_sql::{
    CacheVerdict, CompileOptions, CustomElement, Executable, Expression, StatementKind, compile_arguments, element,
    select, text,
};
use schema::User;
use sql::{check, check_on, compile_on};

/// `coalesce(a, b)`, or `nvl(a, b)` where that is the word.
#[derive(Debug)]
struct FirstOf(CacheSafety);

impl CustomElement for FirstOf {
    fn name(&self) -> &'static str {
        "first_of"
    }
    fn key(&self, key: &mut Vec<u8>) {
        key.push(1);
    }
    fn cache(&self) -> CacheSafety {
        self.0
    }
    fn render(&self, writer: &mut SqlWriter<'_>) -> Result<(), CompileError> {
        let name = if writer.dialect() == "oracle" { "nvl(" } else { "coalesce(" };
        writer.sql(name);
        for index in 0..writer.operand_count() {
            writer.sql(if index > 0 { ", " } else { "" });
            writer.operand(index)?;
        }
        writer.sql(")");
        Ok(())
    }
}

fn first_of(safety: CacheSafety) -> aludel_sql::Expr<String> {
    element(Arc::new(FirstOf(safety)), (User::FULLNAME, User::NAME))
}

#[test]
fn custom_constructs_render_per_dialect() {
    let query = || select(User::ID).filter(first_of(CacheSafety::Safe).eq("ed"));
    check(query(), "SELECT users.id FROM users WHERE coalesce(users.fullname, users.name) = ?");
    check_on("oracle", query(), "SELECT users.id FROM users WHERE nvl(users.fullname, users.name) = :1");
}

#[test]
fn what_is_not_safe_to_cache_blocks_by_name() {
    let verdict =
        |safety| compile_on("sqlite", select(User::ID).filter(first_of(safety).eq("ed"))).expect("it compiles").cache;
    assert_eq!(verdict(CacheSafety::Safe), CacheVerdict::Cacheable);
    assert_eq!(verdict(CacheSafety::Unsafe), CacheVerdict::Blocked { by: "first_of", declared: CacheSafety::Unsafe });
    assert_eq!(
        verdict(CacheSafety::Undeclared),
        CacheVerdict::Blocked { by: "first_of", declared: CacheSafety::Undeclared }
    );
}

#[test]
fn an_operand_that_is_not_there_is_an_error() {
    #[derive(Debug)]
    struct Greedy;
    impl CustomElement for Greedy {
        fn name(&self) -> &'static str {
            "greedy"
        }
        fn key(&self, _: &mut Vec<u8>) {}
        fn render(&self, writer: &mut SqlWriter<'_>) -> Result<(), CompileError> {
            writer.operand(5)
        }
    }
    let query = select(element::<i32>(Arc::new(Greedy), User::ID));
    let error = compile_on("sqlite", query).expect_err("there is one operand").to_string();
    assert!(error.contains("has no operand 5"), "{error}");
}

#[test]
fn kinds_of_statements() {
    let kind = |compiled: aludel_sql::Compiled| (compiled.kind, compiled.returns_rows);
    assert_eq!(kind(compile_on("sqlite", select(User::ID)).expect("it compiles")), (StatementKind::Select, true));
    assert_eq!(kind(compile_on("sqlite", text("SELECT 1")).expect("it compiles")), (StatementKind::Text, true));
}

#[test]
fn values_in_order_need_no_plan() {
    let in_order =
        |statement: aludel_sql::Select<i32>| compile_on("sqlite", statement).expect("it compiles").binds_in_order;
    assert!(in_order(select(User::ID).filter(User::AGE.gt(1)).filter(User::NAME.eq("a")).limit(5)));
    assert!(!in_order(select(User::ID).filter(User::AGE.in_([1, 2]))));
}

#[test]
fn a_value_used_twice_has_one_number() {
    let old = aludel_sql::shared(User::AGE + 1);
    let query = select(old.clone().label("n")).group_by(old);
    check_on("postgresql", query.clone(), "SELECT users.age + $1 AS n FROM users GROUP BY users.age + $1");
    check(query, "SELECT users.age + ? AS n FROM users GROUP BY users.age + ?");
}

#[test]
fn equal_statements_have_equal_fingerprints() {
    let one = compile_on("sqlite", select(User::ID).filter(User::AGE.gt(1))).expect("it compiles");
    let two = compile_on("sqlite", select(User::ID).filter(User::AGE.gt(2))).expect("it compiles");
    let other = compile_on("sqlite", select(User::ID).filter(User::AGE.lt(1))).expect("it compiles");
    assert_eq!(one.fingerprint, two.fingerprint);
    assert_ne!(one.fingerprint, other.fingerprint);
    assert_ne!(one.number, two.number);
}

#[test]
fn a_dialect_from_outside() {
    #[derive(Debug)]
    struct Duck;
    impl Dialect for Duck {
        fn name(&self) -> &'static str {
            "duck"
        }
        fn capabilities(&self) -> &'static Capabilities {
            const DUCK: Capabilities = Capabilities { distinct_on: true, ..Capabilities::STANDARD };
            &DUCK
        }
        fn next_value(&self, w: &mut SqlWriter<'_>, sequence: &str) -> Result<(), CompileError> {
            w.sql("quack(");
            w.text_literal(sequence);
            w.sql(")");
            Ok(())
        }
    }
    let query = select((User::NAME, aludel_sql::func::next_value("s").label("n"))).distinct_on(User::NAME).limit(3);
    let compiled = compile_arguments(&query.into_arguments(), &Duck, &CompileOptions::default()).expect("it compiles");
    assert_eq!(&*compiled.sql, "SELECT DISTINCT ON (users.name) users.name, quack('s') AS n FROM users LIMIT ?");
}
