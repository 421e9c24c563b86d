use aludel::prelude::*;

#[derive(Entity)]
struct Note {
    text: String,
}

fn main() {}
