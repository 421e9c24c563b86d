//! Reading graphs, copying them, and writing them down.

use aludel::blocking::Session;
use aludel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Entity, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[entity(table = "authors")]
struct Author {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[has_many(Book::AUTHOR_ID, order_by = Book::ID)]
    #[serde(default, skip_serializing_if = "Many::is_unloaded")]
    books: Many<Book>,
}

#[derive(Entity, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[entity(table = "books")]
struct Book {
    #[column(primary_key)]
    id: i64,
    title: String,
    #[column(references = Author::ID)]
    author_id: Option<i64>,
    #[belongs_to(Book::AUTHOR_ID)]
    #[serde(default, skip_serializing_if = "One::is_unloaded")]
    author: One<Author>,
    #[has_many(Rating::BOOK_ID, order_by = Rating::READER)]
    #[serde(default, skip_serializing_if = "Many::is_unloaded")]
    ratings: Many<Rating>,
}

/// Who has read what: an object between two others.
#[derive(Entity, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[entity(table = "ratings")]
struct Rating {
    #[column(primary_key, references = Book::ID)]
    book_id: i64,
    #[column(primary_key)]
    reader: String,
    stars: i32,
    #[belongs_to(Rating::BOOK_ID)]
    #[serde(default, skip_serializing_if = "One::is_unloaded")]
    book: One<Book>,
}

fn library() -> Session {
    let engine = crate::backend::engine();
    engine.create_all(schema![Author, Book, Rating]).unwrap();
    let mut session = Session::new(&engine);
    session.add(
        Author::build().name("Austen").books([
            Book::build()
                .title("Emma")
                .ratings([Rating::build().reader("ann").stars(5), Rating::build().reader("bob").stars(3)]),
            Book::build().title("Persuasion"),
        ]),
    );
    session.flush().unwrap();
    session.add(Book::build().title("Beowulf"));
    session.commit().unwrap();
    session.expunge_all();
    session
}

fn everything(session: &mut Session) -> Key<Author> {
    let books = selectinload(Author::BOOKS);
    let books = books.options((selectinload(Book::RATINGS), selectinload(Book::AUTHOR)));
    session.fetch_one(Author::select().options(books)).unwrap()
}

#[test]
fn a_view_reads_without_the_session() {
    let mut session = library();
    let austen = everything(&mut session);
    let view = session.view(austen);
    assert_eq!((view.key(), view.name.as_str()), (austen, "Austen"));
    let stars = view.many(Author::BOOKS).map(|book| book.many(Book::RATINGS).map(|rating| rating.stars).sum::<i32>());
    assert_eq!(stars.collect::<Vec<_>>(), [8, 0]);
    let titles: Vec<&str> = view.many(Author::BOOKS).map(|book| book.get().title.as_str()).collect();
    assert_eq!(titles, ["Emma", "Persuasion"]);
    let author = view.many(Author::BOOKS).next().unwrap().one(Book::AUTHOR).unwrap();
    assert_eq!(author.key(), austen);
    assert_eq!(view.many(Author::BOOKS).len(), 2);
}

/// As an association proxy: from books through ratings to their books.
#[test]
fn a_view_through_an_object_between() {
    let mut session = library();
    let austen = everything(&mut session);
    let emma = session.keys(austen, Author::BOOKS)[0];
    let books: Vec<Key<Book>> =
        session.view(emma).through(Book::RATINGS, Rating::BOOK).map(|book| book.key()).collect();
    assert_eq!(books, [emma, emma]);
}

#[test]
fn an_owned_graph_is_cut_where_it_comes_back() {
    let mut session = library();
    let austen = everything(&mut session);
    let owned = session.owned(austen);
    assert_eq!(session.view(austen).owned(), owned);
    let emma = &owned.books.values()[0];
    assert_eq!((emma.title.as_str(), emma.ratings.len()), ("Emma", 2));
    // The author is on the way already; the ratings' books were not loaded.
    assert!(emma.author.is_unloaded());
    assert!(emma.ratings.values()[0].book.is_unloaded());
    // From the other end the author is there, and his list ends at the book.
    let emma = session.keys(austen, Author::BOOKS)[0];
    let owned = session.owned(emma);
    let author = owned.author.get().unwrap();
    assert_eq!(author.books.len(), 2);
    assert!(author.books.values()[0].author.is_unloaded() && author.books.values()[0].ratings.is_unloaded());
    assert_eq!(author.books.values()[1].title, "Persuasion");
}

