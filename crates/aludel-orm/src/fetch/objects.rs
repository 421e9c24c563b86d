//! The rows of a query, its entities becoming objects of the session.

use std::any::Any;
use std::sync::Arc;

use aludel_core::{Fault, Names, Result, RowCountError, RowRef};
use aludel_engine::driver::{RowSink, Shape};

use super::unique::{needs_prints, print};
use crate::arena::{Arena, Decoded, Hows, KeyBytes, Partial};
use crate::key::RawKey;
use crate::load::JoinedNode;
use crate::session_row::{Loading, SessionRow};

/// Reads rows straight into the session's objects; on another thread into values that are adopted when they come back.
pub(crate) struct ObjectSink<'s, R: SessionRow> {
    arena: &'s mut Arena,
    hows: &'s Hows,
    nodes: &'s [JoinedNode],
    fetched: Fetched<R>,
    by_name: bool,
    places: Option<Places>,
    /// Rows that are wanted; one more is too many.
    most: usize,
    prints: bool,
}

/// What came of a query.
pub(crate) struct Fetched<R: SessionRow> {
    pub(crate) rows: Vec<R::Loaded>,
    /// For each joined relationship the object in each row.
    pub(crate) nodes: Vec<Vec<Option<RawKey>>>,
    /// What tells rows apart that a joined collection repeats, where their objects don't.
    pub(crate) prints: Vec<KeyBytes>,
    pub(crate) has_too_many: bool,
}

/// Rows that were read on another thread.
struct Fork<R> {
    rows: Vec<R>,
    nodes: Vec<Box<dyn Decoded>>,
    hows: Hows,
    joined: Vec<JoinedNode>,
    prints: Option<Vec<KeyBytes>>,
    by_name: bool,
    places: Option<Places>,
    most: usize,
    has_too_many: bool,
}

impl<'s, R: SessionRow> ObjectSink<'s, R> {
    pub(crate) fn new(
        arena: &'s mut Arena,
        hows: &'s Hows,
        nodes: &'s [JoinedNode],
        by_name: bool,
        most: usize,
    ) -> Self {
        let nodes_of = vec![Vec::new(); nodes.len()];
        let fetched = Fetched { rows: Vec::new(), nodes: nodes_of, prints: Vec::new(), has_too_many: false };
        Self { arena, hows, nodes, fetched, by_name, places: None, most, prints: needs_prints::<R>(nodes) }
    }

    /// What came of it, when the statement has run.
    pub(crate) fn into_fetched(self) -> Result<Fetched<R>> {
        if self.hows.populate {
            self.arena.read_over()?;
        }
        Ok(self.fetched)
    }
}

/// Where a row type finds its columns, if it does not go by position alone.
#[derive(Clone)]
pub(crate) struct Places {
    columns: Box<[u16]>,
    names: Option<Arc<Names>>,
}

impl Places {
    pub(crate) fn view<'a>(&'a self, row: &'a dyn RowRef) -> Partial<'a> {
        Partial { row, start: 0, places: &self.columns, names: self.names.as_ref() }
    }
}

/// For each of the row type's names the column that has it; none where position counts.
pub(crate) fn places<R: SessionRow>(
    shape: &dyn Shape,
    hows: &Hows,
    nodes: &[JoinedNode],
    by_name: bool,
) -> Result<Option<Places>> {
    if R::DYNAMIC {
        let columns = (0..shape.columns()).map(|at| u16::try_from(at).unwrap_or(u16::MAX)).collect();
        let names = Names::new((0..shape.columns()).map(|at| shape.name(at)));
        return Ok(Some(Places { columns, names: Some(names) }));
    }
    if by_name && !R::NAMES.is_empty() {
        let find = |name: &&str| {
            let at = (0..shape.columns()).find(|index| shape.name(*index) == *name);
            at.and_then(|at| u16::try_from(at).ok()).ok_or_else(|| {
                crate::error::usage(format!(
                    "the row type has a field {name:?} and the statement gives no column of that name; it gives {}",
                    (0..shape.columns()).map(|index| shape.name(index)).collect::<Vec<_>>().join(", ")
                ))
            })
        };
        let columns = R::NAMES.iter().map(find).collect::<Result<Box<[u16]>>>()?;
        return Ok(Some(Places { columns, names: None }));
    }
    let wanted = R::width(hows) + nodes.iter().map(|node| node.width).sum::<usize>();
    if shape.columns() != wanted {
        return Err(RowCountError::Columns { wanted, found: shape.columns() }.into());
    }
    Ok(None)
}

