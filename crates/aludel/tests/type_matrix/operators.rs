//! What can be asked of arrays, ranges, addresses, maps, documents and texts on PostgreSQL, and refusals elsewhere.

use aludel::language::{ArrayExpression, Expr, value};
use aludel::postgres::operators::{
    HstoreExpression, NetExpression, RangeExpression, SearchExpression, TimeExpression, search,
};
use aludel::postgres::types::{Hstore, Inet, Range};
use aludel::prelude::*;
use aludel::{DateTime, Interval, Timestamp};
use serde_json::json;

use crate::db::{Db, InMatrix};

#[derive(Entity, Clone, Debug, PartialEq)]
struct Post {
    #[column(primary_key)]
    id: i64,
    title: String,
    tags: Vec<String>,
    scores: Vec<Option<i32>>,
    pages: Range<i32>,
    host: Inet,
    facts: Hstore,
    doc: serde_json::Value,
}

fn posts() -> [Post; 2] {
    [
        Post {
            id: 1,
            title: "The fat cats ate rats".into(),
            tags: vec!["cat".into(), "rat".into()],
            scores: vec![Some(5), None, Some(7)],
            pages: (1..10).into(),
            host: "10.1.2.3".parse().unwrap(),
            facts: Hstore::from_iter([("a", "1"), ("b", "2")]),
            doc: json!({"k": 1, "l": [1, 2]}),
        },
        Post {
            id: 2,
            title: "A dog".into(),
            tags: vec![],
            scores: vec![],
            pages: (20..).into(),
            host: "192.168.0.1".parse().unwrap(),
            facts: Hstore::default(),
            doc: json!({}),
        },
    ]
}

#[test]
fn on_postgres() {
    let database = Db::Postgres.open();
    let engine = &database.engine;
    engine.create_all(schema![Post]).unwrap();
    engine.insert(Post::insert().rows(posts())).unwrap();
    let ids = |condition: Expr<bool>| engine.fetch_all(select(Post::ID).filter(condition).order_by(Post::ID)).unwrap();
    let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();

    assert_eq!(ids(Post::TAGS.contains(texts(&["rat"]))), [1]);
    assert_eq!(ids(Post::TAGS.contained_by(texts(&["x"]))), [2]);
    assert_eq!(ids(Post::TAGS.overlaps(texts(&["x", "cat"]))), [1]);
    assert_eq!(ids(Post::TAGS.has("cat")), [1]);
    assert_eq!(ids(Post::SCORES.any(aludel::language::BinaryOp::Gt, 6)), [1]);
    assert_eq!(ids(Post::TAGS.all(aludel::language::BinaryOp::Ne, "cat")), [2]);
    assert_eq!(ids(Post::TAGS.element(2).eq("rat")), [1]);
    assert_eq!(ids(Post::TAGS.length().eq(0)), [2]);
    assert_eq!(ids(Post::TAGS.eq(Vec::<String>::new())), [2]);
    let first = |expr| engine.fetch_one(select(expr).filter(Post::ID.eq(1))).unwrap();
    assert_eq!(first(Post::TAGS.slice(2, 5)), texts(&["rat"]));
    assert_eq!(first(Post::TAGS.append("x")), texts(&["cat", "rat", "x"]));
    assert_eq!(first(Post::TAGS.append_all(texts(&["x", "y"]))), texts(&["cat", "rat", "x", "y"]));
    assert_eq!(first(Post::TAGS.without("cat")), texts(&["rat"]));
    let position = engine.fetch_one(select(Post::TAGS.position("rat")).filter(Post::ID.eq(1))).unwrap();
    assert_eq!(position, Some(2));
    assert_eq!(engine.fetch_one(select(Post::TAGS.join("+")).filter(Post::ID.eq(1))).unwrap(), "cat+rat");
    let all = engine.fetch_one(select(func::array_agg(Post::ID).aggregate_order_by(Post::ID.desc()))).unwrap();
    assert_eq!(all, Some(vec![2, 1]));
    assert_eq!(engine.fetch_one(select(func::array_agg(Post::ID)).filter(Post::ID.eq(9))).unwrap(), None);

    assert_eq!(ids(Post::PAGES.contains_value(9)), [1]);
    assert_eq!(ids(Post::PAGES.contains(Range::from(25..30))), [2]);
    assert_eq!(ids(Post::PAGES.contained_by(Range::from(0..30))), [1]);
    assert_eq!(ids(Post::PAGES.overlaps(Range::from(5..21))), [1, 2]);
    assert_eq!(ids(Post::PAGES.is_adjacent_to(Range::from(10..20))), [1, 2]);
    assert_eq!(ids(Post::PAGES.is_left_of(Range::from(15..16))), [1]);
    assert_eq!(ids(Post::PAGES.upper().is_null()), [2]);
    assert_eq!(engine.fetch_one(select(Post::PAGES.lower()).filter(Post::ID.eq(2))).unwrap(), Some(20));
    let both = Post::PAGES.intersection(Range::from(5..100));
    assert_eq!(engine.fetch_all(select(both).order_by(Post::ID)).unwrap(), [(5..10).into(), (20..100).into()]);

    assert_eq!(ids(Post::HOST.is_within("10.0.0.0/8".parse::<Inet>().unwrap())), [1]);
    assert_eq!(ids(value("192.168.0.0/16".parse::<Inet>().unwrap()).encloses(Post::HOST)), [2]);

    assert_eq!(ids(Post::FACTS.has_key("a")), [1]);
    assert_eq!(ids(Post::FACTS.has_all_keys(texts(&["a", "c"]))), Vec::<i64>::new());
    assert_eq!(ids(Post::FACTS.contains(Hstore::from_iter([("b", "2")]))), [1]);
    assert_eq!(engine.fetch_one(select(Post::FACTS.get("b")).filter(Post::ID.eq(1))).unwrap(), Some("2".to_owned()));

    assert_eq!(ids(Post::DOC.contains(json!({"l": [2]}))), [1]);
    assert_eq!(ids(Post::DOC.contained_by(json!({"x": 1}))), [2]);
    assert_eq!(ids(Post::DOC.has_any_key(texts(&["k", "z"]))), [1]);

    let vector = || search::vector("english", Post::TITLE);
    assert_eq!(ids(vector().finds(search::query("english", "rat & cat"))), [1]);
    assert_eq!(ids(vector().finds(search::words("english", "dogs"))), [2]);
    assert_eq!(ids(vector().finds(search::web("english", "\"fat cats\" -dog"))), [1]);
    let rank = search::rank(vector(), search::query("english", "rat"));
    let ranked = engine.fetch_all(select(Post::ID).order_by(rank.desc())).unwrap();
    assert_eq!(ranked, [1, 2]);
    let query = engine.fetch_one(select(search::query("english", "fat & (rat | !dog:*) <-> ate"))).unwrap();
    let again = text(format!(
        "SELECT CAST('{}' AS tsquery) = to_tsquery('english', 'fat & (rat | !dog:*) <-> ate') AS same",
        query.0.replace('\'', "''")
    ));
    assert!(engine.fetch_one(again).unwrap().get::<bool>("same").unwrap(), "{query}");
}

