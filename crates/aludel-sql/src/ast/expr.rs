//! Expressions.

use std::sync::Arc;

use aludel_core::{Kind, SqlType};

use super::statement::{Query, Source, TextPart};
use crate::custom::CustomElement;
use crate::schema::{ColumnDef, StaticColumn};

/// Where a placeholder's value lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BindSource {
    /// 0 is the statement itself; others are the bodies of its nodes in first-seen order.
    pub segment: u32,
    /// Position among that segment's values.
    pub index: u32,
    /// For an IN list written as several placeholders: the element's position. The last element fills what is left over.
    pub element: Option<u32>,
}

/// A placeholder.
#[derive(Clone, Debug)]
pub struct Bind {
    /// Where its value lies.
    pub source: BindSource,
    /// What kind of value it takes.
    pub kind: Kind,
    /// The column that the value is compared with or assigned to: its exact type, and its name for messages.
    pub context: Option<&'static StaticColumn>,
}

/// An expression.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Expr {
    /// A column of a static table. `source` names an alias or subquery it is read through; without one it is the table's.
    Column {
        /// The column.
        column: &'static StaticColumn,
        /// The alias, subquery or CTE it is read through.
        source: Option<Arc<Source>>,
    },
    /// A column that stands for an expression.
    Property(Box<PropertyExpr>),
    /// A column known by name: of a run-time table, or of a subquery or CTE by its label.
    Named {
        /// What it belongs to; none for a bare name, such as a label in ORDER BY.
        source: Option<Arc<Source>>,
        /// Its name.
        name: Arc<str>,
        /// Its type, where known.
        sql_type: Option<SqlType>,
    },
    /// A placeholder.
    Bind(Bind),
    /// NULL.
    Null,
    /// TRUE or FALSE, as the dialect says them.
    Bool(bool),
    /// An integer written into the text because the program asked for it.
    Integer(i64),
    /// A number written into the text because the program asked for it.
    Number(Arc<str>),
    /// A text literal because the program asked for it; the dialect quotes it.
    Text(Arc<str>),
    /// Two operands and an operator.
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Left operand.
        left: Box<Expr>,
        /// Right operand.
        right: Box<Expr>,
    },
    /// One operand and an operator.
    Unary {
        /// The operator.
        op: UnaryOp,
        /// The operand.
        operand: Box<Expr>,
    },
    /// All must hold; an empty list is true.
    And(Vec<Expr>),
    /// One must hold; an empty list is false.
    Or(Vec<Expr>),
    /// `IS [NOT] NULL`.
    IsNull {
        /// What is looked at.
        operand: Box<Expr>,
        /// Whether NULL is what is not wanted.
        negated: bool,
    },
    /// `[NOT] BETWEEN [SYMMETRIC] low AND high`.
    Between {
        /// What is looked at.
        operand: Box<Expr>,
        /// Lower bound.
        low: Box<Expr>,
        /// Upper bound.
        high: Box<Expr>,
        /// Whether what lies between is not wanted.
        negated: bool,
        /// Whether the bounds may come in either order.
        symmetric: bool,
    },
    /// `[NOT] IN`.
    In {
        /// What is looked for; a [`Expr::Tuple`] for several columns.
        operand: Box<Expr>,
        /// Where it is looked for.
        target: InTarget,
        /// Whether it must not be there.
        negated: bool,
    },
    /// The LIKE family.
    Like(Box<Like>),
    /// A regular expression: `operand` matches `pattern`.
    Regexp {
        /// What is searched.
        operand: Box<Expr>,
        /// The pattern.
        pattern: Box<Expr>,
        /// Whether it must not match.
        negated: bool,
    },
    /// `operand MATCH pattern`: full-text search.
    Match {
        /// What is searched.
        operand: Box<Expr>,
        /// The search expression.
        pattern: Box<Expr>,
    },
    /// Text put together: `a || b || …`, or `concat(a, b, …)`.
    Concat(Vec<Expr>),
    /// A function call.
    Function(Box<Function>),
    /// `CASE`.
    Case {
        /// What is compared with each WHEN; none for conditions.
        operand: Option<Box<Expr>>,
        /// WHEN and THEN.
        whens: Vec<(Expr, Expr)>,
        /// ELSE.
        otherwise: Option<Box<Expr>>,
    },
    /// `CAST(… AS type)`.
    Cast {
        /// What is converted.
        operand: Box<Expr>,
        /// Into what.
        sql_type: SqlType,
        /// `TRY_CAST`: NULL instead of an error.
        fallible: bool,
    },
    /// Another type in the program only; nothing in the text.
    Coerce {
        /// The expression.
        operand: Box<Expr>,
        /// Its type.
        sql_type: SqlType,
    },
    /// `EXTRACT(field FROM …)`; the field in lower case (`year`).
    Extract {
        /// The field.
        field: Arc<str>,
        /// A date or time.
        operand: Box<Expr>,
    },
    /// `… COLLATE name`.
    Collate {
        /// What is compared.
        operand: Box<Expr>,
        /// The collation.
        collation: Arc<str>,
    },
    /// A query that gives one value.
    Subquery(Box<Query>),
    /// `[NOT] EXISTS (…)`.
    Exists {
        /// The query.
        query: Box<Query>,
        /// Whether there must be no row.
        negated: bool,
    },
    /// `ANY (…)` or `ALL (…)` of a query.
    Quantified {
        /// `ALL`, not `ANY`.
        all: bool,
        /// The query.
        query: Box<Query>,
    },
    /// Several values as one: `(a, b)`.
    Tuple(Vec<Expr>),
    /// An array of expressions, where the database has arrays.
    Array(Vec<Expr>),
    /// Access into a JSON document.
    Json {
        /// The document.
        operand: Box<Expr>,
        /// Keys and positions, each a placeholder or literal.
        path: Vec<Expr>,
        /// As JSON, or as text.
        access: JsonAccess,
    },
    /// An operator of the database, written as it stands.
    Custom {
        /// The operator.
        op: Arc<str>,
        /// Left operand.
        left: Box<Expr>,
        /// Right operand.
        right: Box<Expr>,
        /// Whether it gives a truth value.
        is_comparison: bool,
    },
    /// The proposed row's value in `ON CONFLICT … DO UPDATE`.
    Excluded(&'static StaticColumn),
    /// As `Excluded`, of a column known by name.
    ExcludedNamed {
        /// Its name.
        name: Arc<str>,
        /// Its type, where known.
        sql_type: Option<SqlType>,
    },
    /// The next value of a sequence.
    NextValue(Arc<str>),
    /// A placeholder for a value of this column, taken from each row that the statement is run for.
    RowBind(&'static StaticColumn),
    /// SQL written by the program, with placeholders.
    Raw(Vec<TextPart>),
    /// An expression with a name; only in a list of columns.
    Labeled {
        /// The expression.
        expr: Box<Expr>,
        /// Its name.
        label: Arc<str>,
    },
    /// `GROUPING SETS`, `CUBE` and `ROLLUP` in GROUP BY: the word and the groups.
    Grouping {
        /// `GROUPING SETS`, `CUBE` or `ROLLUP`.
        word: &'static str,
        /// The groups.
        sets: Vec<Expr>,
    },
    /// A construct of the program's own.
    Element(CustomExpr),
}

/// A column that stands for an expression, and that expression.
#[derive(Clone, Debug)]
pub struct PropertyExpr {
    /// The column.
    pub column: &'static StaticColumn,
    /// The alias that its table is read through; without one it is the table's.
    pub source: Option<Arc<Source>>,
    /// The expression, about the same alias or table.
    pub expr: Expr,
}

/// A construct of the program's own with its operands.
#[derive(Clone, Debug)]
pub struct CustomExpr {
    /// The construct.
    pub element: Arc<dyn CustomElement>,
    /// Its operands.
    pub operands: Vec<Expr>,
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum BinaryOp {
    /// `=`
    Eq = 0,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// Equal, NULL being equal to NULL.
    IsNotDistinct,
    /// Different, NULL being equal to NULL.
    IsDistinct,
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// Division that keeps the fraction, also of integers.
    Div,
    /// Integer division, rounded as the database does.
    FloorDiv,
    /// Remainder.
    Mod,
    /// `&`
    BitAnd,
    /// `|`
    BitOr,
    /// Exclusive or.
    BitXor,
    /// `<<`
    ShiftLeft,
    /// `>>`
    ShiftRight,
    /// PostgreSQL `@>`.
    Contains,
    /// PostgreSQL `<@`.
    ContainedBy,
    /// PostgreSQL `?`.
    HasKey,
    /// PostgreSQL `?|`.
    HasAnyKey,
    /// PostgreSQL `?&`.
    HasAllKeys,
    /// PostgreSQL `@@`.
    TextSearch,
    /// PostgreSQL `&&`.
    Overlaps,
}

impl BinaryOp {
    const ALL: [Self; 26] = [
        Self::Eq,
        Self::Ne,
        Self::Lt,
        Self::Le,
        Self::Gt,
        Self::Ge,
        Self::IsNotDistinct,
        Self::IsDistinct,
        Self::Add,
        Self::Sub,
        Self::Mul,
        Self::Div,
        Self::FloorDiv,
        Self::Mod,
        Self::BitAnd,
        Self::BitOr,
        Self::BitXor,
        Self::ShiftLeft,
        Self::ShiftRight,
        Self::Contains,
        Self::ContainedBy,
        Self::HasKey,
        Self::HasAnyKey,
        Self::HasAllKeys,
        Self::TextSearch,
        Self::Overlaps,
    ];

    /// The operator that a key's byte stands for.
    #[must_use]
    pub fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.get(usize::from(byte)).copied()
    }

    /// Whether it gives a truth value.
    #[must_use]
    pub const fn is_comparison(self) -> bool {
        matches!(
            self,
            Self::Eq
                | Self::Ne
                | Self::Lt
                | Self::Le
                | Self::Gt
                | Self::Ge
                | Self::IsNotDistinct
                | Self::IsDistinct
                | Self::Contains
                | Self::ContainedBy
                | Self::HasKey
                | Self::HasAnyKey
                | Self::HasAllKeys
                | Self::TextSearch
                | Self::Overlaps
        )
    }
}

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum UnaryOp {
    /// `NOT`
    Not = 0,
    /// `-`
    Neg,
    /// `~`
    BitNot,
    /// `DISTINCT` before an argument.
    Distinct,
}

/// Where IN looks.
#[derive(Clone, Debug)]
pub enum InTarget {
    /// A list of values.
    List {
        /// Where the list lies.
        list: Bind,
        /// How many placeholders it takes: the list's length rounded up to a power of two; 0 for an empty list.
        size: u32,
        /// Values in one element: 1, or the number of columns of a tuple.
        width: u32,
    },
    /// Expressions.
    Exprs(Vec<Expr>),
    /// A query.
    Query(Box<Query>),
}

/// The LIKE family.
#[derive(Clone, Debug)]
pub struct Like {
    /// What is searched.
    pub operand: Expr,
    /// The pattern or the text that the pattern is made of.
    pub pattern: Expr,
    /// How the pattern is made of it.
    pub shape: LikePattern,
    /// Whether case does not matter.
    pub insensitive: bool,
    /// Whether it must not match.
    pub negated: bool,
    /// The escape character.
    pub escape: Option<char>,
}

/// How a LIKE pattern is made of its operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum LikePattern {
    /// It is the pattern.
    Whole = 0,
    /// `text%`
    Prefix,
    /// `%text`
    Suffix,
    /// `%text%`
    Infix,
}

