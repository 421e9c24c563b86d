//! What the tour is about: authors, their books, and the tags of books.

use aludel::prelude::*;
use serde::Serialize;

#[derive(Entity, Serialize, Clone, Debug)]
#[entity(table = "authors")]
pub(crate) struct Author {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(unique)]
    pub(crate) name: String,
    pub(crate) born: Option<i32>,
    /// A book doesn't outlive its author here: it goes with them, and when it is taken out of this list.
    #[has_many(Book::AUTHOR_ID, cascade = "all, delete-orphan", order_by = Book::YEAR)]
    #[serde(skip_serializing_if = "Many::is_unloaded")]
    pub(crate) books: Many<Book>,
}

#[derive(Entity, Serialize, Clone, Debug)]
#[entity(table = "books")]
pub(crate) struct Book {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) year: i32,
    #[column(references = Author::ID)]
    pub(crate) author_id: i64,
    #[belongs_to(Book::AUTHOR_ID)]
    #[serde(skip_serializing_if = "One::is_unloaded")]
    pub(crate) author: One<Author>,
    #[many_to_many(BookTag::BOOK_ID, BookTag::TAG_ID, order_by = Tag::LABEL)]
    #[serde(skip_serializing_if = "Many::is_unloaded")]
    pub(crate) tags: Many<Tag>,
}

#[derive(Entity, Serialize, Clone, Debug)]
#[entity(table = "tags")]
pub(crate) struct Tag {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(unique)]
    pub(crate) label: String,
    #[many_to_many(BookTag::TAG_ID, BookTag::BOOK_ID)]
    #[serde(skip_serializing_if = "Many::is_unloaded")]
    pub(crate) books: Many<Book>,
}

/// The link table.
#[derive(Entity, Clone, Debug)]
#[entity(table = "book_tags")]
pub(crate) struct BookTag {
    #[column(primary_key, references = Book::ID)]
    pub(crate) book_id: i64,
    #[column(primary_key, references = Tag::ID)]
    pub(crate) tag_id: i64,
}

/// A line of the audit log.
#[derive(Entity, Clone, Debug)]
#[entity(table = "audit")]
pub(crate) struct Audit {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) what: String,
}
