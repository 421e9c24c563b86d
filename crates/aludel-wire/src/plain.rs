//! The four kinds of socket, without TLS.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream as StdTcp, ToSocketAddrs};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream as StdUnix;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use aludel_engine::driver::Face;
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::net::{RecvFlags, SendFlags};
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};

use crate::address::{Address, SocketOptions};

/// An open socket.
#[derive(Debug)]
pub(crate) enum Plain {
    Tcp(TcpStream),
    Unix(UnixStream),
    BlockingTcp(StdTcp),
    BlockingUnix(StdUnix),
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
        let plain = match (face, address) {
            (Face::Blocking, Address::Tcp { host, port }) => {
                Self::BlockingTcp(connect_blocking(host, *port, options.connect_timeout)?)
            }
            (Face::Blocking, Address::Unix(path)) => Self::BlockingUnix(StdUnix::connect(path)?),
            (Face::Async, address) => {
                if tokio::runtime::Handle::try_current().is_err() {
                    return Err(io::Error::other(
                        "an async connection needs a tokio runtime; run the program in one, or use `aludel::blocking`",
                    ));
                }
                match address {
                    Address::Tcp { host, port } => Self::Tcp(TcpStream::connect((host.as_str(), *port)).await?),
                    Address::Unix(path) => Self::Unix(UnixStream::connect(path).await?),
                }
            }
        };
        plain.set_up(options)?;
        Ok(plain)
    }

    fn set_up(&self, options: &SocketOptions) -> io::Result<()> {
        let fd = self.as_fd();
        let socket = SockRef::from(&fd);
        if matches!(self, Self::Tcp(_) | Self::BlockingTcp(_)) {
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
    pub(crate) fn set_read_timeout(&self, limit: Option<Duration>) -> io::Result<()> {
        if !self.is_blocking() {
            return Ok(());
        }
        SockRef::from(&self.as_fd()).set_read_timeout(limit.map(|limit| limit.max(Duration::from_millis(1))))
    }

    pub(crate) fn is_blocking(&self) -> bool {
        matches!(self, Self::BlockingTcp(_) | Self::BlockingUnix(_))
    }

    pub(crate) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
        patience: Patience,
    ) -> Poll<io::Result<usize>> {
        match self {
            Self::Tcp(stream) => read_async(Pin::new(stream), cx, buffer),
            Self::Unix(stream) => read_async(Pin::new(stream), cx, buffer),
            Self::BlockingTcp(stream) if patience == Patience::Wait => read_blocking(stream, buffer),
            Self::BlockingUnix(stream) if patience == Patience::Wait => read_blocking(stream, buffer),
            _ => match rustix::net::recv(self.as_fd(), &mut *buffer, RecvFlags::DONTWAIT) {
                Ok((read, _)) => Poll::Ready(Ok(read)),
                Err(error) => now_or_pending(error.into()),
            },
        }
    }

    pub(crate) fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &[u8],
        patience: Patience,
    ) -> Poll<io::Result<usize>> {
        match self {
            Self::Tcp(stream) => Pin::new(stream).poll_write(cx, bytes),
            Self::Unix(stream) => Pin::new(stream).poll_write(cx, bytes),
            Self::BlockingTcp(stream) if patience == Patience::Wait => write_blocking(stream, bytes),
            Self::BlockingUnix(stream) if patience == Patience::Wait => write_blocking(stream, bytes),
            _ => match rustix::net::send(self.as_fd(), bytes, SendFlags::DONTWAIT | SendFlags::NOSIGNAL) {
                Ok(written) => Poll::Ready(Ok(written)),
                Err(error) => now_or_pending(error.into()),
            },
        }
    }

    /// Blocks until the socket can be written to or has something to read.
    pub(crate) fn wait_for_either(&self) -> io::Result<()> {
        self.wait_for(PollFlags::IN | PollFlags::OUT, None)
    }

    /// Blocks until the socket has something to read, or so much time has passed.
    pub(crate) fn wait_for_input(&self, limit: Duration) -> io::Result<()> {
        let limit = Timespec::try_from(limit).ok();
        self.wait_for(PollFlags::IN, limit.as_ref())
    }

    fn wait_for(&self, what: PollFlags, limit: Option<&Timespec>) -> io::Result<()> {
        let mut fds = [PollFd::from_borrowed_fd(self.as_fd(), what)];
        loop {
            match rustix::event::poll(&mut fds, limit) {
                Ok(_) => return Ok(()),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl AsFd for Plain {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Tcp(stream) => stream.as_fd(),
            Self::Unix(stream) => stream.as_fd(),
            Self::BlockingTcp(stream) => stream.as_fd(),
            Self::BlockingUnix(stream) => stream.as_fd(),
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

fn read_async<S: AsyncRead>(stream: Pin<&mut S>, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
    let mut buffer = ReadBuf::new(buffer);
    ready!(stream.poll_read(cx, &mut buffer))?;
    Poll::Ready(Ok(buffer.filled().len()))
}

fn read_blocking(stream: &mut impl Read, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
    loop {
        match stream.read(buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // What the system calls a timeout of a blocking socket.
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Poll::Ready(Err(read_timed_out())),
            result => return Poll::Ready(result),
        }
    }
}

fn write_blocking(stream: &mut impl Write, bytes: &[u8]) -> Poll<io::Result<usize>> {
    loop {
        match stream.write(bytes) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return Poll::Ready(result),
        }
    }
}

fn now_or_pending(error: io::Error) -> Poll<io::Result<usize>> {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::Interrupted => Poll::Pending,
        _ => Poll::Ready(Err(error)),
    }
}

#[cold]
pub(crate) fn read_timed_out() -> io::Error {
    io::Error::new(ErrorKind::TimedOut, "the server did not answer within the read timeout")
}
