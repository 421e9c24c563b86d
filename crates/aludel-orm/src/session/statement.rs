//! UPDATE and DELETE of the program's own, carried over to the objects that are here.

use std::future::Future;
use std::panic::Location;

use aludel_core::{FromRow, Result, Value};
use aludel_engine::driver::NoRows;
use aludel_sql::schema::StaticColumn;
use aludel_sql::{AnySource, Arguments, Delete, Executable, Insert, Select, Text, Update};

use super::Session;
use crate::arena::State;
use crate::events::{OrmExecute, OrmStatement};
use crate::fetch::Cells;
use crate::load::LoadPlan;
use crate::mapper::{Mapped, Mapper};

/// A statement that [`Session::execute`] runs: an UPDATE, DELETE or INSERT of an entity, or SQL text.
pub trait SessionStatement: Send {
    /// Runs it, and carries it over to the objects.
    #[doc(hidden)]
    fn run(self, session: &mut Session, at: &'static Location<'static>) -> impl Future<Output = Result<u64>> + Send;
}

impl<E: Mapped> SessionStatement for Update<E> {
    async fn run(mut self, session: &mut Session, at: &'static Location<'static>) -> Result<u64> {
        let plan = session.hear(OrmStatement::Update, at)?;
        for condition in plan.criteria_of(E::mapper()) {
            self = self.filter(condition);
        }
        session.run_update::<E>(self, at).await
    }
}

impl<E: Mapped> SessionStatement for Delete<E> {
    async fn run(mut self, session: &mut Session, at: &'static Location<'static>) -> Result<u64> {
        let plan = session.hear(OrmStatement::Delete, at)?;
        for condition in plan.criteria_of(E::mapper()) {
            self = self.filter(condition);
        }
        session.run_delete::<E>(self, at).await
    }
}

impl<E: Mapped> SessionStatement for Insert<E> {
    async fn run(self, session: &mut Session, at: &'static Location<'static>) -> Result<u64> {
        let _: LoadPlan = session.hear(OrmStatement::Other, at)?;
        session.run_plain(self.into_arguments(), at).await
    }
}

impl SessionStatement for Text {
    async fn run(self, session: &mut Session, at: &'static Location<'static>) -> Result<u64> {
        let _: LoadPlan = session.hear(OrmStatement::Other, at)?;
        session.run_plain(self.into_arguments(), at).await
    }
}

impl Session {
    /// Runs an UPDATE, DELETE or INSERT of the program's own, or SQL text, after a flush, and gives how many rows it has
    /// changed. Objects of the session that an UPDATE or DELETE of their entity reaches are changed or deleted along, with
    /// the values that the database has then; text and INSERTs are not looked into, so use
    /// [`expire_all`](Self::expire_all) after text that changes rows of objects. The objects' events don't fire.
    ///
    /// # Errors
    /// When what is pending can't be flushed, or the database refuses the statement.
    #[track_caller]
    pub fn execute<S: SessionStatement>(&mut self, statement: S) -> impl Future<Output = Result<u64>> + Send {
        let at = Location::caller();
        async move {
            self.autoflush(at).await?;
            self.begin_if_needed(true, at).await?;
            self.note_written();
            statement.run(self, at).await
        }
    }

    fn hear(&mut self, statement: OrmStatement, at: &'static Location<'static>) -> Result<LoadPlan> {
        let mut plan = LoadPlan::default();
        let events = std::sync::Arc::clone(&self.events);
        events.fire_execute(&mut OrmExecute { plan: &mut plan, statement, at })?;
        Ok(plan)
    }

    async fn run_plain(&mut self, arguments: Arguments, at: &'static Location<'static>) -> Result<u64> {
        let (tx, _) = self.parts()?;
        tx.run(arguments, &mut NoRows, at).await.map(|outcome| outcome.affected)
    }

    /// Whether there are objects that a statement may reach, or whose lists it may reach.
    fn has_objects<E: Mapped>(&self) -> bool {
        let lists = self.arena.incoming(E::mapper()).iter().map(|relation| relation.owner());
        let mut ids = lists.chain([E::mapper()]).filter_map(|mapper| self.arena.known_id(mapper));
        ids.any(|id| !self.arena.any(id).slots().is_empty())
    }

