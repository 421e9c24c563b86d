//! Proving who we are.

use aludel_core::{Error, Result};
use mysql_common::auth::plugins::caching_sha2_password::scramble_sha256;
use mysql_common::auth::plugins::client_ed25519::ClientEd25519;
use mysql_common::auth::plugins::mysql_native_password::scramble_native;
use mysql_common::auth::plugins::{ChallengeResponsePlugin, Context, Response};
use mysql_common::crypto;

use crate::error::broken_protocol;
use crate::parse::{Parse, lossy};

/// How the connection stands when a password is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Login<'a> {
    pub(crate) password: &'a [u8],
    pub(crate) is_tls: bool,
    /// Whether nobody can listen: TLS, or a socket in the file system.
    pub(crate) is_private: bool,
    /// Whether it goes over TLS to a server whose certificate was looked at.
    pub(crate) is_verified: bool,
}

/// A method of proving who we are, on its way.
#[derive(Debug)]
pub(crate) struct Method {
    plugin: Plugin,
    nonce: Vec<u8>,
    is_key_asked_for: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plugin {
    Native,
    CachingSha2,
    Sha256,
    Ed25519,
    Clear,
    /// The system tells the server who we are.
    Socket,
}

/// The server knows the password; nothing more need be said.
const FAST_SUCCESS: u8 = 3;
/// The server wants the password itself.
const FULL: u8 = 4;

impl Method {
    /// Begins a method that the server has named, with its challenge. Gives what to send.
    pub(crate) fn begin(name: &[u8], nonce: &[u8], login: Login<'_>) -> Result<(Self, Vec<u8>)> {
        let plugin = match name {
            b"mysql_native_password" => Plugin::Native,
            b"caching_sha2_password" => Plugin::CachingSha2,
            b"sha256_password" => Plugin::Sha256,
            b"client_ed25519" => Plugin::Ed25519,
            b"mysql_clear_password" | b"dialog" => Plugin::Clear,
            b"auth_socket" | b"unix_socket" | b"auth_gssapi_client" => Plugin::Socket,
            b"mysql_old_password" => {
                return Err(refused("mysql_old_password is not safe, and gone from the servers since 2013"));
            }
            other => return Err(refused(&format!("this driver does not know the method {}", lossy(other)))),
        };
        // C programs end the challenge by a zero.
        let nonce = match plugin {
            Plugin::Ed25519 => nonce,
            _ => nonce.strip_suffix(&[0]).filter(|nonce| nonce.len() == 20).unwrap_or(nonce),
        };
        let mut method = Self { plugin, nonce: nonce.to_vec(), is_key_asked_for: false };
        let answer = method.first(login)?;
        Ok((method, answer))
    }

    fn first(&mut self, login: Login<'_>) -> Result<Vec<u8>> {
        let password = login.password;
        match self.plugin {
            Plugin::Native => {
                self.check_nonce(20)?;
                Ok(scramble_native(&self.nonce, password).map(|hash| hash.to_vec()).unwrap_or_default())
            }
            Plugin::CachingSha2 => {
                self.check_nonce(20)?;
                let nonce = self.nonce.first_chunk().ok_or_else(bad_challenge)?;
                Ok(scramble_sha256(nonce, password).map(|hash| hash.to_vec()).unwrap_or_default())
            }
            Plugin::Sha256 if password.is_empty() => Ok(vec![0]),
            // A socket in the file system does not count as private there.
            Plugin::Sha256 if login.is_tls => Ok(with_zero(password)),
            Plugin::Sha256 => {
                self.check_nonce(20)?;
                self.is_key_asked_for = true;
                Ok(vec![1])
            }
            Plugin::Ed25519 => {
                self.check_nonce(32)?;
                let response = ClientEd25519::default().run(Password(password), &self.nonce);
                match response {
                    Ok(Response::Last { packet } | Response::Next { packet }) => Ok(packet.unwrap_or_default()),
                    Err(error) => Err(Error::connection(error)),
                }
            }
            Plugin::Clear if login.is_verified => Ok(with_zero(password)),
            Plugin::Clear => Err(refused(
                "it wants the password in clear text, which is sent only over TLS to a server whose certificate was \
                 verified; set ssl-mode=require",
            )),
            Plugin::Socket => Ok(Vec::new()),
        }
    }

    /// What to send on what else the server has to say; none for nothing.
    pub(crate) fn go_on(&mut self, data: &[u8], login: Login<'_>) -> Result<Option<Vec<u8>>> {
        if self.is_key_asked_for {
            self.is_key_asked_for = false;
            return encrypted(login.password, &self.nonce, data).map(Some);
        }
        match (self.plugin, data) {
            (Plugin::CachingSha2, [FAST_SUCCESS]) => Ok(None),
            (Plugin::CachingSha2, [FULL]) if login.is_private => Ok(Some(with_zero(login.password))),
            (Plugin::CachingSha2, [FULL]) => {
                self.is_key_asked_for = true;
                Ok(Some(vec![2]))
            }
            _ => Err(bad_challenge()),
        }
    }

