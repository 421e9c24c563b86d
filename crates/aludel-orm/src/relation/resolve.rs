//! What a relationship comes to: which columns refer to which, and who else speaks of the same foreign key.

use aludel_core::{Result, UsageError};
use aludel_sql::schema::{Action, StaticColumn, Target};

use super::{Relation, RelationKind};
use crate::arena::ForeignKeyId;
use crate::mapper::Mapper;

/// A foreign key between two entities, with every relationship that goes over it.
#[derive(Debug)]
pub(crate) struct ForeignKey {
    pub(crate) id: ForeignKeyId,
    pub(crate) child: &'static Mapper,
    pub(crate) parent: &'static Mapper,
    /// Positions of the columns that refer, in the child's table.
    pub(crate) columns: Vec<usize>,
    /// Positions of the columns that are referred to, in the parent's table.
    pub(crate) refers_to: Vec<usize>,
    /// Whether they are the parent's primary key, in its order.
    pub(crate) is_to_primary: bool,
    /// Which of the columns are set to NULL when there is no parent: all that may be. None of them where none may.
    pub(crate) nulls: Vec<usize>,
    /// Whether no two rows of the child's table have the same.
    pub(crate) is_unique: bool,
    /// Whether the database changes it along with the key that it refers to.
    pub(crate) cascades_updates: bool,
    /// Relationships of the parent to its children.
    pub(crate) down: Vec<&'static Relation>,
    /// Relationships of the child to its parent.
    pub(crate) up: Vec<&'static Relation>,
}

impl ForeignKey {
    /// Whether there may be no parent.
    pub(crate) fn is_nullable(&self) -> bool {
        !self.nulls.is_empty()
    }

    /// Whether it is set by an UPDATE of its own, whatever the order of the tables.
    pub(crate) fn is_later(&self) -> bool {
        self.up.iter().chain(&self.down).any(|relation| relation.post_update)
    }
}

/// Which link table, by its two foreign keys; the same for both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LinkId(ForeignKeyId, ForeignKeyId);

/// A link table between two entities.
#[derive(Debug)]
pub(crate) struct LinkTable {
    pub(crate) id: LinkId,
    /// Whether the relationship goes the other way than the id's foreign keys stand.
    pub(crate) is_turned: bool,
    pub(crate) table: &'static StaticColumn,
    /// The columns that lead to the owner, and the positions of those they refer to.
    pub(crate) near: Vec<&'static StaticColumn>,
    pub(crate) near_refers_to: Vec<usize>,
    /// The columns that lead to the target, and the positions of those they refer to.
    pub(crate) far: Vec<&'static StaticColumn>,
    pub(crate) far_refers_to: Vec<usize>,
    /// The same relationship from the other side.
    pub(crate) reverse: Vec<&'static Relation>,
    /// The same relationship from this side.
    pub(crate) same: Vec<&'static Relation>,
}

/// What a relationship goes over.
#[derive(Debug)]
pub(crate) enum Path {
    Key(ForeignKey),
    Link(LinkTable),
}

