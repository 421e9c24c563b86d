use aludel::prelude::*;

#[derive(SqlNewtype)]
struct Two(i64, i64);

#[derive(SqlNewtype)]
struct Optional(Option<i64>);

#[derive(SqlNewtype)]
enum Kind {
    A,
}

struct Inner;

#[derive(SqlNewtype)]
struct Unknown(Inner);

fn main() {}
