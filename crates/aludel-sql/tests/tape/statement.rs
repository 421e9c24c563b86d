//! Descriptions of random statements.
//!
//! A description is drawn from a string of bytes, each of which decides one thing; where they end, the simplest is taken.
//! So a shorter or smaller string gives a simpler statement, and one changed byte gives a neighbour.
//!
//! References to columns, tables and definitions are numbers that [`scope`](crate::scope) takes modulo what there is.

/// The number of a bound value. Every place where a value is bound has one of its own, from 1 on.
pub(crate) type Id = u32;

/// A distance from a window's current row: a literal, which is the same whatever the values are.
pub(crate) fn distance(id: Id) -> i64 {
    i64::from(id % 6) + 1
}

#[derive(Clone, Debug)]
pub(crate) struct Statement {
    /// Each may read those before it.
    pub(crate) definitions: Vec<Definition>,
    pub(crate) body: Body,
}

#[derive(Clone, Debug)]
pub(crate) enum Body {
    Query { query: Query, labelled: bool },
    Insert(Insert),
    Update { set: Num, manager: Option<Num>, filters: Vec<Cond>, returning: u8 },
    Delete { filters: Vec<Cond>, returning: u8 },
}

/// Something with an identity of its own, that may be read several times.
#[derive(Clone, Debug)]
pub(crate) enum Definition {
    Cte { query: Query, materialized: Option<bool>, renamed: bool },
    Derived(Query),
    Recursive { start: Id, step: Id, limit: Id, distinct: bool },
    Values(Vec<[Id; 2]>),
    Text(Id),
}

#[derive(Clone, Debug)]
pub(crate) enum Insert {
    Values { user: Num, status: Text, returning: u8 },
    Query { query: Query, returning: u8 },
    Upsert { id: Id, age: Num, action: Option<(Num, Option<Id>)>, returning: u8 },
}