/// How JSON is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum JsonAccess {
    /// As JSON.
    Json = 0,
    /// As text without quotes.
    Text,
}

/// A function call.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name; dialects translate the generic ones (`now`, `char_length`, `aggregate_strings`, …).
    pub name: Arc<str>,
    /// Arguments.
    pub args: Vec<Expr>,
    /// `count(*)`.
    pub star: bool,
    /// `DISTINCT` before the arguments.
    pub distinct: bool,
    /// `ORDER BY` inside the parentheses.
    pub order_by: Vec<Order>,
    /// `FILTER (WHERE …)`.
    pub filter: Option<Expr>,
    /// `OVER (…)`.
    pub over: Option<Window>,
    /// `WITHIN GROUP (ORDER BY …)`.
    pub within_group: Vec<Order>,
    /// The type of its result, where known.
    pub sql_type: Option<SqlType>,
}

/// A window.
#[derive(Clone, Debug, Default)]
pub struct Window {
    /// `PARTITION BY`.
    pub partition_by: Vec<Expr>,
    /// `ORDER BY`.
    pub order_by: Vec<Order>,
    /// The frame.
    pub frame: Option<Frame>,
}

/// A window's frame.
#[derive(Clone, Debug)]
pub struct Frame {
    /// What is counted.
    pub units: FrameUnits,
    /// Where it begins.
    pub start: FrameBound,
    /// Where it ends.
    pub end: FrameBound,
    /// What is left out of it.
    pub exclude: Option<FrameExclude>,
}

