use aludel::prelude::*;

#[derive(Entity)]
#[entity(tabel = "users")]
struct User {
    #[column(primry_key)]
    id: i64,
    #[column(primary_key, colour = "red")]
    name: String,
}

#[derive(FromRow)]
struct Summary {
    #[column(primary_key)]
    name: String,
}

fn main() {}
