//! All kinds in one table.

use aludel::blocking::{Engine, Session};
use aludel::prelude::*;
use aludel::{IntoNew, Mapped};

use crate::log::Log;

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "vehicles")]
struct Vehicle {
    #[column(primary_key)]
    id: i64,
    #[composite(columns(
        #[column(default = "vehicle")] kind: String,
        load: Option<i64>,
        company: Option<String>,
        seats: Option<i16>,
    ))]
    kind: VehicleKind,
    wheels: i64,
}

#[derive(Kinds, Clone, Debug, PartialEq)]
#[kinds(single)]
enum VehicleKind {
    Vehicle,
    Truck {
        load: i64,
    },
    /// Both columns are those of other kinds too.
    #[kinds(label = "school_bus")]
    Bus {
        company: Option<String>,
        seats: i16,
    },
    Car {
        seats: i16,
    },
}

fn database() -> (Engine, Log) {
    let engine = crate::backend::engine();
    engine.create_all(schema![Vehicle]).unwrap();
    let rows = "INSERT INTO vehicles (id, kind, load, seats, company, wheels) VALUES (1, 'vehicle', NULL, NULL, NULL, 4), \
                (2, 'truck', 9, NULL, NULL, 6), (3, 'school_bus', NULL, 50, NULL, 8)";
    crate::backend::fill(&engine, &[rows]);
    let log = Log::of(&engine);
    (engine, log)
}

fn session() -> (Session, Log) {
    let (engine, log) = database();
    (Session::new(&engine), log)
}

#[test]
fn one_query_for_all_and_one_for_a_kind() {
    let (mut session, log) = session();
    let all = session.fetch_all(Vehicle::select().order_by(Vehicle::ID)).unwrap();
    let kinds: Vec<(&VehicleKind, i64)> = all.iter().map(|key| (&session[*key].kind, session[*key].wheels)).collect();
    assert_eq!(
        kinds,
        [
            (&VehicleKind::Vehicle, 4),
            (&VehicleKind::Truck { load: 9 }, 6),
            (&VehicleKind::Bus { company: None, seats: 50 }, 8),
        ]
    );
    assert_eq!((session[all[2]].kind.label(), VehicleKind::TRUCK_LABEL), ("school_bus", "truck"));
    let trucks = session.fetch_all(Vehicle::select().filter(VehicleKind::is_truck(Vehicle::KIND))).unwrap();
    assert_eq!(trucks, [all[1]]);
    assert_eq!(
        log.take(),
        [
            "SELECT vehicles.id, vehicles.kind, vehicles.load, vehicles.company, vehicles.seats, vehicles.wheels FROM \
             vehicles ORDER BY vehicles.id",
            "SELECT vehicles.id, vehicles.kind, vehicles.load, vehicles.company, vehicles.seats, vehicles.wheels FROM \
             vehicles WHERE vehicles.kind = ?",
        ]
    );
    let other = Vehicle::alias("v");
    let query = select(other.col(Vehicle::WHEELS)).filter(VehicleKind::is_bus(other.col(Vehicle::KIND)));
    assert_eq!(session.fetch_all(query).unwrap(), [8]);
    let heavy = select(Vehicle::ID).filter(Vehicle::LOAD.gt(5));
    assert_eq!(session.fetch_all(heavy).unwrap(), [2]);
}

#[test]
fn added_and_changed() {
    let (mut session, log) = session();
    let truck = session.add(Vehicle::build().wheels(6).kind(VehicleKind::Truck { load: 1 }));
    let plain = session.add(Vehicle::build().wheels(2));
    session.commit().unwrap();
    assert_eq!(
        log.take(),
        [
            "INSERT INTO vehicles (kind, load, company, seats, wheels) VALUES (?, ?, ?, ?, ?)",
            "INSERT INTO vehicles (kind, wheels) VALUES (?, ?)",
        ]
    );
    assert_eq!(session[plain].kind, VehicleKind::Vehicle);
    let VehicleKind::Truck { load } = &mut session[truck].kind else { panic!() };
    *load = 2;
    session.commit().unwrap();
    assert_eq!(log.take(), ["UPDATE vehicles SET load = ? WHERE vehicles.id = ?"]);
    session[truck].kind = VehicleKind::Car { seats: 4 };
    session.commit().unwrap();
    assert_eq!(log.take(), ["UPDATE vehicles SET kind = ?, load = ?, seats = ? WHERE vehicles.id = ?"]);
    session[truck].kind = VehicleKind::Vehicle;
    session.flush().unwrap();
    session.rollback().unwrap();
    session.refresh(truck).unwrap();
    assert_eq!(session[truck].kind, VehicleKind::Car { seats: 4 });
}

