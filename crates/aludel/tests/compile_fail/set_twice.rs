use aludel::prelude::*;

#[derive(Entity)]
struct User {
    #[column(primary_key)]
    id: i64,
    name: String,
    email: String,
}

fn main() {
    let _ = User::build().name("ed").email("ed@x.org").name("jack");
}
