//! What the way from the language to SQL costs: `cargo bench -p aludel-sql`.
//!
//! Without arguments it prints times and allocations. With the name of a piece of work and a count it does that work so
//! many times and prints nothing: `tests/cost.rs` counts its instructions.

#![allow(clippy::print_stdout, reason = "it is a program that prints")]

#[path = "../tests/support/entity.rs"]
mod entity;

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use aludel_core::{Encode, EncodeRow, Fault, FromRow, Held, ParamSink, RowRef, SqlType, Value};
use aludel_sql::compile::compile;
use aludel_sql::dialect::Sqlite;
use aludel_sql::schema::{ForeignKey, Name, StaticColumn, Table, Target};
use aludel_sql::{
    All, Arguments, Column, ColumnSet, Entity, Executable, Expression, Key, NewRow, OwnedKey, Select, TableRef, decode,
    select,
};
use entity::entity;

static CUSTOMERS_KEY: [&StaticColumn; 1] = [&CUSTOMERS[0]];
static ORDERS_KEY: [&StaticColumn; 1] = [&ORDERS[0]];

entity! {
    Customer, CUSTOMERS, "customers" {
        0 ID id: i32 = SqlType::Integer,
        1 NAME name: String = SqlType::Text,
        2 COUNTRY country: String = SqlType::Text,
    }
    key [0]
    references {}
}

entity! {
    Product, PRODUCTS, "products" {
        0 ID id: i32 = SqlType::Integer,
        1 NAME name: String = SqlType::Text,
        2 CATEGORY category: String = SqlType::Text,
    }
    key [0]
    references {}
}

entity! {
    Order, ORDERS, "orders" {
        0 ID id: i32 = SqlType::Integer,
        1 CUSTOMER_ID customer_id: i32 = SqlType::Integer,
        2 STATUS status: String = SqlType::Text,
        3 PLACED_ON placed_on: i32 = SqlType::Integer,
    }
    key [0]
    references { [1] => CUSTOMERS_KEY }
}

entity! {
    Line, LINES, "lines" {
        0 ID id: i32 = SqlType::Integer,
        1 ORDER_ID order_id: i32 = SqlType::Integer,
        2 PRODUCT_ID product_id: i32 = SqlType::Integer,
        3 QUANTITY quantity: i32 = SqlType::Integer,
        4 PRICE price: i32 = SqlType::Integer,
    }
    key [0]
    references { [1] => ORDERS_KEY }
}

/// The values of a statement. They come by reference, so that the compiler can't know them.
struct Values {
    id: i32,
    country: &'static str,
    status: &'static str,
    placed_from: i32,
    quantity_above: i32,
    price_below: i32,
    categories: [&'static str; 4],
    limit: u64,
}

const VALUES: Values = Values {
    id: 1,
    country: "NL",
    status: "sent",
    placed_from: 20_010,
    quantity_above: 1,
    price_below: 9_000,
    categories: ["tea", "glass", "paper", "wool"],
    limit: 5,
};

/// The reference statement: three joins, five comparisons, an IN of four, two terms of order, a limit.
#[inline(never)]
fn reference(values: &Values) -> Select<(i32, i32, String, String, i32, i32)> {
    select((Line::ID, Order::PLACED_ON, Customer::NAME, Product::NAME, Line::QUANTITY, Line::PRICE))
        .join(Order::TABLE, Line::ORDER_ID.eq(Order::ID))
        .join(Customer::TABLE, Order::CUSTOMER_ID.eq(Customer::ID))
        .join(Product::TABLE, Line::PRODUCT_ID.eq(Product::ID))
        .filter(Customer::COUNTRY.eq(values.country))
        .filter(Order::STATUS.eq(values.status))
        .filter(Order::PLACED_ON.ge(values.placed_from))
        .filter(Line::QUANTITY.gt(values.quantity_above))
        .filter(Line::PRICE.lt(values.price_below))
        .filter(Product::CATEGORY.in_(values.categories))
        .order_by((Line::PRICE.desc(), Line::ID))
        .limit(values.limit)
}

/// A select with one filter.
#[inline(never)]
fn one_filter(values: &Values) -> Select<(i32, String)> {
    select((Customer::ID, Customer::NAME)).filter(Customer::ID.eq(values.id))
}

/// A statement and the key it is found by.
struct Case<S> {
    name: &'static str,
    build: fn(&Values) -> S,
    key: OwnedKey,
}

impl<S: Executable> Case<S> {
    fn new(name: &'static str, build: fn(&Values) -> S) -> Self {
        Self { name, build, key: build(&VALUES).into_arguments().key().to_owned() }
    }

