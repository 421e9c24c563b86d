use aludel::prelude::*;

#[derive(Entity, Clone)]
struct Employee {
    #[column(primary_key)]
    id: i64,
    #[column(kind)]
    kind: ShapeKind,
}

#[derive(Entity, Clone)]
struct NotKinds {
    #[column(primary_key)]
    id: i64,
    #[column(kind)]
    kind: String,
}

#[derive(Entity, Clone)]
struct Shape {
    #[column(primary_key)]
    id: i64,
    kind: ShapeKind,
}

#[derive(Kinds, Clone)]
#[kinds(of = Shape)]
enum ShapeKind {
    Point,
    Circle(Ext<Circle>),
}

#[derive(Entity, Clone)]
struct Circle {
    #[column(primary_key, references = Shape::ID)]
    id: i64,
}

#[derive(Kinds, Clone)]
#[kinds(of = Shape)]
enum OtherKind {
    #[kinds(key = Shape::ID)]
    Circle(Ext<Circle2>),
}

#[derive(Entity, Clone)]
struct Circle2 {
    #[column(primary_key, references = Shape::ID)]
    id: i64,
}

#[derive(Entity, Clone)]
struct Vehicle {
    #[column(primary_key)]
    id: i64,
    #[composite(columns(kind: String, load: i64))]
    kind: VehicleKind,
}

#[derive(Kinds, Clone)]
#[kinds(single)]
enum VehicleKind {
    Vehicle,
    Truck { load: i64 },
}

#[derive(Kinds)]
#[kinds(concrete)]
enum Either {
    Circle(Circle),
    Vehicle(Vehicle),
}

fn main() {
    let _ = ShapeKind::is_circle();
    let either = Either::union();
    let _ = either.col(Shape::ID);
    let _ = VehicleKind::is_truck(Vehicle::ID);
}
