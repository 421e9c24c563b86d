//! Kinds that are entities of their own.

use aludel::blocking::{Engine, Session};
use aludel::prelude::*;

use crate::backend::on;
use crate::log::Log;

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "engineers")]
struct Engineer {
    #[column(primary_key)]
    id: i64,
    name: String,
    language: String,
    #[has_many(Machine::ENGINEER_ID, order_by = Machine::ID)]
    machines: Many<Machine>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "managers")]
struct Manager {
    budget: Option<i64>,
    #[column(primary_key)]
    id: i64,
    name: String,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "machines")]
struct Machine {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(references = Engineer::ID)]
    engineer_id: i64,
}

#[derive(Kinds, Clone, Debug, PartialEq)]
#[kinds(concrete)]
enum Staff {
    Engineer(Engineer),
    /// Has money.
    #[kinds(label = "boss")]
    Manager(Manager),
}

fn database() -> (Engine, Log) {
    let rows = [
        "INSERT INTO engineers (id, name, language) VALUES (1, 'dilbert', 'rust'), (2, 'alice', 'c')",
        "INSERT INTO managers (id, name, budget) VALUES (1, 'boss', 10), (2, 'catbert', NULL)",
        "INSERT INTO machines VALUES (1, 'laptop', 1)",
    ];
    let engine = crate::backend::filled(schema![Engineer, Manager, Machine], &rows);
    let log = Log::of(&engine);
    (engine, log)
}

fn name(staff: &Staff) -> &str {
    match staff {
        Staff::Engineer(engineer) => &engineer.name,
        Staff::Manager(manager) => &manager.name,
    }
}

/// MariaDB has other names for types in CAST.
fn in_standard_types(sql: &str) -> String {
    sql.replace("AS SIGNED INTEGER)", "AS BIGINT)").replace("AS CHAR)", "AS TEXT)")
}

#[test]
fn rows_of_all_kinds_in_one_statement() {
    let (engine, log) = database();
    let staff = Staff::union();
    let query = staff.select().filter(staff.col(Engineer::NAME).like("%b%")).order_by(staff.col(Manager::NAME));
    let rows = engine.fetch_all(query).unwrap();
    assert_eq!(
        log.take().iter().map(|sql| in_standard_types(sql)).collect::<Vec<_>>(),
        ["SELECT staff.aludel_kind, staff.id, staff.name, staff.language, staff.budget FROM (SELECT 'engineer' AS \
          aludel_kind, engineers.id AS id, engineers.name AS name, engineers.language AS language, CAST(NULL AS BIGINT) \
          AS budget FROM engineers UNION ALL SELECT 'boss' AS aludel_kind, managers.id AS id, managers.name AS name, \
          CAST(NULL AS TEXT) AS language, managers.budget AS budget FROM managers) AS staff WHERE staff.name LIKE ? ORDER \
          BY staff.name"]
    );
    assert_eq!(rows.iter().map(name).collect::<Vec<_>>(), ["boss", "catbert", "dilbert"]);
    assert_eq!(rows[0], Staff::Manager(Manager { budget: Some(10), id: 1, name: "boss".into() }));
    let Staff::Engineer(dilbert) = &rows[2] else { panic!("{rows:?}") };
    assert_eq!((dilbert.id, dilbert.language.as_str(), rows[2].label()), (1, "rust", "engineer"));
    assert_eq!(engine.fetch_all(Staff::select()).unwrap().len(), 4);
    assert_eq!(Staff::from(dilbert.clone()), rows[2]);
}

#[test]
fn objects_of_each_kind() {
    let (engine, log) = database();
    let mut session = Session::new(&engine);
    let staff = Staff::union();
    let query = staff.select().order_by(staff.col(Engineer::NAME)).limit(3);
    let keys: Vec<StaffKey> = session.fetch_all(query).unwrap();
    assert_eq!(log.take().len(), 1);
    let [StaffKey::Engineer(alice), StaffKey::Manager(boss), StaffKey::Manager(catbert)] = keys[..] else {
        panic!("{keys:?}")
    };
    assert_eq!(session[alice].name, "alice");
    assert_eq!((session[boss].budget, session[catbert].budget), (Some(10), None));
    // They are the objects that they are elsewhere.
    assert_eq!(session.get::<Engineer>(2).unwrap(), Some(alice));
    assert_eq!(session.get::<Manager>(1).unwrap(), Some(boss));
    assert!(log.take().is_empty());
    session[alice].language = "zig".into();
    session[boss].budget = None;
    session.commit().unwrap();
    assert_eq!(
        log.take(),
        [
            "UPDATE engineers SET language = ? WHERE engineers.id = ?",
            "UPDATE managers SET budget = ? WHERE managers.id = ?",
        ]
    );
    assert_eq!(session.fetch_all(Staff::select()).unwrap().len(), 4);
    assert_eq!(session[alice].language, "zig");
}

