//! Loader options: how many statements, what is in the lists, and that a part of a list is not taken for all of it.

use aludel::blocking::Session;
use aludel::prelude::*;
use aludel::{immediateload, with_criteria};

use crate::model::{Address, Log, Order, Tag, User, database, session};

fn emails(session: &Session, user: Key<User>) -> Vec<&str> {
    session.view(user).many(User::ADDRESSES).map(|address| address.get().email.as_str()).collect()
}

fn statements(log: &Log) -> usize {
    log.take().len()
}

#[test]
fn in_chunks() {
    let (mut session, log) = session();
    let query = || User::select().order_by(User::ID);
    let users = session.fetch_all(query().options(selectinload(User::ADDRESSES).chunk(3))).unwrap();
    assert_eq!(statements(&log), 3);
    assert_eq!(emails(&session, users[1]), ["wendy@a.org"]);
    session.fetch_all(query().options(immediateload(User::ADDRESSES))).unwrap();
    assert_eq!(statements(&log), 5);
    let (engine, log) = database();
    let mut session = Session::builder(&engine).load_chunk(2).build();
    let users = session.fetch_all(query()).unwrap();
    log.take();
    session.load(&users, User::ADDRESSES).unwrap();
    assert_eq!(statements(&log), 2);
    assert_eq!(emails(&session, users[0]), ["ed@a.org", "ed@b.org"]);
}

/// A path, by `load`.
#[test]
fn a_path_of_objects_that_are_here() {
    let (mut session, log) = session();
    let users = session.fetch_all(User::select().order_by(User::ID)).unwrap();
    log.take();
    session.load(&users, selectinload(User::ORDERS).selectinload(Order::TAGS)).unwrap();
    assert_eq!(statements(&log), 2);
    let tags: usize = session.view(users[0]).many(User::ORDERS).map(|order| order.many(Order::TAGS).len()).sum();
    assert_eq!(tags, 3);
    // Branches.
    let branches = selectinload(User::REPORTS).options((selectinload(User::ADDRESSES), selectinload(User::ORDERS)));
    session.load(users[0], branches).unwrap();
    assert_eq!(statements(&log), 3);
    let reports = session.keys(users[0], User::REPORTS);
    assert_eq!((session[reports[0]].addresses.len(), session[reports[0]].orders.len()), (1, 1));
}

/// Who is here and fresh need not be asked for; nor need nobody.
#[test]
fn parents_that_are_here() {
    let (mut session, log) = session();
    let users = session.fetch_all(User::select().order_by(User::ID)).unwrap();
    log.take();
    session.load(&users, User::MANAGER).unwrap();
    assert_eq!(statements(&log), 0);
    assert_eq!(session.one(users[3], User::MANAGER), Some(users[1]));
    let addresses = session.fetch_all(Address::select().options(selectinload(Address::USER))).unwrap();
    assert_eq!(statements(&log), 1);
    assert_eq!(session.one(addresses[2], Address::USER), Some(users[1]));
    session.expire(users[1]);
    session.load(&addresses, Address::USER).unwrap();
    assert_eq!(statements(&log), 1);
    assert!(!session.is_stale(users[1]));
}

/// Of a filtered list nobody thinks that it is all there is.
#[test]
fn a_part_of_a_list() {
    let (mut session, log) = session();
    let part = || selectinload(User::ADDRESSES).filter(Address::EMAIL.like("%b.org"));
    let ed = session.fetch_one(User::select().filter(User::ID.eq(1)).options(part())).unwrap();
    assert_eq!(emails(&session, ed), ["ed@b.org"]);
    session.commit().unwrap();
    session.load(ed, User::ADDRESSES).unwrap();
    assert_eq!(emails(&session, ed), ["ed@a.org", "ed@b.org"]);
    session.load(ed, part()).unwrap();
    assert_eq!(emails(&session, ed), ["ed@b.org"]);
    // Adding to it and flushing leaves the others alone.
    session[ed].addresses.push(Address::build().email("c@c.org"));
    session.flush().unwrap();
    assert_eq!(emails(&session, ed), ["ed@b.org", "c@c.org"]);
    let count: i64 = session.fetch_one(select(func::count_all()).from(Address::TABLE)).unwrap();
    assert_eq!(count, 4);
    // And all of them are deleted with their user.
    session.load(ed, part()).unwrap();
    log.take();
    session.delete(ed);
    session.commit().unwrap();
    let left: Vec<String> = session.fetch_all(select(Address::EMAIL)).unwrap();
    assert_eq!(left, ["wendy@a.org"]);
}

