//! The function beside a method.

use darling::{Error, Result};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, FnArg, Ident, ImplItemFn, Pat, ReturnType};

use super::term::SqlType;
use super::translate::Translator;

/// A method's signature, as far as it can be SQL.
struct Signature {
    parameters: Vec<(Ident, SqlType)>,
    output: SqlType,
}

impl Signature {
    fn of(method: &ImplItemFn) -> Result<Self> {
        let signature = &method.sig;
        if let Some(parameter) = signature.generics.params.first() {
            return Err(Error::custom("a hybrid has no type parameters or lifetimes").with_span(parameter));
        }
        if let Some(word) = &signature.asyncness {
            return Err(Error::custom("a hybrid computes: it can't wait").with_span(word));
        }
        let ReturnType::Type(_, output) = &signature.output else {
            return Err(Error::custom("a hybrid gives a value").with_span(&signature.ident));
        };
        let mut inputs = signature.inputs.iter();
        if !matches!(inputs.next(), Some(FnArg::Receiver(receiver)) if receiver.mutability.is_none()) {
            return Err(Error::custom("a hybrid is a method of `&self`").with_span(&signature.ident));
        }
        let parameters = inputs.map(|input| match input {
            FnArg::Typed(typed) => match &*typed.pat {
                Pat::Ident(name) if name.subpat.is_none() => Ok((name.ident.clone(), SqlType::of(&typed.ty))),
                other => Err(Error::custom("a parameter of a hybrid is a name").with_span(other)),
            },
            FnArg::Receiver(other) => Err(Error::custom("a parameter of a hybrid is a name").with_span(other)),
        });
        Ok(Self { parameters: parameters.collect::<Result<_>>()?, output: SqlType::of(output) })
    }
}

/// With the body in SQL's words.
pub(super) fn translated(method: &ImplItemFn) -> Result<TokenStream> {
    let signature = Signature::of(method)?;
    let mut translator = Translator::new(signature.parameters.iter().map(|(name, _)| name.clone()));
    let body = translator.whole(&method.block, &signature.output)?;
    Ok(function(method, &signature, &body))
}

/// With an expression that somebody wrote.
pub(super) fn given(method: &ImplItemFn, path: &Expr) -> Result<TokenStream> {
    let signature = Signature::of(method)?;
    let names = signature.parameters.iter().map(|(name, _)| name);
    let body = quote_spanned!(path.span()=> (#path)(#(#names),*));
    Ok(function(method, &signature, &body))
}

fn function(method: &ImplItemFn, signature: &Signature, body: &TokenStream) -> TokenStream {
    let Signature { parameters, output } = signature;
    let vis = &method.vis;
    let method_name = &method.sig.ident;
    let name = format_ident!("{}_expr", method_name, span = method_name.span());
    let doc = format!("[`{method_name}`](Self::{method_name}) as an SQL expression.");
    let conditions = method.attrs.iter().filter(|attribute| is_condition(attribute));
    let markers: Vec<_> = (0..parameters.len()).map(|at| format_ident!("M{at}")).collect();
    let names: Vec<_> = parameters.iter().map(|(name, _)| name).collect();
    let bases = parameters.iter().map(|(_, ty)| &ty.base);
    let arguments = parameters.iter().map(|(name, SqlType { base, optional, .. })| {
        let nullable = optional.then(|| quote!(.nullable()));
        quote!(let #name = __h::Argument::<#base, _>::into_argument(#name) #nullable;)
    });
    let output = output.full();
    quote! {
        #(#conditions)*
        #[doc = #doc]
        #[allow(dead_code, unused_variables, unused_braces, clippy::all, clippy::pedantic)]
        #[must_use]
        #vis fn #name<#(#markers),*>(
            #(#names: impl ::aludel::__private::hybrid::Argument<#bases, #markers>),*
        ) -> ::aludel::__private::Expr<#output> {
            use ::aludel::__private::hybrid as __h;
            #[allow(unused_imports)]
            use ::aludel::__private::Expression as _;
            // Whoever asks the database uses the method.
            let _ = Self::#method_name;
            #(#arguments)*
            #body
        }
    }
}

fn is_condition(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr")
}
