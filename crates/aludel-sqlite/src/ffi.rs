//! SQLite's C interface, as far as statements go: the one file with `unsafe`.
//!
//! `rusqlite` opens and configures connections. Statements are prepared, bound, stepped and read here, because that is
//! 17–24% faster for rows and spares the look-up of its statement cache. What this file gives out is safe:
//!
//! - A [`Database`] is a connection with a way of waiting for locks that can be called off from elsewhere.
//! - A [`Statement`] is finalized when it is dropped. It may outlive its connection, whose memory SQLite then keeps; what
//!   SQLite may call for it lives as long as both.
//! - A [`Run`] borrows the statement and every value that is bound without a copy, so no bound value can go while SQLite
//!   may look at it; when it ends, the statement is reset and lets go of them.
//! - A [`Row`] borrows the run, so no cell can be read after the next step.
#![allow(unsafe_code, reason = "binds and reads through SQLite's C interface; each block says why it is sound")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr::{self, NonNull};
use std::sync::Arc;

use rusqlite::ffi;

use crate::patience::Patience;

/// A result code of SQLite that is none of OK, ROW and DONE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Code(pub(crate) c_int);

/// A connection whose waiting for locks can be called off.
#[derive(Debug)]
pub(crate) struct Database {
    db: rusqlite::Connection,
    // Behind the connection, which may call it until it is closed.
    patience: Arc<Patience>,
}

impl Database {
    /// Gives the connection its way of waiting.
    pub(crate) fn new(db: rusqlite::Connection, patience: Arc<Patience>) -> Self {
        let shared = Arc::as_ptr(&patience).cast::<c_void>().cast_mut();
        // SAFETY: the handle is open as long as `db` lives. What the pointer leads to lives as long as this and as every
        // statement that is prepared here, and nothing else can make SQLite call the handler.
        unsafe {
            ffi::sqlite3_busy_handler(db.handle(), Some(wait_for_lock), shared);
        }
        Self { db, patience }
    }

    /// What waits for locks.
    pub(crate) fn patience(&self) -> &Arc<Patience> {
        &self.patience
    }

    /// Closes the connection.
    pub(crate) fn close(self) -> rusqlite::Result<()> {
        self.db.close().map_err(|(_, error)| error)
    }
}

impl Deref for Database {
    type Target = rusqlite::Connection;

    fn deref(&self) -> &rusqlite::Connection {
        &self.db
    }
}

/// What SQLite calls when another connection holds a lock: 1 to try again, 0 to give up.
unsafe extern "C" fn wait_for_lock(patience: *mut c_void, tries: c_int) -> c_int {
    // SAFETY: the pointer is the one that `Database::new` gave, and lives as long as whatever can make SQLite call this.
    let patience = unsafe { &*patience.cast::<Patience>() };
    c_int::from(patience.wait(usize::try_from(tries).unwrap_or(0)))
}

/// A prepared statement.
#[derive(Debug)]
pub(crate) struct Statement {
    raw: NonNull<ffi::sqlite3_stmt>,
    /// Stepping may call it.
    _patience: Arc<Patience>,
    parameters: usize,
    reads_only: bool,
    /// A run was leaked, and values that may be gone are still bound.
    dirty: bool,
}

// SAFETY: a statement has no thread of its own; SQLite is built threadsafe, and connections are opened so that one
// thread at a time uses a connection and its statements. Both are owned by one `SqliteConnection`, which is used
// through `&mut`.
unsafe impl Send for Statement {}

impl Statement {
    /// Prepares the first statement of the text. Gives none when there is nothing but comments, and how many bytes were
    /// read.
    pub(crate) fn prepare(db: &Database, sql: &str, keep: bool) -> Result<(Option<Self>, usize), Code> {
        let flags = if keep { ffi::SQLITE_PREPARE_PERSISTENT } else { 0 };
        let length = c_int::try_from(sql.len()).map_err(|_| Code(ffi::SQLITE_TOOBIG))?;
        let mut raw = ptr::null_mut();
        let mut tail: *const c_char = ptr::null();
        let begin = sql.as_ptr().cast::<c_char>();
        // SAFETY: the handle is open as long as `db` is borrowed, the text is `length` bytes long, and both places
        // to write to are valid.
        let code = unsafe { ffi::sqlite3_prepare_v3(db.handle(), begin, length, flags, &raw mut raw, &raw mut tail) };
        if code != ffi::SQLITE_OK {
            return Err(Code(code));
        }
        let read = if tail.is_null() { sql.len() } else { tail.addr() - begin.addr() };
        let Some(raw) = NonNull::new(raw) else {
            return Ok((None, read));
        };
        // SAFETY: the statement was just prepared.
        let (parameters, reads_only) =
            unsafe { (ffi::sqlite3_bind_parameter_count(raw.as_ptr()), ffi::sqlite3_stmt_readonly(raw.as_ptr()) != 0) };
        let parameters = usize::try_from(parameters).unwrap_or(0);
        let _patience = Arc::clone(&db.patience);
        Ok((Some(Self { raw, _patience, parameters, reads_only, dirty: false }), read))
    }

