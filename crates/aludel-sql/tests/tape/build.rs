//! Builds a description with the language.

use std::sync::Arc;

use aludel_core::{CacheSafety, CompileError, Row};
use aludel_sql::compile::SqlWriter;
use aludel_sql::{
    Alias, Arguments, Assignment, Base, Column, Cte, CteOptions, CustomElement, Executable, Expr, Expression, IntoExpr,
    IntoSource, Label, Labeled, Ordering, Select, Selectable, Subquery, Tape, all_of, any_of, case, delete, element,
    except, excluded, func, insert, intersect, literal, not, raw_sql, select, shared, text, tuple, union, union_all,
    update, value, values, window,
};

use crate::literal::{ITEMS, orders, window_aggregate};
use crate::scope::{Kind, Named, Scope, USERS, definition_columns, definition_name, resolve};
use crate::statement::{
    Aggregate, AggregateFunction, Arithmetic, Body, Cast, Compare, Cond, Definition, Extreme, Id, Inner, Join, Like,
    Num, Order, Output, Outputs, Query, Select as Described, Set, Source, Statement, Text, distance,
};
use crate::support::{Address, Item, Order as OrderRow, User};
use crate::values::Values;

type Sources<'a> = Scope<'a, Built>;

/// The built statement.
pub(crate) fn build(statement: &Statement, values: Values) -> Arguments {
    let mut builder = Builder { definitions: &statement.definitions, built: Vec::new(), values };
    for (index, definition) in statement.definitions.iter().enumerate() {
        let built = builder.definition(definition, index);
        builder.built.push(built);
    }
    builder.body(&statement.body)
}

struct Builder<'a> {
    definitions: &'a [Definition],
    built: Vec<BuiltDefinition>,
    values: Values,
}

#[derive(Clone)]
enum BuiltDefinition {
    Cte(Cte<Row>),
    Derived(Subquery<Row>),
    Values(aludel_sql::Values),
}

/// A source that columns are read through.
#[derive(Clone)]
enum Built {
    Table,
    Users(Alias<User>),
    Addresses(Alias<Address>),
    Orders(Alias<OrderRow>),
    Items(Alias<Item>),
    Definition(BuiltDefinition),
}

/// Any number of columns.
struct Columns(Vec<Projected>);

enum Projected {
    Plain(Expr<i64>),
    Labelled(Labeled<i64>),
}

impl Selectable for Columns {
    type Row = Row;
    fn project(self, tape: &mut Tape) {
        for column in self.0 {
            match column {
                Projected::Plain(column) => column.project(tape),
                Projected::Labelled(column) => column.project(tape),
            }
        }
    }
}

/// `(factor * operand)`
#[derive(Debug)]
struct Scaled(u8);

impl CustomElement for Scaled {
    fn name(&self) -> &'static str {
        "scaled"
    }
    fn key(&self, key: &mut Vec<u8>) {
        key.push(self.0);
    }
    fn cache(&self) -> CacheSafety {
        CacheSafety::Safe
    }
    fn render(&self, writer: &mut SqlWriter<'_>) -> Result<(), CompileError> {
        writer.sql("(");
        writer.integer(i64::from(self.0));
        writer.sql(" * (");
        writer.operand(0)?;
        writer.sql("))");
        Ok(())
    }
}

