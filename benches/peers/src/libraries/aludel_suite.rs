//! Aludel's side of `--sqlalchemy`: the same work on the same table.

use std::time::Instant;

use aludel::blocking::Engine;
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
                let customers = list(&self.engine)?;
                let seconds = start.elapsed().as_secs_f64();
                return Ok(of_objects(&customers, seconds));
            }
        }
        self.database.outcome(start.elapsed().as_secs_f64())
    }
}

/// New objects by the thousand, each gets its key; one commit at the end.
fn insert(engine: &Engine) -> aludel::Result<()> {
    let mut transaction = engine.begin()?;
    for first in (1..=WRITTEN).step_by(CHUNK as usize) {
        let rows = (first..first + CHUNK).map(|i| {
            let name = Some(format!("customer name {i}"));
            (name, Some(format!("customer description {i}")))
        });
        let insert = Customer::insert().tuples((Customer::NAME, Customer::DESCRIPTION), rows);
        transaction.insert_returning(insert.returning(Customer::ID))?;
    }
    transaction.commit()
}

/// Objects are loaded by the thousand, one field of each is changed, and they are written; one commit.
fn update(engine: &Engine) -> aludel::Result<()> {
    let mut transaction = engine.begin()?;
    for first in (1..=WRITTEN).step_by(CHUNK as usize) {
        let thousand = Customer::select().filter(Customer::ID.between(first, first + CHUNK - 1));
        for mut customer in transaction.fetch_all(thousand)? {
            customer.description.get_or_insert_default().push_str(" updated");
            let update = Customer::update().set(Customer::DESCRIPTION, customer.description);
            transaction.execute(update.filter(Customer::ID.eq(customer.id)))?;
        }
    }
    transaction.commit()
}

/// All objects of a large table.
fn list(engine: &Engine) -> aludel::Result<Vec<Customer>> {
    engine.fetch_all(Customer::select())
}

fn of_objects(customers: &[Customer], seconds: f64) -> Outcome {
    let length = |text: &Option<String>| text.as_ref().map_or(0, |text| text.chars().count() as i64);
    let size = |customer: &Customer| customer.id + length(&customer.name) + length(&customer.description);
    Outcome { seconds, rows: customers.len() as i64, total: customers.iter().map(size).sum() }
}
