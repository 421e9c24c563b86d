//! Reading what is in a database: schemas, tables, views.
//!
//! The dialect's [`Catalog`](aludel_sql::dialect::Catalog) gives the statements and makes definitions of their rows; here they
//! are run, on one connection.

mod face;
mod inspector;
mod name;

use aludel_core::{Error, Result, Row, SchemaError};
use aludel_sql::dialect::{Catalog, Scope};
use aludel_sql::schema::Schema;
use aludel_sql::{Executable, RuntimeTable, Text};

use crate::execute::execute;
use crate::fetch::At;
use crate::hold::{Held, Hold};
use crate::shared::Shared;
use crate::sinks::Rows;

pub use face::{ReflectOn, ReflectSchema, ReflectTable};
pub use inspector::Inspector;
pub use name::TableName;

/// Everything in a schema, together with the names of all schemas.
pub(crate) async fn inspect(hold: Hold<'_>, schema: Option<String>, at: At) -> Result<Inspector> {
    let mut held = hold.take(at).await?;
    let shared = held.shared;
    let catalog = catalog(shared, at)?;
    let schemas = names(&rows(&mut held, catalog.schemas(), at).await?, "is_default")?;
    if let Some(wanted) = &schema
        && !schemas.iter().any(|(name, _)| catalog.is_same_name(name, wanted))
    {
        let known = schemas.iter().map(|(name, _)| &**name);
        return Err(Error::from(SchemaError::no_schema(wanted, known)).with_location(at));
    }
    let found = read(&mut held, catalog, Scope { schema: schema.as_deref(), table: None }, at).await?;
    Ok(Inspector::new(std::sync::Arc::clone(&shared.dialect), schemas, found))
}

/// Everything in a schema.
pub(crate) async fn schema(hold: Hold<'_>, schema: Option<String>, at: At) -> Result<Schema> {
    inspect(hold, schema, at).await.map(Inspector::into_schema)
}

/// One table or view.
pub(crate) async fn table(hold: Hold<'_>, wanted: TableName, at: At) -> Result<RuntimeTable> {
    let mut held = hold.take(at).await?;
    let shared = held.shared;
    let catalog = catalog(shared, at)?;
    let scope = Scope { schema: wanted.schema(), table: Some(wanted.name()) };
    let found = read(&mut held, catalog, scope, at).await?;
    let views = found.views.into_iter().map(|view| view.table);
    let mut tables = found.tables.into_iter().chain(views);
    if let Some(table) = tables.find(|table| catalog.is_same_name(&table.name, wanted.name())) {
        return Ok(RuntimeTable::new(table));
    }
    let known = names(&rows(&mut held, catalog.names(wanted.schema()), at).await?, "is_view")?;
    let known = known.iter().map(|(name, _)| &**name);
    Err(Error::from(SchemaError::no_table(wanted.to_string(), wanted.name(), known)).with_location(at))
}

async fn read(held: &mut Held<'_>, catalog: &dyn Catalog, scope: Scope<'_>, at: At) -> Result<Schema> {
    let mut answers = Vec::new();
    for statement in catalog.statements(scope) {
        answers.push(rows(held, statement, at).await?);
    }
    catalog.read(scope, &answers).map_err(|error| error.with_location(at))
}

async fn rows(held: &mut Held<'_>, statement: Text, at: At) -> Result<Vec<Row>> {
    let shared = held.shared;
    let mut sink = Rows::<Row>::new(false);
    execute(shared, held.live(), &mut statement.into_arguments(), &mut sink, usize::MAX, at).await?;
    Ok(sink.into_vec())
}

fn catalog(shared: &Shared, at: At) -> Result<&dyn Catalog> {
    shared.dialect.catalog().ok_or_else(|| {
        let message =
            format!("the {} dialect does not tell how its database's catalogs are read", shared.dialect.name());
        Error::from(aludel_core::UsageError::new(message)).with_location(at)
    })
}

/// Names, each with a flag.
fn names(rows: &[Row], flag: &str) -> Result<Vec<(String, bool)>> {
    rows.iter().map(|row| Ok((row.get("name")?, row.get(flag)?))).collect()
}
