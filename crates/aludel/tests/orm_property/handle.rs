//! Keys of any entity, and what all entities have in common.

use aludel::Mapped;
use aludel::prelude::*;

use crate::model::{Address, Doc, Line, Order, Profile, Tag, User};
use crate::world::Kind;

/// The key of an object of any entity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Handle {
    User(Key<User>),
    Address(Key<Address>),
    Profile(Key<Profile>),
    Order(Key<Order>),
    Tag(Key<Tag>),
    Doc(Key<Doc>),
    Line(Key<Line>),
}

/// Does the same for a key of whatever entity it is.
macro_rules! on {
    ($handle:expr, $key:ident => $body:expr) => {
        match $handle {
            $crate::handle::Handle::User($key) => $body,
            $crate::handle::Handle::Address($key) => $body,
            $crate::handle::Handle::Profile($key) => $body,
            $crate::handle::Handle::Order($key) => $body,
            $crate::handle::Handle::Tag($key) => $body,
            $crate::handle::Handle::Doc($key) => $body,
            $crate::handle::Handle::Line($key) => $body,
        }
    };
}

pub(crate) use on;

/// What all entities have.
pub(crate) trait Part: Mapped + Clone {
    const KIND: Kind;
    fn handle(key: Key<Self>) -> Handle;
    fn id(&self) -> i64;
    fn text(&self) -> &str;
    fn set_text(&mut self, text: String);
    fn parent_id(&self) -> Option<i64> {
        None
    }
    fn set_parent_id(&mut self, _: Option<i64>) {}
}

macro_rules! parts {
    ($($entity:ident $id:ident $text:ident $(, $parent:ident $get:expr, $set:expr)?;)+) => {
        $(
            impl Part for $entity {
                const KIND: Kind = Kind::$entity;
                fn handle(key: Key<Self>) -> Handle {
                    Handle::$entity(key)
                }
                fn id(&self) -> i64 {
                    self.$id
                }
                fn text(&self) -> &str {
                    &self.$text
                }
                fn set_text(&mut self, text: String) {
                    self.$text = text;
                }
                $(
                    fn parent_id(&self) -> Option<i64> {
                        $get(self.$parent)
                    }
                    fn set_parent_id(&mut self, id: Option<i64>) {
                        self.$parent = $set(id);
                    }
                )?
            }
        )+
    };
}

fn same(id: Option<i64>) -> Option<i64> {
    id
}

fn needed(id: Option<i64>) -> i64 {
    id.unwrap_or_default()
}

parts! {
    User id name, manager_id same, same;
    Address id email, user_id Some, needed;
    Profile id about, user_id same, same;
    Order id status, user_id same, same;
    Tag id label;
    Doc id body;
    Line no txt, doc_id Some, needed;
}

impl Handle {
    pub(crate) fn is_in(self, session: &Session) -> bool {
        on!(self, key => session.contains(key))
    }

    pub(crate) fn text(self, session: &Session) -> String {
        on!(self, key => session[key].text().to_owned())
    }

    pub(crate) fn set_text(self, session: &mut Session, text: String) {
        on!(self, key => session[key].set_text(text));
    }

    pub(crate) fn id(self, session: &Session) -> i64 {
        on!(self, key => session[key].id())
    }

    pub(crate) fn parent_id(self, session: &Session) -> Option<i64> {
        on!(self, key => session[key].parent_id())
    }

    pub(crate) fn set_parent_id(self, session: &mut Session, id: Option<i64>) {
        on!(self, key => session[key].set_parent_id(id));
    }

    pub(crate) fn user(self) -> Key<User> {
        match self {
            Self::User(key) => key,
            other => panic!("{other:?} is no user"),
        }
    }

    pub(crate) fn order(self) -> Key<Order> {
        match self {
            Self::Order(key) => key,
            other => panic!("{other:?} is no order"),
        }
    }

    pub(crate) fn tag(self) -> Key<Tag> {
        match self {
            Self::Tag(key) => key,
            other => panic!("{other:?} is no tag"),
        }
    }
}

