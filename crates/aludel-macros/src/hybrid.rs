//! `#[hybrid]`: methods that are SQL expressions too.
//!
//! The method stays as it is. Beside it comes a function with the same body in SQL's words: each construct of the body becomes
//! a call of a function in `::aludel::__private::hybrid`, which has the types to choose what exactly is said.

mod binary;
mod branch;
mod call;
mod function;
mod pattern;
mod term;
mod translate;

#[cfg(test)]
mod tests;

use darling::ast::NestedMeta;
use darling::util::Flag;
use darling::{Error, FromMeta, Result};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, ImplItem, ImplItemFn, Item, ItemImpl, Meta};

/// `#[hybrid]`, `#[hybrid(expr = path)]`, `#[hybrid(skip)]`
#[derive(FromMeta)]
struct Options {
    expr: Option<Path>,
    skip: Flag,
}

/// A function that gives the expression, as it stands.
struct Path(Expr);

impl FromMeta for Path {
    fn from_expr(expr: &Expr) -> Result<Self> {
        Ok(Self(expr.clone()))
    }
}

/// An impl block, or one method in one.
pub(crate) fn hybrid(attribute: TokenStream, item: TokenStream) -> TokenStream {
    if let Ok(Item::Impl(block)) = syn::parse2(item.clone()) {
        return impl_block(&attribute, block);
    }
    match syn::parse2::<ImplItemFn>(item.clone()) {
        Ok(method) => {
            let function = options(attribute).and_then(|options| function(&method, &options));
            let function = function.unwrap_or_else(Error::write_errors);
            quote!(#method #function)
        }
        Err(_) => {
            let message = "`#[hybrid]` stands on the impl block of an entity, or on a method in one";
            let error = Error::custom(message).write_errors();
            quote!(#item #error)
        }
    }
}

fn impl_block(attribute: &TokenStream, mut block: ItemImpl) -> TokenStream {
    let refused = match &block.trait_ {
        Some((path, _)) => Some(Error::custom("the methods of a trait can't be hybrids").with_span(path)),
        None if !attribute.is_empty() => {
            Some(Error::custom("options stand on a method: `#[hybrid(expr = path)]`, `#[hybrid(skip)]`"))
        }
        None => None,
    };
    if let Some(error) = refused {
        let error = error.write_errors();
        return quote!(#block #error);
    }
    let mut functions = Vec::new();
    for item in &mut block.items {
        let ImplItem::Fn(method) = item else { continue };
        let function = own_options(method).and_then(|options| match options {
            // What takes no object is a function already.
            None if method.sig.receiver().is_none() => Ok(TokenStream::new()),
            None => function(method, &Options { expr: None, skip: Flag::default() }),
            Some(options) => function(method, &options),
        });
        functions.push(function.unwrap_or_else(Error::write_errors));
    }
    block.items.extend(functions.into_iter().map(ImplItem::Verbatim));
    block.into_token_stream()
}

/// The options of a method, taken off it.
fn own_options(method: &mut ImplItemFn) -> Result<Option<Options>> {
    let Some(at) = method.attrs.iter().position(|attribute| attribute.path().is_ident("hybrid")) else {
        return Ok(None);
    };
    match method.attrs.remove(at).meta {
        Meta::List(list) => options(list.tokens).map(Some),
        _ => options(TokenStream::new()).map(Some),
    }
}

fn options(tokens: TokenStream) -> Result<Options> {
    Options::from_list(&NestedMeta::parse_meta_list(tokens)?)
}

fn function(method: &ImplItemFn, options: &Options) -> Result<TokenStream> {
    match &options.expr {
        _ if options.skip.is_present() => Ok(TokenStream::new()),
        Some(path) => function::given(method, &path.0),
        None => function::translated(method),
    }
}
