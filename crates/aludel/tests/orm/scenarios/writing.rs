//! The unit of work.

use aludel::prelude::*;
use serde_json::{Value as Json, json};

use super::play;
use crate::backend::{Backend, backend};
use crate::model::{Address, Doc, Line, Order, Tag, User};

#[test]
fn insert_one() {
    let (mut session, scenario) = play("insert-one");
    let zoe = session.add(User::build().name("zoe"));
    session.commit().unwrap();
    let scenario = scenario.without(&[1], "the key came with the insert, and reading it is no statement");
    scenario.is(session[zoe].id);
}

#[test]
fn insert_many_one_batch() {
    let (mut session, scenario) = play("insert-many-one-batch");
    let keys = session.add_all(["a", "b", "c"].map(|name| User::build().name(name)));
    session.flush().unwrap();
    scenario.is(keys.iter().map(|key| session[*key].id).collect::<Vec<_>>());
}

#[test]
fn insert_graph() {
    let (mut session, scenario) = play("insert-graph");
    let addresses = ["z1", "z2"].map(|email| Address::build().email(email));
    let zoe = session.add(User::build().name("zoe").addresses(addresses));
    session.flush().unwrap();
    scenario.is(session.view(zoe).many(User::ADDRESSES).map(|address| address.user_id).collect::<Vec<_>>());
}

#[test]
fn insert_self_ref() {
    let (mut session, scenario) = play("insert-self-ref");
    let report = session.add(User::build().name("r"));
    let manager = session.add(User::build().name("m"));
    session.link(report, User::MANAGER, manager);
    session.flush().unwrap();
    scenario.is(session[report].manager_id == Some(session[manager].id));
}

#[test]
fn update_changed_only() {
    let (mut session, scenario) = play("update-changed-only");
    let ed = session.get_one::<User>(1).unwrap();
    session[ed].fullname = Some("Edward".into());
    session.commit().unwrap();
    scenario.is(Json::Null);
}

#[test]
fn update_no_change() {
    let (mut session, scenario) = play("update-no-change");
    let ed = session.get_one::<User>(1).unwrap();
    session[ed].name = "ed".into();
    session.commit().unwrap();
    scenario.is(Json::Null);
}

#[test]
fn update_primary_key() {
    let (mut session, scenario) = play("update-primary-key");
    let line = session.get_one::<Line>((1, 1)).unwrap();
    session[line].no = 7;
    session.commit().unwrap();
    scenario.is(Json::Null);
}

#[test]
fn autoflush() {
    let (mut session, scenario) = play("autoflush");
    let ed = session.get_one::<User>(1).unwrap();
    session[ed].name = "eddy".into();
    let ids = session.fetch_all(select(User::ID).filter(User::NAME.eq("eddy"))).unwrap();
    scenario.is(ids);
}

#[test]
fn no_autoflush() {
    let (mut session, scenario) = play("no-autoflush");
    let ed = session.get_one::<User>(1).unwrap();
    session[ed].name = "eddy".into();
    let ids = session.no_autoflush().fetch_all(select(User::ID).filter(User::NAME.eq("eddy"))).unwrap();
    scenario.is(ids);
}

/// What is read for it is read in the order of the fields, and tables are written in the order of their keys.
#[test]
fn delete_cascade() {
    let (mut session, scenario) = play("delete-cascade");
    let wendy = session.get_one::<User>(2).unwrap();
    session.delete(wendy);
    session.commit().unwrap();
    let scenario = scenario.in_any_order("users and orders don't refer to each other's rows that change");
    scenario.is(Json::Null);
}

#[test]
fn remove_from_collection() {
    let (mut session, scenario) = play("remove-from-collection");
    let ed = session.get_one::<User>(1).unwrap();
    session.load(ed, User::ORDERS).unwrap();
    let first = session.keys(ed, User::ORDERS)[0];
    session.unlink(ed, User::ORDERS, first);
    session.commit().unwrap();
    assert_eq!(session[first].user_id, None);
    scenario.is(Json::Null);
}

