//! FROM elements that are implied, correlation, joins by foreign keys.

#[path = "support/schema.rs"]
mod schema;
#[path = "support/sql.rs"]
mod sql;

use aludel_sql::{Expression, func, literal, select, table_function, update, values};
use schema::{Address, Detail, Item, Order, User};
use sql::{check, check_on, refused};

#[test]
fn columns_and_filter_imply_tables() {
    check(
        select((User::NAME, Address::EMAIL)).filter(Address::USER_ID.eq(User::ID)),
        "SELECT users.name, addresses.email FROM users, addresses WHERE addresses.user_id = users.id",
    );
    check(
        select(User::NAME).filter(Order::USER_ID.eq(User::ID)),
        "SELECT users.name FROM users, orders WHERE orders.user_id = users.id",
    );
    check(
        select(func::count_all()).filter(User::ACTIVE),
        "SELECT count(*) AS count_1 FROM users WHERE users.active = 1",
    );
}

#[test]
fn order_and_having_imply_none() {
    check(
        select(User::NAME).order_by(User::AGE).having(func::count(User::ID).gt(1)),
        "SELECT users.name FROM users HAVING count(users.id) > ? ORDER BY users.age",
    );
}

#[test]
fn the_left_side_of_a_join_is_implied() {
    let on = || User::ID.eq(Address::USER_ID);
    check(
        select(User::NAME).join(Address::TABLE, on()),
        "SELECT users.name FROM users JOIN addresses ON users.id = addresses.user_id",
    );
    check(
        select(Address::EMAIL).join(Address::TABLE, on()),
        "SELECT addresses.email FROM users JOIN addresses ON users.id = addresses.user_id",
    );
    check(
        select((User::NAME, Order::ID, Address::EMAIL)).join(Address::TABLE, on()),
        "SELECT users.name, orders.id, addresses.email FROM users JOIN addresses ON users.id = addresses.user_id, orders",
    );
    check(
        select((Order::ID, User::NAME)).join(Address::TABLE, on()).join(Item::TABLE, Item::ORDER_ID.eq(Order::ID)),
        "SELECT orders.id, users.name FROM orders JOIN items ON items.order_id = orders.id, \
         users JOIN addresses ON users.id = addresses.user_id",
    );
}

#[test]
fn a_condition_over_several_elements_puts_them_together() {
    let on = User::ID.eq(Address::USER_ID).and(Order::ID.eq(Address::ID));
    check(
        select((User::NAME, Order::ID)).left_join(Address::TABLE, on),
        "SELECT users.name, orders.id FROM users CROSS JOIN orders LEFT OUTER JOIN addresses \
         ON users.id = addresses.user_id AND orders.id = addresses.id",
    );
}

#[test]
fn a_join_waits_for_what_its_condition_reads() {
    let items = Item::ORDER_ID.eq(Order::ID).and(Item::SKU.eq("a"));
    let orders = || Order::USER_ID.eq(User::ID);
    // The second join brings what the first one reads.
    check(
        select((Order::ID, Item::SKU))
            .join(Item::TABLE, items.clone())
            .join(Order::TABLE, orders().and(User::AGE.gt(3))),
        "SELECT orders.id, items.sku FROM users JOIN orders ON orders.user_id = users.id AND users.age > ? \
         JOIN items ON items.order_id = orders.id AND items.sku = ?",
    );
    check(
        select((User::NAME, Item::SKU)).left_join(Item::TABLE, items).left_join(Order::TABLE, orders()),
        "SELECT users.name, items.sku FROM users LEFT OUTER JOIN orders ON orders.user_id = users.id \
         LEFT OUTER JOIN items ON items.order_id = orders.id AND items.sku = ?",
    );
    // Those that can be read where they stand keep their places.
    let address = || Address::USER_ID.eq(User::ID);
    check(
        select(User::NAME).join(Address::TABLE, address()).left_join(Order::TABLE, orders()),
        "SELECT users.name FROM users JOIN addresses ON addresses.user_id = users.id \
         LEFT OUTER JOIN orders ON orders.user_id = users.id",
    );
    // Of two that wait for each other the first goes first: no order is right, and the database says so.
    check(
        select(User::NAME)
            .join(Address::TABLE, Address::ID.eq(Order::ID).and(address()))
            .join(Order::TABLE, Order::ID.eq(Address::ID)),
        "SELECT users.name FROM users JOIN addresses ON addresses.id = orders.id AND addresses.user_id = users.id \
         JOIN orders ON orders.id = addresses.id",
    );
}

