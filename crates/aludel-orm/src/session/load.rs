//! Loading relationships of objects that are here.

use std::future::Future;
use std::panic::Location;
use std::pin::Pin;

use aludel_core::Result;

use super::Session;
use crate::events::{OrmExecute, OrmStatement};
use crate::fetch::{StageSink, distinct};
use crate::key::{Key, RawKey};
use crate::load::{Load, LoadPlan, LoadSpec, Origin, Stage, Strategy};
use crate::mapper::Mapped;
use crate::relation::Relation;

/// One key, or many.
pub trait KeyList<T> {
    /// The keys.
    #[doc(hidden)]
    fn raw_keys(&self) -> Vec<RawKey>;
    /// Whether it is a single one.
    #[doc(hidden)]
    fn is_single(&self) -> bool;
}

impl<T> KeyList<T> for Key<T> {
    fn raw_keys(&self) -> Vec<RawKey> {
        vec![self.raw()]
    }
    fn is_single(&self) -> bool {
        true
    }
}

macro_rules! lists {
    ($([$($generics:tt)*] $type:ty;)+) => {
        $(
            impl<$($generics)*> KeyList<T> for $type {
                fn raw_keys(&self) -> Vec<RawKey> {
                    self.iter().map(|key| key.raw()).collect()
                }
                fn is_single(&self) -> bool {
                    self.len() == 1
                }
            }
        )+
    };
}

lists! {
    [T] &[Key<T>];
    [T] &Vec<Key<T>>;
    [T] Vec<Key<T>>;
    [T, const N: usize] [Key<T>; N];
    [T, const N: usize] &[Key<T>; N];
}

/// What [`Session::load`] loads: a relationship, or a loader option such as `selectinload(User::ORDERS).selectinload(Order::TAGS)`.
pub trait LoadTarget<A> {
    /// The options.
    #[doc(hidden)]
    fn into_load_specs(self, chunk: usize) -> Vec<LoadSpec>;
}

impl<A: Mapped, B: Mapped, C> LoadTarget<A> for crate::relation::Rel<A, B, C> {
    fn into_load_specs(self, chunk: usize) -> Vec<LoadSpec> {
        Vec::from_iter(crate::load::selectinload(self).chunk(chunk).into_spec_path())
    }
}

impl<A: Mapped, B: Mapped> LoadTarget<A> for Load<A, B> {
    fn into_load_specs(self, _: usize) -> Vec<LoadSpec> {
        Vec::from_iter(self.into_spec_path())
    }
}

impl Session {
    /// Loads a relationship of one object or of many at once, whether it was loaded before or not: one statement for every 500
    /// objects.
    ///
    /// # Errors
    /// When a key is no good, what is pending can't be flushed, or the database can't be asked.
    #[track_caller]
    pub fn load<T: Mapped>(
        &mut self,
        keys: impl KeyList<T>,
        what: impl LoadTarget<T>,
    ) -> impl Future<Output = Result<()>> + Send {
        let at = Location::caller();
        let (is_single, keys) = (keys.is_single(), keys.raw_keys());
        let specs = what.into_load_specs(self.options.chunk);
        async move {
            for key in &keys {
                if self.arena.get::<T>(*key).is_none() {
                    return Err(self.bad_key::<T>(*key).with_location(at));
                }
            }
            if is_single
                && let Some(spec) = specs.first()
                && let Some(found) = self.lazy.note(spec.relation, at)
            {
                self.events.fire_n_plus_one(&found);
            }
            self.autoflush(at).await?;
            let keys = distinct(keys);
            for spec in &specs {
                self.load_spec(spec, &keys, &LoadPlan::default(), at).await?;
            }
            Ok(())
        }
    }

    /// Loads a relationship as the unit of work needs it, and tells the objects on the other side.
    pub(crate) async fn load_relation(
        &mut self,
        relation: &'static Relation,
        owners: &[RawKey],
        at: &'static Location<'static>,
    ) -> Result<Vec<RawKey>> {
        let strategy = Strategy::SelectIn { chunk: self.options.chunk };
        let spec = LoadSpec { relation, strategy, inner: Vec::new(), columns: None, filter: None, depth: 0 };
        self.load_stage(&spec, owners, &LoadPlan::default(), at).await
    }

    /// Loads a relationship and what is loaded of its objects.
    pub(crate) fn load_spec<'a>(
        &'a mut self,
        spec: &'a LoadSpec,
        owners: &'a [RawKey],
        plan: &'a LoadPlan,
        at: &'static Location<'static>,
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
        Box::pin(async move {
            if matches!(spec.strategy, Strategy::Raise) {
                for owner in owners {
                    let owner = crate::arena::AnyKey { table: self.arena.owner_id(spec.relation), raw: *owner };
                    if let Some(field) = self.arena.field_mut(owner, spec.relation.index) {
                        field.unload();
                    }
                }
                return Ok(());
            }
            if owners.is_empty() {
                return Ok(());
            }
            let mut plan = plan;
            let mut heard;
            if self.events.hears_execute() {
                heard = plan.clone();
                let events = std::sync::Arc::clone(&self.events);
                events.fire_execute(&mut OrmExecute { plan: &mut heard, statement: OrmStatement::Load, at })?;
                plan = &heard;
            }
            let targets = self.load_stage(spec, owners, plan, at).await?;
            if spec.depth > 0 {
                let again = LoadSpec { depth: spec.depth - 1, ..spec.clone() };
                self.load_spec(&again, &targets, plan, at).await?;
            }
            for inner in &spec.inner {
                self.load_spec(inner, &targets, plan, at).await?;
            }
            Ok(())
        })
    }

    async fn load_stage(
        &mut self,
        spec: &LoadSpec,
        owners: &[RawKey],
        plan: &LoadPlan,
        at: &'static Location<'static>,
    ) -> Result<Vec<RawKey>> {
        let Stage { statements, rows: shape } = Stage::plan(&mut self.arena, spec, owners, Origin { plan })?;
        let mut rows = Vec::new();
        if !statements.is_empty() {
            self.begin_if_needed(false, at).await?;
            self.note_read();
        }
        for arguments in statements {
            let (tx, arena) = self.parts()?;
            let mut sink = StageSink { arena, shape: &shape, rows: std::mem::take(&mut rows) };
            let result = tx.run(arguments, &mut sink, at).await;
            rows = sink.rows;
            result?;
        }
        let targets = Stage::finish(&mut self.arena, spec, owners, rows, Origin { plan })?;
        self.tell_loaded();
        Ok(targets)
    }
}
