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

/// A session that doesn't see deleted notes.
fn session(engine: &Engine) -> Session {
    let session = Session::new(engine);
    session.events().do_orm_execute(|execute| {
        execute.add_criteria::<Note>(not(Note::IS_DELETED));
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
