//! Spans and lines for `tracing`.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use aludel::blocking::Engine;
use aludel::prelude::*;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Keeps what it is told.
#[derive(Clone, Default)]
struct Kept {
    spans: Arc<Mutex<Vec<BTreeMap<String, String>>>>,
    lines: Arc<Mutex<Vec<(Level, String)>>>,
    next: Arc<AtomicU64>,
}

struct Fields<'a>(&'a mut BTreeMap<String, String>);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }
}

impl Subscriber for Kept {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "aludel::sql"
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = BTreeMap::new();
        span.record(&mut Fields(&mut fields));
        self.spans.lock().unwrap().push(fields);
        Id::from_u64(self.next.fetch_add(1, Ordering::Relaxed) + 1)
    }
    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut spans = self.spans.lock().unwrap();
        let index = usize::try_from(span.into_u64()).unwrap() - 1;
        values.record(&mut Fields(&mut spans[index]));
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut fields = BTreeMap::new();
        event.record(&mut Fields(&mut fields));
        let message = fields.remove("message").unwrap_or_default();
        self.lines.lock().unwrap().push((*event.metadata().level(), message));
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn spans_have_the_names_of_opentelemetry() {
    let kept = Kept::default();
    tracing::subscriber::with_default(kept.clone(), || {
        let engine = Engine::connect("sqlite::memory:").unwrap();
        let statement = || text("SELECT :n AS n UNION ALL SELECT 2").bind("n", 1_i64);
        engine.fetch_all(statement()).unwrap();
        engine.fetch_all(text("SELECT nothing")).unwrap_err();
    });
    let spans = kept.spans.lock().unwrap();
    let field = |index: usize, name: &str| spans[index].get(name).map_or("", |value| value.as_str());
    assert_eq!(field(0, "db.system.name"), "sqlite");
    assert_eq!(field(0, "db.namespace"), ":memory:");
    assert_eq!(field(0, "db.query.text"), "SELECT ? AS n UNION ALL SELECT 2");
    assert_eq!(field(0, "db.operation.name"), "SQL");
    assert_eq!(field(0, "db.response.returned_rows"), "2");
    assert_eq!(field(0, "otel.kind"), "client");
    assert!(field(0, "code.file.path").ends_with("tracing_spans.rs"));
    assert_eq!(field(1, "otel.status_code"), "ERROR");
    assert_eq!(field(1, "error.type"), "1");

    let lines = kept.lines.lock().unwrap();
    assert_eq!(lines[0], (Level::INFO, "SELECT ? AS n UNION ALL SELECT 2".to_owned()));
    assert!(lines[1].0 == Level::INFO && lines[1].1.starts_with("[generated in 0.0") && lines[1].1.ends_with("] (1)"));
    assert!(lines[2].0 == Level::DEBUG && lines[2].1.contains("tracing_spans.rs:"), "{:?}", lines[2]);
}
