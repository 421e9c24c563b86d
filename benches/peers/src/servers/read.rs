//! What a library left in a server's tables, read past that library.

use mysql_async::prelude::Queryable;

use super::Address;
use crate::backend::Backend;
use crate::bulk::Item;
use crate::orm::UserRow;
use crate::turns::Result;

/// The items in the order of their keys.
pub(crate) fn items(address: Option<&Address>) -> Result<Vec<Item>> {
    let rows: Vec<(i32, String, String)> = in_thread(address, "SELECT id, name, description FROM items ORDER BY id")?;
    Ok(rows.into_iter().map(|(id, name, description)| Item { id, name, description }).collect())
}

/// The users in the order of their keys.
pub(crate) fn users(address: Option<&Address>) -> Result<Vec<UserRow>> {
    in_thread(address, "SELECT id, name, hair_color FROM users ORDER BY id")
}

/// The caller may be a task, which must not block on another.
fn in_thread<T>(address: Option<&Address>, sql: &'static str) -> Result<Vec<(i32, String, T)>>
where
    T: Send + 'static + mysql_async::prelude::FromValue + for<'a> tokio_postgres::types::FromSql<'a>,
{
    let address = address.ok_or("there is no server")?.clone();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(read(&address, sql))
    });
    thread.join().unwrap_or_else(|_| Err("reading the tables panicked".into()))
}

async fn read<T>(address: &Address, sql: &str) -> Result<Vec<(i32, String, T)>>
where
    T: Send + 'static + mysql_async::prelude::FromValue + for<'a> tokio_postgres::types::FromSql<'a>,
{
    if address.backend() == Backend::Mysql {
        let mut connection = mysql_async::Conn::new(address.mysql_options()).await?;
        let rows = connection.query(sql).await?;
        connection.disconnect().await?;
        return Ok(rows);
    }
    let rows = address.postgres_client().await?.query(sql, &[]).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect()
}