/// One SELECT, or several of as many columns.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) selects: Vec<Select>,
    pub(crate) set: Set,
    pub(crate) orders: Vec<Order>,
    pub(crate) limit: Option<Id>,
    pub(crate) offset: Option<Id>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Set {
    UnionAll,
    Union,
    Intersect,
    Except,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Order {
    pub(crate) column: u8,
    pub(crate) descending: bool,
    /// 0 nothing, 1 NULLS FIRST, 2 NULLS LAST.
    pub(crate) nulls: u8,
}

#[derive(Clone, Debug)]
pub(crate) struct Select {
    pub(crate) distinct: bool,
    pub(crate) outputs: Outputs,
    pub(crate) sources: Vec<Source>,
    pub(crate) filters: Vec<Cond>,
}

#[derive(Clone, Debug)]
pub(crate) enum Outputs {
    Values(Vec<Output>),
    Groups { keys: Vec<(u8, u8)>, aggregates: Vec<Aggregate>, having: Option<(Aggregate, Compare, Id)> },
}

#[derive(Clone, Debug)]
pub(crate) enum Output {
    Num(Num),
    Window { aggregate: Aggregate, partition: Option<Num>, order: Num, frame: Option<(Id, Option<Id>)> },
}

#[derive(Clone, Debug)]
pub(crate) struct Aggregate {
    pub(crate) function: AggregateFunction,
    pub(crate) of: Num,
    pub(crate) filter: Option<Box<Cond>>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum AggregateFunction {
    Count,
    CountDistinct,
    Sum,
    Min,
    Max,
}

#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) from: From,
    /// Not looked at for the first source of a SELECT.
    pub(crate) join: Join,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum From {
    Table(u8),
    /// The table, and which of two names.
    Alias(u8, u8),
    Definition(u8),
}

#[derive(Clone, Debug)]
pub(crate) enum Join {
    Inner(Cond),
    Left(Cond),
    Right(Cond),
    Full(Cond),
    Cross,
}

/// A query inside an expression, of one column.
#[derive(Clone, Debug)]
pub(crate) struct Inner {
    pub(crate) column: Num,
    pub(crate) sources: Vec<Source>,
    pub(crate) filters: Vec<Cond>,
}

#[derive(Clone, Debug)]
pub(crate) enum Num {
    Literal(u8),
    Column(u8, u8),
    /// A column of the query around this one, where there is one.
    Outer(u8, u8),
    Bound(Id),
    Binary(Arithmetic, Box<Num>, Box<Num>),
    Negative(Box<Num>),
    /// `coalesce(a, value)`; the value may be NULL.
    Coalesce(Box<Num>, Id),
    Case(Vec<(Cond, Num)>, Option<Box<Num>>),
    Absolute(Box<Num>),
    /// A function by its name.
    Call(Extreme, Box<Num>, Box<Num>),
    Cast(Cast, Box<Num>),
    Length(Box<Text>),
    /// The largest or smallest value: `(SELECT … ORDER BY … LIMIT n)`.
    Scalar(Extreme, Box<Inner>, Id),
    /// An expression that stands in two places with its values kept once.
    Twice(Box<Num>),
    /// A construct of the program's own, with a number of its own.
    Element(u8, Box<Num>),
    /// SQL of the program's own around two expressions.
    Raw(Box<Num>, Box<Num>),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Remainder,
    And,
    Or,
    Xor,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Extreme {
    Max,
    Min,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Cast {
    BigInt,
    Integer,
}

#[derive(Clone, Debug)]
pub(crate) enum Text {
    Literal(u8),
    Column(u8, u8),
    Bound(Id),
    Concat(Box<Text>, Box<Text>),
    Lower(Box<Text>),
    Upper(Box<Text>),
}

#[derive(Clone, Debug)]
pub(crate) enum Cond {
    Constant(bool),
    Compare(Compare, Num, Num),
    CompareText(Compare, Text, Text),
    /// A value in a list of bound ones, of any length in the size class of these.
    In {
        operand: Num,
        list: Vec<Id>,
        negated: bool,
    },
    InTuples {
        operand: Box<(Num, Num)>,
        list: Vec<[Id; 2]>,
        negated: bool,
    },
    InExprs {
        operand: Num,
        list: Vec<Num>,
        negated: bool,
    },
    InQuery {
        operand: Num,
        query: Box<Inner>,
        negated: bool,
    },
    Between {
        operands: Box<[Num; 3]>,
        negated: bool,
        symmetric: bool,
    },
    IsNull {
        operand: Num,
        negated: bool,
    },
    Like {
        operand: Text,
        pattern: Text,
        shape: Like,
    },
    Exists {
        query: Box<Inner>,
        negated: bool,
    },
    All(Vec<Cond>),
    Any(Vec<Cond>),
    Not(Box<Cond>),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Compare {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    NotDistinct,
    Distinct,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Like {
    Plain,
    Not,
    Insensitive,
    StartsWith,
    EndsWith,
    Contains,
    Escape,
}

impl Statement {
    /// The statement that these bytes describe.
    pub(crate) fn draw(bytes: &[u8]) -> Self {
        let mut choices = Choices { bytes: bytes.iter(), last: 0 };
        let count = choices.up_to(3);
        let definitions = (0..count).map(|_| choices.definition()).collect();
        Self { definitions, body: choices.body() }
    }
}

impl Body {
    pub(crate) fn is_query(&self) -> bool {
        matches!(self, Self::Query { .. })
    }
}

impl Query {
    /// How many columns its rows have.
    pub(crate) fn width(&self) -> usize {
        self.selects.first().map_or(0, |select| match &select.outputs {
            Outputs::Values(outputs) => outputs.len(),
            Outputs::Groups { keys, aggregates, .. } => keys.len() + aggregates.len(),
        })
    }
}

/// The length of an IN list, or its padding: the next power of two.
pub(crate) fn padded(length: usize) -> usize {
    if length == 0 { 0 } else { length.next_power_of_two() }
}

struct Choices<'a> {
    bytes: std::slice::Iter<'a, u8>,
    last: Id,
}

/// How deep expressions and queries lie in one another.
const DEPTH: u8 = 4;

impl Choices<'_> {
    /// A number below this one; 0 is the simplest.
    fn pick(&mut self, count: u8) -> u8 {
        self.bytes.next().map_or(0, |byte| byte % count)
    }

    fn up_to(&mut self, most: u8) -> u8 {
        self.pick(most + 1)
    }

    fn flag(&mut self) -> bool {
        self.pick(2) == 1
    }

    /// Not often.
    fn seldom(&mut self) -> bool {
        self.pick(4) == 3
    }

    fn one_of<T: Copy, const N: usize>(&mut self, all: [T; N]) -> T {
        let count = u8::try_from(N).expect("few");
        all[usize::from(self.pick(count))]
    }

    fn id(&mut self) -> Id {
        self.last += 1;
        self.last
    }

    fn many<T>(&mut self, count: u8, mut draw: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..count).map(|_| draw(self)).collect()
    }

    fn option<T>(&mut self, draw: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.seldom().then(|| draw(self))
    }

    fn pair(&mut self) -> (u8, u8) {
        (self.pick(8), self.pick(8))
    }

    fn definition(&mut self) -> Definition {
        match self.pick(8) {
            0..4 => Definition::Cte {
                query: self.query(3, DEPTH - 1),
                materialized: self.one_of([None, Some(true), Some(false)]),
                renamed: self.seldom(),
            },
            4 | 5 => Definition::Derived(self.query(3, DEPTH - 1)),
            6 if self.flag() => {
                Definition::Recursive { start: self.id(), step: self.id(), limit: self.id(), distinct: self.flag() }
            }
            6 => Definition::Text(self.id()),
            _ => {
                let rows = 1 + self.up_to(2);
                Definition::Values(self.many(rows, |c| [c.id(), c.id()]))
            }
        }
    }

    fn body(&mut self) -> Body {
        match self.pick(8) {
            0..4 => Body::Query { query: self.query(4, DEPTH), labelled: true },
            4 => {
                let query = Query { orders: Vec::new(), limit: None, offset: None, ..self.query(4, DEPTH) };
                Body::Query { query, labelled: false }
            }
            5 => Body::Insert(self.insert()),
            6 => Body::Update {
                set: self.num(DEPTH),
                manager: self.option(|c| c.num(2)),
                filters: self.filters(DEPTH - 1),
                returning: self.up_to(2),
            },
            _ => Body::Delete { filters: self.filters(DEPTH - 1), returning: self.up_to(2) },
        }
    }

    fn insert(&mut self) -> Insert {
        match self.pick(3) {
            0 => Insert::Values { user: self.num(2), status: self.text(2), returning: self.up_to(2) },
            1 => {
                let selects = vec![self.select(2, DEPTH - 1)];
                let query = Query { selects, set: Set::UnionAll, orders: Vec::new(), limit: None, offset: None };
                Insert::Query { query, returning: self.up_to(2) }
            }
            _ => Insert::Upsert {
                id: self.id(),
                age: self.num(2),
                action: self.flag().then(|| (self.num(2), self.option(Self::id))),
                returning: self.up_to(2),
            },
        }
    }

    fn query(&mut self, most: u8, depth: u8) -> Query {
        let width = 1 + self.pick(most);
        let count = if self.seldom() { 2 + self.pick(2) } else { 1 };
        let selects = self.many(count, |c| c.select(width, depth));
        let set = self.one_of([Set::UnionAll, Set::Union, Set::Intersect, Set::Except]);
        let orders = self.up_to(2);
        let orders = self.many(orders, |c| Order { column: c.pick(4), descending: c.flag(), nulls: c.pick(3) });
        Query { selects, set, orders, limit: self.option(Self::id), offset: self.option(Self::id) }
    }

    fn select(&mut self, width: u8, depth: u8) -> Select {
        Select {
            distinct: self.seldom(),
            outputs: self.outputs(width, depth),
            sources: self.sources(depth),
            filters: self.filters(depth),
        }
    }

    fn outputs(&mut self, width: u8, depth: u8) -> Outputs {
        if !self.seldom() {
            return Outputs::Values(self.many(width, |c| c.output(depth)));
        }
        let keys = self.up_to(width);
        Outputs::Groups {
            keys: self.many(keys, Self::pair),
            aggregates: self.many(width - keys, |c| c.aggregate(depth)),
            having: self.option(|c| (c.aggregate(1), c.compare(), c.id())),
        }
    }

    fn output(&mut self, depth: u8) -> Output {
        if !self.seldom() {
            return Output::Num(self.num(depth));
        }
        Output::Window {
            aggregate: self.aggregate(1),
            partition: self.option(|c| c.num(2)),
            order: self.num(2),
            frame: self.option(|c| (c.id(), c.option(Self::id))),
        }
    }

    fn aggregate(&mut self, depth: u8) -> Aggregate {
        use AggregateFunction::{Count, CountDistinct, Max, Min, Sum};
        Aggregate {
            function: self.one_of([Count, Sum, Min, Max, CountDistinct]),
            of: self.num(depth.saturating_sub(1)),
            filter: self.option(|c| Box::new(c.cond(1))),
        }
    }

    fn sources(&mut self, depth: u8) -> Vec<Source> {
        let count = 1 + self.pick(3);
        self.many(count, |c| Source { from: c.from(), join: c.join(depth.saturating_sub(2)) })
    }

    fn from(&mut self) -> From {
        match self.pick(6) {
            0 | 1 => From::Table(self.pick(4)),
            2 => From::Alias(self.pick(4), self.pick(2)),
            _ => From::Definition(self.pick(3)),
        }
    }

    fn join(&mut self, depth: u8) -> Join {
        match self.pick(6) {
            0 | 1 => Join::Inner(self.cond(depth)),
            2 => Join::Left(self.cond(depth)),
            3 => Join::Right(self.cond(depth)),
            4 => Join::Full(self.cond(depth)),
            _ => Join::Cross,
        }
    }

    fn filters(&mut self, depth: u8) -> Vec<Cond> {
        let count = self.pick(3);
        self.many(count, |c| c.cond(depth))
    }

    fn inner(&mut self, depth: u8) -> Box<Inner> {
        let depth = depth - 1;
        Box::new(Inner { column: self.num(depth), sources: self.sources(depth), filters: self.filters(depth) })
    }

    fn num(&mut self, depth: u8) -> Num {
        if depth == 0 {
            return match self.pick(4) {
                0 => Num::Column(self.pick(8), self.pick(8)),
                1 => Num::Outer(self.pick(8), self.pick(8)),
                2 => Num::Bound(self.id()),
                _ => Num::Literal(self.pick(10)),
            };
        }
        let below = depth - 1;
        match self.pick(24) {
            0..4 => Num::Column(self.pick(8), self.pick(8)),
            4..7 => Num::Bound(self.id()),
            7 => Num::Literal(self.pick(10)),
            8 | 9 => Num::Outer(self.pick(8), self.pick(8)),
            10..12 => {
                use Arithmetic::{Add, And, Multiply, Or, Remainder, Subtract, Xor};
                let op = self.one_of([Add, Subtract, Multiply, Remainder, And, Or, Xor]);
                Num::Binary(op, Box::new(self.num(below)), Box::new(self.num(below)))
            }
            12 => Num::Negative(Box::new(self.num(below))),
            13 => Num::Coalesce(Box::new(self.num(below)), self.id()),
            14 => {
                let whens = 1 + self.pick(2);
                let whens = self.many(whens, |c| (c.cond(below), c.num(below)));
                Num::Case(whens, self.flag().then(|| Box::new(self.num(below))))
            }
            15 => Num::Absolute(Box::new(self.num(below))),
            16 => Num::Call(self.extreme(), Box::new(self.num(below)), Box::new(self.num(below))),
            17 => Num::Cast(self.one_of([Cast::BigInt, Cast::Integer]), Box::new(self.num(below))),
            18 => Num::Length(Box::new(self.text(below))),
            19 | 20 => Num::Scalar(self.extreme(), self.inner(depth), self.id()),
            21 => Num::Twice(Box::new(self.num(below))),
            22 => Num::Element(self.pick(10), Box::new(self.num(below))),
            _ => Num::Raw(Box::new(self.num(below)), Box::new(self.num(below))),
        }
    }

    fn extreme(&mut self) -> Extreme {
        self.one_of([Extreme::Max, Extreme::Min])
    }

    fn text(&mut self, depth: u8) -> Text {
        let below = depth.saturating_sub(1);
        match self.pick(if depth == 0 { 4 } else { 7 }) {
            0 | 1 => Text::Column(self.pick(8), self.pick(8)),
            2 => Text::Bound(self.id()),
            3 => Text::Literal(self.pick(10)),
            4 => Text::Concat(Box::new(self.text(below)), Box::new(self.text(below))),
            5 => Text::Lower(Box::new(self.text(below))),
            _ => Text::Upper(Box::new(self.text(below))),
        }
    }

    fn compare(&mut self) -> Compare {
        use Compare::{Distinct, Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotDistinct, NotEqual};
        self.one_of([Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, NotDistinct, Distinct])
    }

    fn cond(&mut self, depth: u8) -> Cond {
        let below = depth.saturating_sub(1);
        match self.pick(if depth == 0 { 8 } else { 18 }) {
            0..4 => Cond::Compare(self.compare(), self.num(below), self.num(below)),
            4 => Cond::IsNull { operand: self.num(below), negated: self.flag() },
            5 => {
                let count = self.pick(6);
                Cond::In { operand: self.num(below), list: self.many(count, Self::id), negated: self.flag() }
            }
            6 => Cond::Constant(self.flag()),
            7 => Cond::CompareText(self.compare(), self.text(below), self.text(below)),
            8 => {
                let count = self.pick(4);
                let operand = Box::new((self.num(below), self.num(below)));
                Cond::InTuples { operand, list: self.many(count, |c| [c.id(), c.id()]), negated: self.flag() }
            }
            9 => {
                let count = self.pick(4);
                Cond::InExprs { operand: self.num(below), list: self.many(count, |c| c.num(0)), negated: self.flag() }
            }
            10 => Cond::InQuery { operand: self.num(below), query: self.inner(depth), negated: self.flag() },
            11 => Cond::Between {
                operands: Box::new([self.num(below), self.num(below), self.num(below)]),
                negated: self.flag(),
                symmetric: self.flag(),
            },
            12 => Cond::Like { operand: self.text(below), pattern: self.text(below), shape: self.like() },
            13 | 14 => Cond::Exists { query: self.inner(depth), negated: self.flag() },
            15 => {
                let count = self.pick(4);
                Cond::All(self.many(count, |c| c.cond(below)))
            }
            16 => {
                let count = self.pick(4);
                Cond::Any(self.many(count, |c| c.cond(below)))
            }
            _ => Cond::Not(Box::new(self.cond(below))),
        }
    }

    fn like(&mut self) -> Like {
        use Like::{Contains, EndsWith, Escape, Insensitive, Not, Plain, StartsWith};
        self.one_of([Plain, Not, Insensitive, StartsWith, EndsWith, Contains, Escape])
    }
}
