//! The structs of libraries that read rows by index, and what they make of them.

use crate::grouping::by_parent;

#[derive(Hash)]
pub(super) struct User {
    pub(super) id: i32,
    pub(super) name: String,
    pub(super) hair_color: Option<String>,
}

#[derive(Hash)]
pub(super) struct Post {
    pub(super) id: i32,
    pub(super) user_id: i32,
    pub(super) title: String,
    pub(super) body: Option<String>,
}

#[derive(Hash)]
pub(super) struct Comment {
    pub(super) id: i32,
    pub(super) post_id: i32,
    pub(super) text: String,
}

#[derive(Hash)]
pub(super) struct Address {
    pub(super) id: i32,
    pub(super) user_id: i32,
    pub(super) email: String,
}

#[derive(Hash)]
pub(super) struct OrderLine {
    pub(super) id: i32,
    pub(super) placed_on: i32,
    pub(super) customer: String,
    pub(super) product: String,
    pub(super) quantity: i32,
    pub(super) price: i32,
}

/// Users with their posts, and those with their comments.
pub(super) type Tree = Vec<(User, Vec<(Post, Vec<Comment>)>)>;

/// Puts the three levels together.
pub(super) fn tree(users: Vec<User>, posts: Vec<Post>, comments: Vec<Comment>) -> Tree {
    let comments = by_parent(&posts, |post| post.id, comments, |comment| comment.post_id);
    let posts = posts.into_iter().zip(comments).collect();
    let posts = by_parent(&users, |user| user.id, posts, |(post, _): &(Post, _)| post.user_id);
    users.into_iter().zip(posts).collect()
}

/// Puts users and their addresses together.
pub(super) fn with_addresses(users: Vec<User>, addresses: Vec<Address>) -> Vec<(User, Vec<Address>)> {
    let addresses = by_parent(&users, |user| user.id, addresses, |address| address.user_id);
    users.into_iter().zip(addresses).collect()
}

/// The statements, with question marks.
pub(super) mod sql {
    pub(crate) const USERS: &str = "SELECT id, name, hair_color FROM users";
    pub(crate) const BLACK: &str = "SELECT users.id, users.name, users.hair_color, posts.id, posts.user_id, posts.title, \
         posts.body FROM users LEFT JOIN posts ON posts.user_id = users.id WHERE users.hair_color = ?";
    pub(crate) const POSTS: &str = "SELECT id, user_id, title, body FROM posts WHERE user_id";
    pub(crate) const COMMENTS: &str = "SELECT id, post_id, text FROM comments WHERE post_id";
    pub(crate) const ADDRESSES: &str = "SELECT id, user_id, email FROM addresses WHERE user_id";
    pub(crate) const UPDATE: &str = "UPDATE users SET hair_color = ? WHERE id = ?";
    pub(crate) const IN_ORDER: &str = "SELECT id, name, hair_color FROM users ORDER BY id";
    /// On PostgreSQL, where arrays cost the server less than a row of parameters each.
    pub(crate) const UNNEST_USERS: &str =
        "INSERT INTO users (name, hair_color) SELECT * FROM unnest($1::text[], $2::text[])";
    pub(crate) const UNNEST_ITEMS: &str =
        "INSERT INTO items (id, name, description) SELECT * FROM unnest($1::int4[], $2::text[], $3::text[])";

    /// So many rows of question marks.
    pub(crate) fn values(insert: &str, row: &str, rows: usize) -> String {
        format!("{insert} {}", vec![row; rows].join(", "))
    }

    /// A list of so many question marks.
    pub(crate) fn list(select: &str, keys: usize) -> String {
        format!("{select} IN ({})", vec!["?"; keys].join(","))
    }
}

/// The names and the colors, as two arrays.
pub(super) fn arrays(new: impl Iterator<Item = crate::data::NewUser>) -> (Vec<String>, Vec<Option<String>>) {
    new.map(|user| (user.name, user.hair_color)).unzip()
}
