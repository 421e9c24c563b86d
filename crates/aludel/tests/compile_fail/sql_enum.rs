use aludel::prelude::*;

#[derive(SqlEnum)]
enum WithFields {
    A,
    B(i64),
}

#[derive(SqlEnum)]
enum SameLabel {
    Red,
    #[sql_enum(label = "red")]
    Rouge,
}

#[derive(SqlEnum)]
enum Nothing {}

#[derive(SqlEnum)]
struct NoEnum {
    a: i64,
}

#[derive(SqlEnum)]
#[sql_enum(integer)]
#[repr(u64)]
enum TooWide {
    A,
}

#[derive(SqlEnum)]
#[sql_enum(rename = "lowercase")]
enum Unknown {
    A,
}

fn main() {}
