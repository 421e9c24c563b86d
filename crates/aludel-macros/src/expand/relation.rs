//! Relationships: their `static` items, and the constants that a program names them by.
//!
//! What a relationship is made of stands in functions, as the targets of foreign keys do: entities refer to each other in
//! circles. The functions check that each column is one of the entity where it is looked for.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::number;
use crate::model::{Cascade, ColumnPath, Entity, OrderTerm, Relation, RelationKind};

/// `static __RELATIONS`, if there are any.
pub(super) fn statics(entity: &Entity) -> TokenStream {
    if entity.relations.is_empty() {
        return TokenStream::new();
    }
    let count = number(entity.relations.len());
    let relations = entity.relations.iter().enumerate().map(|(index, one)| relation(entity, one, index));
    quote! {
        static __RELATIONS: [__a::Relation; #count] = [#(#relations),*];
    }
}

fn relation(entity: &Entity, relation: &Relation, index: usize) -> TokenStream {
    let ident = &entity.ident;
    let Relation { field, target, kind, columns, far, .. } = relation;
    let name = field.unraw().to_string();
    let index = number(index);
    let (kind, whose, of) = match kind {
        RelationKind::HasMany => (quote!(HasMany), quote!(target_column), quote!(#target)),
        RelationKind::HasOne => (quote!(HasOne), quote!(target_column), quote!(#target)),
        RelationKind::BelongsTo => (quote!(BelongsTo), quote!(own_column), quote!(#ident)),
        RelationKind::ManyToMany => {
            let link = columns.first().map(|column| &column.entity);
            (quote!(ManyToMany), quote!(link_column), quote!(#link))
        }
    };
    let list = |columns: &[ColumnPath]| {
        let columns = columns.iter().map(|column| checked(&whose, &of, column));
        quote!(|| [#(#columns),*].to_vec())
    };
    let near = list(columns);
    let far = (!far.is_empty()).then(|| {
        let far = list(far);
        quote!(.far(<#of as __a::Entity>::table, #far))
    });
    let options = options(relation);
    quote! {
        __a::Relation::new::<#ident, #target>(#name, #index, __a::RelationKind::#kind, #near) #far #options
    }
}

/// A column's definition, and the check that it is one of the entity.
fn checked(whose: &TokenStream, entity: &TokenStream, column: &ColumnPath) -> TokenStream {
    let ColumnPath { entity: path, constant } = column;
    quote!(__a::#whose::<#entity>(#path::#constant))
}

fn options(relation: &Relation) -> TokenStream {
    let Relation { target, order_by, filter, position, cascade, .. } = relation;
    let column = |column: &ColumnPath| checked(&quote!(target_column), &quote!(#target), column);
    let order_by = (!order_by.is_empty()).then(|| {
        let terms = order_by.iter().map(|OrderTerm { column: path, descending }| {
            let column = column(path);
            quote!(__a::RelationOrder { column: #column, descending: #descending })
        });
        quote!(.order_by(|| [#(#terms),*].to_vec()))
    });
    let filter = filter.as_ref().map(|filter| {
        let condition = quote_spanned!(filter.span()=> __a::Expression::expr(#filter));
        quote!(.filter(|| #condition))
    });
    let position = position.as_ref().map(|position| {
        let position = column(position);
        quote!(.position(|| #position))
    });
    let cascade = cascades(*cascade);
    let flags = [
        (relation.passive_deletes, quote!(.passive_deletes())),
        (relation.view_only, quote!(.view_only())),
        (relation.post_update, quote!(.post_update())),
    ];
    let flags = flags.into_iter().filter_map(|(is_set, tokens)| is_set.then_some(tokens));
    quote!(#order_by #filter #position #cascade #(#flags)*)
}

fn cascades(cascade: Cascade) -> Option<TokenStream> {
    let words = [
        (cascade.all, quote!(.all())),
        (cascade.delete, quote!(.delete())),
        (cascade.delete_orphan, quote!(.delete_orphan())),
        (cascade.expunge, quote!(.expunge())),
        (cascade.none, quote!(.none())),
    ];
    let mut words = words.into_iter().filter_map(|(is_set, tokens)| is_set.then_some(tokens)).peekable();
    words.peek()?;
    Some(quote!(.cascade(__a::Cascade::DEFAULT #(#words)*)))
}

/// `User::ADDRESSES`
pub(super) fn constant(relation: &Relation, index: usize) -> TokenStream {
    let Relation { vis, docs, constant, target, field, kind, .. } = relation;
    let index = number(index);
    let wrapper = if kind.is_many() { quote!(ToMany) } else { quote!(ToOne) };
    let docs = match docs.as_slice() {
        [] => {
            let doc = format!("The relationship `{field}`.");
            quote!(#[doc = #doc])
        }
        docs => quote!(#(#docs)*),
    };
    quote! {
        #docs
        #vis const #constant: __a::#wrapper<Self, #target> = __a::Rel::new(&__RELATIONS[#index]);
    }
}
