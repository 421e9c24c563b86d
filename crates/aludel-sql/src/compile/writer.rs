//! What everything is written with: text, identifiers, placeholders, names.

use std::collections::{HashMap, HashSet};
use std::fmt::{self, Write as _};
use std::sync::Arc;

use aludel_core::{CacheSafety, CompileError, Kind, SqlType};

use super::options::CompileOptions;
use super::precedence::Precedence;
use crate::ast::{Bind, BindSource, Expr, Prefix, Source, SourceKind, Statement};
use crate::compiled::{CacheVerdict, CompiledBind, RowShape};
use crate::dialect::{Capabilities, Dialect, Placeholders, Written, standard};
use crate::lower::element::{Element, Key, given_name, key};
use crate::lower::from::Scope;
use crate::lower::names;
use crate::schema::{ColumnDef, StaticColumn, Table};

/// Writes SQL for one dialect.
///
/// Dialects and [custom elements](crate::CustomElement) are handed one to write with.
pub struct SqlWriter<'a> {
    pub(super) dialect: &'a dyn Dialect,
    pub(super) capabilities: &'static Capabilities,
    pub(super) options: &'a CompileOptions,
    pub(super) sql: String,
    pub(super) binds: Vec<CompiledBind>,
    /// Placeholders of rows that the driver encodes; they stand before all others.
    pub(super) rows: Option<RowShape>,
    /// Numbers of values that were written before, where placeholders have numbers.
    numbers: HashMap<BindSource, usize>,
    /// FROM elements of the queries that are being written, the innermost last.
    pub(super) scopes: Vec<Scope>,
    /// What the columns of one element are written with instead of its name.
    pub(super) target: Option<(Key, Qualifier)>,
    /// Every SELECT of the statement's own level needs a WHERE.
    pub(super) needs_where: bool,
    /// The statement's first word.
    pub(super) word: &'static str,
    pub(super) warnings: Vec<String>,
    made_up: Vec<(Key, Arc<str>)>,
    taken: HashSet<String>,
    cache: CacheVerdict,
    operands: Vec<Vec<Expr>>,
}

/// What stands before a column's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Qualifier {
    /// Nothing.
    Bare,
    /// A word.
    Word(&'static str),
}

/// A written statement.
pub(super) struct WrittenSql {
    pub(super) sql: String,
    pub(super) binds: Vec<CompiledBind>,
    pub(super) rows: Option<RowShape>,
    pub(super) cache: CacheVerdict,
    pub(super) warnings: Vec<String>,
}

impl<'a> SqlWriter<'a> {
    pub(super) fn new(dialect: &'a dyn Dialect, options: &'a CompileOptions) -> Self {
        Self {
            dialect,
            capabilities: dialect.capabilities(),
            options,
            sql: String::with_capacity(512),
            binds: Vec::with_capacity(8),
            rows: None,
            numbers: HashMap::new(),
            scopes: Vec::new(),
            target: None,
            needs_where: false,
            word: "SELECT",
            warnings: Vec::new(),
            made_up: Vec::new(),
            taken: HashSet::new(),
            cache: CacheVerdict::Cacheable,
            operands: Vec::new(),
        }
    }

    pub(super) fn finish(self) -> WrittenSql {
        WrittenSql { sql: self.sql, binds: self.binds, rows: self.rows, cache: self.cache, warnings: self.warnings }
    }

    /// Writes a whole statement.
    pub(super) fn statement(&mut self, statement: &Statement, ctes: &[&Source]) -> Written {
        match statement {
            Statement::Query(query) => {
                self.with(ctes)?;
                self.query(query, super::query::Place::Top)
            }
            Statement::Insert(insert) => self.insert(insert, ctes),
            Statement::Update(update) => self.update(update, ctes),
            Statement::Delete(delete) => self.delete(delete, ctes),
            Statement::Text(text) => self.text_parts(&text.parts),
        }
    }

    /// Writes SQL as it stands.
    pub fn sql(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }

    /// Writes an identifier, in quotes where it needs them.
    pub fn identifier(&mut self, identifier: &str) {
        let dialect = self.dialect;
        standard::identifier(&mut self.sql, identifier, self.capabilities.quotes, |word| dialect.is_reserved(word));
    }

    /// Writes a text literal.
    pub fn text_literal(&mut self, text: &str) {
        self.dialect.text_literal(&mut self.sql, text);
    }

    /// Writes an integer.
    pub fn integer(&mut self, number: i64) {
        let _ = write!(self.sql, "{number}");
    }

    /// Writes the operand of a custom element.
    ///
    /// # Errors
    /// Where the element has no such operand.
    pub fn operand(&mut self, index: usize) -> Written {
        let operand = self.operands.last().and_then(|operands| operands.get(index)).cloned();
        match operand {
            Some(operand) => self.expr(&operand),
            None => Err(CompileError::invalid(format!("a custom construct has no operand {index}"))),
        }
    }

