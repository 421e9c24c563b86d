//! Many tenants in the same tables: a session sees and writes the rows of one of them.

use aludel::blocking::{Engine, Session};
use aludel::prelude::*;
use aludel::{Mapped, OrmStatement};

use crate::database;

/// What belongs to a tenant.
trait Owned: Mapped {
    const TENANT: Column<Self, i64>;
    fn tenant(&mut self) -> &mut i64;
}

#[derive(Entity, Clone, Debug)]
struct Customer {
    #[column(primary_key)]
    id: i64,
    #[column(default)]
    tenant_id: i64,
    name: String,
    #[has_many(Invoice::CUSTOMER_ID, order_by = Invoice::ID)]
    invoices: Many<Invoice>,
}

#[derive(Entity, Clone, Debug)]
struct Invoice {
    #[column(primary_key)]
    id: i64,
    #[column(default)]
    tenant_id: i64,
    total: i64,
    #[column(references = Customer::ID)]
    customer_id: i64,
}

impl Owned for Customer {
    const TENANT: Column<Self, i64> = Self::TENANT_ID;
    fn tenant(&mut self) -> &mut i64 {
        &mut self.tenant_id
    }
}

impl Owned for Invoice {
    const TENANT: Column<Self, i64> = Self::TENANT_ID;
    fn tenant(&mut self) -> &mut i64 {
        &mut self.tenant_id
    }
}

/// A session for one tenant.
fn session(engine: &Engine, tenant: i64) -> Session {
    let session = Session::new(engine);
    owned::<Customer>(&session, tenant);
    owned::<Invoice>(&session, tenant);
    session.events().do_orm_execute(|execute| match execute.statement() {
        // Text and INSERTs are not looked into.
        OrmStatement::Other => {
            Err(aludel::UsageError::new("a tenant's session runs no statements of this sort").into())
        }
        _ => Ok(()),
    });
    session
}

fn owned<T: Owned>(session: &Session, tenant: i64) {
    let events = session.events();
    events.do_orm_execute(move |execute| {
        execute.add_criteria::<T>(T::TENANT.eq(tenant));
        Ok(())
    });
    events.before_insert::<T>(move |session, key| {
        *session[key].tenant() = tenant;
        Ok(())
    });
    events.before_update::<T>(move |session, key| match session.history(key, T::TENANT).is_changed() {
        true => Err(aludel::UsageError::new("a row stays with its tenant").into()),
        false => Ok(()),
    });
}

#[test]
fn a_session_sees_one_tenant() {
    let engine = database(schema![Customer, Invoice]);
    for (tenant, name) in [(1, "ed"), (2, "wendy")] {
        let mut session = session(&engine, tenant);
        session
            .add(Customer::build().name(name).invoices([10, 20].map(|total| Invoice::build().total(total * tenant))));
        session.commit().unwrap();
    }
    assert_eq!(engine.fetch_all(Invoice::select()).unwrap().len(), 4);

    let mut session = session(&engine, 2);
    let query = Customer::select().options(selectinload(Customer::INVOICES));
    let wendy = session.fetch_one(query).unwrap();
    assert_eq!(session[wendy].name, "wendy");
    let totals: Vec<i64> = session.view(wendy).many(Customer::INVOICES).map(|invoice| invoice.total).collect();
    assert_eq!(totals, [20, 40]);
    let joined = select((Customer::NAME, Invoice::TOTAL)).join_related(Customer::INVOICES).order_by(Invoice::ID);
    assert_eq!(session.fetch_all(joined).unwrap(), [("wendy".to_owned(), 20), ("wendy".to_owned(), 40)]);
    // Another tenant's row is as one that is not there.
    assert_eq!(session.get::<Customer>(1).unwrap(), None);
    assert_eq!(session.execute(Invoice::delete().filter(Invoice::TOTAL.le(20))).unwrap(), 1);
    session.commit().unwrap();
    assert_eq!(engine.fetch_all(Invoice::select()).unwrap().len(), 3);
}

#[test]
fn a_row_stays_with_its_tenant() {
    let engine = database(schema![Customer, Invoice]);
    let mut session = session(&engine, 1);
    let ed = session.add(Customer::build().name("ed").tenant_id(7));
    session.commit().unwrap();
    assert_eq!(session[ed].tenant_id, 1);
    session[ed].tenant_id = 2;
    assert!(session.commit().unwrap_err().to_string().contains("stays with its tenant"));
    session.rollback().unwrap();
    assert_eq!(session[ed].tenant_id, 1);
    assert!(session.execute(text("DELETE FROM customer")).is_err());
}
