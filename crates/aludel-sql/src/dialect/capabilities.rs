//! What databases can do, as data.

use aludel_core::CacheSafety;

/// The facts about a database that shared code asks for.
///
/// A third-party dialect starts from [`Capabilities::STANDARD`] and says where it differs:
///
/// ```
/// use aludel_sql::dialect::{Capabilities, Upsert};
///
/// const MINE: Capabilities = Capabilities { upsert: Upsert::OnConflict, parameter_limit: 999, ..Capabilities::STANDARD };
/// assert!(!MINE.arrays);
/// ```
#[derive(Clone, Debug)]
pub struct Capabilities {
    /// Whether the dialect renders nothing that stands outside a statement's key, so that statements may be cached.
    pub statement_cache: CacheSafety,
    /// Most placeholders in one statement.
    pub parameter_limit: usize,
    /// Most characters in an identifier; longer generated names are shortened.
    pub identifier_limit: usize,
    /// How placeholders are written.
    pub placeholders: Placeholders,
    /// Characters around a quoted identifier; the closing one is doubled inside it.
    pub quotes: (char, char),
    /// Whether a backslash escapes inside a text literal, so that it must be doubled.
    pub backslash_escapes: bool,
    /// Whether `true` and `false` are words; elsewhere 1 and 0, and `1 = 1` and `1 = 0` as conditions.
    pub boolean_literals: bool,
    /// Whether a boolean column is a condition by itself; elsewhere `= 1` is written behind it.
    pub boolean_conditions: bool,
    /// Whether a condition may stand where a value is expected; elsewhere a CASE is written around it.
    pub condition_values: bool,
    /// Whether a text in a placeholder has no type where nothing beside it has one, so that it must be cast.
    pub untyped_text: bool,
    /// Whether there are arrays: an IN list is then `= ANY(placeholder)` with one array.
    pub arrays: bool,
    /// Whether rows can follow a statement in the database's own format: `COPY … FROM STDIN (FORMAT binary)`.
    pub binary_copy: bool,
    /// Whether `ANY (query)` and `ALL (query)` exist.
    pub quantified: bool,
    /// How a list of tuples is searched.
    pub tuple_in: TupleIn,
    /// How LIMIT and OFFSET are said.
    pub row_limit: RowLimit,
    /// Whether `FETCH FIRST … WITH TIES` exists.
    pub with_ties: bool,
    /// Row locks.
    pub locking: Locking,
    /// Whether `NULLS FIRST` and `NULLS LAST` exist; elsewhere a term before the order's own does the same.
    pub nulls_order: bool,
    /// Which end of an ascending order NULLs come at without being told.
    pub nulls_sort_low: bool,
    /// RETURNING.
    pub returning: Returning,
    /// What to do about conflicts in INSERT.
    pub upsert: Upsert,
    /// How an INSERT of nothing but defaults is said.
    pub insert_defaults: InsertDefaults,
    /// Most rows in one `VALUES`, where one statement may add several.
    pub multi_row_insert: bool,
    /// Whether an upsert from a SELECT without WHERE is ambiguous and needs one (SQLite).
    pub upsert_select_needs_where: bool,
    /// How UPDATE reads further tables.
    pub update_from: MultiTable,
    /// How DELETE reads further tables.
    pub delete_using: MultiTable,
    /// How UPDATE and DELETE are limited to a number of rows.
    pub dml_limit: DmlLimit,
    /// Where WITH stands in INSERT, UPDATE and DELETE.
    pub dml_with: DmlWith,
    /// Whether a CTE may insert, update or delete.
    pub dml_in_cte: bool,
    /// Whether a recursive CTE is introduced by `WITH RECURSIVE`; elsewhere by `WITH`.
    pub recursive_word: bool,
    /// Whether `[NOT] MATERIALIZED` exists.
    pub materialized: bool,
    /// What stands between a FROM element and its alias.
    pub table_alias: &'static str,
    /// What FROM says when a SELECT has none: `DUAL` on older Oracle.
    pub dual: Option<&'static str>,
    /// Whether `FULL OUTER JOIN` exists.
    pub full_join: bool,
    /// Whether a subquery in FROM may read the elements before it.
    pub lateral: Lateral,
    /// Whether `DISTINCT ON (…)` exists.
    pub distinct_on: bool,
    /// Whether aggregates take `FILTER (WHERE …)`; elsewhere a CASE in the argument does the same.
    pub aggregate_filter: bool,
    /// Whether aggregates take ORDER BY among their arguments.
    pub aggregate_order: bool,
    /// Whether `WITHIN GROUP (ORDER BY …)` exists.
    pub within_group: bool,
    /// Whether `lag` and `lead` take a default.
    pub shift_default: bool,
    /// Whether a query behind IN, ANY and ALL may have a limit.
    pub limit_in_subqueries: bool,
    /// Whether windows have GROUPS frames and EXCLUDE.
    pub frame_groups: bool,
    /// Whether a frame's distance may be a placeholder.
    pub frame_binds: bool,
    /// Whether GROUPING SETS, CUBE and ROLLUP exist.
    pub grouping_sets: bool,
    /// Whether a GROUP BY of nothing but ROLLUP is said as `GROUP BY a, b WITH ROLLUP`.
    pub with_rollup: bool,
    /// Whether `TABLESAMPLE` exists.
    pub table_sample: bool,
    /// Whether a part of a UNION may stand in parentheses; elsewhere it becomes a subquery.
    pub nested_compounds: bool,
    /// How rows of values are a FROM element.
    pub values_table: ValuesTable,
    /// Whether a function in FROM takes `alias(columns)`; elsewhere its columns have the names that the function gives them,
    /// and only by those can they be read.
    pub function_columns: bool,
    /// The word for EXCEPT.
    pub except: &'static str,
    /// Whether `INTERSECT ALL` and `EXCEPT ALL` exist.
    pub set_all: bool,
    /// Whether a statement's hints stand in a comment after its first word (Oracle) or after the table.
    pub comment_hints: bool,
    /// Savepoints.
    pub savepoints: bool,
    /// Whether a statement that fails ends the whole transaction, so that a savepoint is needed to go on.
    pub aborts_on_error: bool,
    /// Whether a row that refers to itself holds itself, so that it can't be deleted until it lets go (InnoDB). A foreign key
    /// with `ON DELETE CASCADE` or `SET NULL` holds nothing anywhere.
    pub own_references_hold: bool,
    /// Schema definition.
    pub ddl: DdlCapabilities,
}

