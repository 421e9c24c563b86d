//! Keys that belong elsewhere, and sessions in other tasks.

use aludel::prelude::*;
use aludel::{Nested, NoAutoflush};

use crate::model::{Address, Database, User};

const fn is_send_and_sync<T: Send + Sync>() {}
const fn is_send<T: Send>(_: &T) {}

/// Checked when this is compiled.
const _: () = {
    is_send_and_sync::<Session>();
    is_send_and_sync::<Nested<'_>>();
    is_send_and_sync::<NoAutoflush<'_>>();
    is_send_and_sync::<Key<User>>();
    is_send_and_sync::<aludel::blocking::Session>();
};

#[tokio::test]
async fn of_another_session() {
    let database = Database::new().await;
    let (mut one, mut other) = (Session::new(&database.engine), Session::new(&database.engine));
    let ed = one.get_one::<User>(1).await.unwrap();
    // The other has an object in the same place.
    other.get_one::<User>(2).await.unwrap();
    let error = other.try_get(ed).unwrap_err().to_string();
    assert!(error.contains("in another session"), "{error}");
    assert!(!other.contains(ed));
    assert!(other.try_get_mut(ed).is_err() && other.try_keys(ed, User::ADDRESSES).is_err());
    assert!(other.load(ed, User::ADDRESSES).await.unwrap_err().to_string().contains("in another session"));
    assert!(other.refresh(ed).await.unwrap_err().to_string().contains("in another session"));
    for call in [
        |session: &mut Session, key| session[key].name = "changed".into(),
        |session: &mut Session, key| assert_eq!(session[key].name, ""),
        |session: &mut Session, key| session.delete(key),
        |session: &mut Session, key| session.expunge(key),
        |session: &mut Session, key| session.expire(key),
        |session: &mut Session, key| drop(session.owned(key)),
        |session: &mut Session, key| session.with(key, |user: &mut User, _| user.age = None),
        |session: &mut Session, key| {
            let address = session.add(Address::build().email("there"));
            session.link(key, User::ADDRESSES, address);
        },
    ] as [fn(&mut Session, Key<User>); 8]
    {
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| call(&mut other, ed)));
        let panic = caught.unwrap_err().downcast::<String>().unwrap();
        assert!(panic.contains("in another session"), "{panic}");
    }
    other.rollback().await.unwrap();
    assert!(!other.has_changes());
    // A copy can go from one to the other.
    let here = other.merge(one.owned(ed)).await.unwrap();
    assert_eq!(other[here].name, "ed");
}

#[tokio::test]
async fn of_an_object_that_has_left() {
    let database = Database::new().await;
    let mut session = Session::new(&database.engine);
    let ed = session.get_one::<User>(1).await.unwrap();
    session.expunge(ed);
    let again = session.get_one::<User>(1).await.unwrap();
    assert_ne!(ed, again);
    let error = session.try_get(ed).unwrap_err().to_string();
    assert!(error.contains("not in the session any more"), "{error}");
    assert_eq!(session[again].name, "ed");
    let new = session.add(User::build().name("new"));
    session.rollback().await.unwrap();
    let other = session.add(User::build().name("other"));
    assert!(!session.contains(new) && session.contains(other) && new != other);
}

/// A web handler's way: the session goes into a task, is shared for reading, and comes back.
#[tokio::test]
async fn in_a_task() {
    let database = Database::new().await;
    let mut session = Session::new(&database.engine);
    let ed = session.get_one::<User>(1).await.unwrap();
    let task = tokio::spawn(async move {
        session.load(ed, User::ADDRESSES).await?;
        session[ed].age = Some(31);
        let home = session.add(Address::build().email("home"));
        session.link(ed, User::ADDRESSES, home);
        session.commit().await?;
        Ok::<_, Error>((session, home))
    });
    let (mut session, home) = task.await.unwrap().unwrap();
    let shared = &session;
    let names: Vec<String> = std::thread::scope(|scope| {
        let read = || scope.spawn(move || shared[ed].name.clone());
        let threads: Vec<_> = (0..4).map(|_| read()).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(names, ["ed"; 4]);
    assert_eq!(session.keys(ed, User::ADDRESSES).len(), 3);
    assert_eq!(session[home].user_id, 1);
    let commit = session.commit();
    is_send(&commit);
    commit.await.unwrap();
    let nested = session.begin_nested();
    is_send(&nested);
}
