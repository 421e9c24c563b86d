//! Random options over random rows, beside a model that knows what must come of them.

use std::collections::BTreeMap;

use aludel::blocking::{Engine, Session};
use aludel::prelude::*;
use aludel::{Link, Load, Mapped, immediateload, with_criteria};

use crate::log;
use crate::model::{Address, Item, Order, Profile, TABLES, Tag, User};

/// A small generator of numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % end.max(1)
    }

    fn one_in(&mut self, many: i64) -> bool {
        self.below(many) == 0
    }
}

/// The rows, by their keys.
#[derive(Default)]
struct Rows {
    /// Each with its boss.
    users: BTreeMap<i64, Option<i64>>,
    addresses: BTreeMap<i64, Option<i64>>,
    profiles: Vec<i64>,
    /// Each with its user and its address.
    orders: BTreeMap<i64, (i64, Option<i64>)>,
    items: BTreeMap<i64, i64>,
    tags: i64,
    links: Vec<(i64, i64)>,
}

fn rows(random: &mut Random) -> (Rows, Vec<String>) {
    let mut rows = Rows { tags: 3, ..Rows::default() };
    let mut sql = vec!["INSERT INTO tags VALUES (1, 't'), (2, 't'), (3, 't')".to_owned()];
    let shown = |id: Option<i64>| id.map_or("NULL".to_owned(), |id| id.to_string());
    let count = 1 + random.below(6);
    for id in 1..=count {
        let boss = (id > 1 && !random.one_in(3)).then(|| 1 + random.below(id - 1));
        sql.push(format!("INSERT INTO users VALUES ({id}, 'u{}', 'n', {})", random.below(3), shown(boss)));
        rows.users.insert(id, boss);
        if random.one_in(2) {
            rows.profiles.push(id);
            sql.push(format!("INSERT INTO profiles VALUES ({id}, 'p{id}')"));
        }
    }
    for id in 1..=random.below(8) {
        let user = (!random.one_in(5)).then(|| 1 + random.below(count));
        sql.push(format!("INSERT INTO addresses VALUES ({id}, 'a{id}', {})", shown(user)));
        rows.addresses.insert(id, user);
    }
    for id in 1..=random.below(8) {
        let user = 1 + random.below(count);
        let known = i64::try_from(rows.addresses.len()).unwrap();
        let address = (known > 0 && !random.one_in(3)).then(|| 1 + random.below(known));
        sql.push(format!("INSERT INTO orders VALUES ({id}, 's{id}', 'n{id}', {user}, {})", shown(address)));
        rows.orders.insert(id, (user, address));
        for tag in 1..=rows.tags {
            if random.one_in(2) {
                rows.links.push((id, tag));
                sql.push(format!("INSERT INTO order_tag VALUES ({id}, {tag})"));
            }
        }
    }
    for id in 1..=random.below(8) {
        let orders = i64::try_from(rows.orders.len()).unwrap();
        if orders > 0 {
            let order = 1 + random.below(orders);
            sql.push(format!("INSERT INTO items VALUES ({id}, 'i{id}', {order})"));
            rows.items.insert(id, order);
        }
    }
    (rows, sql)
}

/// What must hold of the rows of each entity: their keys are none of these.
#[derive(Clone, Copy, Debug, Default)]
struct Without {
    address: i64,
    order: i64,
    tag: i64,
    user: i64,
}

/// A relationship that is to be loaded, and what is below it.
#[derive(Debug)]
struct Node {
    relation: &'static str,
    below: Vec<Node>,
}

/// Makes options, and notes what they are.
struct Maker<'a> {
    random: &'a mut Random,
    without: Without,
    said: Vec<String>,
}

