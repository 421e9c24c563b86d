//! MySQL's and MariaDB's own types; the others refuse them by name.

use aludel::mysql::types::{BitField, Geometry, Set, Year};

use crate::db::{Db, InMatrix};
use crate::enums::Colour;
use crate::matrix;

matrix!(years, Year, on [MariaDb] or "the type YEAR of mysql", ordered, |_| vec![Year(0), Year(1901), Year(2000), Year(2155)]);
matrix!(bit_fields, BitField, on [MariaDb] or "the type BIT(64) of mysql", ordered, |_| {
    vec![BitField(0), BitField(1), BitField(1 << 63), BitField(u64::MAX)]
});
matrix!(sets, Set<Colour>, on [MariaDb] or "colour", unordered, |_| {
    vec![
        Set::default(),
        Set::from_iter([Colour::Red]),
        Set::from_iter([Colour::Summer, Colour::Quoted, Colour::Red, Colour::Red]),
    ]
});

#[test]
fn years_that_mysql_would_guess() {
    for message in crate::refusal!(Db::MariaDb.open(), Year, Year(70)) {
        assert!(message.contains("refused.plain: 70 does not fit into a YEAR"), "{message}");
    }
}

#[test]
fn shapes() {
    use aludel::prelude::*;

    #[derive(Entity, Clone, Debug, PartialEq)]
    struct Site {
        #[column(primary_key)]
        id: i64,
        shape: Geometry,
    }
    let database = Db::MariaDb.open();
    let engine = &database.engine;
    engine.create_all(schema![Site]).unwrap();
    engine.execute(text("INSERT INTO site VALUES (1, ST_GeomFromText('POINT(1 2)'))")).unwrap();
    let site = engine.fetch_one(Site::select()).unwrap();
    engine.execute(Site::insert().row(Site { id: 2, ..site.clone() })).unwrap();
    let sql = text("SELECT ST_AsText(shape) AS wkt FROM site WHERE id = 2");
    assert_eq!(engine.fetch_one(sql).unwrap().get::<String>("wkt").unwrap(), "POINT(1 2)");
}
