//! Points of a plane.

use super::own_type;
use super::read::Read;

/// `point`: a point of a plane.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// The first coordinate.
    pub x: f64,
    /// The second coordinate.
    pub y: f64,
}

own_type!(
    []
    Point,
    "point",
    |point| Ok([point.x.to_be_bytes(), point.y.to_be_bytes()].concat()),
    |bytes| {
        let mut rest = Read(bytes);
        let (x, y) = (f64::from_be_bytes(rest.array()?), f64::from_be_bytes(rest.array()?));
        rest.end(Point { x, y })
    }
);
