//! How a construct is run.

use std::fmt::Debug;
use std::sync::LazyLock;

use aludel::Result;
use aludel::blocking::Engine;
use aludel_core::CompileError;
use aludel_sql::compile::{CompileOptions, SchemaMap};
use aludel_sql::dialect::Dialect;
use aludel_sql::{Executable, compile_arguments};
use serde_json::Value as Json;

use crate::backend::Backend;
use crate::data;
use crate::differences::{self, Difference};
use crate::ran::{Dynamic, Ran};

static DATA: LazyLock<Vec<Json>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../aludel-sql/tests/data/core.json")).unwrap());

/// A construct, with which dialects can say it.
pub(crate) struct Construct {
    run: Run,
    /// Whether it only reads, and locks nothing.
    reads: Option<Reads>,
    schemas: bool,
    differs: Vec<&'static str>,
    refused: Vec<(&'static str, &'static str)>,
}

type RunStatement = dyn Fn(&Engine, &dyn Dialect) -> Result<Ran>;
type Reads = Box<dyn Fn(&dyn Dialect) -> bool>;
type MakeDdl = dyn Fn(&dyn Dialect) -> Result<String, CompileError>;

enum Run {
    Statement(Box<RunStatement>),
    Ddl(Box<MakeDdl>),
}

/// A construct of statements.
pub(crate) fn says<S>(statement: S) -> Construct
where
    S: Executable + Clone + 'static,
    S::Row: Debug,
{
    let arguments = statement.clone().into_arguments();
    let reads = move |dialect: &dyn Dialect| {
        let locks = |sql: &str| ["RETURNING", " FOR ", "LOCK IN"].iter().any(|words| sql.contains(words));
        let compiled = compile_arguments(&arguments, dialect, &CompileOptions::default());
        compiled.is_ok_and(|compiled| compiled.returns_rows && !locks(&compiled.sql))
    };
    let run = move |engine: &Engine, dialect: &dyn Dialect| {
        let arguments = statement.clone().into_arguments();
        let compiled = compile_arguments(&arguments, dialect, &CompileOptions::default())?;
        if compiled.returns_rows && !compiled.sql.contains("RETURNING") {
            let typed = engine.fetch_all(statement.clone()).map(|_| ());
            return Ok(Ran::read(&compiled.sql, &engine.fetch_all(Dynamic(arguments))?, typed));
        }
        let (rows, changed) = match compiled.returns_rows {
            true => (engine.fetch_all(Dynamic(arguments))?, None),
            false => (Vec::new(), Some(engine.execute(statement.clone())?)),
        };
        Ok(Ran::changed(&rows, changed, data::rows(engine)?))
    };
    let reads: Option<Reads> = Some(Box::new(reads));
    Construct { run: Run::Statement(Box::new(run)), reads, schemas: false, differs: Vec::new(), refused: Vec::new() }
}

/// A construct of schema definition: one statement for each dialect.
pub(crate) fn defines(sql: impl Fn(&dyn Dialect) -> Result<String, CompileError> + 'static) -> Construct {
    Construct { run: Run::Ddl(Box::new(sql)), reads: None, schemas: false, differs: Vec::new(), refused: Vec::new() }
}

impl Construct {
    pub(crate) fn differs(mut self, dialects: &'static str, _sql: &'static str, _reason: &'static str) -> Self {
        self.differs.extend(dialects.split(' '));
        self
    }

    /// Dialects whose database has no such construct: the error's words.
    pub(crate) fn refused(mut self, dialects: &'static str, words: &'static str) -> Self {
        self.refused.extend(dialects.split(' ').map(|dialect| (dialect, words)));
        self
    }

    pub(crate) fn other_params(self, _reason: &'static str) -> Self {
        self
    }

    /// Tables without a schema are looked for in another, which is the test's own here.
    pub(crate) fn schemas(mut self, _schemas: SchemaMap) -> Self {
        self.schemas = true;
        self
    }

    /// Runs it on each database.
    pub(crate) fn check(self, id: &str) {
        let entry = DATA.iter().find(|entry| entry["id"] == *id).unwrap_or_else(|| panic!("no construct {id}"));
        // Kept, so that it need not be made again for each construct.
        let _filled = Backend::ALL.map(data::filled);
        let mut ran: Vec<(Backend, Ran)> = Vec::new();
        let mut failures = Vec::new();
        for backend in Backend::ALL {
            let name = data::dialect(backend).name();
            let refused = self.refused.iter().find(|(dialect, _)| *dialect == name).map(|(_, words)| *words);
            let is_said = entry["sql"].get(name).is_some() || self.differs.contains(&name);
            if !is_said && refused.is_none() {
                continue;
            }
            let difference = differences::of(id, backend);
            match (self.run(id, backend), refused.or(difference.and_then(Difference::error))) {
                (Err(error), Some(words)) if error.to_string().contains(words) => {}
                (Err(error), _) => failures.push(format!("{name}: {error}")),
                (Ok(one), Some(words)) => failures.push(format!("{name}: not refused ({words}): {one:?}")),
                (Ok(one), None) => {
                    if let (Some(typed), true) = (&one.not_typed, differences::is_typed(id)) {
                        failures.push(format!("{name}: {typed}"));
                    }
                    match difference {
                        Some(Difference::Time) => {}
                        Some(Difference::Counts) => ran.push((backend, one.without_count())),
                        _ => ran.push((backend, one)),
                    }
                }
            }
        }
        if let Some(((first, one), others)) = ran.split_first() {
            for (other, two) in others.iter().filter(|(_, two)| !one.is_same(two)) {
                failures.push(format!("{}: {one:#?}\n{}: {two:#?}", first.name(), other.name()));
            }
        }
        assert!(failures.is_empty(), "{id}: {}\n{}", entry["says"], failures.join("\n"));
    }

    fn run(&self, id: &str, backend: Backend) -> Result<Ran> {
        let dialect = data::dialect(backend);
        match &self.run {
            Run::Statement(run) => {
                if self.schemas {
                    let (filled, engine) = data::by_schema(backend);
                    data::fill(&filled, backend, id);
                    return run(&engine, dialect);
                }
                if data::is_plain(id, backend) && self.reads.as_ref().is_some_and(|reads| reads(dialect)) {
                    return run(&data::filled(backend).engine, dialect);
                }
                let engine = data::engine(backend);
                data::fill(&engine, backend, id);
                run(&engine, dialect)
            }
            Run::Ddl(make) => {
                let engine = data::engine(backend);
                let sql = make(dialect)?;
                data::fill_for_ddl(&engine, backend, id);
                engine.acquire()?.batch(&sql)?;
                Ok(Ran::default())
            }
        }
    }
}
