//! The tables and the rows, stated once, as SQL that every library hands to its database unread.
//!
//! Tables, names and sizes of the first four cases are those of Diesel's public benchmark.

/// The tables of `trivial`, `medium`, `insert` and `associations`.
const BLOG: &str = "
    CREATE TABLE users (
        id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
        name VARCHAR NOT NULL,
        hair_color VARCHAR
    );
    CREATE TABLE posts (
        id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
        user_id INTEGER NOT NULL,
        title VARCHAR NOT NULL,
        body TEXT
    );
    CREATE TABLE comments (
        id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
        post_id INTEGER NOT NULL,
        text VARCHAR NOT NULL
    );
";

/// The hair color of the users whose number is even: what `medium` filters by.
pub(crate) const BLACK: &str = "black";

/// The hair color of the users whose number is odd.
const BROWN: &str = "brown";

/// Statement that empties the table between two samples of `insert`, so that each fills an empty one.
pub(crate) const NO_USERS: &str = "DELETE FROM users";

/// The tables of `trivial`, with so many users that have no hair color.
pub(crate) fn trivial(users: usize) -> String {
    format!("{BLOG} {}", insert_users(users, "NULL"))
}

/// The tables of `medium`, with so many users that have one, and no posts.
pub(crate) fn medium(users: usize) -> String {
    format!("{BLOG} {}", insert_users(users, &colors()))
}

/// The tables of `insert`, empty.
pub(crate) fn insert() -> String {
    BLOG.to_owned()
}

/// The tables of `associations`: 9 users, 10 posts each, 10 comments each.
pub(crate) fn associations() -> String {
    let users = insert_users(9, &colors());
    let numbers = numbers(10);
    format!(
        "{BLOG} {users}
         INSERT INTO posts (user_id, title) {numbers}
         SELECT users.id, 'Post ' || i || ' by user ' || users.id FROM users, numbers ORDER BY users.id, i;
         INSERT INTO comments (post_id, text) {numbers}
         SELECT posts.id, 'Comment ' || i || ' on post ' || posts.id FROM posts, numbers ORDER BY posts.id, i;"
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

/// A statement that inserts so many users who have a hair color.
pub(crate) fn insert_colored_users(count: usize) -> String {
    insert_users(count, &colors())
}

fn insert_users(count: usize, hair_color: &str) -> String {
    let numbers = numbers(count);
    format!("INSERT INTO users (name, hair_color) {numbers} SELECT 'User ' || i, {hair_color} FROM numbers;")
}

fn colors() -> String {
    format!("CASE i % 2 WHEN 0 THEN '{BLACK}' ELSE '{BROWN}' END")
}

/// A common table expression `numbers (i)` from 0 to `count - 1`.
pub(crate) fn numbers(count: usize) -> String {
    format!("WITH RECURSIVE numbers (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < {count})")
}