#[test]
fn keys_join_in_both_directions_and_through_subqueries() {
    check(
        select(Address::EMAIL).from(Address::TABLE).join_by_key(User::TABLE),
        "SELECT addresses.email FROM addresses JOIN users ON addresses.user_id = users.id",
    );
    check(
        select(User::NAME).from(User::TABLE).left_join_by_key(Order::TABLE).left_join_by_key(Item::TABLE),
        "SELECT users.name FROM users LEFT OUTER JOIN orders ON users.id = orders.user_id \
         LEFT OUTER JOIN items ON orders.id = items.order_id",
    );
    let recent = select((Order::ID.label("number"), Order::USER_ID)).subquery("recent");
    check(
        select(User::NAME).from(User::TABLE).join_by_key(&recent),
        "SELECT users.name FROM users JOIN (SELECT orders.id AS number, orders.user_id AS user_id FROM orders) AS recent \
         ON users.id = recent.user_id",
    );
    check(
        select(Item::SKU).from(Item::TABLE).join_by_key(&recent),
        "SELECT items.sku FROM items JOIN (SELECT orders.id AS number, orders.user_id AS user_id FROM orders) AS recent \
         ON items.order_id = recent.number",
    );
}

#[test]
fn a_join_that_no_key_or_several_tell_is_refused() {
    let none = refused("sqlite", select(User::ID).from(User::TABLE).join_by_key(Detail::TABLE));
    assert!(none.contains("no foreign key joins \"users\" and \"Sales.Order Details\""), "{none}");
    let boss = User::TABLE.alias("boss");
    let several = refused("sqlite", select(User::ID).from(User::TABLE).join_by_key(boss));
    assert!(several.contains("2 foreign keys join \"users\" and \"boss\""), "{several}");
}

#[test]
fn subqueries_take_from_the_query_around_them() {
    let inner = || select(func::max(Order::TOTAL)).filter(Order::USER_ID.eq(User::ID));
    check(
        select((User::NAME, inner().scalar())),
        "SELECT users.name, (SELECT max(orders.total) AS max_1 FROM orders WHERE orders.user_id = users.id) AS anon_1 FROM users",
    );
    check(
        select(User::NAME).filter(inner().exists()),
        "SELECT users.name FROM users WHERE EXISTS (SELECT max(orders.total) AS max_1 FROM orders WHERE orders.user_id = users.id)",
    );
    check(
        select(User::NAME).order_by(inner().scalar()),
        "SELECT users.name FROM users ORDER BY (SELECT max(orders.total) AS max_1 FROM orders WHERE orders.user_id = users.id)",
    );
    check(
        update(User::TABLE).set(User::BALANCE, inner().scalar()),
        "UPDATE users SET balance = (SELECT max(orders.total) AS max_1 FROM orders WHERE orders.user_id = users.id)",
    );
}

#[test]
fn a_subquery_keeps_at_least_one_element() {
    check(
        select(User::NAME).filter(User::AGE.eq(select(func::max(User::AGE)).scalar().coerce::<i32>())),
        "SELECT users.name FROM users WHERE users.age = (SELECT max(users.age) AS max_1 FROM users)",
    );
}

#[test]
fn what_a_subquery_names_it_keeps() {
    let inner = select(literal(1)).from(User::TABLE).filter(Order::USER_ID.eq(User::ID));
    check(
        select((User::NAME, Order::ID)).filter(User::ID.eq(Order::USER_ID)).filter(inner.exists()),
        "SELECT users.name, orders.id FROM users, orders WHERE users.id = orders.user_id AND EXISTS (SELECT 1 FROM users WHERE orders.user_id = users.id)",
    );
}

