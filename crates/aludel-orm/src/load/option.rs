//! What a program writes.

use std::marker::PhantomData;

use aludel_sql::{AnySource, Expr, IntoExpr};

use super::{LoadPlan, LoadSpec, Strategy};
use crate::mapper::Mapped;
use crate::relation::{Link, Rel};

/// Keys in one statement of [`selectinload`], if nothing else is said.
pub(crate) const CHUNK: usize = 500;

/// A relationship of `A` to load, or a path of several; `B` is the entity at its end.
///
/// The path goes on with the methods of the same names, and branches with [`options`](Self::options):
///
/// ```
/// # use aludel::prelude::*;
/// # #[derive(Entity, Clone, Debug)]
/// # struct User {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     #[has_many(Order::USER_ID)]
/// #     orders: Many<Order>,
/// # }
/// # #[derive(Entity, Clone, Debug)]
/// # struct Order {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     #[column(references = User::ID)]
/// #     user_id: i64,
/// #     #[belongs_to(Order::USER_ID)]
/// #     customer: One<User>,
/// #     #[has_many(Item::ORDER_ID)]
/// #     items: Many<Item>,
/// # }
/// # #[derive(Entity, Clone, Debug)]
/// # struct Item {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     #[column(references = Order::ID)]
/// #     order_id: i64,
/// # }
/// let option = selectinload(User::ORDERS).options((selectinload(Order::ITEMS), joinedload(Order::CUSTOMER)));
/// let query = User::select().options(option);
/// ```
#[derive(Debug)]
#[must_use = "an option does nothing until it is given to a query"]
pub struct Load<A, B> {
    /// From the first relationship to the last.
    path: Vec<LoadSpec>,
    marker: PhantomData<fn() -> (A, B)>,
}

impl<A, B> Clone for Load<A, B> {
    fn clone(&self) -> Self {
        Self { path: self.path.clone(), marker: PhantomData }
    }
}

/// One or several loader options for the entity `A`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a loader option",
    label = "expected `selectinload(…)`, `joinedload(…)`, `load_only(…)` or a tuple of such"
)]
pub trait LoadOption<A> {
    /// Puts the option into a plan.
    #[doc(hidden)]
    fn apply(self, plan: &mut LoadPlan);
}

impl<A, B> LoadOption<A> for Load<A, B> {
    fn apply(self, plan: &mut LoadPlan) {
        if let Some(spec) = self.into_spec() {
            spec.join(&mut plan.loads);
        }
    }
}

macro_rules! tuples {
    ($($name:ident $marker:ident)+) => {
        impl<$($marker,)+ $($name: LoadOption<$marker>),+> LoadOption<($($marker,)+)> for ($($name,)+) {
            #[allow(non_snake_case, reason = "one variable per type parameter")]
            fn apply(self, plan: &mut LoadPlan) {
                let ($($name,)+) = self;
                $($name.apply(plan);)+
            }
        }
    };
}

tuples!(X A);
tuples!(X A Y B);
tuples!(X A Y B Z C);
tuples!(X A Y B Z C W D);
tuples!(X A Y B Z C W D V E);
tuples!(X A Y B Z C W D V E U F);

