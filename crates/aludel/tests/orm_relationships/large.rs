//! Large lists: what is done takes time by their length, and not by its square.

use std::time::Instant;

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::log::{self, Log};

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "parents")]
struct Parent {
    #[column(primary_key)]
    id: i64,
    #[column(unique)]
    code: String,
    #[has_many(Child::PARENT_ID)]
    children: Many<Child>,
    #[has_many(ByCode::PARENT)]
    by_code: Many<ByCode>,
    #[many_to_many(Link::PARENT_ID, Link::TAG_ID)]
    tags: Many<Tag>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "children")]
struct Child {
    #[column(primary_key)]
    id: i64,
    #[column(references = Parent::ID, index)]
    parent_id: Option<i64>,
    #[belongs_to(Self::PARENT_ID)]
    parent: One<Parent>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "by_codes")]
struct ByCode {
    #[column(primary_key)]
    id: i64,
    #[column(references = Parent::CODE, index)]
    parent: Option<String>,
    #[belongs_to(Self::PARENT)]
    of: One<Parent>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "tags")]
struct Tag {
    #[column(primary_key)]
    id: i64,
    #[many_to_many(Link::TAG_ID, Link::PARENT_ID)]
    parents: Many<Parent>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "links")]
struct Link {
    #[column(primary_key, references = Parent::ID)]
    parent_id: i64,
    #[column(primary_key, references = Tag::ID)]
    tag_id: i64,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "chain")]
struct Chain {
    #[column(primary_key)]
    id: i64,
    #[column(references = Chain::ID)]
    next_id: Option<i64>,
    #[belongs_to(Self::NEXT_ID)]
    next: One<Chain>,
    #[has_many(Self::NEXT_ID)]
    before: Many<Chain>,
}

const MANY: usize = 20_000;

fn session() -> (Session, Log) {
    log::session(schema![Parent, Child, ByCode, Tag, Link, Chain], &["INSERT INTO parents VALUES (1, 'a'), (2, 'b')"])
}

/// The work, ten times as much as a first time, is done in far less than a hundred times the time, at one of some attempts on a
/// busy machine.
#[track_caller]
fn linear(work: impl Fn(usize)) {
    let time = |count| {
        let begin = Instant::now();
        work(count);
        begin.elapsed().as_secs_f64()
    };
    time(MANY / 100);
    let mut attempts = Vec::new();
    for _ in 0..3 {
        let (few, many) = (time(MANY / 10), time(MANY));
        if many < few.max(0.002) * 60.0 {
            return;
        }
        attempts.push((few, many));
    }
    panic!("seconds for {} and for {MANY}: {attempts:?}", MANY / 10);
}

#[test]
fn children_are_linked_and_loaded() {
    linear(|count| {
        let (mut session, log) = session();
        let parent = session.get_one::<Parent>(1).unwrap();
        session.load(parent, Parent::CHILDREN).unwrap();
        let children = session.add_all((0..count).map(|_| Child::build()));
        for (at, child) in children.iter().enumerate() {
            match at % 2 {
                0 => session.link(parent, Parent::CHILDREN, *child),
                _ => session.link(*child, Child::PARENT, parent),
            }
        }
        assert_eq!(session[parent].children.len(), count);
        log.count();
        session.commit().unwrap();
        assert_eq!(log.count(), 1);
        session.load(parent, Parent::CHILDREN).unwrap();
        assert_eq!((session[parent].children.len(), log.count()), (count, 1));
    });
}

/// While queries don't flush, what is pending is merged over what is loaded.
#[test]
fn pending_children_are_merged() {
    linear(|count| {
        let (mut session, _) = session();
        let parents = session.fetch_all(Parent::select().order_by(Parent::ID)).unwrap();
        let children = session.add_all((0..count).map(|_| Child::build()));
        children.iter().for_each(|child| session.link(parents[0], Parent::CHILDREN, *child));
        let mut session = session.no_autoflush();
        session.load(&parents, Parent::CHILDREN).unwrap();
        children.iter().for_each(|child| session.link(parents[1], Parent::CHILDREN, *child));
        session.load(&parents, Parent::CHILDREN).unwrap();
        assert_eq!((session[parents[0]].children.len(), session[parents[1]].children.len()), (0, count));
    });
}

