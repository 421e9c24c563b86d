//! `#[derive(SqlNewtype)]`

use aludel::prelude::*;
use aludel::{SqlType, SqlTyped};

use crate::fake_row::{NULL, cell, row};

#[derive(SqlNewtype, Debug, PartialEq, Clone, Copy)]
struct UserId(i64);

#[derive(SqlNewtype, Debug, PartialEq, Clone)]
#[sql_newtype(sql_type = SqlType::Varchar(200))]
struct Email {
    text: String,
}

impl From<&str> for Email {
    fn from(text: &str) -> Self {
        Self { text: text.into() }
    }
}

#[derive(Entity, Debug, PartialEq)]
struct User {
    #[column(primary_key, generated)]
    id: UserId,
    email: Email,
    #[column(references = User::ID)]
    boss: Option<UserId>,
    backup: Option<Email>,
}

#[test]
fn a_newtype_is_a_type_of_its_own() {
    assert_eq!(
        (<UserId as SqlTyped>::SQL_TYPE, <Email as SqlTyped>::SQL_TYPE),
        (SqlType::BigInt, SqlType::Varchar(200))
    );
    let cells = row([cell(5), cell("ed@x.org"), NULL, NULL]);
    let user = User::from_row(&cells, 0).unwrap();
    assert_eq!(user, User { id: UserId(5), email: "ed@x.org".into(), boss: None, backup: None });
    let _ = User::ID.eq(UserId(5)).and(User::BOSS.eq(User::ID));
}

#[test]
fn in_rows_and_builders() {
    let user = User::build().email("ed@x.org").boss(UserId(7)).backup("b@x.org");
    let values = [1, 2, 3].map(|index| NewRow::<User>::column_value(&user, index));
    assert_eq!(values, [cell("ed@x.org"), cell(7), cell("b@x.org")]);
    let user = User { id: UserId(0), email: "a".into(), boss: None, backup: None };
    assert_eq!(user.given().iter().collect::<Vec<_>>(), [1, 2, 3]);
}
