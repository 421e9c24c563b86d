//! rusqlite: prepared statements that are held, read by index. What SQLite itself costs; the limit.

mod orm;

use rusqlite::{Connection, Row, params_from_iter};

use crate::backend::Backend;
use crate::data::{self, NewUser};
use crate::library::Blocking;
use crate::orm::Orm;
use crate::reference::{self, Reference};
use crate::turns::{Result, Turns};
use crate::{bulk, grouping};

/// The library.
pub(crate) struct Rusqlite;

#[derive(Hash)]
struct User {
    id: i32,
    name: String,
    hair_color: Option<String>,
}

#[derive(Hash)]
struct Post {
    id: i32,
    user_id: i32,
    title: String,
    body: Option<String>,
}

#[derive(Hash)]
struct Comment {
    id: i32,
    post_id: i32,
    text: String,
}

/// Users with their posts, and those with their comments.
type Tree = Vec<(User, Vec<(Post, Vec<Comment>)>)>;

#[derive(Hash)]
struct OrderLine {
    id: i32,
    placed_on: i32,
    customer: String,
    product: String,
    quantity: i32,
    price: i32,
}

impl Blocking for Rusqlite {
    const NAME: &'static str = "rusqlite";
    const PACKAGE: &'static str = "rusqlite";

    fn trivial(mut turns: Turns, rows: usize) -> Result {
        let connection = open(&data::trivial(Backend::Sqlite, rows))?;
        let mut users = connection.prepare("SELECT id, name, hair_color FROM users")?;
        while let Some(turn) = turns.next() {
            while turn.again() {
                turn.done(users.query_map([], user)?.collect::<rusqlite::Result<Vec<_>>>()?);
            }
        }
        Ok(())
    }

    fn medium(mut turns: Turns, rows: usize) -> Result {
        let connection = open(&data::medium(Backend::Sqlite, rows))?;
        let mut users = connection.prepare(
            "SELECT users.id, users.name, users.hair_color, posts.id, posts.user_id, posts.title, posts.body \
             FROM users LEFT JOIN posts ON posts.user_id = users.id WHERE users.hair_color = ?",
        )?;
        while let Some(turn) = turns.next() {
            while turn.again() {
                turn.done(users.query_map([data::BLACK], user_and_post)?.collect::<rusqlite::Result<Vec<_>>>()?);
            }
        }
        Ok(())
    }

    fn insert(mut turns: Turns, rows: usize) -> Result {
        let connection = open(&data::insert(Backend::Sqlite))?;
        let values = vec!["(?, ?)"; rows].join(", ");
        let mut insert = connection.prepare(&format!("INSERT INTO users (name, hair_color) VALUES {values}"))?;
        while let Some(turn) = turns.next() {
            connection.execute_batch(data::NO_USERS)?;
            while turn.again() {
                for (i, place) in (0..rows).zip((1..).step_by(2)) {
                    let NewUser { name, hair_color } = data::new_user(i);
                    insert.raw_bind_parameter(place, name)?;
                    insert.raw_bind_parameter(place + 1, hair_color)?;
                }
                turn.done(insert.raw_execute()?);
            }
            if turn.is_check() {
                let mut users = connection.prepare("SELECT id, name, hair_color FROM users")?;
                let users: Vec<User> = users.query_map([], user)?.collect::<rusqlite::Result<_>>()?;
                turn.answer(&users);
            }
        }
        Ok(())
    }

    fn associations(mut turns: Turns) -> Result {
        let connection = open(&data::associations(Backend::Sqlite))?;
        while let Some(turn) = turns.next() {
            while turn.again() {
                turn.done(load_associations(&connection)?);
            }
        }
        Ok(())
    }

    fn reference_call(mut turns: Turns) -> Result {
        let connection = open(&reference::script(Backend::Sqlite))?;
        let mut lines = connection.prepare(reference::SQL)?;
        let Reference { country, status, placed_from, quantity_above, price_below, categories, limit } =
            reference::VALUES;
        let [first, second, third, fourth] = categories;
        while let Some(turn) = turns.next() {
            while turn.again() {
                let values =
                    (country, status, placed_from, quantity_above, price_below, first, second, third, fourth, limit);
                turn.done(lines.query_map(values, order_line)?.collect::<rusqlite::Result<Vec<_>>>()?);
            }
        }
        Ok(())
    }

