//! Patterns of `match` and `if let`.

use darling::Result;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Pat, RangeLimits};

use super::term::unknown;
use super::translate::Translator;

/// When a pattern matches, and what it binds.
#[derive(Default)]
pub(super) struct Matched {
    /// All of them.
    conditions: Vec<TokenStream>,
    /// Lines of `let`.
    pub(super) bindings: TokenStream,
}

impl Matched {
    fn when(condition: TokenStream) -> Self {
        Self { conditions: vec![condition], bindings: TokenStream::new() }
    }

    pub(super) fn condition(&self) -> TokenStream {
        let mut all = self.conditions.iter().cloned();
        let first = all.next().unwrap_or_else(|| quote!(true));
        all.fold(first, |left, right| quote!(__h::and(#left, #right)))
    }
}

impl Translator {
    /// The names that the pattern binds are known from now on.
    pub(super) fn pattern(&mut self, pattern: &Pat, matched: &Ident) -> Result<Matched> {
        let span = pattern.span();
        match pattern {
            Pat::Wild(_) => Ok(Matched::default()),
            Pat::Paren(paren) => self.pattern(&paren.pat, matched),
            Pat::Reference(reference) => self.pattern(&reference.pat, matched),
            Pat::Ident(name) if name.subpat.is_none() => match name.ident.to_string() {
                word if word == "None" => Ok(Matched::when(quote_spanned!(span=> __h::is_none(#matched.clone())))),
                // As in Rust, a capital letter is a constant's.
                word if word.starts_with(char::is_uppercase) => Ok(Matched::when(equal(matched, pattern))),
                _ => Ok(self.bind(&name.ident, &quote!(#matched.clone()))),
            },
            Pat::Path(path) if path.path.is_ident("None") => {
                Ok(Matched::when(quote_spanned!(span=> __h::is_none(#matched.clone()))))
            }
            Pat::Lit(_) | Pat::Path(_) => Ok(Matched::when(equal(matched, pattern))),
            Pat::Range(range) => {
                let from = range.start.as_ref().map(|from| quote_spanned!(span=> __h::ge(#matched.clone(), #from)));
                let last = match range.limits {
                    RangeLimits::HalfOpen(_) => quote!(lt),
                    RangeLimits::Closed(_) => quote!(le),
                };
                let to = range.end.as_ref().map(|to| quote_spanned!(span=> __h::#last(#matched.clone(), #to)));
                Ok(Matched { conditions: from.into_iter().chain(to).collect(), bindings: TokenStream::new() })
            }
            Pat::Or(or) => {
                let mut cases = Vec::new();
                for case in &or.cases {
                    let case = self.pattern(case, matched)?;
                    if !case.bindings.is_empty() {
                        return Err(unknown(pattern));
                    }
                    cases.push(case.condition());
                }
                let any = cases.into_iter().reduce(|left, right| quote!(__h::or(#left, #right)));
                Ok(any.map(Matched::when).unwrap_or_default())
            }
            Pat::TupleStruct(some) if some.path.is_ident("Some") && some.elems.len() == 1 => {
                let is_some = quote_spanned!(span=> __h::is_some(#matched.clone()));
                match &some.elems[0] {
                    Pat::Wild(_) => Ok(Matched::when(is_some)),
                    Pat::Ident(name) if name.subpat.is_none() => {
                        let Matched { bindings, .. } = self.bind(&name.ident, &quote!(#matched.clone().not_null()));
                        Ok(Matched { conditions: vec![is_some], bindings })
                    }
                    _ => Err(unknown(pattern)),
                }
            }
            Pat::Guard(guard) => {
                let inner = self.pattern(&guard.pat, matched)?;
                let condition = self.expression(&guard.guard, None)?.tokens;
                let Matched { mut conditions, bindings } = inner;
                conditions.push(if bindings.is_empty() { condition } else { quote!({ #bindings #condition }) });
                Ok(Matched { conditions, bindings })
            }
            other => Err(unknown(other)),
        }
    }

    fn bind(&mut self, name: &Ident, value: &TokenStream) -> Matched {
        self.known.push(name.clone());
        Matched { conditions: Vec::new(), bindings: quote!(let #name = #value;) }
    }
}

fn equal(matched: &Ident, value: &impl ToTokens) -> TokenStream {
    let value = value.to_token_stream();
    quote_spanned!(value.span()=> __h::eq(#matched.clone(), #value))
}
