//! Methods that are SQL too: the object and the database say the same.

use std::fmt::Debug;

use aludel::blocking::Engine;
use aludel::prelude::*;

use crate::backend::{self, Backend, on};

#[derive(Entity, Clone, Debug)]
struct Interval {
    #[column(primary_key)]
    id: i64,
    start: i64,
    end: i64,
    limit: Option<i64>,
    name: String,
    note: Option<String>,
    ratio: f64,
    open: bool,
    kind: Kind,
}

#[derive(SqlEnum, Clone, Copy, Debug, PartialEq)]
enum Kind {
    Short,
    Long,
    Odd,
}

const TEN: i64 = 10;

#[hybrid]
#[allow(
    clippy::nonminimal_bool,
    clippy::partialeq_to_none,
    clippy::manual_unwrap_or,
    clippy::cast_possible_wrap,
    reason = "what is written here is what is tested"
)]
impl Interval {
    fn length(&self) -> i64 {
        self.end - self.start
    }

    fn contains(&self, point: i64) -> bool {
        self.start <= point && point < self.end
    }

    fn arithmetic(&self) -> i64 {
        (self.end + 2) * 3 - 100 / TEN + (7 - self.start) % 5 - -self.end
    }

    fn halves(&self) -> i64 {
        self.start / 2
    }

    fn part(&self, of: f64) -> f64 {
        1.0 - self.ratio / of + (self.end as f64) * 0.5
    }

    fn is_long(&self, than: i64) -> bool {
        self.length() > than || !(self.open || 3 >= self.end)
    }

    fn limited(&self) -> bool {
        self.limit.is_some() && !self.note.is_none()
    }

    fn same_limit(&self, limit: Option<i64>) -> bool {
        self.limit == limit && Some(5) != self.limit && limit == self.limit
    }

    fn other_limit(&self) -> bool {
        !(self.limit == Some(5)) && self.note != None && self.note.as_deref() != Some("x")
    }

    fn effective(&self) -> i64 {
        self.limit.unwrap_or(self.end).min(50).max(self.start).abs()
    }

    fn maybe(&self) -> Option<i64> {
        if self.open { self.limit } else { None }
    }

    fn size(&self) -> &str {
        if self.length() < 3 {
            "small"
        } else if self.length() < TEN {
            "middle"
        } else {
            "large"
        }
    }

    fn weight(&self, unit: i64) -> i64 {
        let double = self.length() * 2;
        let extra: i64 = if self.open { 1 } else { 2 };
        let none = 0;
        (double + extra) * unit + none
    }

    fn left(&self) -> i64 {
        if let Some(limit) = self.limit { limit - self.end } else { 0 }
    }

    fn matched(&self) -> i64 {
        match self.kind {
            Kind::Short => 1,
            Kind::Long if self.open => self.end,
            Kind::Long | Kind::Odd => match self.limit {
                Some(limit) => limit,
                None => -1,
            },
        }
    }

    fn in_words(&self) -> String {
        match self.start {
            i64::MIN..0 => "below",
            0 => "zero",
            1 | 2 => "few",
            other if other > 5 => "many",
            _ => "some",
        }
        .to_owned()
    }

    fn in_range(&self, point: i64) -> bool {
        (self.start..self.end).contains(&point) || (..=self.start).contains(&point)
    }

    fn begins(&self, text: &str) -> bool {
        self.name.starts_with(text)
    }

    fn ends(&self, text: &str) -> bool {
        self.name.ends_with(text)
    }

    fn has(&self, text: &str) -> bool {
        self.name.contains(text)
    }

    fn is_percent(&self) -> bool {
        self.name.contains("%") || self.name.starts_with("a_") && self.name.ends_with("Z")
    }

    fn title(&self) -> String {
        self.name.to_uppercase() + " / " + &self.note.clone().unwrap_or_default().to_lowercase()
    }

    fn lengths(&self) -> i64 {
        self.name.len() as i64 * 1000 + self.name.chars().count() as i64
    }

    fn is_named(&self, name: &str) -> bool {
        self.name == name
    }

    fn nothing(&self) -> bool {
        self.name.is_empty() || self.name == "zoe" || *self.name < *"b"
    }

    #[hybrid(expr = rounded)]
    fn rounded(&self, digits: i32) -> f64 {
        let factor = 10_f64.powi(digits);
        (self.ratio * factor).round() / factor
    }

    #[hybrid(skip)]
    fn with_a_loop(&self) -> i64 {
        (self.start..self.end).sum()
    }

    fn of_no_object(number: i64) -> i64 {
        number + 1
    }
}

fn rounded(digits: Expr<i32>) -> Expr<f64> {
    aludel::language::func::round(Interval::RATIO, digits)
}

impl Interval {
    #[hybrid]
    pub(crate) fn alone(&self, factor: i64) -> i64 {
        factor * self.start
    }
}

fn intervals() -> Vec<Interval> {
    let names = ["", "zoe", "a_bcZ", "100%", "äöü Straße", "A_bc", "a", "ab%c_d", "zz"];
    let mut all = Vec::new();
    for (at, name) in names.into_iter().enumerate() {
        let number = i64::try_from(at).unwrap_or_default();
        for (start, end) in [(-7, 3), (0, 2), (1, 20), (5, 5), (8, 30)] {
            all.push(Interval {
                id: 0,
                start,
                end: end + number,
                limit: [None, Some(5), Some(60)][all.len() % 3],
                name: name.into(),
                note: [None, Some("x"), Some(""), Some("Note")][all.len() % 4].map(str::to_owned),
                ratio: [0.125, 2.5, -1.75][all.len() % 3],
                open: all.len() % 2 == 0,
                kind: [Kind::Short, Kind::Long, Kind::Odd, Kind::Long][all.len() % 4],
            });
        }
    }
    all
}

