//! Writes a description as SQL with its values in the text, in SQLite's words, in the plainest way.

use std::collections::BTreeSet;

use crate::scope::{Kind, Named, Scope, TABLES, USERS, definition_columns, definition_name, resolve};
use crate::statement::{
    Aggregate, AggregateFunction, Arithmetic, Body, Cast, Compare, Cond, Definition, Extreme, Id, Inner, Insert, Join,
    Like, Num, Order, Output, Outputs, Query, Select, Set, Source, Statement, Text, distance, padded,
};
use crate::values::Values;

type Names<'a> = Scope<'a, ()>;

/// The statement with its values in the text. With `marked` each value is written as `⟨number⟩` instead.
pub(crate) fn write(statement: &Statement, values: Values, marked: bool) -> String {
    let mut writer = Writer { definitions: &statement.definitions, values, marked, used: BTreeSet::new() };
    let body = writer.body(&statement.body);
    let with = writer.with();
    format!("{with}{body}")
}

struct Writer<'a> {
    definitions: &'a [Definition],
    values: Values,
    marked: bool,
    /// The CTEs that are read from.
    used: BTreeSet<usize>,
}

impl Writer<'_> {
    fn value(&self, id: Id, value: impl std::fmt::Display) -> String {
        if self.marked { format!("⟨{id}⟩") } else { value.to_string() }
    }

    fn number(&self, id: Id) -> String {
        self.value(id, self.values.number(id))
    }

    /// WITH, for the CTEs that are read from and those that they read from.
    fn with(&mut self) -> String {
        let mut parts = Vec::new();
        while let Some(index) = self.used.pop_last() {
            parts.push(self.cte(index));
        }
        parts.reverse();
        if parts.is_empty() { String::new() } else { format!("WITH RECURSIVE {} ", parts.join(", ")) }
    }

    fn cte(&mut self, index: usize) -> String {
        let name = definition_name(index);
        match &self.definitions[index] {
            Definition::Cte { query, materialized, renamed } => {
                let columns = definition_columns(&self.definitions[index]).join(", ");
                let columns = if *renamed { format!("({columns})") } else { String::new() };
                let word = match materialized {
                    None => "",
                    Some(true) => "MATERIALIZED ",
                    Some(false) => "NOT MATERIALIZED ",
                };
                let query = self.query(query, index, true);
                format!("{name}{columns} AS {word}({query})")
            }
            Definition::Recursive { start, step, limit, distinct } => {
                let word = if *distinct { "UNION" } else { "UNION ALL" };
                let (start, step, limit) = (self.number(*start), self.number(*step), self.number(*limit));
                format!(
                    "{name}(c0) AS (SELECT {start} AS c0 {word} SELECT {name}.c0 + 1 + abs({step}) AS c0 FROM {name} WHERE {name}.c0 < {limit})"
                )
            }
            other => panic!("{other:?} is no CTE"),
        }
    }

    fn body(&mut self, body: &Body) -> String {
        let visible = self.definitions.len();
        let table = [(Named::table(USERS), ())];
        let users = Scope::top(&table, visible);
        match body {
            Body::Query { query, labelled } => self.query(query, visible, *labelled),
            Body::Insert(insert) => self.insert(insert),
            Body::Update { set, manager, filters, returning } => {
                let mut sql = format!("UPDATE users SET age = {}", self.num(set, users));
                if let Some(manager) = manager {
                    sql += &format!(", manager_id = {}", self.num(manager, users));
                }
                sql + &self.filters(filters, users) + &write_returning("users", *returning)
            }
            Body::Delete { filters, returning } => {
                let table = [(Named::table(ITEMS), ())];
                let filters = self.filters(filters, Scope::top(&table, visible));
                format!("DELETE FROM items{filters}{}", write_returning("items", *returning))
            }
        }
    }

    fn insert(&mut self, insert: &Insert) -> String {
        let visible = self.definitions.len();
        let nothing = Scope::top(&[], visible);
        match insert {
            Insert::Values { user, status, returning } => {
                let (user, status) = (self.num(user, nothing), self.text(status, nothing));
                let returning = write_returning("orders", *returning);
                format!("INSERT INTO orders (user_id, status) VALUES ({user}, {status}){returning}")
            }
            Insert::Query { query, returning } => {
                let query = self.query(query, visible, true);
                format!("INSERT INTO items (order_id, line) {query}{}", write_returning("items", *returning))
            }
            Insert::Upsert { id, age, action, returning } => {
                let (id, age) = (self.number(*id), self.num(age, nothing));
                let mut sql = format!("INSERT INTO users (id, age) VALUES ({id}, {age}) ON CONFLICT (id) DO ");
                match action {
                    None => sql += "NOTHING",
                    Some((plus, limit)) => {
                        let table = [(Named::table(USERS), ())];
                        let plus = self.num(plus, Scope::top(&table, visible));
                        sql += &format!("UPDATE SET age = (excluded.age + {plus})");
                        if let Some(limit) = limit {
                            sql += &format!(" WHERE users.age < {}", self.number(*limit));
                        }
                    }
                }
                sql + &write_returning("users", *returning)
            }
        }
    }

    /// A query that sees the definitions before this one.
    fn query(&mut self, query: &Query, visible: usize, labelled: bool) -> String {
        let word = match query.set {
            Set::UnionAll => " UNION ALL ",
            Set::Union => " UNION ",
            Set::Intersect => " INTERSECT ",
            Set::Except => " EXCEPT ",
        };
        let selects: Vec<_> = query.selects.iter().map(|select| self.select(select, visible, labelled)).collect();
        let mut sql = selects.join(word);
        let orders: Vec<_> = orders(query).iter().map(|order| write_order(*order, query.width())).collect();
        if !orders.is_empty() {
            sql += &format!(" ORDER BY {}", orders.join(", "));
        }
        match (query.limit, query.offset) {
            (None, None) => {}
            (Some(limit), None) => sql += &format!(" LIMIT {}", self.number(limit)),
            (limit, Some(offset)) => {
                let limit = limit.map_or_else(|| "-1".to_owned(), |limit| self.number(limit));
                sql += &format!(" LIMIT {limit} OFFSET {}", self.number(offset));
            }
        }
        sql
    }

    fn select(&mut self, select: &Select, visible: usize, labelled: bool) -> String {
        let sources = self.resolve(&select.sources, visible, 0);
        let scope = Scope::top(&sources, visible);
        let (outputs, group) = self.outputs(&select.outputs, scope);
        let outputs = outputs
            .iter()
            .enumerate()
            .map(|(index, output)| if labelled { format!("{output} AS c{index}") } else { output.clone() });
        let outputs = outputs.collect::<Vec<_>>().join(", ");
        let distinct = if select.distinct { "DISTINCT " } else { "" };
        let from = self.from(&select.sources, scope);
        let filters = self.filters(&select.filters, scope);
        format!("SELECT {distinct}{outputs}{from}{filters}{group}")
    }

    /// The columns of a SELECT, and its GROUP BY and HAVING.
    fn outputs(&mut self, outputs: &Outputs, scope: Names<'_>) -> (Vec<String>, String) {
        match outputs {
            Outputs::Values(outputs) => {
                (outputs.iter().map(|output| self.output(output, scope)).collect(), String::new())
            }
            Outputs::Groups { keys, aggregates, having } => {
                let keys: Vec<_> =
                    keys.iter().map(|(source, column)| column_of(scope.number(*source, *column))).collect();
                let mut all = keys.clone();
                all.extend(aggregates.iter().map(|aggregate| self.aggregate(aggregate, scope)));
                let mut group = if keys.is_empty() { String::new() } else { format!(" GROUP BY {}", keys.join(", ")) };
                if let (Some((aggregate, op, id)), false) = (having, keys.is_empty()) {
                    let aggregate = self.aggregate(aggregate, scope);
                    group += &format!(" HAVING {aggregate} {} {}", compare(*op), self.number(*id));
                }
                (all, group)
            }
        }
    }

    fn output(&mut self, output: &Output, scope: Names<'_>) -> String {
        match output {
            Output::Num(num) => self.num(num, scope),
            Output::Window { aggregate, partition, order, frame } => {
                let mut sql = self.aggregate(&window_aggregate(aggregate), scope) + " OVER (";
                if let Some(partition) = partition {
                    sql += &format!("PARTITION BY {} ", self.num(partition, scope));
                }
                sql += &format!("ORDER BY {}", self.num(order, scope));
                if let Some((start, end)) = frame {
                    let start = distance(*start);
                    let end = end.map(|end| format!("{} FOLLOWING", distance(end)));
                    let end = end.unwrap_or_else(|| "CURRENT ROW".to_owned());
                    sql += &format!(" GROUPS BETWEEN {start} PRECEDING AND {end}");
                }
                sql + ")"
            }
        }
    }

    fn aggregate(&mut self, aggregate: &Aggregate, scope: Names<'_>) -> String {
        let of = self.num(&aggregate.of, scope);
        let mut sql = match aggregate.function {
            AggregateFunction::Count => format!("count({of})"),
            AggregateFunction::CountDistinct => format!("count(DISTINCT {of})"),
            AggregateFunction::Sum => format!("sum({of})"),
            AggregateFunction::Min => format!("min({of})"),
            AggregateFunction::Max => format!("max({of})"),
        };
        if let Some(filter) = &aggregate.filter {
            sql += &format!(" FILTER (WHERE {})", self.cond(filter, scope));
        }
        sql
    }

    fn resolve(&self, sources: &[Source], visible: usize, depth: usize) -> Vec<(Named, ())> {
        resolve(sources, &self.definitions[..visible], depth).into_iter().map(|named| (named, ())).collect()
    }

    fn from(&mut self, sources: &[Source], scope: Names<'_>) -> String {
        let mut sql = " FROM ".to_owned();
        for (index, source) in sources.iter().enumerate() {
            let until = scope.first(index + 1);
            let (word, on) = match &source.join {
                _ if index == 0 => ("", None),
                Join::Inner(on) => (" JOIN ", Some(on)),
                Join::Left(on) => (" LEFT JOIN ", Some(on)),
                Join::Right(on) => (" RIGHT JOIN ", Some(on)),
                Join::Full(on) => (" FULL JOIN ", Some(on)),
                Join::Cross => (" CROSS JOIN ", None),
            };
            sql += word;
            sql += &self.source(&scope.sources[index].0);
            if let Some(on) = on {
                sql += &format!(" ON {}", self.cond(on, until));
            }
        }
        sql
    }

    fn source(&mut self, named: &Named) -> String {
        let name = &named.name;
        match named.kind {
            Kind::Table(_) => name.clone(),
            Kind::Alias(table) => format!("{} AS {name}", TABLES[table].name),
            Kind::CteAlias(index) => {
                self.used.insert(index);
                format!("{} AS {name}", definition_name(index))
            }
            Kind::Definition(index) => match &self.definitions[index] {
                Definition::Cte { .. } | Definition::Recursive { .. } => {
                    self.used.insert(index);
                    name.clone()
                }
                Definition::Derived(query) => format!("({}) AS {name}", self.query(query, index, true)),
                Definition::Values(rows) => {
                    let rows: Vec<_> = rows.iter().map(|row| row.map(|id| self.number(id))).collect();
                    let rows: Vec<_> = rows.iter().map(|[a, b]| format!("SELECT {a} AS c0, {b} AS c1")).collect();
                    format!("({}) AS {name}", rows.join(" UNION ALL "))
                }
                Definition::Text(id) => {
                    format!("(SELECT id AS c0 FROM users WHERE id > {} AND name <> ':x') AS {name}", self.number(*id))
                }
            },
        }
    }

    fn filters(&mut self, filters: &[Cond], scope: Names<'_>) -> String {
        let filters: Vec<_> = filters.iter().map(|filter| self.cond(filter, scope)).collect();
        if filters.is_empty() { String::new() } else { format!(" WHERE {}", filters.join(" AND ")) }
    }

    /// A query inside an expression; `column` is given what it selects.
    fn inner(&mut self, inner: &Inner, scope: Names<'_>, column: impl Fn(String) -> String) -> String {
        let sources = self.resolve(&inner.sources, scope.visible, scope.depth() + 1);
        let scope = Scope::inside(&sources, &scope);
        let value = column(self.num(&inner.column, scope));
        let from = self.from(&inner.sources, scope);
        let filters = self.filters(&inner.filters, scope);
        format!("SELECT {value}{from}{filters}")
    }

    fn num(&mut self, num: &Num, scope: Names<'_>) -> String {
        match num {
            Num::Literal(number) => number.to_string(),
            Num::Column(source, column) => column_of(scope.number(*source, *column)),
            Num::Outer(source, column) => column_of(scope.outer_number(*source, *column)),
            Num::Bound(id) => self.number(*id),
            Num::Binary(Arithmetic::Xor, left, right) => {
                let (left, right) = (self.num(left, scope), self.num(right, scope));
                format!("(({left} | {right}) - ({left} & {right}))")
            }
            Num::Binary(op, left, right) => {
                let word = match op {
                    Arithmetic::Add => "+",
                    Arithmetic::Subtract => "-",
                    Arithmetic::Multiply => "*",
                    Arithmetic::Remainder => "%",
                    Arithmetic::And => "&",
                    Arithmetic::Or | Arithmetic::Xor => "|",
                };
                format!("({} {word} {})", self.num(left, scope), self.num(right, scope))
            }
            Num::Negative(num) => format!("(- {})", self.num(num, scope)),
            Num::Coalesce(num, id) => {
                let value = self.values.nullable(*id).map_or_else(|| "NULL".to_owned(), |value| value.to_string());
                format!("coalesce({}, {})", self.num(num, scope), self.value(*id, value))
            }
            Num::Case(whens, otherwise) => {
                let mut sql = "CASE".to_owned();
                for (when, then) in whens {
                    sql += &format!(" WHEN {} THEN {}", self.cond(when, scope), self.num(then, scope));
                }
                if let Some(otherwise) = otherwise {
                    sql += &format!(" ELSE {}", self.num(otherwise, scope));
                }
                sql + " END"
            }
            Num::Absolute(num) => format!("abs({})", self.num(num, scope)),
            Num::Call(extreme, a, b) => {
                format!("{}({}, {})", extreme_name(*extreme), self.num(a, scope), self.num(b, scope))
            }
            Num::Cast(cast, num) => {
                let name = match cast {
                    Cast::BigInt => "BIGINT",
                    Cast::Integer => "INTEGER",
                };
                format!("CAST({} AS {name})", self.num(num, scope))
            }
            Num::Length(text) => format!("length({})", self.text(text, scope)),
            Num::Scalar(extreme, inner, limit) => {
                let query = self.inner(inner, scope, |column| format!("{column} AS c0"));
                let order = if matches!(extreme, Extreme::Max) { "c0 DESC" } else { "c0" };
                let limit = self.value(*limit, self.values.count(*limit));
                format!("({query} ORDER BY {order} LIMIT {limit})")
            }
            Num::Twice(num) => {
                let num = self.num(num, scope);
                format!("({num} + {num})")
            }
            Num::Element(factor, num) => format!("({factor} * ({}))", self.num(num, scope)),
            Num::Raw(a, b) => format!("(max({}, {}) + 1)", self.num(a, scope), self.num(b, scope)),
        }
    }

    fn text(&mut self, text: &Text, scope: Names<'_>) -> String {
        match text {
            Text::Literal(number) => format!("'t''{number}'"),
            Text::Column(source, column) => match scope.text(*source, *column) {
                Some(((named, ()), index)) => format!("{}.{}", named.name, text_column(named, index)),
                None => "'t'".to_owned(),
            },
            Text::Bound(id) => self.value(*id, format!("'{}'", self.values.text(*id))),
            Text::Concat(a, b) => format!("({} || {})", self.text(a, scope), self.text(b, scope)),
            Text::Lower(text) => format!("lower({})", self.text(text, scope)),
            Text::Upper(text) => format!("upper({})", self.text(text, scope)),
        }
    }

    fn cond(&mut self, cond: &Cond, scope: Names<'_>) -> String {
        let sql = match cond {
            Cond::Constant(value) => if *value { "1" } else { "0" }.to_owned(),
            Cond::Compare(op, left, right) => {
                format!("{} {} {}", self.num(left, scope), compare(*op), self.num(right, scope))
            }
            Cond::CompareText(op, left, right) => {
                format!("{} {} {}", self.text(left, scope), compare(*op), self.text(right, scope))
            }
            // The operand is looked at even where an empty list makes it needless: the CTEs that it reads are written.
            Cond::In { operand, list, negated } => {
                let operand = self.num(operand, scope);
                if list.is_empty() {
                    return constant(*negated);
                }
                let list = self.list(list);
                format!("{operand} {} ({list})", not(*negated, "IN"))
            }
            Cond::InTuples { operand, list, negated } => {
                let (a, b) = (self.num(&operand.0, scope), self.num(&operand.1, scope));
                if list.is_empty() {
                    return constant(*negated);
                }
                let rows = pad(self.values.list(list, |[id, _]| id));
                let rows: Vec<_> =
                    rows.iter().map(|[a, b]| format!("({}, {})", self.number(*a), self.number(*b))).collect();
                format!("({a}, {b}) {} (VALUES {})", not(*negated, "IN"), rows.join(", "))
            }
            Cond::InExprs { operand, list, negated } => {
                let operand = self.num(operand, scope);
                if list.is_empty() {
                    return constant(*negated);
                }
                let bound: Option<Vec<Id>> =
                    list.iter().map(|num| if let Num::Bound(id) = num { Some(*id) } else { None }).collect();
                // Values alone are a list of values, with the padding of one.
                let list = match bound {
                    Some(ids) => pad(ids).iter().map(|id| self.number(*id)).collect::<Vec<_>>(),
                    None => list.iter().map(|num| self.num(num, scope)).collect(),
                };
                format!("{operand} {} ({})", not(*negated, "IN"), list.join(", "))
            }
            Cond::InQuery { operand, query, negated } => {
                let operand = self.num(operand, scope);
                let query = self.inner(query, scope, |column| column);
                format!("{operand} {} ({query})", not(*negated, "IN"))
            }
            Cond::Between { operands, negated, symmetric } => {
                let [a, low, high] = &**operands;
                let (a, low, high) = (self.num(a, scope), self.num(low, scope), self.num(high, scope));
                match (symmetric, negated) {
                    (false, negated) => format!("{a} {} {low} AND {high}", not(*negated, "BETWEEN")),
                    // There is no negated form of the symmetric one.
                    (true, false) => format!("{a} BETWEEN {low} AND {high} OR {a} BETWEEN {high} AND {low}"),
                    (true, true) => format!("NOT ({a} BETWEEN {low} AND {high} OR {a} BETWEEN {high} AND {low})"),
                }
            }
            Cond::IsNull { operand, negated } => {
                format!("{} IS {}NULL", self.num(operand, scope), if *negated { "NOT " } else { "" })
            }
            Cond::Like { operand, pattern, shape } => {
                let (operand, pattern) = (self.text(operand, scope), self.text(pattern, scope));
                match shape {
                    Like::Plain => format!("{operand} LIKE {pattern}"),
                    Like::Not => format!("{operand} NOT LIKE {pattern}"),
                    Like::Insensitive => format!("lower({operand}) LIKE lower({pattern})"),
                    Like::StartsWith => format!("{operand} LIKE ({pattern} || '%')"),
                    Like::EndsWith => format!("{operand} LIKE ('%' || {pattern})"),
                    Like::Contains => format!("{operand} LIKE ('%' || {pattern} || '%')"),
                    Like::Escape => format!("{operand} LIKE {pattern} ESCAPE '~'"),
                }
            }
            Cond::Exists { query, negated } => {
                let query = self.inner(query, scope, |column| column);
                format!("{} ({query})", not(*negated, "EXISTS"))
            }
            Cond::All(list) => self.junction(list, " AND ", true, scope),
            Cond::Any(list) => self.junction(list, " OR ", false, scope),
            Cond::Not(cond) => format!("NOT {}", self.cond(cond, scope)),
        };
        format!("({sql})")
    }

    fn junction(&mut self, list: &[Cond], word: &str, none: bool, scope: Names<'_>) -> String {
        let list: Vec<_> = list.iter().map(|cond| self.cond(cond, scope)).collect();
        if list.is_empty() { constant(none) } else { list.join(word) }
    }

    fn list(&mut self, ids: &[Id]) -> String {
        pad(self.values.list(ids, |id| id)).iter().map(|id| self.number(*id)).collect::<Vec<_>>().join(", ")
    }
}

