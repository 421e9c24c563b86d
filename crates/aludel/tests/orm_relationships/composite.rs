//! Foreign keys of several columns.

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::log::{self, Log, stored};

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "orders", primary_key(shop, number))]
struct Order {
    shop: String,
    number: i64,
    note: String,
    #[has_many(Item::SHOP, Item::ORDER_NUMBER, order_by = Item::ID)]
    items: Many<Item>,
    /// The same columns as the other side names them.
    #[many_to_many((Mark::ORDER_NUMBER, Mark::SHOP), Mark::LABEL)]
    labels: Many<Label>,
}

/// Its foreign key names the columns the other way round.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "items", foreign_key(columns(order_number, shop), references(Order::NUMBER, Order::SHOP)))]
struct Item {
    #[column(primary_key)]
    id: i64,
    order_number: Option<i64>,
    what: String,
    shop: Option<String>,
    #[belongs_to(Item::ORDER_NUMBER, Item::SHOP)]
    order: One<Order>,
}

/// A part of the key is its own, and never NULL.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "returns", foreign_key(columns(shop, order_number), references(Order::SHOP, Order::NUMBER)))]
struct Return {
    #[column(primary_key)]
    id: i64,
    shop: String,
    order_number: Option<i64>,
    #[belongs_to(Return::SHOP, Return::ORDER_NUMBER)]
    order: One<Order>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "labels")]
struct Label {
    #[column(primary_key)]
    name: String,
    #[many_to_many(Mark::LABEL, (Mark::SHOP, Mark::ORDER_NUMBER))]
    orders: Many<Order>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(
    table = "marks",
    primary_key(shop, order_number, label),
    foreign_key(columns(order_number, shop), references(Order::NUMBER, Order::SHOP))
)]
struct Mark {
    shop: String,
    order_number: i64,
    #[column(references = Label::NAME)]
    label: String,
}

const ROWS: [&str; 5] = [
    "INSERT INTO orders VALUES ('x', 1, 'x1'), ('x', 2, 'x2'), ('y', 1, 'y1')",
    "INSERT INTO items VALUES (1, 1, 'pen', 'x'), (2, 1, 'ink', 'x'), (3, 1, 'cup', 'y'), (4, NULL, 'lost', NULL)",
    "INSERT INTO returns VALUES (1, 'x', 2)",
    "INSERT INTO labels VALUES ('new'), ('big')",
    "INSERT INTO marks VALUES ('x', 1, 'new'), ('y', 1, 'new')",
];

fn session() -> (Session, Log) {
    log::session(schema![Order, Item, Return, Label, Mark], &ROWS)
}

const ITEMS: &str = "SELECT what || ' ' || coalesce(shop || order_number, '-') FROM items ORDER BY id";

#[test]
fn a_graph_of_builders() {
    let (mut session, log) = session();
    let order = Order::build().shop("z").number(7).note("z7").items([Item::build().what("hat")]);
    let order = session.add(order.labels([Label::build().name("hot")]));
    session.commit().unwrap();
    assert_eq!(stored(&mut session, &log, ITEMS)[4..], ["hat z7"]);
    let item = session.keys(order, Order::ITEMS)[0];
    assert_eq!((session[item].shop.as_deref(), session[item].order_number), (Some("z"), Some(7)));
    assert_eq!(session.one(item, Item::ORDER), Some(order));
    assert_eq!(session.get::<Order>(("z".into(), 7)).unwrap(), Some(order));
    let label = session.keys(order, Order::LABELS)[0];
    assert_eq!(session.keys(label, Label::ORDERS), [order]);
}