    /// Builds the statement and finds it, as a call does that meets the cache.
    fn find(&self) -> Arguments {
        let arguments = (self.build)(black_box(&VALUES)).into_arguments();
        assert!(is_found(&self.key, &arguments.key()));
        arguments
    }

    fn find_often(&self, count: u32) {
        for _ in 0..count {
            black_box(self.find());
        }
    }
}

#[inline(never)]
fn is_found(known: &OwnedKey, key: &Key<'_>) -> bool {
    known.matches(key)
}

fn main() {
    let reference = Case::new("reference", reference);
    let one_filter = Case::new("one-filter", one_filter);
    // Cargo adds `--bench`.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match *words.as_slice() {
        [] => {
            report(&reference);
            report(&one_filter);
            report_compilation(&reference);
        }
        ["allocations"] => {
            for (name, count) in
                [(reference.name, allocations(&reference)), (one_filter.name, allocations(&one_filter))]
            {
                println!("{name} {count}");
            }
        }
        [work, count] => {
            let count = count.parse().expect("a count");
            match work {
                "reference" => reference.find_often(count),
                "one-filter" => one_filter.find_often(count),
                "compile" => {
                    let statement = decode(&reference.find()).expect("it can be decoded");
                    (0..count).for_each(|_| {
                        black_box(compile(&statement, &Sqlite).expect("it can be compiled"));
                    });
                }
                "decode" => (0..count).for_each(|_| {
                    black_box(decode(&reference.find()).expect("it can be decoded"));
                }),
                _ => panic!("there is no work {work}"),
            }
        }
        _ => panic!("no words, `allocations`, or a piece of work and a count"),
    }
}

fn report<S: Executable>(case: &Case<S>) {
    let time = fastest(|| case.find_often(1_000)) / 1_000;
    println!("{}: built and found in {time:?}, {} allocations", case.name, allocations(case));
}

/// Prints the phases of a miss.
fn report_compilation<S: Executable>(case: &Case<S>) {
    let arguments = case.find();
    let statement = decode(&arguments).expect("it can be decoded");
    let compiled = compile(&statement, &Sqlite).expect("it can be compiled");
    let each = |work: &dyn Fn()| {
        let time = fastest(|| (0..100).for_each(|_| work())) / 100;
        let before = ALLOCATIONS.load(Ordering::Relaxed);
        work();
        (time, ALLOCATIONS.load(Ordering::Relaxed) - before)
    };
    let decoding = each(&|| {
        black_box(decode(&arguments).expect("it can be decoded"));
    });
    let compiling = each(&|| {
        black_box(compile(&statement, &Sqlite).expect("it can be compiled"));
    });
    let connection = prepared();
    let preparing = each(&|| {
        black_box(connection.prepare(&compiled.sql).expect("it can be prepared"));
    });
    for (phase, (time, allocations)) in [("decode", decoding), ("compile", compiling), ("sqlite3_prepare", preparing)] {
        println!("{}: {phase} in {time:?}, {allocations} allocations", case.name);
    }
}

/// A database with the tables.
fn prepared() -> rusqlite::Connection {
    let connection = rusqlite::Connection::open_in_memory().expect("SQLite opens");
    let tables = [Customer::columns(), Product::columns(), Order::columns(), Line::columns()];
    for columns in tables {
        let names: Vec<_> = columns.iter().map(StaticColumn::name).collect();
        let sql = format!("CREATE TABLE {} ({})", columns[0].table.name, names.join(", "));
        connection.execute(&sql, ()).expect("the table can be made");
    }
    connection
}

/// The time of the fastest of several rounds, so that what disturbs a round does not count.
fn fastest(mut work: impl FnMut()) -> Duration {
    let round = |_| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..200).map(round).min().unwrap_or_default()
}

/// How often memory is asked for when the statement is built and found.
fn allocations<S: Executable>(case: &Case<S>) -> u64 {
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    black_box(case.find());
    ALLOCATIONS.load(Ordering::Relaxed) - before
}

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The system's allocator, counting how often it is asked for memory.
struct Counting;

// SAFETY: every call is passed on to the system's allocator as it is.
#[allow(unsafe_code, reason = "an allocator can't be written without")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller keeps to the same contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps to the same contract.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller keeps to the same contract.
        unsafe { System.realloc(pointer, layout, size) }
    }
}
