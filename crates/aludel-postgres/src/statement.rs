//! The statements that a connection keeps prepared.

use std::io;
use std::sync::Arc;

use aludel_engine::driver::{Shape, Slot};

use crate::message::Body;
use crate::types::Type;
use crate::types::registry::Registry;

/// The columns of a result.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    names: Box<[Box<str>]>,
    pub(crate) types: Box<[Type]>,
}

impl Columns {
    /// Reads the body of a RowDescription.
    pub(crate) fn parse(body: &[u8]) -> io::Result<Self> {
        let mut body = Body(body);
        let count = body.count()?;
        let mut names = Vec::with_capacity(count);
        let mut types = Vec::with_capacity(count);
        for _ in 0..count {
            names.push(body.text()?.into());
            // The table's number and the column's in it.
            body.bytes(6)?;
            types.push(Type::of(body.u32()?));
            // The type's size and modifier, and the format.
            body.bytes(8)?;
        }
        Ok(Self { names: names.into(), types: types.into() })
    }

    pub(crate) fn len(&self) -> usize {
        self.types.len()
    }

    /// The same columns, with types of which more is known.
    pub(crate) fn with_types(&self, types: Box<[Type]>) -> Self {
        Self { names: self.names.clone(), types }
    }
}

impl Shape for Columns {
    fn columns(&self) -> usize {
        self.types.len()
    }

    fn name(&self, index: usize) -> &str {
        self.names.get(index).map_or("", |name| name)
    }

    fn type_name(&self, index: usize) -> Option<&str> {
        self.types.get(index)?.full_name()
    }
}

/// What the server said of a statement: the types of its parameters and the columns of its result.
#[derive(Clone, Debug, Default)]
pub(crate) struct Described {
    pub(crate) params: Arc<[Type]>,
    /// None for a statement without a result.
    pub(crate) columns: Option<Arc<Columns>>,
}

impl Described {
    /// Whether all of its columns have types of which something is known.
    pub(crate) fn is_understood(&self) -> bool {
        self.columns.as_ref().is_none_or(|columns| !columns.types.iter().any(Type::is_unheard_of))
    }

    /// Takes over what is known of types by now.
    pub(crate) fn resolve(&mut self, registry: &Registry) {
        if self.params.iter().any(Type::is_unheard_of) {
            self.params = registry.resolve(&self.params).into();
        }
        if let Some(columns) = &mut self.columns
            && columns.types.iter().any(Type::is_unheard_of)
        {
            *columns = Arc::new(columns.with_types(registry.resolve(&columns.types)));
        }
    }
}

/// Reads the body of a ParameterDescription.
pub(crate) fn parse_params(body: &[u8]) -> io::Result<Arc<[Type]>> {
    let mut body = Body(body);
    let count = body.count()?;
    (0..count).map(|_| body.u32().map(Type::of)).collect()
}

/// How many statements are remembered where the server keeps none.
const REMEMBERED: usize = 100;

/// A slab of prepared statements: found by a note of where they were, else by number; bounded, the least recently used
/// goes first.
#[derive(Debug)]
pub(crate) struct Statements {
    entries: Vec<Entry>,
    capacity: usize,
    clock: u64,
    next_name: u64,
    /// Names of statements that the server may let go.
    closing: Vec<u64>,
    /// Whether the server keeps nothing: only what statements look like is kept, here.
    is_off: bool,
}

#[derive(Debug)]
struct Entry {
    /// The compiled statement's number; 0 for an entry that is free.
    number: u64,
    /// What it is called on the server.
    name: u64,
    used: u64,
    /// None while it is not known whether the server has it.
    described: Option<Described>,
}

impl Statements {
    /// With a capacity of 0 the server keeps nothing.
    pub(crate) fn new(capacity: usize) -> Self {
        let is_off = capacity == 0;
        let capacity = if is_off { REMEMBERED } else { capacity };
        Self { entries: Vec::new(), capacity, clock: 0, next_name: 1, closing: Vec::new(), is_off }
    }

    /// Finds the statement with this number: its place, its name, and what is known of it.
    #[inline]
    pub(crate) fn find(&mut self, number: u64, hint: Slot) -> Option<(Slot, u64, &Described)> {
        self.clock += 1;
        let index = match self.entries.get(hint.0 as usize) {
            Some(entry) if entry.number == number => hint.0 as usize,
            _ => self.entries.iter().position(|entry| entry.number == number)?,
        };
        let entry = self.entries.get_mut(index)?;
        entry.used = self.clock;
        let described = entry.described.as_ref()?;
        Some((slot(index), entry.name, described))
    }

    /// Makes an entry for a statement that is about to be prepared, with a name that was never used; it is filled by
    /// [`fill`](Self::fill).
    pub(crate) fn reserve(&mut self, number: u64) -> (Slot, u64) {
        self.clock += 1;
        let name = if self.is_off { 0 } else { self.next_name };
        self.next_name += 1;
        let entry = Entry { number, name, used: self.clock, described: None };
        let free = self.entries.iter().position(|entry| entry.number == 0 || entry.number == number);
        let index = match free {
            Some(index) => index,
            None if self.entries.len() < self.capacity => {
                self.entries.push(entry);
                return (slot(self.entries.len() - 1), name);
            }
            None => match self.entries.iter().enumerate().min_by_key(|(_, entry)| entry.used) {
                Some((index, _)) => index,
                None => return (Slot::EMPTY, name),
            },
        };
        if let Some(place) = self.entries.get_mut(index) {
            let old = std::mem::replace(place, entry);
            if old.number != 0 && old.name != 0 {
                self.closing.push(old.name);
            }
        }
        (slot(index), name)
    }

    /// The server has the statement.
    pub(crate) fn fill(&mut self, at: Slot, name: u64, described: Described) {
        if let Some(entry) = self.entries.get_mut(at.0 as usize)
            && entry.name == name
        {
            entry.described = Some(described);
        }
    }

    /// The server has no such statement.
    pub(crate) fn release(&mut self, at: Slot, name: u64) {
        if let Some(entry) = self.entries.get_mut(at.0 as usize)
            && entry.name == name
        {
            entry.number = 0;
        }
    }

    /// Statements whose preparation nobody saw the end of are let go.
    pub(crate) fn settle(&mut self) {
        for entry in &mut self.entries {
            if entry.number != 0 && entry.described.is_none() {
                entry.number = 0;
                self.closing.extend((entry.name != 0).then_some(entry.name));
            }
        }
    }

    /// Lets the statement with this number go.
    pub(crate) fn forget(&mut self, number: u64) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.number == number) {
            entry.number = 0;
            self.closing.extend((entry.name != 0).then_some(entry.name));
        }
    }

    /// The server has dropped all statements by itself.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.closing.clear();
    }

    /// The names that the server is to be told of with the next request.
    pub(crate) fn closing(&mut self) -> &mut Vec<u64> {
        &mut self.closing
    }

    pub(crate) fn len(&self) -> usize {
        if self.is_off {
            return 0;
        }
        self.entries.iter().filter(|entry| entry.number != 0 && entry.described.is_some()).count()
    }
}

fn slot(index: usize) -> Slot {
    u32::try_from(index).map_or(Slot::EMPTY, Slot)
}
