//! Objects by their primary key.

use std::future::Future;
use std::panic::Location;

use aludel_core::{Result, RowCountError, Value};
use aludel_sql::ast::{LockStrength, LockWait};
use aludel_sql::{AnySource, Executable, Select};

use super::Session;
use crate::arena::{AnyKey, How, Hows, State};
use crate::error::usage;
use crate::events::{OrmExecute, OrmStatement};
use crate::fetch::ObjectSink;
use crate::key::Key;
use crate::load::{ColumnNames, LoadPlan};
use crate::mapper::Mapped;

impl Session {
    /// The object with this primary key: from the session if it is here and not stale, else by a query. None if there is no
    /// such row, or the object was deleted here.
    ///
    /// # Errors
    /// When the key has another number of columns, or the database can't be asked.
    #[track_caller]
    pub fn get<T: Mapped>(&mut self, identity: T::Identity) -> impl Future<Output = Result<Option<Key<T>>>> + Send {
        let at = Location::caller();
        let identity = T::identity_values(identity);
        async move { self.get_at::<T>(identity, None, at).await }
    }

    /// As [`get`](Self::get), and an error if there is no such row.
    ///
    /// # Errors
    /// As [`get`](Self::get); [`is_not_found`](aludel_core::Error::is_not_found) if there is no such row.
    #[track_caller]
    pub fn get_one<T: Mapped>(&mut self, identity: T::Identity) -> impl Future<Output = Result<Key<T>>> + Send {
        let at = Location::caller();
        let identity = T::identity_values(identity);
        async move {
            let found = self.get_at::<T>(identity, None, at).await?;
            found.ok_or_else(|| aludel_core::Error::from(RowCountError::NotFound).with_location(at))
        }
    }

    /// As [`get`](Self::get), locking the row (`FOR UPDATE`). It is read again even if it is here.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    #[track_caller]
    pub fn get_for_update<T: Mapped>(
        &mut self,
        identity: T::Identity,
    ) -> impl Future<Output = Result<Option<Key<T>>>> + Send {
        let at = Location::caller();
        let identity = T::identity_values(identity);
        async move { self.get_at::<T>(identity, Some((LockStrength::Update, LockWait::Wait)), at).await }
    }

    pub(crate) async fn get_at<T: Mapped>(
        &mut self,
        identity: Vec<Value>,
        lock: Option<(LockStrength, LockWait)>,
        at: &'static Location<'static>,
    ) -> Result<Option<Key<T>>> {
        let mapper = T::mapper();
        let wanted = mapper.primary_key().len();
        if identity.len() != wanted {
            let found = identity.len();
            let message =
                format!("the primary key of {} has {wanted} column(s), and {found} were given", mapper.name());
            return Err(usage(message).with_location(at));
        }
        self.recover(at).await?;
        let id = self.arena.id_for::<T>();
        if let Some(slot) = self.arena.any(id).find(&identity) {
            let table = self.arena.any(id);
            match table.state(slot) {
                State::Doomed | State::Gone => return Ok(None),
                _ if lock.is_none() && table.is_touched(slot) => return Ok(table.key(slot).map(Key::new)),
                _ if lock.is_none() && table.is_fresh(slot, self.arena.epoch()) && table.missing(slot).is_empty() => {
                    return Ok(table.key(slot).map(Key::new));
                }
                _ => {}
            }
        }
        if lock.is_some() {
            self.autoflush(at).await?;
        }
        let source = AnySource::table(mapper.table());
        let columns: Vec<_> = mapper.primary_key().iter().map(|column| &mapper.columns()[*column]).collect();
        let mut query: Select<T> = aludel_sql::select(source.all()).retyped().filter(source.is_all(&columns, identity));
        if let Some((strength, wait)) = lock {
            query = query.lock(strength, wait);
        }
        let mut plan = LoadPlan { populate: lock.is_some(), ..LoadPlan::default() };
        let events = std::sync::Arc::clone(&self.events);
        events.fire_execute(&mut OrmExecute { plan: &mut plan, statement: OrmStatement::Get, at })?;
        let query = plan.lower(query)?;
        let hows = plan.hows();
        let found = self.run_objects::<T>(query.into_arguments(), &hows, at).await?;
        if lock.is_some() {
            self.note_written();
        }
        Ok(found.first().copied())
    }

