//! On a miss: a tape becomes a syntax tree.
//!
//! A decoder walks the bytes once with three cursors into the other lanes and three stacks: expressions, sources and
//! queries. Statements under construction lie on a fourth. Bodies of nodes are decoded by decoders of their own, once
//! for each node, and shared.

mod expr;
mod narrow;
mod nodes;
mod property;
mod reader;
mod statement;

use std::sync::Arc;

use aludel_core::CompileError;

use super::{Arguments, Node, Op, Tape};
use crate::ast::{self, Bind, BindSource, Expr, Order, Query, Source};
use crate::schema::StaticColumn;
use aludel_core::Kind;

pub(super) use reader::Reader;
use statement::Building;

/// Decodes a finished statement.
///
/// # Errors
/// When the statement was put together wrongly, in ways that the types of the language can't see.
pub fn decode(arguments: &Arguments) -> Result<ast::Statement, CompileError> {
    let nodes = nodes::Nodes::new(arguments, None);
    let mut decoder = Decoder::new(arguments.tape(), 0, &nodes);
    decoder.run()?;
    decoder.finish_statement()
}

/// Walks one tape.
struct Decoder<'a> {
    reader: Reader<'a>,
    tape: &'a Tape,
    segment: u32,
    nodes: &'a nodes::Nodes<'a>,
    next_ref: usize,
    next_value: usize,
    next_node: usize,
    exprs: Vec<Expr>,
    orders: Vec<Order>,
    sources: Vec<Source>,
    queries: Vec<Query>,
    building: Vec<Building>,
}

type Step = Result<(), CompileError>;

impl<'a> Decoder<'a> {
    fn new(tape: &'a Tape, segment: u32, nodes: &'a nodes::Nodes<'a>) -> Self {
        Self {
            reader: Reader::new(tape.ops.as_slice()),
            tape,
            segment,
            nodes,
            next_ref: 0,
            next_value: 0,
            next_node: 0,
            exprs: Vec::new(),
            orders: Vec::new(),
            sources: Vec::new(),
            queries: Vec::new(),
            building: Vec::new(),
        }
    }

    fn run(&mut self) -> Step {
        while let Some(byte) = self.reader.byte() {
            let op = Op::from_byte(byte).ok_or_else(broken)?;
            if !self.expression(op)? && !self.statement(op)? {
                return Err(broken());
            }
        }
        Ok(())
    }

    // The lanes.

    fn column(&mut self) -> Result<&'static StaticColumn, CompileError> {
        let column = self.tape.refs.as_slice().get(self.next_ref).copied().ok_or_else(broken)?;
        self.next_ref += 1;
        Ok(column)
    }

    fn node(&mut self) -> Result<&'a Arc<Node>, CompileError> {
        let node = self.tape.nodes.get(self.next_node).ok_or_else(broken)?;
        self.next_node += 1;
        Ok(node)
    }

    fn bind(&mut self, kind: Kind, context: Option<&'static StaticColumn>) -> Result<Bind, CompileError> {
        self.nodes.check_values()?;
        let index = u32::try_from(self.next_value).map_err(|_| broken())?;
        self.next_value += 1;
        Ok(Bind { source: BindSource { segment: self.segment, index, element: None }, kind, context })
    }

    // The stacks.

    fn pop(&mut self) -> Result<Expr, CompileError> {
        self.exprs.pop().ok_or_else(broken)
    }

    fn pop_many(&mut self, count: usize) -> Result<Vec<Expr>, CompileError> {
        let start = self.exprs.len().checked_sub(count).ok_or_else(broken)?;
        Ok(self.exprs.split_off(start))
    }

    fn pop_orders(&mut self, count: usize) -> Result<Vec<Order>, CompileError> {
        let start = self.orders.len().checked_sub(count).ok_or_else(broken)?;
        Ok(self.orders.split_off(start))
    }

    fn pop_source(&mut self) -> Result<Source, CompileError> {
        self.sources.pop().ok_or_else(broken)
    }

    fn pop_sources(&mut self, count: usize) -> Result<Vec<Source>, CompileError> {
        let start = self.sources.len().checked_sub(count).ok_or_else(broken)?;
        Ok(self.sources.split_off(start))
    }

    fn pop_query(&mut self) -> Result<Query, CompileError> {
        self.queries.pop().ok_or_else(broken)
    }

    // The bytes.

    fn byte(&mut self) -> Result<u8, CompileError> {
        self.reader.byte().ok_or_else(broken)
    }

    fn flag(&mut self) -> Result<bool, CompileError> {
        Ok(self.byte()? != 0)
    }

    fn count(&mut self) -> Result<usize, CompileError> {
        self.reader.count().ok_or_else(broken)
    }

    fn text(&mut self) -> Result<Arc<str>, CompileError> {
        self.reader.text().map(Arc::from).ok_or_else(broken)
    }
}

/// A tape that no method of the language writes. Meeting this is a fault of Aludel's own.
#[cold]
fn broken() -> CompileError {
    CompileError::invalid("its tape can't be decoded; this is a bug in Aludel, please report it with the statement")
}
