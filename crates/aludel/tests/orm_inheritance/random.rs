//! Random work with kinds: after each commit and rollback the database and the session are as a plain list says.

use std::collections::BTreeMap;

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::staff::{Employee, EmployeeKind, Engineer, Manager, session};

/// What a row is, as the test keeps it.
#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Employee,
    Engineer(String),
    Boss(i64),
}

type Rows = BTreeMap<i64, (String, Kind)>;

/// Random numbers, with what was done by them, which a failure shows.
struct Random {
    seed: u64,
    state: u64,
    trail: Vec<String>,
}

impl Drop for Random {
    #[expect(clippy::print_stdout, reason = "what a test that failed has to say")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("seed {}\n{}", self.seed, self.trail.join("\n"));
        }
    }
}

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) % limit
    }

    fn note(&mut self, what: impl std::fmt::Debug) {
        self.trail.push(format!("{what:?}"));
    }

    fn kind(&mut self) -> Kind {
        match self.below(3) {
            0 => Kind::Employee,
            1 => Kind::Engineer(format!("l{}", self.below(100))),
            _ => Kind::Boss(i64::try_from(self.below(100)).unwrap()),
        }
    }
}

fn value(kind: &Kind) -> EmployeeKind {
    match kind {
        Kind::Employee => EmployeeKind::Employee,
        Kind::Engineer(language) => EmployeeKind::engineer(Engineer::build().language(language.clone())),
        Kind::Boss(budget) => EmployeeKind::boss(Manager::build().budget(*budget)),
    }
}

/// What the database has, by plain columns.
fn stored(session: &mut Session) -> Rows {
    let query = select((
        Employee::ID,
        Employee::NAME,
        Employee::KIND,
        Engineer::LANGUAGE.optional(),
        Manager::BUDGET.optional(),
    ))
    .left_join_related(EmployeeKind::ENGINEER)
    .left_join_related(EmployeeKind::BOSS);
    let rows = session.fetch_all(query).unwrap();
    let row = |(id, name, kind, language, budget): (i64, String, EmployeeKind, Option<String>, Option<i64>)| {
        let kind = match (kind, language, budget) {
            (EmployeeKind::Employee, None, None) => Kind::Employee,
            (EmployeeKind::Engineer(_), Some(language), None) => Kind::Engineer(language),
            (EmployeeKind::Boss(_), None, Some(budget)) => Kind::Boss(budget),
            other => panic!("the rows of {id} don't go together: {other:?}"),
        };
        (id, (name, kind))
    };
    rows.into_iter().map(row).collect()
}

/// What the session shows.
fn shown(session: &mut Session) -> Rows {
    let all = session.fetch_all(Employee::select().options(selectin_polymorphic::<Employee>())).unwrap();
    let row = |key: Key<Employee>| {
        let employee = session.view(key);
        let kind = match &employee.kind {
            EmployeeKind::Employee => Kind::Employee,
            EmployeeKind::Engineer(_) => Kind::Engineer(employee.one(EmployeeKind::ENGINEER).unwrap().language.clone()),
            EmployeeKind::Boss(_) => Kind::Boss(employee.one(EmployeeKind::BOSS).unwrap().budget),
        };
        (employee.id, (employee.name.clone(), kind))
    };
    all.into_iter().map(row).collect()
}

