//! `if` and `match`, which are CASE.

use darling::{Error, Result};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Arm, Expr, ExprIf, ExprMatch, Pat};

use super::term::{Kind, SqlType, Term};
use super::translate::{Translator, expr};

impl Translator {
    /// `if condition { … } else { … }`, `if let Some(name) = … { … } else { … }`
    pub(super) fn branch(&mut self, branch: &ExprIf, wanted: Option<&SqlType>) -> Result<Term> {
        let Some((_, otherwise)) = &branch.else_branch else {
            return Err(Error::custom("an `if` of a hybrid has an `else`").with_span(&branch.if_token));
        };
        let outside = self.known.clone();
        let matched = format_ident!("__matched_{}", outside.len());
        let (before, condition, bindings) = match &*branch.cond {
            Expr::Let(test) => {
                let scrutinee = self.expression(&test.expr, None)?;
                let scrutinee = expr(&scrutinee);
                let pattern = self.pattern(&test.pat, &matched)?;
                (quote!(let #matched = #scrutinee;), pattern.condition(), pattern.bindings)
            }
            condition => (TokenStream::new(), self.expression(condition, None)?.tokens, TokenStream::new()),
        };
        let then = self.block(&branch.then_branch, wanted)?;
        self.known = outside;
        let then = Term { tokens: within(&bindings, then.tokens), kind: then.kind };
        let otherwise = self.expression(otherwise, wanted)?;
        let Term { tokens, kind } = choose(&condition, then, otherwise, wanted, branch)?;
        Ok(Term { tokens: within(&before, tokens), kind })
    }

    /// `match … { … }`; the last arm is taken where no other is.
    pub(super) fn choice(&mut self, choice: &ExprMatch, wanted: Option<&SqlType>) -> Result<Term> {
        let scrutinee = self.expression(&choice.expr, None)?;
        let scrutinee = expr(&scrutinee);
        let matched = format_ident!("__matched_{}", self.known.len());
        let mut arms = choice.arms.iter().rev();
        let Some(last) = arms.next() else {
            return Err(Error::custom("a `match` of a hybrid has arms").with_span(&choice.match_token));
        };
        if let Pat::Guard(guard) = &last.pat {
            return Err(Error::custom("the last arm is for all that is left").with_span(guard));
        }
        let (_, mut all) = self.arm(last, &matched, wanted)?;
        for arm in arms {
            let (condition, then) = self.arm(arm, &matched, wanted)?;
            all = choose(&condition, then, all, wanted, &arm.pat)?;
        }
        let Term { tokens, kind } = all;
        Ok(Term { tokens: quote!({ let #matched = #scrutinee; #tokens }), kind })
    }

    fn arm(&mut self, arm: &Arm, matched: &syn::Ident, wanted: Option<&SqlType>) -> Result<(TokenStream, Term)> {
        let outside = self.known.clone();
        let pattern = self.pattern(&arm.pat, matched)?;
        let body = self.expression(&arm.body, wanted)?;
        self.known = outside;
        let condition = pattern.condition();
        Ok((condition, Term { tokens: within(&pattern.bindings, body.tokens), kind: body.kind }))
    }
}

/// Lines before an expression.
fn within(lines: &TokenStream, tokens: TokenStream) -> TokenStream {
    if lines.is_empty() { tokens } else { quote!({ #lines #tokens }) }
}

fn choose(
    condition: &TokenStream,
    then: Term,
    otherwise: Term,
    wanted: Option<&SqlType>,
    place: &impl Spanned,
) -> Result<Term> {
    let (first, second) = (then.tokens, otherwise.tokens);
    let span = place.span();
    let tokens = match (then.kind, otherwise.kind) {
        (Kind::Sql, Kind::Null) => quote_spanned!(span=> __h::choose_or_null(#condition, #first)),
        (Kind::Null, Kind::Sql) => quote_spanned!(span=> __h::choose_or_null(__h::not(#condition), #second)),
        (Kind::Sql, _) => quote_spanned!(span=> __h::choose(#condition, #first, #second)),
        (_, Kind::Sql) => quote_spanned!(span=> __h::choose_value(#condition, #first, #second)),
        _ => {
            let Some(ty) = wanted else {
                let advice = "say it: `let name: Type = …;`";
                return Err(
                    Error::custom(format!("it is not clear of which type these values are: {advice}")).with_span(&span)
                );
            };
            let full = ty.full();
            quote_spanned!(span=> __h::choose_of::<#full>(#condition, #first, #second))
        }
    };
    Ok(Term::sql(tokens))
}
