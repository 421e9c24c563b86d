//! An entity that refers to itself: an adjacency list.

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::backend::{Backend, backend, on};
use crate::log::{self, Log, stored};

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "nodes")]
struct Node {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(references = Node::ID)]
    parent_id: Option<i64>,
    #[belongs_to(Self::PARENT_ID)]
    parent: One<Node>,
    #[has_many(Self::PARENT_ID, cascade = "all", order_by = Self::ID)]
    children: Many<Node>,
}

/// With two parents, whose keys are given by hand.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "animals")]
struct Animal {
    #[column(primary_key)]
    name: String,
    #[column(references = Animal::NAME)]
    mother: Option<String>,
    #[column(references = Animal::NAME)]
    father: Option<String>,
    #[belongs_to(Self::MOTHER)]
    dam: One<Animal>,
    #[belongs_to(Self::FATHER)]
    sire: One<Animal>,
    #[has_many(Self::MOTHER)]
    of_dam: Many<Animal>,
    #[has_many(Self::FATHER)]
    of_sire: Many<Animal>,
}

const ROWS: [&str; 1] =
    ["INSERT INTO nodes VALUES (1, 'root', NULL), (2, 'a', 1), (3, 'b', 1), (4, 'aa', 2), (5, 'aaa', 4)"];

fn session() -> (Session, Log) {
    log::session(schema![Node, Animal], &ROWS)
}

const NODES: &str = "SELECT name || ' ' || coalesce(parent_id, '-') FROM nodes ORDER BY id";

/// Each level is a statement, parents first, however the objects were added.
#[test]
fn a_deep_tree_is_inserted_in_rounds() {
    let (mut session, log) = session();
    let deepest = session.add(Node::build().name("3"));
    let middle = session.add(Node::build().name("2"));
    let other = session.add(Node::build().name("2b"));
    let top = session.add(Node::build().name("1"));
    session.link(middle, Node::CHILDREN, deepest);
    session.link(other, Node::PARENT, top);
    session.link(top, Node::CHILDREN, middle);
    assert_eq!(session.keys(top, Node::CHILDREN), [other, middle]);
    session.flush().unwrap();
    assert_eq!(log.short(), ["INSERT nodes 1", "INSERT nodes 2", "INSERT nodes 1"]);
    assert_eq!(stored(&mut session, &log, NODES)[5..], ["1 -", "2 6", "2b 6", "3 7"]);
    // Children come before their parents.
    session.delete(top);
    session.flush().unwrap();
    assert_eq!(log.short(), ["DELETE nodes 1", "DELETE nodes 2", "DELETE nodes 1"]);
}

#[test]
fn a_tree_of_builders() {
    let (mut session, log) = session();
    let leaf = |name: &str| Node::build().name(name);
    let root = session.add(leaf("r").children([leaf("x").children([leaf("xx"), leaf("xy")]), leaf("y")]));
    session.commit().unwrap();
    assert_eq!(log.short(), ["INSERT nodes 1", "INSERT nodes 2", "INSERT nodes 2"]);
    let names: Vec<String> = session
        .view(root)
        .many(Node::CHILDREN)
        .flat_map(|child| child.many(Node::CHILDREN))
        .map(|child| child.name.clone())
        .collect();
    assert_eq!(names, ["xx", "xy"]);
}

#[test]
fn loaded_level_by_level() {
    let (mut session, log) = session();
    let root = session.fetch_one(Node::select().filter(Node::ID.eq(1)).options(selectinload(Node::CHILDREN).depth(3)));
    let root = root.unwrap();
    assert_eq!(log.count(), 4);
    let a = session.keys(root, Node::CHILDREN)[0];
    let aa = session.keys(a, Node::CHILDREN)[0];
    let aaa = session.keys(aa, Node::CHILDREN)[0];
    assert_eq!(session[aaa].name, "aaa");
    assert!(session[aaa].children.is_unloaded());
    assert_eq!((session.one(aaa, Node::PARENT), session.one(root, Node::PARENT)), (Some(aa), None));
    assert_eq!(log.count(), 0);
}

