//! One run: a session, the model beside it, and what they must agree on.

use std::collections::{BTreeMap, BTreeSet};

use aludel::prelude::*;

use crate::handle::{Handle, Part, list, on, parent};
use crate::model::{Address, DUMP, Doc, Line, Order, Profile, Tag, User, now};
use crate::world::{Forecast, KINDS, Kind, Life, Parent, World};

pub(crate) type Outcome<T = ()> = Result<T, String>;

pub(crate) struct Run<'e> {
    pub(crate) engine: &'e Engine,
    /// What the program means.
    pub(crate) world: World,
    /// What the database has, as the session's transaction sees it.
    pub(crate) database: World,
    /// What the database has once the transaction is undone.
    pub(crate) committed: World,
    pub(crate) handles: BTreeMap<usize, Handle>,
    pub(crate) autoflush: bool,
    /// What was done so far.
    pub(crate) trail: Vec<String>,
    pub(crate) count: usize,
    /// Things that have left the session, and may have been read again.
    pub(crate) expunged: BTreeSet<usize>,
    /// How the innermost savepoint ends.
    pub(crate) ending: u32,
}

impl<'e> Run<'e> {
    pub(crate) fn new(engine: &'e Engine, autoflush: bool) -> Self {
        let (world, database, committed) = <(World, World, World)>::default();
        let (handles, trail, expunged) = (BTreeMap::new(), Vec::new(), BTreeSet::new());
        Self { engine, world, database, committed, handles, autoflush, trail, count: 0, expunged, ending: 0 }
    }

    pub(crate) fn text(&mut self, prefix: &str) -> String {
        self.count += 1;
        format!("{prefix}{}", self.count)
    }

    pub(crate) fn note(&mut self, words: String) {
        self.trail.push(words);
    }

    /// The object of a thing, if it is in the session.
    pub(crate) fn handle(&self, session: &Session, at: usize) -> Option<Handle> {
        self.handles.get(&at).copied().filter(|handle| handle.is_in(session))
    }

    /// Things of a kind that are here and in the session.
    pub(crate) fn mine(&self, session: &Session, kind: Kind) -> Vec<usize> {
        self.world.here(kind).into_iter().filter(|at| self.handle(session, *at).is_some()).collect()
    }

    // What a flush does.

    /// Flushes if a query does.
    pub(crate) fn autoflush(&mut self, session: &mut Session) -> Outcome<bool> {
        if self.autoflush { self.flush(session) } else { Ok(true) }
    }

    /// Flushes; true if that went well.
    pub(crate) fn flush(&mut self, session: &mut Session) -> Outcome<bool> {
        let flushed = now(session.flush());
        self.flushed(session, flushed)
    }

    /// What a call has come to that begins with a flush.
    pub(crate) fn flushed<T>(&mut self, session: &mut Session, result: aludel::Result<T>) -> Outcome<bool> {
        let forecast = self.world.forecast(&self.database);
        match (result, forecast) {
            (Err(error), Forecast::Fine) => Err(format!("the flush has failed: {error}")),
            (Ok(_), Forecast::Refused) => Err("the flush should have failed".to_owned()),
            (Ok(_), _) => self.is_flushed(session).map(|()| true),
            (Err(error), _) => {
                self.note(format!("  refused: {}", error.to_string().lines().next().unwrap_or_default()));
                self.compare_database(session, &self.database)?;
                Ok(false)
            }
        }
    }

    fn is_flushed(&mut self, session: &mut Session) -> Outcome {
        let before = self.database.clone();
        self.world.flush(&before);
        let lines = self.dump(session)?;
        for at in self.world.all(|thing| thing.life == Life::Row && thing.id.is_none() && thing.kind != Kind::Line) {
            let thing = &mut self.world.things[at];
            let name = format!("{:?}", thing.kind).to_lowercase();
            let id = lines.iter().find_map(|line| {
                let mut words = line.split(' ');
                let is_it = words.next() == Some(&name);
                let id = words.next()?.parse().ok()?;
                (is_it && words.next() == Some(&thing.text)).then_some(id)
            });
            thing.id = Some(id.ok_or_else(|| format!("{} was not inserted; the database has {lines:#?}", thing.text))?);
        }
        self.database = self.world.clone();
        self.compare_database(session, &self.database)
    }

