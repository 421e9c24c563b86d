//! How a connection is opened: greeting, TLS, name and password, settings.

use aludel_core::{ConfigError, Error, Result};
use aludel_engine::driver::Face;
use aludel_wire::{SocketOptions, Wire};
use bytes::BufMut;
use mysql_common::constants::{CapabilityFlags as Can, MariadbCapabilities as MariaCan, StatusFlags};

use crate::auth::{Challenge, Login, Method};
use crate::bind::put_length;
use crate::error::{ServerError, broken_protocol, connection_lost, truncated};
use crate::options::{Options, TlsMode};
use crate::packet::{Packets, begin, end};
use crate::parse::{Parse, lossy};
use crate::server::{Greeting, Product};
use crate::session::{Event, Session};

/// A connection that is ready for use, and what is known of the server.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) session: Session,
    pub(crate) greeting: Greeting,
    /// The largest request that the server takes, in bytes.
    pub(crate) max_packet: usize,
    /// Which server it is, among those that may answer under the same name.
    pub(crate) server: String,
}

/// utf8mb4_general_ci, which all servers know. The session's own collation is set afterwards.
const COLLATION: u8 = 45;
/// What we would take ourselves.
const MAX_PACKET: u32 = 1 << 30;

/// Opens a connection and sets the session up.
pub(crate) async fn open(options: &Options, face: Face) -> Result<Opened> {
    let (mut session, greeting) = open_bare(options, face).await?;
    let (max_packet, server) = set_up(&mut session, &greeting, options).await?;
    if session.status() & StatusFlags::SERVER_STATUS_NO_BACKSLASH_ESCAPES.bits() != 0 {
        let message = "the server's sql_mode holds NO_BACKSLASH_ESCAPES, under which literals could be broken out of";
        return Err(ConfigError::new(message).into());
    }
    Ok(Opened { session, greeting, max_packet, server })
}

/// Opens a connection that is good for a KILL and little else.
pub(crate) async fn open_bare(options: &Options, face: Face) -> Result<(Session, Greeting)> {
    let patience = Some(options.socket.connect_timeout);
    let socket = SocketOptions { read_timeout: patience, ..options.socket.clone() };
    let wire =
        Wire::connect(&options.address, &socket, face).await.map_err(|error| unreachable_server(options, error))?;
    let mut packets = Packets::new(wire);
    let packet = packets.next().await?;
    if let [0xff, ..] = packet {
        return Err(refusal(packet));
    }
    let greeting = Greeting::parse(packet)?;
    packets.release();
    let capabilities = capabilities(options, &greeting)?;
    let extended =
        greeting.mariadb & (MariaCan::MARIADB_CLIENT_STMT_BULK_OPERATIONS | MariaCan::MARIADB_CLIENT_EXTENDED_METADATA);
    let is_tls = start_tls(&mut packets, options, &greeting, capabilities, extended).await?;
    let login = Login {
        password: options.password.as_bytes(),
        is_tls,
        is_private: is_tls || options.address.host().is_none(),
        is_verified: is_tls && options.tls_mode == TlsMode::Always,
    };
    log_in(&mut packets, options, &greeting, (capabilities, extended), login).await?;
    packets.wire().set_read_timeout(options.socket.read_timeout).map_err(connection_lost)?;
    let deprecates_eof = capabilities.contains(Can::CLIENT_DEPRECATE_EOF);
    let is_extended = extended.contains(MariaCan::MARIADB_CLIENT_EXTENDED_METADATA);
    Ok((Session::new(packets, deprecates_eof, is_extended), greeting))
}

