//! Tables out of random choices. Every choice means something, so that proptest can make it smaller.

use aludel::schema::{
    Action, Check, ColumnDef, Deferrable, ForeignKey, Generated, Index, IndexKey, IndexPart, ServerDefault, Table,
    TableOption, Target, Unique,
};
use aludel::{EnumType, Held, SqlType};
use proptest::prelude::*;

/// What a database can keep.
pub(super) struct Facts {
    types: Vec<SqlType>,
    comments: bool,
    deferrable: bool,
    partial_indexes: bool,
    expression_indexes: bool,
    computed: &'static [bool],
    unlogged: bool,
    /// STRICT and WITHOUT ROWID.
    kinds: bool,
    identity: bool,
    collation: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub(super) struct RawColumn {
    kind: u8,
    nullable: bool,
    default: u8,
    flags: u8,
}

#[derive(Clone, Debug)]
pub(super) struct RawTable {
    columns: Vec<RawColumn>,
    key: u8,
    uniques: Vec<(u8, u8, u8)>,
    checks: Vec<(u8, u8, bool)>,
    foreign_keys: Vec<(u8, u8, u8)>,
    indexes: Vec<(u8, u8, u8)>,
    flags: u8,
}

pub(super) fn raw_tables() -> impl Strategy<Value = Vec<RawTable>> {
    let column = (any::<u8>(), any::<bool>(), any::<u8>(), any::<u8>());
    let column = column.prop_map(|(kind, nullable, default, flags)| RawColumn { kind, nullable, default, flags });
    let few = |most| prop::collection::vec((any::<u8>(), any::<u8>(), any::<u8>()), 0..most);
    let table = (
        prop::collection::vec(column, 1..6),
        any::<u8>(),
        few(2),
        prop::collection::vec((any::<u8>(), any::<u8>(), any::<bool>()), 0..3),
        few(3),
        few(3),
        any::<u8>(),
    );
    let table = table.prop_map(|(columns, key, uniques, checks, foreign_keys, indexes, flags)| RawTable {
        columns,
        key,
        uniques,
        checks,
        foreign_keys,
        indexes,
        flags,
    });
    prop::collection::vec(table, 1..4)
}

fn moods() -> SqlType {
    let labels = vec![Held::from("sad"), Held::from("it's ok"), Held::from("Happy, too")];
    SqlType::Enum(Held::Shared(EnumType { name: Held::from("mood"), labels: labels.into() }.into()))
}

fn native(family: &'static str, name: &'static str) -> SqlType {
    SqlType::Native(Held::Shared(aludel::NativeType { family: Held::Static(family), name: Held::Static(name) }.into()))
}

impl Facts {
    fn common() -> Vec<SqlType> {
        vec![
            SqlType::Integer,
            SqlType::BigInt,
            SqlType::SmallInt,
            SqlType::Varchar(40),
            SqlType::Text,
            SqlType::Boolean,
            SqlType::Numeric(Some((8, 2))),
            SqlType::Double,
            SqlType::Float,
            SqlType::Date,
            SqlType::Time,
            SqlType::DateTime,
            SqlType::Timestamp,
            SqlType::Char(3),
            SqlType::Blob,
            SqlType::Json,
            SqlType::Uuid,
            SqlType::Numeric(None),
            SqlType::Jsonb,
            SqlType::UnsignedInteger,
            moods(),
        ]
    }

    pub(super) fn sqlite() -> Self {
        Self {
            types: Self::common(),
            comments: false,
            deferrable: true,
            partial_indexes: true,
            expression_indexes: true,
            computed: &[true, false],
            unlogged: false,
            kinds: true,
            identity: false,
            collation: Some("NOCASE"),
        }
    }

    pub(super) fn postgres() -> Self {
        let mut types = Self::common();
        types.extend([
            SqlType::Interval,
            SqlType::Array(Held::Static(&SqlType::Integer)),
            SqlType::Array(Held::Static(&SqlType::Jsonb)),
            native("postgresql", "inet"),
            native("postgresql", "tstzrange"),
            native("postgresql", "varbit(5)"),
        ]);
        Self {
            types,
            comments: true,
            computed: &[true],
            unlogged: true,
            kinds: false,
            identity: true,
            collation: Some("C"),
            ..Self::sqlite()
        }
    }

