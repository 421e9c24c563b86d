//! A socket of either face, without TLS.

use std::io::{self, ErrorKind};
use std::net::{TcpStream as StdTcp, ToSocketAddrs};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream as StdUnix;
use std::task::{Context, Poll};
use std::time::Duration;

use aludel_engine::driver::Face;
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::net::{RecvFlags, SendFlags};
use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpStream, UnixStream};

use crate::address::{Address, SocketOptions};
use crate::watched::Watched;

/// An open socket.
#[derive(Debug)]
pub(crate) enum Plain {
    Blocking(Blocking),
    Async(Watched),
}

/// A socket that blocks.
#[derive(Debug)]
pub(crate) struct Blocking {
    socket: OwnedFd,
    /// How long a read waits for the first byte.
    limit: Option<Duration>,
    /// Whether what is not yet input may wake a read: a socket in the file system is said to have room each time that the other
    /// side has read from it, and a read that waits in `recv` is woken by that too, for nothing. In `poll` it is not.
    is_woken_by_room: bool,
    /// Whether there may be more than was read last.
    may_have_more: bool,
}

/// Whether a call may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Patience {
    /// On the blocking face it waits in the call; on the async face the task is woken.
    Wait,
    /// It never waits in the call; nobody is woken on the blocking face.
    Now,
}

impl Plain {
    pub(crate) async fn connect(address: &Address, options: &SocketOptions, face: Face) -> io::Result<Self> {
        let mut plain = match (face, address) {
            (Face::Blocking, Address::Tcp { host, port }) => {
                Self::Blocking(Blocking::new(connect_blocking(host, *port, options.connect_timeout)?.into(), false))
            }
            (Face::Blocking, Address::Unix(path)) => {
                Self::Blocking(Blocking::new(StdUnix::connect(path)?.into(), true))
            }
            (Face::Async, address) => {
                if tokio::runtime::Handle::try_current().is_err() {
                    return Err(io::Error::other(
                        "an async connection needs a tokio runtime; run the program in one, or use `aludel::blocking`",
                    ));
                }
                let socket = match address {
                    Address::Tcp { host, port } => TcpStream::connect((host.as_str(), *port)).await?.into_std()?.into(),
                    Address::Unix(path) => UnixStream::connect(path).await?.into_std()?.into(),
                };
                Self::Async(Watched::new(socket)?)
            }
        };
        plain.set_up(address, options)?;
        Ok(plain)
    }

    fn set_up(&mut self, address: &Address, options: &SocketOptions) -> io::Result<()> {
        let fd = self.as_fd();
        let socket = SockRef::from(&fd);
        if matches!(address, Address::Tcp { .. }) {
            socket.set_tcp_nodelay(true)?;
            if let Some(idle) = options.keepalive {
                let idle = idle.max(Duration::from_secs(1));
                let keepalive =
                    TcpKeepalive::new().with_time(idle).with_interval((idle / 4).max(Duration::from_secs(1)));
                socket.set_tcp_keepalive(&keepalive.with_retries(4))?;
            }
            #[cfg(target_os = "linux")]
            if options.user_timeout.is_some() {
                socket.set_tcp_user_timeout(options.user_timeout)?;
            }
        }
        self.set_read_timeout(options.read_timeout)
    }

    /// On the async face whoever reads watches the clock.
    pub(crate) fn set_read_timeout(&mut self, limit: Option<Duration>) -> io::Result<()> {
        let Self::Blocking(blocking) = self else {
            return Ok(());
        };
        blocking.limit = limit.map(|limit| limit.max(Duration::from_millis(1)));
        SockRef::from(&blocking.socket).set_read_timeout(blocking.limit)
    }

    pub(crate) fn is_blocking(&self) -> bool {
        matches!(self, Self::Blocking(_))
    }

