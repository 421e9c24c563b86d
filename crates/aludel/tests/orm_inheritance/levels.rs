//! Kinds that have kinds: each level has its column.

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::log::Log;

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "animals")]
struct Animal {
    #[column(primary_key)]
    id: i64,
    #[column(kind)]
    kind: AnimalKind,
}

#[derive(Kinds, Clone, Debug, PartialEq)]
#[kinds(of = Animal, name = "animal_kind")]
enum AnimalKind {
    Fish,
    Mammal(Ext<Mammal>),
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "mammals")]
struct Mammal {
    #[column(primary_key, references = Animal::ID)]
    id: i64,
    legs: i64,
    #[column(kind)]
    kind: MammalKind,
}

#[derive(Kinds, Clone, Debug, PartialEq)]
#[kinds(of = Mammal, rename_all = "UPPERCASE")]
enum MammalKind {
    Human,
    Dog(Ext<Dog>),
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "dogs")]
struct Dog {
    #[column(primary_key, references = Mammal::ID)]
    id: i64,
    breed: String,
}

fn session() -> (Session, Log) {
    let engine = crate::backend::engine();
    engine.create_all(schema![Dog, Mammal, Animal]).unwrap();
    let log = Log::of(&engine);
    (Session::new(&engine), log)
}

#[test]
fn three_tables() {
    let (mut session, log) = session();
    let dog = Mammal::build().legs(4).kind(MammalKind::dog(Dog::build().breed("beagle")));
    session.add(Animal::build().kind(AnimalKind::mammal(dog)));
    let human = Mammal::build().legs(2).kind(MammalKind::Human);
    session.add_all([Animal::build().kind(AnimalKind::Fish), Animal::build().kind(AnimalKind::mammal(human))]);
    session.commit().unwrap();
    assert_eq!(
        log.take(),
        [
            "INSERT INTO animals (kind) VALUES (?)",
            "INSERT INTO mammals (id, legs, kind) VALUES (?, ?, ?)",
            "INSERT INTO dogs (id, breed) VALUES (?, ?)",
        ]
    );
    session.expunge_all();
    log.take();
    let mammals = selectinload(AnimalKind::MAMMAL).options(selectin_polymorphic::<Mammal>());
    let all = session.fetch_all(Animal::select().order_by(Animal::ID).options(mammals)).unwrap();
    assert_eq!(log.take().len(), 3);
    let mammal = session.view(all[0]).one(AnimalKind::MAMMAL).unwrap();
    assert_eq!((mammal.legs, mammal.kind.label()), (4, "DOG"));
    assert_eq!(mammal.one(MammalKind::DOG).unwrap().breed, "beagle");
    assert!(session.view(all[1]).one(AnimalKind::MAMMAL).is_none());
    log.take();
    let query = Dog::select_whole().join_related(AnimalKind::MAMMAL);
    let found = session.fetch_one(query.clone().filter(Animal::ID.eq(1))).unwrap();
    assert_eq!((session[found.base()].legs, session[found.ext()].breed.as_str()), (4, "beagle"));
    assert_eq!(session.fetch_all(query).unwrap(), [found]);
    // The base comes before what extends it, whichever was joined first.
    insta::assert_debug_snapshot!(log.take(), @r#"
    [
        "SELECT mammals.id, mammals.legs, mammals.kind, dogs.id AS id_1, dogs.breed FROM animals JOIN mammals ON animals.id = mammals.id JOIN dogs ON mammals.id = dogs.id WHERE animals.id = ?",
        "SELECT mammals.id, mammals.legs, mammals.kind, dogs.id AS id_1, dogs.breed FROM animals JOIN mammals ON animals.id = mammals.id JOIN dogs ON mammals.id = dogs.id",
    ]
    "#);
    // From the base downwards, and by a LEFT JOIN too.
    let query = select((Animal::ID, Dog::BREED.nullable()))
        .left_join_related(MammalKind::DOG)
        .left_join_related(AnimalKind::MAMMAL)
        .order_by(Animal::ID);
    let breeds = session.fetch_all(query).unwrap();
    assert_eq!(breeds, [(1, Some("beagle".to_owned())), (2, None), (3, None)]);
    log.take();
    session.delete(all[0]);
    session.delete(all[2]);
    session.commit().unwrap();
    assert_eq!(
        log.take(),
        [
            "DELETE FROM dogs WHERE dogs.id = ?",
            "DELETE FROM mammals WHERE mammals.id = ?",
            "DELETE FROM animals WHERE animals.id = ?",
        ]
    );
}

#[test]
fn another_kind_at_each_level() {
    let (mut session, log) = session();
    let dog = Mammal::build().legs(4).kind(MammalKind::dog(Dog::build().breed("beagle")));
    let key = session.add(Animal::build().kind(AnimalKind::mammal(dog)));
    session.commit().unwrap();
    log.take();
    let mammal = session.one(key, AnimalKind::MAMMAL).unwrap();
    session[mammal].kind = MammalKind::Human;
    session.commit().unwrap();
    assert_eq!(log.take(), ["UPDATE mammals SET kind = ? WHERE mammals.id = ?", "DELETE FROM dogs WHERE dogs.id = ?"]);
    session[mammal].kind = MammalKind::dog(Dog::build().breed("pug"));
    session.commit().unwrap();
    log.take();
    session[key].kind = AnimalKind::Fish;
    session.commit().unwrap();
    assert_eq!(
        log.take(),
        [
            "UPDATE animals SET kind = ? WHERE animals.id = ?",
            "DELETE FROM dogs WHERE dogs.id = ?",
            "DELETE FROM mammals WHERE mammals.id = ?",
        ]
    );
}