#[test]
fn up_the_tree() {
    let (mut session, log) = session();
    let leaf = session.get_one::<Node>(5).unwrap();
    session.load(leaf, selectinload(Node::PARENT).depth(9)).unwrap();
    assert_eq!(log.count(), 4);
    let view = session.view(leaf);
    let way = std::iter::successors(Some(view), |node| node.one(Node::PARENT));
    assert_eq!(way.map(|node| node.name.clone()).collect::<Vec<_>>(), ["aaa", "aa", "a", "root"]);
}

#[test]
fn a_branch_is_moved() {
    let (mut session, log) = session();
    let nodes = session.fetch_all(Node::select().order_by(Node::ID).options(selectinload(Node::CHILDREN))).unwrap();
    let [_, a, b, aa, _] = nodes[..] else { panic!("five") };
    session.link(b, Node::CHILDREN, aa);
    assert_eq!((session[a].children.len(), session[b].children.len()), (0, 1));
    assert_eq!(session.one(aa, Node::PARENT), Some(b));
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["UPDATE nodes 1"]);
    assert_eq!(stored(&mut session, &log, NODES), ["root -", "a 1", "b 1", "aa 3", "aaa 4"]);
    // To the top.
    session.unlink(aa, Node::PARENT, b);
    session.commit().unwrap();
    assert_eq!(stored(&mut session, &log, NODES)[3], "aa -");
}

/// The whole tree, loaded or not, from the leaves up.
#[test]
fn the_root_is_deleted() {
    for is_loaded in [true, false] {
        let (mut session, log) = session();
        let root = session.get_one::<Node>(1).unwrap();
        if is_loaded {
            session.load(root, selectinload(Node::CHILDREN).depth(4)).unwrap();
        }
        session.delete(root);
        log.count();
        session.commit().unwrap();
        let statements = log.short();
        let deletes = ["DELETE nodes 1", "DELETE nodes 1", "DELETE nodes 2", "DELETE nodes 1"];
        assert_eq!(statements[statements.len() - 4..], deletes);
        assert_eq!(statements.len(), if is_loaded { 4 } else { 8 });
        assert!(stored(&mut session, &log, NODES).is_empty());
    }
}

/// Rows that refer to each other: inserted with NULL, then set; deleted likewise.
#[test]
fn rows_in_a_circle() {
    let (mut session, log) = session();
    let [one, two, three] = ["1", "2", "3"].map(|name| session.add(Node::build().name(name)));
    session.link(one, Node::PARENT, two);
    session.link(two, Node::PARENT, three);
    session.link(three, Node::PARENT, one);
    session.flush().unwrap();
    let statements = log.short();
    assert_eq!(statements.iter().filter(|sql| sql.starts_with("UPDATE")).collect::<Vec<_>>(), ["UPDATE nodes 1"]);
    assert_eq!(stored(&mut session, &log, NODES)[5..].iter().map(|row| row.len()).sum::<usize>(), 9);
    let parents = [one, two, three].map(|node| session[node].parent_id);
    assert_eq!(parents, [session[two].id, session[three].id, session[one].id].map(Some));
    session.delete(one);
    log.count();
    session.commit().unwrap();
    let statements = log.short();
    assert!(statements.contains(&"UPDATE nodes 1".to_owned()), "{statements:?}");
    assert_eq!(stored(&mut session, &log, NODES).len(), 5);
}

