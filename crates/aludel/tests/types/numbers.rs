//! Booleans, integers, floating-point numbers, Aludel's own decimals.

use aludel::Decimal;

use crate::column_type;

column_type!(bools, bool, ordered, [false, true]);
column_type!(eight_bits, i8, ordered, [i8::MIN, -1, 0, 1, i8::MAX]);
column_type!(sixteen_bits, i16, ordered, [i16::MIN, -1, 0, 1, i16::MAX]);
column_type!(thirty_two_bits, i32, ordered, [i32::MIN, -1, 0, 1, i32::MAX]);
column_type!(sixty_four_bits, i64, ordered, [i64::MIN, -(1 << 53) - 1, -1, 0, 1, (1 << 53) + 1, i64::MAX]);
column_type!(unsigned_eight_bits, u8, ordered, [0, 1, 128, u8::MAX]);
column_type!(unsigned_sixteen_bits, u16, ordered, [0, 1, 32_768, u16::MAX]);
column_type!(unsigned_thirty_two_bits, u32, ordered, [0, 1, 2_147_483_648, u32::MAX]);
column_type!(
    single_floats,
    f32,
    ordered,
    [
        f32::NEG_INFINITY,
        f32::MIN,
        -1.5,
        0.0,
        f32::from_bits(1),
        f32::MIN_POSITIVE,
        0.1,
        16_777_217.0,
        f32::MAX,
        f32::INFINITY
    ]
);
column_type!(
    double_floats,
    f64,
    ordered,
    [
        f64::NEG_INFINITY,
        f64::MIN,
        -9_007_199_254_740_993.0,
        -1.5,
        0.0,
        f64::from_bits(1),
        f64::MIN_POSITIVE,
        0.1,
        0.1 + 0.2,
        1e18,
        f64::MAX,
        f64::INFINITY
    ]
);
column_type!(
    decimals,
    Decimal,
    ordered,
    [
        "-9223372036854775808",
        "-999999999999.999",
        "-0.05",
        "0",
        "0.000000000000001",
        "0.1",
        "1.5",
        "123456789012.345",
        "999999999999999",
        "9223372036854775807",
        "100000000000000000000000000000"
    ]
    .map(|text| Decimal::parse(text).expect("a decimal"))
);
