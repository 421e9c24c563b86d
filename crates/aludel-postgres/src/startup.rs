//! Opening a connection: TLS, the password, and what the server tells at the beginning.

use std::io;

use aludel_core::{ConfigError, DatabaseError, DatabaseErrorKind, Error, Result};
use aludel_engine::driver::Face;
use aludel_wire::{SocketOptions, Wire};
use postgres_protocol::authentication::md5_hash;
use postgres_protocol::authentication::sasl::{ChannelBinding, SCRAM_SHA_256, SCRAM_SHA_256_PLUS, ScramSha256};
use postgres_protocol::message::frontend;

use crate::binding::end_point;
use crate::channel::Channel;
use crate::error::{Report, lost};
use crate::message::{self, Body, garbled};
use crate::options::{Options, TlsMode};

/// Opens a connection and makes it ready.
pub(crate) async fn open(options: &Options, face: Face) -> Result<Channel> {
    let mut channel = Channel::new(connect(options, &options.socket, face).await?);
    let parameters = [("user", &*options.user), ("database", &*options.database), ("client_encoding", "UTF8")];
    let more = options.parameters.iter().map(|(name, value)| (&**name, &**value));
    frontend::startup_message(parameters.into_iter().chain(more), channel.wire.out()).map_err(lost)?;
    authenticate(&mut channel, options).await?;
    // Settings, the key for requests to cancel, and ReadyForQuery.
    channel.state.owed = 1;
    match channel.drain(0).await? {
        Some(error) => Err(error),
        None => Ok(channel),
    }
}

/// A socket, in TLS where the options say so.
pub(crate) async fn connect(options: &Options, socket: &SocketOptions, face: Face) -> Result<Wire> {
    let wire = Wire::connect(&options.address, socket, face).await;
    let mut wire = wire.map_err(|error| unreachable_server(options, &error))?;
    if options.tls != TlsMode::Never {
        start_tls(&mut wire, options).await?;
    }
    Ok(wire)
}

#[cold]
fn unreachable_server(options: &Options, error: &io::Error) -> Error {
    Error::connection(format!("the PostgreSQL server at {} can't be reached: {error}", options.address))
}

/// Asks for TLS, and goes on in it.
async fn start_tls(wire: &mut Wire, options: &Options) -> Result<()> {
    frontend::ssl_request(wire.out());
    while wire.input().is_empty() {
        wire.fill().await.map_err(lost)?;
    }
    match wire.input() {
        [b'S'] => {
            wire.consume(1);
            let host = options.address.host().unwrap_or("");
            wire.start_tls(&options.tls_settings, host).await.map_err(|error| no_tls(options, &error))
        }
        // What stands behind would be taken for part of the encrypted conversation.
        [b'S', ..] => Err(lost(garbled("bytes follow the answer to the request for TLS"))),
        [b'N'] => {
            wire.consume(1);
            match options.tls {
                TlsMode::Always => {
                    let message = format!(
                        "the PostgreSQL server at {} speaks no TLS, which the URL's sslmode asks for",
                        options.address
                    );
                    Err(Error::connection(message))
                }
                _ => Ok(()),
            }
        }
        _ => Err(lost(garbled("the request for TLS has no answer that makes sense"))),
    }
}

#[cold]
fn no_tls(options: &Options, error: &io::Error) -> Error {
    let message = format!("no TLS connection to the PostgreSQL server at {}: {error}", options.address);
    Error::connection(message)
}

/// The next message of the conversation about the password; its body is copied.
async fn next(channel: &mut Channel) -> Result<(u8, Vec<u8>)> {
    loop {
        let found = match message::first(channel.wire.input()) {
            Ok(found) => found.map(|message| (message.tag, message.body.to_vec(), message.size)),
            Err(error) => return Err(channel.lose(error)),
        };
        if let Some((tag, body, size)) = found {
            channel.wire.consume(size);
            match tag {
                b'E' => return Err(Report::parse(&body).map_err(lost)?.into_error()),
                b'N' => continue,
                _ => return Ok((tag, body)),
            }
        }
        channel.fill().await?;
    }
}