/// Nobody is not the same as not known.
#[test]
fn an_owned_object_without_anybody() {
    let mut session = library();
    let query = Book::select().filter(Book::TITLE.eq("Beowulf"));
    let beowulf = session.fetch_one(query.options((selectinload(Book::AUTHOR), selectinload(Book::RATINGS)))).unwrap();
    let owned = session.owned(beowulf);
    assert!(owned.author.is_none() && owned.author.is_loaded());
    assert!(owned.ratings.is_empty() && owned.ratings.is_loaded());
}

#[test]
fn a_view_as_json() {
    let mut session = library();
    let austen = everything(&mut session);
    let shown = serde_json::to_value(session.view(austen)).unwrap();
    let book = |id: i64, title: &str, ratings| json!({"id": id, "title": title, "author_id": 1, "ratings": ratings});
    let rating = |reader: &str, stars: i32| json!({"book_id": 1, "reader": reader, "stars": stars});
    assert_eq!(
        shown,
        json!({
            "id": 1,
            "name": "Austen",
            "books": [book(1, "Emma", json!([rating("ann", 5), rating("bob", 3)])), book(2, "Persuasion", json!([]))],
        })
    );
    let shown = serde_json::to_value(session.owned(austen)).unwrap();
    assert_eq!(shown["books"][1]["title"], "Persuasion");
    // A document is a graph again.
    let read: Author = serde_json::from_value(shown).unwrap();
    assert_eq!(read, session.owned(austen));
    let refused = serde_json::to_value(&session[austen]).unwrap_err();
    assert!(refused.to_string().contains("serialize `session.view(key)`"), "{refused}");
}

/// What comes from a document is merged.
#[test]
fn json_into_a_session() {
    let mut session = library();
    let document = json!({"id": 1, "name": "Jane Austen", "books": [
        {"id": 2, "title": "Persuasion!", "author_id": 1},
        {"id": 0, "title": "Sanditon", "author_id": null},
    ]});
    let austen = session.merge(serde_json::from_value::<Author>(document).unwrap()).unwrap();
    session.commit().unwrap();
    session.load(austen, Author::BOOKS).unwrap();
    let shown: Vec<(i64, &str)> =
        session.view(austen).many(Author::BOOKS).map(|book| (book.id, book.get().title.as_str())).collect();
    assert_eq!(shown, [(2, "Persuasion!"), (crate::backend::on(4, 4, 5), "Sanditon")]);
    assert_eq!(session[austen].name, "Jane Austen");
    // She is out of the list, and was not deleted.
    let emma = session.get_one::<Book>(1).unwrap();
    assert_eq!((session[emma].title.as_str(), session[emma].author_id), ("Emma", None));
}

/// A self-reference, some levels deep.
#[test]
fn a_tree() {
    let (mut session, log) = crate::model::session();
    use crate::model::User;
    let query = User::select().filter(User::ID.eq(1)).options(selectinload(User::REPORTS).depth(3));
    let ed = session.fetch_one(query).unwrap();
    // Ed, his reports, theirs, and nobody below Fred.
    assert_eq!(log.sql().len(), 4);
    let owned = session.owned(ed);
    let wendy = &owned.reports.values()[0];
    assert_eq!((wendy.name.as_str(), wendy.reports.values()[0].name.as_str()), ("wendy", "fred"));
    assert!(wendy.reports.values()[0].reports.is_empty());
    assert!(owned.reports.values()[1].reports.is_empty());
}

/// What a program has put into relationships and not flushed yet is part of the graph.
#[test]
fn of_new_values() {
    let mut session = library();
    let woolf = session.add(
        Author::build()
            .name("Woolf")
            .books([Book::build().title("Orlando").ratings([Rating::build().reader("ed").stars(5)])]),
    );
    session[woolf].books.push(Book::build().title("Flush"));
    let titles = |session: &Session| {
        let owned = session.owned(woolf);
        owned.books.iter().map(|book| (book.title.clone(), book.ratings.is_loaded())).collect::<Vec<_>>()
    };
    let expected = [("Orlando".to_owned(), true), ("Flush".to_owned(), false)];
    assert_eq!(titles(&session), expected);
    assert_eq!(serde_json::to_value(session.view(woolf)).unwrap()["books"][0]["ratings"][0]["reader"], "ed");
    session.commit().unwrap();
    assert_eq!(session[woolf].books.len(), 2);

    let book = session.add(Book::build().title("The Waves").author(Author::build().name("Somebody else")));
    assert_eq!(session.owned(book).author.get().map(|author| author.name.as_str()), Some("Somebody else"));
    session.commit().unwrap();
}
