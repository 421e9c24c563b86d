//! What is read.

use aludel::prelude::*;

use crate::{Address, User, engine, properties, session};

#[test]
fn rows() {
    let engine = engine();
    let users = engine.fetch_all(User::select().order_by(User::ID)).unwrap();
    assert_eq!(properties(&users[0]), (2, 2, Some("ed@new.org"), false));
    assert_eq!(properties(&users[1]), (5, 0, None, true));
    let lengths = engine.fetch_all(select((User::NAME, User::NAME_LENGTH)).order_by(User::NAME_LENGTH.desc())).unwrap();
    assert_eq!(lengths, [("wendy".to_owned(), 5), ("ed".to_owned(), 2)]);
}

#[test]
fn conditions_and_order() {
    let engine = engine();
    let names = |query: aludel::language::Select<User>| {
        let users = engine.fetch_all(query).unwrap();
        users.into_iter().map(|user| user.name).collect::<Vec<_>>()
    };
    assert_eq!(names(User::select().filter(User::ADDRESS_COUNT.eq(0))), ["wendy"]);
    assert_eq!(names(User::select().filter(not(User::IS_LONG))), ["ed"]);
    assert_eq!(names(User::select().order_by(User::ADDRESS_COUNT.desc())), ["ed", "wendy"]);
    assert_eq!(names(User::select().order_by(User::ADDRESS_COUNT)), ["wendy", "ed"]);
    // Beside the table that the property reads.
    assert_eq!(
        names(User::select().join(Address::TABLE, Address::USER_ID.eq(User::ID)).filter(Address::ID.eq(1))),
        ["ed"]
    );
}

#[test]
fn through_aliases_and_queries() {
    let engine = engine();
    let u = User::alias("u");
    let user = engine.fetch_one(select(u.all()).filter(u.col(User::ADDRESS_COUNT).gt(1))).unwrap();
    assert_eq!(properties(&user), (2, 2, Some("ed@new.org"), false));
    let query = User::select().order_by(User::ID).limit(1).subquery("q");
    let user = engine.fetch_one(select(query.all()).filter(query.col(User::ADDRESS_COUNT).eq(2))).unwrap();
    assert_eq!(properties(&user), (2, 2, Some("ed@new.org"), false));
}

#[test]
fn objects() {
    let mut session = session();
    let ed = session.get_one::<User>(1).unwrap();
    assert_eq!(properties(&session[ed]), (2, 2, Some("ed@new.org"), false));
    let long = session.fetch_one(User::select().filter(User::IS_LONG)).unwrap();
    assert_eq!(properties(&session[long]), (5, 0, None, true));
}

#[test]
fn loaded_with_others() {
    for is_joined in [true, false] {
        let mut session = session();
        let query = User::select().order_by(User::ID);
        let users = match is_joined {
            true => session.fetch_all(query.options(joinedload(User::ADDRESSES))).unwrap(),
            false => session.fetch_all(query.options(selectinload(User::ADDRESSES))).unwrap(),
        };
        assert_eq!(properties(&session[users[0]]), (2, 2, Some("ed@new.org"), false));
        let loud: Vec<_> = session.view(users[0]).many(User::ADDRESSES).map(|address| address.loud.clone()).collect();
        assert_eq!(loud, ["ED@NEW.ORG", "ED@OLD.ORG"]);
    }
    // The other direction, whose user is read through an alias, and with a limit, whose addresses are a query in FROM.
    let mut session = session();
    let query = Address::select().order_by(Address::ID).options(joinedload(Address::USER));
    let addresses = session.fetch_all(query).unwrap();
    let user = session.one(addresses[0], Address::USER).unwrap();
    assert_eq!(properties(&session[user]), (2, 2, Some("ed@new.org"), false));
    let mut session = crate::session();
    let query = User::select().order_by(User::ADDRESS_COUNT.desc()).limit(1).options(joinedload(User::ADDRESSES));
    let users = session.fetch_all(query).unwrap();
    assert_eq!(properties(&session[users[0]]), (2, 2, Some("ed@new.org"), false));
    assert_eq!(session.keys(users[0], User::ADDRESSES).len(), 2);
}

#[test]
fn left_out() {
    let mut session = session();
    let query = User::select().filter(User::ID.eq(1)).options(load_only((User::NAME, User::NAME_LENGTH)));
    let ed = session.fetch_one(query).unwrap();
    assert_eq!(properties(&session[ed]), (2, 0, None, false));
    session.refresh_only(ed, User::ADDRESS_COUNT).unwrap();
    assert_eq!(properties(&session[ed]), (2, 2, None, false));
    assert_eq!(session.get(1).unwrap(), Some(ed));
    assert_eq!(properties(&session[ed]), (2, 2, Some("ed@new.org"), false));
}

#[derive(Entity, Clone, Debug)]
#[entity(table = "users")]
struct Bound {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(expression = Bound::NAME.eq("ed"))]
    is_ed: bool,
}

#[test]
fn bound_values_have_no_place() {
    let error = engine().fetch_all(Bound::select()).unwrap_err().to_string();
    assert!(error.contains("the expression of the column `users.is_ed` has a bound value"), "{error}");
    assert!(error.contains("`literal(…)`"), "{error}");
}