    pub(crate) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
        patience: Patience,
    ) -> Poll<io::Result<usize>> {
        match self {
            Self::Async(socket) => socket.poll_read(cx, buffer),
            Self::Blocking(blocking) => blocking.poll_read(buffer, patience),
        }
    }

    pub(crate) fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &[u8],
        patience: Patience,
    ) -> Poll<io::Result<usize>> {
        match self {
            Self::Async(socket) => socket.poll_write(cx, bytes),
            Self::Blocking(Blocking { socket, .. }) => loop {
                return match send(socket.as_fd(), bytes, patience) {
                    Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                    Err(error) if error.kind() == ErrorKind::WouldBlock && patience == Patience::Now => Poll::Pending,
                    result => Poll::Ready(result),
                };
            },
        }
    }

    /// Blocks until the socket can be written to or has something to read.
    pub(crate) fn wait_for_either(&self) -> io::Result<()> {
        wait_for(self.as_fd(), PollFlags::IN | PollFlags::OUT, None).map(drop)
    }

    /// Blocks until the socket has something to read, or so much time has passed.
    pub(crate) fn wait_for_input(&self, limit: Duration) -> io::Result<()> {
        wait_for(self.as_fd(), PollFlags::IN, Some(limit)).map(drop)
    }
}

impl Blocking {
    fn new(socket: OwnedFd, is_woken_by_room: bool) -> Self {
        Self { socket, limit: None, is_woken_by_room, may_have_more: false }
    }

    fn poll_read(&mut self, buffer: &mut [u8], patience: Patience) -> Poll<io::Result<usize>> {
        if self.is_woken_by_room
            && !self.may_have_more
            && patience == Patience::Wait
            && !wait_for(self.socket.as_fd(), PollFlags::IN, self.limit)?
        {
            return Poll::Ready(Err(read_timed_out()));
        }
        loop {
            return match receive(self.socket.as_fd(), buffer, patience) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == ErrorKind::WouldBlock && patience == Patience::Now => Poll::Pending,
                // What the system calls a timeout of a blocking socket.
                Err(error) if error.kind() == ErrorKind::WouldBlock => Poll::Ready(Err(read_timed_out())),
                result => {
                    self.may_have_more = result.as_ref().is_ok_and(|read| *read == buffer.len());
                    Poll::Ready(result)
                }
            };
        }
    }
}

/// Blocks until something of this is so, or so much time has passed. Tells whether it is.
fn wait_for(socket: BorrowedFd<'_>, what: PollFlags, limit: Option<Duration>) -> io::Result<bool> {
    let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
    let mut fds = [PollFd::from_borrowed_fd(socket, what)];
    loop {
        match rustix::event::poll(&mut fds, limit.as_ref()) {
            Ok(ready) => return Ok(ready > 0),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

impl AsFd for Plain {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Blocking(blocking) => blocking.socket.as_fd(),
            Self::Async(socket) => socket.as_fd(),
        }
    }
}

/// Tries the addresses of the name one after the other.
fn connect_blocking(host: &str, port: u16, timeout: Duration) -> io::Result<StdTcp> {
    let mut last = None;
    for address in (host, port).to_socket_addrs()? {
        match StdTcp::connect_timeout(&address, timeout.max(Duration::from_millis(1))) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| io::Error::new(ErrorKind::NotFound, "the name has no address")))
}

/// Reads what has arrived, and waits for it where there is patience and the socket blocks.
#[inline]
pub(crate) fn receive(socket: BorrowedFd<'_>, buffer: &mut [u8], patience: Patience) -> io::Result<usize> {
    let flags = if patience == Patience::Now { RecvFlags::DONTWAIT } else { RecvFlags::empty() };
    let (read, _) = rustix::net::recv(socket, buffer, flags)?;
    Ok(read)
}

/// Writes as [`receive`] reads.
#[inline]
pub(crate) fn send(socket: BorrowedFd<'_>, bytes: &[u8], patience: Patience) -> io::Result<usize> {
    let flags = if patience == Patience::Now { SendFlags::DONTWAIT } else { SendFlags::empty() };
    Ok(rustix::net::send(socket, bytes, flags | SendFlags::NOSIGNAL)?)
}

#[cold]
pub(crate) fn read_timed_out() -> io::Error {
    io::Error::new(ErrorKind::TimedOut, "the server did not answer within the read timeout")
}