    pub(crate) fn dump(&self, session: &mut Session) -> Outcome<Vec<String>> {
        let statement = crate::backend::text(DUMP).rows_as::<(String,)>();
        let rows = match session.in_transaction() {
            true => now(session.no_autoflush().fetch_all(statement)),
            false => now(self.engine.fetch_all(statement)),
        };
        let mut lines: Vec<String> = rows.map_err(|error| error.to_string())?.into_iter().map(|row| row.0).collect();
        lines.sort_unstable();
        Ok(lines)
    }

    pub(crate) fn compare_database(&self, session: &mut Session, expected: &World) -> Outcome {
        let (found, wanted) = (self.dump(session)?, expected.rows());
        if found == wanted {
            return Ok(());
        }
        let missing: Vec<&String> = wanted.iter().filter(|row| !found.contains(row)).collect();
        let odd: Vec<&String> = found.iter().filter(|row| !wanted.contains(row)).collect();
        Err(format!("the database lacks {missing:?} and has {odd:?}"))
    }

    // What the session has to look like.

    /// The session agrees with the model.
    pub(crate) fn check(&mut self, session: &Session) -> Outcome {
        self.learn::<User>(session)?;
        self.learn::<Address>(session)?;
        self.learn::<Profile>(session)?;
        self.learn::<Order>(session)?;
        self.learn::<Tag>(session)?;
        self.learn::<Doc>(session)?;
        self.learn::<Line>(session)?;
        for (at, handle) in &self.handles {
            let thing = &self.world.things[*at];
            let is_in = handle.is_in(session);
            if thing.life == Life::New && !is_in {
                return Err(format!("{} is new and has left the session", thing.text));
            }
            if is_in && thing.is_here() {
                self.check_columns(session, *at, *handle)?;
                self.check_parent(session, *at, *handle)?;
                for kind in KINDS {
                    self.check_list(session, *at, *handle, kind)?;
                }
            }
        }
        Ok(())
    }

    /// Finds out which objects there are.
    fn learn<T: Part>(&mut self, session: &Session) -> Outcome {
        for key in session.all::<T>() {
            let text = session[key].text();
            let found = self.world.things.iter().position(|thing| thing.text == text && thing.kind == T::KIND);
            let Some(at) = found.filter(|at| self.world.things[*at].is_here()) else {
                return Err(format!("the session has {key:?} with the text {text:?}, which nothing has"));
            };
            self.world.things[at].is_value = false;
            let known = self.handles.insert(at, T::handle(key));
            if let Some(known) = known.filter(|known| known.is_in(session) && *known != T::handle(key)) {
                return Err(format!("{text} is two objects: {known:?} and {key:?}"));
            }
        }
        Ok(())
    }

