//! A relay that hands bytes on in small pieces, so that a future waits at every place where it can.

use std::time::Duration;

use aludel::Url;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The URL of a relay to the server of this URL; it lives as long as the runtime.
pub(crate) async fn relay(url: &str, piece: usize, pause: Duration) -> String {
    let parsed = Url::parse(url).unwrap();
    let target = (parsed.host().unwrap().to_owned(), parsed.port().unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect((&*target.0, target.1)).await.unwrap();
            client.set_nodelay(true).unwrap();
            server.set_nodelay(true).unwrap();
            let (client_read, client_write) = client.into_split();
            let (server_read, server_write) = server.into_split();
            tokio::spawn(hand_on(client_read, server_write, piece, pause));
            tokio::spawn(hand_on(server_read, client_write, piece, pause));
        }
    });
    let host = format!("{}:{}", parsed.host().unwrap(), parsed.port().unwrap());
    format!("{}?sslmode=disable", url.replace(&host, &format!("127.0.0.1:{port}")))
}

async fn hand_on(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, piece: usize, pause: Duration) {
    let mut bytes = vec![0; piece];
    loop {
        match from.read(&mut bytes).await {
            Ok(0) | Err(_) => break,
            Ok(count) => {
                if to.write_all(&bytes[..count]).await.is_err() {
                    break;
                }
                if pause.is_zero() {
                    tokio::task::yield_now().await;
                } else {
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }
}
