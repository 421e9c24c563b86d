//! Rows as they come, without holding all of them.

use std::fmt;
use std::future::poll_fn;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use aludel_core::{Error, FromRow, Result, UsageError};
use aludel_sql::Arguments;
use futures_core::Stream;

use crate::cache::look_up;
use crate::driver::{BoxFuture, Slot};
use crate::execute::{execute, failed, with_statement};
use crate::hold::{Held, Hold};
use crate::script::Plan;
use crate::sinks::Rows;

/// The rows of a statement as they come: some are fetched at once, the rest when those were taken.
///
/// The connection is in use until the last row was taken or the stream is dropped.
#[must_use = "a stream does nothing unless it is polled"]
pub struct RowStream<'c, R> {
    state: State<'c, R>,
    rows: std::vec::IntoIter<R>,
    chunk: usize,
}

/// The rows of a statement in vectors of a given length, the last of which may be shorter.
#[must_use = "a stream does nothing unless it is polled"]
#[derive(Debug)]
pub struct Partitions<'c, R> {
    stream: RowStream<'c, R>,
    /// Rows of a vector that is not full yet.
    gathered: Vec<R>,
}

enum State<'c, R> {
    New(Box<Start<'c>>),
    Refused(Error),
    Between(Box<Cursor<'c, R>>),
    Fetching(BoxFuture<'c, Fetched<'c, R>>),
    Over,
}

/// Rows, and the cursor where there are more.
type Fetched<'c, R> = (Result<Vec<R>>, Option<Box<Cursor<'c, R>>>);

/// What it takes to begin.
struct Start<'c> {
    hold: Hold<'c>,
    arguments: Arguments,
    by_name: bool,
    at: &'static Location<'static>,
}

/// A statement of which not all rows were fetched.
struct Cursor<'c, R> {
    held: Held<'c>,
    arguments: Arguments,
    sink: Rows<R>,
    is_finished: bool,
    at: &'static Location<'static>,
}

impl<'c, R: FromRow + Send + 'static> RowStream<'c, R> {
    pub(crate) fn new(hold: Hold<'c>, plan: Plan<R>, by_name: bool, at: &'static Location<'static>) -> Self {
        let chunk = hold.shared().options.stream_rows;
        let state = match plan {
            Plan::Statement(arguments) => State::New(Box::new(Start { hold, arguments, by_name, at })),
            Plan::Script(_) => State::Refused(no_stream(at)),
        };
        Self { state, rows: Vec::new().into_iter(), chunk }
    }

    /// The next row; none at the end.
    ///
    /// # Errors
    /// When no connection can be had, the database refuses the statement, or a row is no `R`. Nothing follows an error.
    pub async fn next(&mut self) -> Option<Result<R>> {
        poll_fn(|cx| self.poll_row(cx)).await
    }

    /// The rows in vectors of so many.
    pub fn partitions(mut self, rows: usize) -> Partitions<'c, R> {
        self.chunk = rows.max(1);
        Partitions { stream: self, gathered: Vec::new() }
    }

    fn poll_row(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<R>>> {
        loop {
            if let Some(row) = self.rows.next() {
                return Poll::Ready(Some(Ok(row)));
            }
            match ready!(self.poll_chunk(cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(rows)) => self.rows = rows.into_iter(),
            }
        }
    }

    /// Some rows, never none; nothing at the end.
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Vec<R>>>> {
        loop {
            match std::mem::replace(&mut self.state, State::Over) {
                State::Over => return Poll::Ready(None),
                State::Refused(error) => return Poll::Ready(Some(Err(error))),
                State::New(start) => self.state = State::Fetching(Box::pin(begin(start, self.chunk))),
                State::Between(cursor) if cursor.is_finished => return Poll::Ready(None),
                State::Between(cursor) => self.state = State::Fetching(Box::pin(go_on(cursor, self.chunk))),
                State::Fetching(mut fetching) => {
                    let Poll::Ready((result, cursor)) = fetching.as_mut().poll(cx) else {
                        self.state = State::Fetching(fetching);
                        return Poll::Pending;
                    };
                    let rows = match result {
                        Ok(rows) => rows,
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    };
                    if let Some(cursor) = cursor {
                        self.state = State::Between(cursor);
                    }
                    if !rows.is_empty() {
                        return Poll::Ready(Some(Ok(rows)));
                    }
                }
            }
        }
    }
}

#[cold]
fn no_stream(at: &'static Location<'static>) -> Error {
    let message = "the rows of this result come from several statements, so they can't be streamed; use `fetch_all`";
    Error::from(UsageError::new(message)).with_location(at)
}

