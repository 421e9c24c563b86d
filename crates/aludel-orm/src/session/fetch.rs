//! Queries.

use std::any::TypeId;
use std::future::Future;
use std::panic::Location;

use aludel_core::{Error, Result, RowCountError};
use aludel_sql::{Arguments, Executable, Layers};

use super::Session;
use crate::events::{OrmExecute, OrmStatement};
use crate::fetch::{Fetched, ObjectSink, distinct, first_keys, unique_rows};
use crate::load::{JoinedNode, LoadPlan, fill_nodes};
use crate::session_row::SessionRow;

impl Session {
    /// Runs a query and gives all its rows: of an entity the keys of the objects, which are loaded or found here, of
    /// everything else the values.
    ///
    /// # Errors
    /// When what is pending can't be flushed, the database refuses the query, or a row can't be read.
    #[track_caller]
    pub fn fetch_all<S>(
        &mut self,
        statement: S,
    ) -> impl Future<Output = Result<Vec<<S::Row as SessionRow>::Loaded>>> + Send
    where
        S: Executable + Send,
        S::Row: SessionRow,
    {
        let at = Location::caller();
        async move { self.fetch_at(statement, usize::MAX, at).await }
    }

    /// Runs a query and gives its only row.
    ///
    /// # Errors
    /// As [`fetch_all`](Self::fetch_all), and when there is no row or more than one.
    #[track_caller]
    pub fn fetch_one<S>(&mut self, statement: S) -> impl Future<Output = Result<<S::Row as SessionRow>::Loaded>> + Send
    where
        S: Executable + Send,
        S::Row: SessionRow,
    {
        let at = Location::caller();
        async move {
            let rows = self.fetch_at(statement, 1, at).await?;
            rows.into_iter().next().ok_or_else(|| Error::from(RowCountError::NotFound).with_location(at))
        }
    }

    /// Runs a query and gives its only row, or none.
    ///
    /// # Errors
    /// As [`fetch_all`](Self::fetch_all), and when there is more than one row.
    #[track_caller]
    pub fn fetch_optional<S>(
        &mut self,
        statement: S,
    ) -> impl Future<Output = Result<Option<<S::Row as SessionRow>::Loaded>>> + Send
    where
        S: Executable + Send,
        S::Row: SessionRow,
    {
        let at = Location::caller();
        async move { Ok(self.fetch_at(statement, 1, at).await?.into_iter().next()) }
    }

    async fn fetch_at<S>(
        &mut self,
        statement: S,
        most: usize,
        at: &'static Location<'static>,
    ) -> Result<Vec<<S::Row as SessionRow>::Loaded>>
    where
        S: Executable + Send,
        S::Row: SessionRow,
    {
        self.autoflush(at).await?;
        let (arguments, plan) = self.lower(statement, at)?;
        let hows = plan.hows();
        self.begin_if_needed(false, at).await?;
        match plan.is_query {
            true => self.note_read(),
            false => self.note_written(),
        }
        let (tx, arena) = self.parts()?;
        let mut sink = ObjectSink::<S::Row>::new(arena, &hows, &plan.joined, S::BY_NAME, most);
        let result = tx.run(arguments, &mut sink, at).await;
        let fetched = sink.into_fetched()?;
        if fetched.has_too_many {
            return Err(Error::from(RowCountError::TooMany).with_location(at));
        }
        result?;
        self.tell_loaded();
        self.complete::<S::Row>(fetched, &plan, most, at).await
    }

    /// What the statement comes to, listeners heard.
    pub(crate) fn lower<S: Executable>(
        &mut self,
        statement: S,
        at: &'static Location<'static>,
    ) -> Result<(Arguments, LoadPlan)>
    where
        S::Row: SessionRow,
    {
        let events = std::sync::Arc::clone(&self.events);
        match statement.into_layers() {
            Layers::Query(select, put) => {
                let put = put.and_then(|plan| plan.downcast::<LoadPlan>().ok());
                let mut plan = put.map_or_else(LoadPlan::default, |plan| *plan);
                plan.is_query = true;
                plan.own_criteria = plan.criteria.len();
                events.fire_execute(&mut OrmExecute { plan: &mut plan, statement: OrmStatement::Select, at })?;
                plan.check::<S::Row>().map_err(|error| error.with_location(at))?;
                let select = plan.lower(select).map_err(|error| error.with_location(at))?;
                Ok((select.into_arguments(), plan))
            }
            Layers::Statement(arguments) => {
                let mut plan = LoadPlan::default();
                events.fire_execute(&mut OrmExecute { plan: &mut plan, statement: OrmStatement::Other, at })?;
                Ok((arguments, plan))
            }
        }
    }

    /// Fills joined relationships, and loads the others.
    pub(crate) async fn complete<R: SessionRow>(
        &mut self,
        fetched: Fetched<R>,
        plan: &LoadPlan,
        most: usize,
        at: &'static Location<'static>,
    ) -> Result<Vec<R::Loaded>> {
        let Fetched { mut rows, nodes, prints, .. } = fetched;
        if plan.joined.is_empty() && plan.loads.is_empty() {
            return Ok(rows);
        }
        let keys_of = |rows: &[R::Loaded], entity: TypeId| {
            let mut keys = Vec::with_capacity(rows.len());
            rows.iter().for_each(|row| R::entity_keys(row, entity, &mut keys));
            keys
        };
        let roots = |node: &JoinedNode| first_keys::<R>(&rows, (node.relation.owner().type_id)());
        let unique = fill_nodes(&mut self.arena, &plan.joined, &nodes, roots);
        if let Some(first) = plan.joined.first().filter(|_| plan.joined.iter().any(repeats)) {
            let owner = (first.relation.owner().type_id)();
            rows = unique_rows::<R>(rows, prints, owner);
        }
        if rows.len() > most {
            return Err(Error::from(RowCountError::TooMany).with_location(at));
        }
        // The query is that of the rows, and not of what was joined to them.
        let further = plan.below(None);
        for (node, targets) in plan.joined.iter().zip(&unique) {
            for spec in &node.inner {
                self.load_spec(spec, targets, further.as_ref().unwrap_or(plan), at).await?;
            }
        }
        for spec in &plan.loads {
            let owners = distinct(keys_of(&rows, (spec.relation.owner().type_id)()));
            self.load_spec(spec, &owners, plan, at).await?;
        }
        Ok(rows)
    }
}

fn repeats(node: &JoinedNode) -> bool {
    node.relation.may_repeat()
}
