//! The table's definition and its columns' identities, as `static` items.
//!
//! Tables refer to each other's columns, and so to each other, in circles. So a foreign key holds a function, which the
//! compiler does not evaluate with the table that it stands in; the constant `User::ID` would lead back to the table. The
//! function calls others of the columns' names, of a type that has them for what a foreign key can refer to: the columns of
//! the primary key and of what is unique. Its name is the message when there is no such column.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Type;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::{held, number, optional_name, positions};
use crate::model::{
    Action, Check, Column, ColumnPath, ColumnType, Deferrable, Entity, ForeignKey, Generated, Identity, Index,
    IndexKey, IndexPart, ServerDefault, TableOption, Target, Unique,
};

pub(super) fn statics(entity: &Entity) -> TokenStream {
    let name = &entity.table;
    let schema = optional_name(entity.schema.as_ref());
    let comment = optional_name(entity.comment.as_ref());
    let columns = held(entity.columns.iter().map(column));
    let primary_key = positions(&entity.primary_key);
    let foreign_keys = held(entity.foreign_keys.iter().map(foreign_key));
    let uniques = held(entity.uniques.iter().map(unique));
    let checks = held(entity.checks.iter().map(check));
    let indexes = held(entity.indexes.iter().map(index));
    let options = held(entity.options.iter().map(option));
    let count = number(entity.columns.len() + 1);
    let numbers = (0..entity.columns.len()).map(number);
    let references = references(entity);
    let unique_columns = unique_columns(entity);
    quote! {
        static __TABLE: __a::Table = __a::Table {
            name: __a::name(#name),
            schema: #schema,
            columns: #columns,
            primary_key: #primary_key,
            foreign_keys: #foreign_keys,
            uniques: #uniques,
            checks: #checks,
            indexes: #indexes,
            comment: #comment,
            options: #options,
        };
        static __COLUMNS: [__a::StaticColumn; #count] = [
            #(__a::StaticColumn::new(&__TABLE, #numbers),)*
            __a::StaticColumn::of_table(&__TABLE, &__COLUMNS),
        ];
        #unique_columns
        #references
    }
}

fn column(column: &Column) -> TokenStream {
    let Column { ty, name, sql_type, nullable, server_default, generated, collation, comment, .. } = column;
    let nullable = nullable.filter(|_| column.optional.is_some());
    let is_plain = sql_type.is_none() && server_default.is_none() && collation.is_none() && comment.is_none();
    match generated {
        Generated::No if is_plain && nullable != Some(false) => return quote!(__a::column::<#ty>(#name)),
        Generated::Key if is_plain && nullable.is_none() => return quote!(__a::key::<#ty>(#name)),
        _ => {}
    }
    let sql_type = match sql_type {
        None => quote!(<#ty as __a::SqlTyped>::SQL_TYPE),
        Some(ColumnType::Varchar(length)) => {
            let length = Literal::u32_unsuffixed(*length);
            quote!(__a::SqlType::Varchar(#length))
        }
        Some(ColumnType::Char(length)) => {
            let length = Literal::u32_unsuffixed(*length);
            quote!(__a::SqlType::Char(#length))
        }
        Some(ColumnType::Numeric(precision, scale)) => {
            let (precision, scale) = (Literal::u16_unsuffixed(*precision), Literal::u16_unsuffixed(*scale));
            quote!(__a::SqlType::Numeric(__a::Some((#precision, #scale))))
        }
        Some(ColumnType::Written(expr)) => quote!(#expr),
    };
    let nullable = match nullable {
        Some(nullable) => quote!(#nullable),
        None => quote!(<#ty as __a::SqlTyped>::NULLABLE),
    };
    let server_default = match server_default {
        None => quote!(__a::None),
        Some(ServerDefault::Text(text)) => quote!(__a::Some(__a::ServerDefault::Text(__a::name(#text)))),
        Some(ServerDefault::Sql(sql)) => quote!(__a::Some(__a::ServerDefault::Sql(__a::name(#sql)))),
        Some(ServerDefault::Now) => quote!(__a::Some(__a::ServerDefault::Now)),
    };
    let generated = generated_by(generated, ty);
    let collation = optional_name(collation.as_ref());
    let comment = optional_name(comment.as_ref());
    quote! {
        __a::ColumnDef {
            name: __a::name(#name),
            sql_type: #sql_type,
            nullable: #nullable,
            server_default: #server_default,
            generated: #generated,
            collation: #collation,
            comment: #comment,
            cache: <#ty as __a::SqlTyped>::CACHE,
        }
    }
}

fn generated_by(generated: &Generated, ty: &Type) -> TokenStream {
    match generated {
        Generated::No => quote!(__a::Generated::No),
        Generated::Key => quote!(__a::Generated::Key),
        Generated::MonotonicKey => quote!(__a::Generated::MonotonicKey),
        Generated::Identity(Identity { always, start, increment }) => {
            let number = |number: &Option<i64>| match number {
                Some(number) => {
                    let number = Literal::i64_unsuffixed(*number);
                    quote!(__a::Some(#number))
                }
                None => quote!(__a::None),
            };
            let (start, increment) = (number(start), number(increment));
            quote! {
                __a::Generated::Identity {
                    always: #always,
                    start: #start,
                    increment: #increment,
                    min: __a::None,
                    max: __a::None,
                    cache: __a::None,
                    cycle: false,
                }
            }
        }
        Generated::Computed { sql, stored } => {
            quote!(__a::Generated::Computed { sql: __a::name(#sql), stored: #stored })
        }
        Generated::Expression(expr) => {
            let made = quote_spanned!(expr.span()=> __a::property::<#ty, _>(#expr));
            quote!(__a::Generated::Expression(__a::Property::new(|| #made)))
        }
    }
}

fn foreign_key(key: &ForeignKey) -> TokenStream {
    let name = optional_name(key.name.as_ref());
    let columns = positions(&key.columns);
    let target = target(&key.target);
    let on_delete = key.on_delete.map_or_else(|| quote!(__a::None), action);
    let on_update = key.on_update.map_or_else(|| quote!(__a::None), action);
    let deferrable = match key.deferrable {
        None => quote!(__a::None),
        Some(Deferrable::Immediate) => quote!(__a::Some(__a::Deferrable::InitiallyImmediate)),
        Some(Deferrable::Deferred) => quote!(__a::Some(__a::Deferrable::InitiallyDeferred)),
    };
    quote! {
        __a::ForeignKey {
            name: #name,
            columns: #columns,
            target: #target,
            on_delete: #on_delete,
            on_update: #on_update,
            deferrable: #deferrable,
        }
    }
}

fn target(target: &Target) -> TokenStream {
    match target {
        Target::Columns(paths) => {
            let columns = paths
                .iter()
                .map(|ColumnPath { entity, constant }| quote!(<<#entity as __a::Keyed>::Unique>::#constant()));
            quote!(__a::Target::Columns(|| const { &[#(#columns),*] }))
        }
        Target::Named { schema, table, columns } => {
            let schema = optional_name(schema.as_ref());
            let columns = held(columns.iter().map(|name| quote!(__a::name(#name))));
            quote!(__a::Target::Named { schema: #schema, table: __a::name(#table), columns: #columns })
        }
    }
}

fn action(action: Action) -> TokenStream {
    match action {
        Action::Cascade => quote!(__a::Some(__a::Action::Cascade)),
        Action::SetNull => quote!(__a::Some(__a::Action::SetNull)),
        Action::SetDefault => quote!(__a::Some(__a::Action::SetDefault)),
        Action::Restrict => quote!(__a::Some(__a::Action::Restrict)),
        Action::Nothing => quote!(__a::Some(__a::Action::NoAction)),
    }
}

fn unique(unique: &Unique) -> TokenStream {
    let name = optional_name(unique.name.as_ref());
    let columns = positions(&unique.columns);
    quote! {
        __a::Unique { name: #name, columns: #columns, deferrable: __a::None, nulls_not_distinct: false }
    }
}

fn check(check: &Check) -> TokenStream {
    let name = optional_name(check.name.as_ref());
    let sql = &check.sql;
    quote!(__a::Check { name: #name, sql: __a::name(#sql) })
}

fn index(index: &Index) -> TokenStream {
    let Index { name, unique, concurrently, .. } = index;
    let parts = held(index.parts.iter().map(index_part));
    let filter = optional_name(index.filter.as_ref());
    let using = optional_name(index.using.as_ref());
    let include = positions(&index.include);
    quote! {
        __a::Index {
            name: __a::name(#name),
            parts: #parts,
            unique: #unique,
            filter: #filter,
            using: #using,
            include: #include,
            concurrently: #concurrently,
            options: __a::Held::Static(&[]),
        }
    }
}

fn index_part(part: &IndexPart) -> TokenStream {
    let key = match &part.key {
        IndexKey::Column(position) => {
            let position = number(*position);
            quote!(__a::IndexKey::Column(#position))
        }
        IndexKey::Sql(sql) => quote!(__a::IndexKey::Sql(__a::name(#sql))),
    };
    let descending = part.descending;
    let operator_class = optional_name(part.operator_class.as_ref());
    quote! {
        __a::IndexPart {
            key: #key,
            descending: #descending,
            operator_class: #operator_class,
            collation: __a::None,
            nulls_first: __a::None,
            length: __a::None,
        }
    }
}

fn option(option: &TableOption) -> TokenStream {
    match option {
        TableOption::WithoutRowid => quote!(__a::TableOption::WithoutRowid),
        TableOption::Strict => quote!(__a::TableOption::Strict),
        TableOption::Engine(name) => quote!(__a::TableOption::Engine(__a::name(#name))),
        TableOption::Charset(name) => quote!(__a::TableOption::Charset(__a::name(#name))),
        TableOption::PartitionBy(sql) => quote!(__a::TableOption::PartitionBy(__a::name(#sql))),
        TableOption::Exclude(Check { name, sql }) => {
            let name = optional_name(name.as_ref());
            quote!(__a::TableOption::Exclude { name: #name, sql: __a::name(#sql) })
        }
    }
}

fn unique_columns(entity: &Entity) -> TokenStream {
    let ident = &entity.ident;
    let indexes = entity.indexes.iter().filter(|index| index.unique).flat_map(|index| &index.parts);
    let indexed = indexes.filter_map(|part| match part.key {
        IndexKey::Column(position) => Some(position),
        IndexKey::Sql(_) => None,
    });
    let unique = entity.uniques.iter().flat_map(|unique| unique.columns.iter().copied());
    let columns: BTreeSet<usize> = entity.primary_key.iter().copied().chain(unique).chain(indexed).collect();
    if columns.is_empty() {
        return TokenStream::new();
    }
    let name = format_ident!("UniqueColumnsOf{}", ident.unraw());
    let constants = columns.iter().map(|position| &entity.columns[*position].constant);
    let numbers = columns.iter().copied().map(number);
    quote! {
        pub struct #name;
        impl #name {
            #(pub const fn #constants() -> &'static __a::StaticColumn { &__COLUMNS[#numbers] })*
        }
        impl __a::Keyed for #ident {
            type Unique = #name;
        }
    }
}

/// Lets the compiler check that the columns of a foreign key have the types of the columns they refer to.
fn references(entity: &Entity) -> TokenStream {
    let ident = &entity.ident;
    let mut checks = Vec::new();
    for key in &entity.foreign_keys {
        let Target::Columns(paths) = &key.target else { continue };
        for (position, ColumnPath { entity: target, constant }) in key.columns.iter().zip(paths) {
            let own = &entity.columns[*position].constant;
            let span = constant.span();
            checks.push(quote_spanned!(span=> __a::references((#ident::#own, #target::#constant));));
        }
    }
    if checks.is_empty() {
        return TokenStream::new();
    }
    quote! {
        const _: fn() = || { #(#checks)* };
    }
}
