//! `#[derive(Entity)]`

use darling::ast::Data;
use darling::util::{Flag, Ignored};
use darling::{Error, FromDeriveInput, Result};
use heck::ToSnakeCase;
use syn::ext::IdentExt;
use syn::{Data as SynData, DeriveInput, Fields as StructFields, Ident, Visibility};

use super::column::{ColumnArgs, GeneratedArg, IndexArg};
use super::constraint::{CheckArg, ForeignKeyArgs, IndexArgs, Lookup, UniqueArgs, plain_index};
use super::value::{Case, Fields};
use super::{composite, not_generic, relation};
use crate::model::{Check, Column, Entity, ForeignKey, Generated, Index, IndexKey, IndexPart, TableOption, Unique};

/// What a set of columns can hold; see `ColumnSet`.
const MOST_COLUMNS: usize = 256;

/// `#[entity(…)]` on the struct.
#[derive(FromDeriveInput)]
#[darling(attributes(entity))]
struct EntityArgs {
    ident: Ident,
    vis: Visibility,
    data: Data<Ignored, ColumnArgs>,

    table: Option<String>,
    schema: Option<String>,
    comment: Option<String>,
    rename_all: Option<Case>,

    primary_key: Option<Fields>,
    no_primary_key: Flag,
    #[darling(multiple, rename = "check")]
    checks: Vec<CheckArg>,
    #[darling(multiple, rename = "exclude")]
    exclusions: Vec<CheckArg>,
    #[darling(multiple, rename = "unique")]
    uniques: Vec<UniqueArgs>,
    #[darling(multiple, rename = "index")]
    indexes: Vec<IndexArgs>,
    #[darling(multiple, rename = "foreign_key")]
    foreign_keys: Vec<ForeignKeyArgs>,

    without_rowid: Flag,
    strict: Flag,
    engine: Option<String>,
    charset: Option<String>,
    partition_by: Option<String>,
}

pub(crate) fn entity(input: &DeriveInput) -> Result<Entity> {
    not_generic(&input.generics, "an entity is one table, so it can't have type parameters or lifetimes")?;
    if !matches!(&input.data, SynData::Struct(data) if matches!(data.fields, StructFields::Named(_))) {
        let message = "an entity is a struct with named fields, one for each column";
        return Err(Error::custom(message).with_span(&input.ident));
    }
    let mut input = input.clone();
    let relations = relation::take(&mut input);
    let mut errors = Error::accumulator();
    let wholes = errors.handle(composite::take(&mut input)).unwrap_or_default();
    let args = errors.handle(EntityArgs::from_derive_input(&input));
    let relations = relations.iter().map(|field| relation::relation(field, &input.ident));
    let relations: Vec<_> = relations.filter_map(|relation| errors.handle(relation)).collect();
    let mut errors = errors.checkpoint()?;
    let Some(mut args) = args else {
        return errors.finish_with(()).and(Err(Error::custom("not an entity").with_span(&input.ident)));
    };
    let fields = std::mem::replace(&mut args.data, Data::Struct(darling::ast::Style::Unit.into()));
    let fields = fields.take_struct().map(|fields| fields.fields).unwrap_or_default();
    let (skipped, mut fields): (Vec<_>, Vec<_>) = fields.into_iter().partition(|field| field.skip.is_present());

    let columns = fields.iter_mut().filter_map(|field| errors.handle(field.column(args.rename_all)));
    let mut columns: Vec<Column> = columns.collect();
    let mut errors = errors.checkpoint()?;
    let composites = errors.handle(composite::place(wholes, &mut columns)).unwrap_or_default();
    let skipped = skipped.iter().filter_map(|field| errors.handle(field.field().cloned())).collect();
    let table = args.table.take().unwrap_or_else(|| args.ident.unraw().to_string().to_snake_case());
    let mut entity = Entity {
        ident: args.ident.clone(),
        vis: args.vis.clone(),
        table,
        schema: args.schema.take(),
        comment: args.comment.take(),
        columns,
        skipped,
        composites,
        relations,
        version: None,
        kind: None,
        primary_key: Vec::new(),
        foreign_keys: Vec::new(),
        uniques: Vec::new(),
        checks: Vec::new(),
        indexes: Vec::new(),
        options: args.options(),
    };
    if entity.columns.len() > MOST_COLUMNS {
        let message = format!("an entity has at most {MOST_COLUMNS} columns, not {}", entity.columns.len());
        errors.push(Error::custom(message).with_span(&entity.ident));
    }
    let primary_key = errors.handle(args.primary_key(&entity, &fields));
    entity.primary_key = primary_key.unwrap_or_default();
    if let Err(error) = number_rows(&mut entity, &fields) {
        errors.push(error);
    }
    entity.version = errors.handle(version(&fields)).flatten();
    entity.kind = errors.handle(kind(&fields)).flatten();
    if let Some(column) = entity.kind.map(|at| &entity.columns[at]).filter(|column| column.part.is_some()) {
        let message =
            "a part of a composite is not the column that says the kind: `#[kinds(single)]` makes a composite of kinds";
        errors.push(Error::custom(message).with_span(&column.field));
    }
    let constraints = errors.handle(Constraints::of(args, fields, &entity));
    let is_property = |at: &&usize| matches!(entity.columns[**at].generated, Generated::Expression(_));
    let named = constraints.iter().flat_map(Constraints::columns).collect::<Vec<_>>();
    if let Some(at) = entity.primary_key.iter().chain(&named).find(is_property) {
        let message = "the table has no column for an `expression`: no key, constraint or index can name it";
        errors.push(Error::custom(message).with_span(&entity.columns[*at].field));
    }
    let constraints = errors.finish_with(constraints)?.unwrap_or_default();
    Ok(Entity {
        foreign_keys: constraints.foreign_keys,
        uniques: constraints.uniques,
        checks: constraints.checks,
        indexes: constraints.indexes,
        ..entity
    })
}

