use aludel::prelude::*;

#[derive(Entity)]
struct Interval {
    #[column(primary_key)]
    id: i64,
    start: i64,
    end: Option<i64>,
    name: String,
    #[column(skip)]
    note: String,
}

#[hybrid]
impl Interval {
    fn length(&self) -> i64 {
        self.start.pow(2)
    }

    fn before(&self) -> bool {
        self.end < Some(5)
    }

    fn noted(&self) -> bool {
        self.note == "a"
    }

    fn helped(&self) -> i64 {
        self.plain() + 1
    }

    fn counted(&self) -> i64 {
        let mut sum = 0;
        for number in 0..self.start {
            sum += number;
        }
        sum
    }

    #[hybrid(expr = other_type)]
    fn by_hand(&self, point: i64) -> i64 {
        self.start + point
    }

    fn contains(&self, point: i64) -> bool {
        self.start <= point
    }
}

impl Interval {
    fn plain(&self) -> i64 {
        self.start
    }
}

fn other_type(point: Expr<i64>) -> Expr<bool> {
    Interval::START.eq(point)
}

fn main() {
    let _ = Interval::contains_expr("five");
    let _ = Interval::contains_expr(Interval::NAME);
}
