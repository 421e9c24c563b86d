//! The text of CREATE TABLE, CREATE INDEX and CREATE VIEW as SQLite keeps it.

use crate::dialect::catalog::tokens::{Cursor, Lexis, Token, TokenKind, split, tokens, unparenthesised};
use crate::schema::{Action, Deferrable};

pub(super) const LEXIS: Lexis = Lexis { backslash_escapes: false, brackets: true };

/// CREATE TABLE, but for what the pragmas tell.
#[derive(Debug, std::default::Default)]
pub(super) struct Created {
    pub(super) columns: Vec<Column>,
    pub(super) constraints: Vec<Constraint>,
    pub(super) key_name: Option<String>,
    pub(super) autoincrement: bool,
    /// `INTEGER PRIMARY KEY DESC` in a column: by an old mistake that column is not the rowid.
    pub(super) key_descends_inline: bool,
}

#[derive(Debug, std::default::Default)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) collation: Option<String>,
    pub(super) computed: Option<String>,
    pub(super) unsupported: Vec<String>,
}

#[derive(Debug)]
pub(super) enum Constraint {
    Unique { name: Option<String>, columns: Vec<String> },
    Check { name: Option<String>, sql: String },
    ForeignKey { name: Option<String>, columns: Vec<String>, reference: Reference },
    Unsupported(String),
}

#[derive(Debug, std::default::Default)]
pub(super) struct Reference {
    pub(super) table: String,
    pub(super) columns: Vec<String>,
    pub(super) on_delete: Option<Action>,
    pub(super) on_update: Option<Action>,
    pub(super) deferrable: Option<Deferrable>,
}

/// CREATE INDEX.
#[derive(Debug)]
pub(super) struct CreatedIndex {
    pub(super) unique: bool,
    pub(super) parts: Vec<Part>,
    pub(super) filter: Option<String>,
}

/// A part of an index.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) column: Option<String>,
    pub(super) sql: String,
    pub(super) collation: Option<String>,
    pub(super) descending: bool,
}

/// What a default is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Default {
    Text(String),
    Now,
    Sql,
}

pub(super) fn default(sql: &str) -> Default {
    match &tokens(sql, LEXIS)[..] {
        [only] if only.kind == TokenKind::Text && only.text.starts_with('\'') => Default::Text(only.unquoted()),
        [only] if only.is("current_timestamp") => Default::Now,
        _ => Default::Sql,
    }
}

pub(super) fn created_table(sql: &str) -> Option<Created> {
    let pieces = tokens(sql, LEXIS);
    let mut cursor = Cursor::new(sql, &pieces);
    begin(&mut cursor, "TABLE")?;
    let body = cursor.group()?;
    let mut created = Created::default();
    for item in split(body) {
        let mut item = Cursor::new(sql, item);
        match ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"].iter().any(|word| item.sees(word)) {
            true => table_constraints(&mut item, &mut created)?,
            false => column(&mut item, &mut created)?,
        }
    }
    Some(created)
}

pub(super) fn created_index(sql: &str) -> Option<CreatedIndex> {
    let pieces = tokens(sql, LEXIS);
    let mut cursor = Cursor::new(sql, &pieces);
    let unique = pieces.get(1).is_some_and(|word| word.is("UNIQUE"));
    begin(&mut cursor, "INDEX")?;
    if !cursor.takes(&["ON"]) {
        return None;
    }
    cursor.name()?;
    let parts = split(cursor.group()?).into_iter().map(|part| index_part(sql, part)).collect();
    let filter = cursor.takes(&["WHERE"]).then(|| cursor.rest().to_owned());
    Some(CreatedIndex { unique, parts, filter })
}

pub(super) fn created_view(sql: &str) -> Option<String> {
    let pieces = tokens(sql, LEXIS);
    let mut cursor = Cursor::new(sql, &pieces);
    begin(&mut cursor, "VIEW")?;
    cursor.group();
    cursor.takes(&["AS"]).then(|| cursor.rest().to_owned())
}

