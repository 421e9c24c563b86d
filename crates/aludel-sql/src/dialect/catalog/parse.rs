//! Reads an SQL expression.

use super::normal::{Node, Spelling};
use super::tokens::{Token, TokenKind, tokens};

/// The expression, if it is one that is understood.
pub(super) fn parse(sql: &str, spelling: &dyn Spelling) -> Option<Node> {
    let tokens = tokens(sql, spelling.lexis());
    let mut parser = Parser { tokens: &tokens, at: 0, depth: 0, spelling };
    let node = parser.expression(0)?;
    (parser.at == tokens.len()).then_some(node)
}

struct Parser<'t, 'a> {
    tokens: &'t [Token<'a>],
    at: usize,
    depth: usize,
    spelling: &'t dyn Spelling,
}

const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARE: u8 = 4;
const OTHER: u8 = 5;
const ADD: u8 = 6;
const MULTIPLY: u8 = 7;
const TIGHT: u8 = 9;

/// Words that begin or divide parts of an expression, and so are no names.
const KEYWORDS: [&str; 24] = [
    "and", "or", "not", "is", "in", "between", "like", "ilike", "when", "then", "else", "end", "as", "collate", "from",
    "where", "select", "regexp", "rlike", "glob", "match", "escape", "similar", "using",
];

impl<'t, 'a> Parser<'t, 'a> {
    fn peek(&self) -> Option<&'t Token<'a>> {
        self.tokens.get(self.at)
    }

