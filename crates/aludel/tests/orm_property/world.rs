//! The model beside the session: what the program means, and what a flush makes of it.

use std::collections::{BTreeMap, BTreeSet};

/// The entities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    User,
    Address,
    Profile,
    Order,
    Tag,
    Doc,
    Line,
}

pub(crate) const KINDS: [Kind; 7] =
    [Kind::User, Kind::Address, Kind::Profile, Kind::Order, Kind::Tag, Kind::Doc, Kind::Line];

/// What a foreign key leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parent {
    Nobody,
    Thing(usize),
    /// A key set by hand that no row has.
    Nowhere,
}

/// A key that no row has.
pub(crate) const NOWHERE: i64 = 987_654_321;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    /// Added and not flushed.
    New,
    /// A row of the database.
    Row,
    /// A row that the next flush deletes.
    Doomed,
    Gone,
}

/// An object, or a row that is no object of the session.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Thing {
    pub(crate) kind: Kind,
    pub(crate) life: Life,
    pub(crate) id: Option<i64>,
    /// Of a line its number.
    pub(crate) no: i64,
    /// No two things have the same.
    pub(crate) text: String,
    /// Of a user the age.
    pub(crate) number: Option<i64>,
    pub(crate) parent: Parent,
    /// Of a document.
    pub(crate) version: i64,
    /// The session knows its parent only at the next flush: a key set by hand, a value in a list.
    pub(crate) unsettled: bool,
    /// The session has been told its parent, and its column does not say it yet.
    pub(crate) told: bool,
    /// A list of its own was assigned, which is taken over at the next flush.
    pub(crate) assigned: bool,
    /// It is a value in a list, and no object of the session yet.
    pub(crate) is_value: bool,
}

impl Thing {
    pub(crate) fn new(kind: Kind, text: String) -> Self {
        let (life, parent) = (Life::New, Parent::Nobody);
        let (id, number) = (None, None);
        let (unsettled, told, assigned, is_value) = (false, false, false, false);
        Self { kind, life, id, no: 0, text, number, parent, version: 1, unsettled, told, assigned, is_value }
    }

    pub(crate) fn is_here(&self) -> bool {
        matches!(self.life, Life::New | Life::Row)
    }

    pub(crate) fn is_bad(&self) -> bool {
        self.text.starts_with("bad") || self.parent == Parent::Nowhere
    }
}

impl Kind {
    /// The entity that its foreign key leads to.
    pub(crate) fn parent(self) -> Option<Self> {
        match self {
            Self::User | Self::Address | Self::Profile | Self::Order => Some(Self::User),
            Self::Line => Some(Self::Doc),
            Self::Tag | Self::Doc => None,
        }
    }

    /// Whether it goes with its parent, and can't be without one.
    pub(crate) fn is_owned(self) -> bool {
        matches!(self, Self::Address | Self::Line)
    }
}

/// What a flush will come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forecast {
    Fine,
    /// The database must refuse something.
    Refused,
    /// Statements come in an order that the database may refuse.
    Unsure,
}

/// Everything there is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct World {
    pub(crate) things: Vec<Thing>,
    /// Orders and their tags.
    pub(crate) links: BTreeSet<(usize, usize)>,
}

impl World {
    pub(crate) fn add(&mut self, thing: Thing) -> usize {
        self.things.push(thing);
        self.things.len() - 1
    }

    pub(crate) fn all(&self, is_wanted: impl Fn(&Thing) -> bool) -> Vec<usize> {
        (0..self.things.len()).filter(|at| is_wanted(&self.things[*at])).collect()
    }

    pub(crate) fn here(&self, kind: Kind) -> Vec<usize> {
        self.all(|thing| thing.kind == kind && thing.is_here())
    }

    pub(crate) fn children(&self, parent: usize, kind: Kind) -> Vec<usize> {
        self.all(|thing| thing.kind == kind && thing.is_here() && thing.parent == Parent::Thing(parent))
    }

    pub(crate) fn links_of(&self, at: usize) -> Vec<(usize, usize)> {
        self.links.iter().copied().filter(|(order, tag)| *order == at || *tag == at).collect()
    }

    /// Whether values stand in its lists.
    pub(crate) fn has_values(&self, at: usize) -> bool {
        let is_value = |other: usize| self.things[other].is_value && self.things[other].is_here();
        self.things[at].assigned
            || self.all(|thing| thing.parent == Parent::Thing(at)).into_iter().any(is_value)
            || self.links_of(at).into_iter().any(|(order, tag)| is_value(if order == at { tag } else { order }))
    }

    /// Whether a key was set by hand that makes something its child.
    pub(crate) fn has_unsettled(&self, at: usize, kind: Kind) -> bool {
        self.children(at, kind).into_iter().any(|child| self.things[child].unsettled)
    }

    /// Gives a thing a parent, the way that `link` does.
    pub(crate) fn attach(&mut self, child: usize, parent: usize) {
        if self.things[child].kind == Kind::Profile {
            for other in self.children(parent, Kind::Profile) {
                if self.things[other].is_value {
                    self.delete(other);
                } else if other != child {
                    self.things[other].parent = Parent::Nobody;
                    self.things[other].unsettled = true;
                }
            }
        }
        // A value that was to be its parent has gone.
        if let Some(value) = self.value_parent(child) {
            self.delete(value);
        }
        self.things[child].parent = Parent::Thing(parent);
        self.things[child].told |= self.things[parent].life == Life::New;
    }

    /// The value in the object's own field for its parent.
    pub(crate) fn value_parent(&self, child: usize) -> Option<usize> {
        match self.things[child].parent {
            Parent::Thing(parent) if self.things[parent].is_value => Some(parent),
            _ => None,
        }
    }

