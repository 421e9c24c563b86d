//! Requests to cancel what a connection is running.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use aludel_core::Result;
use aludel_engine::driver::{Cancel, Reply};
use bytes::BufMut;

use crate::connector::Settings;
use crate::error::lost;
use crate::startup;

/// How long the server may take to close a request's socket.
const PATIENCE: Duration = Duration::from_secs(10);
/// What stands in the place of a protocol's version.
const CANCEL: i32 = 80_877_102;

/// Stops what the connection with this key is running.
#[derive(Debug)]
pub(crate) struct Canceller {
    pub(crate) settings: Arc<Settings>,
    /// The connection's process and its key.
    pub(crate) key: (i32, i32),
}

impl Cancel for Canceller {
    fn cancel(&self) -> Reply<'_, ()> {
        Reply::on(self.settings.face, request(&self.settings, self.key))
    }
}

/// Sends a request to cancel and waits until the server has closed the socket that it came by. The signal to the process has
/// been given by then, so that it can't hit what is run afterwards.
pub(crate) async fn request(settings: &Settings, key: (i32, i32)) -> Result<()> {
    let options = &settings.options;
    let mut socket = options.socket.clone();
    socket.read_timeout = Some(socket.read_timeout.map_or(PATIENCE, |limit| limit.min(PATIENCE)));
    let mut wire = startup::connect(options, &socket, settings.face).await?;
    let out = wire.out();
    out.put_i32(16);
    out.put_i32(CANCEL);
    out.put_i32(key.0);
    out.put_i32(key.1);
    loop {
        match wire.fill().await {
            Ok(()) => wire.consume(usize::MAX),
            Err(error) if error.kind() == io::ErrorKind::TimedOut => return Err(lost(error)),
            Err(_) => return Ok(()),
        }
    }
}
