//! A network between program and server that tests can break.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// A network between program and server that tests can break: it passes bytes on until it is told to [freeze](Self::freeze) or to
/// [cut](Self::cut).
///
/// ```no_run
/// # fn main() -> std::io::Result<()> {
/// use aludel_testsuite::Proxy;
///
/// let proxy = Proxy::start(([127, 0, 0, 1], 5432).into())?;
/// let url = format!("postgres://user@127.0.0.1:{}/app", proxy.port());
/// proxy.cut_after(10_000); // in the middle of an answer
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    control: Arc<Control>,
}

#[derive(Debug, Default)]
struct Control {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    is_frozen: bool,
    is_over: bool,
    refuses: bool,
    /// Bytes of answers that pass before everything is cut.
    left: Option<usize>,
    open: Vec<TcpStream>,
}

impl Proxy {
    /// Listens on a free port of this machine, and connects whoever comes with the server.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn start(server: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let port = listener.local_addr()?.port();
        let control = Arc::new(Control::default());
        let shared = Arc::clone(&control);
        thread::Builder::new().name("proxy".to_owned()).spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if shared.lock().is_over {
                    return;
                }
                // A server that can't be reached is one that closes the connection.
                let _: io::Result<()> = shared.join(client, server);
            }
        })?;
        Ok(Self { port, control })
    }

    /// The port to connect to.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The URL of a database of the server, by way of this port.
    #[must_use]
    pub fn url(&self, url: &str) -> String {
        let (head, tail) = url.split_once("://").unwrap_or(("", url));
        let (place, rest) = tail.split_once('/').unwrap_or((tail, ""));
        let login = place.rsplit_once('@').map(|(login, _)| format!("{login}@")).unwrap_or_default();
        format!("{head}://{login}127.0.0.1:{}/{rest}", self.port)
    }

    /// From now on nothing passes, and nobody is told: the other side is still there as far as anybody can see.
    pub fn freeze(&self) {
        self.control.lock().is_frozen = true;
    }

    /// What was frozen goes on.
    pub fn thaw(&self) {
        self.control.lock().is_frozen = false;
        self.control.changed.notify_all();
    }

    /// Closes all connections that are open.
    pub fn cut(&self) {
        self.control.cut();
    }

    /// Closes all connections when so many further bytes of answers have passed.
    pub fn cut_after(&self, bytes: usize) {
        self.control.lock().left = Some(bytes);
    }

    /// Takes back what [`cut_after`](Self::cut_after) has said. If it has happened already, all is closed when this returns.
    pub fn pass(&self) {
        self.control.lock().left = None;
    }

    /// Whether new connections are closed at once.
    pub fn refuse(&self, refuses: bool) {
        self.control.lock().refuses = refuses;
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.control.lock().is_over = true;
        self.control.cut();
        // Wakes the thread that listens, so that it ends.
        let _: io::Result<TcpStream> = TcpStream::connect(("127.0.0.1", self.port));
    }
}

impl Control {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn join(self: &Arc<Self>, client: TcpStream, server: SocketAddr) -> io::Result<()> {
        if self.lock().refuses {
            return client.shutdown(Shutdown::Both);
        }
        let server = TcpStream::connect_timeout(&server, Duration::from_secs(5))?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        self.lock().open.extend([client.try_clone()?, server.try_clone()?]);
        for (from, to, is_answer) in [(client.try_clone()?, server.try_clone()?, false), (server, client, true)] {
            let control = Arc::clone(self);
            thread::spawn(move || {
                // However it ends, both sides are told.
                let _: io::Result<()> = control.pass(&from, &to, is_answer);
                let _: io::Result<()> = from.shutdown(Shutdown::Both);
                let _: io::Result<()> = to.shutdown(Shutdown::Both);
            });
        }
        Ok(())
    }

    fn pass(&self, mut from: &TcpStream, mut to: &TcpStream, is_answer: bool) -> io::Result<()> {
        let mut buffer = [0; 8192];
        loop {
            let read = from.read(&mut buffer)?;
            if read == 0 {
                return Ok(());
            }
            let mut bytes = &buffer[..read];
            let mut state = self.lock();
            while state.is_frozen && !state.is_over {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            let mut is_last = false;
            if let (true, Some(left)) = (is_answer, state.left.as_mut()) {
                is_last = *left <= read;
                bytes = &bytes[..read.min(*left)];
                *left -= bytes.len();
                if is_last {
                    state.left = None;
                }
            }
            if is_last {
                // Whoever asks something of the proxy after these bytes finds that all is cut.
                let written = to.write_all(bytes);
                self.cut_all(state);
                return written;
            }
            drop(state);
            to.write_all(bytes)?;
        }
    }

    fn cut(&self) {
        self.cut_all(self.lock());
    }

    fn cut_all(&self, mut state: MutexGuard<'_, State>) {
        for stream in std::mem::take(&mut state.open) {
            // One that is closed already needs nothing.
            let _: io::Result<()> = stream.shutdown(Shutdown::Both);
        }
        drop(state);
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_passes_freezes_and_cuts() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let proxy = Proxy::start(listener.local_addr().unwrap()).unwrap();
        let echo = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut buffer = [0; 64];
            while let Ok(read @ 1..) = stream.read(&mut buffer) {
                if stream.write_all(&buffer[..read]).is_err() {
                    break;
                }
            }
        });
        let mut client = TcpStream::connect(("127.0.0.1", proxy.port())).unwrap();
        client.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
        let mut answer = [0; 5];
        client.write_all(b"hello").unwrap();
        client.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"hello");
        proxy.freeze();
        client.write_all(b"again").unwrap();
        assert!(client.read(&mut answer).is_err(), "nothing passes");
        proxy.thaw();
        client.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        client.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"again");
        proxy.cut_after(3);
        client.write_all(b"third").unwrap();
        let mut rest = Vec::new();
        // It may end by a reset.
        let _: io::Result<usize> = client.read_to_end(&mut rest);
        assert_eq!(rest, b"thi");
        echo.join().unwrap();
        assert_eq!(proxy.url("mysql://a:b@host:1/db?x=1"), format!("mysql://a:b@127.0.0.1:{}/db?x=1", proxy.port()));
    }
}
