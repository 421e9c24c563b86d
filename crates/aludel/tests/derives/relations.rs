//! Relationships between entities.

use aludel::prelude::*;
use aludel::{Decode, Encode, Fault, IntoNew, Mapped, ParamSink, RelationKind, RowRef, Value};

use crate::fake_row::{NULL, cell, row};

#[derive(Entity, Clone, Debug, PartialEq)]
struct User {
    #[column(primary_key)]
    id: i64,
    name: String,
    /// Where letters go.
    #[has_many(Address::USER_ID, cascade = "all, delete-orphan", order_by(Address::EMAIL, desc(Address::ID)))]
    addresses: Many<Address>,
    #[has_many(Address::USER_ID, filter = Address::EMAIL.like("%@work.com"), constant = "AT_WORK")]
    work: Many<Address>,
    #[has_one(Profile::USER_ID)]
    profile: One<Profile>,
    #[belongs_to(Self::BOSS_ID)]
    boss: One<Self>,
    boss_id: Option<i64>,
    #[many_to_many(Membership::USER_ID, Membership::GROUP_ID)]
    groups: Many<Group>,
    #[column(skip)]
    note: String,
    #[column(version)]
    version: i32,
}

#[derive(Entity, Clone, Debug, PartialEq)]
struct Address {
    #[column(primary_key)]
    id: i64,
    email: String,
    #[column(references = User::ID)]
    user_id: i64,
    #[belongs_to(Address::USER_ID)]
    user: One<User>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
struct Profile {
    #[column(primary_key)]
    id: i64,
    text: String,
    // No foreign key of the database's.
    user_id: i64,
    #[belongs_to(Self::USER_ID)]
    user: One<User>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
struct Group {
    #[column(primary_key)]
    name: String,
    #[many_to_many((Membership::GROUP_ID), (Membership::USER_ID))]
    users: Many<User>,
}

#[derive(Entity, Clone, Debug)]
#[entity(primary_key(user_id, group_id))]
struct Membership {
    #[column(references = User::ID)]
    user_id: i64,
    #[column(references = Group::NAME)]
    group_id: String,
}

fn user() -> User {
    User::from_row(&row([cell(5), cell("ed"), NULL, cell(1)]), 0).expect("a row of a user")
}

#[test]
fn relationships_are_no_columns() {
    let names: Vec<_> = <User as Entity>::columns().iter().map(|column| column.name()).collect();
    assert_eq!(names, ["id", "name", "boss_id", "version"]);
    assert_eq!((User::WIDTH, User::NAMES), (4, ["id", "name", "boss_id", "version"].as_slice()));
    assert!(user().addresses.is_unloaded() && user().boss.is_unloaded());
}

#[test]
fn what_the_attributes_say() {
    use RelationKind::{BelongsTo, HasMany, HasOne, ManyToMany};
    let relations: Vec<_> = User::mapper().all().collect();
    let said: Vec<_> = relations.iter().map(|one| (one.name(), one.kind(), one.target().name())).collect();
    let expected = [
        ("addresses", HasMany, "Address"),
        ("work", HasMany, "Address"),
        ("profile", HasOne, "Profile"),
        ("boss", BelongsTo, "User"),
        ("groups", ManyToMany, "Group"),
    ];
    assert_eq!(said, expected);
    assert!(std::ptr::eq(User::AT_WORK.definition(), relations[1]));
    assert!(std::ptr::eq(Address::USER.definition().target(), User::mapper()));
    assert_eq!(format!("{:?} {:?}", User::ADDRESSES, Group::USERS), "User.addresses Group.users");
    assert_eq!((User::mapper().name(), User::mapper().primary_key()), ("User", [0].as_slice()));
}

#[test]
fn a_snapshot_has_the_columns_alone() {
    let mut user = user();
    user.note = "a note".into();
    user.boss = One::nobody();
    let copy = user.snapshot();
    assert_eq!((copy.id, copy.name.as_str(), copy.note.as_str()), (5, "ed", ""));
    assert!(copy.boss.is_unloaded());
}

#[test]
fn columns_by_position() {
    let mut user = user();
    user.set_column(1, &row([NULL, cell("wendy")]), 1).unwrap();
    user.set_column(2, &row([cell(7)]), 0).unwrap();
    let any = |index| user.column_any(index);
    assert_eq!(any(1).and_then(|field| field.downcast_ref::<String>()).map(String::as_str), Some("wendy"));
    assert_eq!(any(2).and_then(|field| field.downcast_ref::<Option<i64>>()), Some(&Some(7)));
    assert!(any(4).is_none());
    let fault = user.set_column(0, &row([NULL, cell("five")]), 1).unwrap_err();
    assert_eq!((fault.column(), fault.to_string().as_str()), (Some(1), "is text, where an integer was wanted"));
    let fault = user.set_column(4, &row([]), 0).unwrap_err();
    assert_eq!(fault.to_string(), "is not there: the row has 4 column(s)");
}

#[test]
fn relationships_by_position() {
    let mut one = user();
    let mut other = user();
    other.addresses = Many::from(vec![]);
    one.swap_relations(&mut other);
    assert!(one.addresses.is_loaded() && other.addresses.is_unloaded());
    assert!(one.relation(0).is_some_and(|field| field.is_loaded()) && one.relation(5).is_none());
    one.relation_mut(0).unwrap().unload();
    assert!(one.addresses.is_unloaded() && one.relation_mut(5).is_none());
    assert!(Membership { user_id: 1, group_id: "a".into() }.relation(0).is_none());
}

/// A builder may leave out foreign keys, which follow from the object on the other side.
#[test]
fn builders_of_new_objects() {
    let new = User::build()
        .name("ed")
        .addresses([Address::build().email("ed@x.org"), Address::build().email("ed@y.org")])
        .groups([Group { name: "a".into(), users: Many::unloaded() }])
        .profile(Profile::build().text("…"))
        .boss(User::build().name("boss"))
        .into_new();
    assert_eq!(new.given.map(|given| given.iter().collect::<Vec<_>>()), Some(vec![1, 3]));
    let user = new.value;
    assert_eq!((user.id, user.name.as_str(), user.boss_id, user.version), (0, "ed", None, 1));
    assert_eq!((user.addresses.len(), user.groups.len()), (2, 1));
    assert_eq!(user.boss.get().map(|boss| boss.name.as_str()), Some("boss"));
    assert!(user.work.is_unloaded());
    let address = Address::build().email("ed@x.org").user(user).into_new();
    assert_eq!(address.given.map(|given| given.iter().collect::<Vec<_>>()), Some(vec![1]));
    assert_eq!(address.value.user_id, 0);
    let address = Address::build().user_id(7).email("ed@x.org").into_new();
    assert_eq!((address.value.user_id, address.value.user.is_loaded()), (7, false));
    assert_eq!(Membership::build().into_new().value.group_id, "");
}

/// What a builder gives to an INSERT are the columns.
#[test]
fn builders_as_rows() {
    let row = User::build().name("ed").boss(User::build().name("boss"));
    assert_eq!(NewRow::<User>::given(&row).iter().collect::<Vec<_>>(), [1, 3]);
}

/// A type that knows of no value that could stand in a field before it is set.
#[derive(Clone)]
struct Opaque;

aludel::__private::scalar!(Opaque, aludel::SqlType::BigInt);

impl Encode for Opaque {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        sink.int(1)
    }
    fn to_value(&self) -> Value {
        1_i64.to_value()
    }
}

impl Decode for Opaque {
    fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
        match row.int(index)? {
            1 => Ok(Self),
            other => Err(Fault::custom(format!("{other}"))),
        }
    }
}

#[derive(Entity)]
struct Thing {
    #[column(primary_key)]
    id: Opaque,
    #[column(references = Thing::ID)]
    other: Opaque,
    #[column(computed = "1")]
    made: Option<i64>,
}

#[test]
#[should_panic(
    expected = "`Thing.other` was not set, and its type `derives::relations::Opaque` has no value to stand \
                           there until it is: set it in the builder, or let `<derives::relations::Opaque as \
                           Decode>::blank` give such a value"
)]
fn a_type_without_a_blank() {
    let _ = Thing::build().id(Opaque).other(Opaque).into_new();
    let _ = Thing::build().id(Opaque).into_new();
}
