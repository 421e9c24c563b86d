//! Loading relationships of objects that are here.

use std::future::Future;
use std::panic::Location;
use std::pin::Pin;

use aludel_core::Result;
use aludel_sql::Select;

use super::Session;
use crate::events::{OrmExecute, OrmStatement};
use crate::fetch::{StageSink, distinct};
use crate::key::{Key, RawKey};
use crate::load::{Load, LoadPlan, LoadSpec, Stage, StageFound, Staged, Strategy};
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
        let staged = self.load_stage(&LoadSpec::of(relation, strategy), owners, &LoadPlan::default(), at).await?;
        Ok(staged.0.targets)
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
                    // What was put there and not flushed yet stays.
                    let field = self.arena.field_mut(owner, spec.relation.index);
                    if let Some(field) = field.filter(|field| !field.has_values()) {
                        field.unload();
                    }
                }
                return Ok(());
            }
            if owners.is_empty() {
                return Ok(());
            }
            let own = plan.of_load(spec);
            let mut plan = own.as_ref().unwrap_or(plan);
            let mut heard;
            if self.events.hears_execute() {
                heard = plan.clone();
                // Listeners tell of each statement what it must meet.
                heard.criteria.truncate(plan.own_criteria);
                let events = std::sync::Arc::clone(&self.events);
                events.fire_execute(&mut OrmExecute { plan: &mut heard, statement: OrmStatement::Load, at })?;
                plan = &heard;
            }
            let (Staged { targets, below }, origin) = self.load_stage(spec, owners, plan, at).await?;
            let further = plan.below(origin);
            let further = further.as_ref().unwrap_or(plan);
            for (inner, owners) in &below {
                self.load_spec(inner, owners, further, at).await?;
            }
            if let Some(again) = spec.again() {
                self.load_spec(&again, &targets, further, at).await?;
            }
            for inner in spec.inner.iter().filter(|inner| !inner.is_inside()) {
                self.load_spec(inner, &targets, further, at).await?;
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
    ) -> Result<(Staged, Option<Select<()>>)> {
        let Stage { statements, rows: shape, origin } = Stage::plan(&mut self.arena, spec, owners, plan)?;
        let mut found = StageFound::default();
        if !statements.is_empty() {
            self.begin_if_needed(false, at).await?;
            self.note_read();
        }
        for arguments in statements {
            let (tx, arena) = self.parts()?;
            let mut sink = StageSink::new(arena, &shape, std::mem::take(&mut found));
            let result = tx.run(arguments, &mut sink, at).await;
            found = sink.found;
            result?;
        }
        let staged = Stage::finish(&mut self.arena, spec, owners, (&shape, found), plan)?;
        self.tell_loaded();
        Ok((staged, origin))
    }
}
