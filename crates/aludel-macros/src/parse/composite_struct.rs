//! `#[derive(Composite)]`

use darling::{Error, Result};
use syn::{Data, DeriveInput};

use super::not_generic;
use crate::model::CompositeStruct;

pub(crate) fn composite_struct(input: &DeriveInput) -> Result<CompositeStruct> {
    not_generic(&input.generics, "a composite of columns can't have type parameters or lifetimes")?;
    let fields = match &input.data {
        Data::Struct(data) => data.fields.members().zip(data.fields.iter().map(|field| field.ty.clone())).collect(),
        _ => Vec::new(),
    };
    if fields.is_empty() {
        let message = "a composite is a struct with a field for each column";
        return Err(Error::custom(message).with_span(&input.ident));
    }
    Ok(CompositeStruct { ident: input.ident.clone(), fields })
}
