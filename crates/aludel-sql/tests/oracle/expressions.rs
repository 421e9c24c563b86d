//! Operators, CASE, CAST, JSON and text.

use aludel_core::SqlType;
use aludel_sql::ast::BinaryOp;
use aludel_sql::{Expression, array, case, func, label, literal, not, select, text, value};

use crate::check::says;
use crate::schema::{Doc, Order, User};

/// Why an IN list is not as long as its values.
const PADDED: &str = "lists are padded to the next power of two, or are one array";
/// Why JSON paths look different.
const KEYS: &str = "each key is a value of its own, never part of a text";

constructs! {
    op_is_null => says(select(User::ID).filter(User::FULLNAME.is_null()).filter(User::NAME.is_not_null()));
    op_in => says(select(User::ID).filter(User::AGE.in_([1, 2, 3])))
        .differs("sqlite mysql mariadb mssql oracle", "SELECT users.id FROM users WHERE users.age IN (?, ?, ?, ?)", PADDED)
        .differs("postgresql", "SELECT users.id FROM users WHERE users.age = ANY(?)", PADDED);
    op_not_in => says(select(User::ID).filter(User::AGE.not_in([1, 2])))
        .differs("postgresql", "SELECT users.id FROM users WHERE users.age <> ALL(?)", PADDED);
    op_not_in_empty => says(select(User::ID).filter(User::AGE.not_in(Vec::<i32>::new())))
        .differs("sqlite mssql oracle", "SELECT users.id FROM users WHERE 1 = 1", "the same for every row, also where age is NULL")
        .differs("mysql mariadb", "SELECT users.id FROM users WHERE true", "the same for every row, also where age is NULL")
        .differs("postgresql", "SELECT users.id FROM users WHERE users.age <> ALL(?)", PADDED);
    op_in_subquery => says(select(User::NAME).filter(User::ID.in_query(select(Order::USER_ID))));
    op_between => says(select(User::ID).filter(User::AGE.between(5, 10)).filter(User::ID.not_between(1, 2)));
    op_between_symmetric => says(select(User::ID).filter(User::AGE.between_symmetric(10, 5)));
    op_like => says(select(User::ID).filter(User::NAME.like("e%")).filter(User::NAME.not_like("x%")));
    op_ilike => says(select(User::ID).filter(User::NAME.ilike("E%")).filter(User::NAME.not_ilike("X%")));
    op_like_escape => says(select(User::ID).filter(User::NAME.like_escape("a/%b%", '/')));
    op_startswith => says(select(User::ID).filter(User::NAME.starts_with("ed")));
    op_endswith => says(select(User::ID).filter(User::NAME.ends_with("ed")));
    op_contains => says(select(User::ID).filter(User::NAME.contains("ed")));
    op_concat => says(select(User::NAME.concat(" ").concat(User::FULLNAME)));
    op_arith => says(select((User::AGE + 1, User::AGE - 1, User::AGE * 2, User::AGE / 2, User::AGE % 2, -User::AGE)))
        .differs("sqlite mssql", "SELECT users.age + ? AS anon_1, users.age - ? AS anon_2, users.age * ? AS anon_3, users.age / (? + 0.0) AS anon_4, users.age % ? AS anon_5, -users.age AS anon_6 FROM users", "every expression has a name")
        .differs("mysql mariadb", "SELECT users.age + ? AS anon_1, users.age - ? AS anon_2, users.age * ? AS anon_3, users.age / ? AS anon_4, users.age % ? AS anon_5, -users.age AS anon_6 FROM users", "every expression has a name")
        .differs("oracle", "SELECT users.age + ? AS anon_1, users.age - ? AS anon_2, users.age * ? AS anon_3, users.age / ? AS anon_4, mod(users.age, ?) AS anon_5, -users.age AS anon_6 FROM users", "every expression has a name");
    op_floordiv => says(select(User::AGE.floor_div(2)))
        .differs("mysql mariadb", "SELECT users.age DIV ? AS anon_1 FROM users", "-7 / 2 is -3, as on the others");
    op_regexp => says(select(func::regexp_replace(User::NAME, "a", "b")).filter(User::NAME.regexp("^e.*")))
        .differs("postgresql", "SELECT regexp_replace(users.name, ?, ?) AS regexp_replace_1 FROM users WHERE users.name ~ ?", "functions keep the name that the program gives them")
        .differs("mysql mariadb", "SELECT regexp_replace(users.name, ?, ?) AS regexp_replace_1 FROM users WHERE users.name REGEXP ?", "as above")
        .differs("oracle", "SELECT regexp_replace(users.name, ?, ?) AS regexp_replace_1 FROM users WHERE REGEXP_LIKE(users.name, ?)", "as above");
    op_regexp_sqlite => says(select(User::NAME).filter(User::NAME.regexp("^e.*")));
    op_collate => says(select(User::NAME).order_by(User::NAME.collate("NOCASE")));
    op_cast => says(select((
        User::AGE.cast_as::<String>(SqlType::Varchar(10)),
        User::NAME.cast::<i32>(),
        User::BALANCE.cast_as::<aludel_core::Decimal>(SqlType::Numeric(Some((10, 2)))),
    )));
    op_try_cast => says(select(User::NAME.try_cast::<i32>()))
        .refused("sqlite postgresql mysql mariadb oracle", "TRY_CAST");
    op_type_coerce => says(select(User::NAME.coerce::<i32>()));
    op_custom => says(select(User::ID).filter(User::NAME.bool_op("&&", "x")));
    op_bool_custom => says(select(User::ID).filter(User::NAME.bool_op("~~", "x").and(User::AGE.gt(3))));
    op_extract => says(select((User::CREATED_AT.extract("year"), User::CREATED_AT.extract("month"))));
    op_between_columns => says(select(Order::ID).filter(Order::USER_ID.gt(Order::ID)));
    op_nested_not => says(select(User::ID).filter(not(not(User::AGE.gt(5)))));
    case_searched => says(select(
        case().when::<String>(User::AGE.lt(18), "minor").when(User::AGE.lt(65), "adult").otherwise("senior"),
    ));
    case_in_order_by => {
        let kind = aludel_sql::shared(case().when::<i32>(User::AGE.gt(5), literal(1)).otherwise(literal(0)));
        says(select((kind.clone().label("k"), func::count_all())).from(User::TABLE).group_by(kind).order_by(label::<i32>("k")))
            .differs("oracle", "SELECT CASE WHEN users.age > ? THEN 1 ELSE 0 END AS k, count(*) AS count_1 FROM users GROUP BY CASE WHEN users.age > ? THEN 1 ELSE 0 END ORDER BY k", "Oracle takes labels in ORDER BY")
    };
    text_bind => says(text("SELECT id FROM users WHERE name = :n AND age > :a").bind_text("n", "ed").bind("a", 5));
    text_columns => {
        let t = text("SELECT id FROM users").column::<i32>("id").subquery("t");
        says(select(t.column::<i32>("id")))
    };
    text_escape => says(text("SELECT ':not_bind', :b").bind("b", 1));
    literal_execute => says(select(User::ID).filter(User::AGE.eq(literal(5))));
    json_path => says(select((User::DATA.json_path(["a"]), User::DATA.json_text(["a", "b"]))))
        .differs("sqlite", "SELECT users.data -> ('$.' || json_quote(?)) AS anon_1, CAST(users.data -> ('$.' || json_quote(?)) ->> ('$.' || json_quote(?)) AS TEXT) AS anon_2 FROM users", KEYS)
        .differs("postgresql", "SELECT users.data -> ? AS anon_1, users.data -> ? ->> ? AS anon_2 FROM users", KEYS)
        .differs("mysql mariadb", "SELECT JSON_EXTRACT(users.data, concat('$', '.', JSON_QUOTE(?))) AS anon_1, CASE JSON_TYPE(JSON_EXTRACT(users.data, concat('$', '.', JSON_QUOTE(?), '.', JSON_QUOTE(?)))) WHEN 'NULL' THEN NULL ELSE JSON_UNQUOTE(JSON_EXTRACT(users.data, concat('$', '.', JSON_QUOTE(?), '.', JSON_QUOTE(?)))) END AS anon_2 FROM users", KEYS)
        .differs("mssql", "SELECT JSON_QUERY(users.data, concat('$', '.\"', STRING_ESCAPE(?, 'json'), '\"')) AS anon_1, JSON_VALUE(users.data, concat('$', '.\"', STRING_ESCAPE(?, 'json'), '\"', '.\"', STRING_ESCAPE(?, 'json'), '\"')) AS anon_2 FROM users", KEYS)
        .refused("oracle", "a placeholder in a JSON path");
    jsonb_contains => says(
        select(Doc::ID)
            .filter(Doc::BODY.compare_by::<String>(BinaryOp::Contains, "{\"a\": 1}"))
            .filter(Doc::BODY.compare_by::<String>(BinaryOp::HasKey, "a"))
            .filter(Doc::BODY.compare_by::<String>(
                BinaryOp::HasAnyKey,
                array::<String>((value("a".to_owned()), value("b".to_owned()))),
            )),
    )
    .refused("sqlite mysql mariadb mssql oracle", "the operator @>")
    .other_params("JSON is bound as its text");
    ts_match => says(select(Doc::ID).filter(
        Doc::TSV.compare_by::<String>(BinaryOp::TextSearch, func::call::<String>("plainto_tsquery", value("cat & dog".to_owned()))),
    ));
    match_mysql => says(select(User::ID).filter(User::NAME.matches("cat")));
}
