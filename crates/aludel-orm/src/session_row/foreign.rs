//! Types of other libraries and of single databases, as rows of a session.

#[cfg(feature = "jiff")]
mod with_jiff {
    crate::session_value!(jiff::civil::Date, jiff::civil::Time, jiff::civil::DateTime, jiff::Timestamp);
    crate::session_value!(jiff::SignedDuration, jiff::Span);
}

#[cfg(feature = "chrono")]
mod with_chrono {
    use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

    crate::session_value!(NaiveDate, NaiveTime, NaiveDateTime, DateTime<Utc>, TimeDelta);
}

#[cfg(feature = "time")]
mod with_time {
    crate::session_value!(time::Date, time::Time, time::PrimitiveDateTime, time::OffsetDateTime, time::Duration);
}

#[cfg(feature = "uuid")]
mod with_uuid {
    crate::session_value!(uuid::Uuid);
}

#[cfg(feature = "rust_decimal")]
mod with_rust_decimal {
    crate::session_value!(rust_decimal::Decimal);
}

#[cfg(feature = "serde_json")]
mod with_serde_json {
    crate::session_value!(serde_json::Value);
    crate::session_value!(<T> aludel_core::Json<T>);
}

#[cfg(feature = "bigdecimal")]
mod with_bigdecimal {
    crate::session_value!(bigdecimal::BigDecimal);
}

mod with_postgres {
    use aludel_core::postgres::{
        Bits, Cidr, Citext, Hstore, Inet, LTree, MacAddr, Multirange, Point, Range, TsQuery, TsVector, Xml,
    };

    crate::session_value!(Bits, Cidr, Citext, Hstore, Inet, LTree, MacAddr, Point, TsQuery, TsVector, Xml);
    crate::session_value!(<T> Range<T>);
    crate::session_value!(<T> Multirange<T>);
}

mod with_mysql {
    use aludel_core::mysql::{BitField, Geometry, Set, Year};

    crate::session_value!(BitField, Geometry, Year);
    crate::session_value!(<T> Set<T>);
}