/// A whole new list in the place of a part of one.
#[test]
fn a_whole_list_in_the_place_of_a_part() {
    let (mut session, _) = session();
    let part = selectinload(User::ADDRESSES).filter(Address::EMAIL.like("%b.org"));
    let ed = session.fetch_one(User::select().filter(User::ID.eq(1)).options(part)).unwrap();
    session[ed].addresses = vec![Address { id: 0, email: "only".into(), user_id: 1, user: One::unloaded() }].into();
    session.commit().unwrap();
    let stored: Vec<String> = session.fetch_all(select(Address::EMAIL).order_by(Address::ID)).unwrap();
    assert_eq!(stored, ["wendy@a.org", "only"]);
}

#[test]
fn a_join_of_the_program_fills_a_list() {
    let (mut session, log) = session();
    let query = User::select()
        .join_related(User::ADDRESSES)
        .filter(Address::EMAIL.like("%a.org"))
        .order_by((User::ID, Address::ID))
        .options(contains_eager(User::ADDRESSES));
    let users = session.fetch_all(query).unwrap();
    assert_eq!(statements(&log), 1);
    assert_eq!(users.len(), 2);
    assert_eq!((emails(&session, users[0]), emails(&session, users[1])), (vec!["ed@a.org"], vec!["wendy@a.org"]));
    // It is a part.
    session.delete(users[0]);
    session.commit().unwrap();
    let left: Vec<String> = session.fetch_all(select(Address::EMAIL)).unwrap();
    assert_eq!(left, ["wendy@a.org"]);
}

#[test]
fn a_join_under_another_name_fills_a_relationship() {
    let (mut session, log) = session();
    let manager = User::alias("manager");
    let query = User::select()
        .join(&manager, User::MANAGER_ID.eq(manager.col(User::ID)))
        .filter(manager.col(User::NAME).eq("ed"))
        .order_by(User::ID)
        .options(contains_eager(User::MANAGER).through(&manager).selectinload(User::ADDRESSES));
    let users = session.fetch_all(query).unwrap();
    assert_eq!(statements(&log), 2);
    let managers: Vec<(&str, usize)> = users
        .iter()
        .map(|user| session.view(*user).one(User::MANAGER).unwrap())
        .map(|manager| (manager.get().name.as_str(), manager.addresses.len()))
        .collect();
    assert_eq!(managers, [("ed", 2), ("ed", 2)]);
}

/// Under LIMIT the query comes first and the join second.
#[test]
fn joined_under_a_limit() {
    let (mut session, log) = session();
    let query = User::select().order_by(User::NAME.desc()).limit(3).offset(1);
    let users = session.fetch_all(query.options(joinedload(User::ORDERS).joinedload(Order::TAGS))).unwrap();
    assert_eq!(statements(&log), 1);
    let shown: Vec<(&str, usize)> =
        users.iter().map(|user| (&*session[*user].name, session[*user].orders.len())).collect();
    assert_eq!(shown, [("mary", 0), ("fred", 0), ("ed", 2)]);
    let tags: Vec<usize> =
        session.view(users[2]).many(User::ORDERS).map(|order| order.many(Order::TAGS).len()).collect();
    assert_eq!(tags, [2, 1]);
}

/// To-one and to-many in one path, each way.
#[test]
fn joined_and_selectin_in_each_other() {
    let (mut session, log) = session();
    let path = || joinedload(Address::USER).selectinload(User::ORDERS).joinedload(Order::TAGS);
    let addresses = session.fetch_all(Address::select().order_by(Address::ID).options(path())).unwrap();
    // The tags are joined to the orders.
    assert_eq!(statements(&log), 2);
    let user = session.view(addresses[0]).one(Address::USER).unwrap();
    assert_eq!(user.many(User::ORDERS).map(|order| order.many(Order::TAGS).len()).collect::<Vec<_>>(), [2, 1]);
    let wendy = session.view(addresses[2]).one(Address::USER).unwrap();
    assert_eq!(wendy.many(User::ORDERS).map(|order| order.many(Order::TAGS).len()).collect::<Vec<_>>(), [0]);
}

#[test]
fn joined_to_itself_some_levels_deep() {
    let (mut session, log) = session();
    let query = User::select().filter(User::ID.eq(1)).options(joinedload(User::REPORTS).depth(2));
    let ed = session.fetch_one(query).unwrap();
    assert_eq!(statements(&log), 1);
    let reports = session.keys(ed, User::REPORTS);
    assert_eq!(reports.len(), 2);
    let below: Vec<usize> = reports.iter().map(|report| session[*report].reports.len()).collect();
    assert_eq!(below, [1, 0]);
}

