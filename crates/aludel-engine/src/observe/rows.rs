//! Rows that are echoed on their way.

use std::any::Any;

use aludel_core::{Fault, Result, RowRef};

use crate::driver::{RowSink, Shape};
use crate::log::shown_value;

/// A sink that notes each row as text before it hands it on.
pub(super) struct EchoedRows {
    inner: Box<dyn RowSink>,
    lines: Vec<String>,
}

impl EchoedRows {
    pub(super) fn new(inner: Box<dyn RowSink>) -> Self {
        Self { inner, lines: Vec::new() }
    }

    pub(super) fn lines(&self) -> &[String] {
        &self.lines
    }

    pub(super) fn into_inner(self) -> Box<dyn RowSink> {
        self.inner
    }
}

impl RowSink for EchoedRows {
    fn begin(&mut self, shape: &dyn Shape) -> Result<()> {
        let names: Vec<&str> = (0..shape.columns()).map(|index| shape.name(index)).collect();
        self.lines.push(format!("Col ({})", names.join(", ")));
        self.inner.begin(shape)
    }

    fn row(&mut self, row: &dyn RowRef) -> Result<(), Fault> {
        let mut text = String::new();
        for index in 0..row.columns() {
            text += if index == 0 { "" } else { ", " };
            text += &row.value(index).map_or_else(|fault| format!("({fault})"), |value| shown_value(&value));
        }
        self.lines.push(format!("Row ({text})"));
        self.inner.row(row)
    }

    fn fork(&self) -> Box<dyn RowSink> {
        Box::new(Self::new(self.inner.fork()))
    }

    fn join(&mut self, fork: Box<dyn RowSink>) {
        if let Ok(fork) = fork.into_any().downcast::<Self>() {
            self.lines.extend(fork.lines);
            self.inner.join(fork.inner);
        }
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}
