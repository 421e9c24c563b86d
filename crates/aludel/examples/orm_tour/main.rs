//! The ORM in one page of code and one page of output, on SQLite in memory.
//!
//! ```text
//! cargo run --example orm_tour
//! ```
//!
//! The statements that ran stand behind bars. The program is a blocking one; with `aludel::Engine` and `aludel::Session` in
//! place of `aludel::blocking`, it has the same lines with `.await` behind the calls that wait: `session.commit().await?`.

mod model;
mod page;

use std::io::{self, Write};

use aludel::blocking::{Engine, Session};
use aludel::prelude::*;

use model::{Audit, Author, Book, BookTag, Tag};
use page::Page;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let page = Page::default();
    let told = tell(&page);
    write!(io::stdout(), "{page}")?;
    told
}

fn tell(page: &Page) -> Result<(), Failure> {
    let engine = Engine::connect("sqlite::memory:")?;
    engine.create_all(schema![Author, Book, Tag, BookTag, Audit])?;
    let watching = page.watch(&engine);

    let mut session = Session::new(&engine);
    let (le_guin, lem) = add(page, &mut session)?;
    read(page, &mut session)?;
    change(page, &mut session, lem)?;
    link(page, &mut session, le_guin)?;
    undo(page, &mut session, lem)?;
    ask(page, &mut session)?;
    listen(page, &mut session, le_guin)?;
    serialize(page, &mut session, le_guin)?;
    delete(page, &mut session, le_guin)?;
    engine.events().remove(watching);
    repeat(page, &mut session)
}

fn add(page: &Page, session: &mut Session) -> Result<(Key<Author>, Key<Author>), Failure> {
    page.chapter("A graph is added as a whole, and written in the order that foreign keys ask for");
    let utopia = || Tag::build().label("utopia");
    let le_guin = session.add(Author::build().name("Ursula K. Le Guin").born(1929).books([
        Book::build().title("The Dispossessed").year(1974).tags([utopia()]),
        Book::build().title("The Lathe of Heaven").year(1971),
    ]));
    let lem = session.add(Author::build().name("Stanislaw Lem").books([Book::build().title("Solaris").year(1961)]));
    session.commit()?;
    page.say(format_args!("{} has the key {}", session[le_guin].name, session[le_guin].id));
    Ok((le_guin, lem))
}

fn read(page: &Page, session: &mut Session) -> Result<(), Failure> {
    page.chapter("What will be read is said with the query: one statement for each relationship, however many rows");
    let books = selectinload(Author::BOOKS).selectinload(Book::TAGS);
    let authors = session.fetch_all(Author::select().order_by(Author::NAME).options(books))?;
    for author in authors.into_iter().map(|key| session.view(key)) {
        for book in author.many(Author::BOOKS) {
            let tags: Vec<&str> = book.many(Book::TAGS).map(|tag| tag.get().label.as_str()).collect();
            page.say(format_args!("{}, {} ({}) {tags:?}", author.name, book.title, book.year));
        }
    }
    Ok(())
}

fn change(page: &Page, session: &mut Session, lem: Key<Author>) -> Result<(), Failure> {
    page.chapter("A column is changed, another one is set to what it was: one UPDATE of one column");
    session[lem].born = Some(1921);
    session[lem].name = "Stanislaw Lem".into();
    session.commit()?;
    Ok(())
}

fn link(page: &Page, session: &mut Session, le_guin: Key<Author>) -> Result<(), Failure> {
    page.chapter("Objects are linked and unlinked, on both sides at once; a book without its author is an orphan");
    session.load(le_guin, Author::BOOKS)?;
    let [lathe, dispossessed] = session.keys(le_guin, Author::BOOKS)[..] else { return Err("two books".into()) };
    let dreams = session.add(Tag::build().label("dreams"));
    session.link(lathe, Book::TAGS, dreams);
    session.unlink(le_guin, Author::BOOKS, dispossessed);
    page.say(format_args!("{} book is left before anything is written", session[le_guin].books.len()));
    session.flush()?;
    Ok(())
}

