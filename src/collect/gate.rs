//! Which reports count: one of each reader, component and hour, and only so many of a network and in all.
//!
//! Of a reader nothing is kept but a number of 64 bits, which follows from the address, the component and a key that nobody
//! sees; it is forgotten with its key when the hour of the clock is over. It stands in memory alone. There are at most as many
//! of these numbers as reports are counted in an hour, so that the memory is bounded.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;

use super::origin::canonical;
use crate::time::Instant;

/// The most that is counted in an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The reports of one block of addresses: an IPv4 network /24, or an IPv6 network /48.
    pub block: u32,
    /// The reports of all.
    pub all: usize,
}

impl Default for Bounds {
    /// 200 of a block, and a million in all, which take at most about 60 MB of memory.
    fn default() -> Self {
        Self {
            block: 200,
            all: 1_000_000,
        }
    }
}

/// What becomes of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    /// It counts.
    New,
    /// The same reader has reported the same component in this hour.
    Again,
    /// Too many of its network, or in all, were counted in this hour.
    Capped,
}

/// Whose reports were counted in the hour of a clock.
#[derive(Debug)]
pub struct Gate {
    bounds: Bounds,
    /// The hour, in hours since 1970.
    hour: i64,
    key: RandomState,
    seen: HashSet<u64>,
    blocks: HashMap<u64, u32>,
}

impl Gate {
    /// A gate through which nobody has gone yet.
    pub fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            hour: 0,
            key: new_key(),
            seen: HashSet::new(),
            blocks: HashMap::new(),
        }
    }

    /// Forgets who has reported, and the key, where another hour has begun.
    pub fn begin(&mut self, now: Instant) {
        let hour = now.timestamp().div_euclid(3600);
        if self.hour != hour {
            *self = Self {
                hour,
                ..Self::new(self.bounds)
            };
        }
    }

    /// Whether a report of a component counts that comes from an address; an empty component is one that the reader does not
    /// know.
    ///
    /// Readers with IPv6 are told apart by their networks /64, in which a single machine has as many addresses as it likes.
    pub fn pass(&mut self, address: IpAddr, component: &str, now: Instant) -> Passed {
        self.begin(now);
        let (reader, block) = match canonical(address) {
            IpAddr::V4(address) => {
                let bits = u64::from(address.to_bits());
                ((4_u8, bits), (4_u8, bits >> 8))
            }
            IpAddr::V6(address) => {
                let bits = address.to_bits();
                ((6_u8, (bits >> 64) as u64), (6_u8, (bits >> 80) as u64))
            }
        };
        let reader = self.key.hash_one((reader, component));
        if self.seen.contains(&reader) {
            return Passed::Again;
        }
        if self.seen.len() >= self.bounds.all {
            return Passed::Capped;
        }
        let counted = self.blocks.entry(self.key.hash_one(block)).or_default();
        if *counted >= self.bounds.block {
            return Passed::Capped;
        }
        *counted += 1;
        self.seen.insert(reader);
        Passed::New
    }
}

