//! Carrying a plan out: each step is one statement that is run for all its rows.

use std::panic::Location;

use aludel_core::{Error, Result, Value};
use aludel_engine::Transaction;
use aludel_engine::driver::NoRows;
use aludel_sql::schema::{Generated, StaticColumn};
use aludel_sql::{AnySource, ColumnSet, Each, Executable, Select};

use super::plan::{LinkChangeOf, Plan, Step};
use super::stale::{Wanted, stale};
use super::work::{FlushWork, Inserted};
use crate::arena::{AnyKey, Arena, ValueFeed};
use crate::error::{column, usage};
use crate::fetch::Cells;
use crate::mapper::Mapper;
use crate::relation::Path;

/// What carries a plan out.
pub(super) struct Executing<'a> {
    pub(super) arena: &'a mut Arena,
    pub(super) tx: &'a mut Transaction<'static>,
    pub(super) work: &'a mut FlushWork,
    pub(super) at: &'static Location<'static>,
}

impl Executing<'_> {
    pub(super) async fn run(&mut self, plan: &Plan) -> Result<()> {
        for step in &plan.steps {
            match step {
                Step::Insert { table, mapper, slots, given } => self.insert(*table, mapper, slots, *given).await?,
                Step::Replace { table, mapper, slots, old, columns } => {
                    self.replace(*table, mapper, slots, old, *columns).await?;
                }
                Step::PostUpdate { table, mapper, slots, columns } => {
                    self.resolve(*table, slots)?;
                    self.update(*table, mapper, slots, *columns, false).await?;
                }
                Step::Update { table, mapper, slots, columns } => {
                    self.resolve(*table, slots)?;
                    self.update(*table, mapper, slots, *columns, true).await?;
                }
                Step::Unlink { changes } => self.link_rows(changes, false).await?,
                Step::Link { changes } => self.link_rows(changes, true).await?,
                Step::Clear { table, mapper, slots, columns } => self.clear(*table, mapper, slots, *columns).await?,
                Step::Delete { table, mapper, slots } => self.delete(*table, mapper, slots).await?,
            }
        }
        Ok(())
    }

    async fn insert(&mut self, table: u32, mapper: &'static Mapper, slots: &[u32], given: ColumnSet) -> Result<()> {
        self.resolve(table, slots)?;
        if !mapper.validators.is_empty() {
            slots.iter().try_for_each(|slot| self.arena.any(table).validate(*slot, &given))?;
        }
        let columns: Vec<&'static StaticColumn> =
            given.iter().filter_map(|index| mapper.columns().get(index)).collect();
        let each = Each::insert(mapper.table(), &columns);
        let epoch = self.arena.epoch();
        let notes = self.arena.any(table).notes(slots);
        let generated = generated_key(mapper, given);
        let made = made_by_database(mapper, given);
        let inserted = Inserted { table, slots: slots.to_vec(), notes, generated };
        let traits = self.tx.driver_traits();
        if let (Some(column_at), true, true) = (generated, made.is_empty(), traits.inserted_keys) {
            let mut keys = Vec::with_capacity(slots.len());
            let mut feed = self.arena.any(table).feed(slots);
            self.tx.run_each(&each, &mut *feed, &mut NoRows, Some(&mut keys), self.at).await?;
            drop(feed);
            check_count(mapper, slots.len(), keys.len())?;
            self.work.inserted.push(inserted);
            self.miss_properties(table, mapper, slots);
            return self
                .arena
                .any_mut(table)
                .take_keys(slots, column_at, &keys, epoch)
                .map_err(|fault| column(mapper, column_at, fault));
        }
        let wanted: Vec<usize> = generated.into_iter().chain(made).collect();
        if wanted.is_empty() {
            let mut feed = self.arena.any(table).feed(slots);
            self.tx.run_each(&each, &mut *feed, &mut NoRows, None, self.at).await?;
        } else {
            let returned: Vec<&'static StaticColumn> = wanted.iter().map(|index| &mapper.columns()[*index]).collect();
            let mut cells = Cells::of(&returned);
            let mut feed = self.arena.any(table).feed(slots);
            self.tx.run_each(&each.returning(&returned), &mut *feed, &mut cells, None, self.at).await?;
            drop(feed);
            check_count(mapper, slots.len(), cells.rows.len())?;
            self.take_returned(table, slots, &wanted, &cells)?;
        }
        self.work.inserted.push(inserted);
        self.miss_properties(table, mapper, slots);
        self.arena.any_mut(table).inserted(slots, epoch);
        Ok(())
    }

    /// What columns stand for is not known of rows that were written: the next read tells it.
    fn miss_properties(&mut self, table: u32, mapper: &'static Mapper, slots: &[u32]) {
        let columns = mapper.columns().iter().filter(|column| !column.def().is_stored());
        let properties = columns.fold(ColumnSet::default(), |set, column| set.with(column.index()));
        if properties.is_empty() {
            return;
        }
        let any = self.arena.any_mut(table);
        for slot in slots {
            any.set_missing(*slot, properties.iter().fold(any.missing(*slot), ColumnSet::with));
        }
    }

    /// Makes rows of deleted objects those of new ones.
    async fn replace(
        &mut self,
        table: u32,
        mapper: &'static Mapper,
        slots: &[u32],
        old: &[u32],
        columns: ColumnSet,
    ) -> Result<()> {
        self.resolve(table, slots)?;
        let notes = self.arena.any(table).notes(slots);
        if !columns.is_empty() {
            self.update(table, mapper, slots, columns, false).await?;
        }
        let all = ColumnSet::first(mapper.columns().len());
        let kept = mapper.primary_key().iter().copied().chain(columns.iter()).fold(all, ColumnSet::without);
        let any = self.arena.any_mut(table);
        for (new, old) in slots.iter().zip(old) {
            any.unregister(*old);
            // What the row keeps was not read.
            any.set_missing(*new, kept);
        }
        self.work.replaced.extend(old.iter().map(|old| (table, *old)));
        self.work.inserted.push(Inserted { table, slots: slots.to_vec(), notes, generated: None });
        let epoch = self.arena.epoch();
        self.arena.any_mut(table).inserted(slots, epoch);
        Ok(())
    }

    /// Values that the database has made.
    fn take_returned(&mut self, table: u32, slots: &[u32], columns: &[usize], cells: &Cells) -> Result<()> {
        for (slot, row) in slots.iter().zip(&cells.rows) {
            if let Some(key) = self.arena.any_key(table, *slot) {
                for at in columns {
                    self.work.assigned.push((key, *at, self.arena.any(table).column(*slot, *at)));
                }
            }
            self.arena.set_columns(table, *slot, columns, row)?;
        }
        Ok(())
    }

    /// Copies the keys of parents that were new into the foreign keys of their children.
    fn resolve(&mut self, table: u32, slots: &[u32]) -> Result<()> {
        if self.arena.parents.is_empty() {
            return Ok(());
        }
        let keys = self.arena.foreign_keys(table);
        for slot in slots {
            let Some(child) = self.arena.any_key(table, *slot) else { continue };
            for key in &keys {
                let Some(Some(parent)) = self.arena.parents.get(&(child, key.id)).copied() else { continue };
                let Some(parent_slot) = self.arena.slot_of(parent) else { continue };
                if self.arena.any(parent.table).state(parent_slot) == crate::arena::State::Pending {
                    // A circle: it is set when the parent is there.
                    continue;
                }
                let values = self.arena.values(parent.table, parent_slot, &key.refers_to);
                self.assign(child, *slot, &key.columns, &values)?;
            }
        }
        Ok(())
    }

    fn assign(&mut self, key: AnyKey, slot: u32, columns: &[usize], values: &[Value]) -> Result<()> {
        for at in columns {
            self.work.assigned.push((key, *at, self.arena.any(key.table).column(slot, *at)));
        }
        self.arena.set_columns(key.table, slot, columns, values)
    }

    async fn update(
        &mut self,
        table: u32,
        mapper: &'static Mapper,
        slots: &[u32],
        columns: ColumnSet,
        is_versioned: bool,
    ) -> Result<()> {
        if !mapper.validators.is_empty() {
            slots.iter().try_for_each(|slot| self.arena.any(table).validate(*slot, &columns))?;
        }
        let mut set: Vec<&'static StaticColumn> =
            columns.iter().filter_map(|index| mapper.columns().get(index)).collect();
        let mut key: Vec<&'static StaticColumn> =
            mapper.primary_key().iter().map(|index| &mapper.columns()[*index]).collect();
        if let Some(version) = mapper.version.filter(|_| is_versioned) {
            self.raise_versions(table, slots, version)?;
            set.push(&mapper.columns()[version]);
            key.push(&mapper.columns()[version]);
        }
        let computed = computed_columns(mapper);
        let returned: Vec<&'static StaticColumn> = computed.iter().map(|index| &mapper.columns()[*index]).collect();
        let mut each = Each::update(mapper.table(), &set, &key);
        let returns = self.tx.dialect().capabilities().returning.update;
        if !returned.is_empty() && returns {
            each = each.returning(&returned);
        }
        let mut cells = Cells::of(&returned);
        let mut feed = self.arena.any(table).feed(slots);
        let outcome = self.tx.run_each(&each, &mut *feed, &mut cells, None, self.at).await?;
        drop(feed);
        if outcome.affected != slots.len() as u64 {
            return Err(stale(self.arena, self.tx, table, slots, Wanted::Update(columns), self.at).await);
        }
        if !returned.is_empty() && returns {
            self.take_returned(table, slots, &computed, &cells)?;
        } else if !returned.is_empty() {
            self.read_again(table, mapper, slots, &computed).await?;
        }
        self.miss_properties(table, mapper, slots);
        Ok(())
    }

    /// Reads columns of rows that were written, where the statement could not return them.
    async fn read_again(
        &mut self,
        table: u32,
        mapper: &'static Mapper,
        slots: &[u32],
        columns: &[usize],
    ) -> Result<()> {
        let definition = |at: &usize| &mapper.columns()[*at];
        let key: Vec<&'static StaticColumn> = mapper.primary_key().iter().map(definition).collect();
        let wanted: Vec<&'static StaticColumn> = columns.iter().map(definition).collect();
        let both = [key.clone(), wanted].concat();
        let source = AnySource::table(mapper.table());
        for part in slots.chunks(500) {
            let identities: Vec<Vec<Value>> = part.iter().map(|slot| self.arena.any(table).identity(*slot)).collect();
            let rows = Select::nothing().besides(source.columns(both.clone()));
            let rows = rows.filter(source.among(&key, identities.clone()));
            let mut cells = Cells::of(&both);
            self.tx.run(rows.into_arguments(), &mut cells, self.at).await?;
            for row in cells.rows {
                let (identity, values) = row.split_at(key.len());
                let Some(at) = identities.iter().position(|one| one == identity) else { continue };
                let cells = Cells::holding(vec![values.to_vec()]);
                self.take_returned(table, &part[at..=at], columns, &cells)?;
            }
        }
        Ok(())
    }

    fn raise_versions(&mut self, table: u32, slots: &[u32], version: usize) -> Result<()> {
        for slot in slots {
            let Some(key) = self.arena.any_key(table, *slot) else { continue };
            let next = match self.arena.any(table).first_column(*slot, version) {
                Value::Int(number) => number + 1,
                _ => 1,
            };
            self.assign(key, *slot, &[version], &[Value::Int(next)])?;
        }
        Ok(())
    }

    async fn delete(&mut self, table: u32, mapper: &'static Mapper, slots: &[u32]) -> Result<()> {
        let mut key: Vec<&'static StaticColumn> =
            mapper.primary_key().iter().map(|index| &mapper.columns()[*index]).collect();
        key.extend(mapper.version.map(|version| &mapper.columns()[version]));
        let each = Each::delete(mapper.table(), &key);
        let mut feed = self.arena.any(table).feed(slots);
        let outcome = self.tx.run_each(&each, &mut *feed, &mut NoRows, None, self.at).await?;
        drop(feed);
        if outcome.affected != slots.len() as u64 && mapper.version.is_some() {
            return Err(stale(self.arena, self.tx, table, slots, Wanted::Delete, self.at).await);
        }
        Ok(())
    }

    /// Sets foreign keys to NULL in the database alone: the objects are deleted in the same flush.
    async fn clear(&mut self, table: u32, mapper: &'static Mapper, slots: &[u32], columns: ColumnSet) -> Result<()> {
        let set: Vec<&'static StaticColumn> = columns.iter().filter_map(|index| mapper.columns().get(index)).collect();
        let key: Vec<&'static StaticColumn> =
            mapper.primary_key().iter().map(|index| &mapper.columns()[*index]).collect();
        let each = Each::update(mapper.table(), &set, &key);
        let nulls = vec![Value::Null; set.len()];
        let row = |slot: &u32| [nulls.clone(), self.arena.any(table).first_identity(*slot)].concat();
        let rows: Vec<Vec<Value>> = slots.iter().map(row).collect();
        let fields: Vec<usize> = each.fields().iter().map(|(field, _)| *field).collect();
        let mut feed = ValueFeed { rows: rows.iter(), fields: &fields };
        self.tx.run_each(&each, &mut feed, &mut NoRows, None, self.at).await?;
        Ok(())
    }

    async fn link_rows(&mut self, changes: &[LinkChangeOf], added: bool) -> Result<()> {
        let Some(first) = changes.first() else { return Ok(()) };
        let relation = first.0.relation;
        let Path::Link(link) = relation.path()? else { return Ok(()) };
        let columns: Vec<&'static StaticColumn> = link.near.iter().chain(&link.far).copied().collect();
        let mut rows = Vec::with_capacity(changes.len());
        for LinkChangeOf(change) in changes {
            let (Some(owner), Some(target)) = (self.arena.slot_of(change.owner), self.arena.slot_of(change.target))
            else {
                continue;
            };
            let mut row = self.arena.values(change.owner.table, owner, &link.near_refers_to);
            row.extend(self.arena.values(change.target.table, target, &link.far_refers_to));
            rows.push(row);
        }
        let each = match added {
            true => Each::insert(link.table, &columns),
            false => Each::delete(link.table, &columns),
        };
        let fields: Vec<usize> = each.fields().iter().map(|(field, _)| *field).collect();
        let mut feed = ValueFeed { rows: rows.iter(), fields: &fields };
        let outcome = self.tx.run_each(&each, &mut feed, &mut NoRows, None, self.at).await?;
        if !added && outcome.affected < rows.len() as u64 {
            return Err(Error::from(aludel_core::UsageError::stale_data(format!(
                "of {} row(s) of the link table of {} only {} were there to delete: another program has deleted them; load \
                 the relationship again",
                rows.len(),
                relation.full_name(),
                outcome.affected
            ))));
        }
        Ok(())
    }
}

