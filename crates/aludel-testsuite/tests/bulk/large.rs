//! 400,000 rows.

use aludel::prelude::*;
use aludel_testsuite::Backend;

use crate::each::everywhere;
use crate::place::{Item, count, item, open};

everywhere!(four_hundred_thousand_rows);

async fn four_hundred_thousand_rows(backend: Backend) {
    const ROWS: i64 = 400_000;
    let place = open(backend).await;
    let inserted = place.engine.insert(insert(Item::TABLE).rows((0..ROWS).map(item))).await.unwrap();
    assert_eq!(inserted, ROWS.cast_unsigned());
    assert_eq!(count(&place.engine).await, ROWS);
    let (numbers, names): (Option<i64>, i64) =
        place.engine.fetch_one(select((func::sum(Item::NUMBER), func::count(Item::NAME)))).await.unwrap();
    assert_eq!(numbers, Some(ROWS * (ROWS - 1) / 2));
    assert_eq!(names, ROWS - (ROWS + 2) / 3);
    for number in [0, 1, 399_999, 123_457] {
        let row: Item = place.engine.fetch_one(select(Item::ALL).filter(Item::NUMBER.eq(number))).await.unwrap();
        assert_eq!(row, Item { id: row.id, ..item(number) });
    }
}
