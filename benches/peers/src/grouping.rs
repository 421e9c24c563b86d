//! Children to their parents, for libraries that leave it to their user.

use std::collections::HashMap;

/// For each parent its children, both in the order they came in.
pub(crate) fn by_parent<P, C>(
    parents: &[P],
    key: impl Fn(&P) -> i32,
    children: Vec<C>,
    parent_key: impl Fn(&C) -> i32,
) -> Vec<Vec<C>> {
    let places: HashMap<i32, usize> = parents.iter().map(key).zip(0..).collect();
    let mut groups: Vec<Vec<C>> = parents.iter().map(|_| Vec::new()).collect();
    for child in children {
        if let Some(&place) = places.get(&parent_key(&child)) {
            groups[place].push(child);
        }
    }
    groups
}
