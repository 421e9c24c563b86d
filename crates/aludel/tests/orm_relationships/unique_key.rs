//! A foreign key to a unique column that is not the primary key.

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::log::{self, Log, stored};

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "countries")]
struct Country {
    #[column(primary_key)]
    id: i64,
    #[column(unique)]
    code: String,
    #[has_many(City::COUNTRY, order_by = City::ID)]
    cities: Many<City>,
    #[many_to_many(Spoken::COUNTRY, Spoken::LANGUAGE, order_by = Language::ID)]
    languages: Many<Language>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "cities")]
struct City {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(references = Country::CODE, on_update = "cascade")]
    country: Option<String>,
    #[belongs_to(City::COUNTRY)]
    of: One<Country>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "languages")]
struct Language {
    #[column(primary_key)]
    id: i64,
    #[column(unique)]
    code: String,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "spoken")]
struct Spoken {
    #[column(primary_key, references = Country::CODE, on_update = "cascade")]
    country: String,
    #[column(primary_key, references = Language::CODE)]
    language: String,
}

const ROWS: [&str; 4] = [
    "INSERT INTO countries VALUES (1, 'fr'), (2, 'jp')",
    "INSERT INTO cities VALUES (1, 'paris', 'fr'), (2, 'lyon', 'fr'), (3, 'tokyo', 'jp'), (4, 'atlantis', NULL)",
    "INSERT INTO languages VALUES (1, 'fra'), (2, 'jpn')",
    "INSERT INTO spoken VALUES ('fr', 'fra')",
];

fn session() -> (Session, Log) {
    log::session(schema![Country, City, Language, Spoken], &ROWS)
}

const CITIES: &str = "SELECT name || ' ' || coalesce(country, '-') FROM cities ORDER BY id";

#[test]
fn a_graph_of_builders() {
    let (mut session, log) = session();
    let country = Country::build().code("de").cities([City::build().name("bonn")]);
    let country = session.add(country.languages([Language::build().code("deu")]));
    session.commit().unwrap();
    assert_eq!(stored(&mut session, &log, CITIES)[4..], ["bonn de"]);
    let city = session.keys(country, Country::CITIES)[0];
    assert_eq!((session[city].country.as_deref(), session.one(city, City::OF)), (Some("de"), Some(country)));
    assert_eq!(
        stored(&mut session, &log, "SELECT country || '-' || language FROM spoken ORDER BY country DESC")[1..],
        ["de-deu"]
    );
}

#[test]
fn loaded_by_every_loader() {
    let query = || Country::select().order_by(Country::ID);
    for how in 0..3 {
        let (mut session, log) = session();
        let countries = match how {
            0 => session.fetch_all(query().options((selectinload(Country::CITIES), selectinload(Country::LANGUAGES)))),
            1 => session.fetch_all(query().options((joinedload(Country::CITIES), joinedload(Country::LANGUAGES)))),
            _ => session.fetch_all(query().options((subqueryload(Country::CITIES), subqueryload(Country::LANGUAGES)))),
        };
        let countries = countries.unwrap();
        assert_eq!(log.count(), if how == 1 { 1 } else { 3 });
        let seen: Vec<(usize, usize)> =
            countries.iter().map(|key| (session[*key].cities.len(), session[*key].languages.len())).collect();
        assert_eq!(seen, [(2, 1), (1, 0)], "{how}");
        let city = session.keys(countries[0], Country::CITIES)[0];
        assert_eq!(session.one(city, City::OF), Some(countries[0]));
    }
}

#[test]
fn to_one() {
    let (mut session, log) = session();
    let cities = session.fetch_all(City::select().order_by(City::ID).options(selectinload(City::OF))).unwrap();
    assert_eq!(log.count(), 2);
    let codes: Vec<Option<String>> =
        cities.iter().map(|city| session.view(*city).one(City::OF).map(|of| of.code.clone())).collect();
    assert_eq!(codes, [Some("fr".into()), Some("fr".into()), Some("jp".into()), None]);
}

#[test]
fn linked_and_unlinked() {
    let (mut session, log) = session();
    let countries = session.fetch_all(Country::select().order_by(Country::ID).options(selectinload(Country::CITIES)));
    let [france, japan] = countries.unwrap()[..] else { panic!("two") };
    let paris = session.keys(france, Country::CITIES)[0];
    session.link(japan, Country::CITIES, paris);
    assert_eq!((session[france].cities.len(), session[japan].cities.len()), (1, 2));
    assert_eq!(session[paris].country.as_deref(), Some("jp"));
    session.unlink(paris, City::OF, japan);
    assert_eq!((session[japan].cities.len(), session[paris].country.as_deref()), (1, None));
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["UPDATE cities 1"]);
}

/// The key itself changes; the database takes the children along.
#[test]
fn the_key_changes() {
    let (mut session, log) = session();
    let countries = session.fetch_all(Country::select().order_by(Country::ID).options(selectinload(Country::CITIES)));
    let france = countries.unwrap()[0];
    let cities = session.keys(france, Country::CITIES);
    session[france].code = "FR".into();
    log.count();
    session.flush().unwrap();
    assert_eq!(log.short(), ["UPDATE countries 1"]);
    assert_eq!(stored(&mut session, &log, CITIES)[..2], ["paris FR", "lyon FR"]);
    for city in &cities {
        assert_eq!((session[*city].country.as_deref(), session.one(*city, City::OF)), (Some("FR"), Some(france)));
    }
    session.unlink(france, Country::CITIES, cities[0]);
    session.commit().unwrap();
    assert_eq!(stored(&mut session, &log, CITIES)[..2], ["paris -", "lyon FR"]);
}

#[test]
fn a_parent_is_deleted() {
    let (mut session, log) = session();
    let france = session.get_one::<Country>(1).unwrap();
    session.delete(france);
    log.count();
    session.commit().unwrap();
    let statements = log.short();
    assert_eq!(statements[statements.len() - 3..], ["UPDATE cities 2", "DELETE spoken 1", "DELETE countries 1"]);
}

/// A primary key that is given by hand changes.
#[test]
fn a_natural_primary_key_changes() {
    let (mut session, log) = log::session(schema![Tongue, Word], &["INSERT INTO tongues VALUES ('de'), ('fr')"]);
    let tongue = session.get_one::<Tongue>("de".into()).unwrap();
    let words = session.add_all(["haus", "baum"].map(|text| Word::build().text(text).tongue("de")));
    session.flush().unwrap();
    assert_eq!(session.one(words[0], Word::OF), Some(tongue));
    session[tongue].code = "nds".into();
    session.flush().unwrap();
    assert_eq!(session.get::<Tongue>("nds".into()).unwrap(), Some(tongue));
    assert!(words.iter().all(|word| session[*word].tongue == "nds" && session.one(*word, Word::OF) == Some(tongue)));
    assert_eq!(stored(&mut session, &log, "SELECT DISTINCT tongue FROM words"), ["nds"]);
    session.rollback().unwrap();
    assert_eq!(session[tongue].code, "de");
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "tongues")]
struct Tongue {
    #[column(primary_key)]
    code: String,
    #[has_many(Word::TONGUE)]
    words: Many<Word>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "words")]
struct Word {
    #[column(primary_key)]
    id: i64,
    text: String,
    #[column(references = Tongue::CODE, on_update = "cascade")]
    tongue: String,
    #[belongs_to(Self::TONGUE)]
    of: One<Tongue>,
}