    fn sees(&self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.is(word))
    }

    fn takes(&mut self, words: &[&str]) -> bool {
        let all = (self.at..).zip(words).all(|(at, word)| self.tokens.get(at).is_some_and(|token| token.is(word)));
        self.at += if all { words.len() } else { 0 };
        all
    }

    fn expect(&mut self, word: &str) -> Option<()> {
        self.takes(&[word]).then_some(())
    }

    fn expression(&mut self, least: u8) -> Option<Node> {
        // What a database gives is never that deep.
        self.depth += 1;
        if self.depth > 100 {
            return None;
        }
        let mut left = self.prefix()?;
        while let Some(next) = self.infix(&left, least)? {
            left = self.spelling.rewrite(next);
        }
        self.depth -= 1;
        Some(left)
    }

    fn prefix(&mut self) -> Option<Node> {
        if self.takes(&["not"]) || self.takes(&["!"]) {
            let operand = self.expression(NOT)?;
            return Some(self.spelling.rewrite(operand.negated()));
        }
        if self.takes(&["-"]) {
            return Some(match self.expression(TIGHT)? {
                Node::Number(number) => Node::Number(format!("-{number}")),
                operand => Node::op("neg", [operand]),
            });
        }
        if self.takes(&["+"]) {
            return self.expression(TIGHT);
        }
        if self.sees("(") {
            let mut list = self.list("(", ")")?;
            return if list.len() == 1 { list.pop() } else { Some(Node::List(list)) };
        }
        if self.takes(&["case"]) {
            return self.case();
        }
        if self.takes(&["cast", "("]) {
            let operand = self.expression(0)?;
            self.expect("as")?;
            let sql_type = self.type_name()?;
            self.expect(")")?;
            return Some(self.spelling.rewrite(Node::Cast(Box::new(operand), sql_type)));
        }
        if self.takes(&["array"]) {
            return Some(Node::Call("array".to_owned(), self.list("[", "]")?));
        }
        self.atom()
    }

    /// `( a, b )`
    fn list(&mut self, open: &str, close: &str) -> Option<Vec<Node>> {
        self.expect(open)?;
        let mut list = Vec::new();
        while !self.takes(&[close]) {
            if !list.is_empty() {
                self.expect(",")?;
            }
            list.push(self.expression(0)?);
        }
        Some(list)
    }

    fn case(&mut self) -> Option<Node> {
        let mut parts = Vec::new();
        let operand = if self.sees("when") { None } else { Some(self.expression(0)?) };
        let is_simple = operand.is_some();
        parts.extend(operand);
        while self.takes(&["when"]) {
            parts.push(self.expression(0)?);
            self.expect("then")?;
            parts.push(self.expression(0)?);
        }
        // ELSE NULL is what there is without ELSE.
        match self.takes(&["else"]) {
            true => parts.push(self.expression(0)?),
            false => parts.push(Node::Call("null".to_owned(), Vec::new())),
        }
        self.expect("end")?;
        Some(Node::Op(if is_simple { "case of" } else { "case" }.to_owned(), parts))
    }

    fn atom(&mut self) -> Option<Node> {
        let token = self.peek()?;
        let lower = token.text.to_lowercase();
        match token.kind {
            TokenKind::Symbol => None,
            TokenKind::Word if KEYWORDS.contains(&lower.as_str()) => None,
            TokenKind::Number => {
                self.at += 1;
                Some(Node::Number(lower))
            }
            TokenKind::Text => {
                self.at += 1;
                Some(self.spelling.rewrite(Node::Text(token.text.to_owned())))
            }
            TokenKind::Word
                if matches!(
                    &*lower,
                    "null" | "true" | "false" | "current_timestamp" | "current_date" | "current_user"
                ) =>
            {
                self.at += 1;
                Some(Node::Call(lower, Vec::new()))
            }
            TokenKind::Word if self.tokens.get(self.at + 1).is_some_and(|next| next.is("(")) => {
                self.at += 1;
                if self.takes(&["(", "*", ")"]) {
                    return Some(Node::Call(lower, vec![Node::Name(vec!["*".to_owned()])]));
                }
                let arguments = self.list("(", ")")?;
                Some(self.spelling.rewrite(Node::Call(lower, arguments)))
            }
            // `DATE '2024-05-01'`
            TokenKind::Word if self.tokens.get(self.at + 1).is_some_and(|next| next.kind == TokenKind::Text) => {
                let text = self.tokens.get(self.at + 1)?;
                self.at += 2;
                Some(self.spelling.rewrite(Node::Cast(Box::new(Node::Text(text.text.to_owned())), lower)))
            }
            TokenKind::Word | TokenKind::Quoted => self.name(),
        }
    }

    fn name(&mut self) -> Option<Node> {
        let mut parts = vec![self.name_part()?];
        while self.takes(&["."]) {
            parts.push(self.name_part()?);
        }
        Some(self.spelling.rewrite(Node::Name(parts)))
    }

    fn name_part(&mut self) -> Option<String> {
        let token = self.peek().filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Quoted))?;
        self.at += 1;
        let keeps = token.kind == TokenKind::Quoted && self.spelling.quotes_keep_case();
        Some(if keeps { token.unquoted() } else { token.unquoted().to_lowercase() })
    }

    /// A type: words, numbers in parentheses, and brackets.
    fn type_name(&mut self) -> Option<String> {
        let mut name = self.name_part()?;
        let more = ["varying", "precision", "without", "with", "time", "zone", "unsigned", "signed", "integer", "."];
        while let Some(token) = self.peek().filter(|token| more.iter().any(|word| token.is(word))) {
            name.push_str(if token.is(".") || name.ends_with('.') { "" } else { " " });
            name.push_str(&token.text.to_lowercase());
            self.at += 1;
            if token.is(".") {
                name.push_str(&self.name_part()?);
            }
        }
        if self.sees("(") {
            let numbers: Vec<_> = self.list("(", ")")?.iter().map(ToString::to_string).collect();
            name.push_str(&format!("({})", numbers.join(",")));
        }
        // `timestamp(3) without time zone`
        while let Some(token) = self.peek().filter(|token| more.iter().any(|word| token.is(word)) && !token.is(".")) {
            name.push(' ');
            name.push_str(&token.text.to_lowercase());
            self.at += 1;
        }
        while self.takes(&["[", "]"]) {
            name.push_str("[]");
        }
        Some(name)
    }

    /// What stands behind an operand; none where nothing that binds so tight does.
    #[allow(clippy::option_option, reason = "not understood, and nothing there")]
    fn infix(&mut self, left: &Node, least: u8) -> Option<Option<Node>> {
        let Some(token) = self.peek() else { return Some(None) };
        if self.takes(&["::"]) {
            let sql_type = self.type_name()?;
            return Some(Some(Node::Cast(Box::new(left.clone()), sql_type)));
        }
        if self.takes(&["collate"]) {
            let name = self.name_part()?;
            return Some(Some(Node::op("collate", [left.clone(), Node::Name(vec![name])])));
        }
        let symbol = token.text.to_lowercase();
        let binds = match (token.kind, symbol.as_str()) {
            (TokenKind::Word, "or") => OR,
            (TokenKind::Word, "and") => AND,
            (
                TokenKind::Word,
                "is" | "in" | "between" | "like" | "ilike" | "regexp" | "rlike" | "glob" | "match" | "not",
            ) => COMPARE,
            (TokenKind::Word, "div" | "mod") => MULTIPLY,
            (TokenKind::Symbol, "=" | "<>" | "!=" | "<" | ">" | "<=" | ">=" | "<=>") => COMPARE,
            (TokenKind::Symbol, "||") if self.spelling.concat_binds_tightest() => TIGHT - 1,
            (TokenKind::Symbol, "+" | "-") => ADD,
            (TokenKind::Symbol, "*" | "/" | "%") => MULTIPLY,
            (TokenKind::Symbol, ")" | "," | "]" | "(" | "." | ";") => return Some(None),
            (
                TokenKind::Symbol,
                "~~" | "~~*" | "!~~" | "!~~*" | "||" | "->" | "->>" | "#>>" | "~" | "~*" | "!~" | "!~*" | "&" | "|"
                | "<<",
            ) => OTHER,
            (TokenKind::Symbol, _) => return None,
            _ => return Some(None),
        };
        if binds <= least {
            return Some(None);
        }
        self.at += 1;
        if matches!(
            symbol.as_str(),
            "is" | "in" | "between" | "like" | "ilike" | "not" | "regexp" | "rlike" | "glob" | "match"
        ) {
            return self.words(&symbol, left.clone()).map(Some);
        }
        let any = [("=", "any"), ("<>", "all")].into_iter().find(|(op, word)| *op == symbol && self.sees(word));
        if let Some((_, word)) = any {
            return self.quantified(word, left.clone()).map(Some);
        }
        let right = self.expression(binds)?;
        Some(Some(match symbol.as_str() {
            "and" | "or" => Node::joined(&symbol, left.clone(), right),
            "!=" => Node::op("<>", [left.clone(), right]),
            "~~" => Node::op("like", [left.clone(), right]),
            "!~~" => Node::op("not like", [left.clone(), right]),
            "~~*" => Node::op("ilike", [left.clone(), right]),
            "!~~*" => Node::op("not ilike", [left.clone(), right]),
            _ => Node::op(&symbol, [left.clone(), right]),
        }))
    }

    /// Operators that are words.
    fn words(&mut self, word: &str, left: Node) -> Option<Node> {
        let mut word = word.to_owned();
        let negated = word == "not";
        if negated {
            word = self.peek()?.text.to_lowercase();
            self.at += 1;
        }
        Some(match word.as_str() {
            "is" => {
                let negated = self.takes(&["not"]);
                if self.takes(&["distinct", "from"]) {
                    let distinct = Node::op("is distinct", [left, self.expression(COMPARE)?]);
                    return Some(if negated { distinct.negated() } else { distinct });
                }
                let right = self.expression(COMPARE)?;
                Node::op(if negated { "is not" } else { "is" }, [left, right])
            }
            "in" => Node::within(left, self.list("(", ")")?, negated),
            "between" => {
                let low = self.expression(COMPARE)?;
                self.expect("and")?;
                Node::between(left, low, self.expression(COMPARE)?, negated)
            }
            "like" | "ilike" | "regexp" | "rlike" | "glob" | "match" => {
                let right = self.expression(COMPARE)?;
                let name = if negated { format!("not {word}") } else { word };
                match self.takes(&["escape"]) {
                    true => Node::Op(name, vec![left, right, self.expression(COMPARE)?]),
                    false => Node::Op(name, vec![left, right]),
                }
            }
            _ => return None,
        })
    }

    /// `= ANY (ARRAY[…])`, which is IN, and `<> ALL (ARRAY[…])`, which is NOT IN.
    fn quantified(&mut self, word: &str, left: Node) -> Option<Node> {
        self.expect(word)?;
        let mut list = self.list("(", ")")?.pop()?;
        while let Node::Cast(inner, sql_type) = list {
            if !sql_type.ends_with("[]") {
                return None;
            }
            list = *inner;
        }
        match list {
            Node::Call(name, items) if name == "array" => Some(Node::within(left, items, word == "all")),
            _ => None,
        }
    }
}