    pub(super) fn mariadb() -> Self {
        // A label of a set has no comma in it.
        let labels = vec![Held::from("sad"), Held::from("it's ok")];
        let labels = EnumType { name: Held::from("moods"), labels: labels.into() };
        let mut types = Self::common();
        types.extend([
            SqlType::Interval,
            SqlType::Set(Held::Shared(labels.into())),
            SqlType::UnsignedBigInt,
            SqlType::UnsignedTinyInt,
            native("mysql", "YEAR"),
            native("mysql", "MEDIUMTEXT"),
            native("mysql", "TIMESTAMP(3)"),
        ]);
        Self {
            types,
            comments: true,
            deferrable: false,
            kinds: false,
            partial_indexes: false,
            expression_indexes: false,
            collation: Some("utf8mb4_bin"),
            ..Self::sqlite()
        }
    }
}

pub(super) fn build(raw: &[RawTable], facts: &Facts) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for (number, table) in raw.iter().enumerate() {
        let table = Building::new(number, table, facts).finish(table, &tables, raw.len() == 1);
        tables.push(table);
    }
    tables
}

struct Building<'a> {
    facts: &'a Facts,
    table: Table,
    columns: Vec<ColumnDef>,
}

fn name(number: usize, odd: bool) -> String {
    if odd { format!("The \"{number}\" Table's") } else { format!("table_{number}") }
}

impl<'a> Building<'a> {
    fn new(number: usize, raw: &RawTable, facts: &'a Facts) -> Self {
        let table = Table::named(name(number, raw.flags & 1 != 0));
        let columns = raw.columns.iter().enumerate().map(|(at, raw)| column(at, raw, facts)).collect();
        Self { facts, table, columns }
    }

    fn finish(mut self, raw: &RawTable, others: &[Table], is_alone: bool) -> Table {
        let facts = self.facts;
        self.key(raw);
        if raw.flags & 2 != 0 {
            self.computed(raw);
        }
        let mut options = self.table.options.to_vec();
        if facts.comments && raw.flags & 4 != 0 {
            self.table.comment = Some("It's a \\ \"comment\"".into());
        }
        if facts.unlogged && raw.flags & 24 == 24 && is_alone {
            options.push(TableOption::Unlogged);
        }
        if facts.kinds && raw.flags & 32 != 0 {
            options.push(TableOption::Strict);
        }
        if facts.kinds && raw.flags & 64 != 0 && !self.table.primary_key.is_empty() {
            options.push(TableOption::WithoutRowid);
        }
        self.table.options = options.into();
        let foreign_keys = self.foreign_keys(raw, others);
        let (uniques, checks) = (self.uniques(raw), self.checks(raw));
        let indexes = self.indexes(raw);
        Table {
            columns: self.columns.into(),
            foreign_keys: foreign_keys.into(),
            uniques: uniques.into(),
            checks: checks.into(),
            indexes: indexes.into(),
            ..self.table
        }
    }

    /// A key of one counted column, of two columns, or none.
    fn key(&mut self, raw: &RawTable) {
        match raw.key % 4 {
            0 => {}
            1 | 2 => {
                let generated = match raw.key / 4 % 4 {
                    0 => Generated::No,
                    1 if self.facts.identity => Generated::Identity {
                        always: raw.key & 128 != 0,
                        start: Some(10).filter(|_| raw.key & 64 != 0),
                        increment: Some(5).filter(|_| raw.key & 32 != 0),
                        min: Some(-7).filter(|_| raw.key & 16 != 0),
                        max: None,
                        cache: None,
                        cycle: raw.key & 64 != 0,
                    },
                    _ => Generated::Key,
                };
                let sql_type = if raw.key & 32 != 0 { SqlType::BigInt } else { SqlType::Integer };
                self.columns.insert(0, ColumnDef { nullable: false, generated, ..ColumnDef::new("id", sql_type) });
                self.table.primary_key = vec![0].into();
            }
            _ => {
                for name in ["part one", "two"] {
                    self.columns.push(ColumnDef { nullable: false, ..ColumnDef::new(name, SqlType::Integer) });
                }
                let last = self.columns.len() - 1;
                self.table.primary_key = vec![last, last - 1].into();
            }
        }
        if !self.table.primary_key.is_empty() && raw.key & 64 != 0 {
            let named = TableOption::PrimaryKeyName(format!("key of {}", self.table.name).replace('"', "").into());
            self.table.options = vec![named].into();
        }
    }

    fn computed(&mut self, raw: &RawTable) {
        self.columns.push(ColumnDef::new("base", SqlType::Integer));
        let stored = self.facts.computed[usize::from(raw.flags) % self.facts.computed.len()];
        let generated = Generated::Computed { sql: "base * 2 + 1".into(), stored };
        self.columns.push(ColumnDef { generated, ..ColumnDef::new("made", SqlType::Integer) });
    }

