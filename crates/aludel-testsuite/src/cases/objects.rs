//! Sessions: the layer above uses everything below.

use aludel::prelude::*;

use crate::model::{Person, Pet, count};
use crate::suite::Suite;

/// A graph is written, changed, and deleted.
pub async fn a_unit_of_work(suite: Suite) {
    let engine = suite.single(schema![Person, Pet]).await;
    let work = async {
        let mut session = Session::new(&engine);
        let pets = |names: [&str; 2]| names.map(|name| Pet::build().label(name));
        let ed = session.add(Person::build().name("ed").age(30).pets(pets(["rex", "tom"])));
        let wendy = session.add(Person::build().name("wendy").pets(pets(["kit", "kat"])));
        session.commit().await?;
        let ed_id = session.get_one::<Person>(1).await.map(|key| session[key].id)?;
        assert_eq!(ed_id, 1);
        session[ed].age = Some(31);
        let new = session.add(Pet::build().label("max"));
        session.link(wendy, Person::PETS, new);
        session.commit().await?;
        let rows = select((Pet::LABEL, Person::NAME, Person::AGE))
            .join(Person::TABLE, Pet::OWNER_ID.eq(Person::ID))
            .order_by(Pet::LABEL);
        let rows: Vec<(String, String, Option<i32>)> = engine.fetch_all(rows).await?;
        let told: Vec<String> = rows.iter().map(|(pet, who, age)| format!("{pet} of {who} {age:?}")).collect();
        assert_eq!(
            told,
            ["kat of wendy None", "kit of wendy None", "max of wendy None", "rex of ed Some(31)", "tom of ed Some(31)"]
        );
        for pet in session.fetch_all(Pet::select()).await? {
            session.delete(pet);
        }
        session.delete(ed);
        session.delete(wendy);
        session.commit().await
    };
    work.await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(count(&engine).await, 0);
}

/// Objects and rows go back together.
pub async fn a_rollback_restores_objects(suite: Suite) {
    let engine = suite.single(schema![Person, Pet]).await;
    let work = async {
        let mut session = Session::new(&engine);
        let ed = session.add(Person::build().name("ed").age(30));
        session.commit().await?;
        session[ed].age = Some(99);
        session.flush().await?;
        session.rollback().await?;
        assert_eq!(session[ed].age, Some(30));
        session[ed].age = Some(500);
        let error = session.commit().await;
        assert!(error.is_err_and(|error| error.is_check_violation()));
        session.rollback().await?;
        assert_eq!(session[ed].age, Some(30));
        session.commit().await
    };
    work.await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(engine.fetch_one(select(Person::AGE)).await.ok(), Some(Some(30)));
}

/// Objects with their relationships, by the loaders.
pub async fn loading(suite: Suite) {
    let engine = suite.single(schema![Person, Pet]).await;
    let work = async {
        let mut session = Session::new(&engine);
        for number in 0..30 {
            let pets = (0..number % 4).map(|pet| Pet::build().label(format!("pet {number}.{pet}")));
            session.add(Person::build().name(format!("person {number}")).pets(pets.collect::<Vec<_>>()));
        }
        session.commit().await?;
        let by_select = Person::select().options(selectinload(Person::PETS)).order_by(Person::ID);
        let by_join = Person::select().options(joinedload(Person::PETS)).order_by(Person::ID);
        let first: Vec<Person> = engine.fetch_all(by_select).await?;
        let second: Vec<Person> = engine.fetch_all(by_join).await?;
        assert_eq!(first.len(), 30);
        for (number, (first, second)) in first.iter().zip(&second).enumerate() {
            let labels = |person: &Person| person.pets.values().iter().map(|pet| pet.label.clone()).collect::<Vec<_>>();
            let wanted: Vec<String> = (0..number % 4).map(|pet| format!("pet {number}.{pet}")).collect();
            assert_eq!(labels(first), wanted);
            assert_eq!(labels(second), wanted);
        }
        Ok::<(), Error>(())
    };
    work.await.unwrap_or_else(|error| panic!("{error}"));
}
