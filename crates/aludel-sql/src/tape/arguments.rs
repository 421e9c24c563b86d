//! The values of a run, and the key that finds its compiled form.

use aludel_core::Value;

use super::flat::Flat;
use super::key::Key;
use super::{Node, Tape};
use crate::ast::BindSource;

static NULL: Value = Value::Null;

/// A built statement: its values, and the key it is looked up by.
///
/// It owns everything, so that it can be sent to another thread and run there.
#[derive(Debug, Default)]
pub struct Arguments {
    tape: Box<Tape>,
    flat: Option<Box<Flat>>,
}

impl Arguments {
    /// Takes a finished tape. One with nodes is laid flat here, once.
    #[must_use]
    pub fn new(tape: Box<Tape>) -> Self {
        let flat = (!tape.nodes.is_empty()).then(|| Box::new(Flat::of(&tape)));
        Self { tape, flat }
    }

    /// The key that the compiled statement is looked up by.
    #[must_use]
    pub fn key(&self) -> Key<'_> {
        match &self.flat {
            None => Key::new(self.tape.ops.as_slice(), self.tape.refs.as_slice(), &[]),
            Some(flat) => Key::new(&flat.ops, &flat.refs, &flat.types),
        }
    }

    /// The statement's own values in their own order: the placeholders' values where the compiled statement says
    /// `binds_in_order`.
    #[must_use]
    pub fn in_order(&self) -> &[Value] {
        self.tape.values()
    }

    /// The value of a placeholder. A place that does not exist gives NULL; compiled statements name none.
    #[must_use]
    pub fn get(&self, source: BindSource) -> &Value {
        let values = match (source.segment, &self.flat) {
            (0, _) => self.tape.values(),
            (segment, Some(flat)) => flat.nodes.get(segment as usize - 1).map_or(&[][..], |node| node.body.values()),
            (_, None) => &[],
        };
        let value = values.get(source.index as usize).unwrap_or(&NULL);
        match (source.element, value) {
            // Lists are padded with their last element, which changes neither IN nor NOT IN.
            (Some(element), Value::List(list)) => list.get(element as usize).or(list.last()).unwrap_or(&NULL),
            _ => value,
        }
    }

    pub(super) fn tape(&self) -> &Tape {
        &self.tape
    }

    /// The segment in which a node's values lie.
    pub(super) fn segment(&self, node: &std::sync::Arc<Node>) -> u32 {
        let ordinal = self.flat.as_ref().and_then(|flat| flat.ordinal(node));
        ordinal.and_then(|ordinal| u32::try_from(ordinal + 1).ok()).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_can_go_to_another_thread() {
        fn sent<T: Send>() {}
        sent::<Arguments>();
    }
}
