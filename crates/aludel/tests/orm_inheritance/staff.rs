//! Employees with a table for each kind, and what refers to them.

use aludel::blocking::{Engine, Session};
use aludel::prelude::*;

use crate::backend;
use crate::log::Log;

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "employees")]
pub(crate) struct Employee {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[column(name = "type", kind)]
    pub(crate) kind: EmployeeKind,
    #[has_many(Project::LEAD_ID)]
    pub(crate) projects: Many<Project>,
}

#[derive(Kinds, Clone, Debug, PartialEq)]
#[kinds(of = Employee)]
pub(crate) enum EmployeeKind {
    Employee,
    #[kinds(key = Engineer::ID)]
    Engineer(Ext<Engineer>),
    #[kinds(label = "manager")]
    Boss(Ext<Manager>),
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "engineers")]
pub(crate) struct Engineer {
    #[column(primary_key, references = Employee::ID)]
    pub(crate) id: i64,
    pub(crate) language: String,
    #[has_many(Machine::ENGINEER_ID, cascade = "all, delete-orphan", order_by = Machine::ID)]
    pub(crate) machines: Many<Machine>,
    #[belongs_to(Engineer::ID)]
    pub(crate) employee: One<Employee>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "managers")]
pub(crate) struct Manager {
    #[column(primary_key, references = Employee::ID)]
    pub(crate) id: i64,
    pub(crate) budget: i64,
}

/// Belongs to a kind.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "machines")]
pub(crate) struct Machine {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[column(references = Engineer::ID)]
    pub(crate) engineer_id: i64,
}

/// Belongs to any employee.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "projects")]
pub(crate) struct Project {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) title: String,
    #[column(references = Employee::ID)]
    pub(crate) lead_id: Option<i64>,
    #[belongs_to(Project::LEAD_ID)]
    pub(crate) lead: One<Employee>,
}

pub(crate) const ROWS: &[&str] = &[
    "INSERT INTO employees VALUES (1, 'dilbert', 'engineer'), (2, 'boss', 'manager'), (3, 'temp', 'employee')",
    "INSERT INTO engineers VALUES (1, 'rust')",
    "INSERT INTO managers VALUES (2, 10)",
    "INSERT INTO machines VALUES (1, 'laptop', 1), (2, 'server', 1)",
    "INSERT INTO projects VALUES (1, 'rewrite', 1), (2, 'budget', 2), (3, 'party', NULL)",
];

pub(crate) fn database() -> (Engine, Log) {
    let engine = backend::filled(schema![Employee, Engineer, Manager, Machine, Project], ROWS);
    let log = Log::of(&engine);
    (engine, log)
}

pub(crate) fn session() -> (Session, Log) {
    let (engine, log) = database();
    (Session::new(&engine), log)
}
