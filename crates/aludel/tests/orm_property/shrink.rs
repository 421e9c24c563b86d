//! Making a failing run shorter.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use crate::random::Op;

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs, and takes a panic as an error.
pub(crate) fn caught(work: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !IS_QUIET.get() {
                usual(info);
            }
        }));
    });
    IS_QUIET.set(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    IS_QUIET.set(false);
    result.unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().cloned();
        let words = words.or_else(|| panic.downcast_ref::<&str>().map(|words| (*words).to_owned()));
        Err(format!("panicked: {}", words.unwrap_or_default()))
    })
}

/// Takes work away for as long as it still fails, and tells what is left.
pub(crate) fn report(seed: u64, words: String, mut ops: Vec<Op>, run: impl Fn(&[Op]) -> Result<(), String>) -> String {
    let mut words = words;
    let mut size = ops.len() / 2;
    while size > 0 {
        let mut at = 0;
        let mut is_shorter = false;
        while at < ops.len() {
            let mut fewer = ops.clone();
            fewer.drain(at..(at + size).min(ops.len()));
            match caught(|| run(&fewer)) {
                Err(error) => (ops, words, is_shorter) = (fewer, error, true),
                Ok(()) => at += size,
            }
        }
        if !is_shorter || size > 1 {
            size /= 2;
        }
    }
    format!("seed {seed} fails with {} operations:\n{words}", ops.len())
}
