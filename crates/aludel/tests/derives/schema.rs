//! Attributes in, schema out.

use aludel::SqlType;
use aludel::prelude::*;
use insta::assert_snapshot;

use crate::describe::describe;

#[derive(Entity)]
struct HttpRequest {
    #[column(primary_key)]
    id: i64,
    r#type: String,
    size: Option<i32>,
}

#[test]
fn what_the_struct_says_without_attributes() {
    assert_snapshot!(describe(HttpRequest::TABLE.definition()), @r#"
    http_request key ["id"]
      id BigInt Key
      type Text
      size Integer null
    "#);
    assert_eq!(HttpRequest::TYPE.name(), "type");
    assert_eq!(format!("{:?} {:?}", HttpRequest::SIZE, HttpRequest::TABLE), "http_request.size http_request");
}

#[derive(Entity)]
#[entity(
    table = "Items",
    schema = "shop",
    comment = "What is for sale",
    rename_all = "camelCase",
    check(name = "ck_price", sql = "price >= 0"),
    check = "length(title) > 0",
    unique(columns(title, price), name = "uq_title_price"),
    index(columns(title, desc(price)), name = "ix_two", unique),
    index(columns(sql("lower(title)"), desc(sql("price * 2"))), filter = "price > 5", using = "btree", include(code)),
    without_rowid,
    strict,
    engine = "InnoDB",
    charset = "utf8mb4",
    partition_by = "RANGE (id)"
)]
struct Item {
    #[column(primary_key, generated = "monotonic", comment = "the number")]
    id: i32,
    #[column(varchar = 50, collate = "NOCASE", unique, check = "title <> ''")]
    title: String,
    #[column(numeric(15, 2), index)]
    price: Option<f64>,
    #[column(name = "theCode", char = 2, index = "ix_code", unique = "uq_code")]
    code: String,
    #[column(sql_type = SqlType::Blob, index(name = "ix_raw", unique, descending, filter = "raw > 1", operator_class = "ops", using = "gin", include(code, price), concurrently))]
    raw: String,
    #[column(server_default = "1 + 1")]
    sum: i64,
    #[column(server_default_text = "it's")]
    text: Option<String>,
    #[column(server_default_now)]
    at_time: String,
    #[column(computed = "price * 2")]
    double_price: Option<f64>,
    #[column(computed = "price * 3", stored)]
    triple_price: f64,
    #[column(default = 5)]
    client: i16,
    #[column(skip)]
    #[allow(dead_code, reason = "it is no column, so that nothing reads it")]
    note: Vec<std::time::Instant>,
    #[column(constant = "TABLE_NAME")]
    table: String,
}

#[test]
fn what_the_attributes_say() {
    assert_snapshot!(describe(Item::TABLE.definition()), @r#"
    shop.Items key ["id"]
      id Integer MonotonicKey comment "the number"
      title Varchar(50) collate NOCASE
      price Numeric(Some((15, 2))) null
      theCode Char(2)
      raw Blob
      sum BigInt default Sql("1 + 1")
      text Text null default Text("it's")
      atTime Text default Now
      doublePrice Double null Computed { sql: "price * 2", stored: false }
      triplePrice Double Computed { sql: "price * 3", stored: true }
      client SmallInt
      table Text
    unique ["title"] None
    unique ["theCode"] Some("uq_code")
    unique ["title", "price"] Some("uq_title_price")
    check "title <> ''" None
    check "price >= 0" Some("ck_price")
    check "length(title) > 0" None
    index ix_Items_price ["price"]
    index ix_code ["theCode"]
    index ix_raw ["raw desc ops"] unique where raw > 1 using gin include theCode include price concurrently
    index ix_two ["title", "price desc"] unique
    index ix_Items_expr_expr ["(lower(title))", "(price * 2) desc"] where price > 5 using btree include theCode
    comment "What is for sale"
    option WithoutRowid
    option Strict
    option Engine("InnoDB")
    option Charset("utf8mb4")
    option PartitionBy("RANGE (id)")
    "#);
    assert_eq!(Item::TABLE_NAME.name(), "table");
}

#[derive(Entity)]
#[entity(primary_key(line, order_id))]
struct OrderLine {
    #[column(references = Order::ID, on_delete = "cascade", on_update = "set_null", deferrable = "deferred")]
    order_id: i64,
    line: i32,
    #[column(references = Self::LINE, on_delete = "no action", deferrable = "immediate")]
    follows: Option<i32>,
    #[column(references = "shop.places.id", on_delete = "set default", on_update = "restrict")]
    place: i64,
}

#[derive(Entity)]
struct Order {
    #[column(primary_key)]
    id: i64,
}

#[derive(Entity)]
#[entity(
    foreign_key(
        columns(order_id, line),
        references(OrderLine::ORDER_ID, OrderLine::LINE),
        name = "fk_line",
        on_delete = "cascade"
    ),
    foreign_key(columns(a, b), references("pairs.a", "pairs.b")),
    no_primary_key
)]
struct Delivery {
    order_id: i64,
    line: Option<i32>,
    a: String,
    b: String,
}

