//! Names of associated constants.

use darling::{Error, Result};
use heck::ToShoutySnakeCase;
use syn::Ident;
use syn::ext::IdentExt;

/// Constants that every entity has.
const TAKEN: &[&str] = &["TABLE", "ALL"];

/// The name of a field's constant, where nothing else is said: the field's name in capitals.
pub(crate) fn constant_name(field: &Ident) -> Ident {
    Ident::new(&field.unraw().to_string().to_shouty_snake_case(), field.span())
}

/// The constant of a field: the field's name in capitals, unless the attribute `#[place(constant = "…")]` says another.
pub(super) fn of_field(field: &Ident, given: Option<&str>, place: &str) -> Result<Ident> {
    let name = given.map_or_else(|| constant_name(field).to_string(), str::to_owned);
    if TAKEN.contains(&name.as_str()) {
        let advice = format!("give it another name: #[{place}(constant = \"{name}_COLUMN\")]");
        let message = format!("its constant `{name}` would stand beside the `{name}` that every entity has; {advice}");
        return Err(Error::custom(message).with_span(field));
    }
    syn::parse_str::<Ident>(&name)
        .map(|_| Ident::new(&name, field.span()))
        .map_err(|_| Error::custom(format!("`{name}` is no name for a constant")).with_span(field))
}