/// One change of an object, in the session and in the list.
fn change(session: &mut aludel::Session, random: &mut Random, rows: &mut Vec<(Key<Employee>, String, Kind)>) {
    let at = usize::try_from(random.below(rows.len() as u64)).unwrap();
    let key = rows[at].0;
    match random.below(6) {
        0 => {
            random.note(("delete", key));
            session.delete(key);
            rows.remove(at);
        }
        1 => {
            let name = format!("n{}", random.below(100));
            random.note(("name", key));
            session[key].name.clone_from(&name);
            rows[at].1 = name;
        }
        2 | 3 => {
            let kind = random.kind();
            random.note(("kind", key, &kind));
            session[key].kind = value(&kind);
            rows[at].2 = kind;
        }
        4 => {
            // Of what is loaded of its kind.
            let EmployeeKind::Engineer(engineer) = &session[key].kind else { return };
            let Some(engineer) =
                engineer.is_loaded().then(|| session.try_keys(key, EmployeeKind::ENGINEER).ok()).flatten()
            else {
                return;
            };
            if let [engineer] = engineer[..] {
                let language = format!("m{}", random.below(100));
                random.note(("language", key, &language));
                session[engineer].language.clone_from(&language);
                rows[at].2 = Kind::Engineer(language);
            }
        }
        _ => {
            let kind = random.kind();
            let name = format!("a{}", random.below(100));
            let key = session.add(Employee::build().name(name.clone()).kind(value(&kind)));
            random.note(("add", key, &kind));
            rows.push((key, name, kind));
        }
    }
}

fn run(seed: u64) {
    let (mut session, _) = session();
    session.execute(text("DELETE FROM projects")).unwrap();
    session.execute(text("DELETE FROM machines")).unwrap();
    session.commit().unwrap();
    let mut random = Random { seed, state: seed, trail: Vec::new() };
    let mut committed = stored(&mut session);
    let mut rows: Vec<(Key<Employee>, String, Kind)> = Vec::new();
    for _ in 0..60 {
        if rows.is_empty() {
            let load = random.below(2) == 0;
            random.note(("load", load));
            let query = Employee::select().order_by(Employee::ID);
            let all = match load {
                true => session.fetch_all(query.options(with_polymorphic::<Employee>())).unwrap(),
                false => session.fetch_all(query).unwrap(),
            };
            let known = |key: Key<Employee>| {
                let (name, kind) = committed[&session[key].id].clone();
                (key, name, kind)
            };
            rows = all.into_iter().map(known).collect();
            if rows.is_empty() {
                rows.push((
                    session.add(Employee::build().name("first").kind(EmployeeKind::Employee)),
                    "first".into(),
                    Kind::Employee,
                ));
            }
        }
        match random.below(12) {
            0 => {
                random.note("commit");
                session.commit().unwrap();
                committed =
                    rows.iter().map(|(key, name, kind)| (session[*key].id, (name.clone(), kind.clone()))).collect();
                assert_eq!(stored(&mut session), committed);
                if random.below(2) == 0 {
                    assert_eq!(shown(&mut session), committed);
                }
                if random.below(3) == 0 {
                    random.note("expunge all");
                    session.expunge_all();
                    rows.clear();
                }
            }
            1 => {
                random.note("rollback");
                session.rollback().unwrap();
                assert_eq!(shown(&mut session), committed);
                assert_eq!(stored(&mut session), committed);
                rows.clear();
            }
            2 | 3 => {
                random.note("flush");
                session.flush().unwrap();
            }
            4 => {
                // A failure in the middle of a flush changes nothing.
                random.note("failing flush");
                let nobody = session.add(Manager { id: 4711, budget: 0 });
                session.flush().unwrap_err();
                session.expunge(nobody);
            }
            5 => {
                // A savepoint, which is kept or rolled back.
                random.note("savepoint");
                let before = rows.clone();
                let mut nested = session.begin_nested().unwrap();
                for _ in 0..3 {
                    if !rows.is_empty() {
                        change(&mut nested, &mut random, &mut rows);
                    }
                    if random.below(3) == 0 {
                        random.note("flush in it");
                        nested.flush().unwrap();
                    }
                }
                if random.below(2) == 0 {
                    random.note("released");
                    nested.commit().unwrap();
                } else {
                    random.note("rolled back to it");
                    nested.rollback().unwrap();
                    rows = before;
                }
            }
            _ => change(&mut session, &mut random, &mut rows),
        }
    }
}

#[test]
fn random_work() {
    (0..100).for_each(run);
}
