//! What the server says of itself when it greets.

use aludel_core::Result;
use mysql_common::constants::{CapabilityFlags, MariadbCapabilities};

use crate::error::truncated;
use crate::parse::{Parse, lossy};

/// The server's greeting.
#[derive(Clone, Debug)]
pub(crate) struct Greeting {
    pub(crate) version: String,
    /// The server's number for the connection.
    pub(crate) connection: u32,
    pub(crate) nonce: Vec<u8>,
    pub(crate) capabilities: CapabilityFlags,
    pub(crate) mariadb: MariadbCapabilities,
    pub(crate) plugin: Vec<u8>,
    pub(crate) product: Product,
}

/// Which of the two databases it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Product {
    MySql,
    MariaDb,
}

impl Product {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::MySql => "MySQL",
            Self::MariaDb => "MariaDB",
        }
    }
}

impl Greeting {
    pub(crate) fn parse(packet: &[u8]) -> Result<Self> {
        Self::try_parse(packet).ok_or_else(|| truncated("the server's greeting"))
    }

    fn try_parse(packet: &[u8]) -> Option<Self> {
        let mut parse = Parse::new(packet);
        let _protocol = parse.u8()?;
        let version = lossy(parse.until_zero());
        let connection = parse.u32()?;
        let mut nonce = parse.take(8)?.to_vec();
        let _filler = parse.u8()?;
        let low = parse.u16()?;
        let _collation = parse.u8()?;
        let _status = parse.u16()?;
        let high = parse.u16()?;
        let capabilities = CapabilityFlags::from_bits_truncate(u32::from(low) | u32::from(high) << 16);
        let nonce_length = usize::from(parse.u8()?);
        parse.take(6)?;
        let extended = parse.u32()?;
        if capabilities.contains(CapabilityFlags::CLIENT_SECURE_CONNECTION) {
            let rest = parse.take(nonce_length.saturating_sub(8).max(13))?;
            nonce.extend_from_slice(rest.strip_suffix(&[0]).unwrap_or(rest));
        }
        let plugin = parse.until_zero().to_vec();
        // MySQL sets this bit, MariaDB doesn't since it has capabilities of its own.
        let speaks_mysql = capabilities.contains(CapabilityFlags::CLIENT_LONG_PASSWORD);
        let is_mariadb = !speaks_mysql || version.to_ascii_lowercase().contains("mariadb");
        Some(Self {
            version: version.strip_prefix("5.5.5-").unwrap_or(&version).to_owned(),
            connection,
            nonce,
            capabilities,
            mariadb: MariadbCapabilities::from_bits_truncate(if speaks_mysql { 0 } else { extended }),
            plugin,
            product: if is_mariadb { Product::MariaDb } else { Product::MySql },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greetings_cut_short_are_errors() {
        let mut packet = b"\x0a5.5.5-10.11.14-MariaDB\0\x07\0\0\0abcdefgh\0".to_vec();
        packet.extend_from_slice(&[0xfe, 0xf7, 45, 2, 0, 0xff, 0x81, 0xff, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0]);
        let fixed = packet.len();
        packet.extend_from_slice(&[b'x'; 247]);
        packet.extend_from_slice(b"mysql_native_password\0");
        let greeting = Greeting::parse(&packet).expect("a greeting");
        assert_eq!((&*greeting.version, greeting.connection), ("10.11.14-MariaDB", 7));
        assert_eq!(greeting.product, Product::MariaDb);
        assert_eq!(greeting.mariadb, MariadbCapabilities::MARIADB_CLIENT_STMT_BULK_OPERATIONS);
        for length in 0..fixed {
            let _: Result<Greeting> = Greeting::parse(&packet[..length]);
        }
        assert!(Greeting::parse(&packet[..fixed]).is_err());
    }
}