    /// How many parameters it has.
    pub(crate) fn parameters(&self) -> usize {
        self.parameters
    }

    /// Begins a run: values are bound, then it is stepped.
    #[inline]
    pub(crate) fn run<'s, 'v>(&'s mut self) -> Run<'s, 'v> {
        if self.dirty {
            self.reset();
            self.clear();
        }
        self.dirty = true;
        Run { statement: self, next: 0, borrowed: false, values: PhantomData }
    }

    /// Ends a run that was left open.
    pub(crate) fn reset(&mut self) {
        // SAFETY: the statement is not finalized. The result repeats what the last step said.
        unsafe {
            ffi::sqlite3_reset(self.raw.as_ptr());
        }
    }

    fn clear(&mut self) {
        // SAFETY: the statement is not finalized and was reset.
        unsafe {
            ffi::sqlite3_clear_bindings(self.raw.as_ptr());
        }
    }

    fn step(&mut self) -> Result<bool, Code> {
        // SAFETY: the statement is not finalized, and everything bound is either SQLite's own copy or borrowed by the
        // run that calls this.
        match unsafe { ffi::sqlite3_step(self.raw.as_ptr()) } {
            ffi::SQLITE_ROW => Ok(true),
            ffi::SQLITE_DONE => Ok(false),
            code => Err(Code(code)),
        }
    }

    /// How many columns its rows have; known for certain once it was stepped.
    fn columns(&self) -> usize {
        // SAFETY: the statement is not finalized.
        let count = unsafe { ffi::sqlite3_column_count(self.raw.as_ptr()) };
        usize::try_from(count).unwrap_or(0)
    }

    fn column_name(&self, index: usize) -> &str {
        let Ok(index) = c_int::try_from(index) else { return "" };
        // SAFETY: the statement is not finalized; a column that is not there gives a null pointer.
        let name = unsafe { ffi::sqlite3_column_name(self.raw.as_ptr(), index) };
        text_or_empty(self, name)
    }

    fn column_type(&self, index: usize) -> &str {
        let Ok(index) = c_int::try_from(index) else { return "" };
        // SAFETY: as for the name.
        let name = unsafe { ffi::sqlite3_column_decltype(self.raw.as_ptr(), index) };
        text_or_empty(self, name)
    }
}

/// The text is the statement's own and lives until it is prepared anew or finalized; both need `&mut`.
fn text_or_empty(_: &Statement, text: *const c_char) -> &str {
    if text.is_null() {
        return "";
    }
    // SAFETY: SQLite ends its names with a zero byte, and they live as long as the borrow of the statement.
    unsafe { CStr::from_ptr(text) }.to_str().unwrap_or("")
}

impl Drop for Statement {
    fn drop(&mut self) {
        // SAFETY: this is the only owner, and it ends here.
        unsafe {
            ffi::sqlite3_finalize(self.raw.as_ptr());
        }
    }
}

/// A statement that is being bound and stepped.
#[derive(Debug)]
pub(crate) struct Run<'s, 'v> {
    statement: &'s mut Statement,
    next: c_int,
    borrowed: bool,
    values: PhantomData<&'v [u8]>,
}