    /// Columns for the target's key are added; a table without one is not referred to.
    fn foreign_keys(&mut self, raw: &RawTable, others: &[Table]) -> Vec<ForeignKey> {
        let mut keys = Vec::new();
        for (number, (target, actions, flags)) in raw.foreign_keys.iter().enumerate() {
            let Some(target) = others.get(usize::from(*target) % (others.len() + 1)) else { continue };
            if target.primary_key.is_empty() {
                continue;
            }
            let mut columns = Vec::new();
            for position in target.primary_key.iter() {
                let key = &target.columns[*position];
                columns.push(self.columns.len());
                self.columns.push(ColumnDef::new(format!("{} of {number}", key.name), key.sql_type.clone()));
            }
            let all = [None, Some(Action::Cascade), Some(Action::SetNull), Some(Action::NoAction)];
            let moments = [None, Some(Deferrable::InitiallyImmediate), Some(Deferrable::InitiallyDeferred)];
            let names =
                target.primary_key.iter().map(|position| target.columns[*position].name.clone()).collect::<Vec<_>>();
            let own = format!("key {number} of {}", self.table.name).replace('"', "");
            keys.push(ForeignKey {
                name: (flags & 1 != 0).then(|| own.into()),
                columns: columns.into(),
                target: Target::Named { schema: None, table: target.name.clone(), columns: names.into() },
                on_delete: all[usize::from(*actions) % 4],
                on_update: all[usize::from(*actions / 4) % 4],
                deferrable: moments[usize::from(*flags / 2) % 3].filter(|_| self.facts.deferrable),
            });
        }
        keys
    }

    /// A column that can be compared, ordered and indexed.
    fn plain(&self, choice: u8) -> Option<usize> {
        let is_plain = |column: &ColumnDef| {
            matches!(
                column.sql_type,
                SqlType::Integer | SqlType::BigInt | SqlType::Varchar(_) | SqlType::Date | SqlType::Numeric(_)
            ) && matches!(column.generated, Generated::No)
                && !column.name.contains(' ')
        };
        let plain: Vec<usize> = (0..self.columns.len()).filter(|at| is_plain(&self.columns[*at])).collect();
        (!plain.is_empty()).then(|| plain[usize::from(choice) % plain.len()])
    }

    fn uniques(&self, raw: &RawTable) -> Vec<Unique> {
        let mut uniques: Vec<Unique> = Vec::new();
        for (number, (a, b, flags)) in raw.uniques.iter().enumerate() {
            let (Some(a), Some(b)) = (self.plain(*a), self.plain(*b)) else { continue };
            let columns = if a == b { vec![a] } else { vec![a, b] };
            if uniques.iter().any(|other| *other.columns == *columns) || *columns == *self.table.primary_key {
                continue;
            }
            let own = format!("unique {number} of {}", self.table.name).replace('"', "");
            uniques.push(Unique {
                name: (flags & 1 != 0).then(|| own.into()),
                columns: columns.into(),
                ..Unique::default()
            });
        }
        uniques
    }

    fn checks(&self, raw: &RawTable) -> Vec<Check> {
        let mut checks: Vec<Check> = Vec::new();
        for (number, (column, form, named)) in raw.checks.iter().enumerate() {
            let Some(position) = self.plain(*column) else { continue };
            let (column, name) = (&self.columns[position], &self.columns[position].name);
            let sql = match (&column.sql_type, form % 6) {
                (SqlType::Varchar(_), 0) => format!("{name} IN ('a', 'it''s', 'c')"),
                (SqlType::Varchar(_), 1) => format!("{name} LIKE 'a%' OR {name} = 'b'"),
                (SqlType::Varchar(_), 2) => format!("NOT ({name} = 'x' AND {name} IS NOT NULL)"),
                (SqlType::Varchar(_), _) => format!("{name} <> 'x' AND lower({name}) != 'y'"),
                (SqlType::Date, _) => format!("{name} >= '2020-01-01'"),
                (_, 0) => format!("{name} > -5"),
                (_, 1) => format!("{name} BETWEEN 1 AND 50 AND {name} <> 7"),
                (_, 2) => format!("({name} + 1) * 2 > 3 OR {name} IS NULL"),
                (_, 3) => format!("{name} IN (1, 2, 3)"),
                (_, 4) => format!("NOT ({name} = 3) AND ({name} < 10 OR {name} > 20)"),
                (_, _) => format!("{name} NOT IN (4, 5)"),
            };
            let own = format!("check {number} of {}", self.table.name).replace('"', "");
            checks.push(Check { name: named.then(|| own.into()), sql: sql.into() });
        }
        checks
    }

