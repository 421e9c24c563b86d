//! Entities that are kinds of another entity.

use aludel::blocking::{Engine, Session};
use aludel::prelude::*;
use serde_json::{Value as Json, json};

use super::Scenario;
use crate::backend;
use crate::model::noted;

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "employees")]
struct Employee {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(name = "type", kind)]
    kind: EmployeeKind,
}

#[derive(Kinds, Clone, Debug, PartialEq)]
#[kinds(of = Employee)]
enum EmployeeKind {
    Employee,
    #[kinds(key = Engineer::ID)]
    Engineer(Ext<Engineer>),
    #[kinds(key = Manager::ID)]
    Manager(Ext<Manager>),
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "engineers")]
struct Engineer {
    #[column(primary_key, references = Employee::ID)]
    id: i64,
    language: String,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "managers")]
struct Manager {
    #[column(primary_key, references = Employee::ID)]
    id: i64,
    budget: i64,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "vehicles")]
struct Vehicle {
    #[column(primary_key)]
    id: i64,
    #[composite(columns(kind: String, load: Option<i64>))]
    kind: VehicleKind,
    wheels: i64,
}

#[derive(Kinds, Clone, Debug, PartialEq)]
#[kinds(single)]
enum VehicleKind {
    Vehicle,
    Truck { load: i64 },
}

fn play(id: &'static str) -> (Session, Scenario) {
    let engine = database();
    let log = noted(&engine);
    (Session::new(&engine), Scenario::of(id, log))
}

fn database() -> Engine {
    let rows = [
        "INSERT INTO employees VALUES (1, 'dilbert', 'engineer'), (2, 'boss', 'manager'), (3, 'temp', 'employee')",
        "INSERT INTO engineers VALUES (1, 'rust')",
        "INSERT INTO managers VALUES (2, 10)",
        "INSERT INTO vehicles (id, kind, load, wheels) VALUES (1, 'vehicle', NULL, 4), (2, 'truck', 9, 6)",
    ];
    backend::filled(schema![Employee, Engineer, Manager, Vehicle], &rows)
}

/// What SQLAlchemy calls the class of an employee.
fn class(kind: &EmployeeKind) -> &'static str {
    match kind {
        EmployeeKind::Employee => "Employee",
        EmployeeKind::Engineer(_) => "Engineer",
        EmployeeKind::Manager(_) => "Manager",
    }
}

/// There a touch of `language` reads it for one object; here `load` does, and for all of them at once.
#[test]
fn joined_load() {
    let (mut session, scenario) = play("inherit-joined-load");
    let all = session.fetch_all(Employee::select().order_by(Employee::ID)).unwrap();
    session.load(&all, EmployeeKind::ENGINEER).unwrap();
    let rows = all.iter().map(|employee| {
        let language = session.view(*employee).one(EmployeeKind::ENGINEER).map(|engineer| engineer.language.clone());
        json!([class(&session[*employee].kind), language])
    });
    scenario.is(rows.collect::<Vec<Json>>());
}

#[test]
fn joined_poly() {
    let (mut session, scenario) = play("inherit-joined-poly");
    let query = Employee::select().order_by(Employee::ID).options(with_polymorphic::<Employee>());
    let all = session.fetch_all(query).unwrap();
    let manager = session.one(all[1], EmployeeKind::MANAGER).unwrap();
    assert_eq!(session[manager].budget, 10);
    scenario.is(all.iter().map(|employee| class(&session[*employee].kind)).collect::<Vec<_>>());
}

#[test]
fn joined_insert() {
    let (mut session, scenario) = play("inherit-joined-insert");
    let new = session.add(Employee::build().name("x").kind(EmployeeKind::engineer(Engineer::build().language("c"))));
    session.flush().unwrap();
    scenario.is(json!([session[new].id, session[new].kind.label()]));
}

/// The second query finds an object that is here: a truck is a vehicle, and not an object of another class.
#[test]
fn single() {
    let (mut session, scenario) = play("inherit-single");
    let all = session.fetch_all(Vehicle::select().order_by(Vehicle::ID)).unwrap();
    let classes = all.iter().map(|vehicle| match &session[*vehicle].kind {
        VehicleKind::Vehicle => json!(["Vehicle", session[*vehicle].wheels]),
        VehicleKind::Truck { .. } => json!(["Truck", session[*vehicle].wheels]),
    });
    let classes: Vec<Json> = classes.collect();
    let truck = session.fetch_one(Vehicle::select().filter(VehicleKind::is_truck(Vehicle::KIND))).unwrap();
    assert_eq!(truck, all[1]);
    let VehicleKind::Truck { load } = session[truck].kind else { panic!() };
    scenario.is(json!([classes, load]));
}

/// The column that tells the kind is never left out.
#[test]
fn kinds_with_fewer_columns() {
    let mut session = Session::new(&database());
    let query = Employee::select().order_by(Employee::ID).options(load_only(Employee::NAME));
    let all = session.fetch_all(query).unwrap();
    assert_eq!((session[all[1]].name.as_str(), class(&session[all[1]].kind)), ("boss", "Manager"));
}
