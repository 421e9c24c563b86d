//! Loading outside a session: the same plan, carried out over objects of its own, which are then given out as values.

use std::any::Any;
use std::sync::Arc;

use aludel_core::{Fault, Result, RowRef};
use aludel_sql::{Executable, Reader, Script, Select, Step};

use super::{JoinedNode, LoadPlan, LoadSpec, Stage, StageFound, Staged, Strategy, fill_nodes};
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
    waiting: Vec<Waiting>,
    stage: Option<Running>,
}

/// A relationship that is to be loaded.
struct Waiting {
    spec: LoadSpec,
    owners: Vec<RawKey>,
    plan: Arc<LoadPlan>,
}

/// A stage that is under way.
struct Running {
    of: Waiting,
    stage: Stage,
    found: StageFound,
}

/// The first statement's rows, until the script takes them.
struct Rows<R> {
    rows: Vec<R>,
    prints: Option<Vec<KeyBytes>>,
    nodes: Vec<Box<dyn Decoded>>,
    hows: Hows,
    joined: Vec<JoinedNode>,
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
            plan.check::<R>()?;
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
            let Some(mut of) = self.waiting.pop() else { return Ok(None) };
            if matches!(of.spec.strategy, Strategy::Raise) || of.owners.is_empty() {
                continue;
            }
            if let Some(plan) = of.plan.of_load(&of.spec) {
                of.plan = Arc::new(plan);
            }
            let mut stage = Stage::plan(&mut self.arena, &of.spec, &of.owners, &of.plan)?;
            stage.statements.reverse();
            self.stage = Some(Running { of, stage, found: StageFound::default() });
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
        let first = |node: &JoinedNode| first_keys::<R>(&rows, (node.relation.owner().type_id)());
        let targets = fill_nodes(&mut self.arena, &joined, &keys, first);
        let plan = Arc::new(self.plan.clone());
        // The query is that of the rows, and not of what was joined to them.
        let below = self.plan.below(None).map_or_else(|| Arc::clone(&plan), Arc::new);
        for (node, owners) in joined.iter().zip(targets) {
            let waiting =
                |spec: &LoadSpec| Waiting { spec: spec.clone(), owners: owners.clone(), plan: Arc::clone(&below) };
            self.waiting.extend(node.inner.iter().map(waiting));
        }
        if let Some(first) = joined.first().filter(|_| joined.iter().any(|node| node.relation.may_repeat())) {
            rows = unique_rows::<R>(rows, prints.unwrap_or_default(), (first.relation.owner().type_id)());
        }
        for spec in self.plan.loads.iter().rev() {
            let owners = distinct(roots(&rows, (spec.relation.owner().type_id)()));
            self.waiting.push(Waiting { spec: spec.clone(), owners, plan: Arc::clone(&plan) });
        }
        self.rows = rows;
        Ok(())
    }

    fn finish_stage(&mut self) -> Result<()> {
        let Some(Running { of, stage, found }) = self.stage.take() else { return Ok(()) };
        let Waiting { spec, owners, plan } = of;
        let Stage { rows: shape, origin, .. } = stage;
        let Staged { targets, below } = Stage::finish(&mut self.arena, &spec, &owners, (&shape, found), &plan)?;
        let further = plan.below(origin).map_or(plan, Arc::new);
        let waiting = |spec, owners| Waiting { spec, owners, plan: Arc::clone(&further) };
        let inner = spec.inner.iter().rev().filter(|inner| !inner.is_inside());
        self.waiting.extend(inner.map(|inner| waiting(inner.clone(), targets.clone())));
        self.waiting.extend(spec.again().map(|again| waiting(again, targets.clone())));
        self.waiting.extend(below.into_iter().map(|(spec, owners)| waiting(spec, owners)));
        Ok(())
    }
}