/// What of schema definition a database knows.
#[derive(Clone, Debug)]
pub struct DdlCapabilities {
    /// Whether schema changes take part in transactions.
    pub transactional: bool,
    /// Whether `IF NOT EXISTS` exists for tables, schemas and sequences.
    pub if_not_exists: bool,
    /// Whether `IF EXISTS` exists for them.
    pub if_exists: bool,
    /// Whether `IF [NOT] EXISTS` exists for indexes.
    pub index_if_exists: bool,
    /// Whether a column that the database counts must be the first of a key or an index when the table is made.
    pub counted_needs_index: bool,
    /// Whether `DROP CONSTRAINT IF EXISTS` exists.
    pub constraint_if_exists: bool,
    /// Whether a default that is no literal stands in parentheses.
    pub default_parentheses: bool,
    /// Whether the default of a text without a length, of bytes and of JSON stands in parentheses, literals too.
    pub long_default_parentheses: bool,
    /// The words that add a column.
    pub add_column: &'static str,
    /// Whether constraints can be added to a table that is there.
    pub alter_constraints: bool,
    /// Whether a foreign key may name a table that is not there yet.
    pub forward_references: bool,
    /// Comments on tables and columns.
    pub comments: Comments,
    /// Enumerations that are types of their own.
    pub named_enums: bool,
    /// Sequences.
    pub sequences: bool,
    /// Schemas (namespaces) can be made.
    pub schemas: bool,
    /// Indexes of some rows only.
    pub partial_indexes: bool,
    /// Columns kept beside an index's key.
    pub index_include: bool,
    /// Indexes are built without blocking writers when asked.
    pub concurrent_indexes: bool,
    /// Where an index's method stands.
    pub index_using: IndexUsing,
    /// Indexes of expressions.
    pub index_expressions: bool,
    /// Whether an expression in an index always stands in parentheses of its own.
    pub index_parentheses: bool,
    /// Whether an index's columns have operator classes.
    pub operator_classes: bool,
    /// Whether an index's name says the schema, instead of its table.
    pub index_names_schema: bool,
    /// Whether DROP INDEX names the table.
    pub drop_index_on_table: bool,
    /// Whether computed columns may be NOT NULL.
    pub computed_not_null: bool,
    /// Whether a foreign key may name the columns of the other table's key in another order.
    pub foreign_keys_in_any_order: bool,
    /// Whether foreign keys name the schema of the table that they refer to; else it is always their own table's.
    pub foreign_key_schemas: bool,
    /// Whether ON UPDATE is taken in foreign keys.
    pub on_update: bool,
    /// Whether foreign keys may be DEFERRABLE.
    pub deferrable: bool,
    /// Whether UNIQUE constraints may be DEFERRABLE.
    pub deferrable_unique: bool,
    /// Exclusion constraints.
    pub exclusions: bool,
    /// Whether NULLs may be equal to each other in UNIQUE constraints.
    pub nulls_not_distinct: bool,
    /// Whether an index may be of the first characters of a column only.
    pub index_lengths: bool,
    /// Whether an index's columns have collations of their own.
    pub index_collations: bool,
    /// Whether an index says where NULLs come.
    pub index_nulls: bool,
    /// Views whose rows are kept.
    pub materialized_views: bool,
}

