//! A method's body, expression by expression.

use darling::{Error, Result};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Block, Expr, ExprCast, ExprField, Lit, Local, Member, Pat, Stmt, Type, UnOp};

use super::term::{Kind, SqlType, Term, bare, is_inferred, name, unknown};
use crate::parse::constant_name;

/// What is known on the way through a body.
pub(super) struct Translator {
    /// Names that are SQL expressions: parameters and what `let` and patterns bind.
    pub(super) known: Vec<Ident>,
}

impl Translator {
    pub(super) fn new(parameters: impl Iterator<Item = Ident>) -> Self {
        Self { known: parameters.collect() }
    }

    /// The whole body, as an expression of the method's type.
    pub(super) fn whole(&mut self, block: &Block, output: &SqlType) -> Result<TokenStream> {
        let term = self.block(block, Some(output))?;
        Ok(typed(&term, output, block))
    }

    /// An expression; `wanted` is its type where that is known.
    pub(super) fn expression(&mut self, expr: &Expr, wanted: Option<&SqlType>) -> Result<Term> {
        let expr = bare(expr);
        if !self.speaks_of_object(expr.to_token_stream()) {
            return self.value(expr);
        }
        match expr {
            Expr::Path(_) => match name(expr) {
                Some(name) if name != "self" => Ok(Term::sql(quote_spanned!(name.span()=> #name.clone()))),
                _ => Err(Error::custom("a hybrid speaks of the fields of `self`, one by one").with_span(expr)),
            },
            Expr::Field(field) => column(field),
            Expr::Unary(unary) => {
                let operand = self.expression(&unary.expr, None)?.tokens;
                let span = unary.op.span();
                match unary.op {
                    UnOp::Not(_) => Ok(Term::sql(quote_spanned!(span=> __h::not(#operand)))),
                    UnOp::Neg(_) => Ok(Term::sql(quote_spanned!(span=> __h::negative(#operand)))),
                    _ => Err(unknown(expr)),
                }
            }
            Expr::Binary(binary) => self.binary(binary),
            Expr::MethodCall(call) => self.method(call, wanted),
            Expr::Call(call) => self.call(call),
            Expr::If(branch) => self.branch(branch, wanted),
            Expr::Match(choice) => self.choice(choice, wanted),
            Expr::Block(block) if block.label.is_none() => self.block(&block.block, wanted),
            Expr::Cast(cast) => self.cast(cast),
            other => Err(unknown(other)),
        }
    }

    /// What is computed by the program, when the statement is built.
    fn value(&self, expr: &Expr) -> Result<Term> {
        if let Expr::Lit(literal) = expr
            && matches!(literal.lit, Lit::Char(_) | Lit::CStr(_) | Lit::Byte(_))
        {
            return Err(Error::custom("no type of a column has such values").with_span(literal));
        }
        // Into what a text is made here, its place alone says; SQL takes it as it is.
        if let Expr::MethodCall(call) = expr
            && call.method == "into"
            && let Expr::Lit(text) = bare(&call.receiver)
        {
            return self.value(&Expr::Lit(text.clone()));
        }
        let kind = if name(expr).is_some_and(|name| name == "None") { Kind::Null } else { Kind::Value };
        Ok(Term { tokens: expr.to_token_stream(), kind })
    }

    pub(super) fn block(&mut self, block: &Block, wanted: Option<&SqlType>) -> Result<Term> {
        let outside = self.known.clone();
        let term = self.statements(block, wanted);
        self.known = outside;
        term
    }

    fn statements(&mut self, block: &Block, wanted: Option<&SqlType>) -> Result<Term> {
        let Some((Stmt::Expr(last, None), before)) = block.stmts.split_last() else {
            return Err(Error::custom("the last line of a hybrid is its value").with_span(&block.span()));
        };
        let mut lines = Vec::new();
        for statement in before {
            lines.push(match statement {
                Stmt::Local(local) => self.local(local)?,
                other => return Err(unknown(other)),
            });
        }
        let Term { tokens, kind } = self.expression(last, wanted)?;
        if lines.is_empty() {
            return Ok(Term { tokens, kind });
        }
        Ok(Term { tokens: quote!({ #(#lines)* #tokens }), kind })
    }

    /// `let name = expression;`
    fn local(&mut self, local: &Local) -> Result<TokenStream> {
        let (pat, ty) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty).filter(|ty| !is_inferred(ty))),
            other => (other, None),
        };
        let (Pat::Ident(name), Some(init)) = (pat, local.init.as_ref().filter(|init| init.diverge.is_none())) else {
            return Err(unknown(local));
        };
        let name = &name.ident;
        let ty = ty.map(SqlType::of);
        let term = self.expression(&init.expr, ty.as_ref())?;
        let value = match (&ty, term.kind) {
            (_, Kind::Sql) => expr(&term),
            (Some(ty), _) => typed(&term, ty, &init.expr),
            // A value stays one.
            (None, _) => {
                self.known.retain(|known| known != name);
                return Ok(local.to_token_stream());
            }
        };
        self.known.push(name.clone());
        Ok(quote!(let #name = #value;))
    }

    fn cast(&mut self, cast: &ExprCast) -> Result<Term> {
        let operand = self.expression(&cast.expr, None)?;
        let ty = &cast.ty;
        if is_inferred(ty) {
            return Err(Error::custom("say the type").with_span(ty));
        }
        // How long a text is, is an `i64` in SQL.
        if is_length(&cast.expr) && matches!(&**ty, Type::Path(path) if path.path.is_ident("i64")) {
            return Ok(operand);
        }
        let tokens = operand.tokens;
        Ok(Term::sql(quote_spanned!(cast.as_token.span()=> __h::cast::<#ty, _>(#tokens))))
    }

    /// Whether `self` or a name that is SQL stands in it.
    fn speaks_of_object(&self, tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => ident == "self" || self.known.contains(&ident),
            TokenTree::Group(group) => self.speaks_of_object(group.stream()),
            _ => false,
        })
    }
}

/// `self.start` is the column `Self::START`.
fn column(field: &ExprField) -> Result<Term> {
    match (&*field.base, &field.member) {
        (base, Member::Named(member)) if name(bare(base)).is_some_and(|name| name == "self") => {
            let constant = constant_name(member);
            Ok(Term::sql(quote_spanned!(member.span()=> Self::#constant)))
        }
        _ => {
            let message = "a hybrid speaks of the columns of its own entity: a field of a field is none";
            Err(Error::custom(message).with_span(&field.member))
        }
    }
}

fn is_length(expr: &Expr) -> bool {
    matches!(bare(expr), Expr::MethodCall(call) if call.method == "len" || call.method == "count")
}

/// The one type that all expressions have.
pub(super) fn expr(term: &Term) -> TokenStream {
    let tokens = &term.tokens;
    quote!(__h::expr(#tokens))
}

/// A term as an expression of a type.
pub(super) fn typed(term: &Term, ty: &SqlType, place: &impl Spanned) -> TokenStream {
    let SqlType { base, optional } = ty;
    let tokens = &term.tokens;
    match term.kind {
        Kind::Sql => quote_spanned!(place.span()=> __h::expr(#tokens)),
        Kind::Null => quote!(__h::null::<#base>()),
        Kind::Value if *optional => quote!(__h::Argument::<#base, _>::into_argument(#tokens).nullable()),
        Kind::Value => quote!(__h::Argument::<#base, _>::into_argument(#tokens)),
    }
}
