//! A peer that speaks MySQL's side of the protocol by a script: for methods of authentication that no server here has, and for
//! servers that lie.
//!
//! What it verifies passwords by are the functions of `mysql_common`, not the driver's.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

use aludel::blocking;
use aludel::prelude::*;
use mysql_common::auth::plugins::caching_sha2_password::scramble_sha256;
use mysql_common::crypto::rsa::{Padding, PaddingError, PublicKey};
use sha1::{Digest, Sha1};

const NONCE: &[u8; 20] = b"abcdefghijklmnopqrst";
const PUBLIC_KEY: &str = include_str!("scripted/public.pem");
/// The private key, written as a public one, since raising to the private exponent is what decrypts.
const PRIVATE_KEY: &str = include_str!("scripted/private.pem");

/// The peer's side of one connection.
struct Peer {
    stream: TcpStream,
    sequence: u8,
}

impl Peer {
    fn send(&mut self, payload: &[u8]) {
        let length = u32::try_from(payload.len()).unwrap().to_le_bytes();
        let mut packet = vec![length[0], length[1], length[2], self.sequence];
        packet.extend_from_slice(payload);
        self.sequence = self.sequence.wrapping_add(1);
        // A client that has gone away is what some scripts are about.
        let _: std::io::Result<()> = self.stream.write_all(&packet);
    }

    fn read(&mut self) -> Vec<u8> {
        let mut header = [0; 4];
        self.stream.read_exact(&mut header).unwrap();
        self.sequence = header[3].wrapping_add(1);
        let length = usize::from(header[0]) | usize::from(header[1]) << 8 | usize::from(header[2]) << 16;
        let mut payload = vec![0; length];
        self.stream.read_exact(&mut payload).unwrap();
        payload
    }

    fn greet(&mut self, plugin: &str) {
        self.send(&greeting(plugin));
    }

    /// What the client has answered to the challenge, out of its first packet.
    fn read_response(&mut self) -> Vec<u8> {
        let packet = self.read();
        let name_end = 32 + packet[32..].iter().position(|byte| *byte == 0).unwrap() + 1;
        let length = usize::from(packet[name_end]);
        packet[name_end + 1..name_end + 1 + length].to_vec()
    }

    fn ok(&mut self) {
        self.send(&[0, 0, 0, 2, 0, 0, 0]);
    }

    /// Answers the settings of a session: one result for each of its statements.
    fn set_up(&mut self) {
        let query = self.read();
        assert!(query.starts_with(b"\x03SET NAMES utf8mb4"), "{}", String::from_utf8_lossy(&query));
        self.send(&[0, 0, 0, 10, 0, 0, 0]);
        self.send(&[2]);
        self.send(&definition("@@max_allowed_packet", 253));
        self.send(&definition("server", 253));
        self.send(b"\x0867108864\x07h/3306/");
        self.send(&[0xfe, 0, 0, 2, 0, 0, 0]);
    }
}

fn greeting(plugin: &str) -> Vec<u8> {
    // MySQL: protocol 4.1, secure, plugins, a database, no EOF, multi-statements; no TLS.
    let capabilities: u32 =
        0x0000_0001 | 0x8 | 0x200 | 0x2000 | 0x8000 | 0x1_0000 | 0x2_0000 | 0x8_0000 | 0x20_0000 | 0x100_0000;
    let [a, b, c, d] = capabilities.to_le_bytes();
    let mut packet = b"\x0a8.4.0\0\x2a\0\0\0".to_vec();
    packet.extend_from_slice(&NONCE[..8]);
    packet.push(0);
    packet.extend_from_slice(&[a, b, 45, 2, 0, c, d, 21, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    packet.extend_from_slice(&NONCE[8..]);
    packet.push(0);
    packet.extend_from_slice(plugin.as_bytes());
    packet.push(0);
    packet
}

fn definition(name: &str, code: u8) -> Vec<u8> {
    let mut packet = Vec::new();
    for text in ["def", "", "", "", name, ""] {
        packet.push(u8::try_from(text.len()).unwrap());
        packet.extend_from_slice(text.as_bytes());
    }
    packet.extend_from_slice(&[12, 45, 0, 20, 0, 0, 0, code, 0, 0, 0, 0, 0]);
    packet
}

/// Runs the script for one connection, on a port of its own. Gives the URL to connect to.
fn peer(script: impl FnOnce(&mut Peer) + Send + 'static) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("mysql://ed:secret@{}/shop", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        script(&mut Peer { stream, sequence: 0 });
    });
    (url, thread)
}

struct NoPadding;

impl Padding for NoPadding {
    fn pub_pad(&mut self, input: impl AsRef<[u8]>, _: usize) -> std::result::Result<Vec<u8>, PaddingError> {
        Ok(input.as_ref().to_vec())
    }
}