/// How placeholders are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Placeholders {
    /// `?`, one for each use of a value.
    Question,
    /// `$1`, `$2`: a value used twice has one number.
    Dollar,
    /// `:1`, `:2`.
    Colon,
    /// `@P1`, `@P2`.
    At,
}

/// How `(a, b) IN (list of tuples)` is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TupleIn {
    /// `IN ((?, ?), (?, ?))`.
    List,
    /// `IN (VALUES (?, ?), (?, ?))`.
    Values,
    /// `a = ? AND b = ? OR a = ? AND b = ?`.
    Conditions,
}

/// How a number of rows is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RowLimit {
    /// `LIMIT n OFFSET m`; the text is the LIMIT that an OFFSET alone needs, if it needs one.
    Limit {
        /// LIMIT to write before an OFFSET that has none.
        unlimited: Option<&'static str>,
    },
    /// `OFFSET m ROWS FETCH FIRST n ROWS ONLY`.
    Fetch,
    /// `TOP (n)` after SELECT, `OFFSET … FETCH NEXT …` where there is an offset.
    Top,
}

/// Row locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Locking {
    /// The database locks as a whole: a lock asked for is left out (SQLite).
    Whole,
    /// There is no clause for it.
    None,
    /// The clause exists.
    Clause {
        /// `FOR NO KEY UPDATE` and `FOR KEY SHARE`; elsewhere the stronger `FOR UPDATE` and `FOR SHARE`.
        key_strengths: bool,
        /// The words for `FOR SHARE`; where there are none, the stronger `FOR UPDATE`.
        share: Option<&'static str>,
        /// What `OF` names.
        of: LockOf,
    },
}

/// What the `OF` of a row lock names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LockOf {
    /// Tables.
    Tables,
    /// A column of each table.
    Columns,
    /// There is no OF: all tables are locked, which is more than was asked for.
    All,
}

/// RETURNING.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Returning {
    /// How it is said.
    pub style: ReturningStyle,
    /// INSERT has it.
    pub insert: bool,
    /// UPDATE has it.
    pub update: bool,
    /// DELETE has it.
    pub delete: bool,
}

/// How RETURNING is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReturningStyle {
    /// Nowhere.
    None,
    /// `RETURNING table.column`.
    Qualified,
    /// `RETURNING column`.
    Bare,
    /// `OUTPUT inserted.column`, before the values.
    Output,
}

/// What to do about conflicts in INSERT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Upsert {
    /// Nothing can be said.
    None,
    /// `ON CONFLICT`, with a column list.
    OnConflict,
    /// `ON CONFLICT`, with a column list or a constraint's name.
    OnConflictOrConstraint,
    /// `ON DUPLICATE KEY UPDATE`, for any unique key.
    OnDuplicateKey,
}

/// How an INSERT of nothing but defaults is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InsertDefaults {
    /// `DEFAULT VALUES`.
    Words,
    /// `() VALUES ()`.
    EmptyLists,
    /// `(first column) VALUES (DEFAULT)`.
    FirstColumn,
}

/// How UPDATE and DELETE read further tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MultiTable {
    /// They don't.
    None,
    /// `UPDATE t SET … FROM x`, `DELETE FROM t USING x`.
    Clause,
    /// `UPDATE t, x SET …`, `DELETE FROM t USING t, x`.
    List,
    /// `UPDATE t SET … FROM t, x`, `DELETE FROM t FROM t, x`.
    FromAll,
}

/// How UPDATE and DELETE are limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DmlLimit {
    /// They aren't.
    None,
    /// `ORDER BY … LIMIT n`.
    Limit,
    /// `UPDATE TOP (n)`.
    Top,
}

/// Where WITH stands in statements that change data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DmlWith {
    /// Before the statement.
    Before,
    /// Before UPDATE and DELETE, and before the SELECT of an INSERT.
    BeforeSelect,
    /// Only before the SELECT of an INSERT.
    OnlySelect,
}