/// The column of the key that the database makes, if the row does not give it.
fn generated_key(mapper: &'static Mapper, given: ColumnSet) -> Option<usize> {
    let [key] = *mapper.primary_key() else { return None };
    (!given.has(key)).then_some(key)
}

/// Columns that the database fills in: computed ones, and those with a default of its own that the row leaves out.
fn made_by_database(mapper: &'static Mapper, given: ColumnSet) -> Vec<usize> {
    let primary = mapper.primary_key();
    let is_made = |(index, column): &(usize, &'static StaticColumn)| {
        let def = column.def();
        let is_own_key = primary.len() == 1 && primary.contains(index);
        let is_filled_in = def.server_default.is_some() || !matches!(def.generated, Generated::No);
        is_filled_in && def.is_stored() && !is_own_key && !given.has(*index)
    };
    mapper.columns().iter().enumerate().filter(is_made).map(|(index, _)| index).collect()
}

/// The columns that the database computes from others.
pub(super) fn computed_columns(mapper: &'static Mapper) -> Vec<usize> {
    let columns = mapper.columns().iter().enumerate();
    let is_computed = |column: &StaticColumn| matches!(column.def().generated, Generated::Computed { .. });
    columns.filter(|(_, column)| is_computed(column)).map(|(index, _)| index).collect()
}

fn check_count(mapper: &Mapper, wanted: usize, found: usize) -> Result<()> {
    if wanted == found {
        return Ok(());
    }
    Err(usage(format!(
        "{wanted} row(s) of {} were inserted and the database has returned {found}: a trigger or a rule may have changed what \
         was inserted",
        mapper.name()
    )))
}