impl EntityArgs {
    fn primary_key(&self, entity: &Entity, fields: &[ColumnArgs]) -> Result<Vec<usize>> {
        let marked: Vec<usize> = (0..fields.len()).filter(|at| fields[*at].primary_key.is_present()).collect();
        let lookup = Lookup { table: &entity.table, columns: &entity.columns };
        match &self.primary_key {
            Some(listed) if marked.is_empty() => lookup.positions(&listed.0),
            Some(listed) => {
                let message = "the primary key stands here and at fields too: remove one of them";
                Err(Error::custom(message).with_span(&listed.0[0]))
            }
            None if marked.is_empty() && !self.no_primary_key.is_present() => {
                let advice = "mark one or more fields with #[column(primary_key)], or say #[entity(no_primary_key)]";
                let message = format!("`{}` has no primary key: {advice}", self.ident);
                Err(Error::custom(message).with_span(&self.ident))
            }
            None => Ok(marked),
        }
    }

    fn options(&mut self) -> Vec<TableOption> {
        let all = [
            self.without_rowid.is_present().then_some(TableOption::WithoutRowid),
            self.strict.is_present().then_some(TableOption::Strict),
            self.engine.take().map(TableOption::Engine),
            self.charset.take().map(TableOption::Charset),
            self.partition_by.take().map(TableOption::PartitionBy),
        ];
        let exclusions = self.exclusions.drain(..).map(|exclusion| TableOption::Exclude(exclusion.0));
        all.into_iter().flatten().chain(exclusions).collect()
    }
}

/// The column that counts the changes of a row.
fn version(fields: &[ColumnArgs]) -> Result<Option<usize>> {
    at_most_one(fields, "version", |field| &field.version)
}

/// The column that says of which kind a row is.
fn kind(fields: &[ColumnArgs]) -> Result<Option<usize>> {
    at_most_one(fields, "kind", |field| &field.kind)
}

/// The position of the field with a flag.
fn at_most_one(fields: &[ColumnArgs], what: &str, flag: impl Fn(&ColumnArgs) -> &Flag) -> Result<Option<usize>> {
    let mut marked = (0..fields.len()).filter(|at| flag(&fields[*at]).is_present());
    let first = marked.next();
    match marked.next() {
        Some(second) => {
            let message = format!("an entity has at most one {what}");
            Err(Error::custom(message).with_span(&flag(&fields[second]).span()))
        }
        None => Ok(first),
    }
}