#[test]
fn what_one_kind_has() {
    let (engine, log) = database();
    let mut session = Session::new(&engine);
    let staff = Staff::union();
    let rich = staff.col(Manager::BUDGET).gt(5);
    let query = staff.select().filter(rich.or(staff.is::<Engineer>().and(staff.col(Engineer::LANGUAGE).eq("rust"))));
    let found = session.fetch_all(query.order_by(staff.kind()).options(selectinload(Engineer::MACHINES))).unwrap();
    assert_eq!(log.take().len(), 2);
    let [StaffKey::Manager(_), StaffKey::Engineer(dilbert)] = found[..] else { panic!("{found:?}") };
    assert_eq!(session[dilbert].machines.len(), 1);
    let counts = select((staff.kind(), func::count(staff.kind()))).from(&staff).group_by(staff.kind());
    let counts = session.fetch_all(counts.order_by(staff.kind())).unwrap();
    assert_eq!(counts, [("boss".to_owned(), 2), ("engineer".to_owned(), 2)]);
    // A join can't be added to the union's rows: a statement of its own loads them.
    session.expunge_all();
    log.take();
    let found = session.fetch_all(Staff::select().options(joinedload(Engineer::MACHINES))).unwrap();
    assert_eq!((found.len(), log.take().len()), (4, 2));
}

#[test]
fn beside_other_columns() {
    let (engine, _) = database();
    let mut session = Session::new(&engine);
    let staff = Staff::union();
    let names = session.fetch_all(select((staff.col(Engineer::ID), staff.col(Engineer::NAME))).from(&staff)).unwrap();
    assert_eq!(names.len(), 4);
    let query = select((staff.all(), Machine::NAME))
        .from(&staff)
        .join(Machine::TABLE, Machine::ENGINEER_ID.eq(staff.col(Engineer::ID)).and(staff.is::<Engineer>()));
    let (StaffKey::Engineer(dilbert), machine) = session.fetch_one(query.clone()).unwrap() else { panic!() };
    assert_eq!((session[dilbert].name.as_str(), machine.as_str()), ("dilbert", "laptop"));
    let rows: Vec<(Staff, String)> = engine.fetch_all(query).unwrap();
    assert_eq!(name(&rows[0].0), "dilbert");
}

#[test]
fn wrong_rows_are_faults() {
    let (engine, _) = database();
    // SQLite takes a text as a number. Of the others, a column may be NULL that may not be for the program.
    let (nullable, wrong, words) = on(
        ("SELECT 1", "UPDATE managers SET budget = 'much' WHERE id = 1", ["column 5", "budget"]),
        (
            "ALTER TABLE managers ALTER COLUMN name DROP NOT NULL",
            "UPDATE managers SET name = NULL WHERE id = 1",
            ["column 3", "name"],
        ),
        (
            "ALTER TABLE managers MODIFY name TEXT NULL",
            "UPDATE managers SET name = NULL WHERE id = 1",
            ["column 3", "name"],
        ),
    );
    engine.execute(text(nullable)).unwrap();
    engine.execute(text(wrong)).unwrap();
    let error = engine.fetch_all(Staff::select()).unwrap_err().to_string();
    assert!(words.iter().all(|word| error.contains(word)), "{error}");
    let mut session = Session::new(&engine);
    let in_session = session.fetch_all(Staff::select()).unwrap_err().to_string();
    assert_eq!(in_session.lines().next(), error.lines().next());
}

#[test]
fn criteria_hold_for_a_kind() {
    let (engine, _) = database();
    let mut session = Session::new(&engine);
    let query = Staff::select().options(aludel::with_criteria::<Engineer>(Engineer::LANGUAGE.ne("c")));
    let found = session.fetch_all(query).unwrap();
    assert_eq!(found.len(), 3);
}