fn capabilities(options: &Options, greeting: &Greeting) -> Result<Can> {
    let needed = Can::CLIENT_PROTOCOL_41 | Can::CLIENT_SECURE_CONNECTION | Can::CLIENT_PLUGIN_AUTH;
    if !greeting.capabilities.contains(needed) {
        let message = format!("the server (version {}) speaks only a protocol of before MySQL 5.5", greeting.version);
        return Err(Error::connection(message));
    }
    let mut wanted = needed
        | Can::CLIENT_FOUND_ROWS
        | Can::CLIENT_LONG_FLAG
        | Can::CLIENT_TRANSACTIONS
        | Can::CLIENT_MULTI_STATEMENTS
        | Can::CLIENT_MULTI_RESULTS
        | Can::CLIENT_PS_MULTI_RESULTS
        | Can::CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA
        | Can::CLIENT_CONNECT_ATTRS
        | Can::CLIENT_DEPRECATE_EOF;
    if greeting.mariadb.is_empty() {
        wanted |= Can::CLIENT_LONG_PASSWORD;
    }
    if options.database.is_some() {
        wanted |= Can::CLIENT_CONNECT_WITH_DB;
    }
    if options.tls_mode != TlsMode::Never {
        wanted |= Can::CLIENT_SSL;
    }
    if options.local_infile {
        wanted |= Can::CLIENT_LOCAL_FILES;
    }
    Ok(wanted & greeting.capabilities)
}

/// Goes on in TLS where that is wanted. Tells whether it did.
async fn start_tls(
    packets: &mut Packets,
    options: &Options,
    greeting: &Greeting,
    capabilities: Can,
    extended: MariaCan,
) -> Result<bool> {
    let Some(host) = options.address.host() else {
        return Ok(false);
    };
    if !capabilities.contains(Can::CLIENT_SSL) {
        if options.tls_mode == TlsMode::Always {
            let message = format!("the server (version {}) speaks no TLS, and the URL asks for it", greeting.version);
            return Err(Error::connection(message));
        }
        return Ok(false);
    }
    if !packets.wire().input().is_empty() {
        return Err(broken_protocol("it sends more than its greeting before TLS begins"));
    }
    let sequence = packets.sequence();
    let out = packets.out();
    let at = begin(out);
    put_head(out, capabilities, extended);
    let next = end(out, at, sequence);
    packets.expect(next);
    packets.wire().flush().await.map_err(connection_lost)?;
    packets.wire().start_tls(&options.tls, host).await.map_err(|error| unreachable_server(options, error))?;
    Ok(true)
}

fn put_head(out: &mut bytes::BytesMut, capabilities: Can, extended: MariaCan) {
    out.put_u32_le(capabilities.bits());
    out.put_u32_le(MAX_PACKET);
    out.put_u8(COLLATION);
    out.put_slice(&[0; 19]);
    out.put_u32_le(extended.bits());
}

async fn log_in(
    packets: &mut Packets,
    options: &Options,
    greeting: &Greeting,
    (capabilities, extended): (Can, MariaCan),
    login: Login<'_>,
) -> Result<()> {
    // A method that we don't know is no reason to give up: the server may ask for another one for this user.
    let (name, (mut method, answer)) = match Method::begin(&greeting.plugin, &greeting.nonce, login) {
        Ok(begun) => (greeting.plugin.as_slice(), begun),
        Err(_) => {
            let name: &[u8] = b"mysql_native_password";
            (name, Method::begin(name, greeting.nonce.get(..20).unwrap_or(&[]), login)?)
        }
    };
    let sequence = packets.sequence();
    let out = packets.out();
    let at = begin(out);
    put_head(out, capabilities, extended);
    out.put_slice(options.user.as_bytes());
    out.put_u8(0);
    if capabilities.contains(Can::CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA) {
        put_length(out, answer.len());
    } else {
        out.put_u8(u8::try_from(answer.len()).unwrap_or(0));
    }
    out.put_slice(&answer);
    if let Some(database) = options.database.as_ref().filter(|_| capabilities.contains(Can::CLIENT_CONNECT_WITH_DB)) {
        out.put_slice(database.as_bytes());
        out.put_u8(0);
    }
    out.put_slice(name);
    out.put_u8(0);
    if capabilities.contains(Can::CLIENT_CONNECT_ATTRS) {
        put_attributes(out);
    }
    let next = end(out, at, sequence);
    packets.expect(next);
    loop {
        let reply = match Challenge::parse(packets.next().await?)? {
            Challenge::Accepted => break,
            Challenge::Refused => return Err(refusal(packets.payload())),
            Challenge::Switch { plugin, nonce } => {
                let (begun, answer) = Method::begin(plugin, nonce, login)?;
                method = begun;
                Some(answer)
            }
            Challenge::More(data) => method.go_on(data, login)?,
        };
        packets.release();
        if let Some(reply) = reply {
            let sequence = packets.sequence();
            let out = packets.out();
            let at = begin(out);
            out.put_slice(&reply);
            let next = end(out, at, sequence);
            packets.expect(next);
        }
    }
    packets.release();
    Ok(())
}