/// A row that refers to itself.
#[test]
fn its_own_parent() {
    let (mut session, log) = session();
    let own = session.add(Node::build().name("own"));
    session.link(own, Node::PARENT, own);
    session.flush().unwrap();
    assert_eq!(log.short(), ["INSERT nodes 1", "UPDATE nodes 1"]);
    assert_eq!(session[own].parent_id, Some(6));
    session.delete(own);
    let plan = session.plan().unwrap().to_string();
    session.commit().unwrap();
    // MariaDB takes such a row for one that another refers to: it lets go of itself first.
    let deletes = "delete from nodes: 1 row";
    assert_eq!(
        plan,
        on(
            format!("1. {deletes}"),
            format!("1. {deletes}"),
            format!("1. update nodes (parent_id): 1 row\n2. {deletes}")
        )
    );
    let delete = "DELETE nodes 1".to_owned();
    assert_eq!(log.short(), on(vec![delete.clone()], vec![delete.clone()], vec!["UPDATE nodes 1".to_owned(), delete]));
    assert_eq!(stored(&mut session, &log, NODES).len(), 5);
    // With a branch, of which another row refers to itself.
    let [a, aa] = [2, 4].map(|id| session.get_one::<Node>(id).unwrap());
    session.link(a, Node::PARENT, a);
    session.link(aa, Node::PARENT, aa);
    let aaa = session.get_one::<Node>(5).unwrap();
    session.link(a, Node::CHILDREN, aaa);
    session.commit().unwrap();
    session.delete(a);
    session.delete(aa);
    session.commit().unwrap();
    assert_eq!(stored(&mut session, &log, NODES), ["root -", "b 1"]);
}

/// It can't let go.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "knots")]
struct Knot {
    #[column(primary_key)]
    id: i64,
    #[column(references = Knot::ID)]
    tied_to: i64,
}

/// It need not.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "loops")]
struct Loop {
    #[column(primary_key)]
    id: i64,
    #[column(references = Loop::ID, on_delete = "cascade")]
    tied_to: Option<i64>,
}

/// What the foreign key says about deleting holds for the row itself.
#[test]
fn its_own_parent_by_the_foreign_key() {
    let (mut session, log) = log::session(schema![Knot, Loop], &[]);
    let own = session.add(Loop { id: 1, tied_to: Some(1) });
    session.commit().unwrap();
    session.delete(own);
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["DELETE loops 1"]);
    let knot = session.add(Knot { id: 1, tied_to: 1 });
    session.commit().unwrap();
    session.delete(knot);
    let deleted = session.commit();
    if backend() == Backend::MariaDb {
        // Nothing that can be written lets go of it: InnoDB's own answer.
        let error = deleted.unwrap_err();
        assert!(error.is_foreign_key_violation() && error.to_string().contains("knots"), "{error}");
        session.rollback().unwrap();
        assert_eq!(session[knot].tied_to, 1);
        return;
    }
    deleted.unwrap();
    assert!(session.fetch_all(Knot::select()).unwrap().is_empty());
}

/// Rows come behind both of their parents, also where the foreign keys were given by hand.
#[test]
fn two_parents() {
    let (mut session, log) = session();
    let [child, dam, sire, old] = ["child", "dam", "sire", "old"].map(|name| session.add(Animal::build().name(name)));
    session.link(child, Animal::DAM, dam);
    session.link(child, Animal::SIRE, sire);
    session.link(sire, Animal::SIRE, old);
    session.flush().unwrap();
    let rows = "SELECT name || ' ' || coalesce(mother, '-') || ' ' || coalesce(father, '-') FROM animals ORDER BY name";
    assert_eq!(stored(&mut session, &log, rows), ["child dam sire", "dam - -", "old - -", "sire - old"]);
    assert!(log.short().iter().all(|sql| sql.starts_with("INSERT")));
    session.rollback().unwrap();
    session.add(Animal::build().name("child").mother("dam").father("sire"));
    session.add(Animal::build().name("sire").father("old"));
    let dam = session.add(Animal::build().name("dam"));
    session.add(Animal::build().name("old"));
    session.flush().unwrap();
    assert_eq!(stored(&mut session, &log, rows), ["child dam sire", "dam - -", "old - -", "sire - old"]);
    assert_eq!(session.keys(dam, Animal::OF_DAM).len(), 1);
}
