//! What a flush is about: links that were made by hand, orphans, and what cascades.

use std::panic::Location;

use aludel_core::Result;
use hashbrown::HashMap;

use crate::arena::{AnyKey, Displaced, LinkChange, State};
use crate::key::RawKey;
use crate::relation::{LinkTable, Path, Relation, RelationKind};
use crate::session::Session;

impl Session {
    /// Finds everything that a flush has to do. It may read what deletions cascade to.
    pub(crate) async fn gather(&mut self, at: &'static Location<'static>) -> Result<()> {
        self.arena.reconsider();
        let mut replaced = self.arena.replaced_unloaded();
        while let Some(relation) = replaced.first().map(|replaced| replaced.relation) {
            let (same, others): (Vec<_>, _) =
                replaced.into_iter().partition(|other| std::ptr::eq(other.relation, relation));
            let owners: Vec<RawKey> = same.iter().map(|replaced| replaced.owner.raw).collect();
            // Who is out is taken out when the new ones are taken over.
            self.load_relation(relation, &owners, at).await?;
            replaced = others;
        }
        self.leave_kinds(at).await?;
        self.arena.settle()?;
        self.displace(at).await?;
        self.doom_orphans()?;
        self.cascade(at).await?;
        self.arena.set_aside();
        self.number_positions(at).await
    }

    /// Objects that are of another kind now lose what their old kind had and nobody has loaded.
    async fn leave_kinds(&mut self, at: &'static Location<'static>) -> Result<()> {
        self.arena.leave_new_rows();
        for (owner, relation) in self.arena.left_kinds() {
            let known = self.arena.kind_row(relation, owner).filter(|_| !self.events.has_row_listeners());
            match known {
                Some(row) => self.arena.doom(row),
                None => {
                    let table = self.arena.target_id(relation);
                    for raw in self.load_relation(relation, &[owner.raw], at).await? {
                        self.arena.doom(AnyKey { table, raw });
                    }
                }
            }
        }
        Ok(())
    }

    /// Who was in a one-to-one relationship that was not loaded and has somebody else now is taken out of it.
    async fn displace(&mut self, at: &'static Location<'static>) -> Result<()> {
        let mut displaced = self.arena.displaced.clone();
        while let Some(relation) = displaced.first().map(|displaced| displaced.relation) {
            let (same, others) = displaced.into_iter().partition(|other| std::ptr::eq(other.relation, relation));
            self.displace_all(relation, same, at).await?;
            displaced = others;
        }
        Ok(())
    }

    async fn displace_all(
        &mut self,
        relation: &'static Relation,
        displaced: Vec<Displaced>,
        at: &'static Location<'static>,
    ) -> Result<()> {
        let Some(key) = relation.foreign_key()? else { return Ok(()) };
        let places: HashMap<AnyKey, AnyKey, foldhash::fast::RandomState> =
            displaced.iter().map(|displaced| (displaced.owner, displaced.child)).collect();
        let owners: Vec<RawKey> = displaced.iter().map(|displaced| displaced.owner.raw).collect();
        let table = self.arena.target_id(relation);
        let mut others = self.load_relation(relation, &owners, at).await?;
        // Those that were linked before whoever came last.
        others.extend(self.arena.placed_under(key, |owner| places.contains_key(&owner)));
        for raw in others {
            let other = AnyKey { table, raw };
            let child = self.arena.parent(key, other).and_then(|owner| places.get(&owner));
            if child.is_some_and(|child| *child != other) {
                self.arena.detach(key, other)?;
            }
        }
        for Displaced { owner, child, .. } in displaced {
            let is_here = self.arena.slot_of(child).is_some_and(|slot| {
                matches!(self.arena.any(child.table).state(slot), State::Persistent | State::Pending)
            });
            if is_here && self.arena.parent(key, child) == Some(owner) {
                self.arena.join_parent(key, child, owner);
            }
        }
        Ok(())
    }

    /// Objects that were taken out of a relationship with delete-orphan and are in no other.
    fn doom_orphans(&mut self) -> Result<()> {
        for (child, relation) in self.arena.orphans.clone() {
            let Some(key) = relation.foreign_key()? else { continue };
            if self.arena.slot_of(child).is_some() && self.arena.parent(key, child).is_none() {
                self.arena.doom_along(child);
            }
        }
        Ok(())
    }

    /// What is deleted along, or loses its parent.
    async fn cascade(&mut self, at: &'static Location<'static>) -> Result<()> {
        let mut done: Vec<usize> = Vec::new();
        loop {
            let mut found = None;
            for (id, table) in self.arena.tables() {
                let seen = done.get(id as usize).copied().unwrap_or(0);
                if table.doomed().len() > seen {
                    found = Some((id, table.doomed()[seen..].to_vec()));
                    break;
                }
            }
            let Some((id, slots)) = found else { return Ok(()) };
            done.resize(self.arena.table_count() as usize, 0);
            done[id as usize] += slots.len();
            let mapper = self.arena.any(id).mapper();
            let owners: Vec<RawKey> = slots.iter().filter_map(|slot| self.arena.any(id).key(*slot)).collect();
            for relation in mapper.all().filter(|relation| !relation.view_only) {
                self.cascade_over(relation, id, &owners, at).await?;
            }
        }
    }

    async fn cascade_over(
        &mut self,
        relation: &'static Relation,
        table: u32,
        owners: &[RawKey],
        at: &'static Location<'static>,
    ) -> Result<()> {
        if relation.kind == RelationKind::BelongsTo && !relation.cascade.delete {
            return Ok(());
        }
        let unloaded: Vec<RawKey> = owners
            .iter()
            .copied()
            .filter(|owner| {
                let owner = AnyKey { table, raw: *owner };
                // Of another kind than the relationship is about, it has nothing there.
                self.arena.field(owner, relation.index).is_some_and(|field| {
                    !field.is_loaded() || !relation.passive_deletes && field.epoch() != self.arena.epoch()
                })
            })
            .collect();
        let mut unloaded = unloaded;
        if relation.is_kind() && !self.events.has_row_listeners() {
            unloaded.retain(|owner| !self.arena.stand_in(relation, AnyKey { table, raw: *owner }));
        }
        if !unloaded.is_empty() && !relation.passive_deletes {
            self.load_relation(relation, &unloaded, at).await?;
        }
        let target = self.arena.target_id(relation);
        for owner in owners {
            let owner = AnyKey { table, raw: *owner };
            let others = self.arena.field(owner, relation.index).map(|field| field.keys().to_vec()).unwrap_or_default();
            for other in others {
                let other = AnyKey { table: target, raw: other };
                match relation.path()? {
                    Path::Link(link) => {
                        self.arena.leave_partner(link, owner, other);
                        self.delete_link(relation, link, owner, other);
                    }
                    Path::Key(key) if relation.cascade.delete => {
                        if relation.kind == RelationKind::BelongsTo || !self.arena.has_left(key, other, owner) {
                            self.arena.doom_along(other);
                        }
                    }
                    Path::Key(key) => {
                        let is_there = self.arena.slot_of(other).is_some_and(|slot| {
                            matches!(self.arena.any(other.table).state(slot), State::Persistent | State::Pending)
                        });
                        if is_there && self.arena.parent(key, other) == Some(owner) {
                            self.arena.detach(key, other)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// The row of a link table goes with its owner. The owner's list stays as it is, to be read until the commit.
    fn delete_link(&mut self, relation: &'static Relation, link: &LinkTable, owner: AnyKey, target: AnyKey) {
        self.arena.links.delete(link, LinkChange { relation, owner, target, added: false });
    }
}
