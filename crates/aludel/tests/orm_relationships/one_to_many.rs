//! One to many, and many to one.

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::log::{self, Log, stored};

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "authors")]
struct Author {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[has_many(Book::AUTHOR_ID, order_by = Book::ID)]
    books: Many<Book>,
    #[has_many(Letter::AUTHOR_ID)]
    letters: Many<Letter>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "books")]
struct Book {
    #[column(primary_key)]
    id: i64,
    title: String,
    #[column(references = Author::ID)]
    author_id: Option<i64>,
    #[belongs_to(Book::AUTHOR_ID)]
    author: One<Author>,
}

/// Of one direction each: nothing leads back to the author.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "letters")]
struct Letter {
    #[column(primary_key)]
    id: i64,
    #[column(references = Author::ID)]
    author_id: i64,
}

/// And nothing leads here from the author.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "quotes")]
struct Quote {
    #[column(primary_key)]
    id: i64,
    #[column(references = Author::ID)]
    author_id: Option<i64>,
    #[belongs_to(Quote::AUTHOR_ID)]
    author: One<Author>,
}

const ROWS: [&str; 4] = [
    "INSERT INTO authors VALUES (1, 'le guin'), (2, 'lem'), (3, 'nobody')",
    "INSERT INTO books VALUES (1, 'rocannon', 1), (2, 'earthsea', 1), (3, 'solaris', 2), (4, 'anonymous', NULL)",
    "INSERT INTO letters VALUES (1, 1), (2, 1)",
    "INSERT INTO quotes VALUES (1, 1), (2, NULL)",
];

fn session() -> (Session, Log) {
    log::session(schema![Author, Book, Letter, Quote], &ROWS)
}

const BOOKS: &str = "SELECT id || ' ' || title || ' ' || coalesce(author_id, '-') FROM books ORDER BY id";

#[test]
fn a_graph_of_builders() {
    let (mut session, log) = session();
    let author = session
        .add(Author::build().name("lessing").books([Book::build().title("shikasta"), Book::build().title("canopus")]));
    session.flush().unwrap();
    assert_eq!(log.short(), ["INSERT authors 1", "INSERT books 2"]);
    let books = session.keys(author, Author::BOOKS);
    assert_eq!(books.len(), 2);
    for book in books {
        assert_eq!(session[book].author_id, Some(4));
        assert_eq!(session.one(book, Book::AUTHOR), Some(author));
        assert_eq!(session[book].author.key(), Some(author));
    }
    assert_eq!(stored(&mut session, &log, BOOKS)[4..], ["5 shikasta 4", "6 canopus 4"]);
}

#[test]
fn a_graph_of_plain_structs() {
    let (mut session, log) = session();
    let book = Book { id: 0, title: "shikasta".into(), author_id: None, author: One::unloaded() };
    let author = Author { id: 0, name: "lessing".into(), books: Many::from(vec![book]), letters: Many::unloaded() };
    let author = session.add(author);
    session.commit().unwrap();
    assert_eq!(log.short(), ["INSERT authors 1", "INSERT books 1"]);
    let [book] = session.keys(author, Author::BOOKS)[..] else { panic!("one book") };
    assert_eq!((session[book].author_id, session.one(book, Book::AUTHOR)), (Some(4), Some(author)));
}

/// A parent that comes by the child's side.
#[test]
fn a_parent_by_its_child() {
    let (mut session, log) = session();
    let book = session.add(Book::build().title("shikasta").author(Author::build().name("lessing")));
    session.flush().unwrap();
    assert_eq!(log.short(), ["INSERT authors 1", "INSERT books 1"]);
    let author = session.one(book, Book::AUTHOR).unwrap();
    assert_eq!((session[author].id, session[book].author_id), (4, Some(4)));
}

/// Objects that were added by themselves are connected before they have keys, both sides at once.
#[test]
fn new_objects_are_linked() {
    let (mut session, log) = session();
    let book = session.add(Book::build().title("shikasta"));
    let author = session.add(Author::build().name("lessing"));
    session.link(book, Book::AUTHOR, author);
    assert_eq!(session.keys(author, Author::BOOKS), [book]);
    assert_eq!(session[author].books.len(), 1);
    assert_eq!(session.one(book, Book::AUTHOR), Some(author));
    let other = session.add(Book::build().title("canopus"));
    session.link(author, Author::BOOKS, other);
    assert_eq!(session.keys(author, Author::BOOKS), [book, other]);
    assert_eq!(session[other].author.key(), Some(author));
    session.commit().unwrap();
    assert_eq!(log.short(), ["INSERT authors 1", "INSERT books 2"]);
    assert_eq!(session.keys(author, Author::BOOKS), [book, other]);
    assert_eq!((session[book].author_id, session[other].author_id), (Some(4), Some(4)));
}

