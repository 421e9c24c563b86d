use aludel::prelude::*;

#[derive(Entity)]
struct Generic<T> {
    #[column(primary_key)]
    id: T,
}

#[derive(Entity)]
struct Borrowed<'a> {
    #[column(primary_key)]
    id: &'a str,
}

#[derive(Entity)]
enum Kind {
    A,
}

#[derive(Entity)]
struct Pair(i64, String);

#[derive(Entity)]
struct Clash {
    #[column(primary_key)]
    id: i64,
    all: bool,
}

fn main() {}
