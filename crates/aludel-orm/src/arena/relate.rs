//! Collections and back references: indexes over the foreign keys, put right with every change.

use aludel_core::{Result, Value};
use aludel_sql::schema::StaticColumn;

use super::{AnyKey, Arena, Displaced, State, Undo, ValueRow};
use crate::field::RelationField;
use crate::key::RawKey;
use crate::relation::{ForeignKey, Path, Relation, RelationKind};

/// Which foreign key: its table, and its columns in whatever order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ForeignKeyId(usize, u64);

impl ForeignKeyId {
    pub(crate) fn of(columns: &[&'static StaticColumn]) -> Self {
        let table = columns.first().map_or(0, |column| {
            let table: *const aludel_sql::schema::Table = column.table;
            table.addr()
        });
        let mut positions: Vec<usize> = columns.iter().map(|column| column.index()).collect();
        positions.sort_unstable();
        // Tables have at most 256 columns; up to seven of them make a number that no others make.
        let number = |number: u64, position: &usize| number.wrapping_mul(257).wrapping_add(*position as u64 + 1);
        Self(table, positions.iter().fold(0, number))
    }
}

impl Arena {
    pub(crate) fn slot_of(&self, key: AnyKey) -> Option<u32> {
        self.any(key.table).slot_of(key.raw)
    }

    pub(crate) fn field(&self, key: AnyKey, relation: usize) -> Option<&dyn RelationField> {
        self.any(key.table).relation(self.slot_of(key)?, relation)
    }

    pub(crate) fn field_mut(&mut self, key: AnyKey, relation: usize) -> Option<&mut dyn RelationField> {
        let slot = self.slot_of(key)?;
        self.any_mut(key.table).relation_mut(slot, relation)
    }

    pub(crate) fn any_key(&self, table: u32, slot: u32) -> Option<AnyKey> {
        self.any(table).key(slot).map(|raw| AnyKey { table, raw })
    }

    /// A child joins the lists of a parent that its foreign key names already.
    /// True if one of them was loaded.
    pub(crate) fn join_parent(&mut self, key: &'static ForeignKey, child: AnyKey, parent: AnyKey) -> bool {
        let mut is_in = false;
        for relation in key.down.iter().copied() {
            is_in |= self.put_into_list(parent, relation, child.raw, None);
        }
        is_in
    }

    /// Connects two objects: adds to a collection, or moves from another parent.
    pub(crate) fn link(
        &mut self,
        relation: &'static Relation,
        owner: AnyKey,
        target: AnyKey,
        at: Option<usize>,
    ) -> Result<()> {
        match (relation.path()?, relation.kind) {
            (Path::Link(link), _) if self.is_as_wanted(link, owner, target, true) && at.is_none() => {}
            (Path::Link(link), _) => self.change_link(relation, link, owner, target, true, at),
            (Path::Key(key), RelationKind::BelongsTo) => self.attach(key, owner, target, None)?,
            (Path::Key(key), _) => self.attach(key, target, owner, at.map(|at| (relation, at)))?,
        }
        Ok(())
    }

    /// Disconnects two objects.
    pub(crate) fn unlink(&mut self, relation: &'static Relation, owner: AnyKey, target: AnyKey) -> Result<()> {
        match (relation.path()?, relation.kind) {
            (Path::Link(link), _) if self.is_as_wanted(link, owner, target, false) => {}
            (Path::Link(link), _) => self.change_link(relation, link, owner, target, false, None),
            (Path::Key(key), RelationKind::BelongsTo) => {
                self.follow_hand(key, owner);
                self.check_key_loaded(key, owner)?;
                if self.parent(key, owner) == Some(target) {
                    self.detach(key, owner)?;
                }
            }
            (Path::Key(key), _) => {
                self.follow_hand(key, target);
                self.check_key_loaded(key, target)?;
                if self.parent(key, target) == Some(owner) {
                    self.detach(key, target)?;
                } else {
                    self.take_from_list(owner, relation, target.raw);
                }
            }
        }
        Ok(())
    }

