//! A table for each kind beside the base's.

use aludel::prelude::*;
use aludel::{SubKey, Whole};

use crate::backend::on;
use crate::staff::{Employee, EmployeeKind, Engineer, Machine, Manager, Project, database, session};

/// What a kind is, without what it holds.
fn labels(session: &aludel::blocking::Session, keys: &[Key<Employee>]) -> Vec<&'static str> {
    keys.iter().map(|key| session[*key].kind.label()).collect()
}

#[test]
fn a_new_one_is_two_rows() {
    let (mut session, log) = session();
    let new = Employee::build().name("x").kind(EmployeeKind::Engineer(Ext::new(Engineer::build().language("c"))));
    let key = session.add(new);
    session.flush().unwrap();
    insta::assert_debug_snapshot!(log.take(), @r#"
    [
        "INSERT INTO employees (name, type) VALUES (?, ?)",
        "INSERT INTO engineers (id, language) VALUES (?, ?)",
    ]
    "#);
    assert_eq!((session[key].id, session[key].kind.label()), (4, "engineer"));
    let engineer = session.one(key, EmployeeKind::ENGINEER).unwrap();
    assert_eq!((session[engineer].id, session[engineer].language.as_str()), (4, "c"));
    session.commit().unwrap();
    // The same in other words.
    session.add(Employee::build().name("y").kind(EmployeeKind::engineer(Engineer::build().language("c"))));
    session.add(Employee::build().name("z").kind(Manager { id: 0, budget: 1 }));
    session.add(Employee::build().name("w").kind(EmployeeKind::Employee));
    session.commit().unwrap();
    assert_eq!(log.take().len(), 3);
    let all = session.fetch_all(Employee::select().order_by(Employee::ID)).unwrap();
    assert_eq!(
        labels(&session, &all),
        ["engineer", "manager", "employee", "engineer", "engineer", "manager", "employee"]
    );
}

#[test]
fn what_kinds_have_is_loaded_when_asked_for() {
    let (mut session, log) = session();
    let all = session.fetch_all(Employee::select().order_by(Employee::ID)).unwrap();
    assert_eq!(labels(&session, &all), ["engineer", "manager", "employee"]);
    let EmployeeKind::Engineer(engineer) = &session[all[0]].kind else { panic!() };
    assert!(engineer.is_unloaded());
    let message = session.try_keys(all[0], EmployeeKind::ENGINEER).unwrap_err().to_string();
    assert!(message.contains("EmployeeKind::ENGINEER"), "{message}");
    session.load(&all, EmployeeKind::ENGINEER).unwrap();
    insta::assert_debug_snapshot!(log.take(), @r#"
    [
        "SELECT employees.id, employees.name, employees.type FROM employees ORDER BY employees.id",
        "SELECT engineers.id, engineers.language FROM engineers WHERE engineers.id IN (?)",
    ]
    "#);
    let engineer = session.one(all[0], EmployeeKind::ENGINEER).unwrap();
    assert_eq!(session[engineer].language, "rust");
    // One of another kind has nobody there.
    assert_eq!(session.one(all[1], EmployeeKind::ENGINEER), None);
    assert_eq!(session.one(all[2], EmployeeKind::BOSS), None);
    assert_eq!(session.view(all[0]).one(EmployeeKind::ENGINEER).unwrap().language, "rust");
}

#[test]
fn one_further_statement_for_each_kind_that_is_there() {
    let (mut session, log) = session();
    let query = Employee::select().order_by(Employee::ID).options(selectin_polymorphic::<Employee>());
    let all = session.fetch_all(query.clone()).unwrap();
    assert_eq!(log.take().len(), 3);
    let boss = session.one(all[1], EmployeeKind::BOSS).unwrap();
    assert_eq!(session[boss].budget, 10);
    session.expunge_all();
    session.fetch_all(query.filter(EmployeeKind::is_boss())).unwrap();
    insta::assert_debug_snapshot!(log.take(), @r#"
    [
        "SELECT employees.id, employees.name, employees.type FROM employees WHERE employees.type = ? ORDER BY employees.id",
        "SELECT managers.id, managers.budget FROM managers WHERE managers.id IN (?)",
    ]
    "#);
}

#[test]
fn all_in_one_statement() {
    let (mut session, log) = session();
    let query = Employee::select().order_by(Employee::ID).options(with_polymorphic::<Employee>());
    let all = session.fetch_all(query).unwrap();
    insta::assert_debug_snapshot!(log.take(), @r#"
    [
        "SELECT employees.id, employees.name, employees.type, engineers_1.id AS id_1, engineers_1.language, managers_1.id AS id_2, managers_1.budget FROM employees LEFT OUTER JOIN engineers AS engineers_1 ON employees.id = engineers_1.id LEFT OUTER JOIN managers AS managers_1 ON employees.id = managers_1.id ORDER BY employees.id",
    ]
    "#);
    assert_eq!(labels(&session, &all), ["engineer", "manager", "employee"]);
    let engineer = session.one(all[0], EmployeeKind::ENGINEER).unwrap();
    assert_eq!(session[engineer].language, "rust");
    let boss = session.one(all[1], EmployeeKind::BOSS).unwrap();
    assert_eq!(session[boss].budget, 10);
}

#[test]
fn loaded_for_objects_that_are_here() {
    let (mut session, log) = session();
    let all = session.fetch_all(Employee::select().order_by(Employee::ID)).unwrap();
    session.load(&all, selectin_polymorphic::<Employee>()).unwrap();
    assert_eq!(log.take().len(), 3);
    assert_eq!(session.view(all[1]).one(EmployeeKind::BOSS).unwrap().budget, 10);
}

#[test]
fn beside_joined_collections_under_a_limit() {
    let (mut session, log) = session();
    let options = (with_polymorphic::<Employee>(), joinedload(Employee::PROJECTS));
    let all = session.fetch_all(Employee::select().order_by(Employee::ID).limit(2).options(options)).unwrap();
    assert_eq!(log.take().len(), 1);
    assert_eq!(labels(&session, &all), ["engineer", "manager"]);
    assert_eq!(session.view(all[0]).one(EmployeeKind::ENGINEER).unwrap().language, "rust");
    assert_eq!(session[all[1]].projects.len(), 1);
}

#[test]
fn conditions_on_kinds_columns() {
    let (mut session, log) = session();
    let condition = any_of([Engineer::LANGUAGE.eq("rust"), Manager::BUDGET.gt(100)]);
    let query = Employee::select().filter(condition).options(with_polymorphic::<Employee>());
    let found = session.fetch_all(query).unwrap();
    assert_eq!(
        log.take(),
        [
            "SELECT employees.id, employees.name, employees.type, engineers.id AS id_1, engineers.language, managers.id AS \
          id_2, managers.budget FROM employees LEFT OUTER JOIN engineers ON employees.id = engineers.id LEFT OUTER JOIN \
          managers ON employees.id = managers.id WHERE engineers.language = ? OR managers.budget > ?"
        ]
    );
    assert_eq!(labels(&session, &found), ["engineer"]);
    // Without loading them.
    let query = select(Employee::NAME).filter(EmployeeKind::ENGINEER.has(Engineer::LANGUAGE.eq("rust")));
    assert_eq!(session.fetch_all(query).unwrap(), ["dilbert"]);
    let query = Employee::select().join_related(EmployeeKind::BOSS).filter(Manager::BUDGET.eq(10));
    assert_eq!(session.fetch_all(query).unwrap().len(), 1);
    assert_eq!(
        log.take(),
        [
            "SELECT employees.name FROM employees WHERE EXISTS (SELECT 1 FROM engineers WHERE employees.id = engineers.id \
             AND engineers.language = ?)",
            "SELECT employees.id, employees.name, employees.type FROM employees JOIN managers ON employees.id = managers.id \
             WHERE managers.budget = ?",
        ]
    );
    let query = Employee::select().filter(Employee::KIND.ne(EmployeeKind::Employee)).order_by(Employee::ID);
    let kinds = session.fetch_all(query).unwrap();
    assert_eq!(labels(&session, &kinds), ["engineer", "manager"]);
    let plain = select(Employee::KIND).filter(EmployeeKind::is_employee());
    assert_eq!(session.fetch_all(plain).unwrap(), [EmployeeKind::Employee]);
    // By another name.
    let other = Employee::alias("other");
    let condition = other.col(Employee::KIND).eq(EmployeeKind::Boss(Ext::unloaded()));
    assert_eq!(session.fetch_all(select(other.col(Employee::ID)).filter(condition)).unwrap(), [2]);
}

#[test]
fn whole_objects_of_a_kind() {
    let (mut session, log) = session();
    let query = Engineer::select_whole().filter(Engineer::LANGUAGE.eq("rust").and(Employee::NAME.like("d%")));
    let found: Vec<SubKey<Engineer>> = session.fetch_all(query).unwrap();
    insta::assert_debug_snapshot!(log.take(), @r#"
    [
        "SELECT employees.id, employees.name, employees.type, engineers.id AS id_1, engineers.language FROM employees JOIN engineers ON employees.id = engineers.id WHERE engineers.language = ? AND employees.name LIKE ?",
    ]
    "#);
    let [dilbert] = found[..] else { panic!("{found:?}") };
    assert_eq!((session[dilbert.base()].name.as_str(), session[dilbert.ext()].language.as_str()), ("dilbert", "rust"));
    assert_eq!(session.one(dilbert.base(), EmployeeKind::ENGINEER), Some(dilbert.ext()));
    assert_eq!(session.one(dilbert.ext(), Engineer::EMPLOYEE), Some(dilbert.base()));
}

#[test]
fn a_change_is_written_where_it_is() {
    let (mut session, log) = session();
    let found = session.fetch_one(Engineer::select_whole()).unwrap();
    log.take();
    session[found.ext()].language = "c".into();
    session.flush().unwrap();
    assert_eq!(log.take(), ["UPDATE engineers SET language = ? WHERE engineers.id = ?"]);
    session[found.base()].name = "asok".into();
    session.flush().unwrap();
    assert_eq!(log.take(), ["UPDATE employees SET name = ? WHERE employees.id = ?"]);
    session[found.base()].name = "asok".into();
    session.flush().unwrap();
    assert!(log.take().is_empty());
}

#[test]
fn the_kinds_row_is_deleted_first() {
    let (mut session, log) = session();
    let found = session.fetch_one(Engineer::select_whole()).unwrap();
    session.load(found.ext(), Engineer::MACHINES).unwrap();
    session.load(found.base(), Employee::PROJECTS).unwrap();
    log.take();
    session.delete(found.base());
    session.commit().unwrap();
    insta::assert_debug_snapshot!(log.take(), @r#"
    [
        "UPDATE projects SET lead_id = ? WHERE projects.id = ?",
        "DELETE FROM machines WHERE machines.id = ?",
        "DELETE FROM engineers WHERE engineers.id = ?",
        "DELETE FROM employees WHERE employees.id = ?",
    ]
    "#);
    assert!(session.try_get(found.ext()).is_err());
    assert_eq!(session.fetch_all(select(func::count(Machine::ID))).unwrap(), [0]);
}

#[test]
fn deleting_what_was_not_loaded() {
    let (mut session, log) = session();
    let boss = session.get_one::<Employee>(2).unwrap();
    log.take();
    session.delete(boss);
    session.commit().unwrap();
    // The row of the kind has the same key, so it need not be read.
    assert_eq!(
        log.take(),
        [
            "SELECT projects.id, projects.title, projects.lead_id FROM projects WHERE projects.lead_id IN (?)",
            "UPDATE projects SET lead_id = ? WHERE projects.id = ?",
            "DELETE FROM managers WHERE managers.id = ?",
            "DELETE FROM employees WHERE employees.id = ?",
        ]
    );
    assert_eq!(session.fetch_all(select(func::count(Manager::ID))).unwrap(), [0]);
}

#[test]
fn another_kind() {
    let (mut session, log) = session();
    let dilbert = session.fetch_one(Engineer::select_whole()).unwrap();
    session.load(dilbert.ext(), Engineer::MACHINES).unwrap();
    log.take();
    session[dilbert.base()].kind = EmployeeKind::boss(Manager::build().budget(5));
    session.flush().unwrap();
    assert_eq!(
        log.take(),
        [
            "UPDATE employees SET type = ? WHERE employees.id = ?",
            "INSERT INTO managers (id, budget) VALUES (?, ?)",
            "DELETE FROM machines WHERE machines.id = ?",
            "DELETE FROM engineers WHERE engineers.id = ?",
        ]
    );
    let boss = session.one(dilbert.base(), EmployeeKind::BOSS).unwrap();
    assert_eq!((session[boss].id, session[boss].budget), (1, 5));
    session.commit().unwrap();
    assert!(session.try_get(dilbert.ext()).is_err());
}

#[test]
fn another_kind_of_what_was_not_loaded() {
    let (mut session, log) = session();
    let boss = session.get_one::<Employee>(2).unwrap();
    log.take();
    session[boss].kind = EmployeeKind::Employee;
    session.commit().unwrap();
    assert_eq!(
        log.take(),
        ["UPDATE employees SET type = ? WHERE employees.id = ?", "DELETE FROM managers WHERE managers.id = ?"]
    );
    let temp = session.get_one::<Employee>(3).unwrap();
    log.take();
    session[temp].kind = EmployeeKind::engineer(Engineer::build().language("basic"));
    session.commit().unwrap();
    assert_eq!(
        log.take(),
        ["UPDATE employees SET type = ? WHERE employees.id = ?", "INSERT INTO engineers (id, language) VALUES (?, ?)",]
    );
    let rows = Engineer::select_whole().order_by(Engineer::ID);
    let all = session.fetch_all(rows).unwrap();
    assert_eq!(all.iter().map(|key| session[key.ext()].language.as_str()).collect::<Vec<_>>(), ["rust", "basic"]);
}

#[test]
fn a_new_one_of_another_kind_before_it_is_written() {
    let (mut session, log) = session();
    let key = session.add(Employee::build().name("x").kind(EmployeeKind::engineer(Engineer::build().language("c"))));
    session[key].kind = EmployeeKind::boss(Manager::build().budget(7));
    session.commit().unwrap();
    assert_eq!(
        log.take(),
        ["INSERT INTO employees (name, type) VALUES (?, ?)", "INSERT INTO managers (id, budget) VALUES (?, ?)"]
    );
}

#[test]
fn a_rollback_brings_the_kind_back() {
    let (mut session, _) = session();
    let dilbert = session.fetch_one(Engineer::select_whole()).unwrap();
    for is_flushed in [false, true] {
        session[dilbert.base()].kind = EmployeeKind::boss(Manager::build().budget(5));
        if is_flushed {
            session.flush().unwrap();
            assert_eq!(session.one(dilbert.base(), EmployeeKind::ENGINEER), None);
        }
        session.rollback().unwrap();
        assert_eq!(session[dilbert.base()].kind.label(), "engineer");
        assert_eq!(session.one(dilbert.base(), EmployeeKind::ENGINEER), Some(dilbert.ext()));
        assert_eq!(session[dilbert.ext()].language, "rust");
    }
    session.delete(dilbert.base());
    session.flush().unwrap();
    session.rollback().unwrap();
    session[dilbert.ext()].language = "c".into();
    session.commit().unwrap();
    assert_eq!(session.fetch_all(select(Engineer::LANGUAGE)).unwrap(), ["c"]);
    // A new one is gone.
    let new = session.add(Employee::build().name("x").kind(EmployeeKind::engineer(Engineer::build().language("c"))));
    session.flush().unwrap();
    let engineer = session.one(new, EmployeeKind::ENGINEER).unwrap();
    session.rollback().unwrap();
    assert!(session.try_get(new).is_err() && session.try_get(engineer).is_err());
    assert_eq!(session.fetch_all(select(func::count(Engineer::ID))).unwrap(), [1]);
}

#[test]
fn relationships_lead_to_any_kind() {
    let (mut session, log) = session();
    let query = Project::select()
        .order_by(Project::ID)
        .options(selectinload(Project::LEAD).options(selectin_polymorphic::<Employee>()));
    let projects = session.fetch_all(query).unwrap();
    assert_eq!(log.take().len(), 4);
    let lead = session.one(projects[0], Project::LEAD).unwrap();
    assert_eq!(session.view(lead).one(EmployeeKind::ENGINEER).unwrap().language, "rust");
    let boss = session.one(projects[1], Project::LEAD).unwrap();
    assert_eq!(session.view(boss).one(EmployeeKind::BOSS).unwrap().budget, 10);
    assert_eq!(session.one(projects[2], Project::LEAD), None);
    // A new one of a kind as the other side.
    let asok =
        session.add(Employee::build().name("asok").kind(EmployeeKind::engineer(Engineer::build().language("c"))));
    session.link(projects[2], Project::LEAD, asok);
    session.commit().unwrap();
    assert_eq!(
        log.take(),
        [
            "INSERT INTO employees (name, type) VALUES (?, ?)",
            "UPDATE projects SET lead_id = ? WHERE projects.id = ?",
            "INSERT INTO engineers (id, language) VALUES (?, ?)",
        ]
    );
}

#[test]
fn relationships_begin_at_a_kind() {
    let (mut session, log) = session();
    let query = Employee::select()
        .filter(EmployeeKind::is_engineer())
        .options(selectinload(EmployeeKind::ENGINEER).selectinload(Engineer::MACHINES));
    let found = session.fetch_one(query).unwrap();
    assert_eq!(log.take().len(), 3);
    let engineer = session.one(found, EmployeeKind::ENGINEER).unwrap();
    let names: Vec<&str> =
        session.view(engineer).many(Engineer::MACHINES).map(|machine| machine.get().name.as_str()).collect();
    assert_eq!(names, ["laptop", "server"]);
    let new = Engineer::build().language("c").machines([Machine::build().name("abacus")]);
    session.add(Employee::build().name("x").kind(EmployeeKind::engineer(new)));
    session.commit().unwrap();
    assert_eq!(
        log.take(),
        [
            "INSERT INTO employees (name, type) VALUES (?, ?)",
            "INSERT INTO engineers (id, language) VALUES (?, ?)",
            "INSERT INTO machines (name, engineer_id) VALUES (?, ?)",
        ]
    );
    let query = select(Employee::NAME)
        .join_related(EmployeeKind::ENGINEER)
        .join_related(Engineer::MACHINES)
        .filter(Machine::NAME.eq("abacus"));
    assert_eq!(session.fetch_all(query).unwrap(), ["x"]);
}

#[test]
fn outside_a_session() {
    let (engine, log) = database();
    let all = engine
        .fetch_all(Employee::select().order_by(Employee::ID).options(selectin_polymorphic::<Employee>()))
        .unwrap();
    assert_eq!(log.take().len(), 3);
    let EmployeeKind::Engineer(engineer) = &all[0].kind else { panic!("{all:?}") };
    assert_eq!(engineer.get().unwrap().language, "rust");
    let EmployeeKind::Boss(boss) = &all[1].kind else { panic!("{all:?}") };
    assert_eq!(boss.get().unwrap().budget, 10);
    assert_eq!(all[2].kind, EmployeeKind::Employee);
    let again =
        engine.fetch_all(Employee::select().order_by(Employee::ID).options(with_polymorphic::<Employee>())).unwrap();
    assert_eq!(log.take().len(), 1);
    assert_eq!(again, all);
    let whole: Vec<Whole<Engineer>> = engine.fetch_all(Engineer::select_whole()).unwrap();
    assert_eq!((whole[0].base.name.as_str(), whole[0].ext.language.as_str()), ("dilbert", "rust"));
    let plain = engine.fetch_all(Employee::select().order_by(Employee::ID)).unwrap();
    assert_eq!(plain[0].kind, EmployeeKind::Engineer(Ext::unloaded()));
    engine.execute(Employee::insert().row(Employee::build().name("y").kind(EmployeeKind::Employee))).unwrap();
    // One that the program does not know; a column of an enumerated type has to be told of it.
    let labels = "'employee', 'engineer', 'manager', 'robot'";
    let more = format!("ALTER TABLE employees MODIFY type ENUM({labels}) NOT NULL");
    engine.execute(text(on("SELECT 1", "ALTER TYPE employee_kind ADD VALUE 'robot'", &more))).unwrap();
    engine.execute(text("UPDATE employees SET type = 'robot' WHERE id = 4")).unwrap();
    let error = engine.fetch_all(Employee::select()).unwrap_err().to_string();
    assert!(error.contains("robot") && error.contains("employees.type") && error.contains("\"manager\""), "{error}");
}

#[test]
fn the_kind_is_always_loaded() {
    let (mut session, _) = session();
    let query = Employee::select()
        .order_by(Employee::ID)
        .options((load_only(Employee::NAME), selectin_polymorphic::<Employee>()));
    let all = session.fetch_all(query).unwrap();
    assert_eq!(labels(&session, &all), ["engineer", "manager", "employee"]);
    session.expunge_all();
    let all = session.fetch_all(Employee::select().order_by(Employee::ID).options(defer(Employee::KIND))).unwrap();
    assert_eq!(labels(&session, &all), ["engineer", "manager", "employee"]);
}

#[test]
fn what_is_loaded_stays() {
    let (mut session, _) = session();
    let dilbert = session.fetch_one(Engineer::select_whole()).unwrap();
    session.commit().unwrap();
    // Stale, and read again.
    session.get_one::<Employee>(1).unwrap();
    assert_eq!(session.one(dilbert.base(), EmployeeKind::ENGINEER), Some(dilbert.ext()));
    // Changed by a statement, which gives the row back.
    session.execute(Employee::update().set(Employee::NAME, "asok").filter(Employee::ID.eq(1))).unwrap();
    assert_eq!(session[dilbert.base()].name, "asok");
    assert_eq!(session.one(dilbert.base(), EmployeeKind::ENGINEER), Some(dilbert.ext()));
    // Of another kind by another program: nothing of the old one is left.
    session.execute(text("UPDATE employees SET type = 'employee' WHERE id = 1")).unwrap();
    session.refresh(dilbert.base()).unwrap();
    assert_eq!(session[dilbert.base()].kind, EmployeeKind::Employee);
    assert_eq!(session.one(dilbert.base(), EmployeeKind::ENGINEER), None);
}

#[test]
fn a_copy_of_the_whole() {
    let (mut session, _) = session();
    let query = Employee::select().filter(EmployeeKind::is_engineer()).options(selectin_polymorphic::<Employee>());
    let dilbert = session.fetch_one(query).unwrap();
    let owned = session.owned(dilbert);
    let EmployeeKind::Engineer(engineer) = &owned.kind else { panic!("{owned:?}") };
    assert_eq!(engineer.get().unwrap().language, "rust");
    let unloaded = session.get_one::<Employee>(2).unwrap();
    assert_eq!(session.owned(unloaded).kind, EmployeeKind::Boss(Ext::unloaded()));
}

#[test]
#[should_panic(expected = "another kind")]
fn a_kind_is_set_before_its_table() {
    let (mut session, _) = session();
    let temp = session.get_one::<Employee>(3).unwrap();
    let boss = session.get_one::<Manager>(2).unwrap();
    session.link(temp, EmployeeKind::BOSS, boss);
}

/// The row keeps its place: it is changed, and not deleted and inserted.
#[test]
fn the_same_kind_anew() {
    let (mut session, log) = session();
    let dilbert = session.fetch_one(Engineer::select_whole()).unwrap();
    log.take();
    let new = Engineer::build().language("zig").machines([Machine::build().name("abacus")]);
    session[dilbert.base()].kind = EmployeeKind::engineer(new);
    session.flush().unwrap();
    assert_eq!(
        log.take(),
        [
            "SELECT machines.id, machines.name, machines.engineer_id FROM machines WHERE machines.engineer_id IN (?) ORDER \
             BY machines.id",
            "UPDATE engineers SET language = ? WHERE engineers.id = ?",
            "INSERT INTO machines (name, engineer_id) VALUES (?, ?)",
            "DELETE FROM machines WHERE machines.id = ?",
        ]
    );
    let engineer = session.one(dilbert.base(), EmployeeKind::ENGINEER).unwrap();
    assert!(engineer != dilbert.ext());
    assert_eq!(session.get::<Engineer>(1).unwrap(), Some(engineer));
    session.rollback().unwrap();
    assert_eq!(session.one(dilbert.base(), EmployeeKind::ENGINEER), Some(dilbert.ext()));
    assert_eq!(session.get::<Engineer>(1).unwrap(), Some(dilbert.ext()));
    assert_eq!(session[dilbert.ext()].language, "rust");
    // One that was not loaded, in a flush that fails at first.
    session[dilbert.base()].kind = EmployeeKind::engineer(Engineer::build().language("zig"));
    let nobody = session.add(Machine { id: 9, name: "x".into(), engineer_id: 77 });
    session.flush().unwrap_err();
    assert_eq!(session.get::<Engineer>(1).unwrap(), None);
    session.expunge(nobody);
    session.commit().unwrap();
    assert_eq!(session.fetch_all(select((Engineer::ID, Engineer::LANGUAGE))).unwrap(), [(1, "zig".to_owned())]);
    let engineer = session.one(dilbert.base(), EmployeeKind::ENGINEER).unwrap();
    assert_eq!(session.get::<Engineer>(1).unwrap(), Some(engineer));
    assert!(session.try_get(dilbert.ext()).is_err());
}

/// What refers to the row may go on to do so.
#[test]
fn a_new_row_with_the_key_of_a_deleted_one() {
    let (mut session, log) = session();
    let old = session.get_one::<Project>(1).unwrap();
    log.take();
    session.delete(old);
    let new = session.add(Project { id: 1, title: "again".into(), lead_id: None, lead: One::unloaded() });
    assert_eq!(session.plan().unwrap().to_string(), "1. update projects (title, lead_id): 1 row");
    session.commit().unwrap();
    assert_eq!(log.take(), ["UPDATE projects SET title = ?, lead_id = ? WHERE projects.id = ?"]);
    assert!(session.try_get(old).is_err());
    assert_eq!(session.get::<Project>(1).unwrap(), Some(new));
    assert_eq!((session[new].title.as_str(), session[new].lead_id), ("again", None));
}
