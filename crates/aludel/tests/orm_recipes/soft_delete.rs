//! Soft deletes: rows are marked and stay. Queries and loaders leave marked rows out by themselves.

use aludel::blocking::{Engine, Session};
use aludel::prelude::*;

use crate::database;

#[derive(Entity, Clone, Debug)]
struct Folder {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[has_many(Note::FOLDER_ID, order_by = Note::ID)]
    notes: Many<Note>,
}

#[derive(Entity, Clone, Debug)]
struct Note {
    #[column(primary_key)]
    id: i64,
    text: String,
    #[column(default)]
    is_deleted: bool,
    #[column(references = Folder::ID)]
    folder_id: i64,
}

/// Said of a query, it sees deleted notes.
struct Deleted;

/// A session that doesn't see deleted notes, but in queries that say so.
fn session(engine: &Engine) -> Session {
    let session = Session::new(engine);
    session.events().do_orm_execute(|execute| {
        if execute.info::<Deleted>().is_none() {
            execute.add_criteria::<Note>(not(Note::IS_DELETED));
        }
        Ok(())
    });
    session
}

/// Marks a note, and lets it go. The list that it was in is not known any more, and is loaded again when somebody needs it.
fn delete(session: &mut Session, note: Key<Note>) -> Result<()> {
    session[note].is_deleted = true;
    session.flush()?;
    session.expunge(note);
    Ok(())
}

#[test]
fn deleted_rows_are_not_seen() {
    let engine = database(schema![Folder, Note]);
    let mut session = session(&engine);
    let notes = ["one", "two", "three"].map(|text| Note::build().text(text));
    let folder = session.add(Folder::build().name("inbox").notes(notes));
    session.commit().unwrap();
    let [_, two, _] = session.keys(folder, Folder::NOTES)[..] else { panic!("three notes") };
    let id = session[two].id;
    delete(&mut session, two).unwrap();
    assert!(session[folder].notes.is_unloaded());
    session.commit().unwrap();

    // Queries, loads and `get` leave it out.
    assert_eq!(session.fetch_all(Note::select()).unwrap().len(), 2);
    assert_eq!(session.get::<Note>(id).unwrap(), None);
    session.load(folder, Folder::NOTES).unwrap();
    let texts: Vec<&str> = session.view(folder).many(Folder::NOTES).map(|note| note.get().text.as_str()).collect();
    assert_eq!(texts, ["one", "three"]);
    // So do statements of the program's own.
    assert_eq!(session.execute(Note::update().set(Note::TEXT, "x")).unwrap(), 2);
    session.commit().unwrap();

    // A session without the listener sees it, and brings it back.
    let mut all = Session::new(&engine);
    let two = all.get_one::<Note>(id).unwrap();
    assert_eq!(all[two].text, "two");
    all[two].is_deleted = false;
    all.commit().unwrap();
    assert_eq!(session.fetch_all(Note::select()).unwrap().len(), 3);
}

/// A folder of which all notes are deleted, and one with a note that is there.
fn folders() -> Session {
    let engine = database(schema![Folder, Note]);
    let mut session = session(&engine);
    session.add(Folder::build().name("old").notes([Note::build().text("a").is_deleted(true)]));
    session.add(Folder::build().name("new").notes([Note::build().text("a").is_deleted(true), Note::build().text("b")]));
    session.commit().expect("nothing is wrong with the rows");
    session.expunge_all();
    session
}

#[test]
fn outer_joins_keep_the_other_side() {
    let mut session = folders();
    let query = select((Folder::NAME, Note::TEXT.optional())).left_join_related(Folder::NOTES).order_by(Folder::ID);
    let rows = session.fetch_all(query).unwrap();
    assert_eq!(rows, [("old".to_owned(), None), ("new".to_owned(), Some("b".to_owned()))]);
    let query = Folder::select().left_join_related(Folder::NOTES).order_by(Folder::ID);
    let folders = session.fetch_all(query.options(contains_eager(Folder::NOTES))).unwrap();
    let counts: Vec<usize> = folders.iter().map(|folder| session[*folder].notes.len()).collect();
    assert_eq!(counts, [0, 1]);
}

#[test]
fn subqueries_leave_deleted_rows_out_too() {
    let mut session = folders();
    let names = |session: &mut Session, condition| session.fetch_all(select(Folder::NAME).filter(condition)).unwrap();
    assert_eq!(names(&mut session, Folder::NOTES.is_empty()), ["old"]);
    assert!(names(&mut session, Folder::NOTES.any(Note::TEXT.eq("a"))).is_empty());
    let with_b = Folder::ID.in_query(select(Note::FOLDER_ID).filter(Note::TEXT.eq("b")));
    assert_eq!(names(&mut session, with_b), ["new"]);
    let count = select(func::count_all()).from(Note::TABLE).filter(Note::FOLDER_ID.eq(Folder::ID)).scalar();
    let counts = session.fetch_all(select(count).from(Folder::TABLE).order_by(Folder::ID)).unwrap();
    assert_eq!(counts, [Some(0), Some(1)]);
    let totals =
        select((Note::FOLDER_ID, func::count(Note::ID).label("total"))).group_by(Note::FOLDER_ID).subquery("t");
    let query = select(Folder::NAME).join(&totals, totals.col(Note::FOLDER_ID).eq(Folder::ID));
    assert_eq!(session.fetch_all(query).unwrap(), ["new"]);
}

#[test]
fn a_query_may_see_deleted_rows() {
    let mut session = folders();
    assert_eq!(session.fetch_all(Note::select().info(Deleted)).unwrap().len(), 3);
    session.expunge_all();
    let query = Folder::select().order_by(Folder::ID).options(selectinload(Folder::NOTES));
    let counts = |session: &mut Session, query| {
        let folders: Vec<Key<Folder>> = session.fetch_all(query).unwrap();
        folders.iter().map(|folder| session[*folder].notes.len()).collect::<Vec<_>>()
    };
    assert_eq!(counts(&mut session, query.clone().info(Deleted)), [1, 2]);
    session.expunge_all();
    assert_eq!(counts(&mut session, query), [0, 1]);
}
