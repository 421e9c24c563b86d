//! SQL of the program's own: its text is split at the placeholders `:name`.

use std::sync::Arc;

use aludel_core::CompileError;

use crate::ast::{Bind, TextPart};

/// Splits a text at its placeholders.
///
/// Quoted texts and names, comments, `::` casts and `\:` are left alone, except that `\:` becomes `:`.
pub(crate) fn split(sql: &str, binds: &[(Arc<str>, Bind)]) -> Result<Vec<TextPart>, CompileError> {
    let mut splitter = Splitter { parts: Vec::new(), plain: String::new(), used: vec![false; binds.len()] };
    let mut rest = sql;
    while let Some(next) = rest.chars().next() {
        let length = quoted_length(rest).unwrap_or(next.len_utf8());
        let (head, tail) = rest.split_at(length);
        rest = match (head, tail) {
            ("\\", tail) if tail.starts_with(':') => {
                splitter.plain.push(':');
                &tail[1..]
            }
            (":", tail) if tail.starts_with(':') => {
                splitter.plain.push_str("::");
                &tail[1..]
            }
            (":", tail) if tail.starts_with(|c: char| c.is_alphabetic() || c == '_') => {
                let end = tail.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(tail.len());
                splitter.bind(&tail[..end], binds)?;
                &tail[end..]
            }
            (head, tail) => {
                splitter.plain.push_str(head);
                tail
            }
        };
    }
    splitter.flush();
    match splitter.used.iter().position(|used| !used) {
        Some(unused) => {
            let name = binds.get(unused).map_or("", |(name, _)| name);
            Err(CompileError::invalid(format!("a value is bound to :{name}, which the SQL text does not have")))
        }
        None => Ok(splitter.parts),
    }
}

struct Splitter {
    parts: Vec<TextPart>,
    plain: String,
    used: Vec<bool>,
}

impl Splitter {
    fn flush(&mut self) {
        if !self.plain.is_empty() {
            self.parts.push(TextPart::Sql(std::mem::take(&mut self.plain).into()));
        }
    }

    fn bind(&mut self, name: &str, binds: &[(Arc<str>, Bind)]) -> Result<(), CompileError> {
        // Where a name is bound twice, the last value counts.
        let Some(position) = binds.iter().rposition(|(known, _)| **known == *name) else {
            return Err(CompileError::invalid(format!(
                "no value is bound to :{name}; add .bind({name:?}, …), or write \\: for a colon"
            )));
        };
        self.flush();
        for ((known, _), used) in binds.iter().zip(&mut self.used) {
            *used |= **known == *name;
        }
        self.parts.push(TextPart::Bind(binds[position].1.clone()));
        Ok(())
    }
}

/// The length of the quoted text, quoted name or comment that the text begins with.
fn quoted_length(text: &str) -> Option<usize> {
    let (skip, end) = match text.as_bytes() {
        [b'\'', ..] => (1, "'"),
        [b'"', ..] => (1, "\""),
        [b'`', ..] => (1, "`"),
        [b'-', b'-', ..] => (2, "\n"),
        [b'/', b'*', ..] => (2, "*/"),
        [b'$', ..] => return dollar_quoted_length(text),
        _ => return None,
    };
    // A doubled quote ends one quoted text and begins the next, which comes to the same.
    Some(text[skip..].find(end).map_or(text.len(), |position| skip + position + end.len()))
}

/// The length of a text between `$$` or `$tag$`, as PostgreSQL has them.
fn dollar_quoted_length(text: &str) -> Option<usize> {
    let tag = &text[..text[1..].find('$')? + 2];
    let is_tag = tag.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$'))
        && !tag[1..].starts_with(|c: char| c.is_ascii_digit());
    Some(tag.len() + text[tag.len()..].find(tag)? + tag.len()).filter(|_| is_tag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ast::BindSource;
    use aludel_core::Kind;

    fn check(sql: &str, names: &[&str], expected: &str) {
        let bind = |index: usize| Bind {
            source: BindSource { segment: 0, index: u32::try_from(index).expect("few"), element: None },
            kind: Kind::Text,
            context: None,
        };
        let binds: Vec<_> = names.iter().enumerate().map(|(index, name)| (Arc::from(*name), bind(index))).collect();
        let shown = match split(sql, &binds) {
            Ok(parts) => parts.iter().map(show).collect::<String>(),
            Err(error) => error.to_string(),
        };
        assert_eq!(shown, expected);
    }

    fn show(part: &TextPart) -> String {
        match part {
            TextPart::Sql(sql) => sql.to_string(),
            TextPart::Bind(bind) => format!("<{}>", bind.source.index),
            TextPart::Expr(_) => String::new(),
        }
    }

    #[test]
    fn names_are_found_outside_quotes() {
        check("a = :x AND b = :y_1", &["x", "y_1"], "a = <0> AND b = <1>");
        check("':x' || \":y\" || `:z` -- :c\n/* :d */ :x", &["x"], "':x' || \":y\" || `:z` -- :c\n/* :d */ <0>");
        check("'it''s :x' = :x", &["x"], "'it''s :x' = <0>");
        check("a::int = :x", &["x"], "a::int = <0>");
        check("\\:x = :x", &["x"], ":x = <0>");
        check(":x = :x", &["x"], "<0> = <0>");
        check("'unfinished :x", &[], "'unfinished :x");
        check("DO $$ a := :b $$ :x", &["x"], "DO $$ a := :b $$ <0>");
        check("$f$ $$:y$$ $f$ :x $1 $2", &["x"], "$f$ $$:y$$ $f$ <0> $1 $2");
        check("a$b$ :x", &["x"], "a$b$ <0>");
    }

    #[test]
    fn missing_and_surplus_values_are_named() {
        check(
            "a = :x",
            &[],
            "the statement can't be compiled: no value is bound to :x; add .bind(\"x\", …), or write \\: for a colon",
        );
        check(
            "a = 1",
            &["x"],
            "the statement can't be compiled: a value is bound to :x, which the SQL text does not have",
        );
    }
}
