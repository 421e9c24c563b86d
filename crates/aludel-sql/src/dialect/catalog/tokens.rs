//! SQL in pieces, as a database keeps it: enough to find the parts of a definition and to compare two spellings.

/// A piece of SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: TokenKind,
    /// As it stands.
    pub(crate) text: &'a str,
    /// Where it begins, in bytes.
    pub(crate) start: usize,
}

/// What a piece of SQL is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A keyword or an identifier without quotes.
    Word,
    /// An identifier in quotes, backticks or brackets.
    Quoted,
    /// A text in single quotes; also with a letter before, as in `x'00'`.
    Text,
    /// A number.
    Number,
    /// Anything else: a parenthesis, a comma, an operator.
    Symbol,
}

/// How a database writes what it keeps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexis {
    /// Whether a backslash in a text takes away the meaning of what follows.
    pub(crate) backslash_escapes: bool,
    /// Whether a name may stand in brackets.
    pub(crate) brackets: bool,
}

impl<'a> Token<'a> {
    /// Whether it is this keyword, or this symbol.
    pub(crate) fn is(&self, word: &str) -> bool {
        matches!(self.kind, TokenKind::Word | TokenKind::Symbol) && self.text.eq_ignore_ascii_case(word)
    }

    /// The byte behind it.
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// What an identifier or a text means, without its quotes.
    pub(crate) fn unquoted(&self) -> String {
        let inner = |close: char| {
            let mut chars = self.text.chars();
            chars.next();
            chars.next_back();
            chars.as_str().replace(&format!("{close}{close}"), &close.to_string())
        };
        match (self.kind, self.text.chars().next()) {
            (TokenKind::Quoted, Some('[')) => {
                self.text.trim_start_matches('[').strip_suffix(']').unwrap_or(self.text).to_owned()
            }
            (TokenKind::Quoted | TokenKind::Text, Some(quote @ ('"' | '`' | '\''))) => inner(quote),
            _ => self.text.to_owned(),
        }
    }
}

/// Cuts SQL into pieces; comments and white space are left out.
pub(crate) fn tokens(sql: &str, lexis: Lexis) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = sql.get(at..).filter(|rest| !rest.is_empty()) {
        let (kind, length) = next(rest, lexis);
        if let (Some(kind), Some(text)) = (kind, rest.get(..length)) {
            found.push(Token { kind, text, start: at });
        }
        at += length.max(1);
        while !sql.is_char_boundary(at) {
            at += 1;
        }
    }
    found
}

/// The kind of the first piece, and its length; no kind for what is left out.
fn next(rest: &str, lexis: Lexis) -> (Option<TokenKind>, usize) {
    let mut chars = rest.chars();
    let (Some(first), second) = (chars.next(), chars.next()) else { return (None, 1) };
    match first {
        c if c.is_whitespace() => (None, c.len_utf8()),
        '-' if second == Some('-') => (None, rest.find('\n').unwrap_or(rest.len())),
        '/' if second == Some('*') => (None, rest.find("*/").map_or(rest.len(), |end| end + 2)),
        '\'' => (Some(TokenKind::Text), quoted(rest, 0, '\'', lexis.backslash_escapes)),
        'x' | 'X' | 'b' | 'B' | 'e' | 'E' | 'n' | 'N' if second == Some('\'') => {
            let escapes = lexis.backslash_escapes || matches!(first, 'e' | 'E');
            (Some(TokenKind::Text), quoted(rest, 1, '\'', escapes))
        }
        '"' | '`' => (Some(TokenKind::Quoted), quoted(rest, 0, first, false)),
        '[' if lexis.brackets => (Some(TokenKind::Quoted), rest.find(']').map_or(rest.len(), |end| end + 1)),
        c if c.is_alphabetic() || c == '_' => {
            let is_inside = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
            (Some(TokenKind::Word), rest.find(|c| !is_inside(c)).unwrap_or(rest.len()))
        }
        c if c.is_ascii_digit() || (c == '.' && second.is_some_and(|c| c.is_ascii_digit())) => {
            (Some(TokenKind::Number), number(rest))
        }
        _ => {
            const LONG: [&str; 18] = [
                "!~~*", "!~~", "~~*", "!~*", "->>", "#>>", "<=>", "::", "<>", "!=", "<=", ">=", "||", "->", "~~", "~*",
                "!~", "<<",
            ];
            let long = LONG.iter().find(|symbol| rest.starts_with(**symbol));
            (Some(TokenKind::Symbol), long.map_or(first.len_utf8(), |symbol| symbol.len()))
        }
    }
}

/// The length of a piece in quotes, of which the first stands at `open`.
fn quoted(rest: &str, open: usize, quote: char, escapes: bool) -> usize {
    let mut chars = rest.char_indices().skip(open + 1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && escapes {
            chars.next();
        } else if c == quote {
            match chars.peek() {
                Some((_, next)) if *next == quote => {
                    chars.next();
                }
                _ => return at + c.len_utf8(),
            }
        }
    }
    rest.len()
}

fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut length = 0;
    while let Some(byte) = bytes.get(length) {
        let is_sign = matches!(byte, b'+' | b'-') && length > 0 && matches!(bytes.get(length - 1), Some(b'e' | b'E'));
        if !(byte.is_ascii_alphanumeric() || *byte == b'.' || is_sign) {
            break;
        }
        length += 1;
    }
    length
}

/// Goes through the pieces.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'t, 'a> {
    sql: &'a str,
    tokens: &'t [Token<'a>],
    at: usize,
}

impl<'t, 'a> Cursor<'t, 'a> {
    pub(crate) const fn new(sql: &'a str, tokens: &'t [Token<'a>]) -> Self {
        Self { sql, tokens, at: 0 }
    }

    pub(crate) fn peek(&self) -> Option<&'t Token<'a>> {
        self.tokens.get(self.at)
    }

    pub(crate) fn next(&mut self) -> Option<&'t Token<'a>> {
        let token = self.tokens.get(self.at);
        self.at += 1;
        token
    }

    pub(crate) fn at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// Whether the next piece is this.
    pub(crate) fn sees(&self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.is(word))
    }

    /// Takes the next pieces if they are these.
    pub(crate) fn takes(&mut self, words: &[&str]) -> bool {
        let all = words
            .iter()
            .enumerate()
            .all(|(index, word)| self.tokens.get(self.at + index).is_some_and(|token| token.is(word)));
        if all {
            self.at += words.len();
        }
        all
    }

    /// Takes an identifier.
    pub(crate) fn name(&mut self) -> Option<String> {
        let token = self.peek()?;
        let is_name = matches!(token.kind, TokenKind::Word | TokenKind::Quoted | TokenKind::Text);
        is_name.then(|| {
            self.at += 1;
            token.unquoted()
        })
    }

    /// Takes `( … )` and gives what is inside.
    pub(crate) fn group(&mut self) -> Option<&'t [Token<'a>]> {
        if !self.sees("(") {
            return None;
        }
        let (start, mut depth) = (self.at + 1, 0_usize);
        for (index, token) in self.tokens.iter().enumerate().skip(self.at) {
            if token.is("(") {
                depth += 1;
            } else if token.is(")") {
                depth -= 1;
                if depth == 0 {
                    self.at = index + 1;
                    return self.tokens.get(start..index);
                }
            }
        }
        None
    }

    /// The text of these pieces, as it stands.
    pub(crate) fn text_of(&self, tokens: &[Token<'a>]) -> &'a str {
        match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => self.sql.get(first.start..last.end()).unwrap_or_default(),
            _ => "",
        }
    }

    /// The text of all that is left.
    pub(crate) fn rest(&self) -> &'a str {
        self.text_of(self.tokens.get(self.at..).unwrap_or_default())
    }
}

/// The pieces between commas that stand in no parentheses.
pub(crate) fn split<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let mut depth = 0_i32;
    let parts = tokens.split(|token| {
        depth += i32::from(token.is("(")) - i32::from(token.is(")"));
        depth == 0 && token.is(",")
    });
    parts.filter(|part| !part.is_empty()).collect()
}

/// The text without the parentheses around all of it.
pub(crate) fn unparenthesised(sql: &str, tokens: &[Token<'_>]) -> String {
    let mut cursor = Cursor::new(sql, tokens);
    match cursor.group() {
        Some(inner) if cursor.at_end() => unparenthesised(sql, inner),
        _ => cursor.text_of(tokens).to_owned(),
    }
}

/// As [`unparenthesised`], of SQL that is not in pieces yet.
pub(crate) fn bare(sql: &str, lexis: Lexis) -> String {
    unparenthesised(sql, &tokens(sql, lexis))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Lexis = Lexis { backslash_escapes: false, brackets: false };
    const BRACKETS: Lexis = Lexis { backslash_escapes: false, brackets: true };

    #[test]
    fn pieces() {
        let texts = |sql| tokens(sql, PLAIN).iter().map(|token| token.text.to_owned()).collect::<Vec<_>>();
        assert_eq!(
            texts("a>='it''s' -- b\n AND \"x\"\"y\"::text /* c */ <> 1.5e-3"),
            ["a", ">=", "'it''s'", "AND", "\"x\"\"y\"", "::", "text", "<>", "1.5e-3"]
        );
        assert_eq!(texts("ARRAY['a']"), ["ARRAY", "[", "'a'", "]"]);
        assert_eq!(texts("'never closed"), ["'never closed"]);
    }

    #[test]
    fn names_lose_their_quotes() {
        let first = |sql| tokens(sql, BRACKETS).first().map(Token::unquoted);
        assert_eq!(first("\"a\"\"b\"").as_deref(), Some("a\"b"));
        assert_eq!(first("[a b]").as_deref(), Some("a b"));
        assert_eq!(first("'it''s'").as_deref(), Some("it's"));
    }

    #[test]
    fn commas_in_parentheses_split_nothing() {
        let sql = "a, f(b, c), (d)";
        let tokens = tokens(sql, PLAIN);
        let cursor = Cursor::new(sql, &tokens);
        let parts: Vec<_> = split(&tokens).into_iter().map(|part| cursor.text_of(part)).collect();
        assert_eq!(parts, ["a", "f(b, c)", "(d)"]);
    }
}
