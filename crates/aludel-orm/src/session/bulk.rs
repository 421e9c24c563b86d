//! Rows in large numbers, and statements of the program's own.

use std::future::Future;
use std::panic::Location;

use aludel_core::{EncodeRow, Result};
use aludel_engine::driver::{NoRows, RowFeed};
use aludel_sql::schema::StaticColumn;
use aludel_sql::{BulkInsert, BulkRows, Each, NewRow};

use super::Session;
use crate::arena::Hows;
use crate::load::ColumnNames;
use crate::mapper::Mapped;
use crate::session_row::{Loading, SessionRow};

impl Session {
    /// Inserts rows as [`Engine::insert`](aludel_engine::Engine::insert) does, in the session's transaction: with
    /// `on_conflict` it is an upsert. They do not become objects, and objects of the session that an upsert changes are not
    /// looked at: [`expire_all`](Self::expire_all) makes them stale. The objects' events don't fire.
    ///
    /// # Errors
    /// When what is pending can't be flushed, or the database refuses a row; then none is inserted.
    #[track_caller]
    pub fn insert<E, I, R>(&mut self, rows: BulkInsert<E, I, R>) -> impl Future<Output = Result<u64>> + Send
    where
        E: Mapped,
        I: BulkRows<E> + Send,
        I::Item: Send,
        R: 'static,
    {
        let at = Location::caller();
        async move {
            self.autoflush(at).await?;
            self.begin_if_needed(true, at).await?;
            self.note_written();
            let (tx, _) = self.parts()?;
            tx.insert(rows).await
        }
    }

    /// As [`insert`](Self::insert), and gives what the statement returns of the rows, in their order; whole entities
    /// (`returning(User::ALL)`) become objects of the session.
    ///
    /// # Errors
    /// As [`insert`](Self::insert), and when a returned row is no `R`.
    #[track_caller]
    pub fn insert_returning<E, I, R>(
        &mut self,
        rows: BulkInsert<E, I, R>,
    ) -> impl Future<Output = Result<Vec<R::Loaded>>> + Send
    where
        E: Mapped,
        I: BulkRows<E> + Send,
        I::Item: Send,
        R: SessionRow,
    {
        let at = Location::caller();
        async move {
            self.autoflush(at).await?;
            self.begin_if_needed(true, at).await?;
            self.note_written();
            let (tx, arena) = self.parts()?;
            let returned: Vec<R> = tx.insert_returning(rows).await?;
            let hows = Hows::default();
            let mut into = Loading { arena, hows: &hows };
            Ok(returned.into_iter().map(|row| row.adopt(&mut into)).collect())
        }
    }

    /// Inserts rows that do not become objects, straight from the iterator into the driver, and gives how many. Rows that give
    /// the same columns are one statement. The objects' events don't fire.
    ///
    /// # Errors
    /// When what is pending can't be flushed, or the database refuses a row; then the transaction has to be rolled back.
    #[track_caller]
    pub fn bulk_insert<T, I>(&mut self, rows: I) -> impl Future<Output = Result<u64>> + Send
    where
        T: Mapped,
        I: IntoIterator,
        I::Item: NewRow<T> + Send + Sync,
    {
        let at = Location::caller();
        let rows: Vec<I::Item> = rows.into_iter().collect();
        async move {
            self.autoflush(at).await?;
            self.begin_if_needed(true, at).await?;
            self.note_written();
            let (tx, _) = self.parts()?;
            let mut affected = 0;
            let mut rest = rows.as_slice();
            while let Some(first) = rest.first() {
                let given = first.given();
                let same = rest.iter().take_while(|row| row.given() == given).count();
                let (run, later) = rest.split_at(same);
                let columns: Vec<&'static StaticColumn> =
                    given.iter().filter_map(|index| T::columns().get(index)).collect();
                let each = Each::insert(T::table(), &columns);
                let outcome = tx.run_each(&each, &mut Rows(run), &mut NoRows, None, at).await?;
                affected += outcome.affected;
                rest = later;
            }
            Ok(affected)
        }
    }

    /// Sets these columns of rows that are known by their primary keys, each to what the given object has there; gives how many
    /// rows there were. Objects of the session that are among them are stale afterwards. The objects' events don't fire.
    ///
    /// # Errors
    /// As [`bulk_insert`](Self::bulk_insert).
    #[track_caller]
    pub fn bulk_update<T, I>(
        &mut self,
        columns: impl ColumnNames<T>,
        rows: I,
    ) -> impl Future<Output = Result<u64>> + Send
    where
        T: Mapped,
        I: IntoIterator<Item = T>,
    {
        let at = Location::caller();
        let rows: Vec<T> = rows.into_iter().collect();
        let columns = columns.positions();
        async move {
            self.autoflush(at).await?;
            self.begin_if_needed(true, at).await?;
            self.note_written();
            let mapper = T::mapper();
            let set: Vec<&'static StaticColumn> =
                columns.iter().filter_map(|index| mapper.columns().get(index)).collect();
            let key: Vec<&'static StaticColumn> =
                mapper.primary_key().iter().map(|index| &mapper.columns()[*index]).collect();
            let each = Each::update(mapper.table(), &set, &key);
            let (tx, arena) = self.parts()?;
            let outcome = tx.run_each(&each, &mut Rows(&rows), &mut NoRows, None, at).await?;
            let id = arena.id_for::<T>();
            for row in &rows {
                let identity: Vec<_> = mapper.primary_key().iter().map(|column| row.column_value(*column)).collect();
                if let Some(slot) = arena.any(id).find(&identity) {
                    arena.any_mut(id).expire(slot);
                }
            }
            Ok(outcome.affected)
        }
    }
}

/// Rows of the program's own, as a feed.
struct Rows<'a, R>(&'a [R]);

/// A row whose key is asked for under numbers of its own.
struct Keyed<'a, R>(&'a R);

impl<R: EncodeRow> EncodeRow for Keyed<'_, R> {
    fn encode_field(&self, index: usize, sink: &mut dyn aludel_core::ParamSink) -> Result<(), aludel_core::Fault> {
        self.0.encode_field(index % Each::KEY, sink)
    }
}

impl<R: EncodeRow + Send + Sync> RowFeed for Rows<'_, R> {
    fn next(&mut self, with: &mut dyn FnMut(&dyn EncodeRow) -> Result<()>) -> Result<bool> {
        let Some((first, rest)) = self.0.split_first() else { return Ok(false) };
        self.0 = rest;
        with(&Keyed(first)).map(|()| true)
    }

    fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.0.len(), Some(self.0.len()))
    }
}
