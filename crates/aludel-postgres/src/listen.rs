//! Hearing what others say by `NOTIFY`.

use std::time::Duration;

use aludel_core::{Error, Result};
use aludel_engine::Url;
use aludel_engine::driver::Face;
use aludel_sql::dialect::{Dialect, Postgres as PostgresDialect};

use crate::channel::Channel;
use crate::message;
use crate::notice::Notification;
use crate::options::Options;
use crate::startup;

/// Hears what others say by `NOTIFY`, on a connection of its own. When that is lost it opens another and listens again.
///
/// ```no_run
/// # async fn example() -> Result<(), aludel_core::Error> {
/// use aludel_postgres::Listener;
///
/// let mut listener = Listener::connect("postgres://app@localhost/shop").await?;
/// listener.listen("orders").await?;
/// loop {
///     let heard = listener.recv().await?;
///     println!("{}: {}", heard.channel, heard.payload);
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Listener {
    options: Options,
    face: Face,
    names: Vec<String>,
    /// None while it is lost.
    channel: Option<Channel>,
    reconnections: u64,
}

/// How long is waited before the first attempt to connect again but one; twice as long before each further one.
const PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

impl Listener {
    /// Connects, for a program that awaits.
    ///
    /// # Errors
    /// When the URL makes no sense, or the server can't be reached.
    pub async fn connect(url: &str) -> Result<Self> {
        Self::open(url, Face::Async).await
    }

    /// Connects, for a program that blocks: [`wait`](crate::wait) gives the results of the other calls,
    /// `wait(listener.recv())`. The URL's `read_timeout` says how long that may take.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub fn connect_blocking(url: &str) -> Result<Self> {
        crate::wait(Self::open(url, Face::Blocking))
    }

    async fn open(url: &str, face: Face) -> Result<Self> {
        let options = Options::parse(&Url::parse(url)?)?;
        let channel = startup::open(&options, face).await?;
        Ok(Self { options, face, names: Vec::new(), channel: Some(channel), reconnections: 0 })
    }

    /// Listens to a channel. Its name is taken as it is, letter for letter.
    ///
    /// # Errors
    /// When the connection is lost; it then listens to it as soon as it is connected again.
    pub async fn listen(&mut self, name: &str) -> Result<()> {
        if !self.names.iter().any(|known| known == name) {
            self.names.push(name.to_owned());
        }
        self.run(&format!("LISTEN {}", PostgresDialect.quoted(name))).await
    }

    /// Listens to a channel no more.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn unlisten(&mut self, name: &str) -> Result<()> {
        self.names.retain(|known| known != name);
        self.run(&format!("UNLISTEN {}", PostgresDialect.quoted(name))).await
    }

    /// How often the connection was lost and another was opened. What was said in between was not heard.
    #[must_use]
    pub fn reconnections(&self) -> u64 {
        self.reconnections
    }

    /// The next message. May be dropped, and nothing is lost.
    ///
    /// # Errors
    /// When the read timeout has passed, or the connection was lost and five attempts to open another have failed; it can be
    /// called again.
    pub async fn recv(&mut self) -> Result<Notification> {
        loop {
            let channel = match &mut self.channel {
                Some(channel) => channel,
                None => self.reconnect().await?,
            };
            if let Some(heard) = channel.state.notifications.next() {
                return Ok(heard);
            }
            let read = match channel.wire.fill().await {
                Ok(()) => read(channel),
                Err(error) if error.kind() == std::io::ErrorKind::TimedOut => return Err(Error::connection(error)),
                Err(error) => Err(error),
            };
            if read.is_err() || channel.state.is_broken {
                self.channel = None;
            }
        }
    }

    async fn run(&mut self, sql: &str) -> Result<()> {
        match &mut self.channel {
            Some(channel) => {
                let answer = ask(channel, sql).await;
                if channel.state.is_broken {
                    self.channel = None;
                }
                answer
            }
            None => self.reconnect().await.map(|_| ()),
        }
    }

    async fn reconnect(&mut self) -> Result<&mut Channel> {
        let mut pause = PAUSE;
        let mut attempts = 0;
        let channel = loop {
            match self.listen_again().await {
                Ok(channel) => break channel,
                Err(error) if attempts == 4 => return Err(error),
                Err(_) => attempts += 1,
            }
            match self.face {
                Face::Async => tokio::time::sleep(pause).await,
                Face::Blocking => std::thread::sleep(pause),
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        };
        self.reconnections += 1;
        Ok(self.channel.insert(channel))
    }

    async fn listen_again(&self) -> Result<Channel> {
        let mut channel = startup::open(&self.options, self.face).await?;
        for name in &self.names {
            ask(&mut channel, &format!("LISTEN {}", PostgresDialect.quoted(name))).await?;
        }
        Ok(channel)
    }
}

/// Runs a statement. One that was dropped before is finished first.
async fn ask(channel: &mut Channel, sql: &str) -> Result<()> {
    channel.drain(0).await?;
    let _is_short: bool = channel.write_query(sql);
    channel.drain(0).await?.map_or(Ok(()), Err)
}

/// Notes what has arrived.
fn read(channel: &mut Channel) -> std::io::Result<()> {
    let (wire, state) = (&mut channel.wire, &mut channel.state);
    while let Some(message) = message::first(wire.input())? {
        if message.tag == b'E' {
            state.is_broken = true;
        }
        state.note(&message)?;
        let size = message.size;
        wire.consume(size);
    }
    Ok(())
}
