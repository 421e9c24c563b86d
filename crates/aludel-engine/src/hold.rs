//! A connection for the length of a call.

use std::panic::Location;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aludel_core::Result;

use crate::events::{PoolEvent, fire};
use crate::live::Live;
use crate::shared::{Shared, pool_event};

/// Where a call gets its connection from.
pub(crate) enum Hold<'c> {
    /// The pool.
    Pool(&'c Arc<Shared>),
    /// Whoever makes the call has one, in a transaction of this level (0 for none).
    Live { shared: &'c Arc<Shared>, live: &'c mut Live, level: u32 },
}

/// A connection for the length of a call; goes back to the pool at its end, if it is from there.
#[derive(Debug)]
pub(crate) struct Held<'c> {
    pub(crate) shared: &'c Arc<Shared>,
    live: Taken<'c>,
}

#[derive(Debug)]
enum Taken<'c> {
    /// None only while it is being given back.
    FromPool(Option<Box<Live>>),
    Borrowed(&'c mut Live),
}

impl<'c> Hold<'c> {
    pub(crate) fn shared(&self) -> &'c Arc<Shared> {
        match self {
            Self::Pool(shared) | Self::Live { shared, .. } => shared,
        }
    }

    /// The connection, waited for where that is needed.
    #[inline]
    pub(crate) async fn take(self, at: &'static Location<'static>) -> Result<Held<'c>> {
        match self {
            Self::Pool(shared) => {
                let live = checkout(shared, at).await?;
                Ok(Held { shared, live: Taken::FromPool(Some(live)) })
            }
            Self::Live { shared, live, level } => {
                if level > 0 {
                    if live.is_unsettled() {
                        Box::pin(live.settle(shared)).await?;
                    }
                    live.check_level(level).map_err(|error| error.with_location(at))?;
                }
                Ok(Held { shared, live: Taken::Borrowed(live) })
            }
        }
    }

    /// As [`take`](Self::take), for whoever goes on with an open cursor, which settling would close.
    pub(crate) async fn take_with_cursor(self, at: &'static Location<'static>) -> Result<Held<'c>> {
        match self {
            Self::Live { shared, live, level } if !live.owes_rollback() => {
                if level > 0 {
                    live.check_level(level).map_err(|error| error.with_location(at))?;
                }
                Ok(Held { shared, live: Taken::Borrowed(live) })
            }
            other => other.take(at).await,
        }
    }
}

/// Takes a connection from the pool.
#[inline]
pub(crate) async fn checkout(shared: &Arc<Shared>, at: &'static Location<'static>) -> Result<Box<Live>> {
    let mut live = match shared.pool.try_take(shared, at) {
        Some(mut live) => {
            live.waited = Duration::ZERO;
            live
        }
        None => Box::pin(wait(shared, at)).await?,
    };
    fire::checkout(&shared.events, || PoolEvent { location: Some(at), ..pool_event(&mut live, None) });
    Ok(live)
}

/// Takes a connection from a pool that has none at hand: it opens one, or waits until one comes back.
async fn wait(shared: &Arc<Shared>, at: &'static Location<'static>) -> Result<Box<Live>> {
    let started = Instant::now();
    match shared.pool.take(shared, at).await {
        Ok(mut live) => {
            live.waited = started.elapsed();
            Ok(live)
        }
        Err(error) => {
            let error = error.with_location(at);
            crate::execute::failed(shared, None, &error);
            Err(error)
        }
    }
}

/// Gives a connection back to the pool.
#[inline]
pub(crate) fn checkin(shared: &Arc<Shared>, mut live: Box<Live>) {
    fire::checkin(&shared.events, || pool_event(&mut live, None));
    shared.pool.give_back(shared, live);
}

impl Held<'_> {
    #[inline]
    pub(crate) fn live(&mut self) -> &mut Live {
        match &mut self.live {
            Taken::FromPool(Some(live)) => live,
            Taken::Borrowed(live) => live,
            Taken::FromPool(None) => unreachable!("a connection is given back only when its holder is dropped"),
        }
    }

    /// Whether the connection goes back to the pool when this ends.
    pub(crate) fn is_from_pool(&self) -> bool {
        matches!(self.live, Taken::FromPool(_))
    }
}

impl Drop for Held<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Taken::FromPool(live) = &mut self.live
            && let Some(live) = live.take()
        {
            checkin(self.shared, live);
        }
    }
}
