//! The reference statement: what an application's larger everyday query looks like.
//!
//! Three joins, five comparisons, an IN of four, two sort keys and a limit. Libraries with a language of
//! their own write it in that; the others take [`SQL`]. The database is small and indexed, so that the
//! part of the library shows beside the part of SQLite.

use crate::backend::Backend;
use crate::data::numbers;

/// The statement for SQLite, with its values in the order of [`Reference`]'s fields.
pub(crate) const SQL: &str = "\
    SELECT lines.id, orders.placed_on, customers.name, products.name, lines.quantity, lines.price \
    FROM lines \
    INNER JOIN orders ON lines.order_id = orders.id \
    INNER JOIN customers ON orders.customer_id = customers.id \
    INNER JOIN products ON lines.product_id = products.id \
    WHERE customers.country = ? AND orders.status = ? AND orders.placed_on >= ? \
    AND lines.quantity > ? AND lines.price < ? AND products.category IN (?, ?, ?, ?) \
    ORDER BY lines.price DESC, lines.id \
    LIMIT ?";

/// The statement.
pub(crate) fn sql(backend: Backend) -> String {
    backend.with_parameters(&SQL.replace("lines", backend.lines()))
}

/// The statement's values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reference {
    pub(crate) country: &'static str,
    pub(crate) status: &'static str,
    pub(crate) placed_from: i32,
    pub(crate) quantity_above: i32,
    pub(crate) price_below: i32,
    pub(crate) categories: [&'static str; 4],
    pub(crate) limit: i64,
}

/// The values that every library gives.
pub(crate) const VALUES: Reference = Reference {
    country: "NL",
    status: "sent",
    placed_from: 20_010,
    quantity_above: 1,
    price_below: 9_000,
    categories: ["tea", "glass", "paper", "wool"],
    limit: 5,
};

/// The four tables and their rows: 20 customers, 40 products, 100 orders, 200 lines.
pub(crate) fn script(backend: Backend) -> String {
    let (id, text, all_lines) = (backend.key(), backend.text(), backend.lines());
    let [customer, product] = ["'Customer '", "'Product '"].map(|name| backend.concat(&[name, "i"]));
    let [customers, products, orders, lines] = [20, 40, 100, 200].map(numbers);
    format!(
        "
        CREATE TABLE customers (id {id}, name {text} NOT NULL, country {text} NOT NULL);
        CREATE TABLE products (id {id}, name {text} NOT NULL, category {text} NOT NULL);
        CREATE TABLE orders (
            id {id},
            customer_id INTEGER NOT NULL REFERENCES customers (id),
            status {text} NOT NULL,
            placed_on INTEGER NOT NULL
        );
        CREATE TABLE {all_lines} (
            id {id},
            order_id INTEGER NOT NULL REFERENCES orders (id),
            product_id INTEGER NOT NULL REFERENCES products (id),
            quantity INTEGER NOT NULL,
            price INTEGER NOT NULL
        );
        CREATE INDEX customers_country ON customers (country);
        CREATE INDEX orders_customer ON orders (customer_id);
        CREATE INDEX lines_order ON {all_lines} (order_id);

        INSERT INTO customers {customers}
        SELECT i + 1, {customer}, CASE i % 10 WHEN 0 THEN 'NL' WHEN 1 THEN 'BE' ELSE 'DE' END FROM numbers;
        INSERT INTO products {products}
        SELECT i + 1, {product},
               CASE i % 6 WHEN 0 THEN 'tea' WHEN 1 THEN 'glass' WHEN 2 THEN 'paper'
                          WHEN 3 THEN 'wool' WHEN 4 THEN 'iron' ELSE 'salt' END FROM numbers;
        INSERT INTO orders {orders}
        SELECT i + 1, i % 20 + 1, CASE i % 3 WHEN 0 THEN 'open' ELSE 'sent' END, 20000 + i FROM numbers;
        INSERT INTO {all_lines} {lines}
        SELECT i + 1, (i - i % 2) / 2 + 1, i * 7 % 40 + 1, i % 4 + 1, i * 1237 % 10000 FROM numbers;
        "
    )
}
