//! LOAD DATA LOCAL, with data that the program gives.

use aludel_core::{Error, Result, UsageError};
use aludel_engine::driver::Reply;

use crate::connection::MySqlConnection;
use crate::error::connection_lost;
use crate::session::Event;

/// What is put into one packet at most.
const PIECE: usize = 1 << 20;

impl MySqlConnection {
    /// Runs a LOAD DATA LOCAL statement with data that the program gives, piece by piece, in place of a file; the file's name in
    /// the statement does not matter. Gives how many rows were loaded. The URL's option `local_infile` must be `on`, and the
    /// server's setting of the same name too.
    ///
    /// Without this method a server that asks for a file gets none, whatever it is asked: it could ask for any.
    ///
    /// If the reply is dropped, or a piece is an error, the connection is closed, since there is no other way to take back what
    /// was sent.
    ///
    /// ```no_run
    /// use aludel::blocking;
    /// use aludel::mysql::MySqlConnection;
    /// use aludel::prelude::*;
    ///
    /// let engine = blocking::Engine::connect("mysql://root@localhost/shop?local_infile=on")?;
    /// let mut connection = engine.acquire()?;
    /// let raw = connection.driver().as_any_mut().downcast_mut::<MySqlConnection>().expect("a MySQL connection");
    /// let data = ["1\ted\n", "2\twendy\n"].map(Ok);
    /// let rows = blocking::block_on(raw.load_local("LOAD DATA LOCAL INFILE 'data' INTO TABLE users (id, name)", data))?;
    /// assert_eq!(rows, 2);
    /// # Ok::<(), aludel::Error>(())
    /// ```
    ///
    /// # Errors
    /// When the statement fails or asks for no data, or a piece is an error.
    pub fn load_local<'a, I, B>(&'a mut self, sql: &'a str, data: I) -> Reply<'a, u64>
    where
        I: IntoIterator<Item = Result<B>>,
        I::IntoIter: Send + 'a,
        B: AsRef<[u8]> + Send + 'a,
    {
        let data = data.into_iter();
        Reply::on(self.target.face, self.load(sql, data))
    }

    async fn load<B: AsRef<[u8]>>(&mut self, sql: &str, data: impl Iterator<Item = Result<B>>) -> Result<u64> {
        if !self.target.options.local_infile {
            let message = "data for LOAD DATA LOCAL is sent only where the URL has the option local_infile=on";
            return Err(UsageError::new(message).into());
        }
        self.close_rows().await?;
        let mut data = Some(data);
        let mut rows = 0;
        // Until the end of the data was sent, a connection that is given up must be closed.
        self.is_loading = true;
        self.session.query(sql);
        loop {
            match self.session.next().await? {
                Event::Done(done) => {
                    rows += done.affected;
                    if !done.more {
                        break;
                    }
                }
                Event::Failed(answer) => {
                    self.is_loading = false;
                    let error = self.session.error();
                    self.after_error(answer, &error).await?;
                    return Err(error);
                }
                Event::File => match data.take() {
                    Some(data) => self.send_file(data).await?,
                    None => self.session.refuse_file(),
                },
                _ => {}
            }
        }
        self.is_loading = false;
        match data {
            None => Ok(rows),
            Some(_) => Err(UsageError::new("the statement asks for no data: it is no LOAD DATA LOCAL").into()),
        }
    }

    async fn send_file<B: AsRef<[u8]>>(&mut self, data: impl Iterator<Item = Result<B>>) -> Result<()> {
        for piece in data {
            let piece = piece.inspect_err(|_| self.session.set_broken())?;
            for piece in piece.as_ref().chunks(PIECE) {
                self.session.put_file(piece);
                if self.session.out().len() > PIECE / 4 {
                    self.flush().await?;
                }
            }
        }
        self.session.put_file(&[]);
        self.flush().await
    }

    /// Writes what is to be written.
    pub(crate) async fn flush(&mut self) -> Result<()> {
        let flushed: Result<(), Error> = self.session.wire().flush().await.map_err(connection_lost);
        flushed.inspect_err(|_| self.session.set_broken())
    }
}
