//! Two relationships between the same two tables.

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::log::{self, Log, stored};

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "customers")]
struct Customer {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(references = Address::ID)]
    billing_id: Option<i64>,
    #[column(references = Address::ID)]
    shipping_id: Option<i64>,
    #[belongs_to(Self::BILLING_ID)]
    billing: One<Address>,
    #[belongs_to(Self::SHIPPING_ID)]
    shipping: One<Address>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "addresses")]
struct Address {
    #[column(primary_key)]
    id: i64,
    street: String,
    #[has_many(Customer::BILLING_ID, order_by = Customer::ID)]
    billed: Many<Customer>,
    #[has_many(Customer::SHIPPING_ID, order_by = Customer::ID)]
    shipped: Many<Customer>,
}

const ROWS: [&str; 2] = [
    "INSERT INTO addresses VALUES (1, 'high'), (2, 'low')",
    "INSERT INTO customers VALUES (1, 'ada', 1, 2), (2, 'bob', 1, 1)",
];

fn session() -> (Session, Log) {
    log::session(schema![Customer, Address], &ROWS)
}

const CUSTOMERS: &str =
    "SELECT name || ' ' || coalesce(billing_id, '-') || ' ' || coalesce(shipping_id, '-') FROM customers ORDER BY id";

#[test]
fn a_graph_of_builders() {
    let (mut session, log) = session();
    let new = Customer::build().name("cy").billing(Address::build().street("b")).shipping(Address::build().street("s"));
    let cy = session.add(new);
    session.flush().unwrap();
    assert_eq!(log.short(), ["INSERT addresses 2", "INSERT customers 1"]);
    let (billing, shipping) =
        (session.one(cy, Customer::BILLING).unwrap(), session.one(cy, Customer::SHIPPING).unwrap());
    assert_eq!((session[billing].street.as_str(), session[shipping].street.as_str()), ("b", "s"));
    assert_eq!(
        (session[cy].billing_id, session[cy].shipping_id),
        (Some(session[billing].id), Some(session[shipping].id))
    );
    assert_eq!((session.keys(billing, Address::BILLED), session.keys(billing, Address::SHIPPED)), (vec![cy], vec![]));
}

/// The same new address for both.
#[test]
fn one_object_for_both() {
    let (mut session, log) = session();
    let home = session.add(Address::build().street("home"));
    let cy = session.add(Customer::build().name("cy"));
    session.link(cy, Customer::BILLING, home);
    session.link(home, Address::SHIPPED, cy);
    session.commit().unwrap();
    assert_eq!(stored(&mut session, &log, CUSTOMERS)[2..], ["cy 3 3"]);
}

#[test]
fn loaded_apart() {
    let (mut session, log) = session();
    let options = (joinedload(Customer::BILLING), joinedload(Customer::SHIPPING));
    let customers = session.fetch_all(Customer::select().order_by(Customer::ID).options(options)).unwrap();
    assert_eq!(log.count(), 1);
    let streets: Vec<(String, String)> = customers
        .iter()
        .map(|key| session.view(*key))
        .map(|it| {
            (it.one(Customer::BILLING).unwrap().street.clone(), it.one(Customer::SHIPPING).unwrap().street.clone())
        })
        .collect();
    assert_eq!(streets, [("high".into(), "low".into()), ("high".into(), "high".into())]);
    let options = (selectinload(Address::BILLED), selectinload(Address::SHIPPED));
    let addresses = session.fetch_all(Address::select().order_by(Address::ID).options(options)).unwrap();
    assert_eq!(session.keys(addresses[0], Address::BILLED), customers);
    assert_eq!(session.keys(addresses[0], Address::SHIPPED), customers[1..]);
    assert_eq!((session[addresses[1]].billed.len(), session[addresses[1]].shipped.len()), (0, 1));
}

/// A change of one is none of the other.
#[test]
fn changed_apart() {
    let (mut session, log) = session();
    let addresses = session.fetch_all(Address::select().order_by(Address::ID)).unwrap();
    session.load(&addresses, Address::BILLED).unwrap();
    session.load(&addresses, Address::SHIPPED).unwrap();
    let [high, low] = addresses[..] else { panic!("two") };
    let bob = session.keys(high, Address::SHIPPED)[0];
    session.link(bob, Customer::SHIPPING, low);
    assert_eq!((session[high].billed.len(), session[high].shipped.len(), session[low].shipped.len()), (2, 0, 2));
    log.count();
    session.commit().unwrap();
    assert_eq!(log.sql(), ["UPDATE customers SET shipping_id = ? WHERE customers.id = ?"]);
    session.delete(high);
    session.commit().unwrap();
    assert_eq!(stored(&mut session, &log, CUSTOMERS), ["ada - 2", "bob - 2"]);
}
