//! The operations of a tape.
//!
//! Each takes its operands from a stack of expressions, sources or queries and leaves its result there; bytes behind an
//! operation are said with it. "ref", "value" and "node" mean the next one of that lane.

macro_rules! ops {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// An operation; one byte on the tape.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub(crate) enum Op {
            $($(#[$doc])* $name,)+
        }

        impl Op {
            const ALL: &[Self] = &[$(Self::$name,)+];

            /// The operation that a byte stands for.
            pub(crate) fn from_byte(byte: u8) -> Option<Self> {
                Self::ALL.get(usize::from(byte)).copied()
            }
        }
    };
}

ops! {
    /// ref → column.
    Column,
    /// node, ref → the column as the node shows it.
    NodeColumn,
    /// node, text, optional type → a column of the node by name.
    NodeNamed,
    /// text → a bare name.
    Name,
    /// kind; value → placeholder.
    Bind,
    /// NULL.
    Null,
    /// TRUE.
    True,
    /// FALSE.
    False,
    /// 8 bytes → integer in the text.
    Integer,
    /// text → number in the text.
    Number,
    /// text → text literal.
    TextLiteral,
    /// operator; ref, value → comparison.
    CompareValue,
    /// operator; ref, ref → comparison.
    CompareColumns,
    /// negated, size class; ref, value (a list) → IN.
    InValues,
    /// operator; two expressions.
    Binary,
    /// operator; one expression.
    Unary,
    /// count; so many expressions.
    And,
    /// count; so many expressions.
    Or,
    /// negated; one expression.
    IsNull,
    /// flags (1 negated, 2 symmetric); operand, low, high.
    Between,
    /// negated, size class, width; operand; value (a list).
    InList,
    /// negated, count; operand, so many expressions.
    InExprs,
    /// negated; operand, query.
    InQuery,
    /// shape, flags (1 negated, 2 insensitive, 4 escape), 4 bytes escape; operand, pattern.
    Like,
    /// negated; operand, pattern.
    Regexp,
    /// operand, pattern.
    Match,
    /// count; so many expressions.
    Concat,
    /// flags (1 star, 2 distinct, 4 type), count, name, type; so many expressions.
    Function,
    /// partition count, order count, frame; expressions, orders.
    Over,
    /// condition of an aggregate: function, condition.
    FilterWhere,
    /// count; ORDER BY inside a function: function, orders.
    AggregateOrder,
    /// count; WITHIN GROUP: function, orders.
    WithinGroup,
    /// flags (1 operand, 2 else), count; [operand], (when, then)…, [else].
    Case,
    /// fallible, type; one expression.
    Cast,
    /// type; one expression.
    Coerce,
    /// text; one expression.
    Extract,
    /// text; one expression.
    Collate,
    /// query → scalar.
    ScalarQuery,
    /// negated; query.
    Exists,
    /// all; query.
    Quantified,
    /// count; so many expressions.
    Tuple,
    /// count; so many expressions.
    Array,
    /// access, count; document, so many path elements.
    Json,
    /// comparison, text; two expressions.
    CustomOperator,
    /// ref → the proposed row's value.
    Excluded,
    /// text → next value of a sequence.
    NextValue,
    /// ref → placeholder that takes its value from each row that the statement is run for.
    RowBind,
    /// count, count + 1 texts; so many expressions stand between the texts.
    Raw,
    /// text; names the expression.
    Label,
    /// word, count; so many expressions.
    Grouping,
    /// count; node, so many expressions.
    Element,
    /// node → the expression in it, whose values are kept once.
    Shared,
    /// flags (1 descending, 2 nulls first, 4 nulls last); expression → order.
    Order,

    /// ref → source.
    SourceTable,
    /// node → source.
    SourceNode,

    /// Opens a SELECT.
    BeginSelect,
    /// expression → column of the result.
    Project,
    /// ref → the column as a column of the result.
    ProjectColumn,
    /// ref → all columns of the table.
    ProjectTable,
    /// node, ref → all columns of the table as the node shows it.
    ProjectNode,
    /// node → all columns of a run-time table.
    ProjectRuntime,
    /// source.
    From,
    /// kind, has condition; source, [condition].
    Join,
    /// condition.
    Filter,
    /// count; so many expressions.
    GroupBy,
    /// condition.
    Having,
    /// count; so many orders.
    OrderBy,
    /// expression.
    Limit,
    /// expression.
    Offset,
    /// DISTINCT.
    Distinct,
    /// count; so many expressions.
    DistinctOn,
    /// WITH TIES.
    WithTies,
    /// strength, wait, count; so many sources.
    Lock,
    /// text, optional dialect.
    Prefix,
    /// text, optional dialect.
    Suffix,
    /// text, optional dialect; source.
    Hint,
    /// count; so many sources.
    Correlate,
    /// count; so many sources.
    CorrelateExcept,
    /// Closes a query and leaves it on the stack of queries.
    EndQuery,
    /// operator, all, count; so many queries; opens a query over them.
    Compound,

    /// source; opens an INSERT.
    BeginInsert,
    /// ref.
    InsertColumn,
    /// text.
    InsertNamed,
    /// count; so many expressions: a row.
    InsertRow,
    /// count: rows encoded one by one.
    InsertRows,
    /// The statement's rows are one array for each column.
    InsertArrays,
    /// The statement's rows are copied, in the database's own format.
    InsertCopy,
    /// query.
    InsertQuery,
    /// target (0 any, 1 columns, 2 constraint), count or text; so many expressions. Doing nothing unless a SET follows.
    Conflict,
    /// condition of the partial index that is the conflict's target.
    ConflictTargetFilter,
    /// ref; expression.
    ConflictSet,
    /// condition.
    ConflictFilter,
    /// source; opens an UPDATE.
    BeginUpdate,
    /// ref; expression.
    Set,
    /// text; expression.
    SetNamed,
    /// source; opens a DELETE.
    BeginDelete,
    /// text, count of names; opens SQL of the program's own; then so many times kind, name; values.
    BeginText,
    /// text, type: a column of such SQL.
    TextColumn,
    /// Such SQL gives no rows.
    TextNoRows,
    /// text: the statement was put together wrongly, as the text says.
    Invalid,
    /// only, count, positions; ref → of the table's columns in the result these stay.
    Narrow,
    /// text → a last column of this name that numbers the rows in the query's order.
    NumberRows,
    /// Without ORDER BY, unless there is a limit.
    Unordered,
    /// condition; ref → a condition on the rows of the table, wherever the query reads them.
    Restrict,
    /// text, type → the proposed row's value.
    ExcludedNamed,
    /// text; expression.
    ConflictSetNamed,
    /// The UPDATE or DELETE so far becomes a query of the rows that it reaches.
    Matched,
}

#[cfg(test)]
mod tests {
    use super::Op;

    #[test]
    fn every_byte_is_its_operation() {
        for (byte, op) in Op::ALL.iter().enumerate() {
            assert_eq!(*op as usize, byte);
        }
    }
}