impl Maker<'_> {
    fn start<A: Mapped, B: Mapped>(&mut self, relation: impl Link<A, B> + std::fmt::Debug) -> Load<A, B> {
        let how = self.random.below(5);
        let name = ["selectin", "joined", "subquery", "immediate", "chunk"][usize::try_from(how).unwrap()];
        self.said.push(format!("{name} {relation:?}"));
        match how {
            0 => selectinload(relation),
            1 => joinedload(relation),
            2 => subqueryload(relation),
            3 => immediateload(relation),
            _ => selectinload(relation).chunk(2),
        }
    }

    fn goes_on(&mut self, depth: usize) -> bool {
        depth > 0 && self.random.one_in(2)
    }

    fn user<X: Mapped>(&mut self, mut load: Load<X, User>, depth: usize, below: &mut Vec<Node>) -> Load<X, User> {
        if self.goes_on(depth) {
            let (path, nodes) = self.addresses(depth - 1);
            load = load.options(path);
            below.push(Node { relation: "addresses", below: nodes });
        }
        if self.goes_on(depth) {
            let (path, nodes) = self.orders(depth - 1);
            load = load.options(path);
            below.push(Node { relation: "orders", below: nodes });
        }
        if self.goes_on(depth) {
            let (path, nodes) = self.boss(depth - 1);
            load = load.options(path);
            below.push(Node { relation: "boss", below: nodes });
        }
        if self.goes_on(depth) {
            load = load.options(self.start(User::PROFILE));
            below.push(Node { relation: "profile", below: Vec::new() });
        }
        if self.random.one_in(4) {
            load = load.options(load_only(User::NAME));
        }
        load
    }

    fn addresses(&mut self, depth: usize) -> (Load<User, Address>, Vec<Node>) {
        let mut below = Vec::new();
        let start = self.start(User::ADDRESSES);
        let load = self.address(start, depth, &mut below);
        let load = if self.without.address > 0 { load.filter(Address::ID.ne(self.without.address)) } else { load };
        (load, below)
    }

    fn address<X: Mapped>(&mut self, load: Load<X, Address>, depth: usize, below: &mut Vec<Node>) -> Load<X, Address> {
        if !self.goes_on(depth) {
            return load;
        }
        let mut nodes = Vec::new();
        let start = self.start(Address::USER);
        let path = self.user(start, depth - 1, &mut nodes);
        below.push(Node { relation: "user", below: nodes });
        load.options(path)
    }

    fn orders(&mut self, depth: usize) -> (Load<User, Order>, Vec<Node>) {
        let mut below = Vec::new();
        let start = self.start(User::ORDERS);
        let load = self.order(start, depth, &mut below);
        let load = if self.without.order > 0 { load.filter(Order::ID.ne(self.without.order)) } else { load };
        (load, below)
    }

    fn order<X: Mapped>(&mut self, mut load: Load<X, Order>, depth: usize, below: &mut Vec<Node>) -> Load<X, Order> {
        if self.goes_on(depth) {
            load = load.options(self.start(Order::ITEMS));
            below.push(Node { relation: "items", below: Vec::new() });
        }
        if self.goes_on(depth) {
            load = load.options(self.start(Order::TAGS));
            below.push(Node { relation: "tags", below: Vec::new() });
        }
        if self.goes_on(depth) {
            let mut nodes = Vec::new();
            let start = self.start(Order::ADDRESS);
            load = load.options(self.address(start, depth - 1, &mut nodes));
            below.push(Node { relation: "address", below: nodes });
        }
        if self.random.one_in(3) {
            load = load.options(load_only(Order::STATUS));
        }
        load
    }

    fn boss(&mut self, depth: usize) -> (Load<User, User>, Vec<Node>) {
        let mut below = Vec::new();
        let start = self.start(User::BOSS);
        let load = self.user(start, depth, &mut below);
        (load, below)
    }
}

/// Whether an address was asked for as part of a list, where a filter of the path may leave it out.
struct Check<'a> {
    rows: &'a Rows,
    session: &'a Session,
    /// Conditions of the paths to lists.
    filters: Without,
    /// Conditions wherever an entity is read.
    criteria: Without,
}

impl Check<'_> {
    fn list<A: Mapped, B: Mapped>(
        &self,
        owner: Key<A>,
        relation: impl Link<A, B> + std::fmt::Debug,
        id: impl Fn(&B) -> i64,
        expected: impl Iterator<Item = i64>,
    ) -> Vec<Key<B>> {
        let keys = self.session.keys(owner, relation);
        let found: Vec<i64> = keys.iter().map(|key| id(&self.session[*key])).collect();
        assert_eq!(found, expected.collect::<Vec<_>>(), "{relation:?}");
        keys
    }

    fn users(&self, user: Key<User>, nodes: &[Node]) {
        let id = self.session[user].id;
        for node in nodes {
            match node.relation {
                "addresses" => {
                    let without = [self.filters.address, self.criteria.address];
                    let of = self.rows.addresses.iter().filter(|(_, user)| **user == Some(id)).map(|(id, _)| *id);
                    let of = of.filter(|id| !without.contains(id));
                    let keys = self.list(user, User::ADDRESSES, |address| address.id, of);
                    keys.into_iter().for_each(|key| self.addresses(key, &node.below));
                }
                "orders" => {
                    let without = [self.filters.order, self.criteria.order];
                    let of = self.rows.orders.iter().filter(|(_, (user, _))| *user == id).map(|(id, _)| *id);
                    let of = of.filter(|id| !without.contains(id));
                    let keys = self.list(user, User::ORDERS, |order| order.id, of);
                    keys.into_iter().for_each(|key| self.orders(key, &node.below));
                }
                "profile" => {
                    let of = self.rows.profiles.iter().copied().filter(|of| *of == id);
                    self.list(user, User::PROFILE, |profile: &Profile| profile.user_id, of);
                }
                _ => {
                    let boss = self.rows.users[&id].filter(|id| *id != self.criteria.user);
                    let keys = self.list(user, User::BOSS, |user| user.id, boss.into_iter());
                    keys.into_iter().for_each(|key| self.users(key, &node.below));
                }
            }
        }
    }

    fn addresses(&self, address: Key<Address>, nodes: &[Node]) {
        let id = self.session[address].id;
        for node in nodes {
            let user = self.rows.addresses[&id].filter(|id| *id != self.criteria.user);
            let keys = self.list(address, Address::USER, |user| user.id, user.into_iter());
            keys.into_iter().for_each(|key| self.users(key, &node.below));
        }
    }

    fn orders(&self, order: Key<Order>, nodes: &[Node]) {
        let id = self.session[order].id;
        assert_eq!(self.session[order].status, format!("s{id}"));
        for node in nodes {
            match node.relation {
                "items" => {
                    let of = self.rows.items.iter().filter(|(_, order)| **order == id).map(|(id, _)| *id);
                    self.list(order, Order::ITEMS, |item: &Item| item.id, of);
                }
                "tags" => {
                    let of = self.rows.links.iter().filter(|(order, _)| *order == id).map(|(_, tag)| *tag);
                    let of = of.filter(|id| *id != self.criteria.tag);
                    self.list(order, Order::TAGS, |tag: &Tag| tag.id, of);
                }
                _ => {
                    let address = self.rows.orders[&id].1.filter(|id| *id != self.criteria.address);
                    let keys = self.list(order, Order::ADDRESS, |address| address.id, address.into_iter());
                    keys.into_iter().for_each(|key| self.addresses(key, &node.below));
                }
            }
        }
    }
}

