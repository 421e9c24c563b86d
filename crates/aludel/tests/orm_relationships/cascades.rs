//! What of what is done to an object is done to those on the other side.

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::log::{self, Log, stored};

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "owners")]
struct Owner {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[has_many(Plain::OWNER_ID)]
    plain: Many<Plain>,
    #[has_many(Deleted::OWNER_ID, cascade = "delete")]
    deleted: Many<Deleted>,
    #[has_many(Orphan::OWNER_ID, cascade = "delete-orphan")]
    orphans: Many<Orphan>,
    #[has_many(All::OWNER_ID, cascade = "all")]
    whole: Many<All>,
    #[has_many(Passive::OWNER_ID, cascade = "all", passive_deletes)]
    passive: Many<Passive>,
    #[has_many(Nothing::OWNER_ID, cascade = "none")]
    nothing: Many<Nothing>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "plains")]
struct Plain {
    #[column(primary_key)]
    id: i64,
    #[column(references = Owner::ID)]
    owner_id: Option<i64>,
    #[belongs_to(Self::OWNER_ID)]
    owner: One<Owner>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "deleteds")]
struct Deleted {
    #[column(primary_key)]
    id: i64,
    #[column(references = Owner::ID)]
    owner_id: Option<i64>,
    #[has_many(Deeper::PARENT_ID, cascade = "all")]
    deeper: Many<Deeper>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "deepers")]
struct Deeper {
    #[column(primary_key)]
    id: i64,
    #[column(references = Deleted::ID)]
    parent_id: i64,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "orphans")]
struct Orphan {
    #[column(primary_key)]
    id: i64,
    #[column(references = Owner::ID)]
    owner_id: Option<i64>,
    #[belongs_to(Self::OWNER_ID)]
    owner: One<Owner>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "alls")]
struct All {
    #[column(primary_key)]
    id: i64,
    #[column(references = Owner::ID)]
    owner_id: i64,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "passives")]
struct Passive {
    #[column(primary_key)]
    id: i64,
    #[column(references = Owner::ID, on_delete = "cascade")]
    owner_id: i64,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "nothings")]
struct Nothing {
    #[column(primary_key)]
    id: i64,
    #[column(references = Owner::ID)]
    owner_id: Option<i64>,
}

const ROWS: [&str; 8] = [
    "INSERT INTO owners VALUES (1, 'a'), (2, 'b')",
    "INSERT INTO plains VALUES (1, 1), (2, 2)",
    "INSERT INTO deleteds VALUES (1, 1), (2, 1), (3, 2)",
    "INSERT INTO deepers VALUES (1, 1), (2, 1), (3, 2), (4, 3)",
    "INSERT INTO orphans VALUES (1, 1), (2, 1), (3, 2)",
    "INSERT INTO alls VALUES (1, 1), (2, 2)",
    "INSERT INTO passives VALUES (1, 1), (2, 1), (3, 2)",
    "INSERT INTO nothings VALUES (1, 1)",
];

fn session() -> (Session, Log) {
    log::session(schema![Owner, Plain, Deleted, Deeper, Orphan, All, Passive, Nothing], &ROWS)
}

const COUNTS: &str =
    "SELECT CAST((SELECT count(*) FROM plains WHERE owner_id IS NULL) AS CHAR) || CAST((SELECT count(*) FROM deleteds) AS CHAR)
    || CAST((SELECT count(*) FROM deepers) AS CHAR) || CAST((SELECT count(*) FROM orphans) AS CHAR)
    || CAST((SELECT count(*) FROM alls) AS CHAR) || CAST((SELECT count(*) FROM passives) AS CHAR)
    || CAST((SELECT count(*) FROM nothings WHERE owner_id IS NULL) AS CHAR)";

/// Each as its relationship says. What the database deletes is not read.
#[test]
fn an_owner_is_deleted() {
    let (mut session, log) = session();
    let owner = session.get_one::<Owner>(1).unwrap();
    session.delete(owner);
    log.count();
    session.commit().unwrap();
    let statements = log.short();
    assert!(!statements.iter().any(|sql| sql.contains("passives")), "{statements:?}");
    let mut selects: Vec<&str> = statements.iter().filter_map(|sql| sql.strip_prefix("SELECT ")).collect();
    selects.sort_unstable();
    assert_eq!(selects, ["alls", "deepers", "deleteds", "nothings", "orphans", "plains"]);
    let mut writes: Vec<&str> = statements[6..].iter().map(String::as_str).collect();
    assert_eq!(writes.pop(), Some("DELETE owners 1"));
    writes.sort_unstable();
    assert_eq!(
        writes,
        [
            "DELETE alls 1",
            "DELETE deepers 3",
            "DELETE deleteds 2",
            "DELETE orphans 2",
            "UPDATE nothings 1",
            "UPDATE plains 1"
        ]
    );
    assert_eq!(stored(&mut session, &log, COUNTS), ["1111111"]);
}