#[test]
fn subquery_under_a_limit() {
    let (mut session, log) = session();
    let query = User::select().order_by(User::NAME).limit(2);
    let users = session.fetch_all(query.options(subqueryload(User::ADDRESSES))).unwrap();
    assert_eq!(statements(&log), 2);
    let shown: Vec<(&str, usize)> =
        users.iter().map(|user| (&*session[*user].name, session[*user].addresses.len())).collect();
    assert_eq!(shown, [("ed", 2), ("fred", 0)]);
    let orders = session
        .fetch_all(
            Order::select().filter(Order::STATUS.eq("open")).order_by(Order::ID).options(subqueryload(Order::TAGS)),
        )
        .unwrap();
    assert_eq!(orders.iter().map(|order| session[*order].tags.len()).collect::<Vec<_>>(), [2, 0]);
    let addresses =
        session.fetch_all(Address::select().order_by(Address::ID).options(subqueryload(Address::USER))).unwrap();
    assert_eq!(session.view(addresses[2]).one(Address::USER).unwrap().name, "wendy");
}

/// Fewer columns of what is loaded along; the foreign key comes in any case.
#[test]
fn fewer_columns() {
    for is_joined in [false, true] {
        let (mut session, log) = session();
        let columns = load_only(Address::ID);
        let option = if is_joined { joinedload(User::ADDRESSES) } else { selectinload(User::ADDRESSES) };
        let users = session.fetch_all(User::select().order_by(User::ID).options(option.options(columns))).unwrap();
        assert!(log.sql().iter().all(|sql| !sql.contains("email")));
        let addresses = session.keys(users[0], User::ADDRESSES);
        assert_eq!((addresses.len(), session[addresses[1]].user_id), (2, 1));
        assert!(session.value(addresses[1], Address::EMAIL).is_err());
        session.refresh(addresses[1]).unwrap();
        assert_eq!(session.value(addresses[1], Address::EMAIL).unwrap(), "ed@b.org");
    }
}

#[test]
fn criteria() {
    let (mut session, _) = session();
    let only = || with_criteria::<Address>(Address::EMAIL.like("%a.org"));
    for is_joined in [false, true] {
        let option = if is_joined { joinedload(User::ADDRESSES) } else { selectinload(User::ADDRESSES) };
        let users = session.fetch_all(User::select().order_by(User::ID).options((option, only()))).unwrap();
        assert_eq!(users.len(), 4);
        assert_eq!((emails(&session, users[0]), emails(&session, users[1])), (vec!["ed@a.org"], vec!["wendy@a.org"]));
    }
    let addresses = session.fetch_all(Address::select().options(only())).unwrap();
    assert_eq!(addresses.len(), 2);
    // A part again, and no more.
    let ed = session.get_one::<User>(1).unwrap();
    session.delete(ed);
    session.commit().unwrap();
    let left: Vec<String> = session.fetch_all(select(Address::EMAIL)).unwrap();
    assert_eq!(left, ["wendy@a.org"]);
}

/// Not loaded, also where it was before.
#[test]
fn raise() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session.load(ed, User::ADDRESSES).unwrap();
    let query = || User::select().filter(User::ID.eq(1));
    session.fetch_one(query().options(raiseload(User::ADDRESSES))).unwrap();
    assert!(session.try_keys(ed, User::ADDRESSES).is_err());
    session.fetch_one(query().options(selectinload(User::ORDERS).raiseload(Order::TAGS))).unwrap();
    let order = session.keys(ed, User::ORDERS)[0];
    assert!(session.try_keys(order, Order::TAGS).unwrap_err().to_string().contains("selectinload(Order::TAGS)"));
}

/// New objects have no rows to be asked for.
#[test]
fn of_new_objects() {
    let (mut session, log) = session();
    let new = session.add(User::build().name("new"));
    let home = session.add(Address::build().email("home"));
    session.link(new, User::ADDRESSES, home);
    let mut quiet = session.no_autoflush();
    quiet.load(new, User::ADDRESSES).unwrap();
    assert!(log.sql().iter().all(|sql| sql.starts_with("SELECT")));
    assert_eq!(quiet.keys(new, User::ADDRESSES), [home]);
    quiet.load(home, Address::USER).unwrap();
    assert_eq!(quiet.one(home, Address::USER), Some(new));
    drop(quiet);
    session.commit().unwrap();
    assert_eq!(session[home].user_id, session[new].id);
}

/// Both sides of many-to-many by the one that has it.
#[test]
fn many_to_many_of_objects_that_share() {
    let (mut session, _) = session();
    let orders = session.fetch_all(Order::select().order_by(Order::ID).options(joinedload(Order::TAGS))).unwrap();
    let hot = session.fetch_one(Tag::select().filter(Tag::LABEL.eq("hot"))).unwrap();
    let with_hot: Vec<bool> = orders.iter().map(|order| session.keys(*order, Order::TAGS).contains(&hot)).collect();
    assert_eq!(with_hot, [true, true, false]);
    session.delete(hot);
    assert_eq!(session[orders[0]].tags.len(), 1);
    assert!(session[orders[1]].tags.is_empty());
    session.rollback().unwrap();
    assert_eq!(session[orders[0]].tags.len(), 2);
}
