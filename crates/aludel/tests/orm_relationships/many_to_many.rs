//! Many to many over a plain link table, with the reverse side and without.

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::log::{self, Log, stored};

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "posts")]
struct Post {
    #[column(primary_key)]
    id: i64,
    title: String,
    #[many_to_many(PostTag::POST_ID, PostTag::TAG_ID, order_by = Tag::NAME)]
    tags: Many<Tag>,
    #[many_to_many(PostSection::POST_ID, PostSection::SECTION_ID)]
    sections: Many<Section>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "tags")]
struct Tag {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[many_to_many(PostTag::TAG_ID, PostTag::POST_ID, order_by = Post::ID)]
    posts: Many<Post>,
}

/// Knows nothing of its posts.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "sections")]
struct Section {
    #[column(primary_key)]
    id: i64,
    name: String,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "post_tag")]
struct PostTag {
    #[column(primary_key, references = Post::ID)]
    post_id: i64,
    #[column(primary_key, references = Tag::ID)]
    tag_id: i64,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "post_section")]
struct PostSection {
    #[column(primary_key, references = Post::ID)]
    post_id: i64,
    #[column(primary_key, references = Section::ID, on_delete = "cascade")]
    section_id: i64,
}

const ROWS: [&str; 5] = [
    "INSERT INTO posts VALUES (1, 'one'), (2, 'two'), (3, 'three')",
    "INSERT INTO tags VALUES (1, 'rust'), (2, 'sql'), (3, 'orm')",
    "INSERT INTO sections VALUES (1, 'news'), (2, 'blog')",
    "INSERT INTO post_tag VALUES (1, 1), (1, 2), (2, 2)",
    "INSERT INTO post_section VALUES (1, 1), (2, 1)",
];

fn session() -> (Session, Log) {
    log::session(schema![Post, Tag, Section, PostTag, PostSection], &ROWS)
}

const LINKS: &str = "SELECT post_id || '-' || tag_id FROM post_tag ORDER BY post_id, tag_id";
const SECTIONS: &str = "SELECT post_id || '-' || section_id FROM post_section ORDER BY post_id, section_id";

fn names(session: &Session, post: Key<Post>) -> Vec<String> {
    session.view(post).many(Post::TAGS).map(|tag| tag.name.clone()).collect()
}

#[test]
fn a_graph_of_builders() {
    let (mut session, log) = session();
    let post = Post::build().title("four").tags([Tag::build().name("a"), Tag::build().name("b")]);
    let post = session.add(post.sections([Section::build().name("new")]));
    session.commit().unwrap();
    let mut statements = log.short();
    statements.sort();
    assert_eq!(
        statements,
        ["INSERT post_section 1", "INSERT post_tag 2", "INSERT posts 1", "INSERT sections 1", "INSERT tags 2"]
    );
    for tag in session.keys(post, Post::TAGS) {
        assert_eq!(session.keys(tag, Tag::POSTS), [post]);
    }
    assert_eq!(stored(&mut session, &log, LINKS)[3..], ["4-4", "4-5"]);
}

#[test]
fn loaded_from_both_sides() {
    let (mut session, log) = session();
    let posts = session.fetch_all(Post::select().order_by(Post::ID).options(selectinload(Post::TAGS))).unwrap();
    assert_eq!(log.count(), 2);
    assert_eq!(
        posts.iter().map(|post| names(&session, *post)).collect::<Vec<_>>(),
        [vec!["rust", "sql"], vec!["sql"], vec![]]
    );
    let sql = session.keys(posts[1], Post::TAGS)[0];
    assert!(session.try_keys(sql, Tag::POSTS).is_err());
    session.load(sql, Tag::POSTS).unwrap();
    assert_eq!(session.keys(sql, Tag::POSTS), posts[..2]);
}

