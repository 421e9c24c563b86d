use aludel::prelude::*;

struct Plain {
    id: i64,
}

#[derive(Entity)]
struct User {
    #[column(primary_key)]
    id: i64,
}

fn fetch<E: Entity>() {}

fn main() {
    let _ = select(Plain { id: 1 });
    let _ = select(User { id: 1 });
    let _ = select((User::ID, Plain { id: 1 }));
    let _ = User::insert().row(Plain { id: 1 });
    fetch::<Plain>();
    let _ = Plain::select();
}
