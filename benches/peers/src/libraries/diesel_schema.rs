//! What Diesel and diesel-async share: tables, structs and the reference statement.

use diesel::prelude::*;

use crate::reference::VALUES;
use crate::{bulk, data};

diesel::table! {
    users {
        id -> Integer,
        name -> Text,
        hair_color -> Nullable<Text>,
    }
}

diesel::table! {
    posts {
        id -> Integer,
        user_id -> Integer,
        title -> Text,
        body -> Nullable<Text>,
    }
}

diesel::table! {
    comments {
        id -> Integer,
        post_id -> Integer,
        text -> Text,
    }
}

diesel::table! {
    addresses {
        id -> Integer,
        user_id -> Integer,
        email -> Text,
    }
}

diesel::table! {
    customers {
        id -> Integer,
        name -> Text,
        country -> Text,
    }
}

diesel::table! {
    products {
        id -> Integer,
        name -> Text,
        category -> Text,
    }
}

diesel::table! {
    orders {
        id -> Integer,
        customer_id -> Integer,
        status -> Text,
        placed_on -> Integer,
    }
}

diesel::table! {
    lines {
        id -> Integer,
        order_id -> Integer,
        product_id -> Integer,
        quantity -> Integer,
        price -> Integer,
    }
}

diesel::table! {
    items {
        id -> Integer,
        name -> Text,
        description -> Text,
    }
}

diesel::joinable!(posts -> users (user_id));
diesel::joinable!(addresses -> users (user_id));
diesel::joinable!(comments -> posts (post_id));
diesel::allow_tables_to_appear_in_same_query!(users, posts, comments);
diesel::allow_tables_to_appear_in_same_query!(customers, products, orders, lines);

#[derive(Hash, Queryable, Selectable, Identifiable)]
#[diesel(table_name = users)]
pub(super) struct User {
    pub(super) id: i32,
    pub(super) name: String,
    pub(super) hair_color: Option<String>,
}

#[derive(Hash, Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = posts, belongs_to(User))]
pub(super) struct Post {
    id: i32,
    user_id: i32,
    title: String,
    body: Option<String>,
}

#[derive(Hash, Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = comments, belongs_to(Post))]
pub(super) struct Comment {
    id: i32,
    post_id: i32,
    text: String,
}

#[derive(Hash, Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = addresses, belongs_to(User))]
pub(super) struct Address {
    id: i32,
    user_id: i32,
    email: String,
}

/// Users with their posts, and those with their comments.
pub(super) type Tree = Vec<(User, Vec<(Post, Vec<Comment>)>)>;

#[derive(Hash, Queryable)]
pub(super) struct OrderLine {
    id: i32,
    placed_on: i32,
    customer: String,
    product: String,
    quantity: i32,
    price: i32,
}

// Without `treat_none_as_default_value` an array is one statement; with it SQLite gets one a row.
#[derive(Insertable)]
#[diesel(table_name = users, treat_none_as_default_value = false)]
pub(super) struct NewUser {
    pub(super) name: String,
    pub(super) hair_color: Option<String>,
}

#[derive(Insertable)]
#[diesel(table_name = items, treat_none_as_default_value = false)]
pub(super) struct NewItem {
    id: i32,
    name: String,
    description: String,
}

impl NewUser {
    /// The `i`-th, from 0; made inside the timing.
    pub(super) fn new(i: usize) -> Self {
        data::new_user(i).into()
    }
}

impl From<data::NewUser> for NewUser {
    fn from(data::NewUser { name, hair_color }: data::NewUser) -> Self {
        Self { name, hair_color }
    }
}

impl From<bulk::Item> for NewItem {
    fn from(bulk::Item { id, name, description }: bulk::Item) -> Self {
        Self { id, name, description }
    }
}

/// The reference statement.
#[diesel::dsl::auto_type]
pub(super) fn reference_query() -> _ {
    let country: &'static str = VALUES.country;
    let status: &'static str = VALUES.status;
    let placed_from: i32 = VALUES.placed_from;
    let quantity_above: i32 = VALUES.quantity_above;
    let price_below: i32 = VALUES.price_below;
    let categories: [&'static str; 4] = VALUES.categories;
    let limit: i64 = VALUES.limit;
    lines::table
        .inner_join(orders::table.on(lines::order_id.eq(orders::id)))
        .inner_join(customers::table.on(orders::customer_id.eq(customers::id)))
        .inner_join(products::table.on(lines::product_id.eq(products::id)))
        .filter(customers::country.eq(country))
        .filter(orders::status.eq(status))
        .filter(orders::placed_on.ge(placed_from))
        .filter(lines::quantity.gt(quantity_above))
        .filter(lines::price.lt(price_below))
        .filter(products::category.eq_any(categories))
        .order_by((lines::price.desc(), lines::id))
        .limit(limit)
        .select((lines::id, orders::placed_on, customers::name, products::name, lines::quantity, lines::price))
}
