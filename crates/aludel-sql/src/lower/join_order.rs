//! The order of joins: a condition reads only what stands before it.
//!
//! A program names joins in the order in which it thinks of them. `Dog::select_whole()` joins `dogs` to `mammals`, and
//! `.join_related(AnimalKind::MAMMAL)` joins `mammals` to `animals`: now `mammals` is the target of a join, FROM begins at
//! `animals`, and the first join's condition reads what only the second one brings. SQLite takes that and the standard
//! doesn't, so a join waits for the targets that it reads.

use smallvec::SmallVec;

use super::element::{Element, Key, key};
use super::mentions::Mentions;
use crate::ast::Join;

/// The joins in the order given, but that one whose condition reads the target of a later one comes behind that. Where two wait
/// for each other, the first goes first.
pub(super) fn readable(joins: &[Join]) -> SmallVec<[&Join; 4]> {
    if joins.len() < 2 {
        return joins.iter().collect();
    }
    let mut waiting: SmallVec<[(&Join, Key, Mentions<'_>); 4]> = joins
        .iter()
        .map(|join| {
            let mut read = Mentions::default();
            // A function reads what its arguments name.
            read.element(Element::Source(&join.target));
            join.on.iter().for_each(|on| read.expr(on));
            (join, key(&join.target), read)
        })
        .collect();
    let mut ordered = SmallVec::new();
    while !waiting.is_empty() {
        let is_ready = |(_, own, read): &(&Join, Key, Mentions<'_>)| {
            !waiting.iter().any(|(_, target, _)| target != own && read.has(*target))
        };
        let next = waiting.iter().position(is_ready).unwrap_or(0);
        ordered.push(waiting.remove(next).0);
    }
    ordered
}
