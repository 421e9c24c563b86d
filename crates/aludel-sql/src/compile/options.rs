//! What a compilation may be told.

/// What a compilation may be told beside the statement.
#[derive(Clone, Debug)]
pub struct CompileOptions {
    /// Other schemas in place of those that the tables say.
    pub schemas: SchemaMap,
    /// Whether FROM elements that nothing joins give a warning.
    pub lint: bool,
}

impl Default for CompileOptions {
    fn default() -> Self {
        Self { schemas: SchemaMap::default(), lint: true }
    }
}

/// Schemas to be used in place of others, such as one per tenant.
///
/// ```
/// use aludel_sql::compile::SchemaMap;
///
/// let map = SchemaMap::default().with(None, Some("tenant_1"));
/// assert_eq!(map.get(None), Some("tenant_1"));
/// assert_eq!(map.get(Some("sales")), Some("sales"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchemaMap(Vec<(Option<String>, Option<String>)>);

impl SchemaMap {
    /// Tables that say `from` are looked for in `to`; none stands for a table without a schema.
    #[must_use]
    pub fn with(mut self, from: Option<&str>, to: Option<&str>) -> Self {
        self.0.push((from.map(str::to_owned), to.map(str::to_owned)));
        self
    }

    /// The schema to write for a table that says this one.
    #[must_use]
    pub fn get<'a>(&'a self, schema: Option<&'a str>) -> Option<&'a str> {
        match self.0.iter().find(|(from, _)| from.as_deref() == schema) {
            Some((_, to)) => to.as_deref(),
            None => schema,
        }
    }
}
