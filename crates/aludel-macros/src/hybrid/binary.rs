//! Operators between two operands.

use darling::Result;
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{BinOp, ExprBinary};

use super::term::{Kind, Term, unknown};
use super::translate::Translator;

impl Translator {
    pub(super) fn binary(&mut self, binary: &ExprBinary) -> Result<Term> {
        let left = self.expression(&binary.left, None)?;
        let right = self.expression(&binary.right, None)?;
        let span = binary.op.span();
        // Only SQL has methods: a value on the left changes sides, or is made SQL.
        let (swapped, same) = match binary.op {
            BinOp::Add(_) | BinOp::Sub(_) | BinOp::Mul(_) | BinOp::Div(_) | BinOp::Rem(_) => {
                ("", arithmetic(&binary.op))
            }
            BinOp::And(_) => ("and", "and"),
            BinOp::Or(_) => ("or", "or"),
            BinOp::Eq(_) => ("eq", "eq"),
            BinOp::Ne(_) => ("ne", "ne"),
            BinOp::Lt(_) => ("gt", "lt"),
            BinOp::Le(_) => ("ge", "le"),
            BinOp::Gt(_) => ("lt", "gt"),
            BinOp::Ge(_) => ("le", "ge"),
            _ => return Err(unknown(binary)),
        };
        let (is_eq, is_ne) = (matches!(binary.op, BinOp::Eq(_)), matches!(binary.op, BinOp::Ne(_)));
        if is_eq || is_ne {
            let none = match (left.kind, right.kind) {
                (Kind::Null, _) => Some(&right.tokens),
                (_, Kind::Null) => Some(&left.tokens),
                _ => None,
            };
            if let Some(operand) = none {
                let test = syn::Ident::new(if is_eq { "is_none" } else { "is_some" }, span);
                return Ok(Term::sql(quote_spanned!(span=> __h::#test(#operand))));
            }
        }
        let (left, right, word) = match (left.is_sql(), swapped) {
            (false, "") => {
                let (left, right, word) = (left.tokens, right.tokens, syn::Ident::new(same, span));
                let made = quote_spanned!(span=> {
                    let right = __h::expr(#right);
                    __h::#word(__h::alike(#left, &right), right)
                });
                return Ok(Term::sql(made));
            }
            (false, swapped) => (right.tokens, left.tokens, swapped),
            (true, _) => (left.tokens, right.tokens, same),
        };
        let word = syn::Ident::new(word, span);
        Ok(Term::sql(quote_spanned!(span=> __h::#word(#left, #right))))
    }
}

fn arithmetic(op: &BinOp) -> &'static str {
    match op {
        BinOp::Add(_) => "add",
        BinOp::Sub(_) => "sub",
        BinOp::Mul(_) => "mul",
        BinOp::Div(_) => "div",
        _ => "rem",
    }
}
