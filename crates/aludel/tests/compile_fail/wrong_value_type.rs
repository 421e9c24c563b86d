use aludel::prelude::*;

#[derive(Entity)]
struct User {
    #[column(primary_key)]
    id: i64,
    name: String,
    fullname: Option<String>,
    age: Option<i32>,
}

fn main() {
    let _ = User::select().filter(User::ID.eq("five"));
    let _ = User::update().set(User::NAME, 5);
    let _ = User::NAME.in_([1, 2]);
    let _ = User::build().name(5);
    let _ = User::build().fullname(5);
    let _ = User::build().age("five");
}