/// Both sides are one relationship, though they name the columns in different orders.
#[test]
fn linked_and_moved() {
    let (mut session, log) = session();
    let orders = session
        .fetch_all(Order::select().order_by((Order::SHOP, Order::NUMBER)).options(selectinload(Order::ITEMS)))
        .unwrap();
    assert_eq!(log.count(), 2);
    let counts: Vec<usize> = orders.iter().map(|order| session[*order].items.len()).collect();
    assert_eq!(counts, [2, 0, 1]);
    let pen = session.keys(orders[0], Order::ITEMS)[0];
    session.link(pen, Item::ORDER, orders[2]);
    assert_eq!((session[orders[0]].items.len(), session[orders[2]].items.len()), (1, 2));
    assert_eq!((session[pen].shop.as_deref(), session[pen].order_number), (Some("y"), Some(1)));
    session.commit().unwrap();
    // Only the column that differs.
    assert_eq!(log.sql(), ["UPDATE items SET shop = ? WHERE items.id = ?"]);
    session.unlink(orders[2], Order::ITEMS, pen);
    assert_eq!((session[pen].shop.as_deref(), session[pen].order_number), (None, None));
    session.commit().unwrap();
    assert_eq!(stored(&mut session, &log, ITEMS), ["pen -", "ink x1", "cup y1", "lost -"]);
}

#[test]
fn loaded_by_every_loader() {
    let query = || Order::select().order_by((Order::SHOP, Order::NUMBER));
    for how in 0..3 {
        let (mut session, log) = session();
        let orders = match how {
            0 => session.fetch_all(query().options((selectinload(Order::ITEMS), selectinload(Order::LABELS)))),
            1 => session.fetch_all(query().options((joinedload(Order::ITEMS), joinedload(Order::LABELS)))),
            _ => session.fetch_all(query().options((subqueryload(Order::ITEMS), subqueryload(Order::LABELS)))),
        };
        let orders = orders.unwrap();
        assert_eq!(log.count(), if how == 1 { 1 } else { 3 });
        let seen: Vec<(usize, usize)> =
            orders.iter().map(|order| (session[*order].items.len(), session[*order].labels.len())).collect();
        assert_eq!(seen, [(2, 1), (0, 0), (1, 1)], "{how}");
    }
}

#[test]
fn to_one_by_every_loader() {
    let query = || Item::select().order_by(Item::ID);
    for how in 0..3 {
        let (mut session, _) = session();
        let items = match how {
            0 => session.fetch_all(query().options(selectinload(Item::ORDER))),
            1 => session.fetch_all(query().options(joinedload(Item::ORDER))),
            _ => session.fetch_all(query().options(subqueryload(Item::ORDER))),
        };
        let notes =
            items.unwrap().into_iter().map(|item| session.view(item).one(Item::ORDER).map(|it| it.note.clone()));
        assert_eq!(notes.map(|note| note.unwrap_or_default()).collect::<Vec<_>>(), ["x1", "x1", "y1", ""], "{how}");
    }
}

/// Of a foreign key that may be NULL in part, that part is set.
#[test]
fn a_part_is_set_to_null() {
    let (mut session, log) = session();
    let back = session.get_one::<Return>(1).unwrap();
    session.load(back, Return::ORDER).unwrap();
    let order = session.one(back, Return::ORDER).unwrap();
    session.unlink(back, Return::ORDER, order);
    assert_eq!((session[back].shop.as_str(), session[back].order_number), ("x", None));
    assert_eq!(session.one(back, Return::ORDER), None);
    log.count();
    session.commit().unwrap();
    assert_eq!(log.sql(), ["UPDATE returns SET order_number = ? WHERE returns.id = ?"]);
}

#[test]
fn a_parent_is_deleted() {
    let (mut session, log) = session();
    let order = session.get_one::<Order>(("x".into(), 1)).unwrap();
    session.delete(order);
    log.count();
    session.commit().unwrap();
    let statements = log.short();
    assert_eq!(statements[statements.len() - 3..], ["UPDATE items 2", "DELETE marks 1", "DELETE orders 1"]);
    assert_eq!(stored(&mut session, &log, ITEMS), ["pen -", "ink -", "cup y1", "lost -"]);
}
