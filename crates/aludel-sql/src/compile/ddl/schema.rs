//! Schemas (namespaces) and sequences.

use aludel_core::CompileError;

use super::Ddl;
use crate::ddl::Sequence;
use crate::dialect::standard;

impl Ddl<'_> {
    /// The statement that makes a schema.
    ///
    /// # Errors
    /// Where the database has no schemas that can be made.
    pub fn create_schema(&self, name: &str) -> Result<String, CompileError> {
        self.needs_schemas()?;
        Ok(format!("CREATE SCHEMA {}{}", self.if_not_exists()?, self.quoted(name)))
    }

    /// The statement that drops a schema; `cascade` drops what lies in it too.
    ///
    /// # Errors
    /// Where the database has no schemas that can be made.
    pub fn drop_schema(&self, name: &str, cascade: bool) -> Result<String, CompileError> {
        self.needs_schemas()?;
        let cascade = if cascade { " CASCADE" } else { "" };
        Ok(format!("DROP SCHEMA {}{}{cascade}", self.if_exists()?, self.quoted(name)))
    }

    /// The statement that makes a sequence.
    ///
    /// # Errors
    /// Where the database has no sequences.
    pub fn create_sequence(&self, sequence: &Sequence) -> Result<String, CompileError> {
        self.needs_sequences()?;
        let mut options = standard::sequence_options(sequence);
        // The distance comes first here, and behind the start in an identity.
        options.sort_by_key(|option| !option.starts_with("INCREMENT"));
        let options: String = options.iter().map(|option| format!(" {option}")).collect();
        Ok(format!("CREATE SEQUENCE {}{}{options}", self.if_not_exists()?, self.sequence_name(sequence)))
    }

    /// The statement that drops a sequence.
    ///
    /// # Errors
    /// Where the database has no sequences.
    pub fn drop_sequence(&self, sequence: &Sequence) -> Result<String, CompileError> {
        self.needs_sequences()?;
        Ok(format!("DROP SEQUENCE {}{}", self.if_exists()?, self.sequence_name(sequence)))
    }

    fn sequence_name(&self, sequence: &Sequence) -> String {
        self.qualified(sequence.schema.as_deref(), &sequence.name)
    }

    fn needs_schemas(&self) -> Result<(), CompileError> {
        if self.facts().schemas { Ok(()) } else { Err(self.unsupported("CREATE SCHEMA and DROP SCHEMA")) }
    }

    fn needs_sequences(&self) -> Result<(), CompileError> {
        if self.facts().sequences { Ok(()) } else { Err(self.unsupported("a sequence")) }
    }
}
