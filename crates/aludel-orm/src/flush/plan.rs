//! What a flush will do.

use std::fmt;

use aludel_core::Result;
use aludel_sql::ColumnSet;
use hashbrown::HashSet;

use super::order;
use super::replace::{Replaced, replaced};
use crate::arena::{AnyKey, Arena, Comparison, LinkChange, State};
use crate::error::usage;
use crate::mapper::Mapper;
use crate::relation::{ForeignKey, RelationKind};

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
    /// Rows of new objects that have the keys of deleted ones.
    #[doc(hidden)]
    Replace { table: u32, mapper: &'static Mapper, slots: Vec<u32>, old: Vec<u32>, columns: ColumnSet },
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
    /// Foreign keys of rows that are deleted after those that they refer to, in a circle.
    #[doc(hidden)]
    Clear { table: u32, mapper: &'static Mapper, slots: Vec<u32>, columns: ColumnSet },
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

    /// The plan for everything that was added, changed, linked and deleted. `own_references_hold` is the database's capability.
    pub(crate) fn of(arena: &Arena, own_references_hold: bool) -> Result<Self> {
        let involved: Vec<u32> = arena.tables().filter(|(_, table)| table.has_changes()).map(|(id, _)| id).collect();
        let sorted = order::tables(arena, &involved);
        let mut plan = Self::default();
        let (mut later, mut last) = (Vec::new(), Vec::new());
        let mut kept: HashSet<(u32, u32), foldhash::fast::RandomState> = HashSet::default();
        for id in &sorted {
            // A unique value that a row lets go can then be a new row's.
            plan.updates(arena, *id, &sorted, &mut last)?;
            let replaced = replaced(arena, *id);
            kept.extend(replaced.iter().map(|replaced| (*id, replaced.old)));
            plan.replaces(arena, *id, &replaced);
            plan.inserts(arena, *id, &sorted, &replaced, &mut later)?;
        }
        plan.steps.extend(later);
        plan.steps.extend(last);
        plan.links(arena);
        plan.deletes(arena, &sorted, &kept, own_references_hold);
        Ok(plan)
    }

    /// Rows that stay, though the object that they were is deleted, since a new one has its key.
    fn replaces(&mut self, arena: &Arena, id: u32, replaced: &[Replaced]) {
        let mapper = arena.any(id).mapper();
        for Replaced { new, old: gone, columns: set } in replaced {
            match self.steps.last_mut() {
                Some(Step::Replace { table, slots, old, columns, .. }) if *table == id && columns == set => {
                    slots.push(*new);
                    old.push(*gone);
                }
                _ => self.steps.push(Step::Replace {
                    table: id,
                    mapper,
                    slots: vec![*new],
                    old: vec![*gone],
                    columns: *set,
                }),
            }
        }
    }

    fn inserts(
        &mut self,
        arena: &Arena,
        id: u32,
        sorted: &[u32],
        replaced: &[Replaced],
        later: &mut Vec<Step>,
    ) -> Result<()> {
        let table = arena.any(id);
        let mapper = table.mapper();
        let is_replaced = |slot: &u32| replaced.iter().any(|replaced| replaced.new == *slot);
        let pending: Vec<u32> = table.pending().iter().copied().filter(|slot| !is_replaced(slot)).collect();
        let pending = pending.as_slice();
        if pending.is_empty() {
            return Ok(());
        }
        let keys = if arena.parents.is_empty() { Vec::new() } else { arena.foreign_keys(id) };
        let rounds = match keys.is_empty() {
            true => vec![pending.to_vec()],
            false => order::rounds(pending, |slot| order::new_parents(arena, id, slot)),
        };
        let place = |table: u32| sorted.iter().position(|other| *other == table);
        let mut done: HashSet<u32, foldhash::fast::RandomState> = HashSet::default();
        done.extend(replaced.iter().map(|replaced| replaced.new));
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
                                false => place(parent.table) < place(id) && place(parent.table).is_some(),
                            };
                            given = key.columns.iter().fold(given, |set, column| set.with(*column));
                            if !is_there {
                                given = key.nulls.iter().fold(given, |set, column| set.without(*column));
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
                done.extend(round.iter().copied());
            }
            self.steps.extend(runs.into_iter().map(|(given, slots)| Step::Insert { table: id, mapper, slots, given }));
        }
        Ok(())
    }

    /// Changed rows; those that wait for a row which is inserted after them come last.
    fn updates(&mut self, arena: &Arena, id: u32, sorted: &[u32], last: &mut Vec<Step>) -> Result<()> {
        let table = arena.any(id);
        let mapper = table.mapper();
        let keys = if arena.parents.is_empty() { Vec::new() } else { arena.foreign_keys(id) };
        let computed = super::execute::computed_columns(mapper);
        let mut comparison = Comparison::default();
        let place = |table: u32| sorted.iter().position(|other| *other == table);
        let mut groups: Vec<(bool, ColumnSet, Vec<u32>)> = Vec::new();
        for slot in table.touched() {
            if table.state(slot) != State::Persistent {
                continue;
            }
            let mut columns = table.changes_by(slot, &mut comparison);
            let mut waits = false;
            for key in &keys {
                match Needed::of(arena, id, slot, key)? {
                    Needed::Nothing => continue,
                    Needed::Now => {}
                    Needed::Parent(parent) => waits |= place(parent.table) >= place(id),
                }
                columns = key.columns.iter().fold(columns, |set, column| set.with(*column));
            }
            columns = computed.iter().fold(columns, |set, column| set.without(*column));
            if let Some(version) = mapper.version {
                columns = columns.without(version);
            }
            if columns.is_empty() {
                continue;
            }
            match groups.iter_mut().find(|(other, of, _)| *other == waits && *of == columns) {
                Some((.., slots)) => slots.push(slot),
                None => groups.push((waits, columns, vec![slot])),
            }
        }
        let_go_first(arena, id, &mut groups);
        for (waits, columns, slots) in groups {
            let steps = if waits { &mut *last } else { &mut self.steps };
            steps.push(Step::Update { table: id, mapper, slots, columns });
        }
        Ok(())
    }

    fn links(&mut self, arena: &Arena) {
        for added in [false, true] {
            let mut groups: Vec<Vec<LinkChangeOf>> = Vec::new();
            for change in arena.links.iter().filter(|change| change.added == added) {
                let turned =
                    groups.iter_mut().find_map(|group| Some((change.turned_to(group.first()?.0.relation)?, group)));
                match turned {
                    Some((change, group)) => group.push(LinkChangeOf(change)),
                    None => groups.push(vec![LinkChangeOf(*change)]),
                }
            }
            self.steps.extend(groups.into_iter().map(|changes| match added {
                true => Step::Link { changes },
                false => Step::Unlink { changes },
            }));
        }
    }

    /// Deletes rows before those that they refer to. What refers to a row that goes before it, in a circle, is set to NULL first;
    /// and what refers to itself, where that would hold it.
    fn deletes(
        &mut self,
        arena: &Arena,
        sorted: &[u32],
        kept: &HashSet<(u32, u32), foldhash::fast::RandomState>,
        own_references_hold: bool,
    ) {
        let doomed = |id: u32| -> Vec<u32> {
            let all = arena.any(id).doomed();
            if kept.is_empty() {
                return all.to_vec();
            }
            all.iter().copied().filter(|slot| !kept.contains(&(id, *slot))).collect()
        };
        let ids: Vec<u32> = sorted.iter().copied().filter(|id| !doomed(*id).is_empty()).collect();
        let mut deletes = Vec::new();
        let mut gone: HashSet<(u32, u32), foldhash::fast::RandomState> = HashSet::default();
        for id in ids.iter().copied().rev() {
            let table = arena.any(id);
            let (mapper, references) = (table.mapper(), order::references(arena, id, &ids));
            let own: Vec<_> = references.iter().filter(|reference| reference.parent == id).collect();
            let mut rounds = match own.is_empty() {
                true => vec![doomed(id)],
                false => order::rounds(&doomed(id), |slot| {
                    own.iter().filter_map(|reference| reference.doomed_parent(arena, id, slot)).collect()
                }),
            };
            rounds.reverse();
            let in_circle =
                |reference: &order::Reference| reference.parent == id || ids_before(&ids, id, reference.parent);
            let loose: Vec<_> = references.iter().filter(|reference| in_circle(reference)).collect();
            for slots in rounds {
                for reference in &loose {
                    let waits = |slot: &u32| {
                        let parent = reference.doomed_parent(arena, id, *slot);
                        parent.is_some_and(|parent| gone.contains(&(reference.parent, parent)))
                            || own_references_hold && reference.holds_itself(arena, id, *slot)
                    };
                    let slots: Vec<u32> = slots.iter().copied().filter(waits).collect();
                    self.clear(id, mapper, slots, &reference.columns);
                }
                if !loose.is_empty() || ids.len() > 1 {
                    gone.extend(slots.iter().map(|slot| (id, *slot)));
                }
                deletes.push(Step::Delete { table: id, mapper, slots });
            }
        }
        self.steps.extend(deletes);
    }

    /// Rows let go of what they refer to. Where that can't be NULL the database may yet allow it, if it checks at the commit.
    fn clear(&mut self, table: u32, mapper: &'static Mapper, slots: Vec<u32>, columns: &[usize]) {
        let nullable = columns.iter().filter(|column| mapper.columns()[**column].def().nullable);
        let columns = nullable.fold(ColumnSet::default(), |set, column| set.with(*column));
        if !slots.is_empty() && !columns.is_empty() {
            self.steps.push(Step::Clear { table, mapper, slots, columns });
        }
    }
}

