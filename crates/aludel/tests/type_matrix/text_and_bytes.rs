//! Text, bytes, and what is kept as either.

use aludel::SqlNewtype;
use uuid::Uuid;

use crate::matrix;

#[derive(SqlNewtype, Clone, Debug, PartialEq)]
struct Tag(String);

// Different also where letters' case and spaces at the end don't count.
matrix!(texts, String, on [Sqlite, Postgres, MariaDb], unordered, |_| {
    vec![String::new(), "it's \"quoted\" \\ and 100%".into(), "été 🦀 日本語".into(), "line\nbreak\ttab".into(), "x".repeat(60_000)]
});
matrix!(short_texts, String, #[column(varchar = 20)], on [Sqlite, Postgres, MariaDb], unordered, |_| {
    vec![String::new(), "twenty characters ok".into(), "é".repeat(20)]
});
matrix!(newtypes, Tag, on [Sqlite, Postgres, MariaDb], unordered, |_| vec![Tag(String::new()), Tag("a".into())]);
matrix!(blobs, Vec<u8>, on [Sqlite, Postgres, MariaDb], ordered, |_| {
    vec![vec![], vec![0], vec![0, 1], vec![39, 92, 34], vec![255; 60_000]]
});
matrix!(uuids, Uuid, on [Sqlite, Postgres, MariaDb], unordered, |_| {
    vec![Uuid::nil(), Uuid::from_u128(0x0123_4567_89ab_cdef_fedc_ba98_7654_3210), Uuid::max()]
});

/// A zero byte is no text in PostgreSQL.
#[test]
fn zero_bytes() {
    use crate::db::{Db, InMatrix};

    let messages = crate::refusal!(Db::Postgres.open(), String, "a\0b".to_owned());
    assert!(messages.iter().all(|message| message.contains("0x00")), "{messages:?}");
}

/// What is too long for the column is an error, never cut off.
#[test]
fn too_long() {
    use crate::db::{Db, InMatrix};

    let messages = crate::refusal!(Db::MariaDb.open(), String, "x".repeat(70_000));
    assert!(messages.iter().all(|message| message.contains("plain") && message.contains("too long")), "{messages:?}");
}
