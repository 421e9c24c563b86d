//! Entities whose rows are structs, written out: the derive speaks through the facade, which stands above this crate.

#![allow(dead_code, reason = "each test program uses a part of it")]

mod entity;

use aludel_core::{
    Date, DateTime, Decimal, Encode, EncodeRow, Fault, FromRow, Held, ParamSink, RowRef, SqlType, Value,
};
use aludel_sql::schema::{ForeignKey, Name, StaticColumn, Table, Target};
use aludel_sql::{All, Column, ColumnSet, Entity, NewRow, TableRef};
use entity::entity;

static USERS_KEY: [&StaticColumn; 1] = [&USERS[0]];
static ORDERS_KEY: [&StaticColumn; 1] = [&ORDERS[0]];

entity! {
    User, USERS, "users" {
        0 ID id: i64 = SqlType::BigInt,
        1 NAME name: String = SqlType::Text,
        2 FULLNAME fullname: Option<String> = SqlType::Text,
        3 AGE age: Option<i64> = SqlType::BigInt,
        4 BALANCE balance: Option<Decimal> = SqlType::Numeric(Some((12, 2))),
        5 ACTIVE active: bool = SqlType::Boolean,
        6 CREATED_AT created_at: Option<DateTime> = SqlType::DateTime,
        7 DATA data: Option<String> = SqlType::Json,
        8 MANAGER_ID manager_id: Option<i64> = SqlType::BigInt,
    }
    key [0]
    references { [8] => USERS_KEY }
}

entity! {
    Address, ADDRESSES, "addresses" {
        0 ID id: i64 = SqlType::BigInt,
        1 USER_ID user_id: i64 = SqlType::BigInt,
        2 EMAIL email: String = SqlType::Text,
    }
    key [0]
    references { [1] => USERS_KEY }
}

entity! {
    Order, ORDERS, "orders" {
        0 ID id: i64 = SqlType::BigInt,
        1 USER_ID user_id: i64 = SqlType::BigInt,
        2 TOTAL total: Option<Decimal> = SqlType::Numeric(Some((12, 2))),
        3 PLACED placed: Option<Date> = SqlType::Date,
        4 STATUS status: Option<String> = SqlType::Text,
    }
    key [0]
    references { [1] => USERS_KEY }
}

entity! {
    Item, ITEMS, "items" {
        0 ORDER_ID order_id: i64 = SqlType::BigInt,
        1 LINE line: i64 = SqlType::BigInt,
        2 SKU sku: String = SqlType::Text,
        3 QTY qty: i32 = SqlType::Integer,
        4 PRICE price: f64 = SqlType::Double,
    }
    key [0, 1]
    references { [0] => ORDERS_KEY }
}
