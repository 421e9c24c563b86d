//! Events: what a program can be told of, under the names that people know.
//!
//! A listener is a closure. While an event has none, firing it costs a look at one number.

mod kinds;

use std::fmt;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

pub use kinds::{AfterExecute, BeforeExecute, ErrorEvent, PoolEvent, TransactionEvent};

/// A registered listener, to be taken off again by [`Events::remove`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ListenerId(u64);

type Listeners<F> = RwLock<Arc<[(u64, Arc<F>)]>>;

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident: $event:ident, $bit:literal;)+) => {
        /// The events of an engine; see [`Engine::events`](crate::Engine::events).
        ///
        /// Listeners are called in the order in which they were registered, on the thread on which the event happens. They
        /// must not wait.
        pub struct Events {
            listened: AtomicU32,
            next: AtomicU64,
            $($name: Listeners<dyn for<'a, 'b> Fn(&'a mut $event<'b>) + Send + Sync>,)+
        }

        impl Default for Events {
            fn default() -> Self {
                Self {
                    listened: AtomicU32::new(0),
                    next: AtomicU64::new(1),
                    $($name: RwLock::new(Arc::from([])),)+
                }
            }
        }

        impl Events {
            $(
                $(#[$doc])*
                pub fn $name(&self, listener: impl for<'a, 'b> Fn(&'a mut $event<'b>) + Send + Sync + 'static) -> ListenerId {
                    let id = self.next.fetch_add(1, Ordering::Relaxed);
                    let mut listeners = self.$name.write().unwrap_or_else(PoisonError::into_inner);
                    let added: (u64, Arc<dyn for<'a, 'b> Fn(&'a mut $event<'b>) + Send + Sync>) = (id, Arc::new(listener));
                    *listeners = listeners.iter().cloned().chain([added]).collect();
                    self.listened.fetch_or(1 << $bit, Ordering::Release);
                    ListenerId(id)
                }
            )+

            /// Takes a listener off. False if it was off already.
            pub fn remove(&self, listener: ListenerId) -> bool {
                let mut is_found = false;
                $(
                    let mut listeners = self.$name.write().unwrap_or_else(PoisonError::into_inner);
                    if listeners.iter().any(|(id, _)| *id == listener.0) {
                        is_found = true;
                        *listeners = listeners.iter().filter(|(id, _)| *id != listener.0).cloned().collect();
                        if listeners.is_empty() {
                            self.listened.fetch_and(!(1 << $bit), Ordering::Release);
                        }
                    }
                    drop(listeners);
                )+
                is_found
            }
        }

        /// Calls the listeners of an event.
        pub(crate) mod fire {
            use super::*;
            $(
                pub(crate) fn $name<'b>(events: &Events, event: impl FnOnce() -> $event<'b>) {
                    if events.listened.load(Ordering::Relaxed) & (1 << $bit) == 0 {
                        return;
                    }
                    let listeners = Arc::clone(&*events.$name.read().unwrap_or_else(PoisonError::into_inner));
                    let mut event = event();
                    for (_, listener) in listeners.iter() {
                        listener(&mut event);
                    }
                }
            )+
        }
    };
}

events! {
    /// A statement is about to run. Fires for each statement of a bulk insert's rows once.
    before_cursor_execute: BeforeExecute, 0;
    /// A statement has run, with or without success.
    after_cursor_execute: AfterExecute, 1;
    /// A statement, or opening a connection, has failed.
    handle_error: ErrorEvent, 2;
    /// A connection was opened.
    connect: PoolEvent, 3;
    /// A connection was taken from the pool.
    checkout: PoolEvent, 4;
    /// A connection came back to the pool.
    checkin: PoolEvent, 5;
    /// A connection is of no more use.
    invalidate: PoolEvent, 6;
    /// A connection is being closed.
    close: PoolEvent, 7;
    /// A transaction has begun.
    begin: TransactionEvent, 8;
    /// A transaction was committed.
    commit: TransactionEvent, 9;
    /// A transaction was rolled back.
    rollback: TransactionEvent, 10;
    /// A savepoint was set.
    savepoint: TransactionEvent, 11;
    /// The transaction has gone back to a savepoint.
    rollback_savepoint: TransactionEvent, 12;
    /// A savepoint was forgotten, and what was done since it was kept.
    release_savepoint: TransactionEvent, 13;
}

impl Events {
    /// Whether anybody wants to know of statements.
    #[inline]
    pub(crate) fn watch_statements(&self) -> bool {
        self.listened.load(Ordering::Relaxed) & 0b111 != 0
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Events(listened: {:#b})", self.listened.load(Ordering::Relaxed))
    }
}