#[derive(Entity, Clone, Debug, PartialEq)]
struct Visit {
    #[column(primary_key)]
    id: i64,
    came: DateTime,
    seen: Option<Timestamp>,
}

#[test]
fn moments_and_lengths_of_time() {
    let database = Db::Postgres.open();
    let engine = &database.engine;
    engine.create_all(schema![Visit]).unwrap();
    let at = |text: &str| text.parse::<DateTime>().unwrap();
    let came = [at("2024-01-31 10:20:30.5"), at("2024-01-31 23:00:00"), at("2024-02-01 00:00:00")];
    let visits = (1..).zip(came).map(|(id, came)| Visit { id, came, seen: (id == 1).then(|| came.as_utc()) });
    engine.insert(Visit::insert().rows(visits)).unwrap();

    let month = Interval { months: 1, ..Interval::default() };
    let hour = Interval { seconds: 3_600, ..Interval::default() };
    let moved =
        select((Visit::CAME.plus(month), Visit::CAME.minus(hour), Visit::SEEN.plus(hour))).filter(Visit::ID.eq(1));
    let seen = at("2024-01-31 11:20:30.5").as_utc();
    assert_eq!(
        engine.fetch_one(moved).unwrap(),
        (at("2024-02-29 10:20:30.5"), at("2024-01-31 09:20:30.5"), Some(seen)),
    );
    let soon = Visit::select().filter(Visit::CAME.gt(value(came[1]).minus(hour)));
    assert_eq!(engine.fetch_all(soon).unwrap().len(), 2);
    let between = select(Visit::CAME.since(came[0])).filter(Visit::ID.eq(2));
    assert_eq!(
        engine.fetch_one(between).unwrap(),
        Interval { seconds: 45_569, nanos: 500_000_000, ..Interval::default() }
    );
    let days = select((Visit::CAME.beginning_of("day"), func::count_all()))
        .group_by(Visit::CAME.beginning_of("day"))
        .order_by(Visit::CAME.beginning_of("day"));
    let expected = [(at("2024-01-31"), 2), (at("2024-02-01"), 1)];
    assert_eq!(engine.fetch_all(days).unwrap(), expected);
}

#[test]
fn elsewhere() {
    let queries: [fn() -> Select<i64>; 6] = [
        || select(Post::ID).filter(Post::TAGS.has("cat")),
        || select(Post::ID).filter(Post::TAGS.contains(vec!["cat".to_owned()])),
        || select(Post::ID).filter(Post::TAGS.length().eq(0)),
        || select(Post::ID).filter(Post::PAGES.contains_value(1)),
        || select(Post::ID).filter(Post::DOC.has_key("k")),
        || select(Post::ID).filter(search::vector("english", Post::TITLE).finds(search::words("english", "x"))),
    ];
    for db in [Db::Sqlite, Db::MariaDb] {
        let database = db.open();
        for query in queries {
            let message = database.engine.fetch_all(query()).unwrap_err().to_string();
            assert!(message.contains(db.dialect_name()), "{message}");
        }
    }
}
