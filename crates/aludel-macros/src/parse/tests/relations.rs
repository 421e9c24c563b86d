//! Relationships.

use quote::quote;

use super::check;

#[test]
fn relationships_stand_on_their_own_types() {
    check(
        quote! {
            struct User {
                #[column(primary_key)] id: i64,
                #[has_many(Address::USER_ID)] a: One<Address>,
                #[belongs_to(User::BOSS)] b: Many<User>,
                #[many_to_many(L::A, L::B)] c: Vec<Tag>,
                #[has_one(Address::USER_ID)] d: Option<Address>,
            }
        },
        &[
            "the field of `has_many` is a `Many<T>`; a `One<T>` is for `has_one` or `belongs_to`",
            "the field of `belongs_to` is a `One<T>`; a `Many<T>` is for `has_many` or `many_to_many`",
            "the field of `many_to_many` is a `Many<T>` of another entity",
            "the field of `has_one` is a `One<T>` of another entity",
        ],
    );
}

#[test]
fn relationships_say_how_the_objects_are_found() {
    check(
        quote! {
            struct User {
                #[column(primary_key)] id: i64,
                a: Many<Address>,
                b: orm::One<Address>,
                #[column(skip)] c: One<Address>,
            }
        },
        &[
            "say how the objects are found: `has_many` or `many_to_many`",
            "say how the objects are found: `has_one` or `belongs_to`",
        ],
    );
}

#[test]
fn a_field_is_one_relationship_and_no_column() {
    check(
        quote! {
            struct User {
                #[column(primary_key)] id: i64,
                #[has_many(A::B)] #[has_one(A::B)] a: Many<A>,
                #[has_many(A::B)] #[has_many(A::C)] b: Many<A>,
                #[column(skip)] #[has_many(A::B)] c: Many<A>,
                #[has_many(A::B, constant = "all")] d: Many<A>,
                #[has_many(A::B)] all: Many<A>,
            }
        },
        &[
            "a field is one relationship: either `has_many` or `has_one`",
            "a field is one relationship: remove one of its `has_many`",
            "a relationship is no column of the table: what is said of it stands in `has_many`",
            "its constant `ALL` would stand beside the `ALL` that every entity has; give it another name: \
             #[has_many(constant = \"ALL_COLUMN\")]",
        ],
    );
}

#[test]
fn columns_of_relationships() {
    check(
        quote! {
            struct User {
                #[column(primary_key)] id: i64,
                #[has_many] a: Many<A>,
                #[has_one = "A"] b: One<A>,
                #[belongs_to()] c: One<A>,
                #[belongs_to(view_only)] d: One<A>,
                #[many_to_many(L::A)] e: Many<A>,
                #[many_to_many(L::A, L::B, L::C)] f: Many<A>,
                #[has_many(user_id)] g: Many<A>,
                #[many_to_many((), L::B)] h: Many<A>,
                #[many_to_many((L::A, a), L::B)] i: Many<A>,
                #[has_many(A::B C::D)] j: Many<A>,
            }
        },
        &[
            "name the other entity's column that refers to this one: `#[has_many(Address::USER_ID)]`",
            "name the other entity's column that refers to this one: `#[has_one(Address::USER_ID)]`",
            "name this entity's column that refers to the other one: `#[belongs_to(Address::USER_ID)]`",
            "name this entity's column that refers to the other one: `#[belongs_to(Address::USER_ID)]`",
            "name two columns of the link table, the column that refers to this entity, and the one that refers to the \
             other: `#[many_to_many(OrderTag::ORDER_ID, OrderTag::TAG_ID)]`",
            "name two columns of the link table, the column that refers to this entity, and the one that refers to the \
             other: `#[many_to_many(OrderTag::ORDER_ID, OrderTag::TAG_ID)]`",
            "name the other entity's column that refers to this one: `#[has_many(Address::USER_ID)]`",
            "name at least one column",
            "expected a column of an entity, such as `User::ID`",
            "expected `,`",
        ],
    );
}

#[test]
fn options_of_relationships() {
    check(
        quote! {
            struct User {
                #[column(primary_key)] id: i64,
                #[has_many(A::B, cascade = "all, delete-orphans")] a: Many<A>,
                #[has_many(A::B, cascade = "")] b: Many<A>,
                #[has_many(A::B, cascade = "none, delete")] c: Many<A>,
                #[has_many(A::B, cascad = "all")] d: Many<A>,
                #[has_many(A::B, order_by = id)] e: Many<A>,
                #[has_many(A::B, order_by = up(A::B))] f: Many<A>,
                #[has_many(A::B, order_by(A::B, desc(id)))] g: Many<A>,
                #[has_many(A::B, order_by())] h: Many<A>,
                #[has_one(A::B, order_by = A::B)] i: One<A>,
                #[many_to_many(L::A, L::B, position = L::C)] j: Many<A>,
                #[has_many(A::B, position = 5)] k: Many<A>,
                #[has_many(A::B, view_only, view_only)] l: Many<A>,
            }
        },
        &[
            "\"delete-orphans\" is no word of a cascade; those are \"save-update\", \"merge\", \"refresh-expire\", \
             \"delete\", \"delete-orphan\", \"expunge\", \"all\" and \"none\" at cascade",
            "expected words such as \"all, delete-orphan\", or \"none\" at cascade",
            "\"none\" stands alone at cascade",
            "Unknown field: `cascad`. Did you mean `cascade`?",
            "expected a column of an entity, such as `User::ID` at order_by",
            "expected a column or `desc(column)` at order_by",
            "expected a column of an entity, such as `User::ID` at order_by",
            "name at least one column at order_by",
            "`order_by` is for collections: there is at most one object here",
            "`position` is for `has_many`: it names the column of the other entity that holds its place in the list",
            "expected a column of an entity, such as `User::ID` at position",
            "Duplicate field `view_only`",
        ],
    );
}

#[test]
fn one_version_that_counts() {
    check(
        quote! {
            struct User {
                #[column(primary_key)] id: i64,
                #[column(version)] a: i32,
                #[column(version)] b: i32,
            }
        },
        &["an entity has at most one version"],
    );
    check(
        quote! {
            struct User {
                #[column(primary_key)] id: i64,
                #[column(version)] a: String,
                #[column(version)] b: Option<i32>,
            }
        },
        &[
            "a version counts the changes of a row: it is an integer, and never NULL",
            "a version counts the changes of a row: it is an integer, and never NULL",
        ],
    );
}