/// With a database of which texts are as different as Rust's are.
fn database() -> Engine {
    let engine = backend::engine();
    if backend::backend() == Backend::MariaDb {
        engine.execute(text("ALTER DATABASE COLLATE utf8mb4_nopad_bin")).expect("a collation that is there");
    }
    filled(engine)
}

fn filled(engine: Engine) -> Engine {
    engine.create_all(schema![Interval]).expect("the table is new");
    engine.insert(Interval::insert().rows(intervals())).expect("the rows fit");
    engine
}

/// What the objects say, and what the database says.
#[track_caller]
fn check<T>(method: impl Fn(&Interval) -> T, expr: Expr<T>)
where
    T: aludel::FromRow + aludel::SqlTyped + Debug + PartialEq + Send + 'static,
{
    let rows = database().fetch_all(select((Interval::ALL, expr)).order_by(Interval::ID)).expect("a query that runs");
    assert_eq!(rows.len(), 45);
    for (object, found) in rows {
        assert_eq!(method(&object), found, "{object:?}");
    }
}

#[test]
fn numbers() {
    check(Interval::length, Interval::length_expr());
    check(Interval::arithmetic, Interval::arithmetic_expr());
    check(Interval::halves, Interval::halves_expr());
    check(|one| one.part(4.0), Interval::part_expr(4.0));
    check(Interval::effective, Interval::effective_expr());
    check(|one| one.alone(3), Interval::alone_expr(3));
    check(|one| one.alone(one.end), Interval::alone_expr(Interval::END));
    check(|one| one.rounded(1), Interval::rounded_expr(1));
    assert_eq!((intervals()[0].with_a_loop(), Interval::of_no_object(1)), (-25, 2));
}

#[test]
fn conditions() {
    for point in [-7, 0, 3, 5, 29] {
        check(|one| one.contains(point), Interval::contains_expr(point));
        check(|one| one.in_range(point), Interval::in_range_expr(point));
        check(|one| one.is_long(point), Interval::is_long_expr(point));
    }
    check(|one| one.contains(one.start + 1), Interval::contains_expr(Interval::START + 1));
    check(Interval::limited, Interval::limited_expr());
    check(Interval::other_limit, Interval::other_limit_expr());
    check(|one| one.same_limit(None), Interval::same_limit_expr(None::<i64>));
    check(|one| one.same_limit(Some(60)), Interval::same_limit_expr(Some(60)));
    check(|one| one.same_limit(one.limit), Interval::same_limit_expr(Interval::LIMIT));
    check(Interval::nothing, Interval::nothing_expr());
}

#[test]
fn choices() {
    check(Interval::maybe, Interval::maybe_expr());
    check(|one| one.size().to_owned(), Interval::size_expr());
    check(|one| one.weight(3), Interval::weight_expr(3));
    check(Interval::left, Interval::left_expr());
    check(Interval::matched, Interval::matched_expr());
    check(Interval::in_words, Interval::in_words_expr());
}

#[test]
fn texts() {
    for text in ["", "a", "A", "a_", "%", "Z", "zoe", "zoe and more", "Straße", "ß"] {
        check(|one| one.begins(text), Interval::begins_expr(text));
        check(|one| one.ends(text), Interval::ends_expr(String::from(text)));
        check(|one| one.has(text), Interval::has_expr(&String::from(text)));
    }
    for name in ["", "zoe", "Zoe", "zoe ", "äöü straße"] {
        check(|one| one.is_named(name), Interval::is_named_expr(name));
    }
    check(|one| one.begins(&one.name), Interval::begins_expr(Interval::NAME));
    check(Interval::is_percent, Interval::is_percent_expr());
    check(Interval::lengths, Interval::lengths_expr());
    let ascii = |one: &Interval| if one.name.is_ascii() { one.title() } else { String::new() };
    let expr =
        aludel::language::case().when::<String>(Interval::NAME.like("%ö%"), "").otherwise(Interval::title_expr());
    check(ascii, expr);
}

/// Which texts are equal is the column's to say. The five rows of "zoe" are "ZOE" to MariaDB, unless a collation says otherwise.
#[test]
fn texts_of_another_collation() {
    let engine = filled(backend::engine());
    let count = |condition: Expr<bool>| engine.fetch_all(select(Interval::ID).filter(condition)).unwrap().len();
    assert_eq!(count(Interval::is_named_expr("ZOE")), on(0, 0, 5));
    assert_eq!(count(Interval::begins_expr("Z")), on(0, 0, 10));
    assert_eq!(count(Interval::is_named_expr("zoe")), 5);
}

#[test]
fn in_a_filter() {
    let query = select(Interval::ID).filter(Interval::contains_expr(5)).order_by(Interval::length_expr());
    let engine = database();
    let mut expected: Vec<Interval> = engine.fetch_all(Interval::select()).unwrap();
    expected.retain(|one| one.contains(5));
    expected.sort_by_key(|one| (one.length(), one.id));
    let found = engine.fetch_all(query.order_by(Interval::ID)).unwrap();
    assert_eq!(found, expected.into_iter().map(|one| one.id).collect::<Vec<_>>());
}
