//! Servers that send something else than they should: an error, never a panic.

use std::time::Duration;

use aludel::prelude::*;
use aludel::{Url, Value};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{User, engine, users};

/// A relay that changes one byte of what the server sends, the one at this position.
async fn changed(url: &str, at: usize, to: u8) -> String {
    let parsed = Url::parse(url).unwrap();
    let target = (parsed.host().unwrap().to_owned(), parsed.port().unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (client, _) = listener.accept().await.unwrap();
        let server = TcpStream::connect((&*target.0, target.1)).await.unwrap();
        let (mut client_read, mut client_write) = client.into_split();
        let (mut server_read, mut server_write) = server.into_split();
        tokio::spawn(async move { tokio::io::copy(&mut client_read, &mut server_write).await });
        let (mut bytes, mut seen) = (vec![0; 4_096], 0);
        while let Ok(count @ 1..) = server_read.read(&mut bytes).await {
            if (seen..seen + count).contains(&at) {
                bytes[at - seen] = bytes[at - seen].wrapping_add(to);
            }
            seen += count;
            if client_write.write_all(&bytes[..count]).await.is_err() {
                break;
            }
        }
    });
    let host = format!("{}:{}", parsed.host().unwrap(), parsed.port().unwrap());
    format!("{}?sslmode=disable", url.replace(&host, &format!("127.0.0.1:{port}")))
}

#[tokio::test]
async fn a_changed_byte() {
    let (direct, database) = engine().await;
    direct.insert(User::insert().rows(users(3))).await.unwrap();
    let mut errors = 0;
    let mut position = 0;
    while position < 1_600 {
        for to in [1, 0x80] {
            let url = changed(database.url(), position, to).await;
            let used = async {
                let engine = Engine::builder(url).pool_size(1).max_overflow(0).connect().await?;
                engine.fetch_all(User::select()).await?;
                let sql = "SELECT 1::int2, 2.50::numeric, now(), 'a'::text, ARRAY[1, 2], '{}'::jsonb, NULL::date";
                engine.fetch_all(text(sql)).await?;
                engine.insert(User::insert().rows([User { id: 77, name: "x".into(), age: None }])).await?;
                engine.execute(User::delete().filter(User::ID.eq(77_i64))).await?;
                let mut stream = engine.stream(text("SELECT n FROM generate_series(1, 5) AS s(n)").rows_as::<Value>());
                while let Some(row) = stream.next().await {
                    row?;
                }
                aludel::Result::<()>::Ok(())
            };
            // A length that was changed may be waited for in vain.
            errors += usize::from(!matches!(tokio::time::timeout(Duration::from_millis(50), used).await, Ok(Ok(()))));
        }
        position += if position < 60 { 3 } else { 23 };
    }
    assert!(errors > 10, "{errors}");
    direct.execute(User::delete().filter(User::ID.eq(77_i64))).await.unwrap();
    assert!(direct.fetch_all(User::select()).await.unwrap().into_iter().eq(users(3)));
}
