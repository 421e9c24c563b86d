//! Many to many by an object of its own, which has columns beside its two foreign keys.

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::log::{self, Log, stored};

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "students")]
struct Student {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[has_many(Enrolment::STUDENT_ID, cascade = "all, delete-orphan", order_by = Enrolment::COURSE_ID)]
    enrolments: Many<Enrolment>,
    /// The same rows as a plain link table.
    #[many_to_many(Enrolment::STUDENT_ID, Enrolment::COURSE_ID, view_only, order_by = Course::ID)]
    courses: Many<Course>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "courses")]
struct Course {
    #[column(primary_key)]
    id: i64,
    title: String,
    #[has_many(Enrolment::COURSE_ID, cascade = "all, delete-orphan")]
    enrolments: Many<Enrolment>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "enrolments")]
struct Enrolment {
    #[column(primary_key, references = Student::ID)]
    student_id: i64,
    #[column(primary_key, references = Course::ID)]
    course_id: i64,
    grade: Option<i64>,
    #[belongs_to(Enrolment::STUDENT_ID)]
    student: One<Student>,
    #[belongs_to(Enrolment::COURSE_ID)]
    course: One<Course>,
}

const ROWS: [&str; 3] = [
    "INSERT INTO students VALUES (1, 'ada'), (2, 'bob')",
    "INSERT INTO courses VALUES (1, 'logic'), (2, 'music')",
    "INSERT INTO enrolments VALUES (1, 1, 5), (1, 2, NULL), (2, 2, 3)",
];

fn session() -> (Session, Log) {
    log::session(schema![Student, Course, Enrolment], &ROWS)
}

const STORED: &str = "SELECT student_id || '-' || course_id || ' ' || coalesce(grade, '-') FROM enrolments ORDER BY student_id, course_id";

#[test]
fn a_graph_of_builders() {
    let (mut session, log) = session();
    let cy = session.add(Student::build().name("cy").enrolments([
        Enrolment::build().grade(1).course(Course::build().title("art")),
        Enrolment::build().course(Course::build().title("law")),
    ]));
    session.flush().unwrap();
    let mut statements = log.short();
    assert_eq!(statements.pop().as_deref(), Some("INSERT enrolments 1"));
    assert_eq!(statements.pop().as_deref(), Some("INSERT enrolments 1"));
    statements.sort();
    assert_eq!(statements, ["INSERT courses 2", "INSERT students 1"]);
    assert_eq!(stored(&mut session, &log, STORED)[3..], ["3-3 1", "3-4 -"]);
    let titles: Vec<String> =
        session.view(cy).through(Student::ENROLMENTS, Enrolment::COURSE).map(|course| course.title.clone()).collect();
    assert_eq!(titles, ["art", "law"]);
    let first = session.keys(cy, Student::ENROLMENTS)[0];
    let art = session.one(first, Enrolment::COURSE).unwrap();
    assert_eq!(session.keys(art, Course::ENROLMENTS), [first]);
    assert_eq!(session.get::<Enrolment>((3, 3)).unwrap(), Some(first));
}

/// An object between two that are there.
#[test]
fn linked_to_both_sides() {
    let (mut session, log) = session();
    let (bob, logic) = (session.get_one::<Student>(2).unwrap(), session.get_one::<Course>(1).unwrap());
    session.load(bob, Student::ENROLMENTS).unwrap();
    session.load(logic, Course::ENROLMENTS).unwrap();
    let between = session.add(Enrolment::build().grade(9));
    session.link(bob, Student::ENROLMENTS, between);
    session.link(between, Enrolment::COURSE, logic);
    assert_eq!((session[bob].enrolments.len(), session[logic].enrolments.len()), (2, 2));
    assert_eq!((session[between].student_id, session[between].course_id), (2, 1));
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["INSERT enrolments 1"]);
    assert_eq!(stored(&mut session, &log, STORED), ["1-1 5", "1-2 -", "2-1 9", "2-2 3"]);
}

#[test]
fn loaded_through_both() {
    let (mut session, log) = session();
    let students = session
        .fetch_all(
            Student::select()
                .order_by(Student::ID)
                .options(selectinload(Student::ENROLMENTS).joinedload(Enrolment::COURSE)),
        )
        .unwrap();
    assert_eq!(log.count(), 2);
    let titles = |key: Key<Student>| -> Vec<String> {
        session.view(key).through(Student::ENROLMENTS, Enrolment::COURSE).map(|course| course.title.clone()).collect()
    };
    assert_eq!(titles(students[0]), ["logic", "music"]);
    assert_eq!(titles(students[1]), ["music"]);
    session.load(&students, Student::COURSES).unwrap();
    assert_eq!(session.view(students[0]).many(Student::COURSES).map(|course| course.id).collect::<Vec<_>>(), [1, 2]);
}

/// Its key is its two foreign keys; one of them changes.
#[test]
fn moved_to_another_side() {
    let (mut session, log) = session();
    let (ada, bob) = (session.get_one::<Student>(1).unwrap(), session.get_one::<Student>(2).unwrap());
    session.load([ada, bob], Student::ENROLMENTS).unwrap();
    let first = session.keys(ada, Student::ENROLMENTS)[0];
    session.link(bob, Student::ENROLMENTS, first);
    assert_eq!((session[ada].enrolments.len(), session[bob].enrolments.len()), (1, 2));
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["UPDATE enrolments 1"]);
    assert_eq!(stored(&mut session, &log, STORED), ["1-2 -", "2-1 5", "2-2 3"]);
    assert_eq!(session.get::<Enrolment>((2, 1)).unwrap(), Some(first));
}

#[test]
fn taken_out_and_changed() {
    let (mut session, log) = session();
    let ada = session.get_one::<Student>(1).unwrap();
    session.load(ada, selectinload(Student::ENROLMENTS).selectinload(Enrolment::COURSE)).unwrap();
    let [logic, music] = session.keys(ada, Student::ENROLMENTS)[..] else { panic!("two") };
    session[music].grade = Some(7);
    session.unlink(ada, Student::ENROLMENTS, logic);
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["UPDATE enrolments 1", "DELETE enrolments 1"]);
    assert_eq!(stored(&mut session, &log, STORED), ["1-2 7", "2-2 3"]);
}

#[test]
fn either_side_is_deleted() {
    let (mut session, log) = session();
    let ada = session.get_one::<Student>(1).unwrap();
    let music = session.get_one::<Course>(2).unwrap();
    session.delete(ada);
    log.count();
    session.flush().unwrap();
    assert_eq!(log.short(), ["SELECT enrolments", "DELETE enrolments 2", "DELETE students 1"]);
    session.delete(music);
    session.commit().unwrap();
    assert_eq!(log.short(), ["SELECT enrolments", "DELETE enrolments 1", "DELETE courses 1"]);
    assert!(stored(&mut session, &log, STORED).is_empty());
}