/// `CREATE [TEMP] [UNIQUE] TABLE [IF NOT EXISTS] [schema.]name`
fn begin(cursor: &mut Cursor<'_, '_>, kind: &str) -> Option<()> {
    if !cursor.takes(&["CREATE"]) {
        return None;
    }
    while !cursor.takes(&[kind]) {
        cursor.next()?;
    }
    cursor.takes(&["IF", "NOT", "EXISTS"]);
    cursor.name()?;
    if cursor.takes(&["."]) {
        cursor.name()?;
    }
    Some(())
}

fn column(cursor: &mut Cursor<'_, '_>, created: &mut Created) -> Option<()> {
    let mut column = Column { name: cursor.name()?, ..Column::default() };
    let begins = [
        "CONSTRAINT",
        "PRIMARY",
        "NOT",
        "NULL",
        "UNIQUE",
        "CHECK",
        "DEFAULT",
        "COLLATE",
        "REFERENCES",
        "GENERATED",
        "AS",
    ];
    while !cursor.at_end() && !begins.iter().any(|word| cursor.sees(word)) {
        if cursor.group().is_none() {
            cursor.next();
        }
    }
    let mut name = None;
    while !cursor.at_end() {
        let own = column.name.clone();
        if cursor.takes(&["CONSTRAINT"]) {
            name = cursor.name();
            continue;
        } else if cursor.takes(&["PRIMARY", "KEY"]) {
            created.key_name = name.take();
            created.key_descends_inline = cursor.takes(&["DESC"]);
            cursor.takes(&["ASC"]);
            column.unsupported.extend(on_conflict(cursor));
            created.autoincrement |= cursor.takes(&["AUTOINCREMENT"]);
        } else if cursor.takes(&["NOT", "NULL"]) || cursor.takes(&["NULL"]) {
            column.unsupported.extend(on_conflict(cursor));
        } else if cursor.takes(&["UNIQUE"]) {
            created.constraints.push(Constraint::Unique { name: name.take(), columns: vec![own] });
            column.unsupported.extend(on_conflict(cursor));
        } else if cursor.takes(&["CHECK"]) {
            created.constraints.push(check(cursor, name.take())?);
        } else if cursor.takes(&["DEFAULT"]) {
            // The pragma tells it.
            cursor.takes(&["+"]);
            cursor.takes(&["-"]);
            if cursor.group().is_none() {
                cursor.next();
            }
        } else if cursor.takes(&["COLLATE"]) {
            column.collation = Some(cursor.name()?);
        } else if cursor.sees("REFERENCES") {
            let reference = reference(cursor, created)?;
            created.constraints.push(Constraint::ForeignKey { name: name.take(), columns: vec![own], reference });
        } else if cursor.takes(&["GENERATED", "ALWAYS", "AS"]) || cursor.takes(&["AS"]) {
            let sql = cursor.group()?;
            column.computed = Some(cursor.text_of(sql).to_owned());
            let _ = cursor.takes(&["STORED"]) || cursor.takes(&["VIRTUAL"]);
        } else {
            return None;
        }
        // A name belongs to the constraint behind it.
        name = None;
    }
    created.columns.push(column);
    Some(())
}

fn table_constraints(cursor: &mut Cursor<'_, '_>, created: &mut Created) -> Option<()> {
    while !cursor.at_end() {
        let name = if cursor.takes(&["CONSTRAINT"]) { cursor.name() } else { None };
        if cursor.takes(&["PRIMARY", "KEY"]) {
            created.key_name = name;
            let body = cursor.group()?;
            created.autoincrement |= body.last().is_some_and(|token| token.is("AUTOINCREMENT"));
            columns(body, "the primary key", created);
        } else if cursor.takes(&["UNIQUE"]) {
            let columns = columns(cursor.group()?, "a UNIQUE constraint", created);
            created.constraints.push(Constraint::Unique { name, columns });
        } else if cursor.takes(&["CHECK"]) {
            created.constraints.push(check(cursor, name)?);
        } else if cursor.takes(&["FOREIGN", "KEY"]) {
            let columns = names(cursor.group()?);
            let reference = reference(cursor, created)?;
            created.constraints.push(Constraint::ForeignKey { name, columns, reference });
        } else {
            return None;
        }
        created.constraints.extend(on_conflict(cursor).map(Constraint::Unsupported));
    }
    Some(())
}

