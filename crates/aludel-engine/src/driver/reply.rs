//! Answers that are there, or will be.

use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use aludel_core::{Error, Result};

use super::Face;

/// A boxed future that can be sent to another thread.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An answer that is there, or will be.
#[must_use = "a reply does nothing unless it is awaited"]
pub enum Reply<'a, T> {
    /// The answer. Empty once taken.
    Now(Option<Result<T>>),
    /// A future that gives it.
    Later(BoxFuture<'a, Result<T>>),
}

impl<'a, T> Reply<'a, T> {
    /// An answer that is there.
    #[inline]
    pub fn now(answer: Result<T>) -> Self {
        Self::Now(Some(answer))
    }

    /// An answer that has to be waited for.
    pub fn later(future: impl Future<Output = Result<T>> + Send + 'a) -> Self {
        Self::Later(Box::pin(future))
    }

    /// The answer of a future that never waits on the blocking face, since what it awaits blocks there: it is there at once
    /// on that face, and will be on the other.
    pub fn on(face: Face, future: impl Future<Output = Result<T>> + Send + 'a) -> Self {
        match face {
            Face::Async => Self::later(future),
            Face::Blocking => match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(answer) => Self::now(answer),
                Poll::Pending => Self::now(Err(Error::other("a blocking connection would have waited"))),
            },
        }
    }
}

// No reference into the answer is ever handed out, and the future is pinned by its own box.
impl<T> Unpin for Reply<'_, T> {}

impl<T> Future for Reply<'_, T> {
    type Output = Result<T>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Now(answer) => Poll::Ready(answer.take().unwrap_or_else(polled_again)),
            Self::Later(future) => future.as_mut().poll(cx),
        }
    }
}

#[cold]
fn polled_again<T>() -> Result<T> {
    Err(Error::other("a reply was polled after it had given its answer"))
}

impl<T> fmt::Debug for Reply<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Now(_) => "Reply::Now",
            Self::Later(_) => "Reply::Later",
        })
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[test]
    fn a_face_decides_when_an_answer_is_there() {
        assert!(matches!(Reply::on(Face::Blocking, ready(Ok(5))), Reply::Now(Some(Ok(5)))));
        assert!(matches!(Reply::on(Face::Async, ready(Ok(5))), Reply::Later(_)));
        let Reply::Now(Some(Err(error))) = Reply::<()>::on(Face::Blocking, pending()) else {
            panic!("there is nobody who could wait");
        };
        assert!(error.to_string().contains("would have waited"), "{error}");
    }
}
