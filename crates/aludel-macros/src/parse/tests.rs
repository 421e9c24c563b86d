//! Mistakes that the compile-fail tests of the `aludel` crate don't show.

mod composites;
mod kinds;
mod relations;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::parse_quote;

/// What is wrong with this entity, a line for each mistake.
fn check(entity: TokenStream, expected: &[&str]) {
    let input = parse_quote!(#entity);
    let messages: Vec<String> = match super::entity(&input) {
        Ok(_) => Vec::new(),
        Err(error) => error.flatten().into_iter().map(|error| error.to_string()).collect(),
    };
    assert_eq!(messages, expected);
}

#[test]
fn at_most_256_columns() {
    let entity = |columns: usize| {
        let fields = (0..columns).map(|number| format_ident!("c{number}"));
        quote!(#[entity(primary_key(c0))] struct Wide { #(#fields: String,)* })
    };
    check(entity(256), &[]);
    check(entity(257), &["an entity has at most 256 columns, not 257"]);
}

#[test]
fn the_primary_key_is_said_once() {
    check(
        quote!(
            #[entity(primary_key(a))]
            struct Twice {
                #[column(primary_key)]
                a: i64,
                b: i64,
            }
        ),
        &["the primary key stands here and at fields too: remove one of them"],
    );
    check(
        quote!(
            #[entity(primary_key())]
            struct None {
                a: i64,
            }
        ),
        &["name at least one field at primary_key"],
    );
}

#[test]
fn constraints_name_fields() {
    check(
        quote! {
            #[entity(unique(columns(naem)), index(columns(desc(naem), name)), unique(columns("name")))]
            struct User { #[column(primary_key)] id: i64, name: String }
        },
        &["expected the name of a field, without quotes at unique[1]/columns"],
    );
    check(
        quote! {
            #[entity(unique(columns(naem)), index(columns(desc(idd), name), include(nam)), foreign_key(columns(x), references(A::B)))]
            struct User { #[column(primary_key)] id: i64, name: String }
        },
        &[
            "Unknown field: `x`. Available values: `id`, `name`",
            "Unknown field: `naem`. Did you mean `name`?",
            "Unknown field: `idd`. Did you mean `id`?",
        ],
    );
}

#[test]
fn all_mistakes_come_together() {
    check(
        quote! {
            struct User {
                #[column(varchar = 5, char = 5)] a: String,
                #[column(stored)] b: String,
                #[column(primary_key, computed = "a")] id: i64,
                #[column(constant = "not a name")] c: String,
            }
        },
        &[
            "at most one of `varchar`, `char`, `numeric` and `sql_type`",
            "`stored` belongs to `computed`",
            "a primary key can't be computed",
            "`not a name` is no name for a constant",
        ],
    );
}

#[test]
fn an_expression_is_no_column_of_the_table() {
    let no_column = "the table has no column for an `expression`: it has no default, key, reference, index, constraint, version, \
                     kind, validator, collation or comment";
    check(
        quote! {
            struct Contradictions {
                #[column(primary_key)] id: i64,
                #[column(expression = Self::ID, default = 1)] a: i64,
                #[column(expression = Self::ID, references = Other::ID)] b: i64,
                #[column(expression = Self::ID, unique)] c: i64,
                #[column(expression = Self::ID, computed = "id")] d: i64,
            }
        },
        &[no_column, no_column, no_column, "at most one of `generated`, `identity`, `computed` and `expression`"],
    );
    check(
        quote! {
            #[entity(index(columns(a)))]
            struct Indexed { #[column(primary_key)] id: i64, #[column(expression = Self::ID)] a: i64 }
        },
        &["the table has no column for an `expression`: no key, constraint or index can name it"],
    );
}

#[test]
fn references_to_tables_without_entities() {
    check(
        quote! {
            #[entity(foreign_key(columns(a, b), references("t.a", "u.b")), foreign_key(columns(a, b), references("t.a", User::ID)))]
            struct Pair { #[column(primary_key)] a: i64, b: i64, #[column(references = "t")] c: i64, #[column(references = "a.b.c.d")] d: i64 }
        },
        &[
            "expected a column of an entity, such as `User::ID`, or a text \"table.column\" at c/references",
            "expected a column of an entity, such as `User::ID`, or a text \"table.column\" at d/references",
        ],
    );
    check(
        quote! {
            #[entity(foreign_key(columns(a, b), references("t.a", "u.b")), foreign_key(columns(a, b), references("t.a", User::ID)))]
            struct Pair { #[column(primary_key)] a: i64, b: i64 }
        },
        &["a foreign key refers to one table", "either columns of an entity or texts, not both"],
    );
}
