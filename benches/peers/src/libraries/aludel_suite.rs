//! Aludel's side of `--sqlalchemy`: the same work on the same table.

use std::time::Instant;

use aludel::blocking::{Engine, Session};
use aludel::prelude::*;

use crate::sqlalchemy::{CHUNK, Database, Outcome, Suite, WRITTEN};
use crate::turns::Result;

#[derive(Clone, Debug, Entity)]
#[entity(table = "customer")]
struct Customer {
    #[column(primary_key)]
    id: i64,
    name: Option<String>,
    description: Option<String>,
}

/// A case with its database.
pub(crate) struct Objects {
    database: Database,
    engine: Engine,
}

impl Objects {
    /// Makes the database.
    pub(crate) fn new(case: Suite) -> Result<Self> {
        let database = Database::fresh(case)?;
        let engine = Engine::connect(format!("sqlite:{}", database.path().display()))?;
        Ok(Self { database, engine })
    }

    /// Runs one round.
    pub(crate) fn run(&self, case: Suite) -> Result<Outcome> {
        self.database.prepare(case)?;
        drop(self.engine.acquire()?); // a connection is open and in the pool
        let start = Instant::now();
        match case {
            Suite::Inserts => insert(&self.engine)?,
            Suite::Updates => update(&self.engine)?,
            Suite::List => {
                let (session, customers) = list(&self.engine)?;
                let seconds = start.elapsed().as_secs_f64();
                let total = customers.iter().map(|&customer| session[customer].total()).sum();
                return Ok(Outcome { seconds, rows: i64::try_from(customers.len())?, total });
            }
        }
        self.database.outcome(start.elapsed().as_secs_f64())
    }
}

/// New objects are added and flushed by the thousand, each gets its key; one commit at the end.
fn insert(engine: &Engine) -> aludel::Result<()> {
    let mut session = Session::new(engine);
    for first in (1..=WRITTEN).step_by(CHUNK as usize) {
        session.add_all((first..first + CHUNK).map(Customer::new));
        session.flush()?;
    }
    session.commit()
}

/// Objects are loaded by the thousand, one field of each is changed, and they are flushed; one commit.
fn update(engine: &Engine) -> aludel::Result<()> {
    let mut session = Session::new(engine);
    for first in (1..=WRITTEN).step_by(CHUNK as usize) {
        let thousand = Customer::select().filter(Customer::ID.between(first, first + CHUNK - 1));
        for key in session.fetch_all(thousand)? {
            session[key].description.get_or_insert_default().push_str(" updated");
        }
        session.flush()?;
    }
    session.commit()
}

/// All objects of a large table.
fn list(engine: &Engine) -> aludel::Result<(Session, Vec<Key<Customer>>)> {
    let mut session = Session::new(engine);
    let customers = session.fetch_all(Customer::select())?;
    Ok((session, customers))
}

impl Customer {
    /// A new one, without a key.
    fn new(i: i64) -> Self {
        Self { id: 0, name: Some(format!("customer name {i}")), description: Some(format!("customer description {i}")) }
    }

    /// The key and the lengths of the texts.
    fn total(&self) -> i64 {
        let length = |text: &Option<String>| text.as_ref().map_or(0, |text| text.chars().count() as i64);
        self.id + length(&self.name) + length(&self.description)
    }
}