#[test]
fn foreign_keys() {
    assert_snapshot!(describe(OrderLine::TABLE.definition()), @r#"
    order_line key ["line", "order_id"]
      order_id BigInt
      line Integer
      follows Integer null
      place BigInt
    references ["order_id"] order ["id"] on delete Cascade on update SetNull InitiallyDeferred
    references ["follows"] order_line ["line"] on delete NoAction InitiallyImmediate
    references ["place"] shop.places ["id"] on delete SetDefault on update Restrict
    "#);
    assert_snapshot!(describe(Delivery::TABLE.definition()), @r#"
    delivery key []
      order_id BigInt
      line Integer null
      a Text
      b Text
    references ["order_id", "line"] order_line ["order_id", "line"] name fk_line on delete Cascade
    references ["a", "b"] pairs ["a", "b"]
    "#);
}

#[derive(Entity)]
struct Keyed {
    #[column(primary_key, identity(start = -5, increment = 10))]
    id: Option<u32>,
    #[column(identity(always))]
    serial: i64,
    #[column(generated = "identity")]
    other: i32,
}

#[derive(Entity)]
struct Given {
    #[column(primary_key, generated = false)]
    id: i64,
}

#[derive(Entity)]
struct Texts {
    #[column(primary_key)]
    id: String,
}

#[derive(Entity)]
struct Shared {
    #[column(primary_key, references = Keyed::ID)]
    id: u32,
}

#[derive(Entity)]
struct Numbered {
    #[column(primary_key, server_default = "nextval('numbers')")]
    id: i64,
}

/// An integer key numbers the rows, unless something else says what it is.
#[test]
fn generated_keys() {
    let tables = [
        Keyed::TABLE.definition(),
        Given::TABLE.definition(),
        Texts::TABLE.definition(),
        Shared::TABLE.definition(),
        Numbered::TABLE.definition(),
    ];
    assert_snapshot!(tables.map(describe).join("\n"), @r#"
    keyed key ["id"]
      id UnsignedInteger Identity { always: false, start: Some(-5), increment: Some(10), min: None, max: None, cache: None, cycle: false }
      serial BigInt Identity { always: true, start: None, increment: None, min: None, max: None, cache: None, cycle: false }
      other Integer Identity { always: false, start: None, increment: None, min: None, max: None, cache: None, cycle: false }
    given key ["id"]
      id BigInt
    texts key ["id"]
      id Text
    shared key ["id"]
      id UnsignedInteger
    references ["id"] keyed ["id"]
    numbered key ["id"]
      id BigInt default Sql("nextval('numbers')")
    "#);
}

/// The column's address is its identity, however it is reached.
#[test]
fn a_column_is_a_static_item() {
    let statics = <Order as Entity>::statics();
    assert_eq!(statics.len(), 2);
    assert!(std::ptr::eq(Order::ID.definition(), &statics[0]));
    assert!(std::ptr::eq(Order::ID.definition().table, statics[1].table));
    assert_eq!(<Order as Entity>::columns().len(), 1);
    assert_eq!(<Order as Entity>::table().index(), usize::MAX);
}
