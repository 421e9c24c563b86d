//! The 22 queries as SQL text for SQLite, with the specification's validation parameters: what the typed queries are
//! compared with, and nothing else uses.
//!
//! They are the specification's own, word for word where SQLite allows: intervals are worked out into dates, `extract` is
//! `strftime`, query 15's view is a common table expression, and "the first N rows" is LIMIT. Query 11's fraction is
//! 0.0001 at every scale.

/// Query N is at N - 1.
pub(crate) const QUERIES: [&str; 22] = [
    include_str!("reference/q01.sql"),
    include_str!("reference/q02.sql"),
    include_str!("reference/q03.sql"),
    include_str!("reference/q04.sql"),
    include_str!("reference/q05.sql"),
    include_str!("reference/q06.sql"),
    include_str!("reference/q07.sql"),
    include_str!("reference/q08.sql"),
    include_str!("reference/q09.sql"),
    include_str!("reference/q10.sql"),
    include_str!("reference/q11.sql"),
    include_str!("reference/q12.sql"),
    include_str!("reference/q13.sql"),
    include_str!("reference/q14.sql"),
    include_str!("reference/q15.sql"),
    include_str!("reference/q16.sql"),
    include_str!("reference/q17.sql"),
    include_str!("reference/q18.sql"),
    include_str!("reference/q19.sql"),
    include_str!("reference/q20.sql"),
    include_str!("reference/q21.sql"),
    include_str!("reference/q22.sql"),
];
