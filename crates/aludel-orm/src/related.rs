//! Queries by relationship: conditions and joins that the relationship knows by itself.

use aludel_core::Value;
use aludel_sql::schema::StaticColumn;
use aludel_sql::{Alias, AnySource, Expr, IntoExpr, Select, literal, not};

use crate::load::{link_conditions, on_key};
use crate::mapper::{Mapped, Mapper};
use crate::query::{Query, QueryOptions};
use crate::relation::{Collection, Link, Path, Rel, Relation, RelationKind, Scalar};

impl<A: Mapped, B: Mapped> Rel<A, B, Collection> {
    /// Whether there is an object on the other side that meets the condition: `EXISTS (…)`.
    pub fn any(self, condition: impl IntoExpr<bool>) -> Expr<bool> {
        exists(self.definition(), &table::<A>(), Some(wrapped(condition)))
    }

    /// As [`any`](Self::any), of the owner under another name.
    pub fn any_of(self, owner: &Alias<A>, condition: impl IntoExpr<bool>) -> Expr<bool> {
        exists(self.definition(), &owner.into(), Some(wrapped(condition)))
    }

    /// Whether there is any object on the other side.
    #[must_use]
    pub fn is_not_empty(self) -> Expr<bool> {
        exists(self.definition(), &table::<A>(), None)
    }

    /// Whether there is no object on the other side.
    #[must_use]
    pub fn is_empty(self) -> Expr<bool> {
        not(self.is_not_empty())
    }

    /// Whether this object is on the other side.
    #[must_use]
    pub fn contains(self, object: &B) -> Expr<bool> {
        let (relation, owner) = (self.definition(), table::<A>());
        match path(relation) {
            Path::Key(key) => {
                let columns = columns(A::mapper(), &key.refers_to);
                owner.is_all(&columns, values(object, &key.columns))
            }
            Path::Link(_) => exists(relation, &owner, Some(is_row(object))),
        }
    }
}

impl<A: Mapped, B: Mapped> Rel<A, B, Scalar> {
    /// Whether the object on the other side is there and meets the condition: `EXISTS (…)`.
    pub fn has(self, condition: impl IntoExpr<bool>) -> Expr<bool> {
        exists(self.definition(), &table::<A>(), Some(wrapped(condition)))
    }

    /// As [`has`](Self::has), of the owner under another name.
    pub fn has_of(self, owner: &Alias<A>, condition: impl IntoExpr<bool>) -> Expr<bool> {
        exists(self.definition(), &owner.into(), Some(wrapped(condition)))
    }

    /// Whether this object is on the other side. Of a many-to-one only the foreign key is compared.
    #[must_use]
    pub fn is(self, object: &B) -> Expr<bool> {
        let (relation, owner) = (self.definition(), table::<A>());
        match (path(relation), relation.kind()) {
            (Path::Key(key), RelationKind::BelongsTo) => {
                owner.is_all(&columns(A::mapper(), &key.columns), values(object, &key.refers_to))
            }
            (Path::Key(key), _) => owner.is_all(&columns(A::mapper(), &key.refers_to), values(object, &key.columns)),
            (Path::Link(_), _) => exists(relation, &owner, Some(is_row(object))),
        }
    }

    /// Whether nobody is on the other side. Of a many-to-one: whether the foreign key is NULL.
    #[must_use]
    pub fn is_none(self) -> Expr<bool> {
        let (relation, owner) = (self.definition(), table::<A>());
        match (path(relation), relation.kind()) {
            (Path::Key(key), RelationKind::BelongsTo) => {
                let nulls = columns(A::mapper(), &key.columns).into_iter().map(|column| owner.is_null(column));
                let mut nulls: Vec<_> = nulls.collect();
                match (nulls.pop(), nulls.is_empty()) {
                    (Some(only), true) => only,
                    (last, _) => aludel_sql::any_of(nulls.into_iter().chain(last)),
                }
            }
            _ => not(exists(relation, &owner, None)),
        }
    }

    /// Whether somebody is on the other side.
    #[must_use]
    pub fn is_some(self) -> Expr<bool> {
        not(self.is_none())
    }
}

impl<A: Mapped, B: Mapped, C> Rel<A, B, C> {
    /// Whether a row of the other side belongs to this object: `Address::select().filter(User::ADDRESSES.with_parent(&ed))`.
    #[must_use]
    pub fn with_parent(self, owner: &A) -> Expr<bool> {
        let relation = self.definition();
        let target = table::<B>();
        match (path(relation), relation.kind()) {
            (Path::Key(key), RelationKind::BelongsTo) => {
                target.is_all(&columns(B::mapper(), &key.refers_to), values(owner, &key.columns))
            }
            (Path::Key(key), _) => target.is_all(&columns(B::mapper(), &key.columns), values(owner, &key.refers_to)),
            (Path::Link(link), _) => {
                let between = AnySource::alias(link.table);
                let to: Vec<_> = columns(B::mapper(), &link.far_refers_to);
                let far = target.matches_all(&to, &between, &link.far);
                let near = between.is_all(&link.near, values(owner, &link.near_refers_to));
                aludel_sql::select(literal(1_i64)).from(&between).filter(far).filter(near).exists()
            }
        }
    }

    /// Whether the other side's row (under another name, where it says so) belongs to the owner's.
    #[must_use]
    pub fn on(self, owner: impl Into<AnySource>, target: impl Into<AnySource>) -> Expr<bool> {
        let (owner, target) = (owner.into(), target.into());
        match path(self.definition()) {
            Path::Key(key) => on_key(self.definition(), key, &owner, &target),
            Path::Link(_) => exists_between(self.definition(), &owner, &target),
        }
    }
}