/// What is there of children that the database deletes is deleted one by one.
#[test]
fn loaded_children_that_the_database_deletes() {
    let (mut session, log) = session();
    let owner = session.get_one::<Owner>(1).unwrap();
    session.load(owner, Owner::PASSIVE).unwrap();
    let passive = session.keys(owner, Owner::PASSIVE);
    session.delete(owner);
    log.count();
    session.commit().unwrap();
    assert!(log.short().contains(&"DELETE passives 2".to_owned()));
    assert!(!session.contains(passive[0]));
}

#[test]
fn an_orphan_goes() {
    let (mut session, log) = session();
    let owner = session.get_one::<Owner>(1).unwrap();
    session.load(owner, Owner::ORPHANS).unwrap();
    let [one, other] = session.keys(owner, Owner::ORPHANS)[..] else { panic!("two") };
    session.unlink(owner, Owner::ORPHANS, one);
    session.unlink(other, Orphan::OWNER, owner);
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["DELETE orphans 2"]);
    assert!(!session.contains(one) && !session.contains(other));
}

/// Who is given another parent is none.
#[test]
fn an_orphan_is_adopted() {
    let (mut session, log) = session();
    let (owner, other) = (session.get_one::<Owner>(1).unwrap(), session.get_one::<Owner>(2).unwrap());
    session.load(owner, Owner::ORPHANS).unwrap();
    let orphan = session.keys(owner, Owner::ORPHANS)[0];
    session.unlink(owner, Owner::ORPHANS, orphan);
    session.link(other, Owner::ORPHANS, orphan);
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["UPDATE orphans 1"]);
    assert_eq!(session[orphan].owner_id, Some(2));
    // And moved before its first parent is deleted.
    session.load(other, Owner::ORPHANS).unwrap();
    session.link(owner, Owner::ORPHANS, orphan);
    session.delete(other);
    session.commit().unwrap();
    assert!(session.contains(orphan));
    assert_eq!(session[orphan].owner_id, Some(1));
}

/// A new object that loses its parent is not inserted.
#[test]
fn a_new_orphan_is_not_inserted() {
    let (mut session, log) = session();
    let owner = session.get_one::<Owner>(1).unwrap();
    session.load(owner, Owner::ORPHANS).unwrap();
    let new = session.add(Orphan::build());
    session.link(owner, Owner::ORPHANS, new);
    session.unlink(owner, Owner::ORPHANS, new);
    log.count();
    session.commit().unwrap();
    assert_eq!(log.count(), 0);
    assert!(!session.contains(new));
}

/// Without delete-orphan it stays, with no parent.
#[test]
fn no_orphan_without_being_asked() {
    let (mut session, log) = session();
    let owner = session.get_one::<Owner>(1).unwrap();
    session.load(owner, Owner::DELETED).unwrap();
    let child = session.keys(owner, Owner::DELETED)[0];
    session.unlink(owner, Owner::DELETED, child);
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["UPDATE deleteds 1"]);
}

/// A whole new list deletes who is not in it.
#[test]
fn a_replaced_list_leaves_orphans() {
    for is_loaded in [true, false] {
        let (mut session, log) = session();
        let owner = session.get_one::<Owner>(1).unwrap();
        if is_loaded {
            session.load(owner, Owner::ORPHANS).unwrap();
        }
        session[owner].orphans = Many::from(vec![Orphan { id: 0, owner_id: None, owner: One::unloaded() }]);
        session.commit().unwrap();
        let orphans = "SELECT id || ' ' || owner_id FROM orphans ORDER BY id";
        assert_eq!(stored(&mut session, &log, orphans), ["3 2", "4 1"], "loaded: {is_loaded}");
    }
}

#[test]
fn expunged_along() {
    let (mut session, _) = session();
    let owner = session.get_one::<Owner>(1).unwrap();
    session.load(owner, Owner::WHOLE).unwrap();
    session.load(owner, Owner::DELETED).unwrap();
    let (all, deleted) = (session.keys(owner, Owner::WHOLE)[0], session.keys(owner, Owner::DELETED)[0]);
    session.expunge(owner);
    assert!(!session.contains(owner) && !session.contains(all) && session.contains(deleted));
}

/// Lists that were read before the last commit are read again before anything is deleted by them.
#[test]
fn a_list_of_another_transaction() {
    let (engine, log) = log::engine(schema![Owner, Plain, Deleted, Deeper, Orphan, All, Passive, Nothing], &ROWS);
    let mut session = Session::new(&engine);
    let owner = session.get_one::<Owner>(1).unwrap();
    session.load(owner, Owner::WHOLE).unwrap();
    session.commit().unwrap();
    engine.execute(text("INSERT INTO alls VALUES (7, 1)")).unwrap();
    session.refresh(owner).unwrap();
    assert_eq!(session[owner].whole.len(), 1);
    session.delete(owner);
    log.count();
    session.commit().unwrap();
    assert!(log.short().contains(&"DELETE alls 2".to_owned()));
}
