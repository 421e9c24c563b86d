use aludel::prelude::*;

#[derive(Entity)]
#[entity(table = 5, rename_all = "Camel")]
struct Kinds {
    #[column(primary_key, primary_key)]
    id: i64,
    #[column(numeric(2, 15))]
    a: f64,
    #[column(numeric = 5)]
    b: f64,
    #[column(varchar = "fifty")]
    c: String,
    #[column(generated = "always")]
    d: i64,
    #[column(server_default = 5)]
    e: i64,
    #[column(deferrable = "later", references = Kinds::ID)]
    f: i64,
}

#[derive(Entity)]
struct Contradictions {
    #[column(primary_key)]
    id: i64,
    #[column(varchar = 5, char = 2)]
    a: String,
    #[column(server_default = "1", server_default_now)]
    b: i64,
    #[column(stored)]
    c: i64,
    #[column(computed = "a", generated = "identity")]
    d: i64,
    #[column(generated)]
    e: i64,
    #[column(computed = "a", default = 5)]
    f: i64,
}

#[derive(Entity)]
struct TwoKeys {
    #[column(primary_key, generated)]
    a: i64,
    #[column(primary_key)]
    b: i64,
}

#[derive(Entity)]
struct WrongDefault {
    #[column(primary_key)]
    id: i64,
    #[column(default = "five")]
    number: i64,
}

fn main() {}
