//! A socket, with TLS or without.

use std::io::{self, ErrorKind, Read, Write};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use rustls::ClientConnection;

use crate::plain::{Patience, Plain};

/// A socket, with TLS or without.
#[derive(Debug)]
pub(crate) enum Socket {
    Plain(Plain),
    Tls(Box<Tls>),
    /// Between the two, and for good if the way there failed.
    Lost,
}

/// A TLS session and the socket that it goes over.
#[derive(Debug)]
pub(crate) struct Tls {
    session: ClientConnection,
    plain: Plain,
}

impl Socket {
    pub(crate) fn is_blocking(&self) -> bool {
        self.plain().is_some_and(Plain::is_blocking)
    }

    pub(crate) fn plain(&self) -> Option<&Plain> {
        match self {
            Self::Plain(plain) => Some(plain),
            Self::Tls(tls) => Some(&tls.plain),
            Self::Lost => None,
        }
    }

    pub(crate) fn set_read_timeout(&mut self, limit: Option<Duration>) -> io::Result<()> {
        match self {
            Self::Plain(plain) => plain.set_read_timeout(limit),
            Self::Tls(tls) => tls.plain.set_read_timeout(limit),
            Self::Lost => Ok(()),
        }
    }

    pub(crate) fn tls(&self) -> Option<&ClientConnection> {
        match self {
            Self::Tls(tls) => Some(&tls.session),
            _ => None,
        }
    }

    /// Reads into the buffer; 0 at the end.
    #[inline]
    pub(crate) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
        patience: Patience,
    ) -> Poll<io::Result<usize>> {
        match self {
            Self::Plain(plain) => plain.poll_read(cx, buffer, patience),
            Self::Tls(tls) => tls.poll_read(cx, buffer, patience),
            Self::Lost => Poll::Ready(Err(lost())),
        }
    }

    /// Takes bytes to be written; [`poll_flush`](Self::poll_flush) tells when they are on their way.
    #[inline]
    pub(crate) fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &[u8],
        patience: Patience,
    ) -> Poll<io::Result<usize>> {
        match self {
            Self::Plain(plain) => plain.poll_write(cx, bytes, patience),
            Self::Tls(tls) => tls.poll_write(cx, bytes, patience),
            Self::Lost => Poll::Ready(Err(lost())),
        }
    }

    /// Writes what TLS has kept back.
    #[inline]
    pub(crate) fn poll_flush(&mut self, cx: &mut Context<'_>, patience: Patience) -> Poll<io::Result<()>> {
        match self {
            Self::Tls(tls) => tls.poll_drain(cx, patience),
            _ => Poll::Ready(Ok(())),
        }
    }

    /// Makes a TLS session over a plain socket. After a failure the socket is of no use.
    pub(crate) async fn start_tls(&mut self, session: ClientConnection) -> io::Result<()> {
        let Self::Plain(plain) = std::mem::replace(self, Self::Lost) else {
            return Err(io::Error::other("TLS was begun twice"));
        };
        let mut tls = Box::new(Tls { session, plain });
        std::future::poll_fn(|cx| tls.poll_handshake(cx)).await?;
        *self = Self::Tls(tls);
        Ok(())
    }
}

impl Tls {
    fn poll_handshake(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            ready!(self.poll_drain(cx, Patience::Wait))?;
            if !self.session.is_handshaking() {
                return Poll::Ready(Ok(()));
            }
            if ready!(self.poll_more(cx, Patience::Wait))? == 0 {
                let message = "the server closed the connection while TLS was negotiated";
                return Poll::Ready(Err(io::Error::new(ErrorKind::UnexpectedEof, message)));
            }
        }
    }

    fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut [u8], patience: Patience) -> Poll<io::Result<usize>> {
        loop {
            match self.session.reader().read(buffer) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                // Closed without the word for it: how many servers do.
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Poll::Ready(Ok(0)),
                result => return Poll::Ready(result),
            }
            // Answers of the protocol itself; they need not be waited for.
            if let Poll::Ready(Err(error)) = self.poll_drain(cx, Patience::Now) {
                return Poll::Ready(Err(error));
            }
            if ready!(self.poll_more(cx, patience))? == 0 {
                return Poll::Ready(Ok(0));
            }
        }
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8], patience: Patience) -> Poll<io::Result<usize>> {
        ready!(self.poll_drain(cx, patience))?;
        let taken = self.session.writer().write(bytes)?;
        match self.poll_drain(cx, patience) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            _ => Poll::Ready(Ok(taken)),
        }
    }

    fn poll_drain(&mut self, cx: &mut Context<'_>, patience: Patience) -> Poll<io::Result<()>> {
        while self.session.wants_write() {
            let mut io = Step { plain: &mut self.plain, cx, patience };
            match self.session.write_tls(&mut io) {
                Ok(0) => return Poll::Ready(Err(ErrorKind::WriteZero.into())),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Poll::Pending,
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Reads what has arrived into the session; 0 at the end.
    fn poll_more(&mut self, cx: &mut Context<'_>, patience: Patience) -> Poll<io::Result<usize>> {
        let mut io = Step { plain: &mut self.plain, cx, patience };
        match self.session.read_tls(&mut io) {
            Ok(read) => match self.session.process_new_packets() {
                Ok(_) => Poll::Ready(Ok(read)),
                Err(error) => {
                    // The server is told why; whether it hears it does not matter.
                    let _: Poll<io::Result<()>> = self.poll_drain(cx, Patience::Now);
                    Poll::Ready(Err(io::Error::new(ErrorKind::InvalidData, error)))
                }
            },
            Err(error) if error.kind() == ErrorKind::WouldBlock => Poll::Pending,
            Err(error) => Poll::Ready(Err(error)),
        }
    }
}

/// One poll of a socket in the words of [`Read`] and [`Write`]: not ready is [`ErrorKind::WouldBlock`].
struct Step<'a, 'c, 'w> {
    plain: &'a mut Plain,
    cx: &'c mut Context<'w>,
    patience: Patience,
}

impl Read for Step<'_, '_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.plain.poll_read(self.cx, buffer, self.patience) {
            Poll::Ready(result) => result,
            Poll::Pending => Err(ErrorKind::WouldBlock.into()),
        }
    }
}

impl Write for Step<'_, '_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.plain.poll_write(self.cx, bytes, self.patience) {
            Poll::Ready(result) => result,
            Poll::Pending => Err(ErrorKind::WouldBlock.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cold]
fn lost() -> io::Error {
    io::Error::new(ErrorKind::NotConnected, "the connection was lost while TLS was negotiated")
}