macro_rules! loaders {
    ($($(#[$doc:meta])* $name:ident => $strategy:expr;)+) => {
        $(
            $(#[$doc])*
            pub fn $name<A: Mapped, B: Mapped>(relationship: impl Link<A, B>) -> Load<A, B> {
                Load { path: vec![LoadSpec::new(relationship, $strategy)], marker: PhantomData }
            }
        )+

        impl<A: Mapped, B: Mapped> Load<A, B> {
            $(
                $(#[$doc])*
                pub fn $name<C: Mapped>(mut self, relationship: impl Link<B, C>) -> Load<A, C> {
                    self.path.push(LoadSpec::new(relationship, $strategy));
                    Load { path: self.path, marker: PhantomData }
                }
            )+
        }
    };
}

loaders! {
    /// Loads a relationship by one further statement for every 500 objects: `WHERE key IN (…)`. The one to begin with.
    selectinload => Strategy::SelectIn { chunk: CHUNK };
    /// Loads a relationship in the same statement, by LEFT JOIN ([`inner`](Load::inner) makes it a JOIN). Good for to-one; a
    /// collection repeats the columns of its owner for each element. Under LIMIT the query becomes a subquery first.
    joinedload => Strategy::Joined { inner: false };
    /// Loads a relationship by one further statement that has the query itself as a subquery.
    subqueryload => Strategy::Subquery;
    /// Loads a relationship by a statement for each object: what `selectinload` does better.
    immediateload => Strategy::SelectIn { chunk: 1 };
    /// Leaves a relationship unloaded, also where a wider option would load it; reading it panics and says so.
    raiseload => Strategy::Raise;
    /// Fills a relationship from a join that the query itself has written; [`through`](Load::through) names its alias.
    contains_eager => Strategy::Contains(None);
}

impl<A: Mapped, B: Mapped> Load<A, B> {
    /// Further options for the entity at the end of the path.
    pub fn options<M>(mut self, options: impl LoadOption<M>) -> Self {
        let mut plan = LoadPlan::default();
        options.apply(&mut plan);
        if let Some(last) = self.path.last_mut() {
            plan.loads.into_iter().for_each(|spec| spec.join(&mut last.inner));
            last.criteria.extend(plan.criteria);
            for (mapper, columns) in plan.columns {
                if std::ptr::eq(mapper, B::mapper()) {
                    last.columns = Some(columns);
                } else {
                    last.stray = Some(mapper);
                }
            }
        }
        self
    }

    /// How many keys one statement has; 500 if nothing is said, and 8,192 values at most.
    pub fn chunk(mut self, keys: usize) -> Self {
        if let Some(LoadSpec { strategy: Strategy::SelectIn { chunk }, .. }) = self.path.last_mut() {
            *chunk = keys.max(1);
        }
        self
    }

    /// An inner join, for a relationship that is always there.
    pub fn inner(mut self) -> Self {
        if let Some(LoadSpec { strategy: Strategy::Joined { inner }, .. }) = self.path.last_mut() {
            *inner = true;
        }
        self
    }

    /// Loads only targets that meet the condition; what is loaded is then part of the collection, and not all of it.
    pub fn filter(mut self, condition: impl IntoExpr<bool>) -> Self {
        if let Some(last) = self.path.last_mut() {
            let condition: Expr<bool> = aludel_sql::any_of([condition]);
            last.filter = Some(match last.filter.take() {
                None => condition,
                Some(before) => aludel_sql::all_of([before, condition]),
            });
        }
        self
    }

    /// Which source of the query [`contains_eager`] reads.
    pub fn through(mut self, source: impl Into<AnySource>) -> Self {
        if let Some(LoadSpec { strategy: Strategy::Contains(through), .. }) = self.path.last_mut() {
            *through = Some(source.into());
        }
        self
    }

    /// For a relationship of an entity to itself: loads it so many levels deep.
    pub fn depth(mut self, levels: usize) -> Self {
        if let Some(last) = self.path.last_mut() {
            last.depth = levels.saturating_sub(1);
        }
        self
    }

    /// The path as one option inside the other.
    pub(crate) fn into_spec_path(self) -> Option<LoadSpec> {
        self.into_spec()
    }
}

impl<A, B> Load<A, B> {
    fn into_spec(self) -> Option<LoadSpec> {
        self.path.into_iter().rev().reduce(|inner, mut outer| {
            inner.join(&mut outer.inner);
            outer
        })
    }
}

impl LoadSpec {
    fn new<A: Mapped, B: Mapped>(relationship: impl Link<A, B>, strategy: Strategy) -> Self {
        Self::of(relationship.relation(), strategy)
    }
}

/// A condition on an entity wherever a query or its loaders read it: soft deletes, tenants.
///
/// It holds for the query's own rows of `A`, in joins (of a LEFT JOIN in its ON), in subqueries, and for every relationship to `A`
/// that is loaded along. It does not hold for `A` under another name, in CTEs, and in SQL text.
pub fn with_criteria<A: Mapped>(condition: impl IntoExpr<bool>) -> Criteria<A> {
    Criteria { condition: aludel_sql::any_of([condition]), marker: PhantomData }
}

/// A condition on an entity; see [`with_criteria`].
#[derive(Debug)]
#[must_use = "an option does nothing until it is given to a query"]
pub struct Criteria<A> {
    condition: Expr<bool>,
    marker: PhantomData<fn() -> A>,
}

impl<A> Clone for Criteria<A> {
    fn clone(&self) -> Self {
        Self { condition: self.condition.clone(), marker: PhantomData }
    }
}

impl<A: Mapped> LoadOption<A> for Criteria<A> {
    fn apply(self, plan: &mut LoadPlan) {
        plan.criteria.push((A::mapper(), self.condition));
    }
}

impl<A: Mapped, B: Mapped, C> Rel<A, B, C> {
    /// Loads the relationship by [`selectinload`].
    pub fn load(self) -> Load<A, B> {
        selectinload(self)
    }
}
