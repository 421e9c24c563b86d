//! Enumerations that are types of their own.

use aludel_core::{CompileError, EnumType, SqlType};

use super::Ddl;
use crate::schema::Table;

impl Ddl<'_> {
    /// The statement that makes a named enumeration.
    ///
    /// # Errors
    /// Where the database has none.
    pub fn create_enum(&self, labels: &EnumType) -> Result<String, CompileError> {
        self.needs_named_enums()?;
        let values: Vec<_> = labels.labels.iter().map(|label| self.literal(label)).collect();
        let sql = format!("CREATE TYPE {} AS ENUM ({})", self.quoted(&labels.name), values.join(", "));
        Ok(if self.checked { self.dialect.if_absent(sql) } else { sql })
    }

    /// The statement that drops a named enumeration.
    ///
    /// # Errors
    /// Where the database has none.
    pub fn drop_enum(&self, labels: &EnumType) -> Result<String, CompileError> {
        self.needs_named_enums()?;
        Ok(format!("DROP TYPE {}{}", self.if_exists()?, self.quoted(&labels.name)))
    }

    fn needs_named_enums(&self) -> Result<(), CompileError> {
        if self.facts().named_enums {
            Ok(())
        } else {
            Err(self.unsupported("an enumeration that is a type of its own"))
        }
    }

    /// The named enumerations that tables use, each once; none where the database has none.
    pub(super) fn enums<'t>(&self, tables: &[&'t Table]) -> Vec<&'t EnumType> {
        let mut found: Vec<&'t EnumType> = Vec::new();
        if self.facts().named_enums {
            for column in tables.iter().flat_map(|table| table.stored_columns()) {
                if let Some(labels) = enum_of(&column.sql_type)
                    && !found.iter().any(|seen| seen.name == labels.name)
                {
                    found.push(labels);
                }
            }
        }
        found
    }
}

fn enum_of(sql_type: &SqlType) -> Option<&EnumType> {
    match sql_type {
        SqlType::Enum(labels) => Some(labels),
        SqlType::Array(element) => enum_of(element),
        _ => None,
    }
}
