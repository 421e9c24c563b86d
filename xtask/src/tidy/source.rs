//! A Rust file as a flat list of tokens that know their lines and their role.
//!
//! Tokens are enough for every check: no comment or string is taken for code, test code is known by the
//! attribute before it, and nothing has to be parsed.

mod flatten;

use std::collections::BTreeSet;

/// The tokens of a file, in order.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) tokens: Vec<Token>,
}

/// A word, a literal, a run of punctuation such as `=>`, or one bracket of a pair.
#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) line: usize,
    /// Differs from `line` for a string over several lines.
    pub(crate) last_line: usize,
    pub(crate) role: Role,
    /// How many pairs of brackets it is in. The brackets of a pair have the depth outside it.
    pub(crate) depth: usize,
}

/// What a token is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Code,
    /// Documentation, by comment or by attribute.
    Doc,
    /// Built for tests only.
    Test,
}

impl Source {
    /// None for text that isn't made of Rust tokens, which the compiler says better.
    pub(crate) fn parse(path: &str, text: &str) -> Option<Self> {
        let role = if is_test_path(path) { Role::Test } else { Role::Code };
        let tokens = flatten::flatten(text, role)?;
        Some(Self { tokens })
    }

    /// The tokens of code, with their indexes.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &Token)> {
        let tokens = self.tokens.iter().enumerate();
        tokens.filter(|(_, token)| token.role == Role::Code)
    }

    /// How many lines from `first` to `last` hold code: no comments, documentation or tests.
    pub(crate) fn code_lines(&self, first: usize, last: usize) -> usize {
        self.code()
            .flat_map(|(_, token)| token.line..=token.last_line)
            .filter(|line| (first..=last).contains(line))
            .collect::<BTreeSet<_>>()
            .len()
    }

    /// The texts from a token on: `["std", "::", "fs"]`. Past the end they are empty.
    pub(crate) fn texts<const N: usize>(&self, index: usize) -> [&str; N] {
        std::array::from_fn(|offset| {
            let token = self.tokens.get(index + offset);
            token.map_or("", |token| token.text.as_str())
        })
    }

    /// The text of the token before, if there is one.
    pub(crate) fn text_before(&self, index: usize) -> &str {
        let before = index.checked_sub(1);
        before.map_or("", |before| self.tokens[before].text.as_str())
    }

    /// The index of the first token after `index`, in the same brackets, whose text is in the list.
    pub(crate) fn find_beside(&self, index: usize, texts: &[&str]) -> Option<usize> {
        let depth = self.tokens[index].depth;
        let mut rest = (index + 1..self.tokens.len()).map(|at| (at, &self.tokens[at]));
        rest.find(|(_, token)| token.depth < depth || token.depth == depth && texts.contains(&token.text.as_str()))
            .filter(|(_, token)| token.depth == depth)
            .map(|(at, _)| at)
    }
}

impl Token {
    /// The text of a string literal as it is written, without quotes and prefixes.
    pub(crate) fn string(&self) -> Option<&str> {
        let (prefix, rest) = self.text.split_once('"')?;
        let is_prefix = prefix.chars().all(|c| matches!(c, 'r' | 'b' | 'c' | '#'));
        let (string, _) = rest.rsplit_once('"')?;
        is_prefix.then_some(string)
    }
}

fn is_test_path(path: &str) -> bool {
    let Some((folders, file)) = path.rsplit_once('/') else {
        return false;
    };
    file == "tests.rs" || folders.split('/').any(|folder| folder == "tests" || folder == "benches")
}

#[cfg(test)]
mod tests;
