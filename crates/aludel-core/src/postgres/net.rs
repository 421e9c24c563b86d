//! Addresses of hosts, networks and cards.

// Addresses only: sockets are in `std::net`.
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::fmt;
use std::str::FromStr;

use super::own_type;
use super::read::Read;
use crate::error::Fault;

/// A text that is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseNetError(());

impl fmt::Display for ParseNetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an address")
    }
}

impl std::error::Error for ParseNetError {}

/// `inet`: a host's address, with the number of its network's bits.
///
/// ```
/// use aludel_core::postgres::Inet;
///
/// let host: Inet = "192.168.1.5/24".parse().unwrap();
/// assert_eq!((host.address.to_string(), host.prefix), ("192.168.1.5".into(), 24));
/// assert_eq!(Inet::from(std::net::Ipv4Addr::LOCALHOST).to_string(), "127.0.0.1");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Inet {
    /// The address.
    pub address: IpAddr,
    /// How many bits name the network: up to 32 or 128.
    pub prefix: u8,
}

/// `cidr`: a network's address. Bits behind the prefix are 0, or PostgreSQL refuses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr {
    /// The first address of the network.
    pub address: IpAddr,
    /// How many bits name the network: up to 32 or 128.
    pub prefix: u8,
}

/// `macaddr`: a network card's address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacAddr(pub [u8; 6]);

const fn bits(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

macro_rules! address {
    ($type:ident, $name:literal, $is_cidr:literal, $show_all:literal) => {
        impl $type {
            /// The address with this number of network bits; `None` where there are not so many.
            #[must_use]
            pub fn new(address: impl Into<IpAddr>, prefix: u8) -> Option<Self> {
                let address = address.into();
                (prefix <= bits(address)).then_some(Self { address, prefix })
            }
        }

        impl Default for $type {
            fn default() -> Self {
                Self { address: IpAddr::V4(Ipv4Addr::UNSPECIFIED), prefix: 32 }
            }
        }

        impl From<IpAddr> for $type {
            fn from(address: IpAddr) -> Self {
                Self { address, prefix: bits(address) }
            }
        }

        impl From<Ipv4Addr> for $type {
            fn from(address: Ipv4Addr) -> Self {
                IpAddr::V4(address).into()
            }
        }

        impl From<Ipv6Addr> for $type {
            fn from(address: Ipv6Addr) -> Self {
                IpAddr::V6(address).into()
            }
        }

        impl FromStr for $type {
            type Err = ParseNetError;
            fn from_str(text: &str) -> Result<Self, ParseNetError> {
                let (address, prefix) = match text.split_once('/') {
                    Some((address, prefix)) => (address, Some(prefix)),
                    None => (text, None),
                };
                let address: IpAddr = address.parse().map_err(|_| ParseNetError(()))?;
                match prefix {
                    None => Ok(address.into()),
                    Some(prefix) => {
                        let prefix = prefix.parse().map_err(|_| ParseNetError(()))?;
                        Self::new(address, prefix).ok_or(ParseNetError(()))
                    }
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.address)?;
                if $show_all || self.prefix != bits(self.address) {
                    write!(f, "/{}", self.prefix)?;
                }
                Ok(())
            }
        }

        own_type!(
            []
            $type,
            $name,
            |value| write(value.address, value.prefix, $is_cidr),
            |bytes| read(bytes).map(|(address, prefix)| $type { address, prefix })
        );
    };
}

address!(Inet, "inet", 0, false);
address!(Cidr, "cidr", 1, true);

/// The numbers of the families on the wire, whatever they are on this system.
const V4: u8 = 2;
const V6: u8 = 3;

fn write(address: IpAddr, prefix: u8, is_cidr: u8) -> Result<Vec<u8>, Fault> {
    if prefix > bits(address) {
        return Err(Fault::out_of_range(
            format!("the {} bits of the address {address}", bits(address)),
            prefix.to_string(),
        ));
    }
    let mut bytes = vec![0, prefix, is_cidr];
    match address {
        IpAddr::V4(address) => {
            bytes.push(4);
            bytes.extend(address.octets());
        }
        IpAddr::V6(address) => {
            bytes.push(16);
            bytes.extend(address.octets());
        }
    }
    if let Some(family) = bytes.first_mut() {
        *family = if address.is_ipv4() { V4 } else { V6 };
    }
    Ok(bytes)
}

fn read(bytes: &[u8]) -> Option<(IpAddr, u8)> {
    let mut rest = Read(bytes);
    let [family, prefix, _, _] = rest.array()?;
    let address = match family {
        V4 => IpAddr::V4(Ipv4Addr::from(rest.array::<4>()?)),
        V6 => IpAddr::V6(Ipv6Addr::from(rest.array::<16>()?)),
        _ => return None,
    };
    rest.end((address, prefix)).filter(|_| prefix <= bits(address))
}

impl fmt::Display for MacAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            write!(f, "{}{byte:02x}", if index > 0 { ":" } else { "" })?;
        }
        Ok(())
    }
}

impl FromStr for MacAddr {
    type Err = ParseNetError;
    fn from_str(text: &str) -> Result<Self, ParseNetError> {
        let bytes: Vec<u8> = text
            .split([':', '-'])
            .map(|byte| u8::from_str_radix(byte, 16))
            .collect::<Result<_, _>>()
            .map_err(|_| ParseNetError(()))?;
        bytes.try_into().map(Self).map_err(|_| ParseNetError(()))
    }
}

own_type!([] MacAddr, "macaddr", |value| Ok(value.0.to_vec()), |bytes| bytes.try_into().ok().map(MacAddr));
