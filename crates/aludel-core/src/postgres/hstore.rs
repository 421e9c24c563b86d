//! Maps of texts.

use std::collections::BTreeMap;

use super::own_type;
use super::read::{Read, count, put_sized};
use crate::error::Fault;

/// `hstore`: texts by text keys, each of which may be NULL. The database needs the extension of that name.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hstore(pub BTreeMap<String, Option<String>>);

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Hstore {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(key, value)| (key.into(), Some(value.into()))).collect())
    }
}

fn write(map: &Hstore) -> Result<Vec<u8>, Fault> {
    let mut bytes = count(map.0.len())?.to_be_bytes().to_vec();
    for (key, value) in &map.0 {
        put_sized(&mut bytes, key.as_bytes())?;
        match value {
            Some(value) => put_sized(&mut bytes, value.as_bytes())?,
            None => bytes.extend((-1_i32).to_be_bytes()),
        }
    }
    Ok(bytes)
}

fn read(bytes: &[u8]) -> Option<Hstore> {
    let mut rest = Read(bytes);
    let text = |bytes: &[u8]| std::str::from_utf8(bytes).ok().map(ToOwned::to_owned);
    let mut map = BTreeMap::new();
    for _ in 0..rest.i32()? {
        let key = text(rest.sized()?)?;
        let value = match usize::try_from(rest.i32()?) {
            Ok(length) => Some(text(rest.bytes(length)?)?),
            Err(_) => None,
        };
        map.insert(key, value);
    }
    rest.end(Hstore(map))
}

own_type!([] Hstore, "hstore", write, read);
