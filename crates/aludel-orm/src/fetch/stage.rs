//! The rows of a statement that loads a relationship.

use std::any::Any;

use aludel_core::{Fault, Result, RowRef, Value};
use aludel_engine::driver::{RowSink, Shape};

use crate::arena::{Arena, Decoded};
use crate::load::{StageRows, Typed};

/// Reads targets straight into the session's objects, each with its owner's key.
pub(crate) struct StageSink<'s> {
    pub(crate) arena: &'s mut Arena,
    pub(crate) shape: &'s StageRows,
    pub(crate) rows: Vec<Typed>,
}

/// Targets that were read on another thread, or outside a session.
pub(crate) struct StageFork {
    shape: StageRows,
    near: Vec<Vec<Value>>,
    targets: Box<dyn Decoded>,
}

impl StageFork {
    pub(crate) fn new(arena: &Arena, shape: &StageRows) -> Self {
        Self { shape: shape.clone(), near: Vec::new(), targets: arena.any(shape.table).decoder() }
    }

    pub(crate) fn read(&mut self, row: &dyn RowRef) -> Result<(), Fault> {
        let near = self.shape.near(row)?;
        self.targets.row(row, self.shape.start(), &self.shape.how)?;
        self.near.push(near);
        Ok(())
    }

    pub(crate) fn adopt(self, arena: &mut Arena, rows: &mut Vec<Typed>) {
        let epoch = arena.epoch();
        let keys = self.targets.adopt(arena.any_mut(self.shape.table), &self.shape.how, epoch);
        rows.extend(self.near.into_iter().zip(keys).filter_map(|(near, key)| key.map(|key| (near, key))));
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
        let key = self.arena.any_mut(self.shape.table).load(row, self.shape.start(), &self.shape.how, epoch)?;
        if let Some(key) = key {
            self.rows.push((near, key));
        }
        Ok(())
    }

    fn fork(&self) -> Box<dyn RowSink> {
        Box::new(StageFork::new(self.arena, self.shape))
    }

    fn join(&mut self, fork: Box<dyn RowSink>) {
        if let Ok(fork) = fork.into_any().downcast::<StageFork>() {
            fork.adopt(self.arena, &mut self.rows);
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
        Box::new(Self { shape, near: Vec::new(), targets })
    }

    fn join(&mut self, _: Box<dyn RowSink>) {}

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}
