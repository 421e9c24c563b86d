//! The statements that read the `information_schema`. Each is about one database, which `/*scope*/` becomes a condition for:
//! as MySQL has no schemas, a database is one.

use crate::dialect::Scope;
use crate::language::{Text, text};

/// What differs between the two.
pub(super) struct Queries {
    pub(super) checks: &'static str,
    pub(super) indexes: &'static str,
    /// Whether defaults are told as SQL, or as plain values and SQL that is marked.
    pub(super) defaults_are_sql: bool,
    /// Whether quotes in expressions have backslashes before them.
    pub(super) escapes_quotes: bool,
    pub(super) dialect: &'static dyn crate::dialect::Dialect,
}

pub(super) const MARIADB: Queries = Queries {
    checks: "\
SELECT x.table_name AS table_name, x.constraint_name AS name, x.check_clause AS check_sql, 1 AS is_enforced
FROM information_schema.check_constraints x
WHERE /*x.constraint_schema*/ /*x.table_name*/
ORDER BY x.table_name, x.constraint_name",
    indexes: "\
SELECT x.table_name AS table_name, x.index_name AS name, x.non_unique AS non_unique, x.column_name AS column_name,
    x.collation AS direction, x.sub_part AS length, x.index_type AS method, x.index_comment AS comment,
    x.ignored = 'YES' AS is_invisible, NULL AS expression
FROM information_schema.statistics x
WHERE /*x.table_schema*/ /*x.table_name*/
ORDER BY x.table_name, x.index_name, x.seq_in_index",
    defaults_are_sql: true,
    escapes_quotes: false,
    dialect: &crate::dialect::MariaDb,
};

pub(super) const MYSQL: Queries = Queries {
    checks: "\
SELECT x.table_name AS table_name, x.constraint_name AS name, c.check_clause AS check_sql,
    x.enforced = 'YES' AS is_enforced
FROM information_schema.table_constraints x
JOIN information_schema.check_constraints c
    ON c.constraint_schema = x.constraint_schema AND c.constraint_name = x.constraint_name
WHERE x.constraint_type = 'CHECK' AND /*x.table_schema*/ /*x.table_name*/
ORDER BY x.table_name, x.constraint_name",
    indexes: "\
SELECT x.table_name AS table_name, x.index_name AS name, x.non_unique AS non_unique, x.column_name AS column_name,
    x.collation AS direction, x.sub_part AS length, x.index_type AS method, x.index_comment AS comment,
    x.is_visible = 'NO' AS is_invisible, x.expression AS expression
FROM information_schema.statistics x
WHERE /*x.table_schema*/ /*x.table_name*/
ORDER BY x.table_name, x.index_name, x.seq_in_index",
    defaults_are_sql: false,
    escapes_quotes: true,
    dialect: &crate::dialect::MySql,
};

pub(super) const SCHEMAS: &str = "\
SELECT schema_name AS name, coalesce(schema_name = DATABASE(), 0) AS is_default
FROM information_schema.schemata
WHERE schema_name NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')
ORDER BY schema_name";

pub(super) const NAMES: &str = "\
SELECT x.table_name AS name, x.table_type LIKE '%VIEW' AS is_view
FROM information_schema.tables x
WHERE x.table_type <> 'SEQUENCE' AND /*x.table_schema*/
ORDER BY x.table_name";

pub(super) const RELATIONS: &str = "\
SELECT x.table_name AS name, x.table_type AS kind, x.engine AS engine, x.table_collation AS collation,
    x.create_options AS options, x.table_comment AS comment, x.table_schema AS own_schema,
    v.view_definition AS definition, v.check_option AS check_option, v.security_type AS security
FROM information_schema.tables x
LEFT JOIN information_schema.views v ON v.table_schema = x.table_schema AND v.table_name = x.table_name
WHERE /*x.table_schema*/ /*x.table_name*/
ORDER BY x.table_name";

pub(super) const COLUMNS: &str = "\
SELECT x.table_name AS table_name, x.column_name AS name, x.column_default AS default_value,
    x.is_nullable = 'YES' AS is_nullable, x.column_type AS type, x.collation_name AS collation, x.extra AS extra,
    x.generation_expression AS expression, x.column_comment AS comment
FROM information_schema.columns x
WHERE /*x.table_schema*/ /*x.table_name*/
ORDER BY x.table_name, x.ordinal_position";

pub(super) const FOREIGN_KEYS: &str = "\
SELECT x.table_name AS table_name, x.constraint_name AS name, x.column_name AS column_name,
    x.referenced_table_schema AS target_schema, x.referenced_table_schema = x.table_schema AS is_own_schema,
    x.referenced_table_name AS target_table, x.referenced_column_name AS target_column,
    r.update_rule AS on_update, r.delete_rule AS on_delete
FROM information_schema.key_column_usage x
JOIN information_schema.referential_constraints r
    ON r.constraint_schema = x.constraint_schema AND r.constraint_name = x.constraint_name
        AND r.table_name = x.table_name
WHERE x.referenced_table_name IS NOT NULL AND /*x.table_schema*/ /*x.table_name*/
ORDER BY x.table_name, x.constraint_name, x.ordinal_position";

pub(super) const TRIGGERS: &str = "\
SELECT x.event_object_table AS table_name, x.trigger_name AS name
FROM information_schema.triggers x
WHERE /*x.event_object_schema*/ /*x.event_object_table*/
ORDER BY x.event_object_table, x.trigger_name";

/// A query about the database and table of the scope.
pub(super) fn scoped(query: &str, scope: Scope<'_>) -> Text {
    let mut sql = query.to_owned();
    let is = |column: &str, value: &str| format!("{column} = {value}");
    for column in ["x.table_schema", "x.constraint_schema", "x.event_object_schema"] {
        let value = if scope.schema.is_some() { ":schema" } else { "DATABASE()" };
        sql = sql.replace(&format!("/*{column}*/"), &is(column, value));
    }
    let mut is_one = false;
    for column in ["x.table_name", "x.event_object_table"] {
        let mark = format!("/*{column}*/");
        is_one |= scope.table.is_some() && sql.contains(&mark);
        let condition = if scope.table.is_some() { format!("AND {}", is(column, ":table")) } else { String::new() };
        sql = sql.replace(&mark, &condition);
    }
    let mut statement = text(sql);
    if let Some(schema) = scope.schema {
        statement = statement.bind_text("schema", schema);
    }
    match scope.table {
        Some(table) if is_one => statement.bind_text("table", table),
        _ => statement,
    }
}