/// Joins by relationship.
pub trait JoinRelated: Sized {
    /// `JOIN` of the other side, by way of the link table where there is one.
    #[must_use]
    fn join_related<A: Mapped, B: Mapped>(self, relationship: impl Link<A, B>) -> Self {
        self.join_source(relationship.relation(), &table::<A>(), &table::<B>(), false)
    }

    /// `LEFT JOIN` of the other side; read its columns with `optional()`.
    #[must_use]
    fn left_join_related<A: Mapped, B: Mapped>(self, relationship: impl Link<A, B>) -> Self {
        self.join_source(relationship.relation(), &table::<A>(), &table::<B>(), true)
    }

    /// `JOIN` of the other side under another name.
    #[must_use]
    fn join_related_as<A: Mapped, B: Mapped>(self, relationship: impl Link<A, B>, target: &Alias<B>) -> Self {
        self.join_source(relationship.relation(), &table::<A>(), &target.into(), false)
    }

    /// `LEFT JOIN` of the other side under another name; read its columns with `nullable()`, and all of them with `all().optional()`.
    #[must_use]
    fn left_join_related_as<A: Mapped, B: Mapped>(self, relationship: impl Link<A, B>, target: &Alias<B>) -> Self {
        self.join_source(relationship.relation(), &table::<A>(), &target.into(), true)
    }

    /// `JOIN` from the owner under another name to the other side under another name.
    #[must_use]
    fn join_related_from<A: Mapped, B: Mapped>(
        self,
        owner: &Alias<A>,
        relationship: impl Link<A, B>,
        target: &Alias<B>,
    ) -> Self {
        self.join_source(relationship.relation(), &owner.into(), &target.into(), false)
    }

    /// The join.
    #[doc(hidden)]
    #[must_use]
    fn join_source(self, relation: &'static Relation, owner: &AnySource, target: &AnySource, left: bool) -> Self;
}

impl<R> JoinRelated for Select<R> {
    fn join_source(self, relation: &'static Relation, owner: &AnySource, target: &AnySource, left: bool) -> Self {
        let attach = |select: Self, source: &AnySource, on: Expr<bool>| match left {
            true => select.left_join(source, on),
            false => select.join(source, on),
        };
        match path(relation) {
            Path::Key(key) => attach(self, target, on_key(relation, key, owner, target)),
            Path::Link(link) => {
                let between = AnySource::alias(link.table);
                let (near, far) = link_conditions(relation, link, owner, &between, target);
                attach(attach(self, &between, near), target, far)
            }
        }
    }
}

impl<R> JoinRelated for Query<R> {
    fn join_source(self, relation: &'static Relation, owner: &AnySource, target: &AnySource, left: bool) -> Self {
        self.into_query().map(|select| select.join_source(relation, owner, target, left))
    }
}

fn table<T: Mapped>() -> AnySource {
    AnySource::table(T::mapper().table())
}

/// What the relationship goes over. One whose columns don't fit is a mistake of the program, which the message explains.
fn path(relation: &'static Relation) -> &'static Path {
    match relation.path() {
        Ok(path) => path,
        Err(error) => panic!("{error}"),
    }
}

fn columns(mapper: &'static Mapper, at: &[usize]) -> Vec<&'static StaticColumn> {
    at.iter().map(|at| &mapper.columns()[*at]).collect()
}

fn values<T: Mapped>(object: &T, at: &[usize]) -> Vec<Value> {
    at.iter().map(|at| object.column_value(*at)).collect()
}

/// The condition that a row is this object's.
fn is_row<T: Mapped>(object: &T) -> Expr<bool> {
    let key = T::mapper().primary_key();
    table::<T>().is_all(&columns(T::mapper(), key), values(object, key))
}

fn wrapped(condition: impl IntoExpr<bool>) -> Expr<bool> {
    aludel_sql::any_of([condition])
}

/// `EXISTS (SELECT 1 FROM target WHERE … AND condition)`
fn exists(relation: &'static Relation, owner: &AnySource, condition: Option<Expr<bool>>) -> Expr<bool> {
    let target = relation.target();
    let conditions = relation.filter_condition().into_iter().chain(condition);
    // Where both sides are one table the condition is about the other one, which a query of its own keeps apart.
    let is_itself = std::ptr::eq(relation.owner().table().table, target.table().table);
    let (source, conditions): (AnySource, Vec<Expr<bool>>) = match is_itself {
        true => {
            let plain = AnySource::table(target.table());
            let begin = Select::nothing().besides(plain.all()).correlate_nothing();
            let query = conditions.fold(begin, Select::filter);
            (AnySource::query(target.table(), query), Vec::new())
        }
        false => (AnySource::table(target.table()), conditions.collect()),
    };
    let select = aludel_sql::select(literal(1_i64)).from(&source);
    let select = match path(relation) {
        Path::Key(key) => select.filter(on_key(relation, key, owner, &source)),
        Path::Link(link) => {
            let between = AnySource::alias(link.table);
            let (near, far) = link_conditions(relation, link, owner, &between, &source);
            select.join(&between, far).filter(near)
        }
    };
    conditions.into_iter().fold(select, Select::filter).exists()
}

/// Whether a link table connects two rows.
fn exists_between(relation: &'static Relation, owner: &AnySource, target: &AnySource) -> Expr<bool> {
    match path(relation) {
        Path::Key(key) => on_key(relation, key, owner, target),
        Path::Link(link) => {
            let between = AnySource::alias(link.table);
            let (near, far) = link_conditions(relation, link, owner, &between, target);
            aludel_sql::select(literal(1_i64)).from(&between).filter(near).filter(far).exists()
        }
    }
}
