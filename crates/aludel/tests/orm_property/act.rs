//! Doing one thing: in the session, and in the model.

use aludel::prelude::*;
use aludel::{Nested, immediateload};

use crate::backend::{Backend, backend};
use crate::handle::{Handle, Part, link, on, unlink};
use crate::model::{Address, Doc, Line, Order, Profile, Tag, User, cut, now};
use crate::random::{Op, What};
use crate::run::{Outcome, Run};
use crate::world::{Forecast, KINDS, Kind, Life, NOWHERE, Parent, Thing, World};

/// How a piece of work ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It went on to the end of what there was to do.
    Over,
    /// The session was rolled back, savepoints and all.
    RolledBack,
}

/// How a savepoint has ended.
enum Ending {
    Kept,
    Undone,
    /// It was to be kept, and could not.
    Refused,
    RolledBack,
}

const CHILDREN: [Kind; 5] = [Kind::User, Kind::Address, Kind::Profile, Kind::Order, Kind::Line];

fn pick<T: Copy>(from: &[T], pick: u32) -> Option<T> {
    (!from.is_empty()).then(|| from[pick as usize % from.len()])
}

impl Run<'_> {
    /// Does what there is to do, as deep as savepoints go.
    pub(crate) fn go(
        &mut self,
        session: &mut Session,
        ops: &mut std::slice::Iter<'_, Op>,
        depth: usize,
    ) -> Outcome<End> {
        while let Some(op) = ops.next() {
            let [first, ..] = op.picks;
            match op.what {
                What::Begin if depth < 3 => {
                    if self.nested(session, ops, depth)? == End::RolledBack && depth > 0 {
                        return Ok(End::RolledBack);
                    }
                }
                What::End if depth > 0 => {
                    self.ending = first;
                    return Ok(End::Over);
                }
                What::Begin | What::End => {}
                What::Rollback if depth == 0 || first % 4 == 0 => {
                    self.note("rollback".to_owned());
                    now(session.rollback()).map_err(|error| error.to_string())?;
                    let to = self.committed.clone();
                    self.go_back(session, &to)?;
                    self.compare_database(session, &self.database)?;
                    self.check(session)?;
                    if depth > 0 {
                        return Ok(End::RolledBack);
                    }
                }
                What::Rollback => {}
                What::Commit if depth == 0 => {
                    self.note("commit".to_owned());
                    let committed = now(session.commit());
                    if self.flushed(session, committed)? {
                        self.is_committed(session)?;
                    }
                    self.check(session)?;
                }
                What::Cut => {
                    self.cut(session, op.picks, depth)?;
                    self.check(session)?;
                }
                What::Commit => {
                    if now(session.commit()).is_ok() {
                        return Err("a commit has gone past an open savepoint".to_owned());
                    }
                }
                _ => {
                    self.act(session, *op)?;
                    self.check(session)?;
                }
            }
        }
        Ok(End::Over)
    }

    fn nested(&mut self, session: &mut Session, ops: &mut std::slice::Iter<'_, Op>, depth: usize) -> Outcome<End> {
        self.note("begin".to_owned());
        let mut before = World::default();
        let ended = match now(session.begin_nested()) {
            Ok(nested) => Ok(self.inside(nested, &mut before, ops, depth)?),
            Err(error) => Err(error),
        };
        match ended {
            Err(error) => {
                self.flushed::<()>(session, Err(error))?;
            }
            Ok(Ending::RolledBack) => return Ok(End::RolledBack),
            Ok(Ending::Kept) => {
                self.flushed(session, Ok(()))?;
            }
            Ok(Ending::Refused) if self.world.forecast(&self.database) == Forecast::Fine => {
                return Err("a savepoint's commit has failed".to_owned());
            }
            Ok(Ending::Refused | Ending::Undone) => {
                // What a guard has left is undone at the next use.
                now(session.flush()).map_err(|error| error.to_string())?;
                self.go_back(session, &before)?;
                self.compare_database(session, &self.database)?;
            }
        }
        self.check(session)?;
        Ok(End::Over)
    }

    /// In a savepoint. `before` is what it goes back to.
    fn inside(
        &mut self,
        mut nested: Nested<'_>,
        before: &mut World,
        ops: &mut std::slice::Iter<'_, Op>,
        depth: usize,
    ) -> Outcome<Ending> {
        self.flushed(&mut nested, Ok(()))?;
        self.check(&nested)?;
        before.clone_from(&self.world);
        self.ending = 1;
        if self.go(&mut nested, ops, depth + 1)? == End::RolledBack {
            return Ok(Ending::RolledBack);
        }
        let ending = self.ending % 3;
        self.note(format!("end {ending}"));
        Ok(match ending {
            0 => match now(nested.commit()) {
                Ok(()) => Ending::Kept,
                Err(_) => Ending::Refused,
            },
            1 => {
                now(nested.rollback()).map_err(|error| error.to_string())?;
                Ending::Undone
            }
            _ => Ending::Undone,
        })
    }

    /// The future of a call is dropped after some polls. Whether anything came of it or not, the next call goes on from there.
    fn cut(&mut self, session: &mut Session, picks: [u32; 4], depth: usize) -> Outcome {
        let polls = picks[1] % 48;
        let users = User::select().options((selectinload(User::ADDRESSES), selectinload(User::REPORTS)));
        let (what, is_over) = match picks[0] % 8 {
            0 | 1 => ("flush", cut(session.flush(), polls).is_some()),
            2 => ("fetch", cut(session.fetch_all(users), polls).is_some()),
            3 => ("plan", cut(session.plan(), polls).is_some()),
            4 => ("begin", cut(session.begin_nested(), polls).is_some()),
            5 | 6 if depth == 0 => {
                let is_over = cut(session.commit(), polls).is_some();
                self.note(format!("commit, cut after {polls} polls: {is_over}"));
                let committed = now(session.commit());
                if self.flushed(session, committed)? {
                    self.is_committed(session)?;
                }
                return Ok(());
            }
            7 if depth == 0 && polls > 0 => {
                let is_over = cut(session.rollback(), polls % 6 + 1).is_some();
                self.note(format!("rollback, cut: {is_over}"));
                let to = self.committed.clone();
                self.go_back(session, &to)?;
                return self.compare_database(session, &self.database);
            }
            _ => return Ok(()),
        };
        self.note(format!("{what}, cut after {polls} polls: {is_over}"));
        self.flush(session).map(|_| ())
    }

    fn act(&mut self, session: &mut Session, op: Op) -> Outcome {
        let picks = op.picks;
        match op.what {
            What::AddUser => self.add_user(session),
            What::AddTree => self.add_tree(session, picks),
            What::AddChild => self.add_child(session, picks),
            What::AddPlain => self.add_plain(session, picks),
            What::AddTag => {
                let text = self.text("tag");
                let key = session.add(Tag::build().label(text.clone()));
                self.added(Kind::Tag, text, Tag::handle(key));
                Ok(())
            }
            What::AddDoc => {
                let text = self.text("doc");
                let key = session.add(Doc::build().body(text.clone()).version(1));
                self.added(Kind::Doc, text, Doc::handle(key));
                Ok(())
            }
            What::Change | What::Spoil => self.change(session, op),
            What::ChangeNumber => self.change_number(session, picks),
            What::ChangeLineNumber => self.change_line_number(session, picks),
            What::Hand => self.by_hand(session, picks),
            What::HandNowhere => self.by_hand_nowhere(session, picks),
            What::Link | What::InsertAt => self.link(session, op),
            What::Unlink => self.unlink(session, picks),
            What::LinkTag | What::UnlinkTag => self.link_tag(session, op),
            What::Push => self.push(session, picks),
            What::Assign => self.assign(session, picks),
            What::Delete => self.delete(session, picks),
            What::Load => self.load(session, picks),
            What::Get => self.get(session, picks),
            What::Fetch | What::FetchGraph | What::FetchPart => self.fetch(session, op),
            What::Refresh | What::Expire => self.give_up(session, op),
            What::ExpireAll => {
                self.note("expire all".to_owned());
                session.expire_all();
                Ok(())
            }
            What::Flush => {
                self.note("flush".to_owned());
                self.flush(session).map(|_| ())
            }
            What::Plan => {
                self.note("plan".to_owned());
                // It says what is wrong as far as the session itself can see it.
                let _: aludel::Result<aludel::Plan> = now(session.plan());
                Ok(())
            }
            What::Expunge => self.expunge(session, picks),
            What::Merge => self.merge(session, picks),
            What::BulkUpdate => self.bulk_update(session, picks),
            What::BulkDelete => self.bulk_delete(session, picks),
            What::BadStatement => self.bad_statement(session),
            What::Commit | What::Rollback | What::Begin | What::End | What::Cut => Ok(()),
        }
    }

    // New objects.

    fn added(&mut self, kind: Kind, text: String, handle: Handle) -> usize {
        self.note(format!("add {text}"));
        let at = self.world.add(Thing::new(kind, text));
        self.handles.insert(at, handle);
        at
    }

    fn add_user(&mut self, session: &mut Session) -> Outcome {
        let text = self.text("user");
        let key = session.add(User::build().name(text.clone()));
        self.added(Kind::User, text, User::handle(key));
        Ok(())
    }

    /// A value that is not an object of the session yet.
    fn value(&mut self, kind: Kind, prefix: &str, parent: Option<usize>) -> (usize, String) {
        let text = self.text(prefix);
        let mut thing = Thing::new(kind, text.clone());
        thing.parent = parent.map_or(Parent::Nobody, Parent::Thing);
        (thing.unsettled, thing.is_value) = (true, true);
        thing.told = parent.is_some_and(|parent| self.world.things[parent].life == Life::New);
        thing.no = i64::try_from(self.count).unwrap();
        (self.world.add(thing), text)
    }

    fn add_tree(&mut self, session: &mut Session, picks: [u32; 4]) -> Outcome {
        let text = self.text("user");
        let user = self.world.add(Thing::new(Kind::User, text.clone()));
        let addresses: Vec<_> = (0..picks[0] % 3)
            .map(|_| Address::build().email(self.value(Kind::Address, "address", Some(user)).1))
            .collect();
        let mut orders = Vec::new();
        for _ in 0..picks[1] % 3 {
            let (order, status) = self.value(Kind::Order, "order", Some(user));
            let mut tags = Vec::new();
            for _ in 0..picks[2] % 3 {
                let (tag, label) = self.value(Kind::Tag, "tag", None);
                self.world.links.insert((order, tag));
                tags.push(Tag::build().label(label));
            }
            orders.push(Order::build().status(status).tags(tags));
        }
        self.note(format!("add {text} with {} addresses and {} orders", addresses.len(), orders.len()));
        let build = User::build().name(text).addresses(addresses).orders(orders);
        let key = match picks[3] % 3 {
            0 => {
                let about = self.value(Kind::Profile, "profile", Some(user)).1;
                session.add(build.profile(Profile::build().about(about)))
            }
            1 => {
                let (manager, name) = self.value(Kind::User, "user", None);
                self.world.things[user].parent = Parent::Thing(manager);
                session.add(build.manager(User::build().name(name)))
            }
            _ => session.add(build),
        };
        self.handles.insert(user, User::handle(key));
        Ok(())
    }

    /// A new child of an object that is here.
    fn add_child(&mut self, session: &mut Session, picks: [u32; 4]) -> Outcome {
        let Some(kind) = pick(&CHILDREN, picks[0]) else { return Ok(()) };
        let parents = self.owners(session, kind);
        let Some(parent) = pick(&parents, picks[1]) else { return Ok(()) };
        if kind == Kind::Profile && self.world.has_unsettled(parent, kind) {
            return Ok(());
        }
        let (handle, at) = self.add_part(session, kind);
        self.note(format!("  link it to {}", self.world.things[parent].text));
        link(session, self.handles[&parent], handle, picks[2].is_multiple_of(2), None);
        self.world.attach(at, parent);
        Ok(())
    }

    /// Objects of the session that can have children of a kind.
    fn owners(&self, session: &Session, kind: Kind) -> Vec<usize> {
        let Some(parent) = kind.parent() else { return Vec::new() };
        self.mine(session, parent).into_iter().filter(|at| !self.world.things[*at].assigned).collect()
    }

    fn add_part(&mut self, session: &mut Session, kind: Kind) -> (Handle, usize) {
        let prefix = format!("{kind:?}").to_lowercase();
        let text = self.text(&prefix);
        let name = text.clone();
        let no = i64::try_from(self.count).unwrap();
        let handle = match kind {
            Kind::User => Handle::User(session.add(User::build().name(name))),
            Kind::Address => Handle::Address(session.add(Address::build().email(name))),
            Kind::Profile => Handle::Profile(session.add(Profile::build().about(name))),
            Kind::Order => Handle::Order(session.add(Order::build().status(name))),
            Kind::Tag => Handle::Tag(session.add(Tag::build().label(name))),
            Kind::Doc => Handle::Doc(session.add(Doc::build().body(name).version(1))),
            Kind::Line => Handle::Line(session.add(Line::build().no(no).txt(name))),
        };
        let at = self.added(kind, text, handle);
        self.world.things[at].no = no;
        (handle, at)
    }

    /// A plain struct with the key of its parent in it, and sometimes a key of its own.
    fn add_plain(&mut self, session: &mut Session, picks: [u32; 4]) -> Outcome {
        let Some(kind) = pick(&CHILDREN, picks[0]) else { return Ok(()) };
        let parents = self.rows_for(kind);
        let parent = pick(&parents, picks[1]).filter(|_| kind.is_owned() || !picks[2].is_multiple_of(4));
        if parent.is_none() && kind.is_owned() {
            return Ok(());
        }
        let parent_id = parent.and_then(|parent| self.world.things[parent].id);
        let prefix = format!("{kind:?}").to_lowercase();
        let text = self.text(&prefix);
        let no = i64::try_from(self.count).unwrap();
        let id = if picks[3].is_multiple_of(3) { 1_000_000 * no } else { 0 };
        let name = text.clone();
        let owner = parent_id.unwrap_or_default();
        let handle = match kind {
            Kind::User => Handle::User(session.add(plain_user(id, name, None, parent_id))),
            Kind::Address => {
                let user = One::unloaded();
                Handle::Address(session.add(Address { id, email: name, user_id: owner, user }))
            }
            Kind::Profile => {
                let user = One::unloaded();
                Handle::Profile(session.add(Profile { id, about: name, user_id: parent_id, user }))
            }
            Kind::Order => {
                let (user, tags) = (One::unloaded(), Many::unloaded());
                Handle::Order(session.add(Order { id, status: name, user_id: parent_id, user, tags }))
            }
            Kind::Line => {
                let doc = One::unloaded();
                Handle::Line(session.add(Line { doc_id: owner, no, txt: name, doc }))
            }
            Kind::Tag | Kind::Doc => return Ok(()),
        };
        let at = self.added(kind, text, handle);
        let thing = &mut self.world.things[at];
        thing.no = no;
        thing.parent = parent.map_or(Parent::Nobody, Parent::Thing);
        thing.unsettled = true;
        Ok(())
    }

    /// Rows whose key may be set by hand in a child of this kind.
    fn rows_for(&self, kind: Kind) -> Vec<usize> {
        let Some(parent) = kind.parent() else { return Vec::new() };
        self.world
            .all(|thing| thing.kind == parent && thing.life == Life::Row && !thing.assigned)
            .into_iter()
            // There is one profile to a user, and who sets the key by hand sees to that.
            .filter(|at| {
                kind != Kind::Profile
                    || !self.world.things.iter().any(|thing| {
                        thing.kind == Kind::Profile && thing.life != Life::Gone && thing.parent == Parent::Thing(*at)
                    })
            })
            .collect()
    }

    // Changes.

    fn any(&self, session: &Session, picks: [u32; 4]) -> Option<usize> {
        let kind = pick(&KINDS, picks[0])?;
        pick(&self.mine(session, kind), picks[1])
    }

    fn change(&mut self, session: &mut Session, op: Op) -> Outcome {
        let Some(at) = self.any(session, op.picks) else { return Ok(()) };
        let prefix = format!("{:?}", self.world.things[at].kind).to_lowercase();
        let text = self.text(if op.what == What::Spoil { "bad" } else { &prefix });
        self.note(format!("change {} to {text}", self.world.things[at].text));
        let handle = self.handles[&at];
        match op.picks[2] % 3 {
            0 => on!(handle, key => session.with(key, |part, _| part.set_text(text.clone()))),
            _ => handle.set_text(session, text.clone()),
        }
        self.world.things[at].text = text;
        Ok(())
    }

    fn change_number(&mut self, session: &mut Session, picks: [u32; 4]) -> Outcome {
        let Some(at) = pick(&self.mine(session, Kind::User), picks[0]) else { return Ok(()) };
        let number = Some(i64::from(picks[1] % 90));
        self.note(format!("age of {} is {number:?}", self.world.things[at].text));
        session[self.handles[&at].user()].age = number;
        self.world.things[at].number = number;
        Ok(())
    }

    /// Part of a key.
    fn change_line_number(&mut self, session: &mut Session, picks: [u32; 4]) -> Outcome {
        let lines = self.mine(session, Kind::Line);
        let (Some(at), Some(other)) = (pick(&lines, picks[0]), pick(&lines, picks[1])) else { return Ok(()) };
        let Handle::Line(key) = self.handles[&at] else { return Ok(()) };
        self.count += 1;
        let no =
            if picks[2].is_multiple_of(4) { self.world.things[other].no } else { i64::try_from(self.count).unwrap() };
        self.note(format!("number of {} is {no}", self.world.things[at].text));
        session[key].no = no;
        self.world.things[at].no = no;
        Ok(())
    }

    fn by_hand(&mut self, session: &mut Session, picks: [u32; 4]) -> Outcome {
        let Some(kind) = pick(&CHILDREN, picks[0]) else { return Ok(()) };
        let Some(child) = pick(&self.mine(session, kind), picks[1]) else { return Ok(()) };
        let parent = pick(&self.rows_for(kind), picks[2]).filter(|_| kind.is_owned() || !picks[3].is_multiple_of(4));
        if parent.is_none() && kind.is_owned() {
            return Ok(());
        }
        if self.world.value_parent(child).is_some() {
            return Ok(());
        }
        let handle = self.handles[&child];
        let id = parent.and_then(|parent| self.world.things[parent].id);
        let meant = parent.map_or(Parent::Nobody, Parent::Thing);
        let thing = &mut self.world.things[child];
        if handle.parent_id(session) == id && thing.parent != meant || thing.told && thing.unsettled {
            // What is not changed by that, or back to what it was when it was linked, leaves it linked.
            return Ok(());
        }
        thing.parent = meant;
        thing.unsettled = true;
        let words = format!("foreign key of {} is {id:?}", thing.text);
        self.note(words);
        handle.set_parent_id(session, id);
        Ok(())
    }

    fn by_hand_nowhere(&mut self, session: &mut Session, picks: [u32; 4]) -> Outcome {
        let Some(kind) = pick(&CHILDREN, picks[0]) else { return Ok(()) };
        let Some(child) = pick(&self.mine(session, kind), picks[1]) else { return Ok(()) };
        let is_same = self.handles[&child].parent_id(session) == Some(NOWHERE);
        let thing = &self.world.things[child];
        if self.world.value_parent(child).is_some() || is_same || thing.told && thing.unsettled {
            return Ok(());
        }
        self.note(format!("foreign key of {} leads nowhere", self.world.things[child].text));
        self.handles[&child].set_parent_id(session, Some(NOWHERE));
        let thing = &mut self.world.things[child];
        thing.parent = Parent::Nowhere;
        thing.unsettled = true;
        Ok(())
    }

    fn link(&mut self, session: &mut Session, op: Op) -> Outcome {
        let picks = op.picks;
        let Some(kind) = pick(&CHILDREN, picks[0]) else { return Ok(()) };
        let owners = self.owners(session, kind);
        let children = self.mine(session, kind);
        let (Some(child), Some(parent)) = (pick(&children, picks[1]), pick(&owners, picks[2])) else { return Ok(()) };
        if kind == Kind::Profile && self.world.has_unsettled(parent, kind) {
            return Ok(());
        }
        let handle = self.handles[&parent];
        let place = crate::handle::list(session, handle, kind)
            .filter(|_| op.what == What::InsertAt && kind != Kind::Profile)
            .map(|list| picks[3] as usize % (list.len() + 1));
        self.note(format!("link {} to {}", self.world.things[child].text, self.world.things[parent].text));
        link(session, handle, self.handles[&child], picks[3].is_multiple_of(2) && place.is_none(), place);
        self.world.attach(child, parent);
        self.world.things[child].unsettled = false;
        if let Some(place) = place {
            let list = crate::handle::list(session, handle, kind).unwrap_or_default();
            let found = list.iter().position(|other| *other == self.handles[&child]);
            if found != Some(place.min(list.len() - 1)) {
                return Err(format!("it stands at {found:?} and not at {place}"));
            }
        }
        Ok(())
    }

    /// Whether it was not left out by a query.
    fn is_key_loaded(&self, session: &Session, at: usize) -> bool {
        match self.handle(session, at) {
            Some(Handle::User(key)) => session.is_column_loaded(key, User::MANAGER_ID),
            _ => true,
        }
    }

    fn unlink(&mut self, session: &mut Session, picks: [u32; 4]) -> Outcome {
        let Some(kind) = pick(&CHILDREN, picks[0]) else { return Ok(()) };
        let linked = |at: &usize| match self.world.things[*at].parent {
            _ if !self.is_key_loaded(session, *at) => false,
            Parent::Thing(parent) => {
                let is_here = self.world.things[parent].is_here() && !self.world.things[parent].assigned;
                is_here && self.handle(session, parent).is_some()
            }
            _ => false,
        };
        let children: Vec<usize> = self.mine(session, kind).into_iter().filter(linked).collect();
        let Some(child) = pick(&children, picks[1]) else { return Ok(()) };
        let Parent::Thing(parent) = self.world.things[child].parent else { return Ok(()) };
        self.note(format!("unlink {} from {}", self.world.things[child].text, self.world.things[parent].text));
        unlink(session, self.handles[&parent], self.handles[&child], picks[2].is_multiple_of(2));
        self.world.things[child].parent = Parent::Nobody;
        self.world.things[child].unsettled = false;
        self.world.things[child].told |= kind.is_owned();
        Ok(())
    }

    fn link_tag(&mut self, session: &mut Session, op: Op) -> Outcome {
        let (orders, tags) = (self.mine(session, Kind::Order), self.mine(session, Kind::Tag));
        let mut pairs: Vec<(usize, usize)> =
            orders.iter().flat_map(|order| tags.iter().map(|tag| (*order, *tag))).collect();
        let added = op.what == What::LinkTag;
        if !added || !op.picks[2].is_multiple_of(8) {
            pairs.retain(|pair| self.world.links.contains(pair) != added);
        } else {
            // Linked again: nothing may come of it, if the session knows of the link.
            pairs.retain(|pair| {
                let list = crate::handle::list(session, self.handles[&pair.0], Kind::Tag);
                list.is_some_and(|list| list.contains(&self.handles[&pair.1])) || !self.world.links.contains(pair)
            });
        }
        let Some((order, tag)) = pick(&pairs, op.picks[0]) else { return Ok(()) };
        let words = if added { "link" } else { "unlink" };
        self.note(format!("{words} {} and {}", self.world.things[order].text, self.world.things[tag].text));
        let (order_key, tag_key) = (self.handles[&order].order(), self.handles[&tag].tag());
        match (added, op.picks[1].is_multiple_of(2)) {
            (true, true) => session.link(order_key, Order::TAGS, tag_key),
            (true, false) => session.link(tag_key, Tag::ORDERS, order_key),
            (false, true) => session.unlink(order_key, Order::TAGS, tag_key),
            (false, false) => session.unlink(tag_key, Tag::ORDERS, order_key),
        }
        if added {
            self.world.links.insert((order, tag));
        } else {
            self.world.links.remove(&(order, tag));
        }
        Ok(())
    }

    /// Values that become objects at the next flush.
    fn push(&mut self, session: &mut Session, picks: [u32; 4]) -> Outcome {
        let Some(kind) = pick(&[Kind::Address, Kind::Order, Kind::Line, Kind::User], picks[0]) else { return Ok(()) };
        let Some(owner) = pick(&self.owners(session, kind), picks[1]) else { return Ok(()) };
        let prefix = format!("{kind:?}").to_lowercase();
        let (at, text) = self.value(kind, &prefix, Some(owner));
        self.note(format!("push {text} to {}", self.world.things[owner].text));
        let no = self.world.things[at].no;
        match (kind, self.handles[&owner]) {
            (Kind::Address, Handle::User(key)) => session[key].addresses.push(Address::build().email(text)),
            (Kind::Order, Handle::User(key)) => session[key].orders.push(Order::build().status(text)),
            (Kind::User, Handle::User(key)) => session[key].reports.push(User::build().name(text)),
            (Kind::Line, Handle::Doc(key)) => session[key].lines.push(Line::build().no(no).txt(text)),
            other => return Err(format!("{other:?} can't be pushed")),
        }
        Ok(())
    }

    /// A whole new list.
    fn assign(&mut self, session: &mut Session, picks: [u32; 4]) -> Outcome {
        let kinds = [Kind::Address, Kind::Order, Kind::Line, Kind::Profile];
        let Some(kind) = pick(&kinds, picks[0]) else { return Ok(()) };
        let owners = self.owners(session, kind);
        // Whether a key that was set by hand counts or the list, only its order could tell.
        let is_plain = |at: &usize| !self.world.has_values(*at) && !self.world.has_unsettled(*at, kind);
        let owners: Vec<usize> = owners.into_iter().filter(is_plain).collect();
        let Some(owner) = pick(&owners, picks[1]) else { return Ok(()) };
        for child in self.world.children(owner, kind) {
            self.world.things[child].parent = Parent::Nobody;
            self.world.things[child].unsettled = true;
        }
        let count = if kind == Kind::Profile { picks[2] % 2 } else { picks[2] % 3 };
        let prefix = format!("{kind:?}").to_lowercase();
        let values: Vec<(i64, String)> = (0..count)
            .map(|_| {
                let (at, text) = self.value(kind, &prefix, Some(owner));
                (self.world.things[at].no, text)
            })
            .collect();
        self.note(format!("{prefix}s of {} are {values:?}", self.world.things[owner].text));
        self.world.things[owner].assigned = true;
        let mut values = values.into_iter();
        let owner_id = self.world.things[owner].id.unwrap_or_default();
        match (kind, self.handles[&owner]) {
            (Kind::Address, Handle::User(key)) => {
                let address = |(_, email)| Address { id: 0, email, user_id: owner_id, user: One::unloaded() };
                session[key].addresses = values.map(address).collect();
            }
            (Kind::Order, Handle::User(key)) => {
                let (user, tags) = (One::unloaded, Many::unloaded);
                let order = |(_, status)| Order { id: 0, status, user_id: None, user: user(), tags: tags() };
                session[key].orders = values.map(order).collect();
            }
            (Kind::Line, Handle::Doc(key)) => {
                session[key].lines =
                    values.map(|(no, txt)| Line { doc_id: 0, no, txt, doc: One::unloaded() }).collect();
            }
            (Kind::Profile, Handle::User(key)) => {
                let profile =
                    values.next().map(|(_, about)| Profile { id: 0, about, user_id: None, user: One::unloaded() });
                session[key].profile = profile.into();
            }
            other => return Err(format!("{other:?} can't be assigned")),
        }
        Ok(())
    }

    fn delete(&mut self, session: &mut Session, picks: [u32; 4]) -> Outcome {
        let Some(at) = self.any(session, picks) else { return Ok(()) };
        self.note(format!("delete {}", self.world.things[at].text));
        on!(self.handles[&at], key => session.delete(key));
        let was_new = self.world.things[at].life == Life::New;
        self.world.delete(at);
        if was_new && self.handle(session, at).is_some() {
            return Err("a new object that was deleted is still there".to_owned());
        }
        Ok(())
    }

    // Reading.

    fn load(&mut self, session: &mut Session, picks: [u32; 4]) -> Outcome {
        if !self.autoflush(session)? {
            return Ok(());
        }
        let kind = pick(&KINDS, picks[0]).unwrap_or(Kind::User);
        // A list is loaded that may have been assigned only without autoflush, and then the assigned one stays.
        let mut mine = self.mine(session, kind);
        if (kind, picks[3] % 5) == (Kind::User, 3) {
            mine.retain(|at| self.is_key_loaded(session, *at));
        }
        let here: Vec<usize> = match picks[1] % 3 {
            0 => mine,
            _ => pick(&mine, picks[2]).into_iter().collect(),
        };
        let names: Vec<&str> = here.iter().map(|at| self.world.things[*at].text.as_str()).collect();
        self.note(format!("load {} of {names:?}", picks[3] % 5));
        macro_rules! keys {
            ($variant:ident) => {
                here.iter()
                    .filter_map(|at| match self.handles[at] {
                        Handle::$variant(key) => Some(key),
                        _ => None,
                    })
                    .collect::<Vec<_>>()
            };
        }
        let loaded = match (kind, picks[3] % 5) {
            (Kind::User, 0) => now(session.load(keys!(User), User::ADDRESSES)),
            (Kind::User, 1) => now(session.load(keys!(User), User::ORDERS)),
            (Kind::User, 2) => now(session.load(keys!(User), User::PROFILE)),
            (Kind::User, 3) => now(session.load(keys!(User), User::MANAGER)),
            (Kind::User, _) => now(session.load(keys!(User), User::REPORTS)),
            (Kind::Address, _) => now(session.load(keys!(Address), Address::USER)),
            (Kind::Profile, _) => now(session.load(keys!(Profile), Profile::USER)),
            (Kind::Order, 0 | 1) => now(session.load(keys!(Order), Order::USER)),
            (Kind::Order, _) => now(session.load(keys!(Order), Order::TAGS)),
            (Kind::Tag, _) => now(session.load(keys!(Tag), Tag::ORDERS)),
            (Kind::Doc, _) => now(session.load(keys!(Doc), Doc::LINES)),
            (Kind::Line, _) => now(session.load(keys!(Line), Line::DOC)),
        };
        loaded.map_err(|error| error.to_string())
    }

    fn get(&mut self, session: &mut Session, picks: [u32; 4]) -> Outcome {
        let Some(kind) = pick(&KINDS, picks[0]) else { return Ok(()) };
        // A row by the key that it has in the database.
        let rows = self.database.all(|thing| thing.kind == kind && thing.life == Life::Row);
        let Some(at) = pick(&rows, picks[1]) else { return Ok(()) };
        let Thing { id, no, text, .. } = self.database.things[at].clone();
        self.note(format!("get {text}"));
        let (key, parent) = (id.unwrap_or_default(), self.database.foreign_key(at).unwrap_or_default());
        let found = match kind {
            Kind::User => now(session.get::<User>(key)).map(|key| key.map(Handle::User)),
            Kind::Address => now(session.get::<Address>(key)).map(|key| key.map(Handle::Address)),
            Kind::Profile => now(session.get::<Profile>(key)).map(|key| key.map(Handle::Profile)),
            Kind::Order => now(session.get::<Order>(key)).map(|key| key.map(Handle::Order)),
            Kind::Tag => now(session.get::<Tag>(key)).map(|key| key.map(Handle::Tag)),
            Kind::Doc => now(session.get::<Doc>(key)).map(|key| key.map(Handle::Doc)),
            Kind::Line => now(session.get::<Line>((parent, no))).map(|key| key.map(Handle::Line)),
        };
        let found = found.map_err(|error| error.to_string())?;
        let is_here = self.world.things[at].is_here();
        // What is deleted along may be known to be, after a flush that has failed.
        let is_doomed = self.world.things[at].parent == Parent::Nobody
            || matches!(self.world.things[at].parent, Parent::Thing(parent) if !self.world.things[parent].is_here());
        let may_be_missing = kind.is_owned() && is_doomed;
        match found {
            Some(_) if !is_here => Err("a deleted object was got".to_owned()),
            None if is_here && !may_be_missing => Err("it was not got".to_owned()),
            _ => Ok(()),
        }
    }

    fn fetch(&mut self, session: &mut Session, op: Op) -> Outcome {
        if !self.autoflush(session)? {
            return Ok(());
        }
        self.note(format!("{:?} {}", op.what, op.picks[0] % 6));
        let users = User::select().order_by(User::ID);
        let users_left = self.world.all(|thing| thing.kind == Kind::User && thing.life != Life::Gone);
        let has_values = users_left.into_iter().any(|user| self.world.has_values(user));
        let result = match (op.what, op.picks[0] % 6) {
            (What::FetchPart, 0..3) => now(session.fetch_all(users.options(load_only(User::NAME)))),
            (What::FetchPart, _) => now(session.fetch_all(users.options(defer(User::AGE)))),
            (What::Fetch, 0) => now(session.fetch_all(users)),
            (What::Fetch, 1) if !has_values => now(session.fetch_all(users.populate_existing())),
            (What::Fetch, 2) => {
                let orders = Order::select().order_by(Order::ID);
                now(session.fetch_all(orders)).map(|_| Vec::new())
            }
            (What::Fetch, 3) => {
                let query = select((User::ALL, Address::ALL)).join(Address::TABLE, Address::USER_ID.eq(User::ID));
                now(session.fetch_all(query)).map(|_| Vec::new())
            }
            (What::Fetch, 4) => {
                now(session.fetch_all(Doc::select().options(selectinload(Doc::LINES)))).map(|_| Vec::new())
            }
            (What::Fetch, _) => {
                now(session.fetch_all(Tag::select().options(selectinload(Tag::ORDERS)))).map(|_| Vec::new())
            }
            (_, 0) => now(session.fetch_all(
                users.options((selectinload(User::ADDRESSES), selectinload(User::ORDERS).selectinload(Order::TAGS))),
            )),
            (_, 1) => now(session.fetch_all(users.options((joinedload(User::ADDRESSES), joinedload(User::MANAGER))))),
            (_, 2) => now(session.fetch_all(users.options((subqueryload(User::REPORTS), subqueryload(User::PROFILE))))),
            (_, 3) => now(session.fetch_all(users.options((joinedload(User::PROFILE), immediateload(User::ORDERS))))),
            (_, 4) => {
                now(session.fetch_all(Order::select().options((joinedload(Order::TAGS), selectinload(Order::USER)))))
                    .map(|_| Vec::new())
            }
            _ => now(session.fetch_all(users.options(selectinload(User::REPORTS).depth(2)))),
        };
        let users = result.map_err(|error| error.to_string())?;
        let mut ids: Vec<i64> = users.iter().map(|user| session[*user].id).collect();
        let all: Vec<Option<i64>> =
            self.database.here(Kind::User).iter().map(|at| self.database.things[*at].id).collect();
        ids.sort_unstable();
        ids.dedup();
        if !users.is_empty() && ids.len() != all.len() {
            return Err(format!("the users {ids:?} were fetched, and there are {all:?}"));
        }
        if op.what == What::Fetch && op.picks[0] % 6 == 1 && !has_values {
            // Changes that were not flushed are given up.
            for at in self.database.here(Kind::User) {
                self.give_up_thing(at);
            }
        }
        Ok(())
    }

    /// Changes of a thing that were not flushed are given up.
    fn give_up_thing(&mut self, at: usize) {
        if self.world.things[at].life == Life::Row {
            let was = self.database.things[at].clone();
            let thing = &mut self.world.things[at];
            thing.text = was.text;
            thing.number = was.number;
            thing.no = was.no;
            thing.parent = was.parent;
        }
    }

    fn give_up(&mut self, session: &mut Session, op: Op) -> Outcome {
        let Some(at) = self.any(session, op.picks).filter(|at| self.is_simple(*at)) else { return Ok(()) };
        let thing = &self.world.things[at];
        if thing.life != Life::Row {
            return Ok(());
        }
        self.note(format!("{:?} {}", op.what, thing.text));
        if op.what == What::Refresh {
            on!(self.handles[&at], key => now(session.refresh(key))).map_err(|error| error.to_string())?;
        } else {
            on!(self.handles[&at], key => session.expire(key));
        }
        self.give_up_thing(at);
        Ok(())
    }

    /// Whether it stands alone enough to be given up.
    fn is_simple(&self, at: usize) -> bool {
        let thing = &self.world.things[at];
        let is_moved_along = matches!(thing.parent, Parent::Nobody) && thing.unsettled;
        let was_assigned = |world: &crate::world::World| match world.things.get(at).map(|thing| thing.parent) {
            Some(Parent::Thing(parent)) => self.world.things[parent].assigned || !self.world.things[parent].is_here(),
            _ => false,
        };
        !self.world.has_values(at) && !is_moved_along && !was_assigned(&self.database) && thing.kind != Kind::Profile
    }

    fn expunge(&mut self, session: &mut Session, picks: [u32; 4]) -> Outcome {
        if !picks[2].is_multiple_of(4) && !self.flush(session)? {
            return Ok(());
        }
        let Some(at) = self.any(session, picks).filter(|at| self.is_simple(*at)) else { return Ok(()) };
        if self.world.things[at].life == Life::New
            && self.world.things.iter().any(|thing| thing.parent == Parent::Thing(at))
        {
            return Ok(());
        }
        self.check(session)?;
        let handle = self.handles[&at];
        let mut going = vec![at];
        for kind in KINDS.into_iter().filter(|kind| kind.is_owned()) {
            for child in crate::handle::list(session, handle, kind).unwrap_or_default() {
                let child = self.handles.iter().find(|(_, handle)| **handle == child).map(|(at, _)| *at);
                going.extend(child);
            }
        }
        if going.iter().any(|at| !self.is_simple(*at)) {
            return Ok(());
        }
        let names: Vec<String> = going.iter().map(|at| self.world.things[*at].text.clone()).collect();
        self.note(format!("expunge {names:?}"));
        let text = match picks[3] % 2 {
            0 => on!(handle, key => session.detach(key).text().to_owned()),
            _ => {
                on!(handle, key => session.expunge(key));
                names[0].clone()
            }
        };
        if text != names[0] {
            return Err(format!("{text} was detached"));
        }
        for at in going {
            if self.handle(session, at).is_some() {
                return Err(format!("{} was expunged and is still there", self.world.things[at].text));
            }
            self.handles.remove(&at);
            self.expunged.insert(at);
            match self.world.things[at].life {
                Life::New => self.world.delete(at),
                _ => {
                    self.give_up_thing(at);
                    let is_its = |pair: &(usize, usize)| pair.0 == at || pair.1 == at;
                    self.world.links.retain(|pair| !is_its(pair));
                    let back = self.database.links.iter().copied().filter(is_its);
                    let world = &self.world;
                    let back: Vec<_> = back
                        .filter(|(order, tag)| {
                            world.things[*order].life != Life::Gone && world.things[*tag].life != Life::Gone
                        })
                        .collect();
                    self.world.links.extend(back);
                }
            }
        }
        Ok(())
    }

    fn merge(&mut self, session: &mut Session, picks: [u32; 4]) -> Outcome {
        let Some(kind) = pick(&KINDS, picks[0]) else { return Ok(()) };
        let rows: Vec<usize> = self
            .world
            .all(|thing| thing.kind == kind && thing.life == Life::Row)
            .into_iter()
            .filter(|at| {
                let (now, then) = (&self.world.things[*at], &self.database.things[*at]);
                self.is_simple(*at) && !now.unsettled && now.parent == then.parent && now.no == then.no
            })
            .collect();
        let Some(at) = pick(&rows, picks[1]) else { return Ok(()) };
        let prefix = format!("{kind:?}").to_lowercase();
        let text = self.text(&prefix);
        let Thing { id, no, number, version, text: old, .. } = self.world.things[at].clone();
        self.note(format!("merge {old} as {text}"));
        let (id, parent) = (id.unwrap_or_default(), self.world.foreign_key(at));
        let owner = parent.unwrap_or_default();
        let name = text.clone();
        let merged = match kind {
            Kind::User => now(session.merge(plain_user(id, name, number, parent))).map(Handle::User),
            Kind::Address => now(session.merge(Address { id, email: name, user_id: owner, user: One::unloaded() }))
                .map(Handle::Address),
            Kind::Profile => now(session.merge(Profile { id, about: name, user_id: parent, user: One::unloaded() }))
                .map(Handle::Profile),
            Kind::Order => {
                let (user, tags) = (One::unloaded(), Many::unloaded());
                now(session.merge(Order { id, status: name, user_id: parent, user, tags })).map(Handle::Order)
            }
            Kind::Tag => now(session.merge(Tag { id, label: name, orders: Many::unloaded() })).map(Handle::Tag),
            Kind::Doc => now(session.merge(Doc { id, body: name, version, lines: Many::unloaded() })).map(Handle::Doc),
            Kind::Line => {
                now(session.merge(Line { doc_id: owner, no, txt: name, doc: One::unloaded() })).map(Handle::Line)
            }
        };
        let handle = merged.map_err(|error| error.to_string())?;
        let known = self.handle(session, at);
        if known.is_some_and(|known| known != handle) {
            return Err(format!("{old} was merged onto {handle:?} and not {known:?}"));
        }
        self.handles.insert(at, handle);
        self.world.things[at].text = text;
        Ok(())
    }

    // Statements of the program's own.

    fn some_rows(&self, kind: Kind, picks: [u32; 4]) -> Vec<usize> {
        let rows = self.world.here(kind);
        rows.into_iter().filter(|at| (picks[1] >> (at % 16)).is_multiple_of(2)).collect()
    }

    fn ids(&self, rows: &[usize]) -> Vec<i64> {
        rows.iter().filter_map(|at| self.world.things[*at].id).collect()
    }

    fn bulk_update(&mut self, session: &mut Session, picks: [u32; 4]) -> Outcome {
        if !self.flush(session)? {
            return Ok(());
        }
        let kind = [Kind::User, Kind::Order, Kind::Address][picks[0] as usize % 3];
        let rows = self.some_rows(kind, picks);
        let ids = self.ids(&rows);
        let users = self.world.here(Kind::User);
        let parent = pick(&users, picks[2]);
        let parent_id = parent.and_then(|parent| self.world.things[parent].id);
        self.note(format!("UPDATE of {kind:?} {ids:?} to {parent_id:?}"));
        let updated = match (kind, parent_id) {
            (Kind::User, _) => {
                now(session.execute(User::update().set(User::AGE, Some(77_i64)).filter(User::ID.in_(ids))))
            }
            (Kind::Order, _) => {
                now(session.execute(Order::update().set(Order::USER_ID, parent_id).filter(Order::ID.in_(ids))))
            }
            (_, Some(id)) => {
                now(session.execute(Address::update().set(Address::USER_ID, id).filter(Address::ID.in_(ids))))
            }
            _ => return Ok(()),
        };
        let updated = updated.map_err(|error| error.to_string())?;
        if updated != rows.len() as u64 {
            return Err(format!("{updated} rows were updated and not {}", rows.len()));
        }
        for at in rows {
            if self.handle(session, at).is_none() {
                // Should it be read before it is undone, it is what it was then.
                self.expunged.insert(at);
            }
            match kind {
                Kind::User => self.world.things[at].number = Some(77),
                _ => self.world.things[at].parent = parent.map_or(Parent::Nobody, Parent::Thing),
            }
        }
        self.database = self.world.clone();
        self.compare_database(session, &self.database)
    }

    fn bulk_delete(&mut self, session: &mut Session, picks: [u32; 4]) -> Outcome {
        if !self.flush(session)? {
            return Ok(());
        }
        let kind = [Kind::Order, Kind::Address, Kind::Tag][picks[0] as usize % 3];
        let mut rows = self.some_rows(kind, picks);
        rows.retain(|at| self.world.links_of(*at).is_empty());
        let ids = self.ids(&rows);
        self.note(format!("DELETE of {kind:?} {ids:?}"));
        let deleted = match kind {
            Kind::Order => now(session.execute(Order::delete().filter(Order::ID.in_(ids)))),
            Kind::Address => now(session.execute(Address::delete().filter(Address::ID.in_(ids)))),
            _ => now(session.execute(Tag::delete().filter(Tag::ID.in_(ids)))),
        };
        let deleted = deleted.map_err(|error| error.to_string())?;
        if deleted != rows.len() as u64 {
            return Err(format!("{deleted} rows were deleted and not {}", rows.len()));
        }
        rows.iter().for_each(|at| self.world.things[*at].life = Life::Gone);
        self.database = self.world.clone();
        self.compare_database(session, &self.database)
    }

    /// A statement that the database refuses leaves everything as it is; on PostgreSQL, what it stands in is to be undone.
    fn bad_statement(&mut self, session: &mut Session) -> Outcome {
        let needs_savepoint = backend() == Backend::Postgres;
        let flushed = if needs_savepoint { self.flush(session)? } else { self.autoflush(session)? };
        if !flushed || self.database.here(Kind::Tag).is_empty() {
            return Ok(());
        }
        self.note("a bad UPDATE".to_owned());
        let bad = Tag::update().set(Tag::LABEL, "bad");
        let result = if needs_savepoint {
            let before = self.world.clone();
            let mut nested = now(session.begin_nested()).map_err(|error| error.to_string())?;
            let result = now(nested.execute(bad));
            now(nested.rollback()).map_err(|error| error.to_string())?;
            self.go_back(session, &before)?;
            result
        } else {
            now(session.execute(bad))
        };
        match result {
            Ok(_) => Err("the database has taken a bad value".to_owned()),
            Err(_) => self.compare_database(session, &self.database),
        }
    }
}

fn plain_user(id: i64, name: String, age: Option<i64>, manager_id: Option<i64>) -> User {
    let (manager, profile) = (One::unloaded(), One::unloaded());
    let (addresses, orders, reports) = (Many::unloaded(), Many::unloaded(), Many::unloaded());
    User { id, name, age, manager_id, addresses, orders, profile, manager, reports }
}