    fn check_nonce(&self, length: usize) -> Result<()> {
        if self.nonce.len() == length { Ok(()) } else { Err(bad_challenge()) }
    }
}

fn with_zero(password: &[u8]) -> Vec<u8> {
    let mut bytes = password.to_vec();
    bytes.push(0);
    bytes
}

/// The password under the server's public key.
fn encrypted(password: &[u8], nonce: &[u8], key: &[u8]) -> Result<Vec<u8>> {
    let room = key_size(key)
        .and_then(|size| size.checked_sub(42))
        .ok_or_else(|| broken_protocol("the server's public key is no RSA key of 1024 to 16384 bits"))?;
    let mut password = with_zero(password);
    if password.len() > room {
        return Err(refused("the password is longer than the server's public key can encrypt; use TLS"));
    }
    for (byte, mask) in password.iter_mut().zip(nonce.iter().cycle()) {
        *byte ^= mask;
    }
    crypto::encrypt(&password, key).map_err(Error::connection)
}

/// How many bytes the key's modulus has. The key is looked through here, since what reads it next takes it for well-formed.
fn key_size(pem: &[u8]) -> Option<usize> {
    const SEQUENCE: u8 = 0x30;
    const INTEGER: u8 = 2;
    const BIT_STRING: u8 = 3;
    let (der, kind) = crypto::der::pem_to_der(pem).ok()?;
    let (mut fields, _) = element(&der, SEQUENCE)?;
    let bits;
    if matches!(kind, crypto::der::PubKeyFileType::Pkcs8) {
        let (_algorithm, rest) = element(fields, SEQUENCE)?;
        (bits, _) = element(rest, BIT_STRING)?;
        (fields, _) = element(bits.strip_prefix(&[0])?, SEQUENCE)?;
    }
    let (modulus, rest) = element(fields, INTEGER)?;
    let (exponent, _) = element(rest, INTEGER)?;
    let modulus = modulus.strip_prefix(&[0]).unwrap_or(modulus);
    let is_sane = modulus.first().is_some_and(|byte| *byte >= 0x80)
        && (128..=2048).contains(&modulus.len())
        && (1..=5).contains(&exponent.len());
    is_sane.then_some(modulus.len())
}

/// The content of an element with this tag, and what stands behind it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (length, rest) = match der.strip_prefix(&[tag])? {
        [length @ 0..=0x7f, rest @ ..] => (usize::from(*length), rest),
        [0x81, length, rest @ ..] => (usize::from(*length), rest),
        [0x82, high, low, rest @ ..] => (usize::from(*high) << 8 | usize::from(*low), rest),
        _ => return None,
    };
    rest.split_at_checked(length)
}

/// What the server sends while it asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Challenge<'p> {
    /// We are in.
    Accepted,
    /// We are not.
    Refused,
    /// Another method, with its challenge.
    Switch { plugin: &'p [u8], nonce: &'p [u8] },
    /// More of the same method.
    More(&'p [u8]),
}

impl<'p> Challenge<'p> {
    pub(crate) fn parse(packet: &'p [u8]) -> Result<Self> {
        match packet {
            [0, ..] => Ok(Self::Accepted),
            [0xff, ..] => Ok(Self::Refused),
            [1, data @ ..] => Ok(Self::More(data)),
            // What servers before 4.1 have asked for.
            [0xfe] => Ok(Self::Switch { plugin: b"mysql_old_password", nonce: &[] }),
            [0xfe, rest @ ..] => {
                let mut parse = Parse::new(rest);
                let plugin = parse.until_zero();
                Ok(Self::Switch { plugin, nonce: parse.rest() })
            }
            _ => Err(broken_protocol("the answer to our name and password is none")),
        }
    }
}

/// What `mysql_common` wants to know.
struct Password<'a>(&'a [u8]);

impl Context for Password<'_> {
    fn pass(&self) -> &[u8] {
        self.0
    }

    fn is_ipc_transport(&self) -> bool {
        false
    }

    fn is_tls_transport(&self) -> bool {
        false
    }

    fn scramble(&self) -> &[u8] {
        &[]
    }

    fn server_key_pem(&self) -> Option<&[u8]> {
        None
    }
}

#[cold]
fn bad_challenge() -> Error {
    broken_protocol("its question for the password makes no sense")
}

#[cold]
fn refused(why: &str) -> Error {
    Error::connection(format!("the server can't be told who we are: {why}"))
}
