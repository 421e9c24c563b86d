//! sqlx on servers: SQL texts on a bare connection, rows read by index as its `query_as!` macro reads them, logging off.
//!
//! Its connection types share no trait that says all this, so what is the same for both is a macro.

macro_rules! sqlx_library {
    ($library:ident, $connection:ident, $options:ident, $row:ident, $backend:expr) => {
        /// The library.
        pub(crate) struct $library;

        impl Async for $library {
            const NAME: &'static str = "sqlx";
            const PACKAGE: &'static str = "sqlx";

            async fn trivial(mut turns: Turns, _: usize) -> Result {
                let mut connection = open(&turns.place()).await?;
                while let Some(turn) = turns.next_async().await {
                    while turn.again() {
                        turn.done(select_users(&mut connection, sql::USERS).await?);
                    }
                }
                Ok(())
            }

            async fn medium(mut turns: Turns, _: usize) -> Result {
                let mut connection = open(&turns.place()).await?;
                let text: Arc<str> = $backend.with_parameters(sql::BLACK).into();
                while let Some(turn) = turns.next_async().await {
                    while turn.again() {
                        let black = query(AssertSqlSafe(Arc::clone(&text))).bind(data::BLACK);
                        let mut rows = Vec::new();
                        let mut black = black.fetch(&mut connection);
                        while let Some(row) = black.try_next().await? {
                            rows.push(user_and_post(&row)?);
                        }
                        drop(black);
                        turn.done(rows);
                    }
                }
                Ok(())
            }

            async fn insert(mut turns: Turns, rows: usize) -> Result {
                let emptied = turns.place().emptied();
                let mut connection = open(&turns.place()).await?;
                let text: Arc<str> = insert_sql(rows).into();
                while let Some(turn) = turns.next_async().await {
                    raw_sql(AssertSqlSafe(emptied.clone())).execute(&mut connection).await?;
                    while turn.again() {
                        let mut insert = query(AssertSqlSafe(Arc::clone(&text)));
                        for NewUser { name, hair_color } in (0..rows).map(data::new_user) {
                            insert = insert.bind(name).bind(hair_color);
                        }
                        turn.done(insert.execute(&mut connection).await?.rows_affected() as usize);
                    }
                    if turn.is_check() {
                        turn.answer(&select_users(&mut connection, sql::USERS).await?);
                    }
                }
                Ok(())
            }

            async fn associations(mut turns: Turns) -> Result {
                let mut connection = open(&turns.place()).await?;
                while let Some(turn) = turns.next_async().await {
                    while turn.again() {
                        turn.done(load_associations(&mut connection).await?);
                    }
                }
                Ok(())
            }

            async fn reference_call(mut turns: Turns) -> Result {
                let mut connection = open(&turns.place()).await?;
                let text: Arc<str> = reference::sql($backend).into();
                while let Some(turn) = turns.next_async().await {
                    while turn.again() {
                        turn.done(select_lines(&mut connection, Arc::clone(&text)).await?);
                    }
                }
                Ok(())
            }

            async fn bulk(mut turns: Turns) -> Result {
                let fresh = turns.place().fresh()?;
                let mut connection = open(&turns.place()).await?;
                while let Some(turn) = turns.next_async().await {
                    raw_sql(AssertSqlSafe(fresh.script())).execute(&mut connection).await?;
                    while turn.again() {
                        turn.done(insert_items(&mut connection).await?);
                    }
                    if turn.is_check() {
                        turn.answer(&fresh.items()?);
                    }
                }
                Ok(())
            }

            fn insert_returning() -> Option<fn(Turns, usize) -> Task> {
                Some(|turns, rows| Box::pin(insert_returning(turns, rows)))
            }

            fn update() -> Option<fn(Turns) -> Task> {
                Some(|turns| Box::pin(update(turns)))
            }

            fn stream() -> Option<fn(Turns) -> Task> {
                Some(|turns| Box::pin(stream(turns)))
            }

            fn orm(case: Orm) -> Option<fn(Turns) -> Task> {
                match case {
                    Orm::WithAddresses => Some(|turns| Box::pin(with_addresses(turns))),
                    Orm::Insert => Some(|turns| Box::pin(insert_many(turns))),
                    Orm::Update => Some(|turns| Box::pin(update_many(turns))),
                    Orm::LoadVec => Some(|turns| Box::pin(Self::trivial(turns, orm::LOADED))),
                    Orm::LoadIdentity | Orm::ReloadFresh | Orm::ReloadStale | Orm::Index => None,
                }
            }
        }

        async fn open(place: &Place) -> Result<$connection> {
            let options: $options = place.url().parse()?;
            Ok(options.disable_statement_logging().connect().await?)
        }

        fn insert_sql(rows: usize) -> String {
            $backend.with_parameters(&sql::values("INSERT INTO users (name, hair_color) VALUES", "(?, ?)", rows))
        }

        /// Each row is read as it arrives, as `query_as` does.
        async fn select_users(connection: &mut $connection, text: &'static str) -> sqlx::Result<Vec<User>> {
            let mut users = Vec::new();
            let mut rows = query(text).fetch(connection);
            while let Some(row) = rows.try_next().await? {
                users.push(user(&row)?);
            }
            Ok(users)
        }

        async fn load_associations(connection: &mut $connection) -> sqlx::Result<Tree> {
            let users = select_users(connection, sql::USERS).await?;
            let posts = children(connection, sql::POSTS, users.iter().map(|user| user.id), |row| post(row, 0)).await?;
            let comments = children(connection, sql::COMMENTS, posts.iter().map(|post| post.id), comment).await?;
            Ok(rows::tree(users, posts, comments))
        }

        async fn select_lines(connection: &mut $connection, text: Arc<str>) -> sqlx::Result<Vec<OrderLine>> {
            let Reference { country, status, placed_from, quantity_above, price_below, categories, limit } =
                reference::VALUES;
            let mut lines = query(AssertSqlSafe(text))
                .bind(country)
                .bind(status)
                .bind(placed_from)
                .bind(quantity_above)
                .bind(price_below);
            for category in categories {
                lines = lines.bind(category);
            }
            lines.bind(limit).fetch_all(connection).await?.iter().map(order_line).collect()
        }

        async fn insert_returning(mut turns: Turns, rows: usize) -> Result {
            let emptied = turns.place().emptied();
            let mut connection = open(&turns.place()).await?;
            let text: Arc<str> = (insert_sql(rows) + " RETURNING id").into();
            while let Some(turn) = turns.next_async().await {
                raw_sql(AssertSqlSafe(emptied.clone())).execute(&mut connection).await?;
                while turn.again() {
                    let mut insert = query(AssertSqlSafe(Arc::clone(&text)));
                    for NewUser { name, hair_color } in (0..rows).map(data::new_user) {
                        insert = insert.bind(name).bind(hair_color);
                    }
                    let rows = insert.fetch_all(&mut connection).await?;
                    turn.done(rows.iter().map(key).collect::<sqlx::Result<Vec<_>>>()?);
                }
                if turn.is_check() {
                    let users = select_users(&mut connection, sql::IN_ORDER).await?;
                    turn.confirm(&users.iter().map(|user| user.id).collect::<Vec<_>>())?;
                }
            }
            Ok(())
        }

        async fn update(mut turns: Turns) -> Result {
            let mut connection = open(&turns.place()).await?;
            let users = select_users(&mut connection, sql::IN_ORDER).await?;
            let text: Arc<str> = $backend.with_parameters(sql::UPDATE).into();
            let mut pass = 0;
            while let Some(turn) = turns.next_async().await {
                while turn.again() {
                    let update = query(AssertSqlSafe(Arc::clone(&text)));
                    let update = update.bind(data::new_color(pass)).bind(users[pass % users.len()].id);
                    turn.done(update.execute(&mut connection).await?.rows_affected() as usize);
                    pass += 1;
                }
                if turn.is_check() {
                    turn.answer(&select_users(&mut connection, sql::IN_ORDER).await?);
                }
            }
            Ok(())
        }

        async fn stream(mut turns: Turns) -> Result {
            let mut connection = open(&turns.place()).await?;
            while let Some(turn) = turns.next_async().await {
                while turn.again() {
                    let mut tally = Tally::default();
                    let mut rows = query(sql::USERS).fetch(&mut connection);
                    while let Some(row) = rows.try_next().await? {
                        let user = user(&row)?;
                        tally.add(user.id, &user.name);
                    }
                    drop(rows);
                    turn.done(tally);
                }
            }
            Ok(())
        }

        async fn with_addresses(mut turns: Turns) -> Result {
            let mut connection = open(&turns.place()).await?;
            while let Some(turn) = turns.next_async().await {
                while turn.again() {
                    let users = select_users(&mut connection, sql::USERS).await?;
                    let keys = users.iter().map(|user| user.id);
                    let addresses = children(&mut connection, sql::ADDRESSES, keys, address).await?;
                    turn.done(rows::with_addresses(users, addresses));
                }
            }
            Ok(())
        }

        async fn insert_many(mut turns: Turns) -> Result {
            let fresh = turns.place().fresh()?;
            let mut connection = open(&turns.place()).await?;
            while let Some(turn) = turns.next_async().await {
                raw_sql(AssertSqlSafe(fresh.script())).execute(&mut connection).await?;
                while turn.again() {
                    turn.done(insert_users(&mut connection).await?);
                }
                if turn.is_check() {
                    turn.confirm(&fresh.users()?)?;
                }
            }
            Ok(())
        }

        /// Row by row, as the other libraries do.
        async fn update_many(mut turns: Turns) -> Result {
            let mut connection = open(&turns.place()).await?;
            let mut users = select_users(&mut connection, sql::IN_ORDER).await?;
            let text: Arc<str> = $backend.with_parameters(sql::UPDATE).into();
            let mut pass = 0;
            while let Some(turn) = turns.next_async().await {
                while turn.again() {
                    let mut transaction = connection.begin().await?;
                    for (i, user) in users.iter_mut().enumerate() {
                        user.hair_color = Some(orm::new_color(pass, i));
                        let update = query(AssertSqlSafe(Arc::clone(&text)));
                        update.bind(&user.hair_color).bind(user.id).execute(&mut *transaction).await?;
                    }
                    transaction.commit().await?;
                    turn.done(users.len());
                    pass += 1;
                }
                if turn.is_check() {
                    turn.answer(&users);
                    turn.confirm(&select_users(&mut connection, sql::IN_ORDER).await?)?;
                }
            }
            Ok(())
        }

        fn key(row: &$row) -> sqlx::Result<i32> {
            row.try_get_unchecked(0)
        }

        fn user(row: &$row) -> sqlx::Result<User> {
            Ok(User {
                id: row.try_get_unchecked(0)?,
                name: row.try_get_unchecked(1)?,
                hair_color: row.try_get_unchecked(2)?,
            })
        }

        fn post(row: &$row, first: usize) -> sqlx::Result<Post> {
            Ok(Post {
                id: row.try_get_unchecked(first)?,
                user_id: row.try_get_unchecked(first + 1)?,
                title: row.try_get_unchecked(first + 2)?,
                body: row.try_get_unchecked(first + 3)?,
            })
        }

        fn comment(row: &$row) -> sqlx::Result<Comment> {
            Ok(Comment {
                id: row.try_get_unchecked(0)?,
                post_id: row.try_get_unchecked(1)?,
                text: row.try_get_unchecked(2)?,
            })
        }

        fn address(row: &$row) -> sqlx::Result<Address> {
            Ok(Address {
                id: row.try_get_unchecked(0)?,
                user_id: row.try_get_unchecked(1)?,
                email: row.try_get_unchecked(2)?,
            })
        }

        fn user_and_post(row: &$row) -> sqlx::Result<(User, Option<Post>)> {
            let post = match row.try_get_unchecked::<Option<i32>, _>(3)? {
                None => None,
                Some(_) => Some(post(row, 3)?),
            };
            Ok((user(row)?, post))
        }

        fn order_line(row: &$row) -> sqlx::Result<OrderLine> {
            Ok(OrderLine {
                id: row.try_get_unchecked(0)?,
                placed_on: row.try_get_unchecked(1)?,
                customer: row.try_get_unchecked(2)?,
                product: row.try_get_unchecked(3)?,
                quantity: row.try_get_unchecked(4)?,
                price: row.try_get_unchecked(5)?,
            })
        }
    };
}

pub(crate) mod mysql;
pub(crate) mod postgres;
