//! What the server says without being asked: notices and notifications.

use std::collections::VecDeque;
use std::io;

use crate::error::Report;
use crate::message::Body;

/// A message of `NOTIFY`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notification {
    /// The channel's name.
    pub channel: String,
    /// What was said; empty where nothing was.
    pub payload: String,
    /// The process of the server that said it: `pg_backend_pid()` of the connection.
    pub process: i32,
}

/// Notifications that nobody has asked for yet.
#[derive(Debug, Default)]
pub(crate) struct Notifications(VecDeque<Notification>);

/// So many are kept; the oldest go first.
const KEPT: usize = 10_000;

impl Notifications {
    /// Reads the body of a NotificationResponse.
    #[cold]
    pub(crate) fn note(&mut self, body: &[u8]) -> io::Result<()> {
        let mut body = Body(body);
        let process = body.i32()?;
        let (channel, payload) = (body.text()?.to_owned(), body.text()?.to_owned());
        if self.0.len() >= KEPT {
            self.0.pop_front();
            tracing::warn!(target: "aludel::postgres", "notifications are lost: nobody asks for them");
        }
        self.0.push_back(Notification { channel, payload, process });
        Ok(())
    }

    /// The oldest.
    pub(crate) fn next(&mut self) -> Option<Notification> {
        self.0.pop_front()
    }
}

/// Tells `tracing` of a notice.
#[cold]
pub(crate) fn tell(body: &[u8]) -> io::Result<()> {
    let report = Report::parse(body)?;
    let (code, message) = (&*report.code, &*report.message);
    match &*report.severity {
        "WARNING" => tracing::warn!(target: "aludel::postgres", code, "{message}"),
        "NOTICE" | "INFO" => tracing::info!(target: "aludel::postgres", code, "{message}"),
        _ => tracing::debug!(target: "aludel::postgres", code, "{message}"),
    }
    Ok(())
}
