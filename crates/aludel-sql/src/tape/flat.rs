//! A tape with nodes, laid flat for its key.

use std::any::TypeId;
use std::sync::Arc;

use super::{Node, Tape};
use crate::schema::StaticColumn;

/// A tape and the bodies of its nodes, one behind the other in first-seen order.
#[derive(Debug, Default)]
pub(super) struct Flat {
    pub(super) ops: Vec<u8>,
    pub(super) refs: Vec<&'static StaticColumn>,
    pub(super) types: Vec<TypeId>,
    /// Each distinct node; its values are segment `position + 1`.
    pub(super) nodes: Vec<Arc<Node>>,
}

impl Flat {
    pub(super) fn of(tape: &Tape) -> Self {
        let mut flat = Self::default();
        flat.ops.reserve(tape.ops.as_slice().len() * 3);
        flat.walk(tape);
        flat
    }

    /// The position of a node among the distinct ones.
    pub(super) fn ordinal(&self, node: &Arc<Node>) -> Option<usize> {
        self.nodes.iter().position(|seen| Arc::ptr_eq(seen, node))
    }

    fn walk(&mut self, tape: &Tape) {
        // Lengths go first, so that no two sequences of parts can give the same bytes.
        self.number(tape.ops.as_slice().len());
        self.ops.extend_from_slice(tape.ops.as_slice());
        self.number(tape.refs.as_slice().len());
        self.refs.extend_from_slice(tape.refs.as_slice());
        self.number(tape.nodes.len());
        for node in &tape.nodes {
            if let Some(seen) = self.ordinal(node) {
                self.number(seen);
                continue;
            }
            self.number(self.nodes.len());
            self.nodes.push(Arc::clone(node));
            node.write_head(&mut self.ops, &mut self.types);
            self.walk(&node.body);
        }
    }

    fn number(&mut self, number: usize) {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        self.ops.extend_from_slice(&number.to_le_bytes());
    }
}
