//! Keys that are no integers made by the database.

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::log::{self, Log, stored};

#[derive(SqlEnum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Continent {
    Africa,
    Asia,
    Europe,
}

/// Its key is an enum.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "continents")]
struct Land {
    #[column(primary_key)]
    continent: Continent,
    #[has_many(Country::CONTINENT, order_by = Country::CODE)]
    countries: Many<Country>,
}

#[derive(SqlNewtype, Clone, Debug, PartialEq, Eq, Hash)]
struct Code(String);

/// Its key is a newtype of text, given by hand.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "countries")]
struct Country {
    #[column(primary_key)]
    code: Code,
    #[column(references = Land::CONTINENT)]
    continent: Continent,
    #[belongs_to(Self::CONTINENT)]
    land: One<Land>,
    #[has_many(City::COUNTRY, cascade = "all, delete-orphan", order_by = City::ID)]
    cities: Many<City>,
    #[many_to_many(Border::ONE, Border::OTHER, order_by = Country::CODE)]
    neighbours: Many<Country>,
}

#[derive(SqlNewtype, Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
struct CityId(i64);

/// Its key is a newtype of an integer, made by the database.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "cities")]
struct City {
    #[column(primary_key, generated)]
    id: CityId,
    name: String,
    #[column(references = Country::CODE)]
    country: Code,
    #[belongs_to(Self::COUNTRY)]
    of: One<Country>,
    #[has_many(Street::CITY)]
    streets: Many<Street>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "streets")]
struct Street {
    #[column(primary_key)]
    id: i64,
    #[column(references = City::ID)]
    city: Option<CityId>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "borders")]
struct Border {
    #[column(primary_key, references = Country::CODE)]
    one: Code,
    #[column(primary_key, references = Country::CODE)]
    other: Code,
}

fn session() -> (Session, Log) {
    log::session(schema![Land, Country, City, Street, Border], &[])
}

fn code(text: &str) -> Code {
    Code(text.into())
}

fn filled(session: &mut Session) -> Key<Land> {
    let country = |name: &str| Country::build().code(code(name));
    let city = |name: &str| City::build().name(name);
    let europe = Land::build().continent(Continent::Europe).countries([
        country("fr").cities([city("paris").streets([Street::build(), Street::build()]), city("lyon")]),
        country("de").cities([city("bonn")]),
    ]);
    session.add(Land::build().continent(Continent::Africa));
    let europe = session.add(europe);
    session.flush().unwrap();
    europe
}

const CITIES: &str = "SELECT name || ' ' || country FROM cities ORDER BY id";

#[test]
fn a_graph_of_builders() {
    let (mut session, log) = session();
    let europe = filled(&mut session);
    assert_eq!(log.short(), ["INSERT continents 2", "INSERT countries 2", "INSERT cities 3", "INSERT streets 2"]);
    let countries = session.keys(europe, Land::COUNTRIES);
    let cities = session.keys(countries[0], Country::CITIES);
    assert_eq!(session[countries[0]].continent, Continent::Europe);
    assert_eq!((session[cities[1]].id, session[cities[1]].country.clone()), (CityId(2), code("fr")));
    let street = session.keys(cities[0], City::STREETS)[0];
    assert_eq!(session[street].city, Some(CityId(1)));
    assert_eq!(stored(&mut session, &log, CITIES), ["paris fr", "lyon fr", "bonn de"]);
    session.commit().unwrap();
    assert_eq!(session.get::<Country>(code("fr")).unwrap(), Some(countries[0]));
    assert_eq!(session.get::<City>(CityId(3)).unwrap().map(|city| session[city].name.clone()).as_deref(), Some("bonn"));
    assert_eq!(session.get::<Land>(Continent::Europe).unwrap(), Some(europe));
}

#[test]
fn loaded_fresh_by_every_loader() {
    for how in 0..3 {
        let (engine, log) = log::engine(schema![Land, Country, City, Street, Border], &[]);
        let mut session = Session::new(&engine);
        filled(&mut session);
        session.commit().unwrap();
        let mut session = Session::new(&engine);
        let query = Land::select().order_by(Land::CONTINENT);
        log.count();
        let lands = match how {
            0 => session.fetch_all(query.options(selectinload(Land::COUNTRIES).selectinload(Country::CITIES))),
            1 => session.fetch_all(query.options(joinedload(Land::COUNTRIES).joinedload(Country::CITIES))),
            _ => session.fetch_all(query.options(subqueryload(Land::COUNTRIES).subqueryload(Country::CITIES))),
        };
        let lands = lands.unwrap();
        assert_eq!(log.count(), if how == 1 { 1 } else { 3 });
        let europe = lands.iter().copied().find(|land| session[*land].continent == Continent::Europe).unwrap();
        let names = session.view(europe).many(Land::COUNTRIES).flat_map(|country| country.many(Country::CITIES));
        assert_eq!(names.map(|city| city.name.clone()).collect::<Vec<_>>(), ["bonn", "paris", "lyon"], "{how}");
        let bonn = session.keys(session.keys(europe, Land::COUNTRIES)[0], Country::CITIES)[0];
        let country = session.one(bonn, City::OF).unwrap();
        assert_eq!(session.one(country, Country::LAND), Some(europe));
    }
}

