use aludel::prelude::*;

struct Point {
    x: f64,
    y: f64,
}

#[derive(Entity)]
struct Place {
    #[column(primary_key)]
    id: i64,
    point: Point,
}

#[derive(FromRow)]
struct Row {
    point: Point,
}

fn main() {}
