//! Whether hashes of keys are spread well.

use std::collections::HashSet;

use aludel_sql::{Arguments, Executable, Expression, all_of, select};

use crate::support::{Address, Order, User};

/// Statements that differ in a few operators, as the statements of a program do.
fn statement(number: usize) -> Arguments {
    let mut rest = number;
    let mut digit = |count: usize| {
        let digit = rest % count;
        rest /= count;
        digit
    };
    let mut compare = |column: aludel_sql::Column<User, i64>| match digit(6) {
        0 => column.eq(1),
        1 => column.ne(1),
        2 => column.lt(1),
        3 => column.le(1),
        4 => column.gt(1),
        _ => column.ge(1),
    };
    let conditions = all_of([compare(User::ID), compare(User::ID), compare(User::ID)]);
    let query = match digit(4) {
        0 => select(User::ID).filter(conditions),
        1 => select(User::ID).filter(conditions).filter(User::NAME.eq("x")),
        2 => select(User::ID).join(Address::TABLE, Address::USER_ID.eq(User::ID)).filter(conditions),
        _ => select(User::ID).join(Order::TABLE, Order::USER_ID.eq(User::ID)).filter(conditions),
    };
    let length = digit(8);
    let query = query.filter(User::ID.in_((0..(1 << length)).map(i64::from)));
    let query = if digit(2) == 1 { query.distinct() } else { query };
    let query = if digit(2) == 1 { query.limit(1) } else { query };
    let query = match digit(4) {
        0 => query,
        1 => query.order_by(User::ID),
        2 => query.order_by(User::ID.desc()),
        _ => query.order_by(User::NAME),
    };
    match digit(8) {
        0 => query.into_arguments(),
        label => query.columns(User::NAME.label(format!("name{label}"))).into_arguments(),
    }
}

#[test]
fn hashes_of_a_hundred_thousand_keys_are_spread() {
    const COUNT: usize = 110_592; // 6³ · 4 · 8 · 2 · 2 · 4 of the digits above, and two labels
    let hashes: Vec<u64> = (0..COUNT).map(|number| statement(number).key().hash()).collect();
    let distinct: HashSet<u64> = hashes.iter().copied().collect();
    assert_eq!(distinct.len(), COUNT, "hashes of different keys meet");
    // What a table looks at: the lowest bits and the highest. Of a fair hash no bucket would be 7 deviations off.
    for (name, bucket) in [("low", (|hash| hash % 1024) as fn(u64) -> u64), ("high", |hash| hash >> 54)] {
        let mut buckets = [0_u32; 1024];
        hashes.iter().for_each(|hash| buckets[usize::try_from(bucket(*hash)).expect("small")] += 1);
        let (least, most) = (buckets.iter().min(), buckets.iter().max());
        assert!(least > Some(&35) && most < Some(&181), "{name} bits: {least:?} to {most:?} where 108 are fair");
    }
}