/// Lets the database number the rows by a key of one integer, unless the field says otherwise.
fn number_rows(entity: &mut Entity, fields: &[ColumnArgs]) -> Result<()> {
    if let [key] = *entity.primary_key {
        let field = &fields[key];
        let column = &mut entity.columns[key];
        let wanted = field.generated.is_none()
            && column.part.is_none()
            && field.is_integer()
            && field.references.is_none()
            && column.default.is_none()
            && column.server_default.is_none();
        if wanted && matches!(column.generated, Generated::No) {
            column.generated = Generated::Key;
        }
        return Ok(());
    }
    let asked = |field: &&ColumnArgs| {
        field.primary_key.is_present() && matches!(field.generated, Some(GeneratedArg::Yes | GeneratedArg::Monotonic))
    };
    match fields.iter().find(asked) {
        Some(field) => {
            let message = "a generated key is the only column of its primary key";
            Err(Error::custom(message).with_span(field.field()?))
        }
        None => Ok(()),
    }
}

#[derive(Default)]
struct Constraints {
    foreign_keys: Vec<ForeignKey>,
    uniques: Vec<Unique>,
    checks: Vec<Check>,
    indexes: Vec<Index>,
}

impl Constraints {
    /// The positions of the columns that they name.
    fn columns(&self) -> Vec<usize> {
        let part = |part: &IndexPart| match part.key {
            IndexKey::Column(position) => Some(position),
            IndexKey::Sql(_) => None,
        };
        let keys = self.foreign_keys.iter().flat_map(|key| key.columns.iter().copied());
        let uniques = self.uniques.iter().flat_map(|unique| unique.columns.iter().copied());
        let parts = self.indexes.iter().flat_map(|index| index.parts.iter().filter_map(part));
        let included = self.indexes.iter().flat_map(|index| index.include.iter().copied());
        keys.chain(uniques).chain(parts).chain(included).collect()
    }

    /// Those at fields first, in the fields' order.
    fn of(args: EntityArgs, fields: Vec<ColumnArgs>, entity: &Entity) -> Result<Self> {
        let lookup = Lookup { table: &entity.table, columns: &entity.columns };
        let mut errors = Error::accumulator();
        let mut all = Self::default();
        for (position, field) in fields.into_iter().enumerate() {
            errors.handle(all.add_field(field, position, entity, &lookup));
        }
        for key in args.foreign_keys {
            all.foreign_keys.extend(errors.handle(key.foreign_key(&entity.ident, &lookup)));
        }
        for unique in args.uniques {
            all.uniques.extend(errors.handle(unique.unique(&lookup)));
        }
        for index in args.indexes {
            all.indexes.extend(errors.handle(index.index(&lookup)));
        }
        all.checks.extend(args.checks.into_iter().map(|check| check.0));
        errors.finish_with(all)
    }

    fn add_field(&mut self, field: ColumnArgs, position: usize, entity: &Entity, lookup: &Lookup<'_>) -> Result<()> {
        if let Some(reference) = field.references {
            let column: &Column = &entity.columns[position];
            let target = reference.target(&entity.ident, 1).map_err(|error| error.with_span(&column.field))?;
            self.foreign_keys.push(ForeignKey {
                name: None,
                columns: vec![position],
                target,
                on_delete: field.on_delete.map(|action| action.0),
                on_update: field.on_update.map(|action| action.0),
                deferrable: field.deferrable.map(|deferrable| deferrable.0),
            });
        }
        if let Some(unique) = field.unique {
            self.uniques.push(Unique { name: unique.0, columns: vec![position] });
        }
        self.checks.extend(field.check.map(|sql| Check { name: None, sql }));
        match field.index {
            Some(IndexArg::Plain(name)) => self.indexes.push(plain_index(name.0, position, lookup)),
            Some(IndexArg::Options(options)) => self.indexes.push(options.index(position, lookup)?),
            None => {}
        }
        Ok(())
    }
}