fn check(cursor: &mut Cursor<'_, '_>, name: Option<String>) -> Option<Constraint> {
    let sql = cursor.group()?;
    Some(Constraint::Check { name, sql: cursor.text_of(sql).to_owned() })
}

/// `REFERENCES table [(columns)] …`
fn reference(cursor: &mut Cursor<'_, '_>, created: &mut Created) -> Option<Reference> {
    cursor.takes(&["REFERENCES"]);
    let mut reference = Reference { table: cursor.name()?, ..Reference::default() };
    reference.columns = cursor.group().map(names).unwrap_or_default();
    loop {
        if cursor.takes(&["ON", "DELETE"]) {
            reference.on_delete = action(cursor);
        } else if cursor.takes(&["ON", "UPDATE"]) {
            reference.on_update = action(cursor);
        } else if cursor.takes(&["MATCH"]) {
            let word = cursor.name()?;
            created.constraints.push(Constraint::Unsupported(format!("MATCH {word} of a foreign key")));
        } else if cursor.takes(&["NOT", "DEFERRABLE"]) {
            initially(cursor);
        } else if cursor.takes(&["DEFERRABLE"]) {
            reference.deferrable = Some(initially(cursor));
        } else {
            return Some(reference);
        }
    }
}

fn initially(cursor: &mut Cursor<'_, '_>) -> Deferrable {
    if cursor.takes(&["INITIALLY", "DEFERRED"]) {
        return Deferrable::InitiallyDeferred;
    }
    cursor.takes(&["INITIALLY", "IMMEDIATE"]);
    Deferrable::InitiallyImmediate
}

fn action(cursor: &mut Cursor<'_, '_>) -> Option<Action> {
    let actions = [
        (&["CASCADE"][..], Action::Cascade),
        (&["SET", "NULL"], Action::SetNull),
        (&["SET", "DEFAULT"], Action::SetDefault),
        (&["RESTRICT"], Action::Restrict),
        (&["NO", "ACTION"], Action::NoAction),
    ];
    actions.into_iter().find_map(|(words, action)| cursor.takes(words).then_some(action))
}

/// `ON CONFLICT word`, which the definitions have no place for.
fn on_conflict(cursor: &mut Cursor<'_, '_>) -> Option<String> {
    if !cursor.takes(&["ON", "CONFLICT"]) {
        return None;
    }
    Some(format!("ON CONFLICT {} of a constraint", cursor.name()?))
}

fn names(body: &[Token<'_>]) -> Vec<String> {
    split(body).into_iter().filter_map(|part| part.first().map(Token::unquoted)).collect()
}

/// The columns of a key; what they say beside their names is lost.
fn columns(body: &[Token<'_>], of: &str, created: &mut Created) -> Vec<String> {
    for part in split(body) {
        if part.iter().skip(1).any(|token| token.is("COLLATE") || token.is("DESC")) {
            let words: Vec<_> = part.iter().map(|token| token.text).collect();
            created.constraints.push(Constraint::Unsupported(format!("`{}` in {of}", words.join(" "))));
        }
    }
    names(body)
}

fn index_part(sql: &str, part: &[Token<'_>]) -> Part {
    let mut rest = part;
    let mut made = Part { column: None, sql: String::new(), collation: None, descending: false };
    if let [before @ .., last] = rest
        && (last.is("ASC") || last.is("DESC"))
    {
        made.descending = last.is("DESC");
        rest = before;
    }
    if let [before @ .., word, name] = rest
        && word.is("COLLATE")
    {
        made.collation = Some(name.unquoted());
        rest = before;
    }
    if let [only] = rest {
        made.column = Some(only.unquoted());
    }
    made.sql = unparenthesised(sql, rest);
    made
}