async fn authenticate(channel: &mut Channel, options: &Options) -> Result<()> {
    let mut is_bound = false;
    loop {
        let (tag, body) = next(channel).await?;
        if tag != b'R' {
            return Err(lost(garbled("a message of another kind came before the user was let in")));
        }
        let mut body = Body(&body);
        match body.i32().map_err(lost)? {
            0 if options.must_bind && !is_bound => return Err(unbound()),
            0 => return Ok(()),
            3 | 5 if options.must_bind => return Err(unbound()),
            3 => {
                frontend::password_message(password(options)?.as_bytes(), channel.wire.out()).map_err(lost)?;
            }
            5 => {
                let salt = body.bytes(4).map_err(lost)?.try_into().unwrap_or_default();
                let hash = md5_hash(options.user.as_bytes(), password(options)?.as_bytes(), salt);
                frontend::password_message(hash.as_bytes(), channel.wire.out()).map_err(lost)?;
            }
            10 => is_bound = scram(channel, options, body).await?,
            other => {
                let message = format!(
                    "the PostgreSQL server asks for a kind of authentication (number {other}) that Aludel does not know; \
                     it knows scram-sha-256, md5 and password"
                );
                return Err(ConfigError::new(message).into());
            }
        }
    }
}

fn password(options: &Options) -> Result<&str> {
    options.password.as_deref().ok_or_else(|| {
        let message =
            format!("the PostgreSQL server wants a password of the user {:?}, and the URL has none", options.user);
        DatabaseError::new(DatabaseErrorKind::Permission, "28P01", message).into()
    })
}

#[cold]
fn unbound() -> Error {
    let message = "the PostgreSQL server does not bind the password to the TLS connection, which the URL's \
                   channel_binding=require asks for";
    ConfigError::new(message).into()
}

/// Shows the password by SCRAM. Tells whether it was bound to the TLS connection.
async fn scram(channel: &mut Channel, options: &Options, mut offered: Body<'_>) -> Result<bool> {
    let (mut knows_scram, mut binds) = (false, false);
    loop {
        match offered.text().map_err(lost)? {
            "" => break,
            SCRAM_SHA_256 => knows_scram = true,
            SCRAM_SHA_256_PLUS => binds = true,
            _ => {}
        }
    }
    let hash = channel.wire.peer_certificate().and_then(end_point);
    let (mechanism, binding) = match hash {
        Some(hash) if binds => (SCRAM_SHA_256_PLUS, ChannelBinding::tls_server_end_point(hash)),
        // A server that could bind notices that somebody between has kept it from saying so.
        Some(_) => (SCRAM_SHA_256, ChannelBinding::unrequested()),
        None => (SCRAM_SHA_256, ChannelBinding::unsupported()),
    };
    let is_bound = mechanism == SCRAM_SHA_256_PLUS;
    if options.must_bind && !is_bound {
        return Err(unbound());
    }
    if !is_bound && !knows_scram {
        return Err(ConfigError::new("the PostgreSQL server offers no kind of SASL but unknown ones").into());
    }
    let mut scram = ScramSha256::new(password(options)?.as_bytes(), binding);
    frontend::sasl_initial_response(mechanism, scram.message(), channel.wire.out()).map_err(lost)?;
    let body = sasl(channel, 11).await?;
    scram.update(&body).map_err(lost)?;
    frontend::sasl_response(scram.message(), channel.wire.out()).map_err(lost)?;
    let body = sasl(channel, 12).await?;
    scram.finish(&body).map_err(lost)?;
    Ok(is_bound)
}

/// The body of the next SASL message, which must be of this kind.
async fn sasl(channel: &mut Channel, kind: i32) -> Result<Vec<u8>> {
    let (tag, body) = next(channel).await?;
    let mut rest = Body(&body);
    if tag != b'R' || rest.i32().map_err(lost)? != kind {
        return Err(lost(garbled("a SASL message of another kind was expected")));
    }
    Ok(rest.0.to_vec())
}
