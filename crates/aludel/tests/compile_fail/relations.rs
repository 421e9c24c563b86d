use aludel::prelude::*;

#[derive(Entity)]
struct User {
    #[column(primary_key)]
    id: i64,
    boss_id: Option<i64>,
    #[has_many(Address::USER_ID)]
    addresses: Many<Address>,
}

#[derive(Entity)]
struct Address {
    #[column(primary_key)]
    id: i64,
    #[column(references = User::ID)]
    user_id: i64,
}

#[derive(Entity)]
struct OtherColumns {
    #[column(primary_key)]
    id: i64,
    #[has_many(User::BOSS_ID)]
    addresses: Many<Address>,
    #[has_one(User::BOSS_ID)]
    address: One<Address>,
    #[belongs_to(Address::USER_ID)]
    user: One<User>,
    #[many_to_many(Address::USER_ID, User::BOSS_ID)]
    users: Many<User>,
    #[has_many(Address::USER_ID, order_by = User::ID, position = User::ID)]
    ordered: Many<Address>,
    #[has_many(Address::USER)]
    not_there: Many<Address>,
    #[has_many(Address::USER_ID, filter = Address::USER_ID)]
    filtered: Many<Address>,
}

#[derive(Entity)]
struct OtherTypes {
    #[column(primary_key)]
    id: i64,
    #[has_many(Address::USER_ID)]
    a: One<Address>,
    #[belongs_to(User::BOSS_ID)]
    b: Option<User>,
    c: Many<Address>,
    #[has_many(Address::USER_ID, cascade = "all, delete-orphans")]
    d: Many<Address>,
    #[has_many(Address::USER_ID)]
    #[many_to_many(Address::USER_ID, Address::ID)]
    e: Many<Address>,
    #[has_one(Address::USER_ID, order_by = Address::ID)]
    f: One<Address>,
    #[column(version)]
    g: String,
}

#[derive(Entity)]
struct NotAnEntity {
    #[column(primary_key)]
    id: i64,
    #[has_many(Address::USER_ID)]
    names: Many<String>,
}

#[derive(Entity)]
struct NotCloned {
    #[column(primary_key)]
    id: i64,
    kind: Kind,
}

#[derive(SqlEnum)]
enum Kind {
    A,
}

fn main() {
    let _ = Address::build().user_id(5).user(User::build());
    let _ = User::build().addresses([User::build()]);
    let _ = User::build().addresses(5);
}
