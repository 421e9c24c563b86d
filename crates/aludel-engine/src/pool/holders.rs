//! Who holds connections, for the error of those who wait in vain.

use std::panic::Location;
use std::time::Instant;

use aludel_core::Holder;

/// The places where connections are held, each found again by its number.
#[derive(Debug, Default)]
pub(super) struct Holders {
    places: Vec<Option<Held>>,
    free: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
struct Held {
    by: &'static Location<'static>,
    /// Since when; none where the clock was not read, because a call that takes a connection for one statement is not
    /// worth it. Whoever has to wait stamps those.
    since: Option<Instant>,
}

impl Holders {
    #[inline]
    pub(super) fn add(&mut self, by: &'static Location<'static>, since: Option<Instant>) -> usize {
        let held = Some(Held { by, since });
        match self.free.pop() {
            Some(place) => {
                self.places[place] = held;
                place
            }
            None => {
                self.places.push(held);
                self.places.len() - 1
            }
        }
    }

    #[inline]
    pub(super) fn remove(&mut self, place: usize) {
        if let Some(held @ Some(_)) = self.places.get_mut(place) {
            *held = None;
            self.free.push(place);
        }
    }

    /// Somebody has begun to wait: from now on it is known that these are held.
    pub(super) fn stamp(&mut self, now: Instant) {
        for held in self.places.iter_mut().flatten() {
            held.since.get_or_insert(now);
        }
    }

    /// All of them, longest first.
    pub(super) fn list(&self) -> Vec<Holder> {
        let holders = self.places.iter().flatten();
        let mut holders: Vec<Holder> = holders
            .map(|held| Holder { location: held.by, held: held.since.map(|since| since.elapsed()).unwrap_or_default() })
            .collect();
        holders.sort_by_key(|holder| std::cmp::Reverse(holder.held));
        holders
    }
}