impl Relation {
    /// What the relationship goes over.
    ///
    /// # Errors
    /// When its columns don't refer to the other side.
    pub(crate) fn path(&'static self) -> Result<&'static Path> {
        if let Some(path) = self.path.get() {
            return Ok(path);
        }
        let path = resolve(self)?;
        Ok(self.path.get_or_init(|| path))
    }

    /// The foreign key, of a relationship that has no link table.
    pub(crate) fn foreign_key(&'static self) -> Result<Option<&'static ForeignKey>> {
        Ok(match self.path()? {
            Path::Key(key) => Some(key),
            Path::Link(_) => None,
        })
    }

    /// Whether a join may give an owner several times: a collection, or a one-to-one relationship that the database doesn't
    /// keep to be one.
    pub(crate) fn may_repeat(&'static self) -> bool {
        match (self.kind, self.path()) {
            (RelationKind::HasOne, Ok(Path::Key(key))) => !key.is_unique,
            _ => self.is_collection(),
        }
    }

    /// The positions of the owner's columns that the relationship begins at.
    pub(crate) fn near(&'static self) -> Result<&'static [usize]> {
        Ok(match (self.path()?, self.kind) {
            (Path::Key(key), RelationKind::BelongsTo) => &key.columns,
            (Path::Key(key), _) => &key.refers_to,
            (Path::Link(link), _) => &link.near_refers_to,
        })
    }
}

fn resolve(relation: &'static Relation) -> Result<Path> {
    let (owner, target) = (relation.owner(), relation.target());
    let columns = (relation.columns)();
    if relation.kind == RelationKind::ManyToMany {
        let far = relation.far.map(|far| far()).unwrap_or_default();
        let (Some(link), false) = (relation.link, far.is_empty()) else {
            return Err(wrong(relation, "names no columns of a link table"));
        };
        let (one, other) = (ForeignKeyId::of(&columns), ForeignKeyId::of(&far));
        return Ok(Path::Link(LinkTable {
            id: LinkId(one.min(other), one.max(other)),
            is_turned: one > other,
            table: link(),
            near_refers_to: refers_to(relation, &columns, owner)?,
            far_refers_to: refers_to(relation, &far, target)?,
            reverse: over_link(target, &far, &columns),
            same: over_link(owner, &columns, &far),
            near: columns,
            far,
        }));
    }
    let (child, parent) = if relation.kind == RelationKind::BelongsTo { (owner, target) } else { (target, owner) };
    let id = ForeignKeyId::of(&columns);
    let over_key = |mapper: &'static Mapper, other: &'static Mapper, up: bool| {
        let is_it = |candidate: &&'static Relation| {
            (candidate.kind == RelationKind::BelongsTo) == up
                && candidate.kind != RelationKind::ManyToMany
                && !candidate.view_only
                && std::ptr::eq(candidate.target(), other)
                && ForeignKeyId::of(&(candidate.columns)()) == id
        };
        mapper.all().filter(is_it).collect()
    };
    let refers_to = refers_to(relation, &columns, parent)?;
    Ok(Path::Key(ForeignKey {
        is_to_primary: refers_to == parent.primary_key(),
        id,
        child,
        parent,
        refers_to,
        nulls: columns.iter().filter(|column| column.def().nullable).map(|column| column.index()).collect(),
        is_unique: is_unique(&columns),
        cascades_updates: cascades_updates(&columns),
        down: over_key(parent, child, false),
        up: over_key(child, parent, true),
        columns: columns.iter().map(|column| column.index()).collect(),
    }))
}

/// Whether a table has a key that is no more than these columns.
fn is_unique(columns: &[&'static StaticColumn]) -> bool {
    let Some(table) = columns.first().map(|first| first.table) else { return false };
    let has = |key: &[usize]| {
        !key.is_empty() && key.iter().all(|column| columns.iter().any(|other| other.index() == *column))
    };
    has(&table.primary_key) || table.uniques.iter().any(|unique| has(&unique.columns))
}

/// Whether the database changes a foreign key along with the key that it refers to.
fn cascades_updates(columns: &[&'static StaticColumn]) -> bool {
    let Some(first) = columns.first() else { return false };
    let keys = first.table.foreign_keys.iter();
    let mut same = keys.filter(|key| {
        key.columns.len() == columns.len() && columns.iter().all(|column| key.columns.contains(&column.index()))
    });
    same.any(|key| key.on_update == Some(Action::Cascade))
}

/// The relationships of an entity over a link table in this direction.
fn over_link(
    mapper: &'static Mapper,
    near: &[&'static StaticColumn],
    far: &[&'static StaticColumn],
) -> Vec<&'static Relation> {
    let (near, far) = (ForeignKeyId::of(near), ForeignKeyId::of(far));
    let is_it = |candidate: &&'static Relation| {
        candidate.kind == RelationKind::ManyToMany
            && !candidate.view_only
            && ForeignKeyId::of(&(candidate.columns)()) == near
            && candidate.far.is_some_and(|columns| ForeignKeyId::of(&columns()) == far)
    };
    mapper.all().filter(is_it).collect()
}

/// The positions of the parent's columns that a foreign key refers to.
fn refers_to(relation: &Relation, columns: &[&'static StaticColumn], parent: &'static Mapper) -> Result<Vec<usize>> {
    let Some(first) = columns.first() else {
        return Err(wrong(relation, "names no columns"));
    };
    let table = first.table;
    let parent_table: &'static aludel_sql::schema::Table = parent.table().table;
    let positions: Vec<usize> = columns.iter().map(|column| column.index()).collect();
    for key in table.foreign_keys.iter() {
        let Target::Columns(targets) = &key.target else { continue };
        let targets = targets();
        let is_to_parent = targets.first().is_some_and(|target| std::ptr::eq(target.table, parent_table));
        if !is_to_parent || key.columns.len() != positions.len() {
            continue;
        }
        // Column for column, in whatever order the two name them.
        let found: Option<Vec<usize>> = positions
            .iter()
            .map(|position| {
                let at = key.columns.iter().position(|column| column == position)?;
                targets.get(at).map(|target| target.index())
            })
            .collect();
        if let Some(found) = found {
            return Ok(found);
        }
    }
    let key = parent.primary_key();
    if key.len() == positions.len() {
        return Ok(key.to_vec());
    }
    let (wanted, found) = (key.len(), positions.len());
    Err(wrong(relation, &format!("names {found} column(s), and the key of {} has {wanted}", parent.name())))
}

#[cold]
fn wrong(relation: &Relation, what: &str) -> aludel_core::Error {
    UsageError::new(format!(
        "the relationship {} {what}: name the columns of a foreign key, in the attribute of its field",
        relation.full_name()
    ))
    .into()
}