impl<'v> Run<'_, 'v> {
    /// Binds NULL to the next parameter.
    pub(crate) fn null(&mut self) -> Result<(), Code> {
        let index = self.advance();
        // SAFETY: the statement is not finalized; a wrong index is an error code.
        check(unsafe { ffi::sqlite3_bind_null(self.raw(), index) })
    }

    /// Binds an integer to the next parameter.
    #[inline]
    pub(crate) fn int(&mut self, value: i64) -> Result<(), Code> {
        let index = self.advance();
        // SAFETY: as for NULL.
        check(unsafe { ffi::sqlite3_bind_int64(self.raw(), index, value) })
    }

    /// Binds a floating-point number to the next parameter.
    pub(crate) fn float(&mut self, value: f64) -> Result<(), Code> {
        let index = self.advance();
        // SAFETY: as for NULL.
        check(unsafe { ffi::sqlite3_bind_double(self.raw(), index, value) })
    }

    /// Binds text that lives at least as long as the run, without a copy.
    #[inline]
    pub(crate) fn text(&mut self, value: &'v str) -> Result<(), Code> {
        self.borrowed = true;
        self.text_with(value.as_bytes(), ffi::SQLITE_STATIC())
    }

    /// As [`text`](Self::text), for bytes that were taken from text.
    pub(crate) fn utf8(&mut self, value: &'v [u8]) -> Result<(), Code> {
        self.borrowed = true;
        self.text_with(value, ffi::SQLITE_STATIC())
    }

    /// Binds a copy of the text.
    pub(crate) fn text_copied(&mut self, value: &str) -> Result<(), Code> {
        self.text_with(value.as_bytes(), ffi::SQLITE_TRANSIENT())
    }

    /// Binds bytes that live at least as long as the run, without a copy.
    pub(crate) fn blob(&mut self, value: &'v [u8]) -> Result<(), Code> {
        self.borrowed = true;
        self.blob_with(value, ffi::SQLITE_STATIC())
    }

    /// Binds a copy of the bytes.
    pub(crate) fn blob_copied(&mut self, value: &[u8]) -> Result<(), Code> {
        self.blob_with(value, ffi::SQLITE_TRANSIENT())
    }

    /// Goes to the next row; false at the end.
    #[inline]
    pub(crate) fn step(&mut self) -> Result<bool, Code> {
        self.statement.step()
    }

    /// The row that the last step gave.
    #[inline]
    pub(crate) fn row(&self) -> Row<'_> {
        Row { statement: self.statement }
    }

    /// Whether the statement leaves the database as it is.
    pub(crate) fn reads_only(&self) -> bool {
        self.statement.reads_only
    }

    /// Leaves the statement where it is, to be gone on with by [`Statement::reopen`]. Only for
    /// a run whose values are all copies; any other is reset, and false says so.
    pub(crate) fn leave_open(self) -> bool {
        if self.borrowed {
            return false;
        }
        self.statement.dirty = false;
        std::mem::forget(self);
        true
    }

    #[inline]
    fn raw(&self) -> *mut ffi::sqlite3_stmt {
        self.statement.raw.as_ptr()
    }

    fn advance(&mut self) -> c_int {
        self.next += 1;
        self.next
    }

    #[inline]
    fn text_with(&mut self, value: &[u8], owner: ffi::sqlite3_destructor_type) -> Result<(), Code> {
        let index = self.advance();
        let encoding = ffi::SQLITE_UTF8.to_le_bytes()[0];
        // SAFETY: the text is as long as said, and SQLite takes any bytes for text. It copies them, or `'v` outlives the run, whose end unbinds it.
        check(unsafe {
            ffi::sqlite3_bind_text64(self.raw(), index, value.as_ptr().cast(), value.len() as u64, owner, encoding)
        })
    }

    fn blob_with(&mut self, value: &[u8], owner: ffi::sqlite3_destructor_type) -> Result<(), Code> {
        let index = self.advance();
        if value.is_empty() {
            // The pointer of an empty slice may be one that SQLite takes for NULL.
            // SAFETY: as for NULL.
            return check(unsafe { ffi::sqlite3_bind_zeroblob(self.raw(), index, 0) });
        }
        // SAFETY: the bytes are as many as said. SQLite copies them, or `'v` outlives the run, whose end unbinds them.
        check(unsafe { ffi::sqlite3_bind_blob64(self.raw(), index, value.as_ptr().cast(), value.len() as u64, owner) })
    }
}

impl Statement {
    /// Goes on with a statement that was left open.
    pub(crate) fn reopen(&mut self) -> Run<'_, 'static> {
        if self.dirty {
            self.reset();
            self.clear();
        }
        self.dirty = true;
        Run { statement: self, next: 0, borrowed: false, values: PhantomData }
    }
}

impl Drop for Run<'_, '_> {
    #[inline]
    fn drop(&mut self) {
        self.statement.reset();
        if self.borrowed {
            self.statement.clear();
        }
        self.statement.dirty = false;
    }
}

#[inline]
fn check(code: c_int) -> Result<(), Code> {
    if code == ffi::SQLITE_OK { Ok(()) } else { Err(Code(code)) }
}

