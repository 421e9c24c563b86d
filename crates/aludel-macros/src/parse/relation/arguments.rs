//! What stands in the brackets: columns, then options.

use darling::ast::NestedMeta;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, Path, Token, parenthesized, token};

use crate::model::ColumnPath;
use crate::parse::value::column_path;

/// `Line::SHOP_ID, Line::ORDER_ID, cascade = "all"`, `(Link::A, Link::B), Link::C`
pub(super) struct Arguments {
    /// Lists of columns; one without brackets is a list of one.
    pub(super) columns: Vec<Vec<ColumnPath>>,
    pub(super) options: Vec<NestedMeta>,
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut columns = Vec::new();
        while is_column(input) {
            columns.push(one(input)?);
            if input.is_empty() {
                break;
            }
            input.parse::<Token![,]>()?;
        }
        let options = NestedMeta::parse_meta_list(input.parse()?)?;
        Ok(Self { columns, options })
    }
}

/// An option is one word, a column is a path.
fn is_column(input: ParseStream<'_>) -> bool {
    let path = input.peek(Token![::]) || (input.peek(Ident::peek_any) && input.peek2(Token![::]));
    path || input.peek(token::Paren)
}

fn one(input: ParseStream<'_>) -> syn::Result<Vec<ColumnPath>> {
    if !input.peek(token::Paren) {
        let path: Path = input.parse()?;
        return Ok(vec![column_path(&path)?]);
    }
    let inner;
    let brackets = parenthesized!(inner in input);
    let paths = Punctuated::<Path, Token![,]>::parse_terminated(&inner)?;
    if paths.is_empty() {
        return Err(syn::Error::new(brackets.span.join(), "name at least one column"));
    }
    Ok(paths.iter().map(column_path).collect::<darling::Result<_>>()?)
}