pub(crate) const ITEMS: usize = 3;

/// An aggregate as a window function: DISTINCT is not allowed there.
pub(crate) fn window_aggregate(aggregate: &Aggregate) -> Aggregate {
    let function = match aggregate.function {
        AggregateFunction::CountDistinct => AggregateFunction::Count,
        other => other,
    };
    Aggregate { function, ..aggregate.clone() }
}

/// The order of a query: where rows are cut off, by every column, so that it is clear which.
pub(crate) fn orders(query: &Query) -> Vec<Order> {
    let width = u8::try_from(query.width()).expect("few");
    let mut orders: Vec<Order> = Vec::new();
    let cut = query.limit.is_some() || query.offset.is_some();
    let rest = (0..if cut { width } else { 0 }).map(|column| Order { column, descending: false, nulls: 0 });
    for order in query.orders.iter().copied().chain(rest) {
        let order = Order { column: order.column % width, ..order };
        if !orders.iter().any(|other| other.column == order.column) {
            orders.push(order);
        }
    }
    orders
}

pub(crate) fn text_column(named: &Named, index: usize) -> &'static str {
    match named.kind {
        Kind::Table(table) | Kind::Alias(table) => TABLES[table].texts[index],
        Kind::Definition(_) | Kind::CteAlias(_) => panic!("{} has no texts", named.name),
    }
}

