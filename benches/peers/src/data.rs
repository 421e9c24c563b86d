//! The tables and the rows, stated once, as SQL that every library hands to its database unread.
//!
//! Tables, names and sizes of the first four cases are those of Diesel's public benchmark.

use crate::backend::Backend;

/// The tables of `trivial`, `medium`, `insert`, `update` and `associations`.
fn blog(backend: Backend) -> String {
    let (id, text) = (backend.numbered(), backend.text());
    format!(
        "
        CREATE TABLE users (id {id}, name {text} NOT NULL, hair_color {text});
        CREATE TABLE posts (id {id}, user_id INTEGER NOT NULL, title {text} NOT NULL, body TEXT);
        CREATE TABLE comments (id {id}, post_id INTEGER NOT NULL, text {text} NOT NULL);
        "
    )
}

/// The hair color of the users whose number is even: what `medium` filters by.
pub(crate) const BLACK: &str = "black";

/// The hair color of the users whose number is odd.
const BROWN: &str = "brown";

/// Statement that empties the table between two samples of `insert`, so that each fills an empty one.
pub(crate) const NO_USERS: &str = "DELETE FROM users";

/// How many users `update` has to choose from.
pub(crate) const UPDATED: usize = 100;

/// How many users `stream1m` reads.
pub(crate) const STREAMED: usize = 1_000_000;

/// The tables of `trivial` and `stream1m`, with so many users that have no hair color.
pub(crate) fn trivial(backend: Backend, users: usize) -> String {
    format!("{} {}", blog(backend), insert_users(backend, users, "NULL"))
}

/// The tables of `medium` and `update`, with so many users that have one, and no posts.
pub(crate) fn medium(backend: Backend, users: usize) -> String {
    format!("{} {}", blog(backend), insert_colored_users(backend, users))
}

/// The tables of `insert`, empty.
pub(crate) fn insert(backend: Backend) -> String {
    blog(backend)
}

/// The tables of `associations`: 9 users, 10 posts each, 10 comments each.
pub(crate) fn associations(backend: Backend) -> String {
    let (tables, users) = (blog(backend), insert_colored_users(backend, 9));
    let numbers = numbers(10);
    let title = backend.concat(&["'Post '", "i", "' by user '", "users.id"]);
    let text = backend.concat(&["'Comment '", "i", "' on post '", "posts.id"]);
    format!(
        "{tables} {users}
         INSERT INTO posts (user_id, title) {numbers}
         SELECT users.id, {title} FROM users, numbers ORDER BY users.id, i;
         INSERT INTO comments (post_id, text) {numbers}
         SELECT posts.id, {text} FROM posts, numbers ORDER BY posts.id, i;"
    )
}

/// A user that `insert` writes; making one is part of the work.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewUser {
    pub(crate) name: String,
    pub(crate) hair_color: Option<String>,
}

/// The `i`-th user that `insert` writes, from 0.
pub(crate) fn new_user(i: usize) -> NewUser {
    NewUser { name: format!("User {i}"), hair_color: Some("hair_color".to_owned()) }
}

/// The color that `update` gives in its so manieth pass: never what it was before.
pub(crate) fn new_color(pass: usize) -> String {
    format!("color {pass}")
}

/// A statement that inserts so many users who have a hair color.
pub(crate) fn insert_colored_users(backend: Backend, count: usize) -> String {
    insert_users(backend, count, &format!("CASE i % 2 WHEN 0 THEN '{BLACK}' ELSE '{BROWN}' END"))
}

fn insert_users(backend: Backend, count: usize, hair_color: &str) -> String {
    let (numbers, name) = (numbers(count), backend.concat(&["'User '", "i"]));
    format!("INSERT INTO users (name, hair_color) {numbers} SELECT {name}, {hair_color} FROM numbers ORDER BY i;")
}

/// A common table expression `numbers (i)` from 0 to `count - 1`.
pub(crate) fn numbers(count: usize) -> String {
    format!("WITH RECURSIVE numbers (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < {count})")
}
