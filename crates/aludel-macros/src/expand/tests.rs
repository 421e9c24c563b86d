//! What is emitted stays small: every field of every entity is compiled in the user's program.

use proc_macro2::{TokenStream, TokenTree};
use quote::format_ident;

use crate::{expand, parse};

/// How many tokens an entity with so many required columns and so many optional ones comes to.
fn size(required: usize, optional: usize) -> usize {
    let required = (0..required).map(|number| format_ident!("r{number}"));
    let optional = (0..optional).map(|number| format_ident!("o{number}"));
    let input = syn::parse_quote! {
        struct User {
            #[column(primary_key)] id: i64,
            #(#required: String,)*
            #(#optional: Option<String>,)*
        }
    };
    match parse::entity(&input) {
        Ok(entity) => count(expand::entity(&entity)),
        Err(error) => panic!("{error}"),
    }
}

fn count(tokens: TokenStream) -> usize {
    let one = |token| match token {
        TokenTree::Group(group) => 2 + count(group.stream()),
        _ => 1,
    };
    tokens.into_iter().map(one).sum()
}

#[test]
fn an_entity_is_small() {
    let entity = size(0, 0);
    assert!(entity < 1500, "{entity} tokens for an entity with nothing but a key");
    let optional = (size(0, 40) - entity) / 40;
    assert!(optional < 280, "{optional} tokens for an optional column");
    let required = (size(10, 0) - entity) / 10;
    assert!(required < 400, "{required} tokens for each of ten required columns");
}

#[test]
fn nothing_of_the_workspace_is_named() {
    let input = syn::parse_quote!(
        enum Color {
            Red,
        }
    );
    let tokens = parse::sql_enum(&input).map(|color| expand::sql_enum(&color).to_string());
    let text = tokens.unwrap_or_default();
    assert!(text.contains(":: aludel :: __private") && !text.contains("aludel_"), "{text}");
}