/// RSA-OAEP with SHA-1, undone.
fn decrypt(encrypted: &[u8]) -> Vec<u8> {
    let key = PublicKey::from_pem(PRIVATE_KEY).unwrap();
    let mut block = key.encrypt_block(encrypted, NoPadding).unwrap();
    while block.len() < 256 {
        block.insert(0, 0);
    }
    let mask = |seed: &[u8], length: usize| -> Vec<u8> {
        let parts = (0_u32..).flat_map(|count| Sha1::digest([seed, &count.to_be_bytes()].concat()).to_vec());
        parts.take(length).collect()
    };
    let xor = |a: &[u8], b: &[u8]| -> Vec<u8> { a.iter().zip(b).map(|(a, b)| a ^ b).collect() };
    let (seed, data) = block[1..].split_at(20);
    let seed = xor(seed, &mask(data, 20));
    let data = xor(data, &mask(&seed, data.len()));
    assert_eq!(data[..20], Sha1::digest([])[..]);
    let start = data.iter().skip(20).position(|byte| *byte == 1).unwrap() + 21;
    data[start..].to_vec()
}

fn scrambled(password: &[u8]) -> Vec<u8> {
    let mut bytes = password.to_vec();
    bytes.push(0);
    bytes.iter().zip(NONCE.iter().cycle()).map(|(a, b)| a ^ b).collect()
}

#[test]
fn caching_sha2_when_the_server_remembers() {
    let (url, thread) = peer(|peer| {
        peer.greet("caching_sha2_password");
        assert_eq!(peer.read_response(), scramble_sha256(NONCE, b"secret").unwrap());
        peer.send(&[1, 3]);
        peer.ok();
        peer.set_up();
    });
    blocking::Engine::connect(url).unwrap();
    thread.join().unwrap();
}

#[test]
fn caching_sha2_with_the_password_under_the_servers_key() {
    let (url, thread) = peer(|peer| {
        peer.greet("caching_sha2_password");
        assert_eq!(peer.read_response(), scramble_sha256(NONCE, b"secret").unwrap());
        peer.send(&[1, 4]);
        assert_eq!(peer.read(), [2]);
        peer.send(&[&[1], PUBLIC_KEY.as_bytes()].concat());
        assert_eq!(decrypt(&peer.read()), scrambled(b"secret"));
        peer.ok();
        peer.set_up();
    });
    blocking::Engine::connect(url).unwrap();
    thread.join().unwrap();
}

#[test]
fn sha256_with_the_password_under_the_servers_key_after_another_method() {
    let (url, thread) = peer(|peer| {
        peer.greet("mysql_native_password");
        assert_eq!(peer.read_response().len(), 20);
        peer.send(&[&[0xfe], &b"sha256_password\0"[..], NONCE, &[0]].concat());
        assert_eq!(peer.read(), [1]);
        peer.send(&[&[1], PUBLIC_KEY.as_bytes()].concat());
        assert_eq!(decrypt(&peer.read()), scrambled(b"secret"));
        peer.ok();
        peer.set_up();
    });
    blocking::Engine::connect(url).unwrap();
    thread.join().unwrap();
}

#[test]
fn no_password() {
    for plugin in ["caching_sha2_password", "mysql_native_password", "sha256_password"] {
        let (url, thread) = peer(move |peer| {
            peer.greet(plugin);
            let expected: &[u8] = if plugin == "sha256_password" { &[0] } else { &[] };
            assert_eq!(peer.read_response(), expected);
            peer.ok();
            peer.set_up();
        });
        blocking::Engine::connect(url.replace(":secret", "")).unwrap();
        thread.join().unwrap();
    }
}

/// Connects to a peer, and gives the error.
fn refused(script: impl FnOnce(&mut Peer) + Send + 'static) -> String {
    let (url, thread) = peer(script);
    let error = blocking::Engine::connect(url).map(|_| ()).unwrap_err();
    thread.join().unwrap();
    error.to_string()
}

#[test]
fn passwords_are_not_given_away() {
    let error = refused(|peer| {
        peer.greet("mysql_native_password");
        peer.read_response();
        peer.send(&[&[0xfe], &b"mysql_clear_password\0"[..]].concat());
        assert_eq!(peer.stream.read(&mut [0; 64]).unwrap(), 0, "nothing is said");
    });
    assert!(error.contains("clear text") && !error.contains("secret"), "{error}");
    let error = refused(|peer| {
        peer.greet("mysql_native_password");
        peer.read_response();
        peer.send(&[&[0xfe], &b"mysql_old_password\0"[..]].concat());
    });
    assert!(error.contains("not safe"), "{error}");
}

