//! Arrays: PostgreSQL has them, the others refuse.

use aludel::{Date, Decimal, Interval, Json, Timestamp};
use uuid::Uuid;

use crate::matrix;

matrix!(of_longs, Vec<i64>, on [Postgres] or "the array type BIGINT[]", ordered, |_| {
    vec![vec![], vec![i64::MIN], vec![0], vec![0, 1], vec![i64::MAX; 1_000]]
});
matrix!(of_texts, Vec<String>, on [Postgres] or "the array type TEXT[]", unordered, |_| {
    let texts = ["", "NULL", "null", "{}", "a,b", "\"q\"", "\\", " spaces ", "é🦀", "line\nbreak"].map(str::to_owned);
    vec![vec![], vec![String::new()], texts.to_vec()]
});
matrix!(of_maybe, Vec<Option<i32>>, on [Postgres] or "the array type INTEGER[]", unordered, |_| {
    vec![vec![], vec![None], vec![Some(1), None, Some(-1)], vec![Some(5)]]
});
matrix!(of_maybe_texts, Vec<Option<String>>, on [Postgres] or "the array type TEXT[]", unordered, |_| {
    vec![vec![None], vec![Some("NULL".to_owned()), None], vec![Some(String::new())]]
});
matrix!(of_booleans, Vec<bool>, on [Postgres] or "the array type", unordered, |_| vec![vec![], vec![true, false]]);
matrix!(of_shorts, Vec<i16>, on [Postgres] or "the array type SMALLINT[]", unordered, |_| vec![vec![1, -1], vec![]]);
matrix!(of_doubles, Vec<f64>, on [Postgres] or "the array type", unordered, |_| vec![vec![0.1, f64::MAX], vec![]]);
matrix!(of_bytes, Vec<Vec<u8>>, on [Postgres] or "the array type BLOB[]", unordered, |_| {
    vec![vec![], vec![vec![]], vec![vec![0, 255], vec![1]]]
});
matrix!(of_uuids, Vec<Uuid>, on [Postgres] or "the array type", unordered, |_| vec![vec![], vec![Uuid::nil(), Uuid::max()]]);
matrix!(of_dates, Vec<Date>, on [Postgres] or "the array type DATE[]", unordered, |_| {
    vec![vec![], vec![Date { days: -1 }, Date { days: 0 }]]
});
matrix!(of_instants, Vec<Timestamp>, on [Postgres] or "the array type", unordered, |_| {
    vec![vec![], vec![Timestamp { seconds: -5, nanos: 1_000 }]]
});
matrix!(of_decimals, Vec<Decimal>, on [Postgres] or "the array type NUMERIC", unordered, |_| {
    vec![vec![], vec![Decimal::new(150, 2), Decimal::new(-1, 0)]]
});
matrix!(of_intervals, Vec<Interval>, on [Postgres] or "the array type", unordered, |_| {
    vec![vec![], vec![Interval { months: 1, days: -2, seconds: 3, nanos: 4_000 }]]
});
matrix!(of_documents, Vec<Json<Vec<u8>>>, on [Postgres] or "the array type JSON[]", unordered, |_| {
    vec![vec![], vec![Json(vec![]), Json(vec![1, 2])]]
});
