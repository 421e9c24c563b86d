//! Constructs of the program's own.

use std::sync::Arc;

use aludel_core::{CacheSafety, CompileError};
use aludel_sql::compile::SqlWriter;
use aludel_sql::{CacheVerdict, CustomElement, Expr, Expression, element, select};

use crate::support::User;
use crate::{check, compile, refused};

/// `power(base, exponent)` without the function, which SQLite may lack: `base * base * …`.
#[derive(Debug)]
struct Power {
    exponent: u8,
    cache: CacheSafety,
}

impl CustomElement for Power {
    fn name(&self) -> &'static str {
        "power"
    }
    fn key(&self, key: &mut Vec<u8>) {
        key.push(self.exponent);
    }
    fn cache(&self) -> CacheSafety {
        self.cache
    }
    fn render(&self, writer: &mut SqlWriter<'_>) -> Result<(), CompileError> {
        if writer.operand_count() != 1 {
            return Err(CompileError::invalid("power has one operand"));
        }
        for factor in 0..self.exponent {
            writer.sql(if factor > 0 { " * " } else { "" });
            writer.operand(0)?;
        }
        Ok(())
    }
}

fn power(exponent: u8, cache: CacheSafety) -> Arc<Power> {
    Arc::new(Power { exponent, cache })
}

fn cube(base: impl Expression<Sql = i64>) -> Expr<i64> {
    element(power(3, CacheSafety::Safe), base)
}

#[test]
fn with_operands() {
    check(select(cube(User::ID).label("n")), "SELECT users.id * users.id * users.id AS n FROM users", "");
    check(select((cube(User::ID) + 1).label("n")), "SELECT (users.id * users.id * users.id) + ? AS n FROM users", "1");
    // The value of an operand is kept once, however often the construct writes it.
    check(select(cube(aludel_sql::value(2_i64)).label("n")), "SELECT ? * ? * ? AS n", "2, 2, 2");
    refused(
        select(element::<i64>(power(2, CacheSafety::Safe), (User::ID, User::AGE))),
        "the statement can't be compiled: power has one operand",
    );
}

#[test]
fn only_what_declares_itself_safe_is_cached() {
    for (safety, verdict) in [
        (CacheSafety::Safe, CacheVerdict::Cacheable),
        (CacheSafety::Unsafe, CacheVerdict::Blocked { by: "power", declared: CacheSafety::Unsafe }),
        (CacheSafety::Undeclared, CacheVerdict::Blocked { by: "power", declared: CacheSafety::Undeclared }),
    ] {
        let compiled = compile(select(element::<i64>(power(2, safety), User::ID))).expect("it compiles");
        assert_eq!(compiled.cache, verdict);
    }
}
