use aludel::prelude::*;

#[derive(Composite, Clone)]
struct Point {
    x: i32,
    y: i32,
}

#[derive(Clone)]
struct Plain {
    x: i32,
}

#[derive(Entity)]
struct OtherTypes {
    #[column(primary_key)]
    id: i64,
    #[composite(columns(a: i64, b: i32))]
    types: Point,
    #[composite(columns(c: i32))]
    count: Point,
    #[composite(columns(d: i32, e: i32))]
    plain: Plain,
}

#[derive(Entity)]
struct Validated {
    #[column(primary_key)]
    id: i64,
    #[column(validate = no_name)]
    name: String,
    #[column(validate = takes_numbers)]
    text: String,
    #[column(validate = says_no_error)]
    other: String,
}

fn takes_numbers(_: &i64) -> Result<(), String> {
    Ok(())
}

fn says_no_error(_: &str) -> bool {
    true
}

fn main() {
    let _ = OtherTypes::build().types(5);
}