    fn indexes(&self, raw: &RawTable) -> Vec<Index> {
        let mut indexes = Vec::new();
        for (number, (a, b, flags)) in raw.indexes.iter().enumerate() {
            let (Some(a), Some(b)) = (self.plain(*a), self.plain(*b)) else { continue };
            let mut parts = vec![IndexPart { descending: flags & 1 != 0, ..IndexPart::column(a) }];
            if a != b {
                parts.push(IndexPart { descending: flags & 2 != 0, ..IndexPart::column(b) });
            }
            let is_number = matches!(self.columns[a].sql_type, SqlType::Integer | SqlType::BigInt);
            if self.facts.expression_indexes && flags & 4 != 0 && is_number {
                parts.push(IndexPart::of(IndexKey::Sql(format!("{} + 1", self.columns[a].name).into())));
            }
            let filter = format!("{} IS NOT NULL", self.columns[b].name);
            let own = format!("index {number} of {}", self.table.name).replace('"', "");
            indexes.push(Index {
                unique: flags & 8 != 0 && parts.len() > 1,
                filter: (self.facts.partial_indexes && flags & 16 != 0).then(|| filter.into()),
                ..Index::new(own, parts)
            });
        }
        indexes
    }
}

fn column(at: usize, raw: &RawColumn, facts: &Facts) -> ColumnDef {
    let sql_type = facts.types[usize::from(raw.kind) % facts.types.len()].clone();
    let default = match (&sql_type, raw.default % 4) {
        (_, 0) => None,
        // Not every version takes a default for these.
        (SqlType::Blob | SqlType::Json | SqlType::Jsonb | SqlType::Uuid | SqlType::Interval, _) => None,
        (SqlType::Array(_) | SqlType::Native(_) | SqlType::Set(_), _) => None,
        (SqlType::Varchar(_), 1) => Some(ServerDefault::Text("it's \"a\" \\ text".into())),
        (SqlType::Varchar(_) | SqlType::Text, _) => Some(ServerDefault::Text("b".into())),
        (SqlType::Char(_), _) => Some(ServerDefault::Text("abc".into())),
        (SqlType::Enum(_), _) => Some(ServerDefault::Text("it's ok".into())),
        (SqlType::Boolean, _) => Some(ServerDefault::Sql("true".into())),
        (SqlType::Date, _) => Some(ServerDefault::Text("2024-05-01".into())),
        (SqlType::Time, _) => Some(ServerDefault::Text("12:30:00".into())),
        (SqlType::DateTime | SqlType::Timestamp, _) => Some(ServerDefault::Now),
        (sql_type, 1) if !sql_type.is_unsigned() => Some(ServerDefault::Sql("-5".into())),
        (_, _) => Some(ServerDefault::Sql("7".into())),
    };
    let collation = match sql_type {
        SqlType::Varchar(_) if raw.flags & 3 == 3 => facts.collation,
        _ => None,
    };
    // Checks name the columns as they stand, so that only columns that no check is about have odd names.
    let is_odd = raw.flags & 4 != 0 && matches!(sql_type, SqlType::Blob | SqlType::Boolean | SqlType::Text);
    let name = if is_odd { format!("Odd, \"{at}\"") } else { format!("column_{at}") };
    ColumnDef {
        nullable: raw.nullable,
        server_default: default,
        collation: collation.map(Into::into),
        comment: (facts.comments && raw.flags & 8 != 0).then(|| "what it's for".into()),
        ..ColumnDef::new(name, sql_type)
    }
}

/// The tables with something else in one place, and what that is.
pub(super) fn change(tables: &[Table], choice: u16, facts: &Facts) -> Option<(Vec<Table>, &'static str)> {
    let mut tables = tables.to_vec();
    let at = usize::from(choice) % tables.len();
    let table = &mut tables[at];
    let mut columns = table.columns.to_vec();
    let last = columns.iter().rposition(|column| matches!(column.generated, Generated::No))?;
    let is_key = table.primary_key.contains(&last);
    let how = match choice / 8 % 7 {
        0 if !is_key => {
            columns[last].nullable = !columns[last].nullable;
            "whether a column takes NULL"
        }
        1 if !is_key => {
            columns[last].server_default = Some(ServerDefault::Sql("12345".into()));
            "a default"
        }
        2 if !table.checks.is_empty() => {
            let mut checks = table.checks.to_vec();
            checks[0].sql = format!("{} OR 1 = 2", checks[0].sql).into();
            table.checks = checks.into();
            "a check"
        }
        3 if !table.foreign_keys.is_empty() => {
            let mut keys = table.foreign_keys.to_vec();
            keys[0].on_delete = match keys[0].on_delete {
                Some(Action::Cascade) => None,
                _ => Some(Action::Cascade),
            };
            table.foreign_keys = keys.into();
            "what a foreign key does"
        }
        4 if !table.indexes.is_empty() => {
            let mut indexes = table.indexes.to_vec();
            let mut parts = indexes[0].parts.to_vec();
            parts[0].descending = !parts[0].descending;
            indexes[0].parts = parts.into();
            table.indexes = indexes.into();
            "an index's order"
        }
        5 if facts.comments => {
            table.comment = Some("another comment".into());
            "a comment"
        }
        _ => {
            columns.push(ColumnDef::new("one more", SqlType::Integer));
            "a column"
        }
    };
    table.columns = columns.into();
    Some((tables, how))
}