    /// An error where it is not known what a foreign key leads to, because its columns were not loaded.
    fn check_key_loaded(&self, key: &ForeignKey, child: AnyKey) -> Result<()> {
        let Some(slot) = self.slot_of(child).filter(|_| !self.parents.contains_key(&(child, key.id))) else {
            return Ok(());
        };
        let table = self.any(child.table);
        let missing = table.missing(slot);
        let is_lacking = |column: &&usize| missing.has(**column) && table.column(slot, **column).is_null();
        let Some(column) = key.columns.iter().find(is_lacking) else { return Ok(()) };
        let (entity, column) = (key.child.name(), key.child.columns()[*column].name());
        Err(crate::error::usage(format!(
            "{entity}.{column} was not loaded, so it is not known what it leads to: load it along, `load_only((…, \
             {entity}::{}))`, or read it by `session.refresh_only`",
            column.to_uppercase(),
        )))
    }

    /// The object that a foreign key leads to, if it is here.
    pub(crate) fn parent(&self, key: &ForeignKey, child: AnyKey) -> Option<AnyKey> {
        if !self.parents.is_empty()
            && let Some(parent) = self.parents.get(&(child, key.id))
        {
            return *parent;
        }
        let slot = self.slot_of(child)?;
        if let ([column], true) = (&*key.columns, key.is_to_primary) {
            let value = [self.any(child.table).column(slot, *column)];
            let id = self.known_id(key.parent)?;
            return self.any_key(id, self.any(id).find(&value)?);
        }
        let values = self.values(child.table, slot, &key.columns);
        self.find_parent(key, &values)
    }

    /// As [`parent`](Self::parent), of many children of one table.
    pub(crate) fn parents_of(&self, key: &ForeignKey, table: u32, children: &[RawKey]) -> Vec<Option<RawKey>> {
        if let ([column], true, true) = (&*key.columns, key.is_to_primary, self.parents.is_empty())
            && let Some(id) = self.known_id(key.parent)
            && let Some(values) = self.any(table).integers(children, *column)
        {
            return self.any(id).find_integers(&values);
        }
        let parent = |child: &RawKey| self.parent(key, AnyKey { table, raw: *child }).map(|parent| parent.raw);
        children.iter().map(parent).collect()
    }

    /// Whether it is known that a foreign key leads nowhere.
    pub(crate) fn has_no_parent(&self, key: &ForeignKey, child: AnyKey) -> bool {
        if let Some(parent) = self.parents.get(&(child, key.id)) {
            return parent.is_none();
        }
        let Some(slot) = self.slot_of(child) else { return false };
        let table = self.any(child.table);
        let (missing, is_new) = (table.missing(slot), table.state(slot) == State::Pending);
        let given = if is_new { table.given(slot) } else { Default::default() };
        let is_known = |column: &&usize| !missing.has(**column);
        // A new row sends NULL for what it does not give.
        let is_null = |column: &usize| is_new && !given.has(*column) || table.column(slot, *column).is_null();
        key.columns.iter().filter(is_known).any(is_null)
    }

    pub(crate) fn values(&self, table: u32, slot: u32, columns: &[usize]) -> Vec<Value> {
        columns.iter().map(|column| self.any(table).column(slot, *column)).collect()
    }

    /// The object with these values in the columns that a foreign key refers to.
    pub(crate) fn find_parent(&self, key: &ForeignKey, values: &[Value]) -> Option<AnyKey> {
        if values.iter().any(Value::is_null) {
            return None;
        }
        let id = self.known_id(key.parent)?;
        let slot = self.find_row(id, &key.refers_to, values)?;
        self.any_key(id, slot)
    }

    /// The row with these values in these columns: its primary key in whatever order, or a unique key.
    pub(crate) fn find_row(&self, table: u32, columns: &[usize], values: &[Value]) -> Option<u32> {
        let table = self.any(table);
        let primary = table.mapper().primary_key();
        if primary == columns {
            return table.find(values);
        }
        let place = |column: &usize| columns.iter().position(|other| other == column);
        if primary.len() == columns.len() && primary.iter().all(|column| place(column).is_some()) {
            let ordered: Vec<Value> = primary.iter().filter_map(|column| values.get(place(column)?).cloned()).collect();
            return table.find(&ordered);
        }
        table.find_by(columns, values)
    }

