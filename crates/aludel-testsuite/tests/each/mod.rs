//! One test for each database.

#![allow(unused_imports, unused_macros, reason = "each test program uses some of it")]

/// Makes a module for each database, with a test for each of the functions, which are given the `Backend`.
macro_rules! on_each {
    ($($module:ident: $backend:ident),+ => $names:tt) => {
        $($crate::each::on_each!(@ $module, $backend, $names);)+
    };
    (@ $module:ident, $backend:ident, ($($name:ident),+ $(,)?)) => {
        mod $module {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(aludel_testsuite::Backend::$backend).await;
            })+
        }
    };
}
pub(crate) use on_each;

/// On all three.
macro_rules! everywhere {
    ($($name:tt)+) => {
        $crate::each::on_each!(sqlite: Sqlite, postgres: Postgres, mariadb: MariaDb => ($($name)+));
    };
}
pub(crate) use everywhere;

/// On the two servers.
macro_rules! both {
    ($($name:tt)+) => {
        $crate::each::on_each!(postgres: Postgres, mariadb: MariaDb => ($($name)+));
    };
}
pub(crate) use both;
