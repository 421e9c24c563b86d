//! What is emitted stays small: every field of every entity is compiled in the user's program.

use proc_macro2::{TokenStream, TokenTree};
use quote::{format_ident, quote};

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
    assert!(entity < 2050, "{entity} tokens for an entity with nothing but a key");
    let optional = (size(0, 40) - entity) / 40;
    assert!(optional < 380, "{optional} tokens for an optional column");
    let required = (size(10, 0) - entity) / 10;
    assert!(required < 450, "{required} tokens for each of ten required columns");
}

/// The `static` item of this name.
fn item(input: TokenStream, name: &str) -> String {
    match parse::entity(&syn::parse_quote!(#input)) {
        Ok(entity) => find(expand::entity(&entity), name).unwrap_or_default(),
        Err(error) => panic!("{error}"),
    }
}

fn find(tokens: TokenStream, name: &str) -> Option<String> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.to_string() == text);
    match (0..tokens.len()).find(|at| is(*at, "static") && is(at + 1, name)) {
        Some(start) => {
            let item = tokens.iter().skip(start).take_while(|token| token.to_string() != ";");
            Some(item.cloned().collect::<TokenStream>().to_string())
        }
        None => tokens.into_iter().find_map(|token| match token {
            TokenTree::Group(group) => find(group.stream(), name),
            _ => None,
        }),
    }
}

#[test]
fn a_relationship_says_everything() {
    let found = item(
        quote! {
            struct User {
                #[column(primary_key)] id: i64,
                #[column(version)] r#mod: u32,
                #[has_many(
                    Line::SHOP, crate::Line::USER,
                    cascade = "all, delete-orphan, merge",
                    order_by(Line::A, desc(Line::B)),
                    filter = Line::A.gt(5),
                    position = Line::C,
                    passive_deletes, post_update, view_only,
                )]
                r#lines: crate::Many<Line>,
                #[many_to_many((Friend::A, Friend::B), Friend::C, order_by = desc(User::ID), cascade = "none")]
                friends: Many<Self>,
                #[belongs_to(Self::BOSS)]
                boss: One<User>,
            }
        },
        "__RELATIONS",
    );
    let expected = quote! {
        static __RELATIONS: [__a::Relation; 3] = [
            __a::Relation::new::<User, Line>(
                "lines",
                0,
                __a::RelationKind::HasMany,
                || [__a::target_column::<Line>(Line::SHOP), __a::target_column::<Line>(crate::Line::USER)].to_vec()
            )
            .order_by(|| [
                __a::RelationOrder { column: __a::target_column::<Line>(Line::A), descending: false },
                __a::RelationOrder { column: __a::target_column::<Line>(Line::B), descending: true }
            ].to_vec())
            .filter(|| __a::Expression::expr(Line::A.gt(5)))
            .position(|| __a::target_column::<Line>(Line::C))
            .cascade(__a::Cascade::DEFAULT.all().delete_orphan())
            .passive_deletes()
            .view_only()
            .post_update(),
            __a::Relation::new::<User, User>(
                "friends",
                1,
                __a::RelationKind::ManyToMany,
                || [__a::link_column::<Friend>(Friend::A), __a::link_column::<Friend>(Friend::B)].to_vec()
            )
            .far(<Friend as __a::Entity>::table, || [__a::link_column::<Friend>(Friend::C)].to_vec())
            .order_by(|| [
                __a::RelationOrder { column: __a::target_column::<User>(User::ID), descending: true }
            ].to_vec())
            .cascade(__a::Cascade::DEFAULT.none()),
            __a::Relation::new::<User, User>(
                "boss",
                2,
                __a::RelationKind::BelongsTo,
                || [__a::own_column::<User>(User::BOSS)].to_vec()
            )
        ]
    };
    assert_eq!(found, expected.to_string());
}

#[test]
fn the_mapper_names_what_there_is() {
    let plain = item(
        quote!(
            struct r#User {
                #[column(primary_key)]
                id: i64,
            }
        ),
        "__MAPPER",
    );
    assert!(
        plain.starts_with("static __MAPPER : __a :: Mapper = __a :: Mapper :: new :: < r#User > (\"User\")"),
        "{plain}"
    );
    let versioned = item(
        quote!(
            struct User {
                #[column(primary_key)]
                id: i64,
                #[column(version)]
                v: i64,
                #[has_one(A::B)]
                a: One<A>,
            }
        ),
        "__MAPPER",
    );
    assert!(versioned.contains("(\"User\") . relations (& __RELATIONS) . version (1)"), "{versioned}");
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