    /// Runs a query of whole objects.
    pub(crate) async fn run_objects<T: Mapped>(
        &mut self,
        arguments: aludel_sql::Arguments,
        hows: &Hows,
        at: &'static Location<'static>,
    ) -> Result<Vec<Key<T>>> {
        self.begin_if_needed(false, at).await?;
        self.note_read();
        let (tx, arena) = self.parts()?;
        let mut sink = ObjectSink::<T>::new(arena, hows, &[], false, usize::MAX);
        tx.run(arguments, &mut sink, at).await?;
        let found = sink.into_fetched()?.rows;
        self.tell_loaded();
        Ok(found)
    }

    /// Reads the object's columns again, giving up changes of it that were not flushed.
    ///
    /// # Errors
    /// When the key is no good, the object is new, or its row is not there any more.
    #[track_caller]
    pub fn refresh<T: Mapped>(&mut self, key: Key<T>) -> impl Future<Output = Result<()>> + Send {
        let at = Location::caller();
        async move { self.refresh_at(key, None, at).await }
    }

    /// As [`refresh`](Self::refresh), of these columns alone.
    ///
    /// # Errors
    /// As [`refresh`](Self::refresh).
    #[track_caller]
    pub fn refresh_only<T: Mapped>(
        &mut self,
        key: Key<T>,
        columns: impl ColumnNames<T>,
    ) -> impl Future<Output = Result<()>> + Send {
        let at = Location::caller();
        let columns = columns.positions();
        async move { self.refresh_at(key, Some(columns), at).await }
    }

    async fn refresh_at<T: Mapped>(
        &mut self,
        key: Key<T>,
        only: Option<aludel_sql::ColumnSet>,
        at: &'static Location<'static>,
    ) -> Result<()> {
        self.recover(at).await?;
        self.try_get(key).map_err(|error| error.with_location(at))?;
        let AnyKey { table: id, raw } = self.any_key(key);
        let table = self.arena.any(id);
        if table.state(raw.slot) == State::Pending {
            return Err(usage(format!("{key:?} is new: flush it before it is read again")).with_location(at));
        }
        let mapper = T::mapper();
        let identity = table.first_identity(raw.slot);
        self.arena.give_up(AnyKey { table: id, raw }, only)?;
        let source = AnySource::table(mapper.table());
        let columns: Vec<_> = mapper.primary_key().iter().map(|column| &mapper.columns()[*column]).collect();
        let condition = source.is_all(&columns, identity);
        let how = match only {
            None => How { populate: true, ..How::default() },
            Some(only) => {
                let kept = mapper.primary_key().iter().fold(only, |set, column| set.with(*column));
                How { populate: true, ..How::partial(mapper.columns().len(), kept) }
            }
        };
        let wanted = match only {
            None => source.all(),
            Some(only) => {
                let kept = mapper.primary_key().iter().fold(only, |set, column| set.with(*column));
                source.columns(kept.iter().filter_map(|index| mapper.columns().get(index)).collect())
            }
        };
        let query: Select<T> = aludel_sql::select(wanted).retyped().filter(condition);
        let hows = Hows { populate: true, special: vec![(std::any::TypeId::of::<T>(), how)] };
        let found = self.run_objects::<T>(query.into_arguments(), &hows, at).await?;
        if found.is_empty() {
            let message = format!("the row of {key:?} is not there any more: another program has deleted it");
            return Err(aludel_core::Error::from(aludel_core::UsageError::stale_data(message)).with_location(at));
        }
        Ok(())
    }
}