impl Builder<'_> {
    fn definition(&self, definition: &Definition, index: usize) -> BuiltDefinition {
        let name = definition_name(index);
        match definition {
            Definition::Cte { query, materialized, renamed } => {
                let mut options = CteOptions::default();
                if let Some(materialized) = materialized {
                    options = options.materialized(*materialized);
                }
                let columns = definition_columns(definition);
                if *renamed {
                    options = options.columns(columns.iter().map(String::as_str));
                }
                BuiltDefinition::Cte(self.query(query, index, true).cte_with(name, options))
            }
            Definition::Derived(query) => BuiltDefinition::Derived(self.query(query, index, true).subquery(name)),
            Definition::Recursive { start, step, limit, distinct } => {
                let columns = |expr: Expr<i64>| Columns(vec![Projected::Labelled(expr.label("c0"))]);
                let next = |me: &Cte<Row>| {
                    let c0 = || me.column::<i64>("c0");
                    let step = c0() + literal(1_i64) + func::abs(self.bound(*step));
                    select(columns(step)).from(me).filter(c0().lt(self.values.number(*limit)))
                };
                let first = select(columns(self.bound(*start)));
                BuiltDefinition::Cte(if *distinct {
                    first.recursive_distinct(name, next)
                } else {
                    first.recursive(name, next)
                })
            }
            Definition::Values(rows) => {
                let rows = rows.iter().map(|[a, b]| (self.values.number(*a), self.values.number(*b)));
                BuiltDefinition::Values(values(&name, ["c0", "c1"], rows))
            }
            Definition::Text(id) => {
                let query = text("SELECT id AS c0 FROM users WHERE id > :n AND name <> ':x'");
                BuiltDefinition::Derived(query.bind("n", self.values.number(*id)).column::<i64>("c0").subquery(name))
            }
        }
    }

    fn body(&self, body: &Body) -> Arguments {
        let visible = self.definitions.len();
        let table = [(Named::table(USERS), Built::Table)];
        let users = Scope::top(&table, visible);
        match body {
            Body::Query { query, labelled } => self.query(query, visible, *labelled).into_arguments(),
            Body::Insert(insert) => self.insert(insert),
            Body::Update { set, manager, filters, returning } => {
                let mut statement = update(User::TABLE).set(User::AGE, self.num(set, users));
                statement =
                    statement.set_if(User::MANAGER_ID, manager.as_ref().map(|manager| self.num(manager, users)));
                for filter in filters {
                    statement = statement.filter(self.cond(filter, users));
                }
                match returning {
                    0 => statement.into_arguments(),
                    1 => statement.returning(User::ID).into_arguments(),
                    _ => statement.returning((User::ID, User::AGE.label("n"))).into_arguments(),
                }
            }
            Body::Delete { filters, returning } => {
                let table = [(Named::table(ITEMS), Built::Table)];
                let mut statement = delete(Item::TABLE);
                for filter in filters {
                    statement = statement.filter(self.cond(filter, Scope::top(&table, visible)));
                }
                match returning {
                    0 => statement.into_arguments(),
                    1 => statement.returning(Item::ORDER_ID).into_arguments(),
                    _ => statement.returning((Item::ORDER_ID, Item::LINE.label("n"))).into_arguments(),
                }
            }
        }
    }

    fn insert(&self, described: &crate::statement::Insert) -> Arguments {
        use crate::statement::Insert;
        let visible = self.definitions.len();
        let nothing = Scope::top(&[], visible);
        match described {
            Insert::Values { user, status, returning } => {
                let statement = insert(OrderRow::TABLE)
                    .set(OrderRow::USER_ID, self.num(user, nothing))
                    .set(OrderRow::STATUS, self.text(status, nothing));
                match returning {
                    0 => statement.into_arguments(),
                    1 => statement.returning(OrderRow::ID).into_arguments(),
                    _ => statement.returning((OrderRow::ID, OrderRow::USER_ID.label("n"))).into_arguments(),
                }
            }
            Insert::Query { query, returning } => {
                let query = self.query(query, visible, true);
                let statement = insert(Item::TABLE).from_query((Item::ORDER_ID, Item::LINE), query);
                match returning {
                    0 => statement.into_arguments(),
                    1 => statement.returning(Item::ORDER_ID).into_arguments(),
                    _ => statement.returning((Item::ORDER_ID, Item::LINE.label("n"))).into_arguments(),
                }
            }
            Insert::Upsert { id, age, action, returning } => {
                let statement = insert(User::TABLE)
                    .set(User::ID, self.values.number(*id))
                    .set(User::AGE, self.num(age, nothing))
                    .on_conflict(User::ID);
                let table = [(Named::table(USERS), Built::Table)];
                let add = |plus: &Num| -> [Assignment<User>; 1] {
                    let plus = self.num(plus, Scope::top(&table, visible));
                    [User::AGE.set(excluded(User::AGE) + plus)]
                };
                let statement = match action {
                    None => statement.do_nothing(),
                    Some((plus, None)) => statement.do_update(add(plus)),
                    Some((plus, Some(limit))) => {
                        statement.do_update_where(add(plus), User::AGE.lt(self.values.number(*limit)))
                    }
                };
                match returning {
                    0 => statement.into_arguments(),
                    1 => statement.returning(User::ID).into_arguments(),
                    _ => statement.returning((User::ID, User::AGE.label("n"))).into_arguments(),
                }
            }
        }
    }

    fn query(&self, query: &Query, visible: usize, labelled: bool) -> Select<Row> {
        let mut selects: Vec<_> = query.selects.iter().map(|part| self.select(part, visible, labelled)).collect();
        let mut built = match query.set {
            _ if selects.len() == 1 => selects.remove(0),
            Set::UnionAll => union_all(selects),
            Set::Union => union(selects),
            Set::Intersect => intersect(selects),
            Set::Except => except(selects),
        };
        let terms: Vec<_> = orders(query).iter().map(|order| ordering(*order, query.width())).collect();
        if !terms.is_empty() {
            built = built.order_by(terms);
        }
        if let Some(limit) = query.limit {
            built = built.limit(self.values.count(limit));
        }
        if let Some(offset) = query.offset {
            built = built.offset(self.values.count(offset));
        }
        built
    }

    fn select(&self, described: &Described, visible: usize, labelled: bool) -> Select<Row> {
        let sources = self.resolve(&described.sources, visible, 0);
        let scope = Scope::top(&sources, visible);
        let column = |(index, column): (usize, Expr<i64>)| {
            if labelled { Projected::Labelled(column.label(format!("c{index}"))) } else { Projected::Plain(column) }
        };
        let columns = self.outputs(&described.outputs, scope).into_iter().enumerate().map(column);
        let mut built = self.from(select(Columns(columns.collect())), &described.sources, scope);
        if described.distinct {
            built = built.distinct();
        }
        for filter in &described.filters {
            built = built.filter(self.cond(filter, scope));
        }
        if let Outputs::Groups { keys, having, .. } = &described.outputs
            && !keys.is_empty()
        {
            built = built.group_by(keys.iter().map(|(s, c)| self.column(scope.number(*s, *c))).collect::<Vec<_>>());
            if let Some((aggregate, op, id)) = having {
                built = built.having(compare(*op, self.aggregate(aggregate, scope), self.bound(*id)));
            }
        }
        built
    }

    fn outputs(&self, outputs: &Outputs, scope: Sources<'_>) -> Vec<Expr<i64>> {
        match outputs {
            Outputs::Values(outputs) => outputs.iter().map(|output| self.output(output, scope)).collect(),
            Outputs::Groups { keys, aggregates, .. } => {
                let keys = keys.iter().map(|(source, column)| self.column(scope.number(*source, *column)));
                keys.chain(aggregates.iter().map(|aggregate| self.aggregate(aggregate, scope))).collect()
            }
        }
    }

    fn output(&self, output: &Output, scope: Sources<'_>) -> Expr<i64> {
        match output {
            Output::Num(num) => self.num(num, scope),
            Output::Window { aggregate, partition, order, frame } => {
                let mut over = window();
                if let Some(partition) = partition {
                    over = over.partition_by(self.num(partition, scope));
                }
                over = over.order_by(self.num(order, scope));
                if let Some((start, end)) = frame {
                    let end = end.map_or(0, distance);
                    over = over.groups(Some(-distance(*start)), Some(end));
                }
                self.aggregate(&window_aggregate(aggregate), scope).over(over)
            }
        }
    }

    fn aggregate(&self, aggregate: &Aggregate, scope: Sources<'_>) -> Expr<i64> {
        let of = self.num(&aggregate.of, scope);
        let built = match aggregate.function {
            AggregateFunction::Count => func::count(of),
            AggregateFunction::CountDistinct => func::count_distinct(of),
            AggregateFunction::Sum => func::sum(of).not_null(),
            AggregateFunction::Min => func::min(of).not_null(),
            AggregateFunction::Max => func::max(of).not_null(),
        };
        match &aggregate.filter {
            None => built,
            Some(filter) => built.filter_where(self.cond(filter, scope)),
        }
    }

    fn resolve(&self, sources: &[Source], visible: usize, depth: usize) -> Vec<(Named, Built)> {
        let named = resolve(sources, &self.definitions[..visible], depth);
        named
            .into_iter()
            .map(|named| {
                let built = self.source(&named);
                (named, built)
            })
            .collect()
    }

    fn source(&self, named: &Named) -> Built {
        let name = named.name.clone();
        match named.kind {
            Kind::Table(_) => Built::Table,
            Kind::Alias(0) => Built::Users(User::TABLE.alias(name)),
            Kind::Alias(1) => Built::Addresses(Address::TABLE.alias(name)),
            Kind::Alias(2) => Built::Orders(OrderRow::TABLE.alias(name)),
            Kind::Alias(_) => Built::Items(Item::TABLE.alias(name)),
            Kind::Definition(index) => Built::Definition(self.built[index].clone()),
            Kind::CteAlias(index) => match &self.built[index] {
                BuiltDefinition::Cte(cte) => Built::Definition(BuiltDefinition::Cte(cte.alias(name))),
                _ => panic!("only CTEs are read under another name"),
            },
        }
    }

    fn from<R>(&self, mut query: Select<R>, sources: &[Source], scope: Sources<'_>) -> Select<R> {
        for (index, source) in sources.iter().enumerate() {
            let until = scope.first(index + 1);
            let target = Target(&scope.sources[index]);
            query = match &source.join {
                _ if index == 0 => query.from(target),
                Join::Inner(on) => query.join(target, self.cond(on, until)),
                Join::Left(on) => query.left_join(target, self.cond(on, until)),
                Join::Right(on) => query.right_join(target, self.cond(on, until)),
                Join::Full(on) => query.full_join(target, self.cond(on, until)),
                Join::Cross => query.cross_join(target),
            };
        }
        query
    }

    /// A query inside an expression; `column` is given what it selects.
    fn inner<S: Selectable>(
        &self,
        inner: &Inner,
        scope: Sources<'_>,
        column: impl Fn(Expr<i64>) -> S,
    ) -> Select<S::Row> {
        let sources = self.resolve(&inner.sources, scope.visible, scope.depth() + 1);
        let scope = Scope::inside(&sources, &scope);
        let mut query = self.from(select(column(self.num(&inner.column, scope))), &inner.sources, scope);
        for filter in &inner.filters {
            query = query.filter(self.cond(filter, scope));
        }
        query
    }

    fn column(&self, column: Option<(&(Named, Built), usize)>) -> Expr<i64> {
        let Some(((named, built), index)) = column else {
            return literal(7_i64);
        };
        let name = &named.columns[index];
        match (built, named.kind, index) {
            (Built::Table, Kind::Table(0), 0) => User::ID.expr(),
            (Built::Table, Kind::Table(0), 1) => User::AGE.not_null(),
            (Built::Table, Kind::Table(0), _) => User::MANAGER_ID.not_null(),
            (Built::Table, Kind::Table(1), 0) => Address::ID.expr(),
            (Built::Table, Kind::Table(1), _) => Address::USER_ID.expr(),
            (Built::Table, Kind::Table(2), 0) => OrderRow::ID.expr(),
            (Built::Table, Kind::Table(2), _) => OrderRow::USER_ID.expr(),
            (Built::Table, _, 0) => Item::ORDER_ID.expr(),
            (Built::Table, ..) => Item::LINE.expr(),
            (Built::Users(alias), _, 0) => alias.col(User::ID),
            (Built::Users(alias), _, 1) => alias.col(User::AGE).not_null(),
            (Built::Users(alias), ..) => alias.col(User::MANAGER_ID).not_null(),
            (Built::Addresses(alias), _, 0) => alias.col(Address::ID),
            (Built::Addresses(alias), ..) => alias.col(Address::USER_ID),
            (Built::Orders(alias), _, 0) => alias.col(OrderRow::ID),
            (Built::Orders(alias), ..) => alias.col(OrderRow::USER_ID),
            (Built::Items(alias), _, 0) => alias.col(Item::ORDER_ID),
            (Built::Items(alias), ..) => alias.col(Item::LINE),
            (Built::Definition(BuiltDefinition::Cte(cte)), ..) => cte.column(name),
            (Built::Definition(BuiltDefinition::Derived(query)), ..) => query.column(name),
            (Built::Definition(BuiltDefinition::Values(values)), ..) => values.column(name),
        }
    }

    fn text_column(&self, column: Option<(&(Named, Built), usize)>) -> Expr<String> {
        fn through<E: aludel_sql::Entity>(alias: &Alias<E>, column: Column<E, String>) -> Expr<String> {
            alias.col(column)
        }
        let Some(((named, built), index)) = column else {
            return literal("t");
        };
        match (built, named.kind, index) {
            (Built::Table, Kind::Table(0), 0) => User::NAME.expr(),
            (Built::Table, Kind::Table(0), _) => User::FULLNAME.not_null(),
            (Built::Table, Kind::Table(1), _) => Address::EMAIL.expr(),
            (Built::Table, Kind::Table(2), _) => OrderRow::STATUS.not_null(),
            (Built::Table, ..) => Item::SKU.expr(),
            (Built::Users(alias), _, 0) => through(alias, User::NAME),
            (Built::Users(alias), ..) => alias.col(User::FULLNAME).not_null(),
            (Built::Addresses(alias), ..) => through(alias, Address::EMAIL),
            (Built::Orders(alias), ..) => alias.col(OrderRow::STATUS).not_null(),
            (Built::Items(alias), ..) => through(alias, Item::SKU),
            (Built::Definition(_), ..) => panic!("a definition has no texts"),
        }
    }

    fn bound(&self, id: Id) -> Expr<i64> {
        value(self.values.number(id))
    }

    fn num(&self, num: &Num, scope: Sources<'_>) -> Expr<i64> {
        match num {
            Num::Literal(number) => literal(i64::from(*number)),
            Num::Column(source, column) => self.column(scope.number(*source, *column)),
            Num::Outer(source, column) => self.column(scope.outer_number(*source, *column)),
            Num::Bound(id) => self.bound(*id),
            Num::Binary(op, left, right) => {
                let (left, right) = (self.num(left, scope), self.num(right, scope));
                match op {
                    Arithmetic::Add => left + right,
                    Arithmetic::Subtract => left - right,
                    Arithmetic::Multiply => left * right,
                    Arithmetic::Remainder => left % right,
                    Arithmetic::And => left.bit_and(right),
                    Arithmetic::Or => left.bit_or(right),
                    Arithmetic::Xor => left.bit_xor(right),
                }
            }
            Num::Negative(num) => -self.num(num, scope),
            Num::Coalesce(num, id) => func::coalesce(self.num(num, scope), self.values.nullable(*id)),
            Num::Case(whens, otherwise) => self.case(whens, otherwise.as_deref(), scope),
            Num::Absolute(num) => func::abs(self.num(num, scope)),
            Num::Call(extreme, a, b) => {
                let name = match extreme {
                    Extreme::Max => "max",
                    Extreme::Min => "min",
                };
                func::call(name, (self.num(a, scope), self.num(b, scope)))
            }
            Num::Cast(Cast::BigInt, num) => self.num(num, scope).cast(),
            Num::Cast(Cast::Integer, num) => self.num(num, scope).cast_as(aludel_core::SqlType::Integer),
            Num::Length(text) => func::char_length(self.text(text, scope)),
            Num::Scalar(extreme, inner, limit) => {
                let descending = matches!(extreme, Extreme::Max);
                let order = ordering(Order { column: 0, descending, nulls: 0 }, 1);
                let query = self.inner(inner, scope, |column| column.label("c0"));
                query.order_by(order).limit(self.values.count(*limit)).scalar().not_null()
            }
            Num::Twice(num) => {
                let num = shared(self.num(num, scope));
                num.clone() + num
            }
            Num::Element(factor, num) => element(Arc::new(Scaled(*factor)), self.num(num, scope)),
            Num::Raw(a, b) => raw_sql("max({}, {}) + 1", (self.num(a, scope), self.num(b, scope))),
        }
    }

    fn case(&self, whens: &[(Cond, Num)], otherwise: Option<&Num>, scope: Sources<'_>) -> Expr<i64> {
        let ((when, then), others) = whens.split_first().expect("a CASE has a WHEN");
        let mut built = case().when::<i64>(self.cond(when, scope), self.num(then, scope));
        for (when, then) in others {
            built = built.when(self.cond(when, scope), self.num(then, scope));
        }
        match otherwise {
            Some(otherwise) => built.otherwise(self.num(otherwise, scope)),
            None => built.end().not_null(),
        }
    }

    fn text(&self, text: &Text, scope: Sources<'_>) -> Expr<String> {
        match text {
            Text::Literal(number) => literal(&*format!("t'{number}")),
            Text::Column(source, column) => self.text_column(scope.text(*source, *column)),
            Text::Bound(id) => value(self.values.text(*id)),
            Text::Concat(a, b) => self.text(a, scope).concat(self.text(b, scope)),
            Text::Lower(text) => func::lower(self.text(text, scope)),
            Text::Upper(text) => func::upper(self.text(text, scope)),
        }
    }

    fn cond(&self, cond: &Cond, scope: Sources<'_>) -> Expr<bool> {
        match cond {
            Cond::Constant(constant) => literal(*constant),
            Cond::Compare(op, left, right) => compare(*op, self.num(left, scope), self.num(right, scope)),
            Cond::CompareText(op, left, right) => compare(*op, self.text(left, scope), self.text(right, scope)),
            Cond::In { operand, list, negated } => {
                let list = self.values.list(list, |id| id).into_iter().map(|id| self.values.number(id));
                let operand = self.num(operand, scope);
                if *negated { operand.not_in(list) } else { operand.in_(list) }
            }
            Cond::InTuples { operand, list, negated } => {
                let rows = self.values.list(list, |[id, _]| id).into_iter();
                let rows = rows.map(|[a, b]| (self.values.number(a), self.values.number(b)));
                let operand = tuple((self.num(&operand.0, scope), self.num(&operand.1, scope)));
                if *negated { operand.not_in(rows) } else { operand.in_(rows) }
            }
            Cond::InExprs { operand, list, negated } => {
                let list: Vec<_> = list.iter().map(|num| self.num(num, scope)).collect();
                let operand = self.num(operand, scope);
                if *negated { operand.not_in(list) } else { operand.in_(list) }
            }
            Cond::InQuery { operand, query, negated } => {
                let operand = self.num(operand, scope);
                let query = self.inner(query, scope, |column| column);
                if *negated { operand.not_in_query(query) } else { operand.in_query(query) }
            }
            Cond::Between { operands, negated, symmetric } => {
                let [operand, low, high] = [0, 1, 2].map(|index| self.num(&operands[index], scope));
                match (symmetric, negated) {
                    (false, false) => operand.between(low, high),
                    (false, true) => operand.not_between(low, high),
                    (true, false) => operand.between_symmetric(low, high),
                    (true, true) => not(operand.between_symmetric(low, high)),
                }
            }
            Cond::IsNull { operand, negated } => {
                let operand = self.num(operand, scope);
                if *negated { operand.is_not_null() } else { operand.is_null() }
            }
            Cond::Like { operand, pattern, shape } => {
                let (operand, pattern) = (self.text(operand, scope), self.text(pattern, scope));
                match shape {
                    Like::Plain => operand.like(pattern),
                    Like::Not => operand.not_like(pattern),
                    Like::Insensitive => operand.ilike(pattern),
                    Like::StartsWith => operand.starts_with(pattern),
                    Like::EndsWith => operand.ends_with(pattern),
                    Like::Contains => operand.contains(pattern),
                    Like::Escape => operand.like_escape(pattern, '~'),
                }
            }
            Cond::Exists { query, negated } => {
                let query = self.inner(query, scope, |column| column);
                if *negated { query.not_exists() } else { query.exists() }
            }
            Cond::All(list) => all_of(list.iter().map(|cond| self.cond(cond, scope))),
            Cond::Any(list) => any_of(list.iter().map(|cond| self.cond(cond, scope))),
            Cond::Not(cond) => not(self.cond(cond, scope)),
        }
    }
}

