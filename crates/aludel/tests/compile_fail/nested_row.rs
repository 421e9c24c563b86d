use aludel::prelude::*;

#[derive(FromRow)]
struct Unmarked {
    pair: (i64, String),
}

#[derive(FromRow)]
struct WithoutNames {
    #[column(nested)]
    pair: (i64, String),
}

#[derive(FromRow)]
struct Both {
    #[column(nested, name = "a")]
    a: i64,
}

fn main() {}