/// What a frame counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum FrameUnits {
    /// Rows.
    Rows = 0,
    /// Values of the order.
    Range,
    /// Groups of equal rows.
    Groups,
}

/// One end of a frame.
#[derive(Clone, Debug)]
pub enum FrameBound {
    /// The first row.
    UnboundedPreceding,
    /// So many before.
    Preceding(Box<Expr>),
    /// The current row.
    CurrentRow,
    /// So many after.
    Following(Box<Expr>),
    /// The last row.
    UnboundedFollowing,
}

/// What a frame leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum FrameExclude {
    /// The current row.
    CurrentRow = 0,
    /// The current row and its equals.
    Group,
    /// The current row's equals.
    Ties,
    /// Nothing.
    NoOthers,
}

/// A term of ORDER BY.
#[derive(Clone, Debug)]
pub struct Order {
    /// By what.
    pub expr: Expr,
    /// Largest first.
    pub descending: bool,
    /// Where NULLs go.
    pub nulls: Option<NullsOrder>,
}

/// Where NULLs go in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum NullsOrder {
    /// Before everything else.
    First = 0,
    /// After everything else.
    Last,
}

impl Expr {
    /// The type of the expression's value, where it can be told.
    #[must_use]
    pub fn sql_type(&self) -> Option<SqlType> {
        match self {
            Self::Column { column, .. } | Self::Excluded(column) | Self::RowBind(column) => {
                Some(column.def().sql_type.clone())
            }
            Self::Property(property) => Some(property.column.def().sql_type.clone()),
            Self::Named { sql_type, .. } | Self::ExcludedNamed { sql_type, .. } => sql_type.clone(),
            Self::Bind(bind) => {
                bind.context.map(|column| column.def().sql_type.clone()).or_else(|| kind_type(bind.kind))
            }
            Self::Cast { sql_type, .. } | Self::Coerce { sql_type, .. } => Some(sql_type.clone()),
            Self::Labeled { expr, .. } | Self::Collate { operand: expr, .. } => expr.sql_type(),
            Self::Function(function) => function.sql_type.clone(),
            // The fraction is kept in every database.
            Self::Binary { op: BinaryOp::Div, left, .. } if left.sql_type().is_some_and(|it| it.is_integer()) => {
                Some(SqlType::Double)
            }
            Self::Binary { op, left, right } if !op.is_comparison() => left.sql_type().or_else(|| right.sql_type()),
            Self::Unary { op: UnaryOp::Neg | UnaryOp::BitNot | UnaryOp::Distinct, operand } => operand.sql_type(),
            Self::Case { whens, otherwise, .. } => {
                whens.first().and_then(|(_, then)| then.sql_type()).or_else(|| otherwise.as_ref()?.sql_type())
            }
            Self::Subquery(query) => query.first_column().and_then(|column| column.expr.sql_type()),
            Self::Concat(_) | Self::Text(_) => Some(SqlType::Text),
            Self::Integer(_) | Self::Extract { .. } => Some(SqlType::BigInt),
            Self::Bool(_)
            | Self::Binary { .. }
            | Self::Unary { .. }
            | Self::And(_)
            | Self::Or(_)
            | Self::IsNull { .. }
            | Self::Between { .. }
            | Self::In { .. }
            | Self::Like(_)
            | Self::Regexp { .. }
            | Self::Match { .. }
            | Self::Exists { .. } => Some(SqlType::Boolean),
            Self::Json { access: JsonAccess::Json, operand, .. } => operand.sql_type().or(Some(SqlType::Json)),
            Self::Json { access: JsonAccess::Text, .. } => Some(SqlType::Text),
            _ => None,
        }
    }

