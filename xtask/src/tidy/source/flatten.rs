//! From token trees to a flat list, with the role of each token.

use std::str::FromStr;

use proc_macro2::{Delimiter, Group, Punct, Spacing, TokenStream, TokenTree};

use super::{Role, Token};

/// None for text that isn't made of Rust tokens.
pub(super) fn flatten(text: &str, role: Role) -> Option<Vec<Token>> {
    let stream = TokenStream::from_str(text).ok()?;
    let mut flat = Flat::default();
    flat.stream(stream, role, 0);
    Some(flat.tokens)
}

#[derive(Default)]
struct Flat {
    tokens: Vec<Token>,
    /// The last token is punctuation, and the next character of it follows at once.
    joint: bool,
}

impl Flat {
    fn stream(&mut self, stream: TokenStream, mut role: Role, depth: usize) {
        let trees: Vec<TokenTree> = stream.into_iter().collect();
        // The role of the item that an attribute stands before, up to the end of that item.
        let mut item = role;
        let mut rest = trees.as_slice();
        while let Some(tree) = rest.first() {
            let Some(attribute) = Attribute::at(rest) else {
                self.tree(tree, item, depth);
                if ends_item(tree) {
                    item = role;
                }
                rest = &rest[1..];
                continue;
            };
            let own = match attribute.role() {
                Role::Test => {
                    item = Role::Test;
                    if attribute.inner {
                        role = Role::Test;
                    }
                    Role::Test
                }
                Role::Doc if item == Role::Code => Role::Doc,
                _ => item,
            };
            self.attribute(&attribute, own, depth);
            rest = &rest[attribute.length..];
        }
    }

    /// Written or made from a comment, it begins with the token `#` or `#!`.
    fn attribute(&mut self, attribute: &Attribute<'_>, role: Role, depth: usize) {
        let start = if attribute.inner { "#!" } else { "#" };
        let line = attribute.group.span_open().start().line;
        self.push(start.to_owned(), (line, line), role, depth);
        self.group(attribute.group, role, depth);
    }

    fn tree(&mut self, tree: &TokenTree, role: Role, depth: usize) {
        match tree {
            TokenTree::Group(group) => self.group(group, role, depth),
            TokenTree::Punct(punct) => self.punct(punct, role, depth),
            TokenTree::Ident(_) | TokenTree::Literal(_) => {
                let span = tree.span();
                let lines = (span.start().line, span.end().line);
                self.push(tree.to_string(), lines, role, depth);
            }
        }
    }

    fn group(&mut self, group: &Group, role: Role, depth: usize) {
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Brace => ("{", "}"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::None => ("", ""),
        };
        let line = group.span_open().start().line;
        self.push(open.to_owned(), (line, line), role, depth);
        self.stream(group.stream(), role, depth + 1);
        let line = group.span_close().start().line;
        self.push(close.to_owned(), (line, line), role, depth);
    }

    fn punct(&mut self, punct: &Punct, role: Role, depth: usize) {
        match self.tokens.last_mut() {
            Some(last) if self.joint => last.text.push(punct.as_char()),
            _ => {
                let line = punct.span().start().line;
                self.push(punct.as_char().to_string(), (line, line), role, depth);
            }
        }
        self.joint = punct.spacing() == Spacing::Joint;
    }

    fn push(&mut self, text: String, lines: (usize, usize), role: Role, depth: usize) {
        self.joint = false;
        self.tokens.push(Token { text, line: lines.0, last_line: lines.1, role, depth });
    }
}

/// `#[..]` or `#![..]`; comments of documentation are attributes too.
struct Attribute<'a> {
    group: &'a Group,
    inner: bool,
    /// How many trees it is made of.
    length: usize,
}

impl<'a> Attribute<'a> {
    fn at(trees: &'a [TokenTree]) -> Option<Self> {
        let inner = trees.get(1).is_some_and(|tree| is_punct(tree, '!'));
        let length = if inner { 3 } else { 2 };
        match (trees.first()?, trees.get(length - 1)?) {
            (hash, TokenTree::Group(group)) if is_punct(hash, '#') && group.delimiter() == Delimiter::Bracket => {
                Some(Self { group, inner, length })
            }
            _ => None,
        }
    }

    fn role(&self) -> Role {
        let text = self.group.stream().to_string();
        let path = text.split(['(', '=']).next().unwrap_or_default().trim();
        let is_test = match path {
            "cfg" => {
                let names: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
                names.contains(&"test") && !names.contains(&"not")
            }
            // `#[test]`, `#[tokio::test]`
            _ => path.rsplit(':').next().map(str::trim) == Some("test"),
        };
        match path {
            "doc" => Role::Doc,
            _ if is_test => Role::Test,
            _ => Role::Code,
        }
    }
}

fn is_punct(tree: &TokenTree, c: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == c)
}

fn ends_item(tree: &TokenTree) -> bool {
    match tree {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        tree => is_punct(tree, ';'),
    }
}
