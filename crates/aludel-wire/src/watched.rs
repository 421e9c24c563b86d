//! A socket of the async face, and what the runtime watches of it.
//!
//! The runtime watches for input alone. A socket in the file system is said to have room each time that the other side has read
//! from it; who watches for that as well is woken twice by each answer, once for nothing. So room is waited for only where a
//! write has found none, by a copy of the file descriptor.

use std::io::{self, ErrorKind};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::task::{Context, Poll, ready};

use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::task::coop;

use crate::plain::{Patience, receive, send};

/// A socket that does not block.
#[derive(Debug)]
pub(crate) struct Watched {
    input: AsyncFd<OwnedFd>,
    /// A copy, while there is no room for what is to be written.
    room: Option<AsyncFd<OwnedFd>>,
}

/// Whether the runtime is told of what is new, and not of what is: a read that does not fill its buffer has then emptied the
/// socket, and whatever comes is told.
const TELLS_NEWS: bool = cfg!(any(target_os = "linux", target_os = "android", target_vendor = "apple"));

impl Watched {
    /// Must be called within a runtime.
    pub(crate) fn new(socket: OwnedFd) -> io::Result<Self> {
        Ok(Self { input: watch(socket, Interest::READABLE)?, room: None })
    }

    #[inline]
    pub(crate) fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        loop {
            let mut ready = ready!(self.input.poll_read_ready(cx))?;
            match receive(self.input.as_fd(), buffer, Patience::Now) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => ready.clear_ready(),
                Ok(read) => {
                    if TELLS_NEWS && 0 < read && read < buffer.len() {
                        ready.clear_ready();
                    }
                    return Poll::Ready(Ok(read));
                }
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }

    #[inline]
    pub(crate) fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        // Whoever writes for long must let other tasks run in between, as with the runtime's own sockets.
        let turn = ready!(coop::poll_proceed(cx));
        loop {
            match send(self.input.as_fd(), bytes, Patience::Now) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => ready!(self.poll_room(cx))?,
                result => {
                    turn.made_progress();
                    if result.as_ref().is_ok_and(|written| *written == bytes.len()) {
                        self.room = None;
                    }
                    return Poll::Ready(result);
                }
            }
        }
    }

    /// Waits until a write is worth another try.
    #[cold]
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let room = match &mut self.room {
            Some(room) => room,
            none => {
                let copy = self.input.get_ref().try_clone()?;
                none.insert(watch(copy, Interest::WRITABLE)?)
            }
        };
        ready!(room.poll_write_ready(cx))?.clear_ready();
        Poll::Ready(Ok(()))
    }
}

#[allow(
    deprecated,
    reason = "what takes its place is `unsafe`, for types that may close their descriptor; an `OwnedFd` does not"
)]
fn watch(socket: OwnedFd, interest: Interest) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::with_interest(socket, interest)
}

impl AsFd for Watched {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.input.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::os::unix::net::UnixListener;
    use std::time::Duration;

    use aludel_engine::driver::Face;

    use crate::{Address, SocketOptions, Wire};

    const LENGTH: usize = 4 << 20;

    #[tokio::test]
    async fn writes_wait_for_room_and_reads_go_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let listener = UnixListener::bind(&path).unwrap();
        let other = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            for _ in 0..3 {
                // Nothing is taken until what is sent here was read there: both sides have full sockets by then.
                stream.write_all(&vec![7; LENGTH]).unwrap();
                let mut taken = vec![0; LENGTH];
                stream.read_exact(&mut taken).unwrap();
                assert!(taken.iter().enumerate().all(|(i, byte)| usize::from(*byte) == i % 251));
            }
        });
        let mut wire = Wire::connect(&Address::Unix(path), &SocketOptions::default(), Face::Async).await.unwrap();
        for _ in 0..3 {
            wire.out().extend((0..LENGTH).map(|i| u8::try_from(i % 251).unwrap()));
            // One that is dropped in the middle is gone on with.
            if tokio::time::timeout(Duration::from_micros(100), wire.flush()).await.is_err() {
                wire.flush().await.unwrap();
            }
            assert!(wire.is_flushed());
            while wire.input().len() < LENGTH {
                wire.fill().await.unwrap();
            }
            assert!(wire.input().iter().all(|byte| *byte == 7));
            wire.consume(LENGTH);
        }
        assert!(tokio::time::timeout(Duration::from_secs(5), wire.wait_for_close()).await.is_ok());
        other.join().unwrap();
    }
}
