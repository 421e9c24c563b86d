//! Futures that are dropped, for tests of what they leave behind.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use aludel::Engine;

/// Polls the future so many times, giving the other side time between, and drops it. True if it became ready.
///
/// It needs tokio's clock.
pub async fn poll_and_drop<F: Future>(future: F, polls: usize) -> bool {
    let mut future = pin!(future);
    for _ in 0..polls {
        match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(_) => return true,
            Poll::Pending => tokio::time::sleep(Duration::from_micros(300)).await,
        }
    }
    false
}

/// Waits until nobody holds a connection of the engine.
///
/// # Panics
/// When somebody still does after a second or more.
pub async fn is_free(engine: &Engine) {
    for _ in 0..1_000 {
        let status = engine.pool_status();
        if status.idle == status.open && status.waiting == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("a connection was not given back: {:?}", engine.pool_status());
}
