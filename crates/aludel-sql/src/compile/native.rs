//! Calls and operators that only some databases have: of arrays, and of one family's own types.

use aludel_core::{CacheSafety, CompileError};

use super::{Precedence, SqlWriter};
use crate::custom::CustomElement;

/// What a database must have to know the construct.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Arrays.
    Arrays,
    /// To be of this family, known by its dialect's name: `postgresql`.
    Family(&'static str),
}

/// How the operands are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `name(a, b, …)`
    Call(&'static str),
    /// `a operator b`
    Infix(&'static str),
    /// `a operator ANY(b)` or `ALL`
    Quantified {
        /// `=`, `<` and so on.
        operator: &'static str,
        /// `ALL`.
        all: bool,
    },
    /// `(a)[b]`
    Subscript,
    /// `(a)[b:c]`
    Slice,
}

/// A call or an operator that only some databases have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NativeElement {
    pub(crate) needs: Needs,
    pub(crate) form: Form,
}

impl NativeElement {
    fn word(&self) -> &'static str {
        match self.form {
            Form::Call(word) | Form::Infix(word) => word,
            Form::Quantified { all: false, .. } => "ANY of an array",
            Form::Quantified { all: true, .. } => "ALL of an array",
            Form::Subscript => "an element of an array",
            Form::Slice => "a part of an array",
        }
    }

    fn check(&self, w: &SqlWriter<'_>) -> Result<(), CompileError> {
        match self.needs {
            Needs::Arrays if w.capabilities().arrays => Ok(()),
            Needs::Arrays => {
                Err(w.unsupported_with(self.word(), "it belongs to arrays, which the database has none of"))
            }
            Needs::Family(family) if w.is_family(family) => Ok(()),
            Needs::Family(family) => Err(w.unsupported_with(self.word(), format!("only {family} has it"))),
        }
    }
}

impl CustomElement for NativeElement {
    fn name(&self) -> &'static str {
        self.word()
    }

    fn key(&self, key: &mut Vec<u8>) {
        let (tag, word) = match self.form {
            Form::Call(word) => (0, word),
            Form::Infix(word) => (1, word),
            Form::Quantified { operator, all } => (2 + u8::from(all), operator),
            Form::Subscript => (4, ""),
            Form::Slice => (5, ""),
        };
        key.push(tag);
        key.extend(word.bytes());
        key.push(0);
        if let Needs::Family(family) = self.needs {
            key.extend(family.bytes());
        }
    }

    fn cache(&self) -> CacheSafety {
        CacheSafety::Safe
    }

    fn render(&self, w: &mut SqlWriter<'_>) -> Result<(), CompileError> {
        self.check(w)?;
        match self.form {
            Form::Call(name) => {
                w.sql(name);
                w.parenthesised(|w| {
                    (0..w.operand_count()).try_for_each(|index| {
                        w.sql(if index > 0 { ", " } else { "" });
                        w.operand(index)
                    })
                })
            }
            // In parentheses: nobody around it knows how tightly it holds.
            Form::Infix(operator) => w.parenthesised(|w| {
                w.operand_as(0, Precedence::Other)?;
                w.sql(" ");
                w.sql(operator);
                w.sql(" ");
                w.operand_as(1, Precedence::Unary)
            }),
            Form::Quantified { operator, all } => w.parenthesised(|w| {
                w.operand_as(0, Precedence::Other)?;
                w.sql(" ");
                w.sql(operator);
                w.sql(if all { " ALL" } else { " ANY" });
                w.parenthesised(|w| w.operand(1))
            }),
            Form::Subscript => {
                w.parenthesised(|w| w.operand(0))?;
                w.sql("[");
                w.operand(1)?;
                w.sql("]");
                Ok(())
            }
            Form::Slice => {
                w.parenthesised(|w| w.operand(0))?;
                w.sql("[");
                w.operand(1)?;
                w.sql(":");
                w.operand(2)?;
                w.sql("]");
                Ok(())
            }
        }
    }
}