/// Nobody can refer to an object that has no row yet.
#[test]
fn a_new_object_has_no_children() {
    let (mut session, _) = session();
    let author = session.add(Author::build().name("lessing"));
    assert!(session.keys(author, Author::BOOKS).is_empty());
    assert_eq!(session.view(author).many(Author::BOOKS).len(), 0);
    let book = session.add(Book::build().title("shikasta"));
    assert_eq!(session.one(book, Book::AUTHOR), None);
}

#[test]
fn a_list_is_loaded_and_changed() {
    let (mut session, log) = session();
    let author = session.get::<Author>(1).unwrap().unwrap();
    assert!(session[author].books.is_unloaded());
    session.load(author, Author::BOOKS).unwrap();
    let [first, second] = session.keys(author, Author::BOOKS)[..] else { panic!("two books") };
    assert_eq!(log.short(), ["SELECT authors", "SELECT books"]);
    // Moved to another author, whose list is not loaded.
    let lem = session.get::<Author>(2).unwrap().unwrap();
    session.link(lem, Author::BOOKS, first);
    assert_eq!(session.keys(author, Author::BOOKS), [second]);
    assert_eq!((session[first].author_id, session.one(first, Book::AUTHOR)), (Some(2), Some(lem)));
    assert!(session[lem].books.is_unloaded());
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["UPDATE books 1"]);
    session.load(lem, Author::BOOKS).unwrap();
    assert_eq!(session.view(lem).many(Author::BOOKS).map(|book| book.id).collect::<Vec<_>>(), [1, 3]);
}

#[test]
fn unlinked_from_either_side() {
    let (mut session, log) = session();
    let author = session.get::<Author>(1).unwrap().unwrap();
    session.load(author, Author::BOOKS).unwrap();
    let [first, second] = session.keys(author, Author::BOOKS)[..] else { panic!("two books") };
    session.unlink(author, Author::BOOKS, first);
    session.unlink(second, Book::AUTHOR, author);
    assert!(session[author].books.is_empty());
    assert_eq!((session.one(first, Book::AUTHOR), session.one(second, Book::AUTHOR)), (None, None));
    assert_eq!((session[first].author_id, session[second].author_id), (None, None));
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["UPDATE books 2"]);
    assert_eq!(stored(&mut session, &log, BOOKS)[..2], ["1 rocannon -", "2 earthsea -"]);
}

/// What is not linked is not unlinked.
#[test]
fn unlinking_another_pair_does_nothing() {
    let (mut session, log) = session();
    let (author, lem) = (session.get_one::<Author>(1).unwrap(), session.get_one::<Author>(2).unwrap());
    session.load([author, lem], Author::BOOKS).unwrap();
    let first = session.keys(author, Author::BOOKS)[0];
    session.unlink(lem, Author::BOOKS, first);
    session.unlink(first, Book::AUTHOR, lem);
    assert_eq!((session.one(first, Book::AUTHOR), session[author].books.len()), (Some(author), 2));
    log.count();
    session.commit().unwrap();
    assert_eq!(log.count(), 0);
}

/// A foreign key set by hand: the lists are right after the flush.
#[test]
fn a_foreign_key_by_hand() {
    let (mut session, log) = session();
    let (author, lem) = (session.get_one::<Author>(1).unwrap(), session.get_one::<Author>(2).unwrap());
    session.load([author, lem], Author::BOOKS).unwrap();
    let first = session.keys(author, Author::BOOKS)[0];
    session[first].author_id = Some(2);
    let new = session.add(Book::build().title("eden").author_id(2));
    log.count();
    session.flush().unwrap();
    assert_eq!(log.short(), ["UPDATE books 1", "INSERT books 1"]);
    assert_eq!((session[author].books.len(), session[lem].books.len()), (1, 3));
    assert_eq!((session.one(first, Book::AUTHOR), session.one(new, Book::AUTHOR)), (Some(lem), Some(lem)));
    session[first].author_id = None;
    session.flush().unwrap();
    assert_eq!((session[lem].books.len(), session.one(first, Book::AUTHOR)), (2, None));
}

