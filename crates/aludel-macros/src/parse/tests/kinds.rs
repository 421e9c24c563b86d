//! Enums of kinds, and the column that says the kind.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse_quote;

use super::check;

/// What is wrong with these kinds, a line for each mistake.
fn check_kinds(kinds: TokenStream, expected: &[&str]) {
    let input = parse_quote!(#kinds);
    let messages: Vec<String> = match crate::parse::kinds(&input) {
        Ok(_) => Vec::new(),
        Err(error) => error.flatten().into_iter().map(|error| error.to_string()).collect(),
    };
    assert_eq!(messages, expected);
}

#[test]
fn kinds_say_where_they_are() {
    let message = "say where the kinds are: `#[kinds(of = Employee)]` where each kind has a table beside that of `Employee`, \
                   `#[kinds(single)]` where all are in one table, `#[kinds(concrete)]` where each kind is an entity of its own";
    check_kinds(
        quote!(
            enum Kind {
                A,
            }
        ),
        &[message],
    );
    check_kinds(
        quote!(
            #[kinds(single, concrete)]
            enum Kind {
                A,
            }
        ),
        &[message],
    );
    check_kinds(
        quote!(
            #[kinds(of = Base, single)]
            enum Kind {
                A,
            }
        ),
        &[message],
    );
    check_kinds(
        quote!(
            #[kinds(single)]
            struct Kind {
                a: i64,
            }
        ),
        &["kinds are the variants of an enum"],
    );
    check_kinds(
        quote!(
            #[kinds(single)]
            enum Kind<T> {
                A { a: T },
            }
        ),
        &["an enum of kinds can't have type parameters or lifetimes"],
    );
    check_kinds(
        quote!(
            #[kinds(single)]
            enum Kind {}
        ),
        &["an enum without variants has no kinds"],
    );
    check_kinds(
        quote!(
            #[kinds(single, name = "kind", keys = Keys)]
            enum Kind {
                A,
                #[kinds(label = "a")]
                B,
            }
        ),
        &["two kinds have the label \"a\"", "`name` belongs to `of`: it is the type of the column that says the kind"],
    );
    check_kinds(
        quote!(
            #[kinds(single, keys = Keys)]
            enum Kind {
                A,
            }
        ),
        &["`keys` belongs to `concrete`: elsewhere the base entity's key stands for all kinds"],
    );
    check_kinds(
        quote!(
            #[kinds(of = "Base")]
            enum Kind {
                A,
            }
        ),
        &["expected a name, without quotes at of"],
    );
}

#[test]
fn kinds_with_tables() {
    let shape = |name: &str| {
        format!(
            "a kind is a plain variant, or holds its table's entity: `{name}(Ext<{name}>)`; kinds whose fields are in the \
             base's table are `#[kinds(single)]`"
        )
    };
    check_kinds(
        quote! {
            #[kinds(of = crate::Base)]
            enum Kind { A, B(Ext<B>), C(B), D { d: i64 }, E(Ext<E>, i64), F(Ext<B>), #[kinds(key = F::ID)] G }
        },
        &[
            &shape("C"),
            &shape("D"),
            &shape("E"),
            "two kinds have the same table",
            "`key` names the columns that refer to the base, and this kind has no table of its own",
        ],
    );
    check_kinds(
        quote!(
            #[kinds(of = Base)]
            enum Kind {
                #[kinds(key(A::X, A::Y))]
                A(aludel::Ext<A>),
            }
        ),
        &[],
    );
    check_kinds(
        quote!(
            #[kinds(of = Base)]
            enum Kind {
                #[kinds(key = ID)]
                A(Ext<A>),
            }
        ),
        &["expected a column of an entity, such as `User::ID` at key"],
    );
}

#[test]
fn kinds_in_one_table() {
    check_kinds(
        quote! {
            #[kinds(single)]
            enum Kind { A, B { x: i64, y: String }, C { x: Option<i64> }, D(i64), E { y: i64 }, #[kinds(key = F::ID)] F }
        },
        &[
            "the fields of a kind in one table have names: `D { load: i64 }`",
            "`y` is one column of the table, and it is `String` in another kind and `i64` here: give one of them another name",
            "`key` names the columns that refer to the base, and kinds in one table have none",
        ],
    );
}

#[test]
fn kinds_of_their_own() {
    let holds = |name: &str| format!("a kind that is an entity of its own holds it: `{name}({name})`");
    check_kinds(
        quote! {
            #[kinds(concrete, keys = Keys)]
            enum Kind { A(A), B, C { c: i64 }, D(Ext<D>), E(A) }
        },
        &[&holds("B"), &holds("C"), &holds("D"), "two kinds are the same entity"],
    );
}

#[test]
fn the_column_of_the_kind() {
    let alone = "the kind of a row is a column of its own, and never NULL: neither an `Option`, nor in the primary key, nor a \
                 reference";
    check(
        quote! {
            struct Base {
                #[column(primary_key, kind)] id: i64,
                #[column(kind)] a: Option<Kind>,
                #[column(kind, references = User::ID)] b: Kind,
            }
        },
        &[alone, alone, alone],
    );
    check(
        quote! {
            struct Base { #[column(primary_key)] id: i64, #[column(kind)] a: Kind, #[column(kind)] b: Kind }
        },
        &["an entity has at most one kind"],
    );
    check(
        quote! {
            struct Base { #[column(primary_key)] id: i64, #[composite(columns(#[column(kind)] kind: String))] a: Kind }
        },
        &["a part of a composite is not the column that says the kind: `#[kinds(single)]` makes a composite of kinds"],
    );
}
