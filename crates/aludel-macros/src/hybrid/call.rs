//! Calls of methods.

use darling::{Error, Result};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprCall, ExprMethodCall, Lit, RangeLimits};

use super::term::{SqlType, Term, bare, name, unknown};
use super::translate::Translator;

impl Translator {
    pub(super) fn method(&mut self, call: &ExprMethodCall, wanted: Option<&SqlType>) -> Result<Term> {
        let receiver = bare(&call.receiver);
        if name(receiver).is_some_and(|name| name == "self") {
            return self.other_hybrid(call);
        }
        let word = call.method.to_string();
        let arguments: Vec<&Expr> = call.args.iter().collect();
        match (word.as_str(), arguments.as_slice()) {
            // What only borrows or copies means nothing in SQL.
            ("clone" | "cloned" | "copied" | "as_str" | "as_deref" | "as_ref" | "to_owned" | "borrow", []) => {
                self.expression(receiver, wanted)
            }
            ("count", []) => match receiver {
                Expr::MethodCall(inner) if inner.method == "chars" && inner.args.is_empty() => {
                    self.function(call, "char_length", &inner.receiver, &[])
                }
                _ => Err(unknown(call)),
            },
            ("contains", [item]) if matches!(receiver, Expr::Range(_)) => self.in_range(receiver, item),
            ("contains", [text]) => {
                // A text that contains nothing needs no test for that.
                let is_written = matches!(bare(text), Expr::Lit(text) if matches!(&text.lit, Lit::Str(text) if !text.value().is_empty()));
                self.function(call, if is_written { "contains_written" } else { "contains" }, receiver, &arguments)
            }
            ("is_some" | "is_none" | "is_empty" | "to_lowercase" | "to_uppercase" | "abs" | "len", []) => {
                self.function(call, &word, receiver, &[])
            }
            ("unwrap_or_default", []) => self.function(call, "or_default", receiver, &[]),
            ("unwrap_or", [_]) => self.function(call, "coalesce", receiver, &arguments),
            ("starts_with" | "ends_with" | "min" | "max", [_]) => self.function(call, &word, receiver, &arguments),
            _ => Err(unknown(&call.method)),
        }
    }

    /// `function(receiver, arguments…)`
    fn function(&mut self, call: &ExprMethodCall, word: &str, receiver: &Expr, arguments: &[&Expr]) -> Result<Term> {
        let function = syn::Ident::new(word, call.method.span());
        let receiver = self.expression(receiver, None)?;
        if !receiver.is_sql() {
            return Err(Error::custom(
                "a value of the program has no methods in SQL: begin with the field, or the parameter",
            )
            .with_span(&call.receiver));
        }
        let receiver = receiver.tokens;
        let mut others = Vec::new();
        for argument in arguments {
            others.push(self.expression(argument, None)?.tokens);
        }
        Ok(Term::sql(quote_spanned!(call.method.span()=> __h::#function(#receiver #(, #others)*))))
    }

    /// `self.length()` is `Self::length_expr()`.
    fn other_hybrid(&mut self, call: &ExprMethodCall) -> Result<Term> {
        let function = format_ident!("{}_expr", call.method, span = call.method.span());
        let mut arguments = Vec::new();
        for argument in &call.args {
            arguments.push(self.expression(argument, None)?.tokens);
        }
        Ok(Term::sql(quote!(Self::#function(#(#arguments),*))))
    }

    /// `Some(…)` of something that is in the database.
    pub(super) fn call(&mut self, call: &ExprCall) -> Result<Term> {
        match (name(&call.func), call.args.len()) {
            (Some(word), 1) if word == "Some" => {
                let inner = self.expression(&call.args[0], None)?.tokens;
                Ok(Term::sql(quote_spanned!(word.span()=> __h::some(#inner))))
            }
            _ => Err(unknown(call)),
        }
    }

    /// `(low..high).contains(&item)`
    fn in_range(&mut self, range: &Expr, item: &Expr) -> Result<Term> {
        let Expr::Range(range) = range else {
            return Err(unknown(range));
        };
        let term = self.expression(item, None)?;
        if !term.is_sql() {
            return Err(unknown(item));
        }
        let item = term.tokens;
        let mut conditions = Vec::new();
        if let Some(start) = &range.start {
            let start = self.expression(start, None)?.tokens;
            conditions.push(quote_spanned!(range.span()=> __h::ge(item.clone(), #start)));
        }
        if let Some(end) = &range.end {
            let end = self.expression(end, None)?.tokens;
            let last = match range.limits {
                RangeLimits::HalfOpen(_) => quote!(lt),
                RangeLimits::Closed(_) => quote!(le),
            };
            conditions.push(quote_spanned!(range.span()=> __h::#last(item.clone(), #end)));
        }
        let all = conditions.into_iter().reduce(|left, right| quote!(__h::and(#left, #right)));
        let all = all.ok_or_else(|| unknown(range))?;
        Ok(Term::sql(quote!({ let item = __h::expr(#item); #all })))
    }
}
