//! What binds a password to the TLS connection that it is shown on: a hash of the server's certificate.

use sha2::{Digest, Sha256, Sha384, Sha512};

/// The hash of a certificate in DER that `tls-server-end-point` asks for (RFC 5929): the one of its own signature, or
/// SHA-256 where that is older. None for a signature that has no such hash.
pub(crate) fn end_point(certificate: &[u8]) -> Option<Vec<u8>> {
    Some(match hash_of(signature(certificate)?)? {
        Hash::Sha256 => Sha256::digest(certificate).to_vec(),
        Hash::Sha384 => Sha384::digest(certificate).to_vec(),
        Hash::Sha512 => Sha512::digest(certificate).to_vec(),
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// RSA's identifiers, 1.2.840.113549.1.1.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
/// ECDSA's with the second family of hashes, 1.2.840.10045.4.3.
const ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03];
/// ECDSA with SHA-1, 1.2.840.10045.4.1.
const ECDSA_SHA1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01];

fn hash_of(signature: &[u8]) -> Option<Hash> {
    if signature == ECDSA_SHA1 {
        return Some(Hash::Sha256);
    }
    if let Some([kind]) = signature.strip_prefix(RSA) {
        return match kind {
            // MD5, SHA-1 and SHA-256.
            4 | 5 | 11 => Some(Hash::Sha256),
            12 => Some(Hash::Sha384),
            13 => Some(Hash::Sha512),
            _ => None,
        };
    }
    match signature.strip_prefix(ECDSA)? {
        [2] => Some(Hash::Sha256),
        [3] => Some(Hash::Sha384),
        [4] => Some(Hash::Sha512),
        _ => None,
    }
}

/// The identifier of a certificate's signature: the first part of the second part.
fn signature(certificate: &[u8]) -> Option<&[u8]> {
    let (whole, _) = part(certificate, 0x30)?;
    let (_, behind) = part(whole, 0x30)?;
    let (algorithm, _) = part(behind, 0x30)?;
    part(algorithm, 0x06).map(|(identifier, _)| identifier)
}

/// The body of the first part, which has this tag, and what stands behind it.
fn part(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let [found, first, rest @ ..] = bytes else {
        return None;
    };
    if *found != tag {
        return None;
    }
    let (length, rest) = match first {
        0..0x80 => (usize::from(*first), rest),
        _ => {
            let (digits, rest) =
                rest.split_at_checked(usize::from(first & 0x7f)).filter(|(digits, _)| digits.len() <= 4)?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_found() {
        let identifier = [0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03];
        let mut certificate = vec![0x30, 0x81, 18, 0x30, 2, 1, 2, 0x30, 10];
        certificate.extend(identifier);
        certificate.extend([0x03, 1, 0]);
        certificate[2] = u8::try_from(certificate.len() - 3).expect("short");
        assert_eq!(signature(&certificate).and_then(hash_of), Some(Hash::Sha384));
        for length in 0..certificate.len() {
            assert!(end_point(&certificate[..length]).is_none(), "{length}");
        }
    }
}
