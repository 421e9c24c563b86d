//! Lists in an order: by columns, and by a column that holds the place.

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::log::{self, Log, stored};

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "players")]
struct Player {
    #[column(primary_key)]
    id: i64,
    #[has_many(Score::PLAYER_ID, order_by(desc(Score::POINTS), Score::ID))]
    scores: Many<Score>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "scores")]
struct Score {
    #[column(primary_key)]
    id: i64,
    points: i64,
    #[column(references = Player::ID)]
    player_id: Option<i64>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "playlists")]
struct Playlist {
    #[column(primary_key)]
    id: i64,
    #[has_many(Track::LIST_ID, position = Track::POSITION, cascade = "all, delete-orphan")]
    tracks: Many<Track>,
    #[has_many(Guest::LIST_ID, position = Guest::PLACE)]
    guests: Many<Guest>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "tracks")]
struct Track {
    #[column(primary_key)]
    id: i64,
    title: String,
    #[column(default)]
    position: i32,
    #[column(references = Playlist::ID)]
    list_id: i64,
    #[belongs_to(Track::LIST_ID)]
    list: One<Playlist>,
}

/// May be on no list.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "guests")]
struct Guest {
    #[column(primary_key)]
    id: i64,
    name: String,
    place: Option<i64>,
    #[column(references = Playlist::ID)]
    list_id: Option<i64>,
}

const ROWS: [&str; 5] = [
    "INSERT INTO players VALUES (1)",
    "INSERT INTO scores VALUES (1, 5, 1), (2, 9, 1), (3, 7, 1), (4, 9, 1)",
    "INSERT INTO playlists VALUES (1), (2)",
    "INSERT INTO tracks VALUES (1, 'a', 0, 1), (2, 'b', 1, 1), (3, 'c', 2, 1), (4, 'x', 0, 2)",
    "INSERT INTO guests VALUES (1, 'ada', 0, 1), (2, 'bob', 1, 1), (3, 'cy', NULL, NULL)",
];

fn session() -> (Session, Log) {
    log::session(schema![Player, Score, Playlist, Track, Guest], &ROWS)
}

const TRACKS: &str = "SELECT list_id || ' ' || position || ' ' || title FROM tracks ORDER BY list_id, position";
const GUESTS: &str =
    "SELECT coalesce(list_id, '-') || ' ' || coalesce(place, '-') || ' ' || name FROM guests ORDER BY id";

fn titles(session: &Session, list: Key<Playlist>) -> String {
    session.view(list).many(Playlist::TRACKS).map(|track| track.title.clone()).collect()
}

fn list(session: &mut Session, id: i64) -> (Key<Playlist>, Vec<Key<Track>>) {
    let list = session.get_one::<Playlist>(id).unwrap();
    session.load(list, Playlist::TRACKS).unwrap();
    (list, session.keys(list, Playlist::TRACKS))
}

#[test]
fn by_columns() {
    for how in 0..3 {
        let (mut session, log) = session();
        let players = match how {
            0 => session.fetch_all(Player::select().options(selectinload(Player::SCORES))),
            1 => session.fetch_all(Player::select().options(joinedload(Player::SCORES))),
            _ => session.fetch_all(Player::select().options(subqueryload(Player::SCORES))),
        };
        let player = players.unwrap()[0];
        let ids: Vec<i64> = session.view(player).many(Player::SCORES).map(|score| score.id).collect();
        assert_eq!(ids, [2, 4, 3, 1], "{how}");
        assert_eq!(log.sql().last().unwrap().ends_with("points DESC, scores.id"), how != 1);
    }
}

/// What is linked stands at the end until the list is loaded again, or where it is put.
#[test]
fn a_new_one_in_an_ordered_list() {
    let (mut session, _) = session();
    let player = session.get_one::<Player>(1).unwrap();
    session.load(player, Player::SCORES).unwrap();
    let new = session.add(Score::build().points(8));
    session.link(player, Player::SCORES, new);
    assert_eq!(session.keys(player, Player::SCORES).last(), Some(&new));
    session.commit().unwrap();
    session.load(player, Player::SCORES).unwrap();
    assert_eq!(session.keys(player, Player::SCORES)[2], new);
    let first = session.add(Score::build().points(1));
    session.link_at(player, Player::SCORES, 0, first);
    assert_eq!(session.keys(player, Player::SCORES)[0], first);
}

#[test]
fn new_objects_are_numbered() {
    let (mut session, log) = session();
    let track = |title: &str| Track::build().title(title);
    session.add(Playlist::build().tracks([track("p"), track("q"), track("r")]));
    session.commit().unwrap();
    assert_eq!(stored(&mut session, &log, TRACKS)[4..], ["3 0 p", "3 1 q", "3 2 r"]);
    assert_eq!(log.short(), ["INSERT playlists 1", "INSERT tracks 3"]);
}