    /// The definition of the column it is, if it is one.
    #[must_use]
    pub fn column_def(&self) -> Option<&'static ColumnDef> {
        match self {
            Self::Column { column, .. } | Self::Excluded(column) => Some(column.def()),
            Self::Property(property) => Some(property.column.def()),
            _ => None,
        }
    }
}

/// The plain SQL type of a kind of value.
fn kind_type(kind: Kind) -> Option<SqlType> {
    Some(match kind {
        Kind::Bool => SqlType::Boolean,
        Kind::SmallInt => SqlType::SmallInt,
        Kind::Integer => SqlType::Integer,
        Kind::BigInt => SqlType::BigInt,
        Kind::Float => SqlType::Float,
        Kind::Double => SqlType::Double,
        Kind::Decimal => SqlType::Numeric(None),
        Kind::Text => SqlType::Text,
        Kind::Bytes => SqlType::Blob,
        Kind::Date => SqlType::Date,
        Kind::Time => SqlType::Time,
        Kind::DateTime => SqlType::DateTime,
        Kind::Timestamp => SqlType::Timestamp,
        Kind::Interval => SqlType::Interval,
        Kind::Uuid => SqlType::Uuid,
        Kind::Json => SqlType::Jsonb,
        _ => return None,
    })
}

impl From<&str> for Expr {
    fn from(name: &str) -> Self {
        Self::Named { source: None, name: name.into(), sql_type: None }
    }
}
