//! What was joined to rows becomes lists of keys.

use super::joined::JoinedNode;
use super::{Pair, fill};
use crate::arena::Arena;
use crate::fetch::distinct;
use crate::key::RawKey;

/// Sets the lists of the owners of joined relationships, and tells for each of these its objects.
///
/// `found` has for each relationship the object in each row, and `roots` gives the owner in each row of one that was joined
/// to the rows themselves.
pub(crate) fn fill_nodes(
    arena: &mut Arena,
    nodes: &[JoinedNode],
    found: &[Vec<Option<RawKey>>],
    roots: impl Fn(&JoinedNode) -> Vec<Option<RawKey>>,
) -> Vec<Vec<RawKey>> {
    let mut joined = Vec::with_capacity(nodes.len());
    for (node, targets) in nodes.iter().zip(found) {
        let owners = match node.parent {
            Some(parent) => found[parent].clone(),
            None => roots(node),
        };
        let pair = |(owner, target): (&Option<RawKey>, &Option<RawKey>)| Some(((*owner)?, (*target)?));
        let pairs: Vec<Pair> = owners.iter().zip(targets).filter_map(pair).collect();
        fill(arena, node.loaded(), &distinct(owners.into_iter().flatten()), pairs);
        joined.push(distinct(targets.iter().copied().flatten()));
    }
    joined
}