/// Links a child to its parent, from this side or from the other.
pub(crate) fn link(session: &mut Session, parent: Handle, child: Handle, from_child: bool, at: Option<usize>) {
    macro_rules! either {
        ($parent:ident, $down:expr, $child:ident, $up:expr) => {
            match (from_child, at) {
                (true, _) => session.link($child, $up, $parent),
                (false, None) => session.link($parent, $down, $child),
                (false, Some(at)) => session.link_at($parent, $down, at, $child),
            }
        };
    }
    match (parent, child) {
        (Handle::User(parent), Handle::User(child)) => either!(parent, User::REPORTS, child, User::MANAGER),
        (Handle::User(parent), Handle::Address(child)) => either!(parent, User::ADDRESSES, child, Address::USER),
        (Handle::User(parent), Handle::Order(child)) => either!(parent, User::ORDERS, child, Order::USER),
        (Handle::User(parent), Handle::Profile(child)) => either!(parent, User::PROFILE, child, Profile::USER),
        (Handle::Doc(parent), Handle::Line(child)) => either!(parent, Doc::LINES, child, Line::DOC),
        other => panic!("{other:?} can't be linked"),
    }
}

/// Takes a child from its parent.
pub(crate) fn unlink(session: &mut Session, parent: Handle, child: Handle, from_child: bool) {
    macro_rules! either {
        ($parent:ident, $down:expr, $child:ident, $up:expr) => {
            if from_child { session.unlink($child, $up, $parent) } else { session.unlink($parent, $down, $child) }
        };
    }
    match (parent, child) {
        (Handle::User(parent), Handle::User(child)) => either!(parent, User::REPORTS, child, User::MANAGER),
        (Handle::User(parent), Handle::Address(child)) => either!(parent, User::ADDRESSES, child, Address::USER),
        (Handle::User(parent), Handle::Order(child)) => either!(parent, User::ORDERS, child, Order::USER),
        (Handle::User(parent), Handle::Profile(child)) => either!(parent, User::PROFILE, child, Profile::USER),
        (Handle::Doc(parent), Handle::Line(child)) => either!(parent, Doc::LINES, child, Line::DOC),
        other => panic!("{other:?} can't be unlinked"),
    }
}

/// The children of a kind, if the list is loaded.
pub(crate) fn list(session: &Session, parent: Handle, kind: Kind) -> Option<Vec<Handle>> {
    fn handles<A: Part, B: Part>(session: &Session, key: Key<A>, rel: impl aludel::Link<A, B>) -> Option<Vec<Handle>> {
        let keys = session.try_keys(key, rel).ok()?;
        Some(keys.into_iter().map(B::handle).collect())
    }
    match (parent, kind) {
        (Handle::User(key), Kind::User) => handles(session, key, User::REPORTS),
        (Handle::User(key), Kind::Address) => handles(session, key, User::ADDRESSES),
        (Handle::User(key), Kind::Order) => handles(session, key, User::ORDERS),
        (Handle::User(key), Kind::Profile) => handles(session, key, User::PROFILE),
        (Handle::Doc(key), Kind::Line) => handles(session, key, Doc::LINES),
        (Handle::Order(key), Kind::Tag) => handles(session, key, Order::TAGS),
        (Handle::Tag(key), Kind::Order) => handles(session, key, Tag::ORDERS),
        _ => None,
    }
}

/// The parent of a child, if the session knows it.
pub(crate) fn parent(session: &Session, child: Handle) -> Option<Vec<Handle>> {
    fn handles<A: Part, B: Part>(session: &Session, key: Key<A>, rel: impl aludel::Link<A, B>) -> Option<Vec<Handle>> {
        let keys = session.try_keys(key, rel).ok()?;
        Some(keys.into_iter().map(B::handle).collect())
    }
    match child {
        Handle::User(key) => handles(session, key, User::MANAGER),
        Handle::Address(key) => handles(session, key, Address::USER),
        Handle::Order(key) => handles(session, key, Order::USER),
        Handle::Profile(key) => handles(session, key, Profile::USER),
        Handle::Line(key) => handles(session, key, Line::DOC),
        Handle::Tag(_) | Handle::Doc(_) => None,
    }
}