/// A key of SipHash that follows from no other one: each thread has its own from the system.
fn new_key() -> RandomState {
    let made = std::thread::Builder::new().spawn(RandomState::new);
    let made = made.ok().and_then(|thread| thread.join().ok());
    made.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::site::fixtures::at;

    fn gate(block: u32, all: usize) -> Gate {
        Gate::new(Bounds { block, all })
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_reader_counts_once_for_each_component_and_hour() {
        let mut gate = gate(200, 1000);
        let mut pass = |address, component, clock| gate.pass(ip(address), component, at(clock));
        assert_eq!(pass("192.0.2.1", "web", "10:00"), Passed::New);
        assert_eq!(pass("192.0.2.1", "web", "10:59:59"), Passed::Again);
        assert_eq!(pass("192.0.2.1", "api", "10:59:59"), Passed::New);
        assert_eq!(pass("192.0.2.1", "", "10:59:59"), Passed::New);
        assert_eq!(pass("192.0.2.2", "web", "10:59:59"), Passed::New);
        // The same address, as a socket for both versions shows it.
        assert_eq!(pass("::ffff:192.0.2.1", "web", "10:59:59"), Passed::Again);
        assert_eq!(pass("2001:db8:1:2::1", "web", "10:59:59"), Passed::New);
        assert_eq!(pass("2001:db8:1:2:3::9", "web", "10:59:59"), Passed::Again);
        assert_eq!(pass("2001:db8:1:3::1", "web", "10:59:59"), Passed::New);
        assert_eq!(pass("192.0.2.1", "web", "11:00"), Passed::New);
        // A clock that was set back keeps nobody out.
        assert_eq!(pass("192.0.2.1", "web", "09:30"), Passed::New);
    }

    #[test]
    fn a_flood_from_one_block_is_capped_and_keeps_nobody_else_out() {
        let mut gate = gate(3, 1000);
        let mut pass = |address: &str| gate.pass(ip(address), "web", at("10:00"));
        for block in ["192.0.2.", "2001:db8:1:"] {
            let address = |n: usize| match block.ends_with('.') {
                true => format!("{block}{n}"),
                false => format!("{block}{n}::1"),
            };
            for n in 0..3 {
                assert_eq!(pass(&address(n)), Passed::New);
            }
            assert_eq!(pass(&address(3)), Passed::Capped);
            // Whoever was counted is no flood.
            assert_eq!(pass(&address(0)), Passed::Again);
        }
        assert_eq!(pass("192.0.3.1"), Passed::New);
        assert_eq!(pass("2001:db8:2::1"), Passed::New);
    }

    #[test]
    fn memory_ends_with_the_bound_of_all_and_with_the_hour() {
        let mut gate = gate(200, 500);
        let address = |n: u32| IpAddr::from((n << 8).to_be_bytes());
        for n in 0..2000 {
            let expected = if n < 500 { Passed::New } else { Passed::Capped };
            assert_eq!(gate.pass(address(n), "web", at("10:00")), expected);
        }
        assert_eq!((gate.seen.len(), gate.blocks.len()), (500, 500));
        assert_eq!(gate.pass(address(0), "web", at("10:59")), Passed::Again);
        gate.begin(at("11:00"));
        assert!(gate.seen.is_empty() && gate.blocks.is_empty());
        assert_eq!(gate.pass(address(1999), "web", at("11:00")), Passed::New);
    }

    #[test]
    fn the_key_of_another_hour_follows_from_no_earlier_one() {
        let mut gate = gate(1, 1);
        let mut numbers = BTreeSet::new();
        for clock in ["09:00", "10:00", "11:00"] {
            gate.pass(ip("192.0.2.1"), "web", at(clock));
            numbers.extend(gate.seen.iter().copied());
        }
        assert_eq!(numbers.len(), 3);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever comes in: what is counted is each reader once, and never more than the bounds.
        #[test]
        fn counts_keep_their_bounds(
            addresses in proptest::collection::vec(any::<[u8; 2]>(), 1..400),
            block in 1_u32..5,
            all in 1_usize..40,
        ) {
            let mut gate = gate(block, all);
            let mut counted: HashMap<u8, BTreeSet<u8>> = HashMap::new();
            for [network, host] in addresses {
                let address = IpAddr::from([10, 0, network % 16, host]);
                let readers = counted.entry(network % 16).or_default();
                match gate.pass(address, "web", at("10:00")) {
                    Passed::New => prop_assert!(readers.insert(host)),
                    Passed::Again => prop_assert!(readers.contains(&host)),
                    Passed::Capped => prop_assert!(!readers.contains(&host)),
                }
            }
            prop_assert!(counted.values().all(|it| it.len() <= block as usize));
            prop_assert!(counted.values().map(BTreeSet::len).sum::<usize>() <= all);
        }
    }
}
