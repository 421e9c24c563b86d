//! Private servers start, obey, and are gone afterwards.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use aludel_servers::{Bouncer, Options, Server};

const KINDS: [fn(Options) -> aludel_servers::Result<Server>; 2] = [Server::postgres, Server::mariadb];

#[test]
fn a_server_answers_and_its_folder_goes_with_it() {
    for start in KINDS {
        let server = start(Options::new()).unwrap();
        assert_eq!(server.run("SELECT 40 + 2").unwrap(), "42\n");
        let folder = server.folder().to_owned();
        assert!(folder.is_dir());
        assert!(server.socket().exists());
        let id = server.process_id().unwrap();
        drop(server);
        assert!(!folder.exists());
        assert!(!is_running(id));
    }
}

#[test]
fn settings_files_and_statements_are_there_at_the_start() {
    let hba = "local all all trust\nhost all all 127.0.0.1/32 md5\n";
    let options =
        Options::new().file("pg_hba.conf", hba).setting("max_connections", "7").sql("CREATE ROLE it's_quoted");
    assert!(Server::postgres(options).unwrap_err().to_string().contains("it's_quoted"));
    let options = Options::new().file("pg_hba.conf", hba).setting("max_connections", "7").sql("CREATE ROLE somebody");
    let server = Server::postgres(options).unwrap();
    assert_eq!(server.run("SHOW max_connections").unwrap(), "7\n");
    assert_eq!(server.run("SELECT auth_method FROM pg_hba_file_rules ORDER BY 1").unwrap(), "md5\ntrust\n");
    assert_eq!(server.run("SELECT count(*) FROM pg_roles WHERE rolname = 'somebody'").unwrap(), "1\n");

    let server = Server::mariadb(Options::new().setting("max-connections", "17")).unwrap();
    assert_eq!(server.run("SELECT @@max_connections").unwrap(), "17\n");
}

#[test]
fn a_server_that_can_not_start_says_why() {
    let error = Server::postgres(Options::new().setting("no_such_setting", "1")).unwrap_err().to_string();
    assert!(error.contains("no_such_setting") && error.contains("ended while starting"), "{error}");
    let error = Server::mariadb(Options::new().setting("no-such-setting", "1")).unwrap_err().to_string();
    assert!(error.contains("no-such-setting"), "{error}");
}

#[test]
fn what_was_committed_survives_a_restart_and_a_kill() {
    for start in KINDS {
        let mut server = start(Options::new()).unwrap();
        let port = server.port();
        let sql = "CREATE SCHEMA kept; CREATE TABLE kept.t (n INT); INSERT INTO kept.t VALUES (1)";
        server.run(sql).unwrap();
        server.restart().unwrap();
        assert_eq!(server.run("SELECT n FROM kept.t").unwrap(), "1\n");
        server.run("UPDATE kept.t SET n = 2").unwrap();
        server.kill().unwrap();
        assert!(server.run("SELECT 1").is_err());
        assert!(server.process_id().is_none());
        server.start().unwrap();
        assert_eq!(server.run("SELECT n FROM kept.t").unwrap(), "2\n");
        assert_eq!(server.port(), port);
    }
}

#[test]
fn a_paused_server_keeps_quiet_until_it_goes_on() {
    for start in KINDS {
        let mut server = start(Options::new()).unwrap();
        let mut line = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
        // PostgreSQL waits for a request: here whether it does TLS, which is answered by one letter.
        line.write_all(&[0, 0, 0, 8, 4, 210, 22, 47]).unwrap();
        line.read_exact(&mut [0]).unwrap();

        server.pause().unwrap();
        let mut line = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
        line.write_all(&[0, 0, 0, 8, 4, 210, 22, 47]).unwrap();
        line.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
        assert!(line.read_exact(&mut [0]).is_err());
        server.resume().unwrap();
        line.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        line.read_exact(&mut [0]).unwrap();

        server.pause().unwrap();
        let (id, begin) = (server.process_id().unwrap(), Instant::now());
        drop(server);
        assert!(!is_running(id));
        assert!(begin.elapsed() < Duration::from_secs(10), "a paused server must be stopped too");
    }
}

#[test]
fn a_bouncer_stands_before_a_server() {
    let server = Server::postgres(Options::new()).unwrap();
    let database = server.database().unwrap();
    let bouncer = Bouncer::start(database.url(), &Options::new().setting("default_pool_size", "3")).unwrap();
    assert!(bouncer.url().ends_with(database.name()), "{}", bouncer.url());
    let mut output = Command::new("psql");
    output.args([bouncer.url(), "-X", "-A", "-t", "-c", "SELECT current_database()"]);
    let output = output.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), database.name(), "{output:?} {}", bouncer.log());
    let error = Bouncer::start(database.url(), &Options::new().setting("pool_mode", "nonsense")).unwrap_err();
    assert!(error.to_string().contains("nonsense"), "{error}");
}

#[test]
fn databases_differ() {
    for start in KINDS {
        let server = start(Options::new()).unwrap();
        let (first, second) = (server.database().unwrap(), server.database().unwrap());
        assert_ne!(first.name(), second.name());
        assert!(first.url().ends_with(first.name()), "{}", first.url());
        let list = "SELECT count(*) FROM information_schema.schemata WHERE schema_name LIKE 'aludel%'";
        let databases = "SELECT count(*) FROM pg_database WHERE datname LIKE 'aludel%'";
        let sql = if first.url().starts_with("postgres") { databases } else { list };
        assert_eq!(server.run(sql).unwrap(), "2\n");
    }
}

fn is_running(id: u32) -> bool {
    Path::new(&format!("/proc/{id}")).exists()
}

/// Set for the process that the next test starts.
const HELPER: &str = "ALUDEL_SERVERS_HELPER";

#[test]
fn a_server_ends_with_a_process_that_is_killed() {
    if env::var_os(HELPER).is_some() {
        let server = Server::postgres(Options::new()).unwrap();
        println!("\nhelper {} {}", server.process_id().unwrap(), server.folder().display());
        loop {
            thread::park();
        }
    }
    let mut helper = Command::new(env::current_exe().unwrap());
    helper.args(["--exact", "a_server_ends_with_a_process_that_is_killed", "--nocapture"]).env(HELPER, "1");
    let mut helper = helper.stdout(Stdio::piped()).spawn().unwrap();
    let output = BufReader::new(helper.stdout.take().unwrap());
    let line = output.lines().map(Result::unwrap).find(|line| line.starts_with("helper ")).unwrap();
    let mut words = line.splitn(3, ' ').skip(1);
    let (id, folder) = (words.next().unwrap().parse().unwrap(), Path::new(words.next().unwrap()));
    assert!(is_running(id) && folder.is_dir());
    helper.kill().unwrap();
    helper.wait().unwrap();
    let begin = Instant::now();
    while is_running(id) || folder.exists() {
        assert!(begin.elapsed() < Duration::from_secs(20), "the server outlives whoever started it");
        thread::sleep(Duration::from_millis(10));
    }
}
