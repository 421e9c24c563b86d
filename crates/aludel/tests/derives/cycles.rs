//! Tables that refer to each other in circles.

use aludel::prelude::*;

use crate::describe::describe;

#[derive(Entity)]
struct Employee {
    #[column(primary_key)]
    id: i64,
    #[column(references = Employee::ID)]
    boss: Option<i64>,
    #[column(references = nested::Department::ID)]
    department: i64,
    #[column(references = crate::cycles::nested::Department::CODE)]
    department_code: String,
}

mod nested {
    use super::Employee;
    use aludel::prelude::*;

    #[derive(Entity)]
    pub(crate) struct Department {
        #[column(primary_key)]
        pub(crate) id: i64,
        #[column(unique)]
        pub(crate) code: String,
        #[column(references = Employee::ID, deferrable = "deferred")]
        head: Option<i64>,
        #[column(references = super::Employee::ID)]
        deputy: Option<i64>,
    }
}

#[test]
fn circles_compile_and_lead_back() {
    insta::assert_snapshot!(describe(Employee::TABLE.definition()), @r#"
    employee key ["id"]
      id BigInt Key
      boss BigInt null
      department BigInt
      department_code Text
    references ["boss"] employee ["id"]
    references ["department"] department ["id"]
    references ["department_code"] department ["code"]
    "#);
    insta::assert_snapshot!(describe(nested::Department::TABLE.definition()), @r#"
    department key ["id"]
      id BigInt Key
      code Text
      head BigInt null
      deputy BigInt null
    references ["head"] employee ["id"] InitiallyDeferred
    references ["deputy"] employee ["id"]
    unique ["code"] None
    "#);
}

/// What leads back to itself can be printed.
#[test]
fn circles_are_not_printed_for_ever() {
    let text = format!("{:?} {:?}", Employee::TABLE.definition(), <Employee as Entity>::statics());
    let columns = "[employee.id, employee.boss, employee.department, employee.department_code, employee.*]";
    assert!(text.ends_with(columns), "{text}");
}

/// An entity may stand in a function, where no path leads to it.
#[test]
fn in_a_function() {
    #[derive(Entity)]
    struct Node {
        #[column(primary_key)]
        id: i64,
        #[column(references = Self::ID)]
        parent: Option<i64>,
    }
    let node = Node::build().parent(5);
    assert_eq!(NewRow::<Node>::given(&node).len(), 1);
    assert_eq!(Node::TABLE.definition().foreign_keys.len(), 1);
}