    /// Takes a thing away: a row is deleted at the next flush, a new one with what belongs to it goes at once.
    pub(crate) fn delete(&mut self, at: usize) {
        match self.things[at].life {
            Life::Row => self.things[at].life = Life::Doomed,
            Life::New => {
                self.things[at].life = Life::Gone;
                let partners: Vec<(usize, usize)> = self.links_of(at);
                self.links.retain(|(order, tag)| *order != at && *tag != at);
                if let Some(value) = self.value_parent(at) {
                    self.delete(value);
                }
                for (order, tag) in partners {
                    let partner = if order == at { tag } else { order };
                    if self.things[partner].is_value {
                        self.delete(partner);
                    }
                }
                for child in self.all(|thing| thing.is_here() && thing.parent == Parent::Thing(at)) {
                    self.things[child].parent = Parent::Nobody;
                    if self.things[child].kind.is_owned() || self.things[child].is_value {
                        self.delete(child);
                    }
                }
            }
            Life::Doomed | Life::Gone => {}
        }
    }

    /// What a flush does: orphans and what cascades go, then everything is a row. `before` is what the database has.
    pub(crate) fn flush(&mut self, before: &Self) {
        for orphan in self.all(|thing| thing.kind.is_owned() && thing.is_here() && thing.parent == Parent::Nobody) {
            self.delete(orphan);
        }
        loop {
            let doomed = self.all(|thing| thing.life == Life::Doomed);
            if doomed.is_empty() {
                break;
            }
            for at in doomed {
                self.things[at].life = Life::Gone;
                self.links.retain(|(order, tag)| *order != at && *tag != at);
                for child in self.all(|thing| thing.is_here() && thing.parent == Parent::Thing(at)) {
                    if self.things[child].kind.is_owned() {
                        self.delete(child);
                    } else {
                        self.things[child].parent = Parent::Nobody;
                    }
                }
            }
        }
        for at in 0..self.things.len() {
            let thing = &mut self.things[at];
            thing.unsettled = false;
            thing.assigned = false;
            thing.told = false;
            thing.is_value = false;
            match thing.life {
                Life::New => thing.life = Life::Row,
                Life::Row if thing.kind == Kind::Doc => {
                    let was = &before.things[at];
                    thing.version = if was.text == thing.text { was.version } else { was.version + 1 };
                }
                _ => {}
            }
        }
    }

    /// What a flush of this will come to, where the database has what `before` says.
    pub(crate) fn forecast(&self, before: &Self) -> Forecast {
        let mut after = self.clone();
        after.flush(before);
        let rows = after.all(|thing| thing.life == Life::Row);
        if rows.iter().any(|at| after.things[*at].is_bad()) {
            return Forecast::Refused;
        }
        let key = |world: &Self, at: usize| match world.things[at].parent {
            Parent::Thing(doc) => (doc, world.things[at].no),
            _ => (usize::MAX, 0),
        };
        let mut keys = BTreeMap::new();
        for line in after.here(Kind::Line) {
            if keys.insert(key(&after, line), line).is_some() {
                return Forecast::Refused;
            }
        }
        // A key that another row has until later in the flush.
        if before.here(Kind::Line).iter().any(|at| keys.get(&key(before, *at)).is_some_and(|other| other != at)) {
            return Forecast::Unsure;
        }
        if before.has_circle_of(&after) {
            return Forecast::Unsure;
        }
        Forecast::Fine
    }

    /// Whether rows that go refer to each other in a circle.
    fn has_circle_of(&self, after: &Self) -> bool {
        let goes = |at: usize| self.things[at].life == Life::Row && after.things[at].life == Life::Gone;
        self.here(Kind::User).into_iter().filter(|at| goes(*at)).any(|start| {
            let (mut at, mut steps) = (start, 0);
            while let Parent::Thing(next) = self.things[at].parent {
                steps += 1;
                if next == at || !goes(next) || steps > self.things.len() {
                    return false;
                }
                if next == start {
                    return true;
                }
                at = next;
            }
            false
        })
    }

    /// The value of a foreign key.
    pub(crate) fn foreign_key(&self, at: usize) -> Option<i64> {
        match self.things[at].parent {
            Parent::Nobody => None,
            Parent::Thing(parent) => self.things[parent].id,
            Parent::Nowhere => Some(NOWHERE),
        }
    }

    /// The rows as the database dumps them.
    pub(crate) fn rows(&self) -> Vec<String> {
        let or_dash = |value: Option<i64>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
        let mut rows = Vec::new();
        for (at, thing) in self.things.iter().enumerate() {
            if !matches!(thing.life, Life::Row | Life::Doomed) {
                continue;
            }
            let Thing { text, no, version, .. } = thing;
            let (id, parent) = (or_dash(thing.id), or_dash(self.foreign_key(at)));
            rows.push(match thing.kind {
                Kind::User => format!("user {id} {text} {} {parent}", or_dash(thing.number)),
                Kind::Address => format!("address {id} {text} {parent}"),
                Kind::Profile => format!("profile {id} {text} {parent}"),
                Kind::Order => format!("order {id} {text} {parent}"),
                Kind::Tag => format!("tag {id} {text}"),
                Kind::Doc => format!("doc {id} {text} {version}"),
                Kind::Line => format!("line {parent} {no} {text}"),
            });
        }
        let id = |at: &usize| or_dash(self.things[*at].id);
        rows.extend(self.links.iter().map(|(order, tag)| format!("order_tag {} {}", id(order), id(tag))));
        rows.sort_unstable();
        rows
    }
}