    fn check_columns(&self, session: &Session, at: usize, handle: Handle) -> Outcome {
        let thing = &self.world.things[at];
        if handle.text(session) != thing.text {
            return Err(format!("{} has the text {:?}", thing.text, handle.text(session)));
        }
        let id = handle.id(session);
        if thing.kind == Kind::Line && id != thing.no {
            return Err(format!("{} has the number {id} and not {}", thing.text, thing.no));
        }
        if thing.kind != Kind::Line && thing.life == Life::Row && Some(id) != thing.id {
            return Err(format!("{} has the key {id} and not {:?}", thing.text, thing.id));
        }
        if let Handle::User(key) = handle
            && session.is_column_loaded(key, User::AGE)
            && session[key].age != thing.number
        {
            return Err(format!("{} has the age {:?} and not {:?}", thing.text, session[key].age, thing.number));
        }
        if let Handle::Doc(key) = handle
            && thing.life == Life::Row
            && session[key].version != thing.version
        {
            return Err(format!("{} has the version {} and not {}", thing.text, session[key].version, thing.version));
        }
        if matches!(handle, Handle::User(key) if !session.is_column_loaded(key, User::MANAGER_ID)) {
            return Ok(());
        }
        let is_known = match thing.parent {
            Parent::Nobody => !thing.kind.is_owned(),
            Parent::Thing(parent) => self.world.things[parent].life == Life::Row,
            Parent::Nowhere => true,
        };
        let (found, wanted) = (handle.parent_id(session), self.world.foreign_key(at));
        if is_known && !thing.unsettled && thing.kind.parent().is_some() && found != wanted {
            return Err(format!("{} has the foreign key {found:?} and not {wanted:?}", thing.text));
        }
        Ok(())
    }

    fn check_parent(&self, session: &Session, at: usize, handle: Handle) -> Outcome {
        let thing = &self.world.things[at];
        let Some(found) = parent(session, handle).filter(|_| !thing.unsettled) else { return Ok(()) };
        let wanted = match thing.parent {
            Parent::Nowhere => return Ok(()),
            Parent::Nobody => None,
            Parent::Thing(parent) if self.world.things[parent].is_here() => {
                let handle = self.handle(session, parent);
                let text = &self.world.things[parent].text;
                Some(handle.ok_or_else(|| format!("{} has a parent, and {text} is not here", thing.text))?)
            }
            Parent::Thing(_) => return Ok(()),
        };
        if found != wanted.as_slice() {
            return Err(format!("{} has the parent {found:?} and not {wanted:?}", thing.text));
        }
        Ok(())
    }

    fn check_list(&self, session: &Session, at: usize, handle: Handle, kind: Kind) -> Outcome {
        let thing = &self.world.things[at];
        let Some(mut found) = list(session, handle, kind).filter(|_| !thing.assigned) else { return Ok(()) };
        if let Some(dead) = found.iter().find(|handle| !handle.is_in(session)) {
            return Err(format!("a list of {} has {dead:?}, which is not there", thing.text));
        }
        let children = match kind {
            Kind::Tag | Kind::Order if !matches!(handle, Handle::User(_)) => {
                let partners = self.world.links_of(at).into_iter();
                partners.map(|(order, tag)| if order == at { tag } else { order }).collect()
            }
            _ => self.world.children(at, kind),
        };
        let children = children.into_iter().filter(|child| self.world.things[*child].is_here());
        let mut wanted = Vec::new();
        for child in children.filter(|child| !self.world.things[*child].unsettled) {
            let child_text = &self.world.things[child].text;
            let handle = self.handle(session, child);
            wanted.push(handle.ok_or_else(|| format!("a loaded list of {} lacks {child_text}", thing.text))?);
        }
        // Those that the session hears of at the next flush may be in the list or not.
        let unsettled = self.world.all(|thing| thing.unsettled && thing.kind == kind);
        let unsettled: Vec<Handle> = unsettled.into_iter().filter_map(|at| self.handles.get(&at).copied()).collect();
        found.retain(|handle| !unsettled.contains(handle));
        let is_same = found.len() == wanted.len() && wanted.iter().all(|handle| found.contains(handle));
        let names = |handles: &[Handle]| {
            let mut names: Vec<String> = handles.iter().map(|handle| handle.text(session)).collect();
            names.sort_unstable();
            names
        };
        match is_same {
            true => Ok(()),
            false => Err(format!("the list of {} has {:?} and not {:?}", thing.text, names(&found), names(&wanted))),
        }
    }

