//! What can be told of a type by its name alone. A derive sees no more of it: an alias is a type it doesn't know.

use syn::{GenericArgument, Ident, PathArguments, Type};

const INTEGERS: &[&str] = &["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"];

/// Types that a setter takes as they are. For numbers, so that a literal is of the column's type and not an `i32` that
/// would have to be converted; for a JSON value, which can be made of an `Option` too, so that it would be unclear what
/// `None` means.
const EXACT: &[&str] = &["bool", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64", "Value"];

/// The type in an `Option`.
pub(crate) fn in_option(ty: &Type) -> Option<&Type> {
    inside(ty).filter(|(name, _)| *name == "Option").map(|(_, inner)| inner)
}

/// What holds objects on the other side of a relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrapper {
    Many,
    One,
}

/// The entity in a `Many` or a `One`.
pub(crate) fn relationship(ty: &Type) -> Option<(Wrapper, &Type)> {
    let (name, inner) = inside(ty)?;
    let wrapper = [("Many", Wrapper::Many), ("One", Wrapper::One)].into_iter().find(|(word, _)| name == word)?.1;
    Some((wrapper, inner))
}

/// The entity in an `Ext`, which is what a kind has in a table of its own.
pub(crate) fn extension(ty: &Type) -> Option<&Type> {
    inside(ty).filter(|(name, _)| *name == "Ext").map(|(_, inner)| inner)
}

/// The type's last word, and the first type in its brackets.
fn inside(ty: &Type) -> Option<(&Ident, &Type)> {
    let Type::Path(path) = ungrouped(ty) else {
        return None;
    };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(inner) => Some((&last.ident, inner)),
        _ => None,
    }
}

/// Whether it is one of the integers that a database can number rows with.
pub(crate) fn is_integer(ty: &Type) -> bool {
    last_word(ty).is_some_and(|word| INTEGERS.iter().any(|name| word == name))
}

/// Whether a setter takes it as it is, with no conversion.
pub(crate) fn is_exact(ty: &Type) -> bool {
    last_word(ty).is_some_and(|word| EXACT.iter().any(|name| word == name))
}

fn last_word(ty: &Type) -> Option<&Ident> {
    match ungrouped(ty) {
        Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        _ => None,
    }
}

/// The type without the invisible brackets that a `macro_rules!` puts around it.
fn ungrouped(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => ungrouped(&group.elem),
        Type::Paren(paren) => ungrouped(&paren.elem),
        other => other,
    }
}