/// Part by part, as the database gives rows back.
#[test]
fn another_kind_by_a_statement() {
    let (mut session, _) = session();
    let all = session.fetch_all(Vehicle::select().order_by(Vehicle::ID)).unwrap();
    let update = Vehicle::update().set(Vehicle::KIND, "truck").set(Vehicle::LOAD, 3);
    session.execute(update.filter(Vehicle::ID.eq(3))).unwrap();
    assert_eq!(session[all[2]].kind, VehicleKind::Truck { load: 3 });
    let update = Vehicle::update().set(Vehicle::KIND, "car").set(Vehicle::SEATS, 5_i16);
    session.execute(update.filter(Vehicle::ID.ne(1))).unwrap();
    assert_eq!(session[all[1]].kind, VehicleKind::Car { seats: 5 });
    let merged = Vehicle { id: 1, kind: VehicleKind::Bus { company: Some("acme".into()), seats: 2 }, wheels: 4 };
    let key = session.merge(merged.clone()).unwrap();
    assert_eq!((key, &session[key]), (all[0], &merged));
    session.commit().unwrap();
    assert_eq!(
        session.fetch_all(select(Vehicle::COMPANY).filter(Vehicle::ID.eq(1))).unwrap(),
        [Some("acme".to_owned())]
    );
}

#[test]
fn what_makes_no_kind_is_a_fault() {
    let (engine, _) = database();
    let mut session = Session::new(&engine);
    let check = |sql: &str, words: &[&str]| {
        engine.execute(text(sql)).unwrap();
        let error = engine.fetch_all(Vehicle::select()).unwrap_err().to_string();
        assert!(words.iter().all(|word| error.contains(word)), "{error}");
        error
    };
    let error =
        check("UPDATE vehicles SET kind = 'boat' WHERE id = 1", &["vehicles.kind", "\"boat\"", "\"school_bus\""]);
    let in_session = session.fetch_all(Vehicle::select()).unwrap_err().to_string();
    assert_eq!(in_session.lines().next(), error.lines().next());
    session.rollback().unwrap();
    check("UPDATE vehicles SET kind = 'truck' WHERE id = 1", &["vehicles.load", "VehicleKind::Truck.load", "NULL"]);
    let message = "`VehicleKind::Bus.seats`";
    check("UPDATE vehicles SET kind = 'school_bus', company = 'acme' WHERE id = 1", &["vehicles.seats", message]);
}

#[test]
fn parts_that_follow() {
    let new = Vehicle::build().wheels(1).kind(VehicleKind::Truck { load: 1 }).into_new().value;
    assert_eq!(new.kind, VehicleKind::Truck { load: 1 });
    assert_eq!(VehicleKind::compose((String::new(), None, None, None)), VehicleKind::Vehicle);
    assert!(VehicleKind::try_compose((String::new(), None, None, None)).is_err());
    assert!(VehicleKind::try_compose(("truck".into(), None, None, None)).is_err());
    assert_eq!(VehicleKind::compose(("car".into(), None, None, None)), VehicleKind::Car { seats: 0 });
    let bus = VehicleKind::Bus { company: Some("a".into()), seats: 3 };
    assert_eq!(bus.decompose(), ("school_bus".into(), None, Some("a".into()), Some(3)));
    assert_eq!(new.snapshot(), new);
}

/// The kind may be missing.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "parcels")]
struct Parcel {
    #[column(primary_key)]
    id: i64,
    #[composite(columns(kind: String, weight: Option<f64>))]
    kind: Option<ParcelKind>,
}

#[derive(Kinds, Clone, Debug, PartialEq)]
#[kinds(single, rename_all = "UPPERCASE")]
enum ParcelKind {
    Letter,
    Heavy { weight: f64 },
}

#[test]
fn no_kind() {
    let engine = crate::backend::engine();
    engine.create_all(schema![Parcel]).unwrap();
    let mut session = Session::new(&engine);
    let none = session.add(Parcel::build());
    let heavy = session.add(Parcel::build().kind(ParcelKind::Heavy { weight: 1.5 }));
    session.commit().unwrap();
    let found = session.fetch_all(Parcel::select().filter(ParcelKind::is_heavy(Parcel::KIND))).unwrap();
    assert_eq!(found, [heavy]);
    session.execute(Parcel::update().set(Parcel::KIND, "LETTER").filter(Parcel::ID.eq(1))).unwrap();
    assert_eq!(session[none].kind, Some(ParcelKind::Letter));
    let nothing = Parcel::update().set(Parcel::KIND, None::<String>).set(Parcel::WEIGHT, None::<f64>);
    session.execute(nothing).unwrap();
    assert_eq!((&session[none].kind, &session[heavy].kind), (&None, &None));
}
