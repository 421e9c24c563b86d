//! A socket with its two buffers.

use std::future::{Future, poll_fn};
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use std::time::{Duration, Instant};

use aludel_engine::driver::Face;
use bytes::BytesMut;
use tokio::time::Sleep;

use crate::address::{Address, SocketOptions};
use crate::buffer::ReadBuffer;
use crate::plain::{Patience, Plain, read_timed_out};
use crate::socket::Socket;
use crate::tls::TlsSettings;

/// A socket with a buffer of what is to be written and one of what has arrived.
///
/// Every future of it may be dropped: what is half written is continued by the next call, what was read stays.
#[derive(Debug)]
pub struct Wire {
    socket: Socket,
    out: BytesMut,
    /// How much of `out` has been written.
    sent: usize,
    input: ReadBuffer,
    read_timeout: Option<Duration>,
    /// Set while a read of the async face waits.
    timer: Option<Pin<Box<Sleep>>>,
    face: Face,
}

/// A request up to this size fits into any socket's buffer, so that writing it can't wait for the other side to read.
const SMALL: usize = 8 * 1024;
/// What is read without waiting, at most.
const LARGEST_LOOK: usize = 256 * 1024;
/// An emptied write buffer beyond this size is given back.
const KEPT: usize = 1024 * 1024;

impl Wire {
    /// Opens a socket, without TLS.
    ///
    /// # Errors
    /// When the server can't be reached in time, or there is no runtime for an async one.
    pub async fn connect(address: &Address, options: &SocketOptions, face: Face) -> io::Result<Self> {
        let connecting = Plain::connect(address, options, face);
        let plain = match face {
            Face::Blocking => connecting.await?,
            Face::Async if tokio::runtime::Handle::try_current().is_err() => connecting.await?,
            Face::Async => match tokio::time::timeout(options.connect_timeout, connecting).await {
                Ok(connected) => connected?,
                Err(_) => return Err(io::Error::new(ErrorKind::TimedOut, "the server can't be reached in time")),
            },
        };
        Ok(Self {
            socket: Socket::Plain(plain),
            out: BytesMut::new(),
            sent: 0,
            input: ReadBuffer::default(),
            read_timeout: options.read_timeout,
            timer: None,
            face,
        })
    }

    /// What stands in the place of a wire that has been taken elsewhere: nothing can be written to it or read from it.
    #[must_use]
    pub fn absent(face: Face) -> Self {
        Self {
            socket: Socket::Lost,
            out: BytesMut::new(),
            sent: 0,
            input: ReadBuffer::default(),
            read_timeout: None,
            timer: None,
            face,
        }
    }

    /// Goes on in TLS. After a failure the connection is of no use.
    ///
    /// # Errors
    /// When the other side speaks no TLS, its certificate is not trusted, or a certificate file can't be read.
    pub async fn start_tls(&mut self, settings: &TlsSettings, host: &str) -> io::Result<()> {
        let session = settings.session(host)?;
        self.socket.start_tls(session).await
    }

    /// From now on a read waits so long for the first byte, and no longer.
    ///
    /// # Errors
    /// When the system refuses it.
    pub fn set_read_timeout(&mut self, limit: Option<Duration>) -> io::Result<()> {
        self.read_timeout = limit;
        self.timer = None;
        self.socket.set_read_timeout(limit)
    }

