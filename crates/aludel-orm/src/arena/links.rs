//! Rows of link tables that the next flush adds or deletes.

use hashbrown::{HashMap, HashSet};

use super::{AnyKey, Arena};
use crate::relation::{LinkId, LinkTable, Path, Relation};

/// A row of a link table that the next flush adds or deletes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LinkChange {
    pub(crate) relation: &'static Relation,
    pub(crate) owner: AnyKey,
    pub(crate) target: AnyKey,
    pub(crate) added: bool,
}

impl LinkChange {
    /// The same change as another relationship over the same link table tells it.
    pub(crate) fn turned_to(&self, relation: &'static Relation) -> Option<Self> {
        let (Ok(Path::Link(own)), Ok(Path::Link(other))) = (self.relation.path(), relation.path()) else {
            return None;
        };
        if own.id != other.id {
            return None;
        }
        let (owner, target) = match own.is_turned == other.is_turned {
            true => (self.owner, self.target),
            false => (self.target, self.owner),
        };
        Some(Self { relation, owner, target, added: self.added })
    }
}

/// The changes, in their order, each pair of a link table once.
#[derive(Default)]
pub(crate) struct Links {
    /// None where a change was called off.
    changes: Vec<Option<LinkChange>>,
    places: HashMap<(LinkId, AnyKey, AnyKey), usize, foldhash::fast::RandomState>,
    /// Pairs that were to be added before one of them was deleted.
    called_off: HashSet<(LinkId, AnyKey, AnyKey), foldhash::fast::RandomState>,
}

impl Links {
    pub(crate) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &LinkChange> {
        self.changes.iter().flatten()
    }

    /// Whether the pair's row is to be added, or deleted, if there is a change of it.
    pub(crate) fn find(&self, link: &LinkTable, owner: AnyKey, target: AnyKey) -> Option<bool> {
        let place = *self.places.get(&name(link, owner, target))?;
        self.changes[place].map(|change| change.added)
    }

    /// Notes a change, or calls the opposite one off.
    pub(crate) fn note(&mut self, link: &LinkTable, change: LinkChange) {
        let name = name(link, change.owner, change.target);
        match self.find(link, change.owner, change.target) {
            Some(added) if added != change.added => {
                if let Some(place) = self.places.remove(&name) {
                    self.changes[place] = None;
                }
            }
            Some(_) => {}
            None => {
                self.places.insert(name, self.changes.len());
                self.changes.push(Some(change));
            }
        }
    }

    /// Notes that a row goes because one of its sides is deleted, however often that is found out. A row that was to be added
    /// is not added, and is not there to be deleted.
    pub(crate) fn delete(&mut self, link: &LinkTable, change: LinkChange) {
        let name = name(link, change.owner, change.target);
        if self.find(link, change.owner, change.target) == Some(true) {
            self.called_off.insert(name);
        }
        if !self.called_off.contains(&name) || self.find(link, change.owner, change.target) == Some(true) {
            self.note(link, change);
        }
    }

    /// Forgets the changes of an object that is not there any more.
    pub(crate) fn forget(&mut self, key: AnyKey) {
        if self.is_empty() {
            return;
        }
        self.places.retain(|(_, one, other), place| {
            let is_kept = *one != key && *other != key;
            if !is_kept {
                self.changes[*place] = None;
            }
            is_kept
        });
    }

    pub(crate) fn clear(&mut self) {
        self.changes.clear();
        self.places.clear();
        self.called_off.clear();
    }
}

/// The two sides of a pair in the order that is the same for both directions.
fn name(link: &LinkTable, owner: AnyKey, target: AnyKey) -> (LinkId, AnyKey, AnyKey) {
    if link.is_turned { (link.id, target, owner) } else { (link.id, owner, target) }
}

impl Arena {
    /// Adds or deletes a row of a link table, and puts the lists of both sides right.
    pub(super) fn change_link(
        &mut self,
        relation: &'static Relation,
        link: &'static LinkTable,
        owner: AnyKey,
        target: AnyKey,
        added: bool,
        at: Option<usize>,
    ) {
        if self.slot_of(owner).is_none() || self.slot_of(target).is_none() {
            return;
        }
        let is_moved = at.is_some() && self.is_as_wanted(link, owner, target, added);
        for same in &link.same {
            let at = at.filter(|_| std::ptr::eq(*same, relation));
            match added {
                true => {
                    self.put_into_list(owner, same, target.raw, at);
                }
                false => self.take_from_list(owner, same, target.raw),
            }
        }
        for reverse in &link.reverse {
            match added {
                true => {
                    self.put_into_list(target, reverse, owner.raw, None);
                }
                false => self.take_from_list(target, reverse, owner.raw),
            }
        }
        if !is_moved {
            self.links.note(link, LinkChange { relation, owner, target, added });
        }
    }

    /// Whether two objects are linked, or not, already: by what was changed here, or as a loaded list says.
    pub(super) fn is_as_wanted(
        &mut self,
        link: &'static LinkTable,
        owner: AnyKey,
        target: AnyKey,
        linked: bool,
    ) -> bool {
        if let Some(change) = self.links.find(link, owner, target) {
            return change == linked;
        }
        let sides = link.same.iter().map(|same| (owner, same, target.raw));
        let sides = sides.chain(link.reverse.iter().map(|reverse| (target, reverse, owner.raw)));
        sides.into_iter().any(|(of, relation, key)| {
            let field = self.field_mut(of, relation.index).filter(|field| field.is_loaded());
            field.is_some_and(|field| field.has_key(key) == linked && (linked || field.epoch() != 0))
        })
    }
}
