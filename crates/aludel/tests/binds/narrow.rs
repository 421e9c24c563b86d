//! The list of PostgreSQL's functions that take integers of 32 bits, beside the server's own catalog.

use std::collections::BTreeSet;

use aludel::dialect::Postgres;
use aludel::language::{Expr, func::call, text, value};
use aludel::prelude::*;
use aludel_sql::{CompileOptions, Executable, compile_arguments};
use aludel_testsuite::Backend;

use crate::Place;

/// Functions that a query can call by name (not those that are behind operators, casts, types and indexes), with the positions
/// at which every form of so many arguments has an `integer`, or what no number is taken for.
const CATALOG: &str = "
WITH inner_use AS (
    SELECT oprcode::oid AS used FROM pg_operator UNION SELECT oprrest::oid FROM pg_operator UNION SELECT oprjoin::oid FROM pg_operator
    UNION SELECT castfunc FROM pg_cast UNION SELECT amproc::oid FROM pg_amproc UNION SELECT conproc::oid FROM pg_conversion
    UNION SELECT unnest(ARRAY[aggtransfn::oid, aggfinalfn::oid, aggmtransfn::oid, aggminvtransfn::oid, aggcombinefn::oid]) FROM pg_aggregate
    UNION SELECT unnest(ARRAY[typmodin::oid, typmodout::oid, typinput::oid, typoutput::oid, typsend::oid, typreceive::oid]) FROM pg_type
    UNION SELECT rngsubdiff::oid FROM pg_range
), form AS (
    SELECT p.proname::text AS name, n AS count, a.type, a.at
    FROM pg_proc p
    CROSS JOIN LATERAL generate_series(greatest(p.pronargs - p.pronargdefaults, 1), p.pronargs) AS n
    CROSS JOIN LATERAL unnest(p.proargtypes::oid[]) WITH ORDINALITY AS a (type, at)
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND a.at <= n
    AND NOT EXISTS (SELECT 1 FROM inner_use WHERE used = p.oid)
    AND 'internal'::regtype <> ALL (p.proargtypes::oid[])
)
SELECT name, count::int8, at::int8 FROM form
WHERE name !~ '^(pg_stat_get_|pg_isolation_|int2|int4[^r]|int8|lo_|loread|lowrite|satisfies_hash|.*sel$|gin_|gtsq|gtsv)'
GROUP BY name, count, at
HAVING bool_or(type = 'int4'::regtype) AND NOT bool_or(type = ANY (ARRAY['int8', 'numeric', 'float8', 'float4', '\"any\"', 'anyelement',
    'anycompatible', 'anynonarray', 'anycompatiblenonarray', 'oid', 'money', 'regclass']::regtype[]))
ORDER BY 1, 2, 3";

/// Which arguments are cast, counted from 1, when the function is called with so many wide numbers.
fn narrowed(name: &str, count: usize) -> Vec<usize> {
    let arguments: Vec<Expr<i64>> = (0..count).map(|_| value(1_i64)).collect();
    let statement = select(call::<i64>(name, arguments)).into_arguments();
    let compiled = compile_arguments(&statement, &Postgres, &CompileOptions::default()).unwrap();
    (1..=count).filter(|at| compiled.sql.contains(&format!("CAST(${at} AS INTEGER)"))).collect()
}

#[test]
fn the_list_is_the_catalog() {
    let place = Place::new(Backend::Postgres);
    let rows: Vec<(String, i64, i64)> = place.blocking.fetch_all(text(CATALOG).rows_as()).unwrap();
    let wanted: BTreeSet<_> = rows.into_iter().collect();
    assert!(wanted.len() > 100, "{wanted:?}");
    let names: BTreeSet<&str> = wanted.iter().map(|(name, ..)| &**name).collect();
    let mut known = BTreeSet::new();
    for name in &names {
        for count in 1..=8 {
            for at in narrowed(name, count) {
                known.insert(((*name).to_owned(), i64::try_from(count).unwrap(), i64::try_from(at).unwrap()));
            }
        }
    }
    let missing: Vec<_> = wanted.difference(&known).collect();
    assert!(missing.is_empty(), "integers that are not in the list: {missing:?}");
    // The list goes by all forms between the fewest and the most arguments, so it may name one that there is not.
    let other: Vec<_> = known
        .difference(&wanted)
        .filter(|(name, count, _)| wanted.iter().any(|(n, c, _)| (n, c) == (name, count)))
        .collect();
    assert!(other.is_empty(), "no integers there: {other:?}");
}
