//! Fields of several columns.

use quote::quote;
use syn::parse_quote;

use super::check;

#[test]
fn composites_name_their_columns() {
    check(
        quote! {
            struct Line {
                #[column(primary_key)] id: i64,
                #[composite] a: Point,
                #[composite()] b: Point,
                #[composite(columns())] c: Point,
                #[composite(x: i32)] d: Point,
                #[composite(columns(x))] e: Point,
                #[composite(columns(x: i32 = name))] f: Point,
                #[column(skip)] #[composite(columns(x: i32))] g: Point,
                #[composite(columns(h: i32), more)] h: Point,
            }
        },
        &[
            "name the columns and their types: `#[composite(columns(x: i32, y: i32))]`",
            "unexpected end of input, expected identifier",
            "name the columns and their types: `#[composite(columns(x: i32, y: i32))]`",
            "expected `columns(name: Type, …)`",
            "expected `:`",
            "expected string literal",
            "a composite is several columns: attributes of one stand before it, `columns(#[column(varchar = 50)] street: \
             String)`",
            "unexpected token",
        ],
    );
}

#[test]
fn parts_are_columns_of_their_own() {
    check(
        quote! {
            struct Line {
                #[column(primary_key)] id: i64,
                #[composite(columns(x: i32, y: i32))] start: Point,
                #[composite(columns(x: i32, id: i32))] end: Point,
                #[composite(columns(#[column(skip)] z: i32))] other: Point,
            }
        },
        &[
            "there is more than one column called `x`",
            "there is more than one column called `x`",
            "there is more than one column called `id`",
            "a part can't be skipped",
        ],
    );
}

#[test]
fn a_composite_is_a_struct() {
    let message = |input| match crate::parse::composite_struct(&input) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    };
    let wanted = "a composite is a struct with a field for each column";
    assert_eq!(
        message(parse_quote!(
            struct Empty;
        )),
        wanted
    );
    assert_eq!(
        message(parse_quote!(
            enum Color {
                Red,
            }
        )),
        wanted
    );
    assert_eq!(
        message(parse_quote!(
            struct Of<T>(T);
        )),
        "a composite of columns can't have type parameters or lifetimes"
    );
    assert_eq!(
        message(parse_quote!(
            struct Point {
                x: i32,
            }
        )),
        ""
    );
}