/// Whether a subquery in FROM may read the elements before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lateral {
    /// It may not.
    None,
    /// `LATERAL (…)`.
    Word,
    /// `CROSS APPLY (…)` and `OUTER APPLY (…)`.
    Apply,
}

/// How rows of values are a FROM element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValuesTable {
    /// `(VALUES (…), (…)) AS name (columns)`.
    Columns,
    /// `(VALUES ROW(…), ROW(…)) AS name (columns)`.
    RowColumns,
    /// `(SELECT … AS column UNION ALL SELECT …) AS name`.
    Selects,
    /// `(SELECT column1 AS name, … FROM (VALUES (…), (…))) AS name`.
    Numbered,
}

/// Where an index's method stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IndexUsing {
    /// Nowhere.
    None,
    /// `ON table USING method (columns)`.
    BeforeColumns,
    /// `ON table (columns) USING method`.
    AfterColumns,
}

/// Comments on tables and columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Comments {
    /// The database keeps none: they stay in the program.
    None,
    /// Inside CREATE TABLE.
    Inline,
    /// `COMMENT ON` statements.
    Statements,
}

impl Capabilities {
    /// What the standard and most databases have.
    pub const STANDARD: Self = Self {
        statement_cache: CacheSafety::Undeclared,
        parameter_limit: 32_766,
        identifier_limit: 63,
        placeholders: Placeholders::Question,
        quotes: ('"', '"'),
        backslash_escapes: false,
        boolean_literals: true,
        boolean_conditions: true,
        condition_values: true,
        untyped_text: false,
        arrays: false,
        binary_copy: false,
        quantified: true,
        tuple_in: TupleIn::List,
        row_limit: RowLimit::Limit { unlimited: None },
        with_ties: false,
        locking: Locking::Clause { key_strengths: false, share: Some("FOR SHARE"), of: LockOf::Tables },
        nulls_order: true,
        nulls_sort_low: false,
        returning: Returning::NONE,
        upsert: Upsert::None,
        insert_defaults: InsertDefaults::Words,
        multi_row_insert: true,
        upsert_select_needs_where: false,
        update_from: MultiTable::None,
        delete_using: MultiTable::None,
        dml_limit: DmlLimit::None,
        dml_with: DmlWith::Before,
        dml_in_cte: false,
        recursive_word: true,
        materialized: false,
        table_alias: " AS ",
        dual: None,
        full_join: true,
        lateral: Lateral::None,
        distinct_on: false,
        aggregate_filter: false,
        aggregate_order: false,
        within_group: true,
        limit_in_subqueries: true,
        frame_groups: false,
        shift_default: true,
        frame_binds: true,
        grouping_sets: true,
        with_rollup: false,
        table_sample: false,
        nested_compounds: true,
        values_table: ValuesTable::Columns,
        function_columns: false,
        except: "EXCEPT",
        set_all: true,
        comment_hints: false,
        savepoints: true,
        aborts_on_error: false,
        own_references_hold: false,
        ddl: DdlCapabilities::STANDARD,
    };
}

impl DdlCapabilities {
    /// What the standard and most databases have.
    pub const STANDARD: Self = Self {
        transactional: true,
        if_not_exists: true,
        if_exists: true,
        index_if_exists: true,
        counted_needs_index: false,
        constraint_if_exists: true,
        default_parentheses: false,
        long_default_parentheses: false,
        add_column: "ADD COLUMN",
        alter_constraints: true,
        forward_references: false,
        comments: Comments::None,
        named_enums: false,
        sequences: true,
        schemas: true,
        partial_indexes: false,
        index_include: false,
        concurrent_indexes: false,
        index_using: IndexUsing::None,
        index_expressions: true,
        index_parentheses: false,
        computed_not_null: true,
        foreign_key_schemas: true,
        foreign_keys_in_any_order: true,
        operator_classes: false,
        index_names_schema: false,
        drop_index_on_table: false,
        on_update: true,
        deferrable: true,
        deferrable_unique: false,
        exclusions: false,
        nulls_not_distinct: false,
        index_lengths: false,
        index_collations: false,
        index_nulls: false,
        materialized_views: false,
    };
}

impl Returning {
    /// No RETURNING.
    pub const NONE: Self = Self { style: ReturningStyle::None, insert: false, update: false, delete: false };

    /// RETURNING of this style in every statement.
    #[must_use]
    pub const fn everywhere(style: ReturningStyle) -> Self {
        Self { style, insert: true, update: true, delete: true }
    }
}
