//! Some of everything that a session does, and what comes of it.

use aludel::prelude::*;

use crate::model::{Address, Order, Profile, Tag, User};

/// What the session has done before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Before {
    Nothing,
    /// It has read.
    Read,
    /// It has flushed something, which must not be lost.
    Flushed,
}

pub(crate) const BEFORE: [Before; 3] = [Before::Nothing, Before::Read, Before::Flushed];

/// Some of everything that a flush can do, not flushed yet.
pub(crate) struct Work {
    pub(crate) ed: Key<User>,
    pub(crate) zoe: Key<User>,
    pub(crate) home: Key<Address>,
    pub(crate) order: Key<Order>,
}

/// What the database has after a commit of it.
pub(crate) fn expected(before: Before) -> Vec<String> {
    let mut rows = vec![
        "address home of zoe",
        "address new of Edward",
        "address wendy@a of wendy",
        "address ed@b of Edward",
        "link done hot",
        "link open new",
        "link ordered hot",
        "link ordered fresh",
        "order done of Edward",
        "order open of Edward",
        "order open of zoe",
        "order ordered of Edward",
        "profile of ed of -",
        "profile of Edward of Edward",
        "tag fresh",
        "tag hot",
        "tag new",
        "user Edward 30",
        "user mary 40",
        "user wendy -",
        "user zoe -",
    ];
    if before == Before::Flushed {
        rows.push("user early 1");
    }
    rows.sort_unstable();
    rows.into_iter().map(str::to_owned).collect()
}

/// What it has without it.
pub(crate) fn untouched(before: Before) -> Vec<String> {
    let mut rows = vec![
        "address ed@a of ed",
        "address ed@b of ed",
        "address wendy@a of wendy",
        "link done hot",
        "link open hot",
        "link open new",
        "order done of ed",
        "order open of ed",
        "order open of wendy",
        "profile of ed of ed",
        "tag hot",
        "tag new",
        "user ed 30",
        "user mary 40",
        "user wendy -",
    ];
    if before == Before::Flushed {
        rows.push("user early 1");
    }
    rows.sort_unstable();
    rows.into_iter().map(str::to_owned).collect()
}

pub(crate) async fn work(session: &mut Session, before: Before) -> Work {
    // Objects that are here already, with nothing of the transaction left.
    let ed = session.get_one::<User>(1).await.unwrap();
    let moved = session.get_one::<Order>(3).await.unwrap();
    let open = session.get_one::<Order>(1).await.unwrap();
    let hot = session.get_one::<Tag>(2).await.unwrap();
    session.load(ed, User::ADDRESSES).await.unwrap();
    session.load(open, Order::TAGS).await.unwrap();
    session.rollback().await.unwrap();
    match before {
        Before::Nothing => {}
        Before::Read => {
            session.get_one::<User>(3).await.unwrap();
        }
        Before::Flushed => {
            session.add(User::build().name("early").age(1));
            session.flush().await.unwrap();
        }
    }
    session[ed].name = "Edward".into();
    let zoe = session.add(User::build().name("zoe"));
    let home = session.add(Address::build().email("home"));
    session.link(zoe, User::ADDRESSES, home);
    session.link(zoe, User::ORDERS, moved);
    let first = session.keys(ed, User::ADDRESSES)[0];
    session.unlink(ed, User::ADDRESSES, first);
    session[ed].addresses.push(Address::build().email("new"));
    let order = session.add(Order::build().status("ordered").tags([Tag::build().label("fresh")]));
    session.link(ed, User::ORDERS, order);
    session.link(order, Order::TAGS, hot);
    session.unlink(open, Order::TAGS, hot);
    // Nobody has loaded what it takes the place of.
    session[ed].profile = Profile { id: 0, about: "of Edward".into(), user_id: None }.into();
    Work { ed, zoe, home, order }
}

/// Each object of the session is as its row, and each row that is asked for is what was asked for.
pub(crate) async fn agrees(session: &mut Session, at: usize) {
    let mut fresh = Session::new(session.engine());
    for user in session.all::<User>() {
        let id = session[user].id;
        let other = fresh.get::<User>(id).await.unwrap().unwrap_or_else(|| panic!("{at:?}: user {id} is no row"));
        assert_eq!((&session[user].name, session[user].age), (&fresh[other].name, fresh[other].age), "{at:?}");
        assert_eq!(session.get::<User>(id).await.unwrap(), Some(user), "{at:?}");
        if let Ok(keys) = session.try_keys(user, User::ADDRESSES) {
            fresh.load(other, User::ADDRESSES).await.unwrap();
            let mut emails: Vec<String> = keys.iter().map(|key| session[*key].email.clone()).collect();
            let mut wanted: Vec<String> =
                fresh.view(other).many(User::ADDRESSES).map(|address| address.get().email.clone()).collect();
            emails.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(emails, wanted, "{at:?}: of user {id}");
        }
    }
    for address in session.all::<Address>() {
        let id = session[address].id;
        let other = fresh.get_one::<Address>(id).await.unwrap();
        assert_eq!((&session[address].email, session[address].user_id), (&fresh[other].email, fresh[other].user_id));
    }
    for order in session.all::<Order>() {
        let id = session[order].id;
        let other = fresh.get_one::<Order>(id).await.unwrap();
        assert_eq!((&session[order].status, session[order].user_id), (&fresh[other].status, fresh[other].user_id));
    }
    let names = session.fetch_all(select(User::NAME).order_by(User::ID).limit(2)).await.unwrap();
    assert_eq!(names.len(), 2, "{at:?}");
}