impl<R: SessionRow> RowSink for ObjectSink<'_, R> {
    fn begin(&mut self, shape: &dyn Shape) -> Result<()> {
        self.places = places::<R>(shape, self.hows, self.nodes, self.by_name)?;
        Ok(())
    }

    #[inline]
    fn row(&mut self, row: &dyn RowRef) -> Result<(), Fault> {
        if self.fetched.rows.len() >= self.most && self.nodes.is_empty() {
            self.fetched.has_too_many = true;
            return Err(Fault::custom("there are more rows than were wanted"));
        }
        let mut into = Loading { arena: self.arena, hows: self.hows };
        let loaded = match &self.places {
            None => R::load(row, 0, &mut into)?,
            Some(places) => R::load(&places.view(row), 0, &mut into)?,
        };
        self.fetched.rows.push(loaded);
        if self.prints {
            self.fetched.prints.push(print::<R>(row, self.hows)?);
        }
        let mut start = if self.nodes.is_empty() { 0 } else { R::width(self.hows) };
        for (at, node) in self.nodes.iter().enumerate() {
            let id = self.arena.target_id(node.relation);
            let epoch = self.arena.epoch();
            let key = self.arena.any_mut(id).load(row, start, &node.how, epoch)?;
            self.fetched.nodes[at].push(key);
            start += node.width;
        }
        Ok(())
    }

    fn fork(&self) -> Box<dyn RowSink> {
        let decoder = |node: &JoinedNode| match self.arena.known_id(node.relation.target()) {
            Some(id) => self.arena.any(id).decoder(),
            None => (node.relation.target_table)().decoder(),
        };
        Box::new(Fork::<R> {
            rows: Vec::new(),
            nodes: self.nodes.iter().map(decoder).collect(),
            hows: self.hows.clone(),
            joined: self.nodes.to_vec(),
            prints: self.prints.then(Vec::new),
            by_name: self.by_name,
            places: self.places.clone(),
            most: self.most,
            has_too_many: false,
        })
    }

    fn join(&mut self, fork: Box<dyn RowSink>) {
        let Ok(fork) = fork.into_any().downcast::<Fork<R>>() else { return };
        let Fork { rows, nodes, prints, has_too_many, places, .. } = *fork;
        self.fetched.prints.extend(prints.into_iter().flatten());
        let mut into = Loading { arena: self.arena, hows: self.hows };
        self.fetched.rows.reserve(rows.len());
        for row in rows {
            self.fetched.rows.push(row.adopt(&mut into));
        }
        for (at, (decoded, node)) in nodes.into_iter().zip(self.nodes).enumerate() {
            let id = self.arena.target_id(node.relation);
            let epoch = self.arena.epoch();
            let keys = decoded.adopt(self.arena.any_mut(id), &node.how, epoch);
            self.fetched.nodes[at].extend(keys);
        }
        self.places = places;
        self.fetched.has_too_many |= has_too_many;
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        // It borrows the session; only its forks are ever taken apart.
        Box::new(())
    }
}

impl<R: SessionRow> RowSink for Fork<R> {
    fn begin(&mut self, shape: &dyn Shape) -> Result<()> {
        self.places = places::<R>(shape, &self.hows, &self.joined, self.by_name)?;
        Ok(())
    }

    fn row(&mut self, row: &dyn RowRef) -> Result<(), Fault> {
        if self.rows.len() >= self.most && self.nodes.is_empty() {
            self.has_too_many = true;
            return Err(Fault::custom("there are more rows than were wanted"));
        }
        self.rows.push(match &self.places {
            None => R::decode(row, 0, &self.hows)?,
            Some(places) => R::decode(&places.view(row), 0, &self.hows)?,
        });
        if let Some(prints) = &mut self.prints {
            prints.push(print::<R>(row, &self.hows)?);
        }
        let mut start = if self.nodes.is_empty() { 0 } else { R::width(&self.hows) };
        for (decoded, node) in self.nodes.iter_mut().zip(&self.joined) {
            decoded.row(row, start, &node.how)?;
            start += node.width;
        }
        Ok(())
    }

    fn fork(&self) -> Box<dyn RowSink> {
        Box::new(Self {
            rows: Vec::new(),
            nodes: self.nodes.iter().map(|node| node.fresh()).collect(),
            hows: self.hows.clone(),
            joined: self.joined.clone(),
            prints: self.prints.is_some().then(Vec::new),
            by_name: self.by_name,
            places: self.places.clone(),
            most: self.most,
            has_too_many: false,
        })
    }

    fn join(&mut self, _: Box<dyn RowSink>) {}

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}
