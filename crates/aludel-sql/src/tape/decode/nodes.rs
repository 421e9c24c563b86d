//! Nodes: decoded once each, and shared.

use std::cell::RefCell;
use std::sync::Arc;

use aludel_core::CompileError;

use super::property::Inside;
use super::statement::to_cte_statement;
use super::{Decoder, Op, broken};
use crate::ast::{CteBody, Expr, Source, SourceKind, TextPart};
use crate::tape::{Arguments, Node, NodeHead, Tape};

/// The nodes met so far.
pub(super) struct Nodes<'a> {
    arguments: &'a Arguments,
    pub(super) sources: RefCell<Vec<(u64, Arc<Source>)>>,
    /// The property whose expression this is.
    pub(super) inside: Option<Inside<'a>>,
}

impl<'a> Nodes<'a> {
    pub(super) fn new(arguments: &'a Arguments, inside: Option<Inside<'a>>) -> Self {
        Self { arguments, sources: RefCell::default(), inside }
    }

    /// Whether a tape is the whole of what is decoded, and not a node's.
    pub(super) fn is_whole(&self, tape: &Tape) -> bool {
        std::ptr::eq(self.arguments.tape(), tape)
    }

    fn decoder<'b>(&'b self, node: &'b Arc<Node>) -> Decoder<'b> {
        Decoder::new(&node.body, self.arguments.segment(node), self)
    }

    /// The FROM element that a node is.
    pub(super) fn source(&self, node: &Arc<Node>) -> Result<Arc<Source>, CompileError> {
        if let Some((_, source)) = self.sources.borrow().iter().find(|(id, _)| *id == node.id) {
            return Ok(Arc::clone(source));
        }
        let source = Arc::new(Source { kind: self.kind(node)?, id: Some(node.id) });
        self.sources.borrow_mut().push((node.id, Arc::clone(&source)));
        Ok(source)
    }

    /// The expression that a node holds.
    pub(super) fn expression(&self, node: &Arc<Node>) -> Result<Expr, CompileError> {
        let mut decoder = self.decoder(node);
        decoder.run()?;
        decoder.pop()
    }

    fn kind(&self, node: &Arc<Node>) -> Result<SourceKind, CompileError> {
        let mut decoder = self.decoder(node);
        match &node.head {
            NodeHead::Alias { name, sample } => {
                decoder.run()?;
                let of = Arc::new(decoder.pop_source()?);
                let sample = match sample {
                    Some(method) => Some((Arc::clone(method), decoder.pop()?)),
                    None => None,
                };
                Ok(SourceKind::Alias { name: name.clone(), of, sample })
            }
            NodeHead::Derived { name, lateral } => {
                decoder.run()?;
                let query = match decoder.queries.pop() {
                    Some(query) => query,
                    None => return self.text_query(decoder, name.clone()),
                };
                Ok(SourceKind::Derived { name: name.clone(), query: Arc::new(query), lateral: *lateral })
            }
            NodeHead::Cte { name, recursive, materialized, columns } => {
                if *recursive {
                    self.enter_recursive(&mut decoder, node, name.clone())?;
                }
                decoder.run()?;
                let body = CteBody {
                    statement: to_cte_statement(decoder)?,
                    recursive: *recursive,
                    materialized: *materialized,
                    columns: columns.clone(),
                };
                Ok(SourceKind::Cte { name: name.clone(), body: Arc::new(body) })
            }
            NodeHead::Function { name, columns, ordinality, scalar } => {
                decoder.run()?;
                let call = Box::new(decoder.pop()?);
                Ok(SourceKind::Function {
                    name: name.clone(),
                    call,
                    columns: columns.clone(),
                    ordinality: *ordinality,
                    scalar: *scalar,
                })
            }
            NodeHead::Values { name, columns, .. } => {
                decoder.run()?;
                let rows = decoder.exprs.drain(..).map(|row| match row {
                    Expr::Tuple(cells) => cells,
                    cell => vec![cell],
                });
                Ok(SourceKind::Values { name: name.clone(), columns: columns.clone(), rows: rows.collect() })
            }
            NodeHead::Text { name } => {
                decoder.run()?;
                let parts = match decoder.pop()? {
                    Expr::Raw(parts) => parts,
                    other => vec![TextPart::Expr(other)],
                };
                Ok(SourceKind::Text { parts, name: name.clone(), columns: Vec::new() })
            }
            NodeHead::Runtime { table, .. } => Ok(SourceKind::Runtime(Arc::clone(table))),
            NodeHead::Itself | NodeHead::Element(_) | NodeHead::Shared => Err(broken()),
        }
    }

    /// SQL of the program's own in FROM.
    fn text_query(&self, mut decoder: Decoder<'_>, name: Option<Arc<str>>) -> Result<SourceKind, CompileError> {
        let text = decoder.building.pop().and_then(super::statement::Building::into_text).ok_or_else(broken)?;
        Ok(SourceKind::Text { parts: text.parts, name, columns: text.columns })
    }

    /// Inside its own body a recursive CTE is known by its name alone. The stand-in carries the number that the whole
    /// will have, so that both are the same element.
    fn enter_recursive(
        &self,
        decoder: &mut Decoder<'_>,
        node: &Node,
        name: Option<Arc<str>>,
    ) -> Result<(), CompileError> {
        let itself = decoder.node()?;
        if !matches!(itself.head, NodeHead::Itself) {
            return Err(broken());
        }
        let empty = crate::ast::TextStatement { parts: Vec::new(), columns: Vec::new(), no_rows: false };
        let body = CteBody {
            statement: crate::ast::Statement::Text(empty),
            recursive: true,
            materialized: None,
            columns: Vec::new(),
        };
        let stand_in = Source { kind: SourceKind::Cte { name, body: Arc::new(body) }, id: Some(node.id) };
        self.sources.borrow_mut().push((itself.id, Arc::new(stand_in)));
        Ok(())
    }
}

impl Decoder<'_> {
    /// The FROM element that the next node is.
    pub(super) fn next_source(&mut self) -> Result<Arc<Source>, CompileError> {
        let node = self.node()?;
        self.nodes.source(node)
    }

    /// Does the operation if it names a FROM element; tells whether it does.
    pub(super) fn source_operation(&mut self, op: Op) -> Result<bool, CompileError> {
        let source = match op {
            Op::SourceTable => Source { kind: SourceKind::Table(self.column()?.table), id: None },
            Op::SourceNode => (*self.next_source()?).clone(),
            _ => return Ok(false),
        };
        self.sources.push(source);
        Ok(true)
    }
}
