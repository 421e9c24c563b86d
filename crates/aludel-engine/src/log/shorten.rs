//! Cutting what is long to what can be read.

use std::borrow::Cow;
use std::fmt;

use aludel_core::Value;

/// Parameters shown in full; beyond, the first and last half of so many.
const MOST_PARAMETERS: usize = 100;
/// Characters of a value shown in full; beyond, the first and last half of so many.
const LONGEST_VALUE: usize = 300;
/// Characters of a batch's SQL shown in full.
const LONGEST_BATCH_SQL: usize = 500;

/// Parameters as the log shows them: `('ed', 5)`.
pub(crate) struct ShownParameters<'a>(pub(crate) &'a [&'a Value]);

impl fmt::Display for ShownParameters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let half = MOST_PARAMETERS / 2;
        f.write_str("(")?;
        if self.0.len() <= MOST_PARAMETERS {
            list(f, self.0)?;
        } else {
            let (first, rest) = self.0.split_at(half);
            let (middle, last) = rest.split_at(rest.len() - half);
            list(f, first)?;
            write!(f, ", … {} parameters more …, ", middle.len())?;
            list(f, last)?;
        }
        f.write_str(")")
    }
}

/// A value as the log shows it.
pub(crate) fn shown_value(value: &Value) -> String {
    shorten(&format!("{value:?}"), LONGEST_VALUE / 2, LONGEST_VALUE / 2).into_owned()
}

fn list(f: &mut fmt::Formatter<'_>, values: &[&Value]) -> fmt::Result {
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        f.write_str(&shown_value(value))?;
    }
    Ok(())
}

/// A batch's SQL, which may have thousands of placeholders.
pub(crate) fn shorten_sql(sql: &str) -> Cow<'_, str> {
    if sql.chars().nth(LONGEST_BATCH_SQL).is_none() {
        return Cow::Borrowed(sql);
    }
    shorten(sql, LONGEST_BATCH_SQL / 2, LONGEST_BATCH_SQL / 5)
}

/// The first and last characters of a text that is longer than both, with the number of those between.
fn shorten(text: &str, first: usize, last: usize) -> Cow<'_, str> {
    let length = text.chars().count();
    if length <= first + last {
        return Cow::Borrowed(text);
    }
    let head: String = text.chars().take(first).collect();
    let tail: String = text.chars().skip(length - last).collect();
    Cow::Owned(format!("{head} … {} characters more … {tail}", length - first - last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(values: &[Value]) -> String {
        ShownParameters(&values.iter().collect::<Vec<_>>()).to_string()
    }

    #[test]
    fn few_and_short_parameters_are_shown_whole() {
        assert_eq!(shown(&[Value::Text("ed".into()), Value::Int(5), Value::Null]), "('ed', 5, NULL)");
        assert_eq!(shown(&[]), "()");
    }

    #[test]
    fn many_parameters_show_both_ends() {
        let values: Vec<_> = (0..250).map(Value::Int).collect();
        let text = shown(&values);
        assert!(text.starts_with("(0, 1, "), "{text}");
        assert!(text.contains("49, … 150 parameters more …, 200, "), "{text}");
        assert!(text.ends_with(", 249)"), "{text}");
    }

    #[test]
    fn a_long_value_shows_both_ends() {
        let text = shown(&[Value::Text("ä".repeat(1000).into())]);
        assert!(text.contains(" … 702 characters more … "), "{text}");
        assert!(text.chars().count() < 340, "{text}");
    }

    #[test]
    fn only_long_sql_is_cut() {
        assert_eq!(shorten_sql("SELECT 1"), "SELECT 1");
        let long = "x".repeat(1_000);
        assert!(shorten_sql(&long).contains(" … 650 characters more … "));
    }
}
