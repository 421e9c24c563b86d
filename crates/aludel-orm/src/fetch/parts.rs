//! Rows that are held as plain values, and become objects part by part.

use std::any::Any;

use aludel_core::{Fault, Result, RowRef};
use aludel_engine::driver::{RowSink, Shape};

use super::objects::{Fetched, Places, places};
use crate::arena::{Arena, Decoded, Hows};
use crate::load::JoinedNode;
use crate::session_row::{Loading, SessionRow};

/// Some rows, with what was joined to them.
pub(crate) struct Part<R> {
    rows: Vec<R>,
    nodes: Vec<Box<dyn Decoded>>,
}

impl<R: SessionRow> Part<R> {
    /// The rows as objects.
    ///
    /// # Errors
    /// When objects that were read over can't be brought in line.
    pub(crate) fn adopt(self, arena: &mut Arena, hows: &Hows, joined: &[JoinedNode]) -> Result<Fetched<R>> {
        let mut into = Loading { arena, hows };
        let rows = self.rows.into_iter().map(|row| row.adopt(&mut into)).collect();
        let adopt = |(decoded, node): (Box<dyn Decoded>, &JoinedNode)| {
            let (id, epoch) = (arena.target_id(node.relation), arena.epoch());
            decoded.adopt(arena.any_mut(id), &node.how, epoch)
        };
        let nodes = self.nodes.into_iter().zip(joined).map(adopt).collect();
        if hows.populate {
            arena.read_over()?;
        }
        Ok(Fetched { rows, nodes, prints: Vec::new(), has_too_many: false })
    }
}

/// Gathers rows in parts.
pub(crate) struct PartSink<R> {
    parts: Vec<Part<R>>,
    /// How many rows a part has.
    per: usize,
    hows: Hows,
    joined: Vec<JoinedNode>,
    places: Option<Places>,
}

impl<R: SessionRow> PartSink<R> {
    pub(crate) fn new(per: usize, hows: Hows, joined: Vec<JoinedNode>) -> Self {
        Self { parts: Vec::new(), per, hows, joined, places: None }
    }

    pub(crate) fn into_parts(self) -> Vec<Part<R>> {
        self.parts
    }
}

impl<R: SessionRow> RowSink for PartSink<R> {
    fn begin(&mut self, shape: &dyn Shape) -> Result<()> {
        self.places = places::<R>(shape, &self.hows, &self.joined, false)?;
        Ok(())
    }

    fn row(&mut self, row: &dyn RowRef) -> Result<(), Fault> {
        let Self { parts, per, hows, joined, places } = self;
        if parts.last().is_none_or(|part| part.rows.len() >= *per) {
            let nodes = joined.iter().map(|node| (node.relation.target_table)().decoder()).collect();
            parts.push(Part { rows: Vec::new(), nodes });
        }
        let Some(part) = parts.last_mut() else { return Ok(()) };
        part.rows.push(match places {
            None => R::decode(row, 0, hows)?,
            Some(places) => R::decode(&places.view(row), 0, hows)?,
        });
        let mut start = if joined.is_empty() { 0 } else { R::width(hows) };
        for (decoded, node) in part.nodes.iter_mut().zip(joined) {
            decoded.row(row, start, &node.how)?;
            start += node.width;
        }
        Ok(())
    }

    fn fork(&self) -> Box<dyn RowSink> {
        Box::new(Self::new(self.per, self.hows.clone(), self.joined.clone()))
    }

    fn join(&mut self, fork: Box<dyn RowSink>) {
        if let Ok(fork) = fork.into_any().downcast::<Self>() {
            self.parts.extend(fork.parts);
        }
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}
