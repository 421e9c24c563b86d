//! Nodes: parts of a statement that are shared or have an identity of their own.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Tape;
use crate::custom::CustomElement;
use crate::schema::Table;

/// A shared part of a statement.
///
/// Two references to one `Arc` are the same element; two nodes of equal content are two elements. Which is which is told
/// in the key by their order of first appearance, never by address or number, so that a statement built again has an
/// equal key.
pub(crate) struct Node {
    /// A number that no other node has; it tells elements apart in the syntax tree and stands in no key.
    pub(crate) id: u64,
    pub(crate) head: NodeHead,
    /// The statement or expression in it, or the source that it names.
    pub(crate) body: Tape,
}

/// What a node is. All of it is part of the key.
pub(crate) enum NodeHead {
    /// Another name for the source in the body; a sampling method and its argument may stand behind the source.
    Alias { name: Option<Arc<str>>, sample: Option<Arc<str>> },
    /// The query in the body.
    Derived { name: Option<Arc<str>>, lateral: bool },
    /// The statement in the body. A recursive one begins its nodes with the [`NodeHead::Itself`] it is read by.
    Cte { name: Option<Arc<str>>, recursive: bool, materialized: Option<bool>, columns: Vec<Arc<str>> },
    /// The recursive CTE in whose body this stands.
    Itself,
    /// The function call in the body.
    Function { name: Option<Arc<str>>, columns: Vec<Arc<str>>, ordinality: bool, scalar: bool },
    /// The tuples in the body.
    Values { name: Option<Arc<str>>, columns: Vec<Arc<str>>, rows: usize },
    /// The SQL in the body.
    Text { name: Option<Arc<str>> },
    /// A table made at run time, told from others by its never reused number.
    Runtime { number: u64, table: Arc<Table> },
    /// A construct of the program's own.
    Element(Arc<dyn CustomElement>),
    /// The expression in the body, whose values are bound once for every place it stands in.
    Shared,
}

impl Node {
    pub(crate) fn new(head: NodeHead, body: Tape) -> Arc<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Arc::new(Self { id: NEXT.fetch_add(1, Ordering::Relaxed), head, body })
    }

    /// Writes what the node is into a key; a custom element's type goes into a lane of its own, where it is exact.
    pub(super) fn write_head(&self, key: &mut Vec<u8>, types: &mut Vec<TypeId>) {
        match &self.head {
            NodeHead::Alias { name, sample } => {
                key.push(1);
                optional(key, name.as_deref());
                optional(key, sample.as_deref());
            }
            NodeHead::Derived { name, lateral } => {
                key.extend([2, u8::from(*lateral)]);
                optional(key, name.as_deref());
            }
            NodeHead::Cte { name, recursive, materialized, columns } => {
                key.extend([3, u8::from(*recursive), materialized.map_or(2, u8::from)]);
                optional(key, name.as_deref());
                names(key, columns);
            }
            NodeHead::Itself => key.push(4),
            NodeHead::Function { name, columns, ordinality, scalar } => {
                key.extend([5, u8::from(*ordinality), u8::from(*scalar)]);
                optional(key, name.as_deref());
                names(key, columns);
            }
            NodeHead::Values { name, columns, rows } => {
                key.push(6);
                key.extend(rows.to_le_bytes());
                optional(key, name.as_deref());
                names(key, columns);
            }
            NodeHead::Text { name } => {
                key.push(7);
                optional(key, name.as_deref());
            }
            NodeHead::Runtime { number, .. } => {
                key.push(8);
                key.extend(number.to_le_bytes());
            }
            NodeHead::Element(element) => {
                key.push(9);
                let mut state = Vec::new();
                element.key(&mut state);
                key.extend(state.len().to_le_bytes());
                key.extend(state);
                types.push(Any::type_id(&**element));
            }
            NodeHead::Shared => key.push(10),
        }
    }
}

fn text(key: &mut Vec<u8>, text: &str) {
    key.extend(text.len().to_le_bytes());
    key.extend(text.as_bytes());
}

fn optional(key: &mut Vec<u8>, value: Option<&str>) {
    key.push(u8::from(value.is_some()));
    if let Some(value) = value {
        text(key, value);
    }
}

fn names(key: &mut Vec<u8>, names: &[Arc<str>]) {
    key.extend(names.len().to_le_bytes());
    for name in names {
        text(key, name);
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node").field("id", &self.id).field("body", &self.body).finish()
    }
}