    /// As [`operand`](Self::operand), in parentheses unless the operand holds together at least this tightly.
    ///
    /// # Errors
    /// Where the element has no such operand.
    pub fn operand_as(&mut self, index: usize, least: Precedence) -> Written {
        match self.operands.last().and_then(|operands| operands.get(index)).cloned() {
            Some(operand) => self.operand_of(&operand, least),
            None => Err(CompileError::invalid(format!("a custom construct has no operand {index}"))),
        }
    }

    /// How many operands the custom element has.
    #[must_use]
    pub fn operand_count(&self) -> usize {
        self.operands.last().map_or(0, Vec::len)
    }

    /// The dialect's name.
    #[must_use]
    pub fn dialect(&self) -> &'static str {
        self.dialect.name()
    }

    /// Whether the database has the types, functions and operators of this family, which is called by a dialect's name.
    #[must_use]
    pub fn is_family(&self, family: &str) -> bool {
        self.dialect.is_family(family)
    }

    /// What the database can do.
    #[must_use]
    pub fn capabilities(&self) -> &'static Capabilities {
        self.capabilities
    }

    /// The error for a construct that the dialect does not have.
    #[must_use]
    pub fn unsupported(&self, construct: impl Into<String>) -> CompileError {
        CompileError::unsupported(self.dialect.name(), construct)
    }

    /// As [`unsupported`](Self::unsupported), with what to do instead.
    #[must_use]
    pub fn unsupported_with(&self, construct: impl Into<String>, hint: impl Into<String>) -> CompileError {
        CompileError::unsupported_with(self.dialect.name(), construct, hint)
    }

    /// Writes a type's name as CAST has it.
    ///
    /// # Errors
    /// Where the database has no such type.
    pub fn cast_type(&mut self, sql_type: &SqlType) -> Written {
        let name = self.dialect.cast_type_name(sql_type)?;
        self.sql.push_str(&name);
        Ok(())
    }

    /// Writes a placeholder.
    pub fn bind(&mut self, bind: &Bind) {
        self.placeholder(bind.source, bind.kind, bind.context);
    }

    pub(super) fn placeholder(&mut self, source: BindSource, kind: Kind, context: Option<&'static StaticColumn>) {
        if let Some(column) = context {
            self.uses(column.def());
        }
        let mark = match self.capabilities.placeholders {
            Placeholders::Question => {
                self.binds.push(CompiledBind { source, kind, context });
                self.sql.push('?');
                return;
            }
            Placeholders::Dollar => "$",
            Placeholders::Colon => ":",
            Placeholders::At => "@P",
        };
        // A value that stands in several places has one number, so that the database sees equal expressions as equal.
        let next = self.binds.len() + self.rows.map_or(0, |rows| rows.width * rows.rows) + 1;
        let number = *self.numbers.entry(source).or_insert(next);
        if number == next {
            self.binds.push(CompiledBind { source, kind, context });
        }
        let _ = write!(self.sql, "{mark}{number}");
    }

    /// Writes `count` placeholders of rows, beginning with this number.
    pub(super) fn row_placeholders(&mut self, count: usize, from: usize) {
        for index in 0..count {
            if index > 0 {
                self.sql.push_str(", ");
            }
            let _ = match self.capabilities.placeholders {
                Placeholders::Question => write!(self.sql, "?"),
                Placeholders::Dollar => write!(self.sql, "${}", from + index),
                Placeholders::Colon => write!(self.sql, ":{}", from + index),
                Placeholders::At => write!(self.sql, "@P{}", from + index),
            };
        }
    }

    /// Writes a placeholder that takes its value from each row that the statement is run for.
    pub(super) fn row_bind(&mut self, column: &'static StaticColumn) -> Written {
        // Drivers bind the row's values first, and know of one row's placeholders.
        if !self.binds.is_empty() || self.rows.is_some_and(|shape| shape.rows != 1) {
            return Err(CompileError::invalid("a row's placeholders behind other ones"));
        }
        self.uses(column.def());
        let width = self.rows.map_or(0, |shape| shape.width) + 1;
        self.rows = Some(RowShape { width, rows: 1 });
        self.row_placeholders(1, width);
        Ok(())
    }

    /// Writes a list with commas between.
    pub(super) fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T) -> Written,
    ) -> Written {
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.sql.push_str(", ");
            }
            write(self, item)?;
        }
        Ok(())
    }

    /// Writes expressions with commas between.
    ///
    /// # Errors
    /// Those of the expressions.
    pub fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) -> Written {
        self.list(exprs, |w, expr| w.expr(expr))
    }

    /// Writes words that are for this dialect or for all, each with a space before or behind.
    pub(super) fn words(&mut self, words: &[Prefix], space_before: bool) {
        for word in words {
            if word.dialect.as_deref().is_none_or(|dialect| dialect == self.dialect.name()) {
                self.sql.push_str(if space_before { " " } else { "" });
                self.sql.push_str(&word.text);
                self.sql.push_str(if space_before { "" } else { " " });
            }
        }
    }

    /// Writes a table's name, with its schema.
    pub(super) fn table_name(&mut self, table: &Table) {
        if let Some(schema) = self.options.schemas.get(table.schema.as_deref()) {
            self.identifier(schema);
            self.sql.push('.');
        }
        self.identifier(&table.name);
    }

    /// Writes a column of a table, or as a source shows it.
    pub(super) fn column(&mut self, column: &'static StaticColumn, source: Option<&Source>) -> Written {
        let def = column.def();
        self.uses(def);
        let Some(source) = source else {
            if !self.qualified_by_target(Element::Table(column.table).key()) {
                self.table_name(column.table);
                self.sql.push('.');
            }
            self.identifier(&def.name);
            return Ok(());
        };
        match names::shown_name(source, column) {
            Some(name) => self.source_column(source, &name),
            None => self.source_column(source, &def.name),
        }
    }

    /// Writes a column of a source by its name.
    pub(super) fn source_column(&mut self, source: &Source, name: &str) -> Written {
        match &source.kind {
            SourceKind::Function { scalar: true, .. } => return self.source_name(source),
            SourceKind::Text { name: None, parts, .. } if !super::source::is_query(parts) => {}
            _ if self.qualified_by_target(key(source)) => {}
            _ => {
                self.source_name(source)?;
                self.sql.push('.');
            }
        }
        self.identifier(name);
        Ok(())
    }

    fn qualified_by_target(&mut self, key: Key) -> bool {
        match self.target {
            Some((target, qualifier)) if target == key => {
                if let Qualifier::Word(word) = qualifier {
                    self.sql.push_str(word);
                    self.sql.push('.');
                }
                true
            }
            _ => false,
        }
    }

    /// Writes the name that a source's columns are read by.
    pub(super) fn source_name(&mut self, source: &Source) -> Written {
        match &source.kind {
            SourceKind::Table(table) => self.table_name(table),
            SourceKind::Runtime(table) => self.table_name(table),
            _ => {
                let name = self.name_of(source)?;
                self.identifier(&name);
            }
        }
        Ok(())
    }

    /// A source's name: the program's, or one that is made up at its first use.
    pub(super) fn name_of(&mut self, source: &Source) -> Result<Arc<str>, CompileError> {
        if let Some(name) = given_name(source) {
            return Ok(Arc::clone(name));
        }
        let key = key(source);
        if let Some((_, name)) = self.made_up.iter().find(|(seen, _)| *seen == key) {
            return Ok(Arc::clone(name));
        }
        let base = names::alias_base(Element::Source(source));
        let name = (1..=u32::MAX).map(|number| format!("{base}_{number}")).find(|name| !self.taken.contains(name));
        let name = name.ok_or_else(|| CompileError::invalid("too many sources without a name"))?;
        self.taken.insert(name.clone());
        let name: Arc<str> = name.into();
        self.made_up.push((key, Arc::clone(&name)));
        Ok(name)
    }

    pub(super) fn reserve_names(&mut self, names: HashSet<&str>) {
        self.taken.extend(names.into_iter().map(str::to_owned));
    }

    /// Notes that a column takes part in the statement.
    pub(super) fn uses(&mut self, column: &'static ColumnDef) {
        if column.cache != CacheSafety::Safe {
            self.not_cacheable(&column.name, column.cache);
        }
    }

    /// Notes what stands in the way of caching; what nobody declared comes before what is known to be unsafe, since it is
    /// what a warning is for.
    pub(super) fn not_cacheable(&mut self, by: &'static str, declared: CacheSafety) {
        let is_news = match self.cache {
            CacheVerdict::Cacheable => declared != CacheSafety::Safe,
            CacheVerdict::Blocked { declared: known, .. } => {
                known == CacheSafety::Unsafe && declared == CacheSafety::Undeclared
            }
        };
        if is_news {
            self.cache = CacheVerdict::Blocked { by, declared };
        }
    }

    pub(super) fn with_operands(&mut self, operands: &[Expr], write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.operands.push(operands.to_vec());
        let written = write(self);
        self.operands.pop();
        written
    }
}

impl fmt::Debug for SqlWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqlWriter")
            .field("dialect", &self.dialect.name())
            .field("sql", &self.sql)
            .finish_non_exhaustive()
    }
}
