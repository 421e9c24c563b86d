//! The statements that read `pg_catalog`. Each is about one schema, which `/*scope*/` becomes a condition for.

use crate::dialect::Scope;
use crate::language::{Text, text};

/// A query about the schema and table of the scope: `n` is the schema, `c` the table.
pub(super) fn scoped(query: &str, scope: Scope<'_>) -> Text {
    let mut condition = String::from(match scope.schema {
        Some(_) => "n.nspname = CAST(:schema AS text)",
        None => "n.nspname = current_schema()",
    });
    if scope.table.is_some() && query.contains("/*table*/") {
        condition.push_str(" AND c.relname = CAST(:table AS text)");
    }
    let mut statement = text(query.replace("/*scope*/", &condition).replace("/*table*/", ""));
    if let Some(schema) = scope.schema {
        statement = statement.bind_text("schema", schema);
    }
    match scope.table {
        Some(table) if query.contains("/*table*/") => statement.bind_text("table", table),
        _ => statement,
    }
}

pub(super) const SCHEMAS: &str = "\
SELECT nspname::text AS name, coalesce(nspname = current_schema(), false) AS is_default
FROM pg_catalog.pg_namespace
WHERE nspname NOT LIKE 'pg~_%' ESCAPE '~' AND nspname <> 'information_schema'
ORDER BY nspname";

pub(super) const NAMES: &str = "\
SELECT c.relname::text AS name, c.relkind IN ('v', 'm') AS is_view
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND /*scope*/
ORDER BY c.relname";

pub(super) const RELATIONS: &str = "\
SELECT /*table*/ c.relname::text AS name, c.relkind::text AS kind, c.relpersistence::text AS persistence,
    pg_catalog.obj_description(c.oid, 'pg_class') AS comment,
    CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END AS partition_by,
    CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid, true) END AS definition,
    EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid) AS inherits,
    c.relrowsecurity AS has_policies,
    pg_catalog.array_to_string(c.reloptions, ', ') AS options,
    (SELECT string_agg(quote_ident(t.tgname), ',' ORDER BY t.tgname) FROM pg_catalog.pg_trigger t
        WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) AS triggers
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND /*scope*/
ORDER BY c.relname";

pub(super) const COLUMNS: &str = "\
SELECT /*table*/ c.relname::text AS table_name, a.attname::text AS name,
    pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS is_not_null,
    pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS default_value,
    a.attidentity::text AS identity, a.attgenerated::text AS generated,
    CASE WHEN a.attcollation <> t.typcollation THEN co.collname::text END AS collation,
    pg_catalog.col_description(c.oid, a.attnum) AS comment,
    CASE WHEN coalesce(e.typtype, t.typtype) = 'e' AND pg_catalog.pg_type_is_visible(coalesce(e.oid, t.oid))
        THEN coalesce(e.typname, t.typname)::text END AS enum_name,
    s.seqrelid IS NOT NULL AS has_sequence, s.sequence_name, s.sequence_type,
    s.seqstart AS start, s.seqincrement AS increment, s.seqmin AS min, s.seqmax AS max,
    s.seqcache AS cache, coalesce(s.seqcycle, false) AS cycle
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
LEFT JOIN (
    SELECT p.refobjid, p.refobjsubid, q.*, k.relname::text AS sequence_name,
        pg_catalog.format_type(q.seqtypid, NULL) AS sequence_type
    FROM pg_catalog.pg_depend p
    JOIN pg_catalog.pg_sequence q ON q.seqrelid = p.objid
    JOIN pg_catalog.pg_class k ON k.oid = q.seqrelid
    WHERE p.classid = 'pg_catalog.pg_class'::regclass AND p.refclassid = 'pg_catalog.pg_class'::regclass
        AND p.deptype IN ('a', 'i')
) s ON s.refobjid = c.oid AND s.refobjsubid = a.attnum
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND /*scope*/
ORDER BY c.relname, a.attnum";

