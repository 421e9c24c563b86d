#![doc = include_str!("docs/guide.md")]

#[doc = include_str!("docs/guide/entities.md")]
pub mod entities {}

#[doc = include_str!("docs/guide/session.md")]
pub mod session {}

#[doc = include_str!("docs/guide/unit_of_work.md")]
pub mod unit_of_work {}

#[doc = include_str!("docs/guide/loading.md")]
pub mod loading {}

#[doc = include_str!("docs/guide/queries.md")]
pub mod queries {}

#[doc = include_str!("docs/guide/attributes.md")]
pub mod attributes {}

#[doc = include_str!("docs/guide/types.md")]
pub mod types {}

#[doc = include_str!("docs/guide/inheritance.md")]
pub mod inheritance {}

#[doc = include_str!("docs/guide/events.md")]
pub mod events {}

#[doc = include_str!("docs/guide/reflection.md")]
pub mod reflection {}

#[doc = include_str!("docs/guide/databases.md")]
pub mod databases {}

#[doc = include_str!("docs/guide/faces.md")]
pub mod faces {}

#[doc = include_str!("docs/guide/sqlalchemy.md")]
pub mod sqlalchemy {}