/// Both lists are right at once, whichever side is named.
#[test]
fn linked_and_unlinked_from_either_side() {
    let (mut session, log) = session();
    let post = session.get_one::<Post>(1).unwrap();
    let (rust, orm) = (session.get_one::<Tag>(1).unwrap(), session.get_one::<Tag>(3).unwrap());
    session.load(post, Post::TAGS).unwrap();
    session.load([rust, orm], Tag::POSTS).unwrap();
    session.link(post, Post::TAGS, orm);
    assert_eq!((names(&session, post).join(" "), session.keys(orm, Tag::POSTS)), ("rust sql orm".into(), vec![post]));
    session.unlink(rust, Tag::POSTS, post);
    assert_eq!((names(&session, post).join(" "), session[rust].posts.len()), ("sql orm".into(), 0));
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["DELETE post_tag 1", "INSERT post_tag 1"]);
    assert_eq!(stored(&mut session, &log, LINKS), ["1-2", "1-3", "2-2"]);
}

/// Links from the two sides are one statement.
#[test]
fn both_sides_are_one_statement() {
    let (mut session, log) = session();
    let (post, other) = (session.get_one::<Post>(3).unwrap(), session.get_one::<Post>(2).unwrap());
    let (rust, orm) = (session.get_one::<Tag>(1).unwrap(), session.get_one::<Tag>(3).unwrap());
    session.link(post, Post::TAGS, orm);
    session.link(rust, Tag::POSTS, other);
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["INSERT post_tag 2"]);
    assert_eq!(stored(&mut session, &log, LINKS), ["1-1", "1-2", "2-1", "2-2", "3-3"]);
}

/// What is linked already is not linked again, and the other way round.
#[test]
fn links_are_not_doubled() {
    let (mut session, log) = session();
    let post = session.get_one::<Post>(1).unwrap();
    session.load(post, Post::TAGS).unwrap();
    let (rust, orm) = (session.get_one::<Tag>(1).unwrap(), session.get_one::<Tag>(3).unwrap());
    log.count();
    session.link(post, Post::TAGS, rust);
    session.link(rust, Tag::POSTS, post);
    session.unlink(post, Post::TAGS, orm);
    session.commit().unwrap();
    assert_eq!(log.count(), 0);
    session.load(post, Post::TAGS).unwrap();
    session.link(post, Post::TAGS, orm);
    session.link(orm, Tag::POSTS, post);
    session.unlink(post, Post::TAGS, rust);
    session.unlink(rust, Tag::POSTS, post);
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["DELETE post_tag 1", "INSERT post_tag 1"]);
}

/// A link that was taken back before the flush never was.
#[test]
fn links_are_called_off() {
    let (mut session, log) = session();
    let post = session.get_one::<Post>(1).unwrap();
    session.load(post, Post::TAGS).unwrap();
    let (rust, orm) = (session.get_one::<Tag>(1).unwrap(), session.get_one::<Tag>(3).unwrap());
    session.link(post, Post::TAGS, orm);
    session.unlink(orm, Tag::POSTS, post);
    session.unlink(post, Post::TAGS, rust);
    session.link(rust, Tag::POSTS, post);
    assert_eq!(names(&session, post).join(" "), "sql rust");
    log.count();
    session.commit().unwrap();
    assert_eq!(log.count(), 0);
}

#[test]
fn a_list_is_replaced() {
    for is_loaded in [true, false] {
        let (mut session, log) = session();
        let post = session.get_one::<Post>(1).unwrap();
        if is_loaded {
            session.load(post, Post::TAGS).unwrap();
        }
        let tag = Tag { id: 0, name: "new".into(), posts: Many::unloaded() };
        session[post].tags = Many::from(vec![tag]);
        session.commit().unwrap();
        assert_eq!(stored(&mut session, &log, LINKS), ["1-4", "2-2"], "loaded: {is_loaded}");
        assert_eq!(names(&session, post), ["new"]);
    }
}

/// A list of keys taken over from another object.
#[test]
fn a_list_of_keys_is_assigned() {
    let (mut session, log) = session();
    let posts = session.fetch_all(Post::select().order_by(Post::ID).options(selectinload(Post::TAGS))).unwrap();
    let tags = session[posts[1]].tags.clone();
    session[posts[0]].tags = tags.clone();
    session[posts[2]].tags = tags;
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["DELETE post_tag 1", "INSERT post_tag 1"]);
    assert_eq!(stored(&mut session, &log, LINKS), ["1-2", "2-2", "3-2"]);
}

