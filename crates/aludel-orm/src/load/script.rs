//! Loading outside a session: the same plan, carried out over objects of its own, which are then given out as values.

use std::any::Any;

use aludel_core::{Fault, Result, RowRef};
use aludel_sql::{Executable, Reader, Script, Select, Step};

use super::{LoadPlan, LoadSpec, Origin, Pair, Stage, Strategy, fill};
use crate::arena::{Arena, Decoded, Hows, KeyBytes};
use crate::fetch::{StageFork, distinct, first_keys, needs_prints, print, unique_rows};
use crate::key::RawKey;
use crate::session_row::{Loading, SessionRow};

impl LoadPlan {
    /// The plan as a script, if there is anything to load besides the rows.
    pub(crate) fn script<R: SessionRow>(&self, select: &Select<R>) -> Option<Box<dyn Script<R>>> {
        if self.loads.is_empty() && self.columns.is_empty() && self.criteria.is_empty() {
            return None;
        }
        let begin = Some((self.clone(), select.clone()));
        let arena = Arena::new();
        Some(Box::new(Loader {
            arena,
            plan: LoadPlan::default(),
            begin,
            rows: Vec::new(),
            waiting: Vec::new(),
            stage: None,
        }))
    }
}

/// Loads rows and what belongs to them.
struct Loader<R: SessionRow> {
    arena: Arena,
    plan: LoadPlan,
    /// What the first statement is made of.
    begin: Option<(LoadPlan, Select<R>)>,
    rows: Vec<R::Loaded>,
    /// What is to be loaded, of whom; the next one is last.
    waiting: Vec<(LoadSpec, Vec<RawKey>)>,
    stage: Option<Running>,
}

/// A stage that is under way.
struct Running {
    spec: LoadSpec,
    owners: Vec<RawKey>,
    stage: Stage,
    found: Vec<super::Typed>,
}

/// The first statement's rows, until the script takes them.
struct Rows<R> {
    rows: Vec<R>,
    prints: Option<Vec<KeyBytes>>,
    nodes: Vec<Box<dyn Decoded>>,
    hows: Hows,
    joined: Vec<super::JoinedNode>,
}

impl<R: SessionRow> Reader for Rows<R> {
    fn row(&mut self, row: &dyn RowRef) -> Result<(), Fault> {
        self.rows.push(R::decode(row, 0, &self.hows)?);
        if let Some(prints) = &mut self.prints {
            prints.push(print::<R>(row, &self.hows)?);
        }
        let mut start = R::width(&self.hows);
        for (decoded, node) in self.nodes.iter_mut().zip(&self.joined) {
            decoded.row(row, start, &node.how)?;
            start += node.width;
        }
        Ok(())
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

impl Reader for StageFork {
    fn row(&mut self, row: &dyn RowRef) -> Result<(), Fault> {
        self.read(row)
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

impl<R: SessionRow> Script<R> for Loader<R> {
    fn next(&mut self) -> Result<Option<Step>> {
        if let Some((mut plan, select)) = self.begin.take() {
            let select = plan.lower(select)?;
            self.plan = plan;
            let nodes = self.plan.joined.clone();
            let decoders = nodes.iter().map(|node| (node.relation.target_table)().decoder()).collect();
            let prints = needs_prints::<R>(&nodes).then(Vec::new);
            let reader = Rows::<R> { rows: Vec::new(), prints, nodes: decoders, hows: self.plan.hows(), joined: nodes };
            return Ok(Some(Step { arguments: select.into_arguments(), reader: Box::new(reader) }));
        }
        loop {
            if let Some(running) = &mut self.stage {
                if let Some(arguments) = running.stage.statements.pop() {
                    let reader = StageFork::new(&self.arena, &running.stage.rows);
                    return Ok(Some(Step { arguments, reader: Box::new(reader) }));
                }
                self.finish_stage()?;
            }
            let Some((spec, owners)) = self.waiting.pop() else { return Ok(None) };
            if matches!(spec.strategy, Strategy::Raise) || owners.is_empty() {
                continue;
            }
            let mut stage = Stage::plan(&mut self.arena, &spec, &owners, Origin { plan: &self.plan })?;
            stage.statements.reverse();
            self.stage = Some(Running { spec, owners, stage, found: Vec::new() });
        }
    }

    fn take(&mut self, reader: Box<dyn Reader>) -> Result<()> {
        let reader = reader.into_any();
        let reader = match reader.downcast::<Rows<R>>() {
            Ok(rows) => return self.take_rows(*rows),
            Err(other) => other,
        };
        if let (Ok(fork), Some(running)) = (reader.downcast::<StageFork>(), &mut self.stage) {
            fork.adopt(&mut self.arena, &mut running.found);
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Vec<R>> {
        let Self { arena, rows, .. } = *self;
        Ok(rows.into_iter().filter_map(|row| R::own(row, &arena)).collect())
    }
}

impl<R: SessionRow> Loader<R> {
    fn take_rows(&mut self, read: Rows<R>) -> Result<()> {
        let Rows { rows, prints, nodes, hows, joined } = read;
        let mut into = Loading { arena: &mut self.arena, hows: &hows };
        let mut rows: Vec<R::Loaded> = rows.into_iter().map(|row| row.adopt(&mut into)).collect();
        let epoch = self.arena.epoch();
        let mut keys: Vec<Vec<Option<RawKey>>> = Vec::new();
        for (decoded, node) in nodes.into_iter().zip(&joined) {
            let id = self.arena.target_id(node.relation);
            keys.push(decoded.adopt(self.arena.any_mut(id), &node.how, epoch));
        }
        let roots = |rows: &[R::Loaded], entity| {
            let mut keys = Vec::with_capacity(rows.len());
            rows.iter().for_each(|row| R::entity_keys(row, entity, &mut keys));
            keys
        };
        for (at, node) in joined.iter().enumerate() {
            let owners: Vec<Option<RawKey>> = match node.parent {
                Some(parent) => keys[parent].clone(),
                None => first_keys::<R>(&rows, (node.relation.owner().type_id)()),
            };
            // Joined to others, a row of a collection is there as often as those have rows.
            let pairs: Vec<Pair> =
                distinct(owners.iter().zip(&keys[at]).filter_map(|(owner, target)| Some(((*owner)?, (*target)?))));
            fill(&mut self.arena, node.loaded(), &distinct(owners.into_iter().flatten()), pairs);
            for spec in &node.inner {
                self.waiting.push((spec.clone(), distinct(keys[at].iter().copied().flatten())));
            }
        }
        if let Some(first) = joined.first().filter(|_| joined.iter().any(|node| node.relation.is_collection())) {
            rows = unique_rows::<R>(rows, prints.unwrap_or_default(), (first.relation.owner().type_id)());
        }
        for spec in self.plan.loads.iter().rev() {
            let owners = distinct(roots(&rows, (spec.relation.owner().type_id)()));
            self.waiting.push((spec.clone(), owners));
        }
        self.rows = rows;
        Ok(())
    }

    fn finish_stage(&mut self) -> Result<()> {
        let Some(Running { spec, owners, found, .. }) = self.stage.take() else { return Ok(()) };
        let targets = Stage::finish(&mut self.arena, &spec, &owners, found, Origin { plan: &self.plan })?;
        for inner in spec.inner.iter().rev() {
            self.waiting.push((inner.clone(), targets.clone()));
        }
        if spec.depth > 0 {
            self.waiting.push((LoadSpec { depth: spec.depth - 1, ..spec }, targets));
        }
        Ok(())
    }
}