#[test]
fn linked_moved_and_deleted() {
    let (mut session, log) = session();
    let europe = filled(&mut session);
    let [fr, de] = session.keys(europe, Land::COUNTRIES)[..] else { panic!("two") };
    session.link(fr, Country::NEIGHBOURS, de);
    let lyon = session.keys(fr, Country::CITIES)[1];
    session.link(de, Country::CITIES, lyon);
    assert_eq!((session[lyon].country.clone(), session[fr].cities.len()), (code("de"), 1));
    let africa = session.get_one::<Land>(Continent::Africa).unwrap();
    session.link(de, Country::LAND, africa);
    log.count();
    session.flush().unwrap();
    assert_eq!(log.short(), ["UPDATE countries 1", "UPDATE cities 1", "INSERT borders 1"]);
    session.unlink(fr, Country::NEIGHBOURS, de);
    session.delete(de);
    session.commit().unwrap();
    assert_eq!(stored(&mut session, &log, CITIES), ["paris fr"]);
    assert_eq!(stored(&mut session, &log, "SELECT continent FROM countries"), ["europe"]);
}

/// A key that another program has taken is found by the database.
#[test]
fn a_key_that_is_taken() {
    let (mut session, _) = session();
    filled(&mut session);
    session.add(Country::build().code(code("fr")).continent(Continent::Asia));
    assert!(session.flush().unwrap_err().is_unique_violation());
}

#[cfg(feature = "uuid")]
mod with_uuids {
    use aludel::prelude::*;
    use uuid::Uuid;

    use crate::log;

    #[derive(Entity, Clone, Debug, PartialEq)]
    #[entity(table = "accounts")]
    struct Account {
        #[column(primary_key, default = Uuid::new_v4())]
        id: Uuid,
        name: String,
        #[has_many(Login::ACCOUNT_ID, cascade = "all, delete-orphan")]
        logins: Many<Login>,
        #[many_to_many(Member::ACCOUNT_ID, Member::TEAM_ID)]
        teams: Many<Team>,
    }

    #[derive(Entity, Clone, Debug, PartialEq)]
    #[entity(table = "logins")]
    struct Login {
        #[column(primary_key, default = Uuid::new_v4())]
        id: Uuid,
        #[column(references = Account::ID)]
        account_id: Uuid,
        #[belongs_to(Self::ACCOUNT_ID)]
        account: One<Account>,
    }

    #[derive(Entity, Clone, Debug, PartialEq)]
    #[entity(table = "teams")]
    struct Team {
        #[column(primary_key, default = Uuid::new_v4())]
        id: Uuid,
        #[many_to_many(Member::TEAM_ID, Member::ACCOUNT_ID)]
        accounts: Many<Account>,
    }

    #[derive(Entity, Clone, Debug, PartialEq)]
    #[entity(table = "members")]
    struct Member {
        #[column(primary_key, references = Account::ID)]
        account_id: Uuid,
        #[column(primary_key, references = Team::ID)]
        team_id: Uuid,
    }

    #[test]
    fn built_loaded_and_deleted() {
        let (engine, log) = log::engine(schema![Account, Login, Team, Member], &[]);
        let mut session = aludel::blocking::Session::new(&engine);
        let account = Account::build().name("ed").logins([Login::build(), Login::build()]).teams([Team::build()]);
        let account = session.add(account);
        session.commit().unwrap();
        let id = session[account].id;
        assert!(session.keys(account, Account::LOGINS).iter().all(|login| session[*login].account_id == id));
        let mut session = aludel::blocking::Session::new(&engine);
        log.count();
        let options = (selectinload(Account::LOGINS), selectinload(Account::TEAMS).selectinload(Team::ACCOUNTS));
        let found = session.fetch_one(Account::select().filter(Account::ID.eq(id)).options(options)).unwrap();
        assert_eq!(log.count(), 4);
        assert_eq!((session[found].logins.len(), session[found].teams.len()), (2, 1));
        let team = session.keys(found, Account::TEAMS)[0];
        assert_eq!(session.keys(team, Team::ACCOUNTS), [found]);
        assert_eq!(session.get::<Account>(id).unwrap(), Some(found));
        session.delete(found);
        log.count();
        session.commit().unwrap();
        assert_eq!(log.short(), ["DELETE members 1", "DELETE logins 2", "DELETE accounts 1"]);
    }
}
