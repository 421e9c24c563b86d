//! Aludel's sessions: objects that are known by their keys, in both faces. What the engine does by hand is in
//! `aludel_blocking` and `aludel_async`.

mod asynchronous;
mod blocking;

use std::hash::{Hash, Hasher};

use aludel::prelude::*;

pub(super) use self::asynchronous::AludelSessionAsync;
pub(super) use self::blocking::AludelSession;
use crate::data::NewUser;
use crate::orm;
use crate::turns::{Answer, Outcome};

/// A user.
#[derive(Clone, Debug, Entity)]
#[entity(table = "users")]
struct User {
    #[column(primary_key)]
    id: i32,
    name: String,
    hair_color: Option<String>,
    #[has_many(Address::USER_ID)]
    addresses: Many<Address>,
}

/// One of a user's addresses.
#[derive(Clone, Debug, Entity)]
#[entity(table = "addresses")]
struct Address {
    #[column(primary_key)]
    id: i32,
    #[column(references = User::ID)]
    user_id: i32,
    email: String,
    #[belongs_to(Address::USER_ID)]
    user: One<User>,
}

/// The columns, as the structs of other libraries hash theirs.
impl Hash for User {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.id, &self.name, &self.hair_color).hash(state);
    }
}

impl Hash for Address {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.id, self.user_id, &self.email).hash(state);
    }
}

/// The users that `orm/insert400k` writes, without keys.
fn new_users() -> impl Iterator<Item = User> + Send {
    orm::new_users().map(|NewUser { name, hair_color }| User { id: 0, name, hair_color, addresses: Many::default() })
}

/// The objects in a session.
fn users<'s>(session: &'s Session, keys: &[Key<User>]) -> Vec<&'s User> {
    keys.iter().map(|&key| &session[key]).collect()
}

/// A session of either face with the users that it has loaded or inserted.
struct Users<S> {
    session: S,
    keys: Vec<Key<User>>,
}

impl Outcome for Users<Session> {
    fn answer(&self) -> Answer {
        users(&self.session, &self.keys).answer()
    }
}

impl Outcome for Users<aludel::blocking::Session> {
    fn answer(&self) -> Answer {
        users(&self.session, &self.keys).answer()
    }
}

/// A session of either face with users and their addresses.
struct Trees<S> {
    session: S,
    keys: Vec<Key<User>>,
}

impl Outcome for Trees<Session> {
    fn answer(&self) -> Answer {
        trees(&self.session, &self.keys).answer()
    }
}

impl Outcome for Trees<aludel::blocking::Session> {
    fn answer(&self) -> Answer {
        trees(&self.session, &self.keys).answer()
    }
}

fn trees<'s>(session: &'s Session, keys: &[Key<User>]) -> Vec<(&'s User, Vec<&'s Address>)> {
    let addresses = |user: &User| user.addresses.keys().map(|key| &session[key]).collect();
    users(session, keys).into_iter().map(|user| (user, addresses(user))).collect()
}
