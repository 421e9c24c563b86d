use aludel::prelude::*;

#[derive(Entity)]
struct User {
    #[column(primary_key)]
    id: i64,
    name: String,
    email: String,
    fullname: Option<String>,
}

fn main() {
    let _ = User::insert().row(User::build());
    let _ = User::insert().row(User::build().name("ed").fullname("Ed"));
    let _ = User::insert().rows([User::build().email("ed@x.org")]);
}