#[test]
fn in_the_middle_and_at_the_end() {
    let (mut session, log) = session();
    let (list, _) = list(&mut session, 1);
    let (middle, end) = (session.add(Track::build().title("m")), session.add(Track::build().title("e")));
    session.link_at(list, Playlist::TRACKS, 1, middle);
    session.link(list, Playlist::TRACKS, end);
    assert_eq!(titles(&session, list), "ambce");
    log.count();
    session.commit().unwrap();
    // Only those whose place has changed.
    assert_eq!(log.short(), ["UPDATE tracks 2", "INSERT tracks 2"]);
    assert_eq!(stored(&mut session, &log, TRACKS)[..5], ["1 0 a", "1 1 m", "1 2 b", "1 3 c", "1 4 e"]);
}

#[test]
fn moved_within_the_list() {
    let (mut session, log) = session();
    let (list, tracks) = list(&mut session, 1);
    session.link_at(list, Playlist::TRACKS, 0, tracks[2]);
    assert_eq!(titles(&session, list), "cab");
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["UPDATE tracks 3"]);
    assert_eq!(stored(&mut session, &log, TRACKS)[..3], ["1 0 c", "1 1 a", "1 2 b"]);
    session.link_at(list, Playlist::TRACKS, 2, tracks[2]);
    session.commit().unwrap();
    assert_eq!(stored(&mut session, &log, TRACKS)[..3], ["1 0 a", "1 1 b", "1 2 c"]);
}

#[test]
fn taken_out_and_deleted() {
    let (mut session, log) = session();
    let (list, tracks) = list(&mut session, 1);
    session.unlink(list, Playlist::TRACKS, tracks[0]);
    session.flush().unwrap();
    assert_eq!(stored(&mut session, &log, TRACKS), ["1 0 b", "1 1 c", "2 0 x"]);
    session.rollback().unwrap();
    assert_eq!(titles(&session, list), "abc");
    session.load(list, Playlist::TRACKS).unwrap();
    session.delete(tracks[1]);
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["UPDATE tracks 1", "DELETE tracks 1"]);
    assert_eq!(stored(&mut session, &log, TRACKS), ["1 0 a", "1 1 c", "2 0 x"]);
}

#[test]
fn moved_to_another_list() {
    let (mut session, log) = session();
    let (_, tracks) = list(&mut session, 1);
    let (other, _) = list(&mut session, 2);
    session.link_at(other, Playlist::TRACKS, 0, tracks[0]);
    session.commit().unwrap();
    assert_eq!(stored(&mut session, &log, TRACKS), ["1 0 b", "1 1 c", "2 0 a", "2 1 x"]);
}

/// The list has to be read to know the place; a list of which only a part was loaded too.
#[test]
fn a_list_that_is_not_loaded() {
    let (mut session, log) = session();
    let list = session.get_one::<Playlist>(1).unwrap();
    let new = session.add(Track::build().title("n"));
    session.link(list, Playlist::TRACKS, new);
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["SELECT tracks", "INSERT tracks 1"]);
    assert_eq!(stored(&mut session, &log, TRACKS)[..4], ["1 0 a", "1 1 b", "1 2 c", "1 3 n"]);
    let query = Playlist::select().filter(Playlist::ID.eq(1));
    let part = query.options(selectinload(Playlist::TRACKS).filter(Track::TITLE.ne("a")));
    let list = session.fetch_one(part.populate_existing()).unwrap();
    assert_eq!(titles(&session, list), "bcn");
    session[list].tracks.push(Track::build().title("z"));
    session.commit().unwrap();
    assert_eq!(stored(&mut session, &log, TRACKS)[..5], ["1 0 a", "1 1 b", "1 2 c", "1 3 n", "1 4 z"]);
}

/// Without changes in the list nothing is read and nothing is written.
#[test]
fn a_list_that_is_not_changed() {
    let (mut session, log) = session();
    let (_, tracks) = list(&mut session, 1);
    session[tracks[1]].title = "B".into();
    let other = session.get_one::<Track>(4).unwrap();
    session[other].title = "X".into();
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["UPDATE tracks 2"]);
}

/// A place that may be NULL.
#[test]
fn places_that_may_be_null() {
    let (mut session, log) = session();
    let list = session.get_one::<Playlist>(1).unwrap();
    session.load(list, Playlist::GUESTS).unwrap();
    let ada = session.keys(list, Playlist::GUESTS)[0];
    let cy = session.get_one::<Guest>(3).unwrap();
    session.link(list, Playlist::GUESTS, cy);
    session.unlink(list, Playlist::GUESTS, ada);
    session.commit().unwrap();
    let guests = stored(&mut session, &log, GUESTS);
    assert_eq!(guests[1..], ["1 0 bob", "1 1 cy"]);
    assert!(guests[0].starts_with("- "), "{guests:?}");
}

/// By all loaders in the order of the places.
#[test]
fn loaded_in_order() {
    for how in 0..3 {
        let (mut session, _) = session();
        session.execute(text("UPDATE tracks SET position = 9 - position WHERE list_id = 1")).unwrap();
        let query = Playlist::select().order_by(Playlist::ID);
        let lists = match how {
            0 => session.fetch_all(query.options(selectinload(Playlist::TRACKS))),
            1 => session.fetch_all(query.options(joinedload(Playlist::TRACKS))),
            _ => session.fetch_all(query.options(subqueryload(Playlist::TRACKS))),
        };
        assert_eq!(titles(&session, lists.unwrap()[0]), "cba", "{how}");
    }
}
