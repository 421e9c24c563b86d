//! Types that are not built in, as the server describes them; asked for once by each engine.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use aludel_core::{Error, Result};

use super::{Custom, Form, Type};
use crate::channel::Channel;
use crate::error::lost;
use crate::message::garbled;

/// What the server has said of types that are not built in.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    types: RwLock<HashMap<u32, Type>>,
}

/// Types stand in each other only so deep: an array of a domain over a domain.
const DEEPEST: usize = 8;

impl Registry {
    /// The type with this number, as far as it is known.
    pub(crate) fn get(&self, ty: &Type) -> Type {
        if !ty.is_unheard_of() {
            return ty.clone();
        }
        let types = self.types.read().unwrap_or_else(PoisonError::into_inner);
        types.get(&ty.oid).unwrap_or(ty).clone()
    }

    /// The same types, with what is known of them.
    pub(crate) fn resolve(&self, types: &[Type]) -> Box<[Type]> {
        types.iter().map(|ty| self.get(ty)).collect()
    }

    /// Whether there is one among them that the server has yet to be asked for.
    pub(crate) fn lacks(&self, types: &[Type]) -> bool {
        types.iter().any(|ty| ty.is_unheard_of() && self.get(ty).is_unheard_of())
    }

    /// Asks the server for those of the types that are not known. The channel owes nothing.
    pub(crate) async fn ask(&self, channel: &mut Channel, types: &[Type]) -> Result<()> {
        let wanted = types.iter().filter(|ty| ty.is_unheard_of()).map(|ty| ty.oid);
        let mut wanted: Vec<u32> = wanted.filter(|oid| self.get(&Type::of(*oid)).is_unheard_of()).collect();
        let mut described = HashMap::new();
        for _ in 0..DEEPEST {
            if wanted.is_empty() {
                break;
            }
            for row in describe(channel, &wanted).await? {
                described.insert(row.oid, row);
            }
            for oid in wanted.drain(..) {
                described.entry(oid).or_insert_with(|| Row::nameless(oid));
            }
            let inner = described.values().flat_map(|row| [row.element, row.base]);
            wanted = inner.filter(|oid| Type::of(*oid).is_unheard_of() && *oid != 0).collect();
            wanted.retain(|oid| !described.contains_key(oid) && self.get(&Type::of(*oid)).is_unheard_of());
        }
        let made: Vec<Type> = described.keys().map(|oid| self.make(*oid, &described, DEEPEST)).collect();
        let mut types = self.types.write().unwrap_or_else(PoisonError::into_inner);
        types.extend(made.into_iter().map(|ty| (ty.oid, ty)));
        Ok(())
    }

    fn make(&self, oid: u32, described: &HashMap<u32, Row>, depth: usize) -> Type {
        let known = self.get(&Type::of(oid));
        let (Some(row), true) = (described.get(&oid).filter(|_| depth > 0), known.is_unheard_of()) else {
            return known;
        };
        let mut name: Box<str> = row.name.as_str().into();
        let (mut form, mut element) = (Form::Other, None);
        match &*row.kind {
            "e" => form = Form::Text,
            "d" => {
                let base = self.make(row.base, described, depth - 1);
                (form, element) = (base.form, base.element());
            }
            _ if row.element != 0 && row.category == "A" => {
                let inner = self.make(row.element, described, depth - 1);
                name = format!("{}[]", inner.full_name().unwrap_or(&row.name)).into();
                (form, element) = (Form::Array, Some(inner));
            }
            // Types of extensions whose binary format is their text.
            _ if row.name == "citext" => form = Form::Text,
            _ => {}
        }
        Type { oid, form, custom: Some(Arc::new(Custom { name, element })) }
    }
}

/// What `pg_type` says of a type.
#[derive(Debug)]
struct Row {
    oid: u32,
    name: String,
    /// `b` for a plain type, `e` for an enumeration, `d` for a domain, `c` for a composite, `r` for a range.
    kind: String,
    element: u32,
    base: u32,
    /// `A` for an array.
    category: String,
}

impl Row {
    /// A type that is gone.
    fn nameless(oid: u32) -> Self {
        let name = format!("number {oid}");
        Self { oid, name, kind: String::new(), element: 0, base: 0, category: String::new() }
    }
}

async fn describe(channel: &mut Channel, wanted: &[u32]) -> Result<Vec<Row>> {
    let list = wanted.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "SELECT oid, typname, typtype, typelem, typbasetype, typcategory FROM pg_catalog.pg_type WHERE oid IN ({list})"
    );
    let rows = channel.rows(&sql).await?;
    rows.into_iter().map(|row| read(row).ok_or_else(misread)).collect()
}

fn read(row: Vec<Option<String>>) -> Option<Row> {
    let mut cells = row.into_iter().map(Option::unwrap_or_default);
    Some(Row {
        oid: cells.next()?.parse().ok()?,
        name: cells.next()?,
        kind: cells.next()?,
        element: cells.next()?.parse().ok()?,
        base: cells.next()?.parse().ok()?,
        category: cells.next()?,
    })
}

#[cold]
fn misread() -> Error {
    lost(garbled("the catalog of types has an answer that makes no sense"))
}