#[test]
fn servers_that_make_no_sense() {
    for key in [
        "",
        "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n",
        "-----BEGIN RSA PUBLIC KEY-----\nMAYCAQACAQA=\n-----END RSA PUBLIC KEY-----\n",
    ] {
        let error = refused(move |peer| {
            peer.greet("caching_sha2_password");
            peer.read_response();
            peer.send(&[1, 4]);
            peer.read();
            peer.send(&[&[1], key.as_bytes()].concat());
        });
        assert!(error.contains("public key"), "{error}");
    }
    // Greetings that are cut short or long beyond measure, and other first words.
    let whole = greeting("mysql_native_password");
    for length in 0..whole.len().min(60) {
        let part = whole[..length].to_vec();
        let error = refused(move |peer| peer.send(&part));
        assert!(error.contains("connection"), "{length}: {error}");
    }
    for first in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b"\xff\x10\x04Too many connections", b"\x00", b"\xff"] {
        refused(move |peer| peer.stream.write_all(first).unwrap());
    }
    let error = refused(|peer| {
        peer.sequence = 9;
        peer.greet("mysql_native_password");
    });
    assert!(error.contains("number 9"), "{error}");
}

#[test]
fn too_many_connections_are_told_before_the_greeting() {
    let (url, thread) = peer(|peer| peer.send(b"\xff\x10\x04Too many connections"));
    let error = blocking::Engine::connect(url).map(|_| ()).unwrap_err();
    thread.join().unwrap();
    let error = error.database().unwrap();
    assert_eq!((error.code(), error.kind()), ("1040", aludel::DatabaseErrorKind::Full));
}

/// Connects to a peer that then answers one statement by these packets, and gives the error.
fn answered(packets: Vec<Vec<u8>>) -> String {
    let (url, thread) = peer(move |peer| {
        peer.greet("mysql_native_password");
        peer.read_response();
        peer.ok();
        peer.set_up();
        peer.read();
        for packet in packets {
            peer.send(&packet);
        }
        // Until the client goes.
        let mut rest = Vec::new();
        let _: std::io::Result<usize> = peer.stream.read_to_end(&mut rest);
    });
    let error = {
        let engine = blocking::Engine::connect(url).unwrap();
        engine.fetch_all(text("SELECT 1").rows_as::<i64>()).map(|_| ()).unwrap_err()
    };
    thread.join().unwrap();
    error.to_string()
}

#[test]
fn answers_that_make_no_sense() {
    let prepared = |columns: u8| vec![0, 1, 0, 0, 0, columns, 0, 0, 0, 0, 0, 0];
    let cases: Vec<(Vec<Vec<u8>>, &str)> = vec![
        (vec![vec![]], "empty"),
        (vec![vec![7]], "none of that"),
        (vec![vec![0, 1]], "none of that"),
        (vec![vec![0xff]], "cut short"),
        (vec![prepared(0), vec![0]], "number 2"),
    ];
    for (packets, expected) in cases {
        let error = answered(packets.clone());
        assert!(error.contains(expected), "{packets:?}: {error}");
    }
}

/// An answer with two rows of every form of cell, as MySQL sends it.
fn whole_answer() -> Vec<Vec<u8>> {
    let codes = [1_u8, 2, 3, 4, 5, 8, 10, 11, 12, 246, 252, 253, 16];
    let count = u8::try_from(codes.len()).unwrap();
    let mut packets = vec![vec![0, 1, 0, 0, 0, count, 0, 0, 0, 0, 0, 0]];
    let definitions: Vec<Vec<u8>> = codes.iter().map(|code| definition("name", *code)).collect();
    packets.extend(definitions.clone());
    packets.push(vec![count]);
    packets.extend(definitions);
    let mut row = vec![0, 0, 0];
    row.extend_from_slice(&[7, 7, 0, 7, 0, 0, 0]);
    row.extend_from_slice(&1.5_f32.to_le_bytes());
    row.extend_from_slice(&1.5_f64.to_le_bytes());
    row.extend_from_slice(&7_i64.to_le_bytes());
    row.extend_from_slice(&[4, 0xe8, 7, 2, 29]);
    row.extend_from_slice(&[8, 0, 0, 0, 0, 0, 1, 2, 3]);
    row.extend_from_slice(&[7, 0xe8, 7, 2, 29, 1, 2, 3]);
    row.extend_from_slice(b"\x043.50\x03abc\x03xyz\x01\x05");
    packets.push(row);
    packets.push(vec![0, 0xfc, 0xff]);
    packets.push(vec![0xfe, 0, 0, 2, 0, 0, 0]);
    packets
}

/// Numbers that look like chance, the same every time.
fn chance(seed: &mut u64) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).unwrap()
}

