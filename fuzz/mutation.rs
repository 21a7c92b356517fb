//! Changes of inputs by chance: the same for the same seed.

/// The most bytes of an input.
const LONGEST: usize = 4096;

/// The source of changed inputs.
pub(crate) struct Mutator<'a> {
    chance: Chance,
    corpus: &'a [Vec<u8>],
    pieces: Vec<Vec<u8>>,
}

impl<'a> Mutator<'a> {
    /// One that changes the inputs of a corpus.
    pub(crate) fn new(seed: u64, corpus: &'a [Vec<u8>]) -> Self {
        Self {
            chance: Chance(seed ^ 0x9e37_79b9_7f4a_7c15),
            corpus,
            pieces: pieces(include_str!("pieces.dict")),
        }
    }

    /// An input of the corpus with a few changes.
    pub(crate) fn input(&mut self) -> Vec<u8> {
        let mut input = self.any().to_vec();
        for _ in 0..=self.chance.below(6) {
            self.change(&mut input);
        }
        input.truncate(LONGEST);
        input
    }

    fn any(&mut self) -> &'a [u8] {
        &self.corpus[self.chance.below(self.corpus.len())]
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let (start, end) = self.part(input.len());
        match self.chance.below(9) {
            0 => drop(input.drain(start..end)),
            1 => {
                let part = input[start..end].to_vec();
                let at = self.chance.below(input.len() + 1);
                input.splice(at..at, part);
            }
            2 => {
                let other = self.any();
                let (from, to) = self.part(other.len());
                input.splice(start..end, other[from..to].iter().copied());
            }
            3 => {
                if let Some(byte) = input.get_mut(start) {
                    *byte = self.chance.below(256) as u8;
                }
            }
            4 => {
                let digits: Vec<usize> = (0..input.len())
                    .filter(|at| input[*at].is_ascii_digit())
                    .collect();
                if !digits.is_empty() {
                    let at = digits[self.chance.below(digits.len())];
                    input[at] = b'0' + self.chance.below(10) as u8;
                }
            }
            5 => {
                let piece = self.piece();
                input.splice(start..end, piece);
            }
            _ => {
                let piece = self.piece();
                input.splice(start..start, piece);
            }
        }
    }

    fn piece(&mut self) -> Vec<u8> {
        self.pieces[self.chance.below(self.pieces.len())].clone()
    }

    /// A part of so many bytes, mostly a short one.
    fn part(&mut self, length: usize) -> (usize, usize) {
        let start = self.chance.below(length + 1);
        let most = match self.chance.below(4) {
            0 => length - start,
            _ => (length - start).min(12),
        };
        (start, start + self.chance.below(most + 1))
    }
}

/// The pieces of a dictionary: one in quotes on each line, with `\\`, `\"` and `\xAB`.
fn pieces(dictionary: &str) -> Vec<Vec<u8>> {
    let lines = dictionary.lines().filter(|line| !line.starts_with('#'));
    let quoted = lines.filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    quoted.map(unescaped).collect()
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = |digits: &[u8]| u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok();
        let (byte, length) = match (first, after) {
            (b'\\', [b'x', high, low, ..]) => (hex(&[*high, *low]).expect("two digits"), 3),
            (b'\\', [escaped, ..]) => (*escaped, 1),
            _ => (*first, 0),
        };
        bytes.push(byte);
        rest = &after[length..];
    }
    bytes
}

/// A small generator of numbers (xorshift64*).
struct Chance(u64);

impl Chance {
    /// A number below a bound, which is not 0.
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        number as usize % bound
    }
}
