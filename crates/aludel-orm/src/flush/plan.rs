//! What a flush will do.

use std::fmt;

use aludel_core::Result;
use aludel_sql::ColumnSet;

use super::order;
use crate::arena::{AnyKey, Arena, Comparison, LinkChange, State};
use crate::error::usage;
use crate::mapper::Mapper;
use crate::relation::ForeignKey;

/// What a flush will do: its steps, in order. Printing it shows one line for each.
#[derive(Debug, Default)]
pub struct Plan {
    pub(crate) steps: Vec<Step>,
}

/// One statement, run for one or more rows.
#[derive(Debug)]
#[non_exhaustive]
pub enum Step {
    /// Rows of new objects.
    #[doc(hidden)]
    Insert { table: u32, mapper: &'static Mapper, slots: Vec<u32>, given: ColumnSet },
    /// Foreign keys of new rows that refer to each other in a circle.
    #[doc(hidden)]
    PostUpdate { table: u32, mapper: &'static Mapper, slots: Vec<u32>, columns: ColumnSet },
    /// The same changed columns of one or more objects.
    #[doc(hidden)]
    Update { table: u32, mapper: &'static Mapper, slots: Vec<u32>, columns: ColumnSet },
    /// Rows of a link table that go.
    #[doc(hidden)]
    Unlink { changes: Vec<LinkChangeOf> },
    /// Rows of a link table that come.
    #[doc(hidden)]
    Link { changes: Vec<LinkChangeOf> },
    /// Rows of deleted objects.
    #[doc(hidden)]
    Delete { table: u32, mapper: &'static Mapper, slots: Vec<u32> },
}

/// A row of a link table.
#[derive(Clone, Copy, Debug)]
#[doc(hidden)]
pub struct LinkChangeOf(pub(crate) LinkChange);

impl Plan {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// How many statements there are; each is run for one or more rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// How many rows are written in all.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.steps.iter().map(Step::rows).sum()
    }

    /// The steps, in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The plan for everything that was added, changed, linked and deleted.
    pub(crate) fn of(arena: &Arena) -> Result<Self> {
        let involved: Vec<u32> = arena.tables().filter(|(_, table)| table.has_changes()).map(|(id, _)| id).collect();
        let sorted = order::tables(arena, &involved);
        let mut plan = Self::default();
        let mut later = Vec::new();
        for id in &sorted {
            plan.inserts(arena, *id, &sorted, &mut later)?;
        }
        plan.steps.extend(later);
        for id in &sorted {
            plan.updates(arena, *id)?;
        }
        plan.links(arena);
        for id in sorted.iter().rev() {
            plan.deletes(arena, *id);
        }
        Ok(plan)
    }

    fn inserts(&mut self, arena: &Arena, id: u32, sorted: &[u32], later: &mut Vec<Step>) -> Result<()> {
        let table = arena.any(id);
        let mapper = table.mapper();
        let pending = table.pending();
        if pending.is_empty() {
            return Ok(());
        }
        let keys = if arena.parents.is_empty() { Vec::new() } else { arena.foreign_keys(id) };
        let rounds = match keys.is_empty() {
            true => vec![pending.to_vec()],
            false => order::rounds(pending, |slot| order::new_parent(arena, id, slot)),
        };
        let mut done: Vec<u32> = Vec::new();
        for round in rounds {
            let mut runs: Vec<(ColumnSet, Vec<u32>)> = Vec::new();
            for slot in &round {
                let mut given = table.given(*slot);
                for key in &keys {
                    let found = Needed::of(arena, id, *slot, key)?;
                    match found {
                        Needed::Nothing => {}
                        Needed::Now => given = key.columns.iter().fold(given, |set, column| set.with(*column)),
                        Needed::Parent(parent) => {
                            let is_there = match parent.table == id {
                                true => arena.slot_of(parent).is_some_and(|slot| done.contains(&slot)),
                                false => {
                                    let at = |table: u32| sorted.iter().position(|other| *other == table);
                                    at(parent.table) < at(id) && at(parent.table).is_some()
                                }
                            };
                            if is_there {
                                given = key.columns.iter().fold(given, |set, column| set.with(*column));
                            } else {
                                given = key.columns.iter().fold(given, ColumnSet::without_ref);
                                post_update(later, id, mapper, *slot, key)?;
                            }
                        }
                    }
                }
                match runs.last_mut() {
                    Some((columns, slots)) if *columns == given => slots.push(*slot),
                    _ => runs.push((given, vec![*slot])),
                }
            }
            if !keys.is_empty() {
                done.extend(&round);
            }
            self.steps.extend(runs.into_iter().map(|(given, slots)| Step::Insert { table: id, mapper, slots, given }));
        }
        Ok(())
    }

    fn updates(&mut self, arena: &Arena, id: u32) -> Result<()> {
        let table = arena.any(id);
        let mapper = table.mapper();
        let keys = if arena.parents.is_empty() { Vec::new() } else { arena.foreign_keys(id) };
        let computed = super::execute::computed_columns(mapper);
        let mut comparison = Comparison::default();
        let mut groups: Vec<(ColumnSet, Vec<u32>)> = Vec::new();
        for slot in table.touched() {
            if table.state(slot) != State::Persistent {
                continue;
            }
            let mut columns = table.changes_by(slot, &mut comparison);
            for key in &keys {
                match Needed::of(arena, id, slot, key)? {
                    Needed::Nothing => {}
                    Needed::Now | Needed::Parent(_) => {
                        columns = key.columns.iter().fold(columns, |set, column| set.with(*column));
                    }
                }
            }
            columns = computed.iter().fold(columns, |set, column| set.without(*column));
            if let Some(version) = mapper.version {
                columns = columns.without(version);
            }
            if columns.is_empty() {
                continue;
            }
            match groups.iter_mut().find(|(other, _)| *other == columns) {
                Some((_, slots)) => slots.push(slot),
                None => groups.push((columns, vec![slot])),
            }
        }
        let step = |(columns, slots)| Step::Update { table: id, mapper, slots, columns };
        self.steps.extend(groups.into_iter().map(step));
        Ok(())
    }

    fn links(&mut self, arena: &Arena) {
        for added in [false, true] {
            let mut groups: Vec<Vec<LinkChangeOf>> = Vec::new();
            for change in arena.links.iter().filter(|change| change.added == added) {
                let same = |group: &&mut Vec<LinkChangeOf>| {
                    group.first().is_some_and(|first| std::ptr::eq(first.0.relation, change.relation))
                };
                match groups.iter_mut().find(same) {
                    Some(group) => group.push(LinkChangeOf(*change)),
                    None => groups.push(vec![LinkChangeOf(*change)]),
                }
            }
            self.steps.extend(groups.into_iter().map(|changes| match added {
                true => Step::Link { changes },
                false => Step::Unlink { changes },
            }));
        }
    }

    fn deletes(&mut self, arena: &Arena, id: u32) {
        let table = arena.any(id);
        let mapper = table.mapper();
        let doomed = table.doomed();
        if doomed.is_empty() {
            return;
        }
        let mut rounds = order::rounds(doomed, |slot| {
            order::doomed_parent(arena, id, slot).filter(|parent| table.state(*parent) == State::Doomed)
        });
        rounds.reverse();
        self.steps.extend(rounds.into_iter().map(|slots| Step::Delete { table: id, mapper, slots }));
    }
}

impl Step {
    /// How many rows it writes.
    fn rows(&self) -> usize {
        match self {
            Self::Insert { slots, .. }
            | Self::PostUpdate { slots, .. }
            | Self::Update { slots, .. }
            | Self::Delete { slots, .. } => slots.len(),
            Self::Unlink { changes } | Self::Link { changes } => changes.len(),
        }
    }
}

/// What a row's foreign key waits for.
enum Needed {
    /// Nothing: it is in its column.
    Nothing,
    /// The parent has its key by now.
    Now,
    /// The key that a new parent will have.
    Parent(AnyKey),
}

impl Needed {
    fn of(arena: &Arena, table: u32, slot: u32, key: &ForeignKey) -> Result<Self> {
        let Some(child) = arena.any_key(table, slot) else { return Ok(Self::Nothing) };
        match arena.parents.get(&(child, key.id)) {
            None => Ok(Self::Nothing),
            Some(Some(parent)) => match arena.slot_of(*parent).map(|slot| arena.any(parent.table).state(slot)) {
                Some(State::Pending) => Ok(Self::Parent(*parent)),
                Some(_) => Ok(Self::Now),
                None => Err(no_parent(arena, table, slot, key)),
            },
            Some(None) => Err(no_parent(arena, table, slot, key)),
        }
    }
}

#[cold]
fn no_parent(arena: &Arena, table: u32, slot: u32, key: &ForeignKey) -> aludel_core::Error {
    let row = describe(arena, table, slot);
    let columns: Vec<&str> = key.columns.iter().map(|column| key.child.columns()[*column].name()).collect();
    let relation = key.down.first().map_or_else(|| key.parent.name().to_owned(), |relation| relation.full_name());
    usage(format!(
        "{row} was taken out of {relation}, and its {} can't be NULL: link it to another {}, delete it, or declare the \
         relationship with cascade = \"delete-orphan\"",
        columns.join(", "),
        key.parent.name()
    ))
}

/// `Address(id = 3)`, for messages.
pub(super) fn describe(arena: &Arena, table: u32, slot: u32) -> String {
    let any = arena.any(table);
    let mapper = any.mapper();
    let parts: Vec<String> = mapper
        .primary_key()
        .iter()
        .map(|column| format!("{} = {:?}", mapper.columns()[*column].name(), any.first_column(slot, *column)))
        .collect();
    format!("{}({})", mapper.name(), parts.join(", "))
}

/// A foreign key in a circle: set when both rows are there.
fn post_update(later: &mut Vec<Step>, table: u32, mapper: &'static Mapper, slot: u32, key: &ForeignKey) -> Result<()> {
    if !key.is_nullable() {
        return Err(usage(format!(
            "new rows of {} and {} refer to each other in a circle, and none of the foreign keys may be NULL, so neither \
             row can be inserted first: make one of the columns an `Option`",
            key.child.name(),
            key.parent.name()
        )));
    }
    let columns = key.columns.iter().fold(ColumnSet::default(), |set, column| set.with(*column));
    let same = |step: &&mut Step| matches!(step, Step::PostUpdate { table: other, columns: others, .. } if *other == table && *others == columns);
    match later.iter_mut().find(same) {
        Some(Step::PostUpdate { slots, .. }) => slots.push(slot),
        _ => later.push(Step::PostUpdate { table, mapper, slots: vec![slot], columns }),
    }
    Ok(())
}

trait Without {
    fn without_ref(self, column: &usize) -> Self;
}

impl Without for ColumnSet {
    fn without_ref(self, column: &usize) -> Self {
        self.without(*column)
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() {
            return f.write_str("nothing to do");
        }
        for (at, step) in self.steps.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}. {step}", at + 1)?;
        }
        Ok(())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = |count: usize| if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
        match self {
            Self::Insert { mapper, slots, given, .. } => {
                write!(f, "insert into {} ({}): {}", table(mapper), names(mapper, *given), rows(slots.len()))
            }
            Self::PostUpdate { mapper, slots, columns, .. } | Self::Update { mapper, slots, columns, .. } => {
                write!(f, "update {} ({}): {}", table(mapper), names(mapper, *columns), rows(slots.len()))
            }
            Self::Unlink { changes } => write!(f, "delete from {}: {}", link(changes), rows(changes.len())),
            Self::Link { changes } => write!(f, "insert into {}: {}", link(changes), rows(changes.len())),
            Self::Delete { mapper, slots, .. } => write!(f, "delete from {}: {}", table(mapper), rows(slots.len())),
        }
    }
}

fn table(mapper: &Mapper) -> String {
    mapper.table().table.full_name()
}

fn names(mapper: &Mapper, columns: ColumnSet) -> String {
    let names: Vec<&str> =
        columns.iter().filter_map(|at| mapper.columns().get(at)).map(|column| column.name()).collect();
    names.join(", ")
}

fn link(changes: &[LinkChangeOf]) -> String {
    let link = changes.first().and_then(|change| change.0.relation.link);
    link.map_or_else(String::new, |link| link().table.full_name())
}