fn column_of(column: Option<(&(Named, ()), usize)>) -> String {
    column.map_or_else(|| "7".to_owned(), |((named, ()), index)| format!("{}.{}", named.name, named.columns[index]))
}

fn write_order(order: Order, width: usize) -> String {
    let direction = if order.descending { " DESC" } else { "" };
    let nulls = ["", " NULLS FIRST", " NULLS LAST"][usize::from(order.nulls)];
    format!("c{}{direction}{nulls}", usize::from(order.column) % width)
}

/// RETURNING: nothing, one column, or two of which one has another name.
fn write_returning(table: &str, returning: u8) -> String {
    let columns = match table {
        "items" => ["order_id", "line AS n"],
        "users" => ["id", "age AS n"],
        _ => ["id", "user_id AS n"],
    };
    match returning {
        0 => String::new(),
        1 => format!(" RETURNING {}", columns[0]),
        _ => format!(" RETURNING {}, {}", columns[0], columns[1]),
    }
}

fn pad<T: Copy>(mut list: Vec<T>) -> Vec<T> {
    if let Some(last) = list.last().copied() {
        list.resize(padded(list.len()), last);
    }
    list
}

fn compare(op: Compare) -> &'static str {
    match op {
        Compare::Equal => "=",
        Compare::NotEqual => "<>",
        Compare::Less => "<",
        Compare::LessOrEqual => "<=",
        Compare::Greater => ">",
        Compare::GreaterOrEqual => ">=",
        Compare::NotDistinct => "IS",
        Compare::Distinct => "IS NOT",
    }
}

fn extreme_name(extreme: Extreme) -> &'static str {
    match extreme {
        Extreme::Max => "max",
        Extreme::Min => "min",
    }
}

fn not(negated: bool, word: &str) -> String {
    if negated { format!("NOT {word}") } else { word.to_owned() }
}

fn constant(value: bool) -> String {
    if value { "1".to_owned() } else { "0".to_owned() }
}