/// A source as FROM takes it.
struct Target<'a>(&'a (Named, Built));

impl IntoSource for Target<'_> {
    fn push_source(&self, tape: &mut Tape) {
        let (named, built) = self.0;
        match (built, named.kind) {
            (Built::Table, Kind::Table(0)) => User::TABLE.push_source(tape),
            (Built::Table, Kind::Table(1)) => Address::TABLE.push_source(tape),
            (Built::Table, Kind::Table(2)) => OrderRow::TABLE.push_source(tape),
            (Built::Table, _) => Item::TABLE.push_source(tape),
            (Built::Users(alias), _) => alias.push_source(tape),
            (Built::Addresses(alias), _) => alias.push_source(tape),
            (Built::Orders(alias), _) => alias.push_source(tape),
            (Built::Items(alias), _) => alias.push_source(tape),
            (Built::Definition(BuiltDefinition::Cte(cte)), _) => cte.push_source(tape),
            (Built::Definition(BuiltDefinition::Derived(query)), _) => query.push_source(tape),
            (Built::Definition(BuiltDefinition::Values(values)), _) => values.push_source(tape),
        }
    }
}

fn ordering(order: Order, width: usize) -> Ordering {
    const NAMES: [Label<i64>; 4] =
        [aludel_sql::label("c0"), aludel_sql::label("c1"), aludel_sql::label("c2"), aludel_sql::label("c3")];
    let name = NAMES[usize::from(order.column) % width];
    let term = if order.descending { name.desc() } else { name.asc() };
    match order.nulls {
        0 => term,
        1 => term.nulls_first(),
        _ => term.nulls_last(),
    }
}

fn compare<X: Expression>(op: Compare, left: X, right: impl IntoExpr<Base<X>>) -> Expr<bool> {
    match op {
        Compare::Equal => left.eq(right),
        Compare::NotEqual => left.ne(right),
        Compare::Less => left.lt(right),
        Compare::LessOrEqual => left.le(right),
        Compare::Greater => left.gt(right),
        Compare::GreaterOrEqual => left.ge(right),
        Compare::NotDistinct => left.is_not_distinct_from(right),
        Compare::Distinct => left.is_distinct_from(right),
    }
}
