//! What the two kinds of field share.

/// What is said of a field that nobody has loaded.
#[cold]
pub(super) fn not_loaded(field: &str, target: &str) -> ! {
    let target = target.rsplit("::").next().unwrap_or(target);
    panic!(
        "this `{field}<{target}>` was not loaded, and reading it does no I/O: load it with the query, \
         `.options(selectinload(Entity::RELATIONSHIP))`, or for objects that are there by `session.load(&keys, \
         Entity::RELATIONSHIP)`"
    );
}

/// What is said of a field that holds keys where values were asked for.
#[cold]
pub(super) fn holds_keys(field: &str, target: &str) -> ! {
    let target = target.rsplit("::").next().unwrap_or(target);
    panic!(
        "this `{field}<{target}>` belongs to an object of a session and holds keys: read the objects by \
         `session.view(key)`, `session.keys(key, Entity::RELATIONSHIP)`, or take a copy of the graph by `session.owned(key)`"
    );
}

/// What is said of a field that holds values where keys were asked for.
#[cold]
pub(super) fn holds_values(field: &str, target: &str) -> ! {
    let target = target.rsplit("::").next().unwrap_or(target);
    panic!(
        "this `{field}<{target}>` holds values and no keys: it does not belong to an object of a session, or was assigned \
         and not flushed yet"
    );
}
