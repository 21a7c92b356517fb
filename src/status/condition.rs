//! The condition of a component: what a page says of it in one word.

use crate::site::vocabulary::Status;

/// The status of a component, and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Condition {
    /// The status.
    pub status: Status,
    /// Whether fresh evidence covers the component, whatever that says.
    pub confirmed: bool,
}

/// How many of some components are in each condition.
#[derive(Debug)]
pub struct Conditions {
    /// The number of them in each status, in the order of [`Status::ALL`].
    of_status: [usize; Status::ALL.len()],
    /// The number of them that are operational for lack of news: no fresh evidence covers them.
    doubtful: usize,
}

impl Conditions {
    /// The numbers of these conditions.
    pub fn of(conditions: impl Iterator<Item = Condition>) -> Self {
        let mut counted = Self {
            of_status: Default::default(),
            doubtful: 0,
        };
        for condition in conditions {
            counted.add(condition);
        }
        counted
    }

    fn add(&mut self, condition: Condition) {
        self.of_status[condition.status as usize] += 1;
        self.doubtful += usize::from(condition.is_doubtful());
    }

    /// Counts another condition in the place of one of them.
    pub fn replace(&mut self, old: Condition, new: Condition) {
        self.of_status[old.status as usize] -= 1;
        self.doubtful -= usize::from(old.is_doubtful());
        self.add(new);
    }

    /// Whether any of the components has a status.
    pub fn has(&self, status: Status) -> bool {
        self.of_status[status as usize] > 0
    }

    /// Whether there are components and all have a status.
    pub fn have_all(&self, status: Status) -> bool {
        self.has(status) && Status::ALL.iter().all(|it| *it == status || !self.has(*it))
    }

    /// The worst of them, which is confirmed unless one without evidence keeps a group from saying more than is known.
    pub fn worst(&self) -> Condition {
        let mut worst_first = Status::ALL.iter().rev();
        let worst = worst_first.find(|status| self.has(**status));
        Condition {
            status: worst.copied().unwrap_or(Status::Operational),
            confirmed: self.doubtful == 0,
        }
    }
}

impl Condition {
    fn is_doubtful(self) -> bool {
        self.status == Status::Operational && !self.confirmed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_counted_anew_where_one_changes() {
        let condition = |status, confirmed| Condition { status, confirmed };
        let doubtful = condition(Status::Operational, false);
        let well = condition(Status::Operational, true);
        let down = condition(Status::MajorOutage, true);
        let mut conditions = Conditions::of([doubtful, well, down].into_iter());
        for (old, new, worst, is_all_well) in [
            (down, doubtful, doubtful, true),
            (doubtful, well, doubtful, true),
            (doubtful, well, well, true),
            (well, down, down, false),
            (well, down, down, false),
        ] {
            conditions.replace(old, new);
            assert_eq!(conditions.worst(), worst, "{old:?} {new:?}");
            assert_eq!(conditions.have_all(Status::Operational), is_all_well);
        }
        assert!(conditions.has(Status::Operational));
        conditions.replace(well, down);
        assert!(conditions.have_all(Status::MajorOutage));
    }
}