async fn begin<R: FromRow + Send + 'static>(start: Box<Start<'_>>, chunk: usize) -> Fetched<'_, R> {
    let Start { hold, arguments, by_name, at } = *start;
    let held = match hold.take(at).await {
        Ok(held) => held,
        Err(error) => return (Err(error), None),
    };
    let sink = Rows::new(by_name);
    let mut cursor = Box::new(Cursor { held, arguments, sink, is_finished: false, at });
    let shared = cursor.held.shared;
    let Cursor { held, arguments, sink, .. } = &mut *cursor;
    let outcome = execute(shared, held.live(), arguments, sink, chunk, at).await;
    cursor.fetched(outcome.map(|outcome| outcome.finished))
}

async fn go_on<R: FromRow + Send + 'static>(mut cursor: Box<Cursor<'_, R>>, chunk: usize) -> Fetched<'_, R> {
    let Cursor { held, sink, .. } = &mut *cursor;
    let outcome = held.live().connection.resume(sink, chunk).await;
    let outcome = outcome.map(|outcome| outcome.finished).map_err(|error| cursor.explain(error));
    cursor.fetched(outcome)
}

impl<'c, R: FromRow + Send + 'static> Cursor<'c, R> {
    fn fetched(mut self: Box<Self>, finished: Result<bool>) -> Fetched<'c, R> {
        match finished {
            Ok(is_finished) => {
                self.is_finished = is_finished;
                let rows = self.sink.take();
                // The connection goes back as soon as nothing more is wanted of it.
                (Ok(rows), (!is_finished).then_some(self))
            }
            Err(error) => (Err(error), None),
        }
    }

    #[cold]
    fn explain(&mut self, error: Error) -> Error {
        let shared = self.held.shared;
        let live = self.held.live();
        let mut forgotten = None;
        let Ok((mut found, _)) =
            look_up(&mut live.statements, &shared.cache, &self.arguments, &*shared.dialect, &mut forgotten)
        else {
            return error.with_location(self.at);
        };
        let mut once = Slot::EMPTY;
        let error = with_statement(shared, found.parts(&mut once).0, &self.arguments, error, self.at);
        failed(shared, Some((live.number, &mut live.is_lost)), &error);
        error
    }
}

impl<R> Drop for Cursor<'_, R> {
    fn drop(&mut self) {
        // An open cursor holds a snapshot of the database, so it is not left to the next use. One from the pool goes back
        // there, which does the same.
        if !self.is_finished && !self.held.is_from_pool() && self.held.live().connection.owes() {
            self.held.live().connection.abandon(false);
        }
    }
}

// The future is pinned by its box, and rows are not pinned.
impl<R> Unpin for RowStream<'_, R> {}
impl<R> Unpin for Partitions<'_, R> {}

impl<R: FromRow + Send + 'static> Stream for RowStream<'_, R> {
    type Item = Result<R>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<R>>> {
        self.get_mut().poll_row(cx)
    }
}

impl<R: FromRow + Send + 'static> Partitions<'_, R> {
    fn poll_rows(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Vec<R>>>> {
        let Self { stream, gathered } = self;
        loop {
            gathered.extend(stream.rows.by_ref().take(stream.chunk - gathered.len()));
            if gathered.len() == stream.chunk {
                return Poll::Ready(Some(Ok(std::mem::take(gathered))));
            }
            match ready!(stream.poll_chunk(cx)) {
                // Most often it is just what is wanted.
                Some(Ok(rows)) if gathered.is_empty() && rows.len() == stream.chunk => {
                    return Poll::Ready(Some(Ok(rows)));
                }
                Some(Ok(rows)) => stream.rows = rows.into_iter(),
                Some(Err(error)) => {
                    gathered.clear();
                    return Poll::Ready(Some(Err(error)));
                }
                None if gathered.is_empty() => return Poll::Ready(None),
                None => return Poll::Ready(Some(Ok(std::mem::take(gathered)))),
            }
        }
    }

    /// The next rows; none at the end.
    ///
    /// # Errors
    /// As [`RowStream::next`].
    pub async fn next(&mut self) -> Option<Result<Vec<R>>> {
        poll_fn(|cx| self.poll_rows(cx)).await
    }
}

impl<R: FromRow + Send + 'static> Stream for Partitions<'_, R> {
    type Item = Result<Vec<R>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Vec<R>>>> {
        self.get_mut().poll_rows(cx)
    }
}

impl<R> fmt::Debug for RowStream<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowStream")
            .field("at_hand", &self.rows.len())
            .field("chunk", &self.chunk)
            .finish_non_exhaustive()
    }
}