/// Who we are, for the server's list of connections.
fn put_attributes(out: &mut bytes::BytesMut) {
    let process = std::process::id().to_string();
    let attributes = [("_client_name", "aludel"), ("_client_version", env!("CARGO_PKG_VERSION")), ("_pid", &process)];
    let length: usize = attributes.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
    put_length(out, length);
    for text in attributes.iter().flat_map(|(name, value)| [*name, *value]) {
        put_length(out, text.len());
        out.put_slice(text.as_bytes());
    }
}

/// What a server is told by; an expression of SQL.
pub(crate) const SERVER: &str = "concat(@@hostname, '/', @@port, '/', @@server_id)";

/// Sets the session up, and asks for the size of the largest packet and which server it is.
async fn set_up(session: &mut Session, greeting: &Greeting, options: &Options) -> Result<(usize, String)> {
    session.query(&settings(greeting, options));
    let mut answer = None;
    loop {
        match session.next().await? {
            Event::Row => {
                let mut cells = Parse::new(session.payload());
                let largest = cells.bytes().and_then(|digits| lossy(digits).parse().ok());
                answer = largest.zip(cells.bytes().map(lossy));
            }
            Event::Done(done) if !done.more => break,
            Event::Failed(_) => return Err(session.error()),
            Event::File => return Err(broken_protocol("it asks for a file where nothing was said of one")),
            _ => {}
        }
    }
    session.rest();
    answer.ok_or_else(|| truncated("the answer to the session's settings"))
}

/// What every session has, whatever the server's configuration says. Zero dates and divisions by zero are errors, a text that
/// is too long is not cut, a key of 0 is 0, and `group_concat` cuts nothing off.
fn settings(greeting: &Greeting, options: &Options) -> String {
    let modes = match &options.sql_mode {
        Some(modes) => modes.clone(),
        None => {
            let shared = "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE,NO_ZERO_IN_DATE,\
                          NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION";
            match greeting.product {
                // MariaDB's refuses columns that depend on the grouped key.
                Product::MariaDb => shared.to_owned(),
                Product::MySql => format!("{shared},ONLY_FULL_GROUP_BY"),
            }
        }
    };
    let collate = options.collation.as_ref().map(|name| format!(" COLLATE {name}")).unwrap_or_default();
    format!(
        "SET NAMES utf8mb4{collate}, time_zone = '+00:00', sql_mode = '{modes}', autocommit = 1, \
         group_concat_max_len = 4294967295, net_write_timeout = 3600; SELECT @@max_allowed_packet, {SERVER}"
    )
}

/// The server says no before or while we say who we are.
#[cold]
fn refusal(packet: &[u8]) -> Error {
    match ServerError::parse(packet) {
        Some(error) => error.into(),
        None => truncated("the server's refusal"),
    }
}

#[cold]
fn unreachable_server(options: &Options, error: std::io::Error) -> Error {
    let message = format!("the MySQL server at {}: {error}", options.address);
    Error::connection(std::io::Error::new(error.kind(), message))
}
