//! Text and bytes.

use crate::column_type;

column_type!(
    texts,
    String,
    ordered,
    [
        String::new(),
        "\0".to_owned(),
        " ".to_owned(),
        "1".to_owned(),
        "A 'quoted' \"text\" with ? and :name".to_owned(),
        "a".to_owned(),
        "a\0b".to_owned(),
        "exactly twenty-four byte".to_owned(),
        "long ".repeat(10_000),
        "é".to_owned(),
        "e\u{301}".replace('e', "\u{ea}"),
        "ß".replace('ß', "\u{4e2d}\u{6587}"),
        "🦀🚀".to_owned(),
        char::MAX.to_string()
    ]
);
column_type!(
    bytes,
    Vec<u8>,
    ordered,
    [vec![], vec![0], vec![0, 0], b"text".to_vec(), vec![128; 70_000], (128..=255).collect::<Vec<u8>>(), vec![255]]
);
