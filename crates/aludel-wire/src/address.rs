//! Where a server is, and how its socket is set up.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A name or an IP address, and a port.
    Tcp {
        /// The name or address, without brackets.
        host: String,
        /// The port.
        port: u16,
    },
    /// A socket in the file system.
    Unix(PathBuf),
}

/// How a socket is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocketOptions {
    /// How long opening it may take.
    pub connect_timeout: Duration,
    /// After how long without traffic the system asks whether the other side is still there; `None` for never.
    pub keepalive: Option<Duration>,
    /// How long sent bytes may stay unconfirmed (TCP on Linux); `None` for the system's own limit.
    pub user_timeout: Option<Duration>,
    /// How long a read may wait for the first byte; `None` for ever.
    pub read_timeout: Option<Duration>,
}

impl Default for SocketOptions {
    /// 30 seconds to connect, a sign of life asked for after a minute of silence, no limit on reads.
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(30),
            keepalive: Some(Duration::from_secs(60)),
            user_timeout: None,
            read_timeout: None,
        }
    }
}

impl Address {
    /// The name that a certificate must have; none for a socket in the file system.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        match self {
            Self::Tcp { host, .. } => Some(host),
            Self::Unix(_) => None,
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "{host}:{port}"),
            Self::Unix(path) => write!(f, "{}", path.display()),
        }
    }
}