#[test]
fn answers_with_bytes_that_are_wrong() {
    let (url, thread) = peer(|peer| {
        peer.greet("mysql_native_password");
        peer.read_response();
        peer.ok();
        peer.set_up();
        peer.read();
        let answer = whole_answer();
        let (prepared, rest) = answer.split_at(14);
        prepared.iter().for_each(|packet| peer.send(packet));
        peer.read();
        rest.iter().for_each(|packet| peer.send(packet));
    });
    let engine = blocking::Engine::connect(url).unwrap();
    let rows = engine.fetch_all(text("SELECT 1")).unwrap();
    assert_eq!((rows.len(), rows[0].values().len()), (2, 13));
    thread.join().unwrap();
    drop(engine);
    // One thread serves all connections: each gets an answer of which some bytes are others.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("mysql://ed:secret@{}/shop", listener.local_addr().unwrap());
    let rounds = 200;
    let thread = std::thread::spawn(move || {
        let mut seed = 42;
        for _ in 0..rounds {
            let (stream, _) = listener.accept().unwrap();
            let mut peer = Peer { stream, sequence: 0 };
            peer.greet("mysql_native_password");
            peer.read_response();
            peer.ok();
            peer.set_up();
            peer.read();
            let mut answer = whole_answer();
            for _ in 0..1 + chance(&mut seed) % 4 {
                let at = chance(&mut seed) % answer.len();
                let packet = &mut answer[at];
                match chance(&mut seed) % 4 {
                    0 => packet.truncate(chance(&mut seed) % (packet.len() + 1)),
                    1 => packet.push(chance(&mut seed).to_le_bytes()[0]),
                    _ if packet.is_empty() => {}
                    _ => {
                        let byte = chance(&mut seed) % packet.len();
                        packet[byte] = [0, 1, 0x7f, 0xfb, 0xfe, 0xff, 0xfd, 0xfc][chance(&mut seed) % 8];
                    }
                }
            }
            for (index, packet) in answer.iter().enumerate() {
                if index == 14 {
                    // The run, if the client still asks for one; not waited for long.
                    let limit = Some(std::time::Duration::from_millis(20));
                    peer.stream.set_read_timeout(limit).unwrap();
                    let mut rest = [0; 1024];
                    let _: std::io::Result<usize> = peer.stream.read(&mut rest);
                    peer.sequence = 1;
                }
                peer.send(packet);
            }
        }
    });
    let mut failed = 0;
    for _ in 0..rounds {
        let engine = blocking::Engine::connect(&url).unwrap();
        failed += usize::from(engine.fetch_all(text("SELECT 1")).is_err());
    }
    thread.join().unwrap();
    assert!(failed > rounds / 4 && failed < rounds, "{failed}");
}

#[test]
fn files_are_not_given_away() {
    let (url, thread) = peer(|peer| {
        peer.greet("mysql_native_password");
        peer.read_response();
        peer.ok();
        peer.set_up();
        peer.read();
        peer.send(b"\xfb/etc/passwd");
        assert_eq!(peer.read(), b"", "nothing is said");
        peer.ok();
        let mut rest = Vec::new();
        let _: std::io::Result<usize> = peer.stream.read_to_end(&mut rest);
    });
    {
        let engine = blocking::Engine::connect(url).unwrap();
        let error = engine.acquire().unwrap().batch("INSERT INTO t VALUES (1)").unwrap_err();
        assert!(error.to_string().contains("file"), "{error}");
    }
    thread.join().unwrap();
}

#[test]
fn statements_that_the_server_has_forgotten_are_prepared_again() {
    for code in [b"\x4f\x06", b"\xdb\x04"] {
        let (url, thread) = peer(move |peer| {
            peer.greet("mysql_native_password");
            peer.read_response();
            peer.ok();
            peer.set_up();
            let prepared = |peer: &mut Peer, id: u8| {
                let request = peer.read();
                assert_eq!(request[0], 0x16, "{request:?}");
                peer.send(&[0, id, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
                peer.send(&definition("x", 8));
            };
            let answered = |peer: &mut Peer, id: u8, value: u8| {
                let request = peer.read();
                assert_eq!(request[..5], [0x17, id, 0, 0, 0]);
                peer.send(&[1]);
                peer.send(&definition("x", 8));
                peer.send(&[0, 0, value, 0, 0, 0, 0, 0, 0, 0]);
                peer.send(&[0xfe, 0, 0, 2, 0, 0, 0]);
            };
            prepared(peer, 1);
            answered(peer, 1, 5);
            let request = peer.read();
            assert_eq!(request[..5], [0x17, 1, 0, 0, 0]);
            peer.send(&[&[0xff], &code[..], b"#HY000no"].concat());
            assert_eq!(peer.read(), [0x19, 1, 0, 0, 0]);
            prepared(peer, 2);
            answered(peer, 2, 6);
        });
        let engine = blocking::Engine::connect(url).unwrap();
        let mut connection = engine.acquire().unwrap();
        for expected in [5, 6] {
            let found: i64 = connection.fetch_scalar(text("SELECT x")).unwrap();
            assert_eq!(found, expected);
        }
        thread.join().unwrap();
    }
}
