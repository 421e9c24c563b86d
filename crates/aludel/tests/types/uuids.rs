//! `uuid`.

use uuid::Uuid;

use crate::column_type;

column_type!(
    uuids,
    Uuid,
    ordered,
    [Uuid::nil(), Uuid::from_u128(1), Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef), Uuid::max()]
);
