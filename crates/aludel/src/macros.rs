//! Macros.

/// The tables of entities, as [`create_all`](crate::Engine::create_all) and `drop_all` take them, in any order.
///
/// ```
/// use aludel::prelude::*;
///
/// #[derive(Entity)]
/// struct Tag {
///     #[column(primary_key)]
///     name: String,
/// }
///
/// let engine = aludel::blocking::Engine::connect("sqlite::memory:")?;
/// engine.create_all(schema![Tag])?;
/// # Ok::<(), aludel::Error>(())
/// ```
#[macro_export]
macro_rules! schema {
    ($($entity:ty),* $(,)?) => {
        &[$(<$entity>::TABLE.definition()),*]
    };
}
