//! What the columns of a result are called.
//!
//! A label is the name; else a column's own name, a function's with a number (`count_1`), and `anon_1` for the rest. No two
//! columns of one result have the same name: the second `id` is `id_1`.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use super::element::Element;
use crate::ast::{Expr, Projection, Source, SourceKind, Statement, TextPart};
use crate::schema::StaticColumn;

/// A column's name.
pub(crate) type OutputName<'a> = Cow<'a, str>;

/// The names of a result's columns.
pub(crate) fn output_names(columns: &[Projection]) -> Vec<OutputName<'_>> {
    let mut used = Used::new(columns.len());
    let mut names: Vec<OutputName<'_>> = Vec::with_capacity(columns.len());
    for column in columns {
        let name = match wish(column) {
            Wish::Exactly(name) => used.first_free(name, 0, &names),
            Wish::Numbered(base) => used.first_free(base, 1, &names),
        };
        used.add(&name);
        names.push(name);
    }
    names
}

/// The name by which a source shows a table's column.
pub(crate) fn shown_name<'a>(source: &'a Source, column: &StaticColumn) -> Option<OutputName<'a>> {
    match &source.kind {
        SourceKind::Derived { query, .. } => shown_by(query.columns(), &[], column),
        SourceKind::Cte { body, .. } => match &body.statement {
            Statement::Query(query) => shown_by(query.columns(), &body.columns, column),
            Statement::Insert(insert) => shown_by(&insert.returning, &body.columns, column),
            Statement::Update(update) => shown_by(&update.returning, &body.columns, column),
            Statement::Delete(delete) => shown_by(&delete.returning, &body.columns, column),
            Statement::Text(text) => shown_by(&text.columns, &body.columns, column),
        },
        SourceKind::Alias { of, .. } => shown_name(of, column),
        _ => None,
    }
}

fn shown_by<'a>(columns: &'a [Projection], renamed: &'a [Arc<str>], column: &StaticColumn) -> Option<OutputName<'a>> {
    let is_it = |projection: &Projection| match bare(&projection.expr) {
        Expr::Column { column: shown, .. } => std::ptr::eq(*shown, column),
        Expr::Property(property) => std::ptr::eq(property.column, column),
        _ => false,
    };
    let at = columns.iter().position(is_it)?;
    match renamed.get(at) {
        Some(name) => Some(Cow::Borrowed(&**name)),
        None => output_names(columns).into_iter().nth(at),
    }
}

/// What a column would like to be called.
enum Wish<'a> {
    /// This, or this with a number where it is taken.
    Exactly(&'a str),
    /// This with a number.
    Numbered(&'a str),
}

fn wish(column: &Projection) -> Wish<'_> {
    match (&column.label, &column.expr) {
        (Some(label), _) | (None, Expr::Labeled { label, .. }) => Wish::Exactly(label),
        (None, expr) => wish_of(expr),
    }
}

fn wish_of(expr: &Expr) -> Wish<'_> {
    match expr {
        Expr::Column { column, .. } | Expr::Excluded(column) => Wish::Exactly(column.name()),
        Expr::Property(property) => Wish::Exactly(property.column.name()),
        Expr::Named { name, .. } | Expr::ExcludedNamed { name, .. } => Wish::Exactly(name),
        Expr::Labeled { label, .. } => Wish::Exactly(label),
        Expr::Cast { operand, .. } | Expr::Coerce { operand, .. } => match bare(operand) {
            Expr::Column { .. } | Expr::Property(_) | Expr::Named { .. } => wish_of(bare(operand)),
            _ => Wish::Numbered("anon"),
        },
        Expr::Function(function) if function.over.is_none() && function.filter.is_none() => {
            Wish::Numbered(function.name.rsplit('.').next().unwrap_or(&function.name))
        }
        Expr::Raw(parts) => raw_name(parts).map_or(Wish::Numbered("anon"), Wish::Exactly),
        _ => Wish::Numbered("anon"),
    }
}

/// The expression without what changes its type in the program only.
pub(crate) fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::Coerce { operand, .. } | Expr::Labeled { expr: operand, .. } => bare(operand),
        _ => expr,
    }
}

/// The name that SQL of the program's own gives its column: its last word, if it is a name.
fn raw_name(parts: &[TextPart]) -> Option<&str> {
    let Some(TextPart::Sql(text)) = parts.last() else {
        return None;
    };
    let text = text.trim_end();
    let start = text.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
    let (before, word) = text.split_at(start);
    let is_whole = before.is_empty() && parts.len() == 1;
    let is_name = word.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let follows_as = before.trim_end().to_ascii_lowercase().ends_with(" as");
    (is_name && (is_whole || before.ends_with('.') || follows_as)).then_some(word)
}

/// Names in use: looked for one by one while they are few.
struct Used(Option<HashSet<String>>);

impl Used {
    fn new(count: usize) -> Self {
        Self((count > 24).then(|| HashSet::with_capacity(count)))
    }

    fn add(&mut self, name: &str) {
        if let Some(names) = &mut self.0 {
            names.insert(name.to_owned());
        }
    }

    fn has(&self, name: &str, names: &[OutputName<'_>]) -> bool {
        match &self.0 {
            Some(used) => used.contains(name),
            None => names.iter().any(|used| used == name),
        }
    }

    /// The name itself if it is free and `from` is 0, else with the first number that makes it so.
    fn first_free<'a>(&self, name: &'a str, from: usize, names: &[OutputName<'a>]) -> OutputName<'a> {
        if from == 0 && !self.has(name, names) {
            return Cow::Borrowed(name);
        }
        let mut number = 1;
        loop {
            let numbered = format!("{name}_{number}");
            if !self.has(&numbered, names) {
                return Cow::Owned(numbered);
            }
            number += 1;
        }
    }
}

/// What a made-up alias is made of: the table's or CTE's name, or `anon`.
pub(crate) fn alias_base(element: Element<'_>) -> String {
    let Element::Source(source) = element else {
        return "anon".to_owned();
    };
    match &source.kind {
        SourceKind::Alias { of, .. } => match (super::element::given_name(of), super::element::table(of)) {
            (Some(name), _) => name.to_string(),
            (None, Some(table)) => table.name.to_string(),
            (None, None) => "anon".to_owned(),
        },
        _ => "anon".to_owned(),
    }
}
