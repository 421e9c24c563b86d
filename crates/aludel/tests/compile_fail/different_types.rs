use aludel::prelude::*;

#[derive(Entity)]
struct User {
    #[column(primary_key)]
    id: i64,
    name: String,
    age: i32,
    boss: Option<i64>,
}

fn main() {
    let _ = User::ID.eq(User::NAME);
    let _ = User::AGE.lt(User::ID);
    let _ = User::NAME.eq(User::BOSS);
    let _ = User::select().filter(User::NAME);
    let _ = User::ID.like("5%");
}
