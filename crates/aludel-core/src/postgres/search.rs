//! Text prepared for searching, and what is searched for.

use std::fmt;

use super::own_type;
use super::read::{Read, count};
use crate::error::Fault;

/// A word of a [`TsVector`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lexeme {
    /// The word in its normal form.
    pub word: String,
    /// Where it stands in the text, from 1 to 16,383, with the weight `A`, `B`, `C` or `D`.
    pub places: Vec<(u16, char)>,
}

/// `tsvector`: the words of a text in their normal form, in the order of their letters.
///
/// It is usually made in the database, by `to_tsvector`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TsVector(pub Vec<Lexeme>);

/// `tsquery`: words to search for, joined by `&`, `|`, `!` and `<->`, as PostgreSQL writes them.
///
/// It is made in the database, by `to_tsquery` and its kin: as a parameter it is text that is cast.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TsQuery(pub String);

const WEIGHTS: [char; 4] = ['D', 'C', 'B', 'A'];

fn write(vector: &TsVector) -> Result<Vec<u8>, Fault> {
    let mut bytes = count(vector.0.len())?.to_be_bytes().to_vec();
    for Lexeme { word, places } in &vector.0 {
        if word.contains('\0') {
            return Err(Fault::out_of_range("a word without a zero byte", format!("{word:?}")));
        }
        bytes.extend(word.as_bytes());
        bytes.push(0);
        let number = u16::try_from(places.len()).ok().filter(|number| *number <= 255);
        let number = number.ok_or_else(|| Fault::out_of_range("255 places of a word", places.len().to_string()))?;
        bytes.extend(number.to_be_bytes());
        for (place, weight) in places {
            let weight = (0_u16..).zip(WEIGHTS).find(|(_, known)| known == weight).map(|(number, _)| number);
            match weight {
                Some(weight) if (1..1 << 14).contains(place) => bytes.extend((weight << 14 | place).to_be_bytes()),
                _ => {
                    return Err(Fault::out_of_range(
                        "a place from 1 to 16383 with a weight of A, B, C or D",
                        format!("{places:?}"),
                    ));
                }
            }
        }
    }
    Ok(bytes)
}

fn read(bytes: &[u8]) -> Option<TsVector> {
    let mut rest = Read(bytes);
    let mut lexemes = Vec::new();
    for _ in 0..rest.i32()? {
        let word = rest.zero_ended()?.to_owned();
        let number = rest.u16()?;
        let place = |rest: &mut Read<'_>| {
            let place = rest.u16()?;
            Some((place & 0x3fff, *WEIGHTS.get(usize::from(place >> 14))?))
        };
        let places: Option<_> = (0..number).map(|_| place(&mut rest)).collect();
        lexemes.push(Lexeme { word, places: places? });
    }
    rest.end(TsVector(lexemes))
}

own_type!([] TsVector, "tsvector", write, read);

impl fmt::Display for TsVector {
    /// As PostgreSQL writes it: `'fat':2A 'rat':3`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, lexeme) in self.0.iter().enumerate() {
            write!(f, "{}'{}'", if index > 0 { " " } else { "" }, lexeme.word.replace('\'', "''"))?;
            for (index, (place, weight)) in lexeme.places.iter().enumerate() {
                write!(f, "{}{place}", if index > 0 { "," } else { ":" })?;
                if *weight != 'D' {
                    write!(f, "{weight}")?;
                }
            }
        }
        Ok(())
    }
}

/// How tightly an operator holds: NOT, then neighbours, then AND, then OR.
const OPERATORS: [(u8, &str); 4] = [(4, "!"), (2, " & "), (1, " | "), (3, " <-> ")];
/// Operators inside each other; PostgreSQL itself limits them by the depth of its stack.
const DEEPEST: usize = 1_000;

/// The text of a query, and how tightly its outermost operator holds.
fn query(rest: &mut Read<'_>, depth: usize) -> Option<(String, u8)> {
    if depth > DEEPEST {
        return None;
    }
    if rest.byte()? == 1 {
        let (weights, is_prefix) = (rest.byte()?, rest.byte()? != 0);
        let mut text = format!("'{}'", rest.zero_ended()?.replace('\'', "''"));
        if is_prefix || weights != 0 {
            text.push(':');
            text.push_str(if is_prefix { "*" } else { "" });
            text.extend((0..4).rev().zip("ABCD".chars()).filter(|(bit, _)| weights & (1 << bit) != 0).map(|(_, w)| w));
        }
        return Some((text, 5));
    }
    let operator = rest.byte()?;
    let (strength, word) = *OPERATORS.get(usize::from(operator.checked_sub(1)?))?;
    let distance = if strength == 3 { rest.u16()? } else { 0 };
    let enclosed = |(text, inner): (String, u8), least: u8| if inner < least { format!("( {text} )") } else { text };
    // The right operand stands first.
    let right = query(rest, depth + 1)?;
    if strength == 4 {
        return Some((format!("!{}", enclosed(right, 4)), 4));
    }
    let left = query(rest, depth + 1)?;
    let word = if strength == 3 && distance != 1 { format!(" <{distance}> ") } else { word.to_owned() };
    // Neighbours are counted from the left.
    let right = enclosed(right, if strength == 3 { 4 } else { strength });
    Some((format!("{}{word}{right}", enclosed(left, strength)), strength))
}

fn read_query(bytes: &[u8]) -> Option<TsQuery> {
    let mut rest = Read(bytes);
    if rest.i32()? == 0 {
        return rest.end(TsQuery::default());
    }
    let (text, _) = query(&mut rest, 0)?;
    rest.end(TsQuery(text))
}

own_type!(
    []
    TsQuery,
    "tsquery",
    |query| Err(Fault::unsupported(format!(
        "the tsquery {:?} as a parameter: make it in the database, by to_tsquery and its kin",
        query.0
    ))),
    read_query
);

impl fmt::Display for TsQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