#[test]
fn correlation_by_hand() {
    let inner = || select(func::max(User::AGE)).filter(Order::USER_ID.eq(User::ID));
    check(
        select(User::NAME).filter(inner().correlate(User::TABLE).exists()),
        "SELECT users.name FROM users WHERE EXISTS (SELECT max(users.age) AS max_1 FROM orders WHERE orders.user_id = users.id)",
    );
    check(
        select(User::NAME).filter(inner().correlate_nothing().exists()),
        "SELECT users.name FROM users WHERE EXISTS (SELECT max(users.age) AS max_1 FROM users, orders WHERE orders.user_id = users.id)",
    );
    check(
        select(User::NAME).filter(inner().correlate_except(User::TABLE).exists()),
        "SELECT users.name FROM users WHERE EXISTS (SELECT max(users.age) AS max_1 FROM users, orders WHERE orders.user_id = users.id)",
    );
}

#[test]
fn subqueries_in_from_take_nothing() {
    let inner = select((Order::ID, User::NAME)).filter(Order::USER_ID.eq(User::ID)).subquery("s");
    check(
        select((User::ID, inner.col(Order::ID))).from(User::TABLE).join(&inner, inner.col(Order::ID).eq(User::ID)),
        "SELECT users.id, s.id AS id_1 FROM users JOIN (SELECT orders.id AS id, users.name AS name FROM orders, users \
         WHERE orders.user_id = users.id) AS s ON s.id = users.id",
    );
}

#[test]
fn functions_bring_what_they_read() {
    let each = table_function("json_each", User::DATA, "j", ["key", "value"]);
    check(select(each.column::<String>("value")), "SELECT j.value FROM users, json_each(users.data) AS j");
    check_on(
        "postgresql",
        select((User::ID, each.column::<String>("value"))),
        "SELECT users.id, j.value FROM users, json_each(users.data) AS j(key, value)",
    );
}

#[test]
fn names_are_made_up_where_there_are_none() {
    let first = select(User::NAME).anonymous();
    let second = select(Order::STATUS).anonymous();
    check(
        select((first.col(User::NAME), second.col(Order::STATUS)))
            .filter(first.col(User::NAME).eq(second.col(Order::STATUS))),
        "SELECT anon_1.name, anon_2.status FROM (SELECT users.name AS name FROM users) AS anon_1, \
         (SELECT orders.status AS status FROM orders) AS anon_2 WHERE anon_1.name = anon_2.status",
    );
    let taken = User::TABLE.alias("anon_1");
    check(
        select((taken.col(User::ID), first.col(User::NAME))).filter(taken.col(User::NAME).eq(first.col(User::NAME))),
        "SELECT anon_1.id, anon_2.name FROM users AS anon_1, (SELECT users.name AS name FROM users) AS anon_2 \
         WHERE anon_1.name = anon_2.name",
    );
}

#[test]
fn compounds() {
    let limited = select(User::NAME).order_by(User::AGE).limit(1);
    check(
        aludel_sql::union([limited.clone(), select(Address::EMAIL)]).order_by(User::NAME),
        "SELECT * FROM (SELECT users.name FROM users ORDER BY users.age LIMIT ?) UNION SELECT addresses.email FROM addresses ORDER BY name",
    );
    check_on(
        "postgresql",
        aludel_sql::union([limited, select(Address::EMAIL)]),
        "(SELECT users.name FROM users ORDER BY users.age LIMIT $1) UNION SELECT addresses.email FROM addresses",
    );
    let nested =
        aludel_sql::except([aludel_sql::union([select(User::NAME), select(Address::EMAIL)]), select(Order::STATUS)]);
    check(
        nested.clone(),
        "SELECT * FROM (SELECT users.name FROM users UNION SELECT addresses.email FROM addresses) EXCEPT SELECT orders.status FROM orders",
    );
    check_on(
        "oracle",
        nested,
        "(SELECT users.name FROM users UNION SELECT addresses.email FROM addresses) MINUS SELECT orders.status FROM orders",
    );
}

#[test]
fn rows_of_values() {
    let rows = values("v", ["id", "name"], [(1, "a"), (2, "b")]);
    check(
        select(User::NAME).join(&rows, rows.column::<i32>("id").eq(User::ID)),
        "SELECT users.name FROM users JOIN (SELECT column1 AS id, column2 AS name FROM (VALUES (?, ?), (?, ?))) AS v ON v.id = users.id",
    );
}