#[test]
fn values_are_pushed() {
    let (mut session, log) = session();
    let post = session.get_one::<Post>(3).unwrap();
    session[post].tags.push(Tag::build().name("x"));
    session[post].sections.push(Section::build().name("y"));
    session.commit().unwrap();
    assert_eq!(stored(&mut session, &log, LINKS)[3..], ["3-4"]);
    assert_eq!(stored(&mut session, &log, SECTIONS)[2..], ["3-3"]);
}

/// The link rows go with either side, loaded or not.
#[test]
fn either_side_is_deleted() {
    for is_loaded in [true, false] {
        let (mut session, log) = session();
        let sql = session.get_one::<Tag>(2).unwrap();
        let post = session.get_one::<Post>(1).unwrap();
        session.load(post, Post::TAGS).unwrap();
        if is_loaded {
            session.load(sql, Tag::POSTS).unwrap();
        }
        session.delete(sql);
        assert_eq!(names(&session, post), ["rust"]);
        log.count();
        session.flush().unwrap();
        let statements = log.short();
        assert_eq!(statements[statements.len() - 2..], ["DELETE post_tag 2", "DELETE tags 1"]);
        assert_eq!(stored(&mut session, &log, LINKS), ["1-1"]);
        session.rollback().unwrap();
        assert_eq!(names(&session, post), ["rust", "sql"]);
        session.delete(post);
        session.commit().unwrap();
        assert_eq!(stored(&mut session, &log, LINKS), ["2-2"]);
        assert_eq!(stored(&mut session, &log, SECTIONS), ["2-1"]);
    }
}

/// The other side knows nothing of it: the database takes its link rows away.
#[test]
fn one_side_alone() {
    let (mut session, log) = session();
    let post = session.get_one::<Post>(1).unwrap();
    session.load(post, Post::SECTIONS).unwrap();
    let news = session.keys(post, Post::SECTIONS)[0];
    let blog = session.get_one::<Section>(2).unwrap();
    session.link(post, Post::SECTIONS, blog);
    assert_eq!(session.keys(post, Post::SECTIONS), [news, blog]);
    session.flush().unwrap();
    session.delete(news);
    assert_eq!(session.keys(post, Post::SECTIONS), [blog]);
    session.commit().unwrap();
    assert_eq!(stored(&mut session, &log, SECTIONS), ["1-2"]);
}

/// New objects on both sides, in whatever order they were added.
#[test]
fn new_objects_are_linked() {
    let (mut session, log) = session();
    let tag = session.add(Tag::build().name("new"));
    let post = session.add(Post::build().title("new"));
    session.link(tag, Tag::POSTS, post);
    assert_eq!((session.keys(post, Post::TAGS), session.keys(tag, Tag::POSTS)), (vec![tag], vec![post]));
    let taken_back = session.add(Tag::build().name("gone"));
    session.link(post, Post::TAGS, taken_back);
    session.delete(taken_back);
    assert_eq!(session.keys(post, Post::TAGS), [tag]);
    session.commit().unwrap();
    assert_eq!(stored(&mut session, &log, LINKS)[3..], ["4-4"]);
}

/// A link row that another program has deleted in the meantime is told.
#[test]
fn a_link_that_is_gone() {
    let (mut session, _) = session();
    let post = session.get_one::<Post>(1).unwrap();
    session.load(post, Post::TAGS).unwrap();
    session.execute(text("DELETE FROM post_tag WHERE post_id = 1 AND tag_id = 1")).unwrap();
    let rust = session.keys(post, Post::TAGS)[0];
    session.unlink(post, Post::TAGS, rust);
    let error = session.commit().unwrap_err();
    assert!(error.is_stale_data(), "{error}");
    assert!(error.to_string().contains("the link table of Post.tags"), "{error}");
}

/// A changed object whose list is loaded while autoflush is off: what was loaded is no change.
#[test]
fn loaded_while_changed() {
    let (mut session, log) = session();
    let post = session.get_one::<Post>(1).unwrap();
    session[post].title = "changed".into();
    {
        let mut session = session.no_autoflush();
        session.load(post, Post::TAGS).unwrap();
    }
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["UPDATE posts 1"]);
}