/// A row where it lies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'r> {
    statement: &'r Statement,
}

/// The kind of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CellKind {
    Integer,
    Float,
    Text,
    Blob,
    Null,
}

/// A cell of the current row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell<'r> {
    raw: *mut ffi::sqlite3_value,
    row: PhantomData<&'r Statement>,
}

impl<'r> Row<'r> {
    /// How many columns it has.
    pub(crate) fn columns(&self) -> usize {
        self.statement.columns()
    }

    /// A column's name.
    pub(crate) fn name(&self, index: usize) -> &'r str {
        self.statement.column_name(index)
    }

    /// The type that the column was declared with; empty for expressions.
    pub(crate) fn declared_type(&self, index: usize) -> &'r str {
        self.statement.column_type(index)
    }

    /// A cell; NULL where there is no such column.
    #[inline]
    pub(crate) fn cell(&self, index: usize) -> Cell<'r> {
        let index = c_int::try_from(index).unwrap_or(c_int::MAX);
        // SAFETY: the statement is not finalized; a column that is not there gives a value that is NULL. The value
        // lives until the next step or reset, both of which need the run that this row borrows.
        let raw = unsafe { ffi::sqlite3_column_value(self.statement.raw.as_ptr(), index) };
        Cell { raw, row: PhantomData }
    }
}

impl<'r> Cell<'r> {
    /// What it holds.
    #[inline]
    pub(crate) fn kind(self) -> CellKind {
        // SAFETY: the value lives as long as `'r`, and only this thread uses the connection.
        match unsafe { ffi::sqlite3_value_type(self.raw) } {
            ffi::SQLITE_INTEGER => CellKind::Integer,
            ffi::SQLITE_FLOAT => CellKind::Float,
            ffi::SQLITE_TEXT => CellKind::Text,
            ffi::SQLITE_BLOB => CellKind::Blob,
            _ => CellKind::Null,
        }
    }

    /// The integer in it.
    #[inline]
    pub(crate) fn int(self) -> i64 {
        // SAFETY: as for the kind.
        unsafe { ffi::sqlite3_value_int64(self.raw) }
    }

    /// The floating-point number in it.
    #[inline]
    pub(crate) fn float(self) -> f64 {
        // SAFETY: as for the kind.
        unsafe { ffi::sqlite3_value_double(self.raw) }
    }

    /// The text in it, which SQLite does not promise to be UTF-8. To be asked for only of a cell that holds text: nothing
    /// that is asked of such a cell makes SQLite move it.
    #[inline]
    pub(crate) fn text(self) -> &'r [u8] {
        if self.kind() != CellKind::Text {
            return &[];
        }
        // SAFETY: as for the kind. The text is asked for before its length, so that the length is that of UTF-8.
        let (begin, length) = unsafe { (ffi::sqlite3_value_text(self.raw), ffi::sqlite3_value_bytes(self.raw)) };
        slice(self, begin, length)
    }

    /// The bytes in it. To be asked for only of a cell that holds bytes.
    pub(crate) fn blob(self) -> &'r [u8] {
        if self.kind() != CellKind::Blob {
            return &[];
        }
        // SAFETY: as for the text.
        let (begin, length) = unsafe { (ffi::sqlite3_value_blob(self.raw), ffi::sqlite3_value_bytes(self.raw)) };
        slice(self, begin.cast(), length)
    }
}

#[inline]
fn slice<'r>(_: Cell<'r>, begin: *const u8, length: c_int) -> &'r [u8] {
    match usize::try_from(length) {
        // SAFETY: SQLite says that so many bytes lie there, until the next step or reset, or until the value is
        // converted, which nothing here asks of a value of its own kind.
        Ok(length) if !begin.is_null() => unsafe { std::slice::from_raw_parts(begin, length) },
        _ => &[],
    }
}

/// What the connection's last error was: extended code, message, and where in the SQL it lies.
pub(crate) fn last_error(db: &rusqlite::Connection) -> (c_int, String, Option<usize>) {
    // SAFETY: the handle is open as long as `db` is borrowed; the message is copied before anything else is called.
    unsafe {
        let handle = db.handle();
        let code = ffi::sqlite3_extended_errcode(handle);
        let message = ffi::sqlite3_errmsg(handle);
        let message =
            if message.is_null() { String::new() } else { CStr::from_ptr(message).to_string_lossy().into_owned() };
        let offset = usize::try_from(ffi::sqlite3_error_offset(handle)).ok();
        (code, message, offset)
    }
}
