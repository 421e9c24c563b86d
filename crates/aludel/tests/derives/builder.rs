//! Builders: only what was set is given.

use aludel::prelude::*;
use aludel::{EncodeRow, Value};

use crate::fake_row::{NULL, cell, written};

#[derive(Entity, Debug)]
struct Post {
    #[column(primary_key)]
    id: i64,
    title: String,
    author: i32,
    subtitle: Option<String>,
    rating: Option<i16>,
    data: Option<serde_json::Value>,
    #[column(default = "draft")]
    state: String,
    #[column(default = 1 + 1)]
    version: i16,
    #[column(default)]
    tags: String,
    #[column(default = Some(7.0))]
    weight: Option<f64>,
    #[column(server_default_now)]
    created: String,
    #[column(computed = "length(title)")]
    length: i64,
    r#type: u8,
}

/// What a row gives, as `position = value`.
fn given(row: impl NewRow<Post>) -> Vec<String> {
    let columns = <Post as Entity>::columns();
    row.given()
        .iter()
        .map(|index| {
            let value = row.column_value(index);
            assert_eq!(written(&row, index), Ok(value.clone()));
            format!("{} = {value:?}", columns[index].name())
        })
        .collect()
}

#[test]
fn only_what_was_set_is_given() {
    let post = Post::build().title("Hello").author(5).r#type(2);
    insta::assert_debug_snapshot!(given(post), @r#"
    [
        "title = 'Hello'",
        "author = 5",
        "state = 'draft'",
        "version = 2",
        "tags = ''",
        "weight = 7.0",
        "type = 2",
    ]
    "#);
}

#[test]
fn everything_can_be_set_in_any_order() {
    let post = Post::build()
        .r#type(2)
        .weight(1.5)
        .rating(4)
        .created("now")
        .tags("a,b")
        .author(5)
        .state(String::from("done"))
        .version(3)
        .title('H')
        .subtitle("Sub")
        .id(9);
    insta::assert_debug_snapshot!(given(post), @r#"
    [
        "id = 9",
        "title = 'H'",
        "author = 5",
        "subtitle = 'Sub'",
        "rating = 4",
        "state = 'done'",
        "version = 3",
        "tags = 'a,b'",
        "weight = 1.5",
        "created = 'now'",
        "type = 2",
    ]
    "#);
}

#[test]
fn what_may_be_null_takes_values_and_options() {
    let start = || Post::build().title("Hello").author(5).r#type(2).weight(None).state("x");
    let subtitle = |post: PostRow| post.0.last().cloned();
    struct PostRow(Vec<String>);
    let of = |row: Vec<String>| subtitle(PostRow(row.into_iter().filter(|one| one.starts_with("subtitle")).collect()));
    assert_eq!(of(given(start().subtitle("a"))).as_deref(), Some("subtitle = 'a'"));
    assert_eq!(of(given(start().subtitle(String::from("a")))).as_deref(), Some("subtitle = 'a'"));
    assert_eq!(of(given(start().subtitle(Some(String::from("a"))))).as_deref(), Some("subtitle = 'a'"));
    assert_eq!(of(given(start().subtitle(None))).as_deref(), Some("subtitle = NULL"));
    assert_eq!(of(given(start())), None);
}

#[test]
fn numbers_and_json_are_taken_as_they_are() {
    let start = || Post::build().title("Hello").author(5).r#type(2);
    let value = |post: &dyn Fn() -> Value| post();
    assert_eq!(value(&|| start().rating(5).column_value(4)), cell(5_i64));
    assert_eq!(value(&|| start().rating(Some(5)).column_value(4)), cell(5_i64));
    assert_eq!(value(&|| start().rating(None).column_value(4)), NULL);
    assert!(matches!(start().data(serde_json::json!([1])).column_value(5), Value::Json(_)));
    assert!(matches!(start().data(Some(serde_json::json!([1]))).column_value(5), Value::Json(_)));
    assert_eq!(start().data(None).column_value(5), NULL);
}

#[test]
fn a_column_that_is_not_there() {
    let post = Post::build().title("Hello").author(5).r#type(2);
    assert_eq!(written(&post, 13).unwrap_err().to_string(), "is not there: the row has 13 column(s)");
    assert_eq!(written(&post, 11).unwrap_err().to_string(), "is not there: the row has 13 column(s)");
    assert_eq!(post.column_value(13), NULL);
}

#[derive(Entity)]
struct Nothing {
    #[column(primary_key)]
    id: i64,
}

#[test]
fn nothing_need_be_set() {
    let row = Nothing::build();
    assert!(NewRow::<Nothing>::given(&row).is_empty());
    fn is_row(_: &impl EncodeRow) {}
    is_row(&row);
}

/// `a_1` and `a1` are the same word in camel case.
#[derive(Entity)]
struct Alike {
    #[column(primary_key)]
    a_1: String,
    a1: String,
}

#[test]
fn fields_that_look_alike() {
    let row = Alike::build().a1("x").a_1("y");
    assert_eq!(NewRow::<Alike>::column_value(&row, 0), cell("y"));
}
