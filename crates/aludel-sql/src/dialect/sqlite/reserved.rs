//! Reserved words.

use crate::dialect::ReservedWords;

/// The words, in the order of their letters.
pub(crate) const WORDS: &[&str] = &[
    "add", "after", "all", "alter", "analyze", "and", "as", "asc", "attach", "autoincrement", "before", "begin",
    "between", "by", "cascade", "case", "cast", "check", "collate", "column", "commit", "conflict", "constraint",
    "create", "cross", "current_date", "current_time", "current_timestamp", "database", "default", "deferrable",
    "deferred", "delete", "desc", "detach", "distinct", "drop", "each", "else", "end", "escape", "except",
    "exclusive", "exists", "explain", "fail", "false", "filter", "for", "foreign", "from", "full", "glob", "group",
    "having", "if", "ignore", "immediate", "in", "index", "indexed", "initially", "inner", "insert", "instead",
    "intersect", "into", "is", "isnull", "join", "key", "left", "like", "limit", "match", "natural", "not",
    "nothing", "notnull", "null", "of", "offset", "on", "or", "order", "outer", "over", "plan", "pragma", "primary",
    "query", "raise", "references", "regexp", "reindex", "release", "rename", "replace", "restrict", "returning",
    "right", "rollback", "row", "savepoint", "select", "set", "table", "temp", "temporary", "then", "to",
    "transaction", "trigger", "true", "union", "unique", "update", "using", "vacuum", "values", "view", "virtual",
    "when", "where", "window", "with", "without",
];

pub(crate) static RESERVED: ReservedWords = ReservedWords::new(WORDS);