    /// Whether it goes over TLS.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.socket.tls().is_some()
    }

    /// The server's certificate in DER, where it goes over TLS.
    #[must_use]
    pub fn peer_certificate(&self) -> Option<&[u8]> {
        self.socket.tls()?.peer_certificates()?.first().map(AsRef::as_ref)
    }

    /// Who waits.
    #[must_use]
    pub fn face(&self) -> Face {
        self.face
    }

    /// Where requests are appended. Nothing but [`flush`](Self::flush) may take from it.
    #[inline]
    pub fn out(&mut self) -> &mut BytesMut {
        &mut self.out
    }

    /// Whether all that was appended is written.
    #[must_use]
    pub fn is_flushed(&self) -> bool {
        self.out.is_empty()
    }

    /// Takes back what was appended behind this length of [`out`](Self::out), for a request that could not be encoded.
    pub fn truncate_out(&mut self, length: usize) {
        self.out.truncate(length.max(self.sent));
    }

    /// What has arrived and was not [consumed](Self::consume).
    #[inline]
    #[must_use]
    pub fn input(&self) -> &[u8] {
        self.input.filled()
    }

    /// Takes so many bytes off the front of what has arrived.
    #[inline]
    pub fn consume(&mut self, count: usize) {
        self.input.consume(count);
    }

    /// Gives memory back that large answers and requests have needed.
    pub fn shrink(&mut self) {
        self.input.shrink();
        if self.out.is_empty() && self.out.capacity() > KEPT {
            self.out = BytesMut::new();
        }
    }

    /// Writes all that was appended. While the other side is not taking it, what it sends is read, since it may be waiting for
    /// just that.
    ///
    /// # Errors
    /// When the connection is lost.
    #[inline]
    pub async fn flush(&mut self) -> io::Result<()> {
        if self.out.is_empty() {
            return Ok(());
        }
        if self.socket.is_blocking() && self.out.len() - self.sent > SMALL {
            return self.flush_both_ways();
        }
        poll_fn(|cx| self.poll_flush(cx)).await
    }

    /// Reads at least a byte, and writes what is left to be written.
    ///
    /// # Errors
    /// When the connection is lost, the other side has closed it, or the read timeout has passed.
    #[inline]
    pub async fn fill(&mut self) -> io::Result<()> {
        self.flush().await?;
        poll_fn(|cx| self.poll_fill(cx)).await
    }

    /// As [`fill`](Self::fill), and waits no longer than this. Tells whether something has come.
    ///
    /// # Errors
    /// As [`fill`](Self::fill).
    pub async fn fill_within(&mut self, limit: Duration) -> io::Result<bool> {
        if self.face == Face::Async {
            return match tokio::time::timeout(limit, self.fill()).await {
                Ok(filled) => filled.map(|()| true),
                Err(_) => Ok(false),
            };
        }
        self.flush().await?;
        let deadline = Instant::now() + limit;
        loop {
            if self.try_fill()? {
                return Ok(true);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match self.socket.plain() {
                Some(plain) if !left.is_zero() => plain.wait_for_input(left)?,
                _ => return Ok(false),
            }
        }
    }

    /// Writes as much as the socket takes at once. Tells whether that was all.
    ///
    /// # Errors
    /// When the connection is lost.
    pub fn try_flush(&mut self) -> io::Result<bool> {
        let mut cx = Context::from_waker(Waker::noop());
        match self.poll_write_out(&mut cx, Patience::Now) {
            Poll::Ready(result) => result.map(|()| true),
            Poll::Pending => Ok(false),
        }
    }

    /// Reads what has arrived, up to some hundred kilobytes, without waiting for more. Tells whether that was anything.
    ///
    /// # Errors
    /// When the connection is lost, or the other side has closed it.
    pub fn try_fill(&mut self) -> io::Result<bool> {
        let mut cx = Context::from_waker(Waker::noop());
        let (mut any, before) = (false, self.input.filled().len());
        loop {
            // The other side may be sending as fast as it is read here.
            if self.input.filled().len() - before > LARGEST_LOOK {
                return Ok(true);
            }
            match self.socket.poll_read(&mut cx, self.input.room(), Patience::Now) {
                Poll::Ready(Ok(0)) if any => return Ok(true),
                Poll::Ready(Ok(0)) => return Err(closed()),
                Poll::Ready(Ok(count)) => {
                    self.input.filled_more(count);
                    any = true;
                }
                Poll::Ready(Err(error)) => return Err(error),
                Poll::Pending => return Ok(any),
            }
        }
    }

    /// Waits until the other side closes the connection; what it sends until then is thrown away.
    pub async fn wait_for_close(&mut self) {
        while self.fill().await.is_ok() {
            let count = self.input().len();
            self.consume(count);
        }
    }

    fn poll_write_out(&mut self, cx: &mut Context<'_>, patience: Patience) -> Poll<io::Result<()>> {
        while self.sent < self.out.len() {
            match ready!(self.socket.poll_write(cx, &self.out[self.sent..], patience))? {
                0 => return Poll::Ready(Err(ErrorKind::WriteZero.into())),
                count => self.sent += count,
            }
        }
        ready!(self.socket.poll_flush(cx, patience))?;
        self.out.clear();
        self.sent = 0;
        Poll::Ready(Ok(()))
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            if let Poll::Ready(result) = self.poll_write_out(cx, Patience::Wait) {
                return Poll::Ready(result);
            }
            ready!(self.poll_read_some(cx, Patience::Wait))?;
        }
    }

    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Poll::Ready(result) = self.poll_read_some(cx, Patience::Wait) {
            self.timer = None;
            return Poll::Ready(result);
        }
        let Some(limit) = self.read_timeout else {
            return Poll::Pending;
        };
        let timer = self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        ready!(timer.as_mut().poll(cx));
        self.timer = None;
        Poll::Ready(Err(read_timed_out()))
    }

    #[inline]
    fn poll_read_some(&mut self, cx: &mut Context<'_>, patience: Patience) -> Poll<io::Result<()>> {
        match ready!(self.socket.poll_read(cx, self.input.room(), patience))? {
            0 => Poll::Ready(Err(closed())),
            count => {
                self.input.filled_more(count);
                Poll::Ready(Ok(()))
            }
        }
    }

    /// A large request on a blocking socket.
    fn flush_both_ways(&mut self) -> io::Result<()> {
        let mut cx = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(result) = self.poll_write_out(&mut cx, Patience::Now) {
                return result;
            }
            match self.poll_read_some(&mut cx, Patience::Now) {
                Poll::Ready(result) => result?,
                Poll::Pending => match self.socket.plain() {
                    Some(plain) => plain.wait_for_either()?,
                    None => return Err(closed()),
                },
            }
        }
    }
}

#[cold]
fn closed() -> io::Error {
    io::Error::new(ErrorKind::UnexpectedEof, "the server closed the connection")
}