impl Step {
    /// How many rows it writes.
    fn rows(&self) -> usize {
        match self {
            Self::Insert { slots, .. }
            | Self::Replace { slots, .. }
            | Self::PostUpdate { slots, .. }
            | Self::Update { slots, .. }
            | Self::Clear { slots, .. }
            | Self::Delete { slots, .. } => slots.len(),
            Self::Unlink { changes } | Self::Link { changes } => changes.len(),
        }
    }
}

/// Of a one-to-one relationship, who lets go of a place comes before who takes it.
fn let_go_first(arena: &Arena, id: u32, groups: &mut [(bool, ColumnSet, Vec<u32>)]) {
    let table = arena.any(id);
    if groups.iter().map(|(.., slots)| slots.len()).sum::<usize>() < 2 {
        return;
    }
    let mut keys = arena.foreign_keys(id);
    keys.retain(|key| key.down.iter().any(|relation| relation.kind == RelationKind::HasOne));
    let nulls: Vec<usize> = keys.into_iter().flat_map(|key| key.nulls.iter().copied()).collect();
    if nulls.is_empty() {
        return;
    }
    let holds = |slot: &u32| !nulls.iter().any(|column| table.column(*slot, *column).is_null());
    groups.iter_mut().for_each(|(.., slots)| slots.sort_by_key(holds));
    groups.sort_by_key(|(.., slots)| slots.iter().all(holds));
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
    let row_name = describe(arena, table, slot);
    let columns: Vec<&str> = key.columns.iter().map(|column| key.child.columns()[*column].name()).collect();
    let relation = key.down.first().map_or_else(|| key.parent.name().to_owned(), |relation| relation.full_name());
    let was = key.columns.iter().map(|column| arena.any(table).first_column(slot, *column)).collect::<Vec<_>>();
    if let Some((parent, row)) =
        arena.known_id(key.parent).and_then(|parent| Some((parent, arena.find_row(parent, &key.refers_to, &was)?)))
        && arena.any(parent).state(row) == State::Doomed
    {
        let parent_row = describe(arena, parent, row);
        return usage(format!(
            "{parent_row} is to be deleted and {row_of_child} would be left in {relation}, and its {} can't be NULL: delete it \
             too, link it to another {}, or declare the relationship with cascade = \"delete\"",
            columns.join(", "),
            key.parent.name(),
            row_of_child = row_name,
        ));
    }
    usage(format!(
        "{row_name} was taken out of {relation}, and its {} can't be NULL: link it to another {}, delete it, or declare the \
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
    let columns = key.nulls.iter().fold(ColumnSet::default(), |set, column| set.with(*column));
    let same = |step: &&mut Step| matches!(step, Step::PostUpdate { table: other, columns: others, .. } if *other == table && *others == columns);
    match later.iter_mut().find(same) {
        Some(Step::PostUpdate { slots, .. }) => slots.push(slot),
        _ => later.push(Step::PostUpdate { table, mapper, slots: vec![slot], columns }),
    }
    Ok(())
}

/// Whether a table's rows are deleted before those of another one.
fn ids_before(ids: &[u32], id: u32, before: u32) -> bool {
    let place = |id: u32| ids.iter().position(|other| *other == id);
    place(before) > place(id)
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
            Self::Replace { mapper, slots, columns, .. }
            | Self::PostUpdate { mapper, slots, columns, .. }
            | Self::Update { mapper, slots, columns, .. }
            | Self::Clear { mapper, slots, columns, .. } => {
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