fn some(random: &mut Random) -> Without {
    let mut one = |most| if random.one_in(3) { 1 + random.below(most) } else { 0 };
    Without { address: one(7), order: one(7), tag: one(3), user: one(6) }
}

fn case(seed: u64) {
    let mut random = Random(seed);
    let (rows, sql) = rows(&mut random);
    let (engine, _): (Engine, _) = log::engine(TABLES, &sql.iter().map(String::as_str).collect::<Vec<_>>());
    let (filters, criteria) = (Without { tag: 0, user: 0, ..some(&mut random) }, some(&mut random));
    let is_descending = random.one_in(2);
    let order = if is_descending { User::ID.desc() } else { User::ID.asc() };
    let mut select = User::select().filter(User::ID.gt(random.below(2))).order_by(order);
    let (limit, offset) = (1 + random.below(4), random.below(2));
    let is_limited = random.one_in(2);
    if is_limited {
        select = select.limit(limit.unsigned_abs()).offset(offset.unsigned_abs());
    }
    let mut query = select.options(with_criteria::<User>(User::ID.ne(criteria.user)));
    query = query.options((
        with_criteria::<Address>(Address::ID.ne(criteria.address)),
        with_criteria::<Order>(Order::ID.ne(criteria.order)),
        with_criteria::<Tag>(Tag::ID.ne(criteria.tag)),
    ));
    let mut maker = Maker { random: &mut random, without: filters, said: Vec::new() };
    let mut nodes = Vec::new();
    if maker.random.one_in(2) {
        let (path, below) = maker.addresses(3);
        query = query.options(path);
        nodes.push(Node { relation: "addresses", below });
    }
    if maker.random.one_in(2) {
        let (path, below) = maker.orders(3);
        query = query.options(path);
        nodes.push(Node { relation: "orders", below });
    }
    if maker.random.one_in(2) {
        let (path, below) = maker.boss(3);
        query = query.options(path);
        nodes.push(Node { relation: "boss", below });
    }
    if maker.random.one_in(2) {
        query = query.options(maker.start(User::PROFILE));
        nodes.push(Node { relation: "profile", below: Vec::new() });
    }
    let said = maker.said.join(", ");
    let mut session = Session::new(&engine);
    let found = session.fetch_all(query.clone()).unwrap_or_else(|error| panic!("{said}: {error}"));
    let check = Check { rows: &rows, session: &session, filters, criteria };
    found.iter().for_each(|user| check.users(*user, &nodes));
    // Outside a session it is the same graph.
    let owned: Vec<User> = engine.fetch_all(query).unwrap_or_else(|error| panic!("{said}: {error}"));
    let expected: Vec<User> = found.iter().map(|user| session.owned(*user)).collect();
    assert_eq!(owned, expected, "{said}");
    // And the rows are those of the query alone.
    let mut ids: Vec<i64> = owned.iter().map(|user| user.id).collect();
    if is_descending {
        ids.reverse();
    }
    assert!(ids.is_sorted(), "{ids:?}");
    if !is_limited {
        assert!(rows.users.keys().filter(|id| **id > 1 && **id != criteria.user).all(|id| ids.contains(id)));
    }
}

#[test]
fn every_graph_is_as_the_rows_say() {
    for seed in 0..400 {
        let outcome = std::panic::catch_unwind(|| case(seed));
        assert!(outcome.is_ok(), "seed {seed}");
    }
}
