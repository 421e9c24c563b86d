//! Conditions on an entity wherever it is read: soft deletes, tenants.

use aludel::prelude::*;
use aludel::{OrmStatement, with_criteria};

use crate::model::{Address, Order, Tag, User, addresses, labels, session, users};

/// For the rows of a query and for all loaders.
#[test]
fn for_one_query() {
    for how in 0..3 {
        let (mut session, log) = session();
        let criteria = (with_criteria::<User>(User::ID.lt(3)), with_criteria::<Address>(Address::EMAIL.like("%a.org")));
        let found = match how {
            0 => session.fetch_all(users().options((criteria, selectinload(User::ADDRESSES)))),
            1 => session.fetch_all(users().options((criteria, joinedload(User::ADDRESSES)))),
            _ => session.fetch_all(users().options((criteria, subqueryload(User::ADDRESSES)))),
        };
        let found = found.unwrap();
        assert_eq!(addresses(&session, &found), [1, 1], "{how}");
        assert_eq!(log.sql().iter().map(|sql| sql.matches("email LIKE").count()).sum::<usize>(), 1);
    }
}

/// A parent that does not meet it is nobody, also one that is here.
#[test]
fn to_one() {
    for how in 0..2 {
        let (mut session, _) = session();
        session.fetch_all(users()).unwrap();
        let query = Address::select().order_by(Address::ID);
        let criteria = with_criteria::<User>(User::NAME.ne("ed"));
        let found = match how {
            0 => session.fetch_all(query.options((criteria, selectinload(Address::USER)))),
            _ => session.fetch_all(query.options((criteria, joinedload(Address::USER)))),
        };
        let found: Vec<bool> = found.unwrap().iter().map(|key| session[*key].user.is_some()).collect();
        assert_eq!(found, [false, false, true, false], "{how}");
    }
}

/// Deep down, and over link tables.
#[test]
fn further_down() {
    for how in 0..3 {
        let (mut session, _) = session();
        let criteria = || with_criteria::<Tag>(Tag::LABEL.eq("hot"));
        let found = match how {
            0 => session.fetch_all(users().options((criteria(), selectinload(User::ORDERS).selectinload(Order::TAGS)))),
            1 => session.fetch_all(users().options((joinedload(User::ORDERS).joinedload(Order::TAGS), criteria()))),
            // Said further down, it holds from there on.
            _ => session.fetch_all(
                users().options(selectinload(User::ORDERS).options((criteria(), selectinload(Order::TAGS)))),
            ),
        };
        assert_eq!(labels(&session, found.unwrap()[0]), "hot, hot", "{how}");
    }
}

/// For every statement of a session, by a listener; once in each.
#[test]
fn for_a_session() {
    let (mut session, log) = session();
    session.events().do_orm_execute(|execute| {
        execute.add_criteria::<User>(User::NAME.ne("fred"));
        execute.add_criteria::<Address>(Address::EMAIL.like("%a.org"));
        Ok(())
    });
    let found =
        session
            .fetch_all(users().options((
                selectinload(User::ADDRESSES).selectinload(Address::USER),
                selectinload(User::STAFF).depth(2),
            )))
            .unwrap();
    assert_eq!(addresses(&session, &found), [1, 1, 0]);
    let wendy = session.keys(found[0], User::STAFF)[0];
    assert!(session[wendy].staff.is_empty());
    for sql in log.sql() {
        assert!(sql.matches("name !=").count() <= 1 && sql.matches("LIKE").count() <= 1, "{sql}");
        assert_eq!(sql.matches("name !=").count() + sql.matches("LIKE").count(), 1, "{sql}");
    }
    assert_eq!(session.get::<User>(4).unwrap(), None);
    session.load(&found, User::ADDRESSES).unwrap();
    assert_eq!(addresses(&session, &found), [1, 1, 0]);
    // A flush that has to know all is not kept from it.
    for table in ["items", "order_tag", "orders", "profiles"] {
        session.execute(text(format!("DELETE FROM {table}"))).unwrap();
    }
    session.execute(text("UPDATE users SET boss_id = NULL")).unwrap();
    session.delete(found[0]);
    session.commit().unwrap();
    assert_eq!(session.execute(text("DELETE FROM addresses WHERE user_id IS NULL")).unwrap(), 3);
}

/// The program's own option and the listener's together, and a listener that tells statements apart.
#[test]
fn for_some_statements() {
    let (mut session, _) = session();
    session.events().do_orm_execute(|execute| {
        if execute.statement() == OrmStatement::Load {
            execute.add_criteria::<Address>(Address::EMAIL.like("%a.org"));
        }
        Ok(())
    });
    let options = (selectinload(User::ADDRESSES), with_criteria::<Address>(Address::EMAIL.like("ed%")));
    let found = session.fetch_all(users().options(options)).unwrap();
    assert_eq!(addresses(&session, &found), [1, 0, 0, 0]);
    assert_eq!(session.fetch_all(Address::select()).unwrap().len(), 4);
}

/// An update or a delete of the program's own too.
#[test]
fn for_updates_and_deletes() {
    let (mut session, _) = session();
    session.events().do_orm_execute(|execute| {
        execute.add_criteria::<Order>(Order::USER_ID.eq(1));
        Ok(())
    });
    assert_eq!(session.execute(Order::update().set(Order::NOTE, "changed")).unwrap(), 2);
    session.execute(text("DELETE FROM items")).unwrap();
    session.execute(text("DELETE FROM order_tag")).unwrap();
    assert_eq!(session.execute(Order::delete()).unwrap(), 2);
    assert_eq!(session.fetch_one(text("SELECT count(*) FROM orders").rows_as::<i64>()).unwrap(), 1);
}

/// Of the other side of an outer join of the program's own: who has nobody stays.
#[test]
fn beside_an_outer_join() {
    let (mut session, _) = session();
    let query = User::select()
        .left_join(Address::TABLE, Address::USER_ID.eq(User::ID))
        .order_by((User::ID, Address::ID))
        .options((contains_eager(User::ADDRESSES), with_criteria::<Address>(Address::EMAIL.like("%b.org"))));
    let found = session.fetch_all(query).unwrap();
    assert_eq!(addresses(&session, &found), [1, 0, 0, 0]);
}
