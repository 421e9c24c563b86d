//! SQL of the program's own.

use aludel_core::{Encode, FromRow, Row, SqlTyped};

use super::executable::{Executable, RowsAs};
use super::select::Select;
use super::subquery::Subquery;
use crate::tape::{Arguments, Op, Tape};

/// SQL of the program's own, with named placeholders.
///
/// Rows come as [`Row`]s, read by name; [`rows_as`](Self::rows_as) reads them into a type.
#[derive(Clone, Debug)]
pub struct Text {
    sql: String,
    names: Vec<String>,
    /// Values, in the order of their names.
    tape: Tape,
    columns: Tape,
    kinds: Vec<u8>,
}

/// SQL of the program's own: `text("SELECT name FROM users WHERE id = :id").bind("id", 5)`.
///
/// `:name` stands for a bound value; `\:` is a colon; colons in quotes and `::` are left alone. The text is part of the
/// statement as it stands: never put a user's input into it.
#[must_use]
pub fn text(sql: impl Into<String>) -> Text {
    Text { sql: sql.into(), names: Vec::new(), tape: Tape::new(), columns: Tape::new(), kinds: Vec::new() }
}

impl Text {
    /// The value of `:name`. A name that the text does not have, or one without a value, is an error when it runs.
    #[must_use]
    pub fn bind<T: SqlTyped + Encode>(mut self, name: &str, value: T) -> Self {
        self.names.push(name.to_owned());
        self.kinds.push(T::SQL_TYPE.kind() as u8);
        self.tape.value(value.into_value());
        self
    }

    /// As [`bind`](Self::bind), for text.
    #[must_use]
    pub fn bind_text(self, name: &str, value: &str) -> Self {
        self.bind(name, value.to_owned())
    }

    /// Says that the statement gives a column of this name and type; in order.
    #[must_use]
    pub fn column<T: SqlTyped>(mut self, name: &str) -> Self {
        self.columns.op(Op::TextColumn);
        self.columns.text(name);
        self.columns.sql_type(&T::SQL_TYPE);
        self
    }

    /// The statement as something to read from, in the columns that [`column`](Self::column) said.
    #[must_use]
    pub fn subquery(self, name: impl Into<String>) -> Subquery<Row> {
        Select::<Row>::from_tape(self.into_tape()).subquery(name)
    }

    /// Reads the rows into a type, its fields matched with the columns by name; by position for tuples and scalars.
    #[must_use]
    pub fn rows_as<T: FromRow>(self) -> RowsAs<Self, T> {
        RowsAs::new(self)
    }

    fn into_tape(mut self) -> Box<Tape> {
        let mut tape = Tape::boxed(Op::BeginText);
        tape.text(&self.sql);
        tape.count(self.names.len());
        for (name, kind) in self.names.iter().zip(&self.kinds) {
            tape.byte(*kind);
            tape.text(name);
        }
        tape.append(&mut self.tape);
        tape.append(&mut self.columns);
        tape
    }
}

impl Executable for Text {
    type Row = Row;
    fn into_arguments(self) -> Arguments {
        Arguments::new(self.into_tape())
    }
}