#[test]
fn children_are_moved_and_unlinked() {
    linear(|count| {
        let (mut session, log) = session();
        let parents = session.fetch_all(Parent::select().order_by(Parent::ID)).unwrap();
        session.add_all((0..count).map(|_| Child::build().parent_id(1)));
        session.load(&parents, Parent::CHILDREN).unwrap();
        let children = session.keys(parents[0], Parent::CHILDREN);
        for child in &children {
            session.link(parents[1], Parent::CHILDREN, *child);
        }
        log.count();
        session.flush().unwrap();
        assert_eq!(log.count(), 1);
        for child in children.iter().rev() {
            session.unlink(parents[1], Parent::CHILDREN, *child);
        }
        session.flush().unwrap();
        assert_eq!((session[parents[1]].children.len(), log.count()), (0, 1));
    });
}

#[test]
fn a_large_list_is_replaced_and_its_owner_deleted() {
    linear(|count| {
        let (mut session, _) = session();
        let parent = session.get_one::<Parent>(1).unwrap();
        session.add_all((0..count).map(|_| Child::build().parent_id(1)));
        session.load(parent, Parent::CHILDREN).unwrap();
        let new = (0..count).map(|_| Child { id: 0, parent_id: None, parent: One::unloaded() });
        session[parent].children = new.collect();
        session.flush().unwrap();
        assert_eq!(session[parent].children.len(), count);
        session.delete(parent);
        session.commit().unwrap();
    });
}

#[test]
fn children_are_deleted_one_by_one() {
    linear(|count| {
        let (mut session, _) = session();
        let parent = session.get_one::<Parent>(1).unwrap();
        session.add_all((0..count).map(|_| Child::build().parent_id(1)));
        session.load(parent, Parent::CHILDREN).unwrap();
        for child in session.keys(parent, Parent::CHILDREN) {
            session.delete(child);
        }
        session.commit().unwrap();
        assert!(session[parent].children.is_empty());
    });
}

/// A key that is not the primary one, with many parents.
#[test]
fn by_a_unique_key() {
    linear(|count| {
        let (mut session, _) = session();
        let parents = session.add_all((0..count).map(|at| Parent::build().code(format!("p{at}"))));
        session.flush().unwrap();
        let children = session.add_all((0..count).map(|_| ByCode::build()));
        for (parent, child) in parents.iter().zip(&children) {
            session.link(*parent, Parent::BY_CODE, *child);
        }
        session.flush().unwrap();
        session.load(&parents, Parent::BY_CODE).unwrap();
        assert!(parents.iter().all(|parent| session[*parent].by_code.len() == 1));
        assert_eq!(session.one(children[count - 1], ByCode::OF), Some(parents[count - 1]));
    });
}

#[test]
fn many_links() {
    linear(|count| {
        let (mut session, log) = session();
        let parent = session.get_one::<Parent>(1).unwrap();
        let tags = session.add_all((0..count).map(|_| Tag::build()));
        session.flush().unwrap();
        session.load(parent, Parent::TAGS).unwrap();
        tags.iter().for_each(|tag| session.link(parent, Parent::TAGS, *tag));
        tags.iter().for_each(|tag| session.link(*tag, Tag::PARENTS, parent));
        log.count();
        session.flush().unwrap();
        assert_eq!((session[parent].tags.len(), log.count()), (count, 1));
        session.load(parent, Parent::TAGS).unwrap();
        tags.iter().for_each(|tag| session.unlink(parent, Parent::TAGS, *tag));
        session.commit().unwrap();
        assert_eq!(session[parent].tags.len(), 0);
    });
}

/// New objects that are taken back one by one, and all at once.
#[test]
fn new_objects_are_taken_back() {
    linear(|count| {
        let (mut session, _) = session();
        let parent = session.add(Parent::build().code("new"));
        let children = session.add_all((0..count).map(|_| Child::build()));
        children.iter().for_each(|child| session.link(parent, Parent::CHILDREN, *child));
        children.iter().rev().for_each(|child| session.delete(*child));
        assert!(session[parent].children.is_empty());
        session.add_all((0..count).map(|_| Child::build()));
        session.expunge_all();
        assert!(session.is_empty() && !session.has_changes());
    });
}

/// Rows of one table that all come one behind the other.
#[test]
fn a_long_chain() {
    let (mut session, log) = session();
    let links = session.add_all((0..2_000).map(|_| Chain::build()));
    for pair in links.windows(2) {
        session.link(pair[0], Chain::NEXT, pair[1]);
    }
    let begin = Instant::now();
    session.flush().unwrap();
    assert_eq!(log.count(), 2_000);
    assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
}