    fn bulk(mut turns: Turns) -> Result {
        while let Some(turn) = turns.next() {
            let file = bulk::File::fresh()?;
            let connection = Connection::open(file.path())?;
            connection.execute_batch(bulk::SCRIPT)?;
            while turn.again() {
                let transaction = connection.unchecked_transaction()?;
                let mut insert = transaction.prepare("INSERT INTO items (id, name, description) VALUES (?, ?, ?)")?;
                for item in bulk::items() {
                    insert.execute((item.id, item.name, item.description))?;
                }
                drop(insert);
                turn.done(transaction.commit()?);
            }
            if turn.is_check() {
                turn.answer(&file.contents()?);
            }
        }
        Ok(())
    }

    fn orm(case: Orm) -> Option<fn(Turns) -> Result> {
        orm::case(case)
    }
}

fn open(script: &str) -> Result<Connection> {
    let connection = Connection::open_in_memory()?;
    connection.execute_batch(script)?;
    Ok(connection)
}

fn load_associations(connection: &Connection) -> rusqlite::Result<Tree> {
    let mut users = connection.prepare_cached("SELECT id, name, hair_color FROM users")?;
    let users: Vec<User> = users.query_map([], user)?.collect::<rusqlite::Result<_>>()?;
    let posts = load_children(
        connection,
        "SELECT id, user_id, title, body FROM posts WHERE user_id IN",
        users.iter().map(|user| user.id),
        |row| post(row, 0),
    )?;
    let comments = load_children(
        connection,
        "SELECT id, post_id, text FROM comments WHERE post_id IN",
        posts.iter().map(|post| post.id),
        comment,
    )?;
    let comments = grouping::by_parent(&posts, |post| post.id, comments, |comment| comment.post_id);
    let posts = posts.into_iter().zip(comments).collect();
    let posts = grouping::by_parent(&users, |user| user.id, posts, |(post, _)| post.user_id);
    Ok(users.into_iter().zip(posts).collect())
}

/// A list of keys has no fixed length, so its statement is made and looked up each time.
fn load_children<T>(
    connection: &Connection,
    select: &str,
    keys: impl ExactSizeIterator<Item = i32>,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    let mut sql = String::with_capacity(select.len() + 2 * keys.len() + 2);
    sql.push_str(select);
    for i in 0..keys.len() {
        sql.push_str(if i == 0 { "(?" } else { ",?" });
    }
    sql.push(')');
    let mut children = connection.prepare_cached(&sql)?;
    children.query_map(params_from_iter(keys), read)?.collect()
}

fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User { id: row.get(0)?, name: row.get(1)?, hair_color: row.get(2)? })
}

fn post(row: &Row<'_>, first: usize) -> rusqlite::Result<Post> {
    Ok(Post {
        id: row.get(first)?,
        user_id: row.get(first + 1)?,
        title: row.get(first + 2)?,
        body: row.get(first + 3)?,
    })
}

fn comment(row: &Row<'_>) -> rusqlite::Result<Comment> {
    Ok(Comment { id: row.get(0)?, post_id: row.get(1)?, text: row.get(2)? })
}

fn user_and_post(row: &Row<'_>) -> rusqlite::Result<(User, Option<Post>)> {
    let post = match row.get_ref(3)? {
        rusqlite::types::ValueRef::Null => None,
        _ => Some(post(row, 3)?),
    };
    Ok((user(row)?, post))
}

fn order_line(row: &Row<'_>) -> rusqlite::Result<OrderLine> {
    Ok(OrderLine {
        id: row.get(0)?,
        placed_on: row.get(1)?,
        customer: row.get(2)?,
        product: row.get(3)?,
        quantity: row.get(4)?,
        price: row.get(5)?,
    })
}
