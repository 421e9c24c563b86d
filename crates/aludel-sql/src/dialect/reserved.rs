//! Words that are identifiers only in quotes.

/// A dialect's reserved words, found by their first letter.
#[derive(Debug)]
pub struct ReservedWords {
    words: &'static [&'static str],
    /// Where the words of each letter begin.
    starts: [usize; 27],
    /// The lengths of each letter's words, a bit each: most identifiers are told apart by theirs.
    lengths: [u32; 26],
}

impl ReservedWords {
    /// A list of words in small letters and in alphabetical order.
    #[must_use]
    pub const fn new(words: &'static [&'static str]) -> Self {
        let mut starts = [words.len(); 27];
        let mut lengths = [0; 26];
        let mut index = words.len();
        while index > 0 {
            index -= 1;
            let letter = words[index].as_bytes()[0].wrapping_sub(b'a') as usize;
            if letter < 26 {
                starts[letter] = index;
                lengths[letter] |= 1 << (words[index].len() % 32);
            }
        }
        // A letter without words begins where the next one does.
        let mut letter = 26;
        while letter > 0 {
            letter -= 1;
            if starts[letter] > starts[letter + 1]
                || (starts[letter] == words.len() && starts[letter + 1] < words.len())
            {
                starts[letter] = starts[letter + 1];
            }
        }
        Self { words, starts, lengths }
    }

    /// Whether the word, in small letters, is one of them.
    #[must_use]
    pub fn contains(&self, word: &str) -> bool {
        let Some(letter) = word.bytes().next().map(|first| usize::from(first.wrapping_sub(b'a'))).filter(|&l| l < 26)
        else {
            return false;
        };
        if self.lengths[letter] & (1 << (word.len() % 32)) == 0 {
            return false;
        }
        let words = self.words.get(self.starts[letter]..self.starts[letter + 1]).unwrap_or_default();
        words.contains(&word)
    }
}

#[cfg(test)]
mod tests {
    use super::ReservedWords;
    use crate::dialect::{mssql, mysql, oracle, postgres, sqlite};

    const LISTS: [&[&str]; 5] = [
        sqlite::reserved::WORDS,
        postgres::reserved::WORDS,
        mysql::reserved::WORDS,
        mssql::reserved::WORDS,
        oracle::reserved::WORDS,
    ];

    #[test]
    fn every_word_is_found_and_no_other() {
        for list in LISTS {
            assert!(list.is_sorted(), "{:?}", list.windows(2).find(|pair| pair[0] > pair[1]));
            let reserved = ReservedWords::new(list);
            for word in list {
                assert!(reserved.contains(word), "{word}");
                assert!(!reserved.contains(&format!("{word}x_")), "{word}");
            }
            for word in ["", "users", "name", "zzz", "_select", "über", "1"] {
                assert!(!reserved.contains(word), "{word}");
            }
        }
    }
}
