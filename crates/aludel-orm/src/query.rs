//! Queries with what a session does besides: loaders, and how objects that are here already are treated.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use aludel_sql::{Arguments, Executable, IntoExpr, IntoOrder, Layers, Script, Select};

use crate::load::{LoadOption, LoadPlan};
use crate::session_row::SessionRow;

/// A query with loader options; see [`QueryOptions::options`].
#[must_use = "a query does nothing until it is fetched"]
pub struct Query<R> {
    pub(crate) select: Select<R>,
    pub(crate) plan: LoadPlan,
}

/// What can be said of a query besides its SQL.
///
/// ```
/// # use aludel::prelude::*;
/// # #[derive(Entity, Clone, Debug)]
/// # struct User {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     name: String,
/// #     #[has_many(Address::USER_ID)]
/// #     addresses: Many<Address>,
/// # }
/// # #[derive(Entity, Clone, Debug)]
/// # struct Address {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     #[column(references = User::ID)]
/// #     user_id: i64,
/// # }
/// # async fn example(session: &mut Session) -> Result<()> {
/// session.fetch_all(User::select().order_by(User::NAME).options(selectinload(User::ADDRESSES))).await?;
/// # Ok(())
/// # }
/// ```
pub trait QueryOptions<R>: Sized {
    /// The query, with nothing said yet.
    #[doc(hidden)]
    fn into_query(self) -> Query<R>;

    /// Loads relationships along with the rows, or fewer columns: [`selectinload`](crate::selectinload),
    /// [`joinedload`](crate::joinedload) and so on, or a tuple of them.
    fn options<A>(self, options: impl LoadOption<A>) -> Query<R> {
        let mut query = self.into_query();
        options.apply(&mut query.plan);
        query
    }

    /// Overwrites objects that are in the session already, changed ones too.
    fn populate_existing(self) -> Query<R> {
        let mut query = self.into_query();
        query.plan.populate = true;
        query
    }

    /// Gives listeners of [`do_orm_execute`](crate::SessionEvents::do_orm_execute) something to go by, which they read by
    /// [`OrmExecute::info`](crate::OrmExecute::info): that a query is to see deleted rows, say. Loads that belong to the query
    /// carry it too. One value of a type; the last one holds.
    fn info<T: Any + Send + Sync>(self, info: T) -> Query<R> {
        let mut query = self.into_query();
        query.plan.info.push(Arc::new(info));
        query
    }
}

impl<R> QueryOptions<R> for Select<R> {
    fn into_query(self) -> Query<R> {
        Query { select: self, plan: LoadPlan::default() }
    }
}

impl<R> QueryOptions<R> for Query<R> {
    fn into_query(self) -> Self {
        self
    }
}

impl<R> Query<R> {
    /// The query changed in some way that [`Select`] has a method for.
    pub fn map(self, change: impl FnOnce(Select<R>) -> Select<R>) -> Self {
        Self { select: change(self.select), plan: self.plan }
    }

    /// `WHERE condition`; called again, both must hold.
    pub fn filter(self, condition: impl IntoExpr<bool>) -> Self {
        self.map(|select| select.filter(condition))
    }

    /// `ORDER BY`; called again, the further terms come after those before.
    pub fn order_by(self, order: impl IntoOrder) -> Self {
        self.map(|select| select.order_by(order))
    }

    /// At most so many rows.
    pub fn limit(self, rows: u64) -> Self {
        self.map(|select| select.limit(rows))
    }

    /// Without the first so many rows.
    pub fn offset(self, rows: u64) -> Self {
        self.map(|select| select.offset(rows))
    }
}

impl<R: SessionRow> Executable for Query<R> {
    type Row = R;

    fn into_arguments(self) -> Arguments {
        self.select.into_arguments()
    }

    fn script(&self) -> Option<Box<dyn Script<R>>> {
        self.plan.script::<R>(&self.select)
    }

    fn into_layers(self) -> Layers<R> {
        Layers::Query(self.select, Some(Box::new(self.plan)))
    }
}

impl<R> Clone for Query<R> {
    fn clone(&self) -> Self {
        Self { select: self.select.clone(), plan: self.plan.clone() }
    }
}

impl<R> fmt::Debug for Query<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query").field("select", &self.select).field("plan", &self.plan).finish()
    }
}
