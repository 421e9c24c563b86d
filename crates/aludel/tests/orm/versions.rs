//! Version columns, and rows that others have changed or deleted.

use aludel::blocking::{Engine, Session};
use aludel::prelude::*;

use crate::backend::fill;
use crate::model::{Doc, Log, User, database};

/// A session that has the document, and two other ones.
fn start() -> (Engine, Session, Key<Doc>, Log) {
    let (engine, log) = database();
    fill(&engine, &["INSERT INTO docs VALUES (2, 'second', 1), (3, 'third', 1)"]);
    let mut session = Session::new(&engine);
    let doc = session.get_one::<Doc>(1).unwrap();
    log.take();
    (engine, session, doc, log)
}

#[test]
fn every_change_counts() {
    let (_, mut session, doc, log) = start();
    session[doc].body = "two".into();
    session.flush().unwrap();
    session[doc].body = "three".into();
    session.commit().unwrap();
    assert_eq!(session[doc].version, 3);
    assert_eq!(log.sql()[0], "UPDATE docs SET body = ?, version = ? WHERE docs.id = ? AND docs.version = ?");
    session.refresh(doc).unwrap();
    assert_eq!((session[doc].body.as_str(), session[doc].version), ("three", 3));
    // Nothing changed, nothing counted.
    session[doc].body = "three".into();
    session.commit().unwrap();
    assert_eq!(session[doc].version, 3);
}

#[test]
fn a_new_row_begins_at_one() {
    let (_, mut session, _, _) = start();
    let new = session.add(Doc::build().body("new"));
    session.flush().unwrap();
    assert_eq!(session[new].version, 1);
    let new = session.add(Doc { id: 0, body: "plain".into(), version: 1 });
    session.flush().unwrap();
    assert_eq!((session[new].id, session[new].version), (5, 1));
}

/// Somebody else was faster. The error names the row; the session goes on once it has been read again.
#[test]
fn changed_by_somebody_else() {
    for is_written_before in [false, true] {
        let (engine, mut session, doc, _) = start();
        session.rollback().unwrap();
        engine.execute(text("UPDATE docs SET body = 'theirs', version = 2 WHERE id = 1")).unwrap();
        let other = if is_written_before {
            let other = session.add(User::build().name("mine"));
            session.flush().unwrap();
            Some(other)
        } else {
            None
        };
        session[doc].body = "mine".into();
        let error = session.flush().unwrap_err();
        assert!(error.is_stale_data(), "{error}");
        let said = error.to_string();
        assert!(
            said.starts_with(
                "Doc(id = 1) could not be updated: another program has changed or deleted it since it was read \
                 (at version = 1); refresh it and try again\n"
            ),
            "{said}"
        );
        // The change is still there, and so is what was flushed before.
        assert_eq!((session[doc].body.as_str(), session[doc].version), ("mine", 1));
        assert!(other.is_none_or(|other| session[other].id == 5));
        session.refresh(doc).unwrap();
        assert_eq!((session[doc].body.as_str(), session[doc].version), ("theirs", 2));
        session[doc].body = "mine after all".into();
        session.commit().unwrap();
        assert_eq!(session[doc].version, 3);
        let users: i64 = engine.fetch_one(select(func::count_all()).from(User::TABLE)).unwrap();
        assert_eq!(users, if is_written_before { 5 } else { 4 });
    }
}

/// One of several rows of one statement: it is the one that is named, and the others are not written either.
#[test]
fn one_of_many() {
    let (engine, mut session, _, _) = start();
    session.rollback().unwrap();
    let docs = session.fetch_all(Doc::select().order_by(Doc::ID)).unwrap();
    session.rollback().unwrap();
    engine.execute(text("UPDATE docs SET version = 5 WHERE id = 2")).unwrap();
    for doc in &docs {
        session[*doc].body.push('!');
    }
    let said = session.flush().unwrap_err().to_string();
    assert!(said.starts_with("Doc(id = 2) could not be updated"), "{said}");
    assert!(docs.iter().all(|doc| session[*doc].version == 1 && session[*doc].body.ends_with('!')));
    let bodies: Vec<String> = engine.fetch_all(select(Doc::BODY).order_by(Doc::ID)).unwrap();
    assert_eq!(bodies, ["one", "second", "third"]);
    session.refresh(docs[1]).unwrap();
    session.commit().unwrap();
    let rows: Vec<(String, i64)> = engine.fetch_all(select((Doc::BODY, Doc::VERSION)).order_by(Doc::ID)).unwrap();
    assert_eq!(rows, [("one!".into(), 2), ("second".into(), 5), ("third!".into(), 2)]);
}

#[test]
fn deleting_what_somebody_else_has_changed() {
    let (engine, mut session, doc, _) = start();
    session.rollback().unwrap();
    engine.execute(text("UPDATE docs SET version = 2 WHERE id = 1")).unwrap();
    session.delete(doc);
    let error = session.flush().unwrap_err();
    assert!(error.is_stale_data());
    assert!(error.to_string().starts_with("Doc(id = 1) could not be deleted"), "{error}");
    assert_eq!(session.deleted::<Doc>(), [doc]);
    session.rollback().unwrap();
    session.refresh(doc).unwrap();
    assert_eq!(session[doc].version, 2);
    session.delete(doc);
    session.commit().unwrap();
    let left: i64 = engine.fetch_one(select(func::count_all()).from(Doc::TABLE)).unwrap();
    assert_eq!(left, 2);
}

/// Without a version column too, an update of a row that is gone is told.
#[test]
fn deleted_by_somebody_else() {
    let (engine, mut session, _, _) = start();
    let fred = session.get_one::<User>(4).unwrap();
    session.rollback().unwrap();
    engine.execute(text("DELETE FROM users WHERE id = 4")).unwrap();
    session[fred].name = "x".into();
    let error = session.flush().unwrap_err();
    assert!(error.is_stale_data());
    let said = error.to_string();
    assert!(
        said.starts_with(
            "User(id = 4) could not be updated: its row is not there any more; refresh it and try again\n"
        ),
        "{said}"
    );
    session.expunge(fred);
    session.commit().unwrap();
    // Deleting it would have come to the same.
    let mary = session.get_one::<User>(3).unwrap();
    session.rollback().unwrap();
    engine.execute(text("DELETE FROM users WHERE id = 3")).unwrap();
    session.delete(mary);
    session.commit().unwrap();
    assert!(!session.contains(mary));
}

/// A rollback takes the version back along.
#[test]
fn rolled_back() {
    let (_, mut session, doc, _) = start();
    session[doc].body = "two".into();
    session.flush().unwrap();
    assert_eq!(session[doc].version, 2);
    session.rollback().unwrap();
    assert_eq!((session[doc].body.as_str(), session[doc].version), ("one", 1));
    session[doc].body = "again".into();
    session.commit().unwrap();
    assert_eq!(session[doc].version, 2);
}

/// The version is the session's to count, whatever a program sets.
#[test]
fn set_by_hand() {
    let (_, mut session, doc, log) = start();
    session[doc].version = 40;
    session.flush().unwrap();
    assert!(log.take().is_empty());
    session[doc].version = 40;
    session[doc].body = "two".into();
    session.commit().unwrap();
    session.refresh(doc).unwrap();
    assert_eq!((session[doc].body.as_str(), session[doc].version), ("two", 2));
}
