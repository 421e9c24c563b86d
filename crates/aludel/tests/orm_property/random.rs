//! Random work, made ahead of running it, so that it can be made shorter.

/// A small generator of random numbers: the same seed gives the same numbers.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    pub(crate) fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap()
    }

    pub(crate) fn below(&mut self, end: u32) -> u32 {
        self.next() % end
    }
}

/// One thing to do; its numbers choose among what there is when it is done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Op {
    pub(crate) what: What,
    pub(crate) picks: [u32; 4],
}

/// Writes the kinds of work, with how often each is done.
macro_rules! work {
    ($($name:ident $weight:literal,)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum What {
            $($name,)+
        }

        const WORK: &[(What, u32)] = &[$((What::$name, $weight),)+];
    };
}

work! {
    AddUser 4, AddTree 3, AddChild 6, AddPlain 3, AddTag 2, AddDoc 2,
    Change 8, ChangeNumber 2, ChangeLineNumber 1, Spoil 2, Hand 5, HandNowhere 1,
    Link 8, Unlink 5, InsertAt 2, LinkTag 6, UnlinkTag 4,
    Push 4, Assign 3, Delete 6,
    Load 8, Get 4, Fetch 3, FetchGraph 3, FetchPart 1, Refresh 2, Expire 2, ExpireAll 1,
    Flush 6, Plan 1, Commit 5, Rollback 3, Begin 4, End 4,
    Cut 4, Expunge 2, Merge 2, BulkUpdate 2, BulkDelete 1, BadStatement 1,
}

/// So much random work.
pub(crate) fn work(random: &mut Random, count: usize) -> Vec<Op> {
    let total = WORK.iter().map(|(_, weight)| weight).sum();
    let one = |_| {
        let mut at = random.below(total);
        let found = WORK.iter().find(|(_, weight)| match at.checked_sub(*weight) {
            Some(rest) => {
                at = rest;
                false
            }
            None => true,
        });
        let what = found.map_or(What::Commit, |(what, _)| *what);
        Op { what, picks: [random.next(), random.next(), random.next(), random.next()] }
    };
    (0..count).map(one).collect()
}