/// The foreign key leads to somebody who is not in the session.
#[test]
fn a_foreign_key_to_somebody_unknown() {
    let (mut session, _) = session();
    let author = session.get_one::<Author>(1).unwrap();
    session.load(author, Author::BOOKS).unwrap();
    let first = session.keys(author, Author::BOOKS)[0];
    assert_eq!(session.one(first, Book::AUTHOR), Some(author));
    session[first].author_id = Some(3);
    session.flush().unwrap();
    assert!(session.try_keys(first, Book::AUTHOR).is_err());
    session.load(first, Book::AUTHOR).unwrap();
    let nobody = session.one(first, Book::AUTHOR).unwrap();
    assert_eq!(session[nobody].name, "nobody");
}

/// A whole new list in place of one that was loaded, and of one that was not.
#[test]
fn a_list_is_replaced() {
    for is_loaded in [true, false] {
        let (mut session, log) = session();
        let author = session.get_one::<Author>(1).unwrap();
        if is_loaded {
            session.load(author, Author::BOOKS).unwrap();
        }
        let new = Book { id: 0, title: "hainish".into(), author_id: None, author: One::unloaded() };
        session[author].books = Many::from(vec![new]);
        session.commit().unwrap();
        let expected = ["1 rocannon -", "2 earthsea -", "3 solaris 2", "4 anonymous -", "5 hainish 1"];
        assert_eq!(stored(&mut session, &log, BOOKS), expected, "loaded: {is_loaded}");
        assert_eq!(session[author].books.len(), 1);
    }
}

/// Pushed values need no loading.
#[test]
fn values_are_pushed() {
    for is_loaded in [true, false] {
        let (mut session, log) = session();
        let author = session.get_one::<Author>(1).unwrap();
        if is_loaded {
            session.load(author, Author::BOOKS).unwrap();
        }
        session[author].books.push(Book::build().title("hainish"));
        log.count();
        session.commit().unwrap();
        assert_eq!(log.short(), ["INSERT books 1"], "loaded: {is_loaded}");
        assert_eq!(stored(&mut session, &log, BOOKS)[4..], ["5 hainish 1"]);
        assert_eq!(session[author].books.is_loaded(), is_loaded);
    }
}

/// Children that may live without their parent lose it; loaded or not.
#[test]
fn a_parent_is_deleted() {
    for is_loaded in [true, false] {
        let (mut session, log) = session();
        session.execute(text("DELETE FROM letters")).unwrap();
        session.execute(text("DELETE FROM quotes")).unwrap();
        let author = session.get_one::<Author>(1).unwrap();
        if is_loaded {
            session.load(author, Author::BOOKS).unwrap();
            session.load(author, Author::LETTERS).unwrap();
        }
        log.count();
        session.delete(author);
        session.commit().unwrap();
        let statements = log.short();
        match is_loaded {
            true => assert_eq!(statements, ["UPDATE books 2", "DELETE authors 1"]),
            false => assert_eq!(statements, ["SELECT books", "SELECT letters", "UPDATE books 2", "DELETE authors 1"]),
        }
        assert_eq!(stored(&mut session, &log, BOOKS)[..2], ["1 rocannon -", "2 earthsea -"]);
    }
}

/// Children whose foreign key may not be NULL can't be left behind.
#[test]
fn children_that_need_their_parent() {
    let (mut session, _) = session();
    let author = session.get_one::<Author>(1).unwrap();
    session.delete(author);
    assert_eq!(
        session.commit().unwrap_err().to_string().lines().next(),
        Some(
            "Author(id = 1) is to be deleted and Letter(id = 1) would be left in Author.letters, and its author_id can't be \
             NULL: delete it too, link it to another Author, or declare the relationship with cascade = \"delete\""
        )
    );
    // Nothing was done, and everything can be put right.
    session.rollback().unwrap();
    session.load(author, Author::LETTERS).unwrap();
    let letter = session.keys(author, Author::LETTERS)[0];
    session.unlink(author, Author::LETTERS, letter);
    assert_eq!(
        session.commit().unwrap_err().to_string().lines().next(),
        Some(
            "Letter(id = 1) was taken out of Author.letters, and its author_id can't be NULL: link it to another Author, \
             delete it, or declare the relationship with cascade = \"delete-orphan\""
        )
    );
    let lem = session.get_one::<Author>(2).unwrap();
    session.link(lem, Author::LETTERS, letter);
    session.commit().unwrap();
    assert_eq!(session[letter].author_id, 2);
}