    /// Everything since then was undone.
    pub(crate) fn go_back(&mut self, session: &mut Session, to: &World) -> Outcome {
        let was_in: Vec<usize> =
            self.handles.keys().copied().filter(|at| self.handle(session, *at).is_some()).collect();
        for at in &self.expunged {
            if let Some(handle) = self.handle(session, *at) {
                on!(handle, key => session.expunge(key));
            }
        }
        self.let_go_again::<User>(session, to);
        self.let_go_again::<Address>(session, to);
        self.let_go_again::<Profile>(session, to);
        self.let_go_again::<Order>(session, to);
        self.let_go_again::<Tag>(session, to);
        self.let_go_again::<Doc>(session, to);
        self.let_go_again::<Line>(session, to);
        let gone = was_in.into_iter().filter(|at| self.handle(session, *at).is_none());
        self.expunged.extend(gone.collect::<Vec<_>>());
        for (at, handle) in &self.handles {
            if to.things.get(*at).is_none() && handle.is_in(session) {
                return Err(format!("{} was undone and is still there", self.world.things[*at].text));
            }
        }
        self.world = to.clone();
        self.database = to.clone();
        self.expunged.retain(|at| *at < to.things.len());
        self.handles.retain(|at, handle| *at < to.things.len() && handle.is_in(session));
        Ok(())
    }

    /// The session has read rows that it had let go, and can't know that their values were its own.
    fn let_go_again<T: Part>(&self, session: &mut Session, to: &World) {
        for key in session.all::<T>() {
            let text = session[key].text();
            let worlds = [to, &self.world, &self.database];
            let mut things =
                self.expunged.iter().flat_map(|at| worlds.iter().filter_map(|world| world.things.get(*at)));
            if things.any(|thing| thing.text == text) {
                session.expunge(key);
            }
        }
    }

    /// Deleted objects have left.
    pub(crate) fn is_committed(&mut self, session: &Session) -> Outcome {
        self.committed = self.world.clone();
        for (at, handle) in &self.handles {
            if self.world.things[*at].life == Life::Gone && handle.is_in(session) {
                return Err(format!("{} was deleted and is still there after the commit", self.world.things[*at].text));
            }
        }
        self.handles.retain(|_, handle| handle.is_in(session));
        if session.has_changes() {
            return Err("the session has changes after a commit".to_owned());
        }
        Ok(())
    }

    /// The last commit or rollback, and what a session finds that knows nothing yet.
    pub(crate) fn ends(&mut self, session: &mut Session) -> Outcome {
        self.note("the last commit".to_owned());
        let committed = now(session.commit());
        if self.flushed(session, committed)? {
            self.is_committed(session)?;
        } else {
            now(session.rollback()).map_err(|error| error.to_string())?;
            let to = self.committed.clone();
            self.go_back(session, &to)?;
        }
        self.check(session)?;
        self.compare_database(session, &self.committed)?;
        self.check_afresh().map_err(|error| format!("in a second session: {error}"))
    }

    /// A second session loads everything.
    fn check_afresh(&self) -> Outcome {
        let mut session = Session::new(self.engine);
        let mut fresh = Run::new(self.engine, true);
        fresh.world = self.committed.clone();
        fresh.database = self.committed.clone();
        let users = User::select().options((
            selectinload(User::ADDRESSES),
            selectinload(User::ORDERS).selectinload(Order::TAGS),
            selectinload(User::PROFILE),
            joinedload(User::REPORTS),
        ));
        let loaded = now(session.fetch_all(users))
            .and_then(|_| now(session.fetch_all(Order::select().options(selectinload(Order::USER)))))
            .and_then(|_| now(session.fetch_all(Profile::select())))
            .and_then(|_| now(session.fetch_all(Tag::select().options(selectinload(Tag::ORDERS)))))
            .and_then(|_| now(session.fetch_all(Doc::select().options(joinedload(Doc::LINES)))));
        loaded.map_err(|error| error.to_string())?;
        fresh.check(&session)?;
        let here = fresh.world.all(|thing| thing.life == Life::Row).len();
        if fresh.handles.len() != here {
            return Err(format!("{} objects of {here} were found", fresh.handles.len()));
        }
        Ok(())
    }
}
