//! Rows as lists of values.

use std::any::Any;

use aludel_core::{Fault, Kind, Result, RowRef, Value};
use aludel_engine::driver::{RowSink, Shape};
use aludel_sql::schema::StaticColumn;

use crate::load::typed;

/// Rows as lists of values, of the kinds that their columns hold.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    kinds: Vec<Kind>,
    pub(crate) rows: Vec<Vec<Value>>,
}

impl Cells {
    pub(crate) fn of(columns: &[&'static StaticColumn]) -> Self {
        Self { kinds: columns.iter().map(|column| column.def().sql_type.kind()).collect(), rows: Vec::new() }
    }
}

impl Cells {
    /// Rows that are known.
    pub(crate) fn holding(rows: Vec<Vec<Value>>) -> Self {
        Self { kinds: Vec::new(), rows }
    }
}

impl RowSink for Cells {
    fn begin(&mut self, _: &dyn Shape) -> Result<()> {
        Ok(())
    }

    fn row(&mut self, row: &dyn RowRef) -> Result<(), Fault> {
        let kind = |at: usize| self.kinds.get(at).copied().unwrap_or(Kind::Other);
        self.rows.push((0..row.columns()).map(|at| typed(row, at, kind(at))).collect::<Result<_, Fault>>()?);
        Ok(())
    }

    fn fork(&self) -> Box<dyn RowSink> {
        Box::new(Self { kinds: self.kinds.clone(), rows: Vec::new() })
    }

    fn join(&mut self, fork: Box<dyn RowSink>) {
        if let Ok(fork) = fork.into_any().downcast::<Self>() {
            self.rows.extend(fork.rows);
        }
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}
