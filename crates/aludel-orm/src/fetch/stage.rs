//! The rows of a statement that loads a relationship.

use std::any::Any;

use aludel_core::{Fault, Result, RowRef, Value};
use aludel_engine::driver::{RowSink, Shape};

use crate::arena::{Arena, Decoded};
use crate::load::{StageFound, StageRows};

/// Reads targets straight into the session's objects, each with its owner's key and with what is joined to it.
pub(crate) struct StageSink<'s> {
    pub(crate) arena: &'s mut Arena,
    pub(crate) shape: &'s StageRows,
    pub(crate) found: StageFound,
}

/// Targets that were read on another thread, or outside a session.
pub(crate) struct StageFork {
    shape: StageRows,
    near: Vec<Vec<Value>>,
    targets: Box<dyn Decoded>,
    nodes: Vec<Box<dyn Decoded>>,
}

impl<'s> StageSink<'s> {
    pub(crate) fn new(arena: &'s mut Arena, shape: &'s StageRows, mut found: StageFound) -> Self {
        found.nodes.resize(shape.nodes.len(), Vec::new());
        Self { arena, shape, found }
    }
}

impl StageFork {
    pub(crate) fn new(arena: &Arena, shape: &StageRows) -> Self {
        let decoder = |node: &crate::load::JoinedNode| (node.relation.target_table)().decoder();
        let nodes = shape.nodes.iter().map(decoder).collect();
        Self { shape: shape.clone(), near: Vec::new(), targets: arena.any(shape.table).decoder(), nodes }
    }

    pub(crate) fn read(&mut self, row: &dyn RowRef) -> Result<(), Fault> {
        let near = self.shape.near(row)?;
        let mut start = self.shape.start();
        self.targets.row(row, start, &self.shape.how)?;
        start += self.shape.width;
        for (decoded, node) in self.nodes.iter_mut().zip(&self.shape.nodes) {
            decoded.row(row, start, &node.how)?;
            start += node.width;
        }
        self.near.push(near);
        Ok(())
    }

    pub(crate) fn adopt(self, arena: &mut Arena, found: &mut StageFound) {
        let epoch = arena.epoch();
        let keys = self.targets.adopt(arena.any_mut(self.shape.table), &self.shape.how, epoch);
        found.rows.extend(self.near.into_iter().zip(keys).filter_map(|(near, key)| key.map(|key| (near, key))));
        found.nodes.resize(self.shape.nodes.len(), Vec::new());
        for ((decoded, node), found) in self.nodes.into_iter().zip(&self.shape.nodes).zip(&mut found.nodes) {
            let id = arena.target_id(node.relation);
            found.extend(decoded.adopt(arena.any_mut(id), &node.how, epoch));
        }
    }
}

impl RowSink for StageSink<'_> {
    fn begin(&mut self, _: &dyn Shape) -> Result<()> {
        Ok(())
    }

    #[inline]
    fn row(&mut self, row: &dyn RowRef) -> Result<(), Fault> {
        let epoch = self.arena.epoch();
        let near = self.shape.near(row)?;
        let mut start = self.shape.start();
        let key = self.arena.any_mut(self.shape.table).load(row, start, &self.shape.how, epoch)?;
        let Some(key) = key else { return Ok(()) };
        self.found.rows.push((near, key));
        start += self.shape.width;
        for (node, found) in self.shape.nodes.iter().zip(&mut self.found.nodes) {
            let id = self.arena.target_id(node.relation);
            found.push(self.arena.any_mut(id).load(row, start, &node.how, epoch)?);
            start += node.width;
        }
        Ok(())
    }

    fn fork(&self) -> Box<dyn RowSink> {
        Box::new(StageFork::new(self.arena, self.shape))
    }

    fn join(&mut self, fork: Box<dyn RowSink>) {
        if let Ok(fork) = fork.into_any().downcast::<StageFork>() {
            fork.adopt(self.arena, &mut self.found);
        }
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        // It borrows the session; only its forks are ever taken apart.
        Box::new(())
    }
}

impl RowSink for StageFork {
    fn begin(&mut self, _: &dyn Shape) -> Result<()> {
        Ok(())
    }

    fn row(&mut self, row: &dyn RowRef) -> Result<(), Fault> {
        self.read(row)
    }

    fn fork(&self) -> Box<dyn RowSink> {
        let (shape, targets) = (self.shape.clone(), self.targets.fresh());
        Box::new(Self { shape, near: Vec::new(), targets, nodes: self.nodes.iter().map(|node| node.fresh()).collect() })
    }

    fn join(&mut self, _: Box<dyn RowSink>) {}

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}
