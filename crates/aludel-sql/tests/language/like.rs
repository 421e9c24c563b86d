//! The LIKE family and other matches of texts.

use aludel_sql::{Expr, Expression, Select, func, select};

use crate::support::User;
use crate::{check, check_text};

fn filtered(condition: Expr<bool>) -> Select<i64> {
    select(User::ID).filter(condition)
}

#[test]
fn patterns() {
    check(filtered(User::NAME.like("e%")), "SELECT users.id FROM users WHERE users.name LIKE ?", "'e%'");
    check(filtered(User::NAME.not_like("e%")), "SELECT users.id FROM users WHERE users.name NOT LIKE ?", "'e%'");
    check(
        filtered(User::NAME.like(User::FULLNAME)),
        "SELECT users.id FROM users WHERE users.name LIKE users.fullname",
        "",
    );
    check(
        filtered(User::NAME.like_escape("50!%", '!')),
        "SELECT users.id FROM users WHERE users.name LIKE ? ESCAPE '!'",
        "'50!%'",
    );
    check(filtered(User::NAME.ilike("E%")), "SELECT users.id FROM users WHERE lower(users.name) LIKE lower(?)", "'E%'");
    check(
        filtered(User::NAME.not_ilike("E%")),
        "SELECT users.id FROM users WHERE lower(users.name) NOT LIKE lower(?)",
        "'E%'",
    );
}

#[test]
fn parts() {
    check(filtered(User::NAME.starts_with("e")), "SELECT users.id FROM users WHERE users.name LIKE ? || '%'", "'e'");
    check(filtered(User::NAME.ends_with("d")), "SELECT users.id FROM users WHERE users.name LIKE '%' || ?", "'d'");
    check(
        filtered(User::NAME.contains("e_d")),
        "SELECT users.id FROM users WHERE users.name LIKE '%' || ? || '%'",
        "'e_d'",
    );
    check(
        filtered(User::NAME.contains(User::FULLNAME)),
        "SELECT users.id FROM users WHERE users.name LIKE '%' || users.fullname || '%'",
        "",
    );
}

/// Characters that mean something in a pattern mean themselves here.
#[test]
fn escaped_parts() {
    check(
        filtered(User::NAME.starts_with_escaped("50%")),
        "SELECT users.id FROM users WHERE users.name LIKE ? || '%' ESCAPE '/'",
        "'50/%'",
    );
    check(
        filtered(User::NAME.ends_with_escaped("a_b")),
        "SELECT users.id FROM users WHERE users.name LIKE '%' || ? ESCAPE '/'",
        "'a/_b'",
    );
    check(
        filtered(User::NAME.contains_escaped("a/b")),
        "SELECT users.id FROM users WHERE users.name LIKE '%' || ? || '%' ESCAPE '/'",
        "'a//b'",
    );
}

#[test]
fn expressions_and_full_text() {
    check_text(filtered(User::NAME.regexp("^e")), "SELECT users.id FROM users WHERE users.name REGEXP ?", "'^e'");
    check(
        filtered(User::NAME.matches("ed OR wendy")),
        "SELECT users.id FROM users WHERE users.name MATCH ?",
        "'ed OR wendy'",
    );
    check_text(
        filtered(func::regexp_replace(User::NAME, "a", "b").eq("c")),
        "SELECT users.id FROM users WHERE regexp_replace(users.name, ?, ?) = ?",
        "'a', 'b', 'c'",
    );
}

#[test]
fn concatenation() {
    check(
        select(User::NAME.concat(" ").concat(User::FULLNAME).label("n")),
        "SELECT users.name || ? || users.fullname AS n FROM users",
        "' '",
    );
    check(
        select(User::NAME.concat(User::NAME.concat("x")).label("n")),
        "SELECT users.name || users.name || ? AS n FROM users",
        "'x'",
    );
    check(
        filtered(User::NAME.concat("x").like("%x")),
        "SELECT users.id FROM users WHERE users.name || ? LIKE ?",
        "'x', '%x'",
    );
}