    async fn run_update<E: Mapped>(&mut self, update: Update<E>, at: &'static Location<'static>) -> Result<u64> {
        if !self.has_objects::<E>() {
            return self.run_plain(update.into_arguments(), at).await;
        }
        let returns = self.tx().is_some_and(|tx| tx.dialect().capabilities().returning.update);
        let mapper = E::mapper();
        let source = AnySource::table(mapper.table());
        let mut cells = Cells::of(&mapper.columns().iter().collect::<Vec<_>>());
        // The rows as they are now, read over the objects that are here.
        let affected = if returns {
            let statement = update.returning(source.all());
            let (tx, _) = self.parts()?;
            let outcome = tx.run(statement.into_arguments(), &mut cells, at).await?;
            outcome.affected.max(cells.rows.len() as u64)
        } else {
            let key = key_columns(mapper);
            let keys = self.reached(update.matched(source.columns(key.clone())), &key, at).await?;
            let affected = self.run_plain(update.into_arguments(), at).await?;
            let (tx, _) = self.parts()?;
            for part in keys.chunks(AT_ONCE) {
                let rows = Select::nothing().besides(source.all()).filter(source.among(&key, part.to_vec()));
                tx.run(rows.into_arguments(), &mut cells, at).await?;
            }
            affected
        };
        let (_, arena) = self.parts()?;
        let id = arena.id_for::<E>();
        for row in &cells.rows {
            let identity: Vec<_> = mapper.primary_key().iter().map(|at| row[*at].clone()).collect();
            match arena.any(id).find(&identity) {
                Some(slot) => arena.take_row(id, slot, row)?,
                None => arena.forget_lists_of(id, row),
            }
        }
        Ok(affected)
    }

    /// The keys of the rows that a statement is about to reach, which are locked from here on.
    async fn reached<R>(
        &mut self,
        rows: Select<R>,
        key: &[&'static StaticColumn],
        at: &'static Location<'static>,
    ) -> Result<Vec<Vec<Value>>>
    where
        R: FromRow + Send + 'static,
    {
        let (tx, _) = self.parts()?;
        let mut cells = Cells::of(key);
        tx.run(rows.for_update().into_arguments(), &mut cells, at).await?;
        Ok(cells.rows)
    }

    async fn run_delete<E: Mapped>(&mut self, delete: Delete<E>, at: &'static Location<'static>) -> Result<u64> {
        if !self.has_objects::<E>() {
            return self.run_plain(delete.into_arguments(), at).await;
        }
        let mapper = E::mapper();
        let returns = self.tx().is_some_and(|tx| tx.dialect().capabilities().returning.delete);
        let columns = key_columns(mapper);
        let source = AnySource::table(mapper.table());
        let (identities, affected) = if returns {
            let statement = delete.returning(source.columns(columns.clone()));
            let (tx, _) = self.parts()?;
            let mut cells = Cells::of(&columns);
            let outcome = tx.run(statement.into_arguments(), &mut cells, at).await?;
            let affected = outcome.affected.max(cells.rows.len() as u64);
            (cells.rows, affected)
        } else {
            let identities = self.reached(delete.matched(source.columns(columns.clone())), &columns, at).await?;
            (identities, self.run_plain(delete.into_arguments(), at).await?)
        };
        let (_, arena) = self.parts()?;
        let id = arena.id_for::<E>();
        for identity in &identities {
            let Some(slot) = arena.any(id).find(identity) else { continue };
            let Some(key) = arena.any_key(id, slot) else { continue };
            if arena.any(id).state(slot) == State::Persistent {
                arena.gone(key);
            }
        }
        Ok(affected)
    }
}

fn key_columns(mapper: &Mapper) -> Vec<&'static StaticColumn> {
    mapper.primary_key().iter().map(|at| &mapper.columns()[*at]).collect()
}

/// How many rows are read by their keys at once.
const AT_ONCE: usize = 500;