pub(super) const CONSTRAINTS: &str = "\
SELECT /*table*/ c.relname::text AS table_name, k.conname::text AS name, k.contype::text AS kind,
    k.condeferrable AS is_deferrable, k.condeferred AS is_deferred, k.convalidated AS is_valid,
    k.connoinherit AS is_not_inherited,
    pg_catalog.pg_get_expr(k.conbin, k.conrelid) AS check_sql,
    CASE WHEN k.contype = 'x' THEN pg_catalog.pg_get_constraintdef(k.oid) END AS exclusion_sql,
    k.confupdtype::text AS on_update, k.confdeltype::text AS on_delete, k.confmatchtype::text AS match_kind,
    (to_jsonb(k) ->> 'confdelsetcols') IS NOT NULL AS deletes_some,
    fn.nspname::text AS target_schema, coalesce(fn.oid = n.oid, false) AS is_own_schema,
    f.relname::text AS target_table,
    (SELECT string_agg(quote_ident(a.attname), ',' ORDER BY u.position)
        FROM unnest(k.conkey) WITH ORDINALITY AS u(number, position)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number) AS columns,
    (SELECT string_agg(quote_ident(a.attname), ',' ORDER BY u.position)
        FROM unnest(k.confkey) WITH ORDINALITY AS u(number, position)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number) AS target_columns,
    to_jsonb(i) ->> 'indnullsnotdistinct' AS nulls_not_distinct,
    coalesce(i.indnatts > i.indnkeyatts, false) AS has_included,
    pg_catalog.obj_description(k.oid, 'pg_constraint') AS comment
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_class f ON f.oid = k.confrelid
LEFT JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = k.conindid AND i.indrelid = k.conrelid
WHERE k.contype IN ('p', 'u', 'c', 'f', 'x', 't') AND /*scope*/
ORDER BY c.relname, k.conname";

pub(super) const INDEXES: &str = "\
SELECT /*table*/ c.relname::text AS table_name, x.relname::text AS name, i.indisunique AS is_unique,
    m.amname::text AS method, pg_catalog.pg_get_expr(i.indpred, i.indrelid) AS filter,
    pg_catalog.array_to_string(x.reloptions, ', ') AS options,
    pg_catalog.obj_description(x.oid, 'pg_class') AS comment, i.indisvalid AS is_valid,
    to_jsonb(i) ->> 'indnullsnotdistinct' AS nulls_not_distinct,
    u.position > i.indnkeyatts AS is_included, a.attname::text AS column_name,
    pg_catalog.pg_get_indexdef(i.indexrelid, u.position, false) AS sql,
    coalesce(i.indoption[u.position - 1] & 1, 0) <> 0 AS is_descending,
    coalesce(i.indoption[u.position - 1] & 2, 0) <> 0 AS has_nulls_first,
    m.amname = 'btree' AS is_ordered,
    CASE WHEN NOT o.opcdefault THEN
        CASE WHEN pg_catalog.pg_opclass_is_visible(o.oid) THEN quote_ident(o.opcname)
        ELSE quote_ident(os.nspname) || '.' || quote_ident(o.opcname) END
    END AS operator_class,
    CASE WHEN i.indcollation[u.position - 1] <> coalesce(a.attcollation, i.indcollation[u.position - 1])
        THEN co.collname::text END AS collation
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_am m ON m.oid = x.relam
CROSS JOIN LATERAL generate_series(1, i.indnatts::int) AS u(position)
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[u.position - 1] AND a.attnum > 0
LEFT JOIN pg_catalog.pg_opclass o ON o.oid = i.indclass[u.position - 1]
LEFT JOIN pg_catalog.pg_namespace os ON os.oid = o.opcnamespace
LEFT JOIN pg_catalog.pg_collation co ON co.oid = i.indcollation[u.position - 1]
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
    AND c.relkind IN ('r', 'p', 'm') AND /*scope*/
ORDER BY c.relname, x.relname, u.position";

pub(super) const ENUMS: &str = "\
SELECT c.typname::text AS name, e.enumlabel::text AS label, (/*scope*/) AS is_own
FROM pg_catalog.pg_enum e
JOIN pg_catalog.pg_type c ON c.oid = e.enumtypid
JOIN pg_catalog.pg_namespace n ON n.oid = c.typnamespace
WHERE pg_catalog.pg_type_is_visible(c.oid) OR (/*scope*/)
ORDER BY c.typname, e.enumsortorder";

pub(super) const SEQUENCES: &str = "\
SELECT c.relname::text AS name, pg_catalog.format_type(s.seqtypid, NULL) AS type,
    s.seqstart AS start, s.seqincrement AS increment, s.seqmin AS min, s.seqmax AS max,
    s.seqcache AS cache, s.seqcycle AS cycle,
    pg_catalog.obj_description(c.oid, 'pg_class') AS comment
FROM pg_catalog.pg_sequence s
JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE /*scope*/ AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend p
    WHERE p.objid = c.oid AND p.classid = 'pg_catalog.pg_class'::regclass AND p.deptype IN ('a', 'i')
        AND p.refclassid = 'pg_catalog.pg_class'::regclass AND p.refobjsubid > 0
)
ORDER BY c.relname";
