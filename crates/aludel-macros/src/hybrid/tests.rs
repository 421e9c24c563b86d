//! What is said of what has no translation, and what some things become.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ImplItemFn, parse_quote};

use super::{function, hybrid, term};

/// What is wrong with this method.
fn message(method: TokenStream) -> String {
    let method: ImplItemFn = parse_quote!(#method);
    match function::translated(&method) {
        Ok(tokens) => panic!("{tokens}"),
        Err(error) => error.to_string(),
    }
}

/// What is wrong with this body of a method.
fn body(tokens: TokenStream) -> String {
    message(quote!(fn test(&self, point: i64) -> i64 { #tokens }))
}

/// What the body becomes.
fn becomes(tokens: TokenStream) -> String {
    let method: ImplItemFn = parse_quote!(fn test(&self, point: i64) -> i64 { #tokens });
    let text = match function::translated(&method) {
        Ok(function) => function.to_string(),
        Err(error) => panic!("{error}"),
    };
    let lines = text.rsplit_once("into_argument (point) ;").map(|(_, body)| body.trim_end_matches('}').trim());
    lines.unwrap_or_default().to_owned()
}

#[test]
fn bodies_without_a_translation() {
    let unknown = term::unknown(&proc_macro2::Span::call_site()).to_string();
    for tokens in [
        quote!(self.start.pow(2)),
        quote!(self.name.trim()),
        quote!(self.start & 5),
        quote!(loop {
            break self.start;
        }),
        quote!(return self.start),
        quote!(i64::from(self.start)),
        quote!(format!("{}", self.name)),
        quote!([self.start][0]),
        quote!(self.iter().count()),
        quote!(|| self.start),
        quote!({
            println!("{}", point);
            self.start
        }),
        quote!({
            let (a, b) = (self.start, point);
            a
        }),
        quote!({
            let Some(a) = self.start else { return 5 };
            a
        }),
        quote!(if let Some(1) = self.start { 1 } else { 2 }),
        quote!(if let Pair(a, b) = self.start { a } else { 2 }),
        quote!(match self.start {
            [a] => a,
            _ => 2,
        }),
        quote!(match self.start {
            Some(a) | Ok(a) => a,
            _ => 2,
        }),
        quote!((..).contains(&point)),
        quote!(self.start?),
        quote!(&self.names[..]),
    ] {
        assert_eq!(body(tokens.clone()), unknown, "{tokens}");
    }
}

#[test]
fn other_mistakes() {
    let check = |tokens, expected| assert_eq!(body(tokens), expected);
    check(quote!(self.start.x), "a hybrid speaks of the columns of its own entity: a field of a field is none");
    check(quote!(self.0), "a hybrid speaks of the columns of its own entity: a field of a field is none");
    check(quote!(self == point), "a hybrid speaks of the fields of `self`, one by one");
    check(quote!(self.name == 'a'), "no type of a column has such values");
    check(
        quote!(if self.open {
            1
        }),
        "an `if` of a hybrid has an `else`",
    );
    check(quote!(match self.a {}), "a `match` of a hybrid has arms");
    check(
        quote!(match self.a {
            1 => 2,
            a if a > 5 => 1,
        }),
        "the last arm is for all that is left",
    );
    check(quote!(self.a as _), "say the type");
    check(quote!(let a = self.a;), "the last line of a hybrid is its value");
    check(
        quote!(if self.a == (if self.b { 1 } else { 2 }) { 3 } else { 4 }),
        "it is not clear of which type these values are: say it: `let name: Type = …;`",
    );
    check(
        quote!("text".contains(self.name)),
        "a value of the program has no methods in SQL: begin with the field, or the parameter",
    );
}

#[test]
fn methods_that_are_no_hybrids() {
    let check = |method, expected| assert_eq!(message(method), expected);
    check(
        quote!(
            fn a<T>(&self) -> T {
                self.a
            }
        ),
        "a hybrid has no type parameters or lifetimes",
    );
    check(
        quote!(
            async fn a(&self) -> i64 {
                self.a
            }
        ),
        "a hybrid computes: it can't wait",
    );
    check(
        quote!(
            fn a(&self) {
                self.a
            }
        ),
        "a hybrid gives a value",
    );
    check(
        quote!(
            fn a() -> i64 {
                5
            }
        ),
        "a hybrid is a method of `&self`",
    );
    check(
        quote!(
            fn a(a: i64) -> i64 {
                5
            }
        ),
        "a hybrid is a method of `&self`",
    );
    check(
        quote!(
            fn a(&self, (a, b): (i64, i64)) -> i64 {
                5
            }
        ),
        "a parameter of a hybrid is a name",
    );
}

#[test]
fn where_it_may_stand() {
    let check = |attribute, item, expected: &str| {
        let text = hybrid(attribute, item).to_string();
        assert!(text.contains(expected), "{text}");
    };
    check(
        quote!(),
        quote!(
            struct A;
        ),
        "`#[hybrid]` stands on the impl block of an entity, or on a method in one",
    );
    check(quote!(), quote!(impl B for A {}), "the methods of a trait can't be hybrids");
    check(quote!(skip), quote!(impl A {}), "options stand on a method");
    check(
        quote!(exp = a),
        quote!(
            fn a(&self) -> i64 {
                5
            }
        ),
        "Unknown field: `exp`. Did you mean `expr`?",
    );
    let both =
        hybrid(quote!(), quote!(impl A { #[hybrid(skip)] fn a(&self) {} const B: i64 = 5; fn c() {} })).to_string();
    assert_eq!(both, quote!(impl A { fn a(&self) {} const B: i64 = 5; fn c() {} }).to_string());
}

#[test]
fn values_stay_values() {
    let check = |from, to: TokenStream| assert_eq!(becomes(from), to.to_string());
    check(quote!(self.start - LIMIT * 2), quote!(__h::expr(__h::sub(Self::START, LIMIT * 2))));
    check(quote!(5 > point), quote!(__h::expr(__h::lt(point.clone(), 5))));
    check(
        quote!(1 - self.r#type),
        quote!(__h::expr({
            let right = __h::expr(Self::TYPE);
            __h::sub(__h::alike(1, &right), right)
        })),
    );
    check(quote!(self.name == "a".into()), quote!(__h::expr(__h::eq(Self::NAME, "a"))));
    check(quote!(Some(5) == self.end), quote!(__h::expr(__h::eq(Self::END, Some(5)))));
    check(quote!(None != self.end), quote!(__h::expr(__h::is_some(Self::END))));
    check(quote!(chrono::now().max(LIMIT)), quote!(__h::Argument::<i64, _>::into_argument(chrono::now().max(LIMIT))));
    check(
        quote!({
            let point = 5;
            point
        }),
        quote!(__h::Argument::<i64, _>::into_argument({
            let point = 5;
            point
        })),
    );
}