/// The parent knows nothing of these children.
#[test]
fn a_many_to_one_alone() {
    let (mut session, log) = session();
    let quote = session.get_one::<Quote>(1).unwrap();
    assert!(session.try_keys(quote, Quote::AUTHOR).is_err());
    session.load(quote, Quote::AUTHOR).unwrap();
    let author = session.one(quote, Quote::AUTHOR).unwrap();
    assert_eq!(session[author].name, "le guin");
    let lem = session.get_one::<Author>(2).unwrap();
    session.link(quote, Quote::AUTHOR, lem);
    assert_eq!((session[quote].author_id, session.one(quote, Quote::AUTHOR)), (Some(2), Some(lem)));
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["UPDATE quotes 1"]);
    session.unlink(quote, Quote::AUTHOR, lem);
    assert_eq!((session[quote].author_id, session.one(quote, Quote::AUTHOR)), (None, None));
    session.commit().unwrap();
    session.delete(quote);
    session.commit().unwrap();
    assert_eq!(log.short(), ["UPDATE quotes 1", "DELETE quotes 1"]);
}

/// A one-to-many whose children know nothing of their parent.
#[test]
fn a_one_to_many_alone() {
    let (mut session, log) = session();
    let author = session.get_one::<Author>(1).unwrap();
    let new = session.add(Letter::build());
    session.link(author, Author::LETTERS, new);
    session.commit().unwrap();
    assert_eq!(log.short(), ["SELECT authors", "INSERT letters 1"]);
    session.load(author, Author::LETTERS).unwrap();
    assert_eq!(session[author].letters.len(), 3);
    session.delete(new);
    assert_eq!(session[author].letters.len(), 2);
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["DELETE letters 1"]);
}

/// Deleting a child takes it out of its parent's list at once, and a rollback puts it back.
#[test]
fn a_child_is_deleted() {
    let (mut session, log) = session();
    let author = session.get_one::<Author>(1).unwrap();
    session.load(author, Author::BOOKS).unwrap();
    let books = session.keys(author, Author::BOOKS);
    session.delete(books[0]);
    assert_eq!(session.keys(author, Author::BOOKS), books[1..]);
    session.flush().unwrap();
    assert_eq!(session[books[0]].title, "rocannon");
    session.rollback().unwrap();
    assert_eq!(session.keys(author, Author::BOOKS), books);
    session.delete(books[1]);
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["DELETE books 1"]);
    assert_eq!(session.keys(author, Author::BOOKS), books[..1]);
}

/// Linking twice is linking once.
#[test]
fn links_are_not_doubled() {
    let (mut session, _) = session();
    let author = session.get_one::<Author>(1).unwrap();
    session.load(author, Author::BOOKS).unwrap();
    let books = session.keys(author, Author::BOOKS);
    session.link(author, Author::BOOKS, books[0]);
    session.link(books[1], Book::AUTHOR, author);
    assert_eq!(session.keys(author, Author::BOOKS), books);
    let new = session.add(Book::build().title("new"));
    session.link(author, Author::BOOKS, new);
    session.link(author, Author::BOOKS, new);
    session.link(new, Book::AUTHOR, author);
    assert_eq!(session[author].books.len(), 3);
    session.commit().unwrap();
    session.load(author, Author::BOOKS).unwrap();
    assert_eq!(session[author].books.len(), 3);
}

/// A new child that is taken back leaves its parent.
#[test]
fn a_new_child_is_taken_back() {
    let (mut session, log) = session();
    let author = session.add(Author::build().name("lessing"));
    let book = session.add(Book::build().title("shikasta"));
    session.link(author, Author::BOOKS, book);
    session.delete(book);
    assert!(session.keys(author, Author::BOOKS).is_empty());
    session.commit().unwrap();
    assert_eq!(log.short(), ["INSERT authors 1"]);
}

/// A new parent that is taken back leaves its children where they were not.
#[test]
fn a_new_parent_is_taken_back() {
    let (mut session, log) = session();
    let author = session.add(Author::build().name("lessing"));
    let book = session.add(Book::build().title("shikasta"));
    session.link(author, Author::BOOKS, book);
    session.delete(author);
    assert_eq!(session.one(book, Book::AUTHOR), None);
    session.commit().unwrap();
    assert_eq!(log.short(), ["INSERT books 1"]);
    assert_eq!(session[book].author_id, None);
}