    /// Gives a child a parent.
    pub(super) fn attach(
        &mut self,
        key: &'static ForeignKey,
        child: AnyKey,
        parent: AnyKey,
        at: Option<(&'static Relation, usize)>,
    ) -> Result<()> {
        let (Some(child_slot), Some(parent_slot)) = (self.slot_of(child), self.slot_of(parent)) else {
            return Ok(());
        };
        self.revive(child);
        self.follow_hand(key, child);
        let before = self.parent(key, child);
        let listed = self.listed_parent(key, child);
        // A list that was loaded has those whose keys were set by hand already.
        for other in [listed, before].into_iter().flatten().filter(|other| *other != parent) {
            self.leave_lists(key, other, child.raw);
        }
        if before != Some(parent) {
            self.any_mut(child.table).touch(child_slot);
            let values = self.values(parent.table, parent_slot, &key.refers_to);
            let is_known = self.any(parent.table).state(parent_slot) != State::Pending;
            if is_known {
                self.parents.remove(&(child, key.id));
                self.set_columns(child.table, child_slot, &key.columns, &values)?;
            } else {
                self.parents.insert((child, key.id), Some(parent));
            }
        }
        for relation in key.down.iter().copied() {
            if relation.kind == RelationKind::HasOne {
                let others = self.field(parent, relation.index).map(|field| field.keys().to_vec()).unwrap_or_default();
                for raw in others.into_iter().filter(|other| *other != child.raw) {
                    let other = AnyKey { table: child.table, raw };
                    match self.is_by_hand(key, other) {
                        true => self.follow(key, other),
                        false => self.detach(key, other)?,
                    }
                    // A deleted parent keeps its children otherwise.
                    self.take_from_list(parent, relation, raw);
                }
            }
            if relation.kind == RelationKind::HasOne {
                self.note_displaced(parent, relation, child, before != Some(parent));
            }
            let at = at.filter(|(of, _)| std::ptr::eq(*of, relation)).map(|(_, at)| at);
            let is_new = listed != Some(parent) && before != Some(parent);
            self.put_into_list_if(parent, relation, child.raw, at, is_new);
        }
        self.set_up(key, child, Some(parent));
        self.place(key, child, Some(parent));
        Ok(())
    }

    /// There may be a child in the database whose place another one has taken.
    fn note_displaced(&mut self, owner: AnyKey, relation: &'static Relation, child: AnyKey, is_new: bool) {
        let Some(slot) = self.slot_of(owner) else { return };
        let is_unknown = self.field(owner, relation.index).is_some_and(|field| !field.is_loaded());
        if !is_unknown || self.any(owner.table).state(slot) == State::Pending {
            return;
        }
        let is_its = |known: &Displaced| known.owner == owner && std::ptr::eq(known.relation, relation);
        // Whoever came last stays, though it may be the one that was there at first.
        let count = self.displaced.len();
        self.displaced.retain(|known| !is_its(known));
        if is_new || self.displaced.len() < count {
            self.displaced.push(Displaced { owner, relation, child });
        }
    }

    /// Takes a child from its parent.
    pub(crate) fn detach(&mut self, key: &'static ForeignKey, child: AnyKey) -> Result<()> {
        let Some(slot) = self.slot_of(child) else { return Ok(()) };
        for parent in [self.listed_parent(key, child), self.parent(key, child)].into_iter().flatten() {
            self.leave_lists(key, parent, child.raw);
        }
        self.any_mut(child.table).touch(slot);
        if key.is_nullable() {
            self.parents.remove(&(child, key.id));
            let nulls = vec![Value::Null; key.nulls.len()];
            self.set_columns(child.table, slot, &key.nulls, &nulls)?;
        } else {
            self.parents.insert((child, key.id), None);
        }
        self.set_up(key, child, None);
        self.place(key, child, None);
        for relation in key.down.iter().copied().filter(|relation| relation.cascade.delete_orphan) {
            self.orphans.push((child, relation));
        }
        Ok(())
    }

    /// Sets columns of an object.
    pub(crate) fn set_columns(&mut self, table: u32, slot: u32, columns: &[usize], values: &[Value]) -> Result<()> {
        let row = ValueRow(values);
        for (at, column) in columns.iter().enumerate() {
            self.any_mut(table)
                .set_column(slot, *column, &row, at)
                .map_err(|fault| crate::error::column(self.any(table).mapper(), *column, fault))?;
        }
        Ok(())
    }

    /// The child's own fields for its parent.
    pub(super) fn set_up(&mut self, key: &'static ForeignKey, child: AnyKey, parent: Option<AnyKey>) {
        for relation in key.up.iter().copied() {
            let keys: Vec<RawKey> = parent.iter().map(|parent| parent.raw).collect();
            let Some(field) = self.field(child, relation.index) else { continue };
            let has_values = field.has_values();
            let before = self.known_keys(child, relation);
            if before.as_ref() != Some(&keys) || has_values {
                self.change_field(child, relation, &mut |field| field.set_keys(keys.clone(), 0));
                self.log.push(Undo::Loaded { owner: child, relation: relation.index, before });
            }
        }
    }

    pub(super) fn leave_lists(&mut self, key: &'static ForeignKey, parent: AnyKey, child: RawKey) {
        // The lists of a deleted object can be read until the commit.
        if self.is_going(parent) {
            return;
        }
        for relation in key.down.iter().copied() {
            self.take_from_list(parent, relation, child);
        }
    }

    pub(super) fn put_into_list(
        &mut self,
        owner: AnyKey,
        relation: &'static Relation,
        key: RawKey,
        at: Option<usize>,
    ) -> bool {
        self.put_into_list_if(owner, relation, key, at, false)
    }

    /// Looking whether a key is there takes time in a long list, and one that had another parent is not there.
    fn put_into_list_if(
        &mut self,
        owner: AnyKey,
        relation: &'static Relation,
        key: RawKey,
        at: Option<usize>,
        is_new: bool,
    ) -> bool {
        let epoch = self.epoch();
        let is_pending = self.slot_of(owner).is_some_and(|slot| self.any(owner.table).state(slot) == State::Pending);
        let Some(field) = self.field_mut(owner, relation.index) else { return false };
        if !field.is_loaded() {
            if !is_pending {
                return false;
            }
            // It has no row yet, so nobody refers to it but those that are linked here.
            field.set_keys(Vec::new(), epoch);
        }
        let mut put = None;
        self.change_field(owner, relation, &mut |field| {
            let place = if is_new && at.is_none() { field.push_key(key) } else { field.insert_key(key, at) };
            put = put.or(place);
        });
        if let Some(at) = put {
            self.log.push(Undo::List { owner, relation: relation.index, at, key, added: true });
        }
        true
    }

    pub(super) fn take_from_list(&mut self, owner: AnyKey, relation: &'static Relation, key: RawKey) {
        let mut taken = None;
        self.change_field(owner, relation, &mut |field| taken = taken.or(field.remove_key(key)));
        if let Some(at) = taken {
            self.log.push(Undo::List { owner, relation: relation.index, at, key, added: false });
        }
    }

    /// The keys of a relationship as far as the session knows them, whatever the program has put in their place.
    fn known_keys(&self, owner: AnyKey, relation: &'static Relation) -> Option<Vec<RawKey>> {
        let slot = self.slot_of(owner)?;
        let table = self.any(owner.table);
        let now = table.relation(slot, relation.index)?;
        let known = if now.has_values() { table.first_relation(slot, relation.index)? } else { now };
        known.is_loaded().then(|| known.keys().to_vec())
    }

    /// Changes what the session knows of a relationship. It is no change that the program has made of the object.
    pub(crate) fn change_field(
        &mut self,
        owner: AnyKey,
        relation: &'static Relation,
        change: &mut dyn FnMut(&mut dyn RelationField),
    ) {
        if let Some(slot) = self.slot_of(owner) {
            self.any_mut(owner.table).change_relation(slot, relation.index, change);
        }
    }

    /// The foreign keys of a table that some relationship goes over.
    pub(crate) fn foreign_keys(&self, table: u32) -> Vec<&'static ForeignKey> {
        let mapper = self.any(table).mapper();
        let up = mapper.all().filter(|relation| relation.kind == RelationKind::BelongsTo);
        let down = self.incoming(mapper).iter().copied();
        let down = down.filter(|relation| matches!(relation.kind, RelationKind::HasMany | RelationKind::HasOne));
        let mut found: Vec<&'static ForeignKey> = Vec::new();
        for relation in up.chain(down) {
            if let Ok(Some(key)) = relation.foreign_key()
                && !found.iter().any(|known| known.id == key.id && std::ptr::eq(known.parent, key.parent))
            {
                found.push(key);
            }
        }
        found
    }

    /// The child's parent is not known any more.
    pub(super) fn forget_up(&mut self, key: &'static ForeignKey, child: AnyKey) {
        for relation in key.up.iter().copied() {
            if self.field(child, relation.index).is_some_and(RelationField::is_loaded) {
                let before = self.known_keys(child, relation);
                self.change_field(child, relation, &mut |field| field.unload());
                self.log.push(Undo::Loaded { owner: child, relation: relation.index, before });
            }
        }
    }
}
