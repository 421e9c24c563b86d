use aludel::prelude::*;

#[derive(Entity)]
struct User {
    #[column(primary_key)]
    id: i64,
    #[column(unique)]
    name: String,
    age: i32,
}

#[derive(Entity)]
struct WrongType {
    #[column(primary_key)]
    id: i64,
    #[column(references = User::ID)]
    user: String,
    #[column(references = User::NAME)]
    name: Option<i32>,
}

#[derive(Entity)]
struct NotAKey {
    #[column(primary_key)]
    id: i64,
    #[column(references = User::AGE)]
    age: i32,
}

#[derive(Entity)]
struct NotThere {
    #[column(primary_key)]
    id: i64,
    #[column(references = User::EMAIL)]
    email: String,
}

#[derive(Entity)]
#[entity(foreign_key(columns(id), references(User::ID, User::NAME)))]
struct Unequal {
    #[column(primary_key)]
    id: i64,
}

#[derive(Entity)]
#[entity(foreign_key(columns(id, name), references(User::ID, NotAKey::ID)))]
struct TwoTables {
    #[column(primary_key)]
    id: i64,
    name: String,
}

#[derive(Entity)]
#[entity(unique(columns(naem)), index(columns(up(name))))]
struct NoPath {
    #[column(primary_key, references = id)]
    id: i64,
    #[column(references = 5, on_delete = "casscade")]
    name: String,
    #[column(on_delete = "cascade")]
    other: i64,
}

fn main() {}