fn undo(page: &Page, session: &mut Session, lem: Key<Author>) -> Result<(), Failure> {
    page.chapter("A rollback undoes all of it, in the database and in the objects; a savepoint undoes a part");
    session.rollback()?;
    page.say(format_args!("{} books are here again", session.all::<Book>().len()));
    session[lem].born = Some(1900);
    let mut nested = session.begin_nested()?;
    let robots = nested.add(Book::build().title("Fables for Robots").year(1964));
    nested.link(lem, Author::BOOKS, robots);
    nested[lem].born = None;
    nested.rollback()?;
    page.say(format_args!("after the savepoint: born {:?}, robots {}", session[lem].born, session.contains(robots)));
    session.rollback()?;
    page.say(format_args!("after the rollback: born {:?}", session[lem].born));
    Ok(())
}

fn ask(page: &Page, session: &mut Session) -> Result<(), Failure> {
    page.chapter("Relationships are conditions and joins");
    let is_utopia = Tag::LABEL.eq("utopia");
    let query = select(Author::NAME).filter(Author::BOOKS.any(Book::TAGS.any(is_utopia)));
    page.say(format_args!("{:?}", session.fetch_all(query)?));
    let query = select(Book::TITLE).filter(Book::AUTHOR.has(Author::BORN.lt(1925)));
    page.say(format_args!("{:?}", session.fetch_all(query)?));
    let query = select((Author::NAME, func::count(Book::ID))).join_related(Author::BOOKS).group_by(Author::ID);
    page.say(format_args!("{:?}", session.fetch_all(query)?));

    page.chapter("A joined collection under LIMIT: one author and all of their books");
    let query = Author::select().order_by(Author::NAME.desc()).limit(1).options(joinedload(Author::BOOKS));
    let author = session.fetch_one(query)?;
    page.say(format_args!("{} wrote {}", session[author].name, session[author].books.len()));
    Ok(())
}

fn listen(page: &Page, session: &mut Session, le_guin: Key<Author>) -> Result<(), Failure> {
    page.chapter("An event: who is renamed stands in the audit log, written by the same flush");
    session.events().before_update(|session, author: Key<Author>| {
        let name = session.history(author, Author::NAME);
        if let Some(old) = name.old {
            session.add(Audit::build().what(format!("{old} is {}", name.now)));
        }
        Ok(())
    });
    session[le_guin].name = "Ursula Le Guin".into();
    session.commit()?;
    Ok(())
}

fn serialize(page: &Page, session: &mut Session, le_guin: Key<Author>) -> Result<(), Failure> {
    page.chapter("A view is ready for serde, with what is loaded of its graph");
    session.load(le_guin, selectinload(Author::BOOKS).selectinload(Book::TAGS))?;
    page.say(serde_json::to_string(&session.view(le_guin))?);
    Ok(())
}

fn delete(page: &Page, session: &mut Session, le_guin: Key<Author>) -> Result<(), Failure> {
    page.chapter("What a deletion comes to, before it is done");
    session.delete(le_guin);
    page.say(session.plan()?);
    session.commit()?;
    Ok(())
}

fn repeat(page: &Page, session: &mut Session) -> Result<(), Failure> {
    page.chapter("Loading one by one is noticed");
    let heard = page.clone();
    session.events().n_plus_one(move |found| heard.say(found));
    session.bulk_insert::<Author, _>((1..=10).map(|number| Author::build().name(format!("Author {number}"))))?;
    for author in session.fetch_all(Author::select())? {
        session.load(author, Author::BOOKS)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Page, tell};

    #[test]
    fn the_tour_is_as_it_was() {
        let page = Page::default();
        tell(&page).unwrap();
        let told = page.to_string();
        // The warning of N+1 has the line, which moves.
        let (before, after) = told.split_once("main.rs:").unwrap();
        let after = after.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':');
        insta::assert_snapshot!(format!("{before}main.rs:LINE{after}"));
    }
}
