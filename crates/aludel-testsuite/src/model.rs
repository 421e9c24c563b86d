//! The tables that most tests use.

use aludel::prelude::*;

/// Somebody with a key that the database makes, a name that nobody else has, and an age with a limit.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(
    table = "suite_person",
    unique(columns(name), name = "uq_suite_person_name"),
    check(name = "ck_suite_person_age", sql = "age < 200")
)]
pub(crate) struct Person {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(varchar = 100)]
    pub(crate) name: String,
    pub(crate) age: Option<i32>,
    #[has_many(Pet::OWNER_ID, order_by = Pet::ID)]
    pub(crate) pets: Many<Pet>,
}

/// Belongs to a person who must be there.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "suite_pet", foreign_key(columns(owner_id), references(Person::ID), name = "fk_suite_pet_owner"))]
pub(crate) struct Pet {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) label: String,
    pub(crate) owner_id: i64,
    #[belongs_to(Pet::OWNER_ID)]
    pub(crate) owner: One<Person>,
}

pub(crate) fn person(id: i64) -> Person {
    Person { id, name: format!("person {id}"), age: (id % 2 == 0).then_some(30), pets: Many::default() }
}

pub(crate) fn people(count: i64) -> impl Iterator<Item = Person> + Clone + Send + 'static {
    (1..=count).map(person)
}

/// An engine's people in the order of their keys, without their pets.
pub(crate) async fn everybody(engine: &Engine) -> Vec<(i64, String, Option<i32>)> {
    let query = select((Person::ID, Person::NAME, Person::AGE)).order_by(Person::ID);
    engine.fetch_all(query).await.unwrap_or_else(|error| panic!("people can't be read: {error}"))
}

pub(crate) fn row(person: &Person) -> (i64, String, Option<i32>) {
    (person.id, person.name.clone(), person.age)
}

pub(crate) async fn count(engine: &Engine) -> i64 {
    let count = engine.fetch_one(select(func::count_all()).from(Person::TABLE)).await;
    count.unwrap_or_else(|error| panic!("people can't be counted: {error}"))
}