#[test]
fn many_to_many_remove() {
    let (mut session, scenario) = play("many-to-many-remove");
    let order = session.get_one::<Order>(1).unwrap();
    session.load(order, Order::TAGS).unwrap();
    let new = session.keys(order, Order::TAGS).into_iter().find(|tag| session[*tag].label == "new").unwrap();
    session.unlink(order, Order::TAGS, new);
    session.commit().unwrap();
    scenario.is(Json::Null);
}

#[test]
fn many_to_many_delete() {
    let (mut session, scenario) = play("many-to-many-delete");
    let order = session.get_one::<Order>(1).unwrap();
    session.delete(order);
    session.commit().unwrap();
    assert_eq!(session.all::<Tag>().len(), 2);
    scenario.is(Json::Null);
}

#[test]
fn version_update() {
    let (mut session, scenario) = play("version-update");
    let doc = session.get_one::<Doc>(1).unwrap();
    session[doc].body = "two".into();
    session.flush().unwrap();
    scenario.is(session[doc].version);
}

#[test]
fn rollback_restores() {
    let (mut session, scenario) = play("rollback-restores");
    let ed = session.get_one::<User>(1).unwrap();
    session[ed].name = "x".into();
    let new = session.add(User::build().name("n"));
    session.flush().unwrap();
    session.rollback().unwrap();
    let scenario = scenario
        .without(&[3], "the column is put back from its first copy")
        .in_any_order("inserts come before updates here");
    scenario.is(json!([session[ed].name, session.contains(new)]));
}

#[test]
fn merge_new() {
    let (mut session, scenario) = play("merge-new");
    let fifty = User {
        id: 50,
        name: "fifty".into(),
        fullname: None,
        manager_id: None,
        addresses: Many::unloaded(),
        orders: Many::unloaded(),
        manager: One::unloaded(),
        reports: Many::unloaded(),
    };
    let key = session.merge(fifty).unwrap();
    session.flush().unwrap();
    assert_eq!(session[key].id, 50);
    scenario.is(Json::Null);
}

#[test]
fn bulk_insert_returning() {
    let (mut session, scenario) = play("bulk-insert-returning");
    let insert =
        ["n0", "n1", "n2"].into_iter().fold(User::insert(), |insert, name| insert.row(User::build().name(name)));
    let ids = session.fetch_all(insert.returning(User::ID)).unwrap();
    scenario.is(ids);
}

/// The objects get the values that the database has, by RETURNING, and not a guess of them.
#[test]
fn orm_update_synchronize() {
    let (mut session, scenario) = play("orm-update-synchronize");
    let ed = session.get_one::<User>(1).unwrap();
    session.execute(User::update().set(User::FULLNAME, "sync").filter(User::NAME.eq("ed"))).unwrap();
    if backend() == Backend::MariaDb {
        // Without UPDATE … RETURNING the rows are selected before and after: two statements more.
        assert_eq!(session[ed].fullname.as_deref(), Some("sync"));
        return;
    }
    scenario.is(session[ed].fullname.clone());
}

/// There `delete` itself reads what cascades; here the flush does, and reads it no earlier.
#[test]
fn delete_unloaded_collection() {
    let (mut session, scenario) = play("delete-unloaded-collection");
    let ed = session.get_one::<User>(1).unwrap();
    session.delete(ed);
    scenario.without(&[1], "nothing is read before the flush").is(Json::Null);
    let plan = [
        "1. update users (manager_id): 2 rows",
        "2. update orders (user_id): 2 rows",
        "3. delete from addresses: 2 rows",
        "4. delete from users: 1 row",
    ];
    assert_eq!(session.plan().unwrap().to_string(), plan.join("\n"));
    session.commit().unwrap();
    assert!(session.get::<Address>(1).unwrap().is_none());
    assert!(session.get::<Address>(3).unwrap().is_some());
}
