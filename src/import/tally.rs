//! The figures of an import, and the losses.

use std::collections::BTreeMap;
use std::fmt;

use crate::diagnostic::code_list;
use crate::locale::english::{counted, grouped};

/// The figures of an import. Printed, it has no newline at its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Incidents that became a file.
    pub incidents: usize,
    /// Maintenances that became a file.
    pub maintenances: usize,
    /// Updates in those files.
    pub updates: usize,
    /// Incidents and maintenances that the site had before.
    pub already: usize,
    /// Those of `already` whose document has more updates than their file.
    pub grown: usize,
    /// Components that `allclear.toml` gains.
    pub components: usize,
    /// Groups that `allclear.toml` gains.
    pub groups: usize,
    /// The ids of components that are still as a new site has them, where others were added.
    pub untouched: Vec<String>,
    /// The losses in the new files.
    pub losses: Losses,
}

/// The things that documents say and the new files do not, and how often.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Losses(BTreeMap<Loss, usize>);

impl Losses {
    /// Counts a loss.
    pub(super) fn lose(&mut self, loss: Loss) {
        *self.0.entry(loss).or_default() += 1;
    }

    /// Counts the losses of another part of the documents too.
    pub(super) fn append(&mut self, other: Self) {
        for (loss, count) in other.0 {
            *self.0.entry(loss).or_default() += count;
        }
    }
}

/// Something that a document says and that an incident file cannot say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// An incident or a component has an id of its own there, and gets one of ours.
    Id,
    /// An incident has no name, and gets one.
    Name,
    /// The impact of an incident is no word of ours.
    Impact(String),
    /// The state of an update is no word of ours, or does not fit; it becomes a plain update.
    State(String),
    /// The status of a component is no word of ours.
    Status(String),
    /// A component is not operational when its incident ends.
    StatusAtTheEnd,
    /// A component is out of order during a maintenance.
    StatusInMaintenance,
    /// An incident began, as it says, after its first update, whose time stands instead.
    Start,
    /// A window ended no later than it began; its end is another one.
    Window,
    /// The end of an incident is before its start, or after the update that says that it is over.
    End,
    /// A time cannot be read.
    Time(String),
    /// A field has no counterpart.
    Field(String),
}

impl Loss {
    fn line(&self, count: usize) -> String {
        let n = grouped(count);
        let one = count == 1;
        let pick =
            |singular: &'static str, plural: &'static str| if one { singular } else { plural };
        match self {
            Self::Id => format!(
                "{n} {} need",
                pick(
                    "incident or component has another id here, which programs that ask the API for it",
                    "incidents and components have other ids here, which programs that ask the API for them"
                )
            ),
            Self::Name => format!(
                "{n} {} no name and got one",
                pick("incident had", "incidents had")
            ),
            Self::Impact(word) => {
                format!(
                    "{n} {} `{word}`: not known",
                    pick("impact is", "impacts are")
                )
            }
            Self::State(word) => {
                let state = match word.as_str() {
                    "" => "without a state".to_owned(),
                    word => format!("in the state `{word}`"),
                };
                let became = pick("a plain update", "plain updates");
                format!("{n} {} {state} became {became}", pick("update", "updates"))
            }
            Self::Status(word) => {
                format!(
                    "{n} component {} `{word}`: not known",
                    pick("status is", "statuses are")
                )
            }
            Self::StatusAtTheEnd => format!(
                "{n} {} not operational at the end of an incident, which the file says otherwise",
                pick("component was", "components were")
            ),
            Self::StatusInMaintenance => format!(
                "{n} component {} not carried over from a maintenance: write an incident for an outage",
                pick("status is", "statuses are")
            ),
            Self::Start => format!(
                "{n} {} later than the first update, whose time stands instead",
                pick("start was", "starts were")
            ),
            Self::Window => format!(
                "{n} {} no later than at its start, and ends when the updates say it or after a minute",
                pick("window ended", "windows ended")
            ),
            Self::End => format!(
                "{n} {} not fit the start and the updates, whose times stand instead",
                pick("end of an incident does", "ends of incidents do")
            ),
            Self::Time(field) => format!("{n} {} `{field}` cannot be read", pick("time", "times")),
            Self::Field(field) => {
                format!(
                    "{n} {} `{field}` {} not carried over",
                    pick("field", "fields"),
                    pick("is", "are")
                )
            }
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "imported {}", counted(self.incidents, "incident"))?;
        if self.maintenances > 0 {
            write!(f, " and {}", counted(self.maintenances, "maintenance"))?;
        }
        let were = if self.already == 1 { "was" } else { "were" };
        write!(
            f,
            " with {}; {} {were} there already",
            counted(self.updates, "update"),
            grouped(self.already)
        )?;
        let added: Vec<String> = [(self.groups, "group"), (self.components, "component")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, noun)| counted(count, noun))
            .collect();
        if !added.is_empty() {
            write!(f, "\nadded {} to allclear.toml", added.join(" and "))?;
        }
        if !self.untouched.is_empty() {
            let ids: Vec<&str> = self.untouched.iter().map(String::as_str).collect();
            let (are, them) = match ids.len() {
                1 => ("is", "it"),
                _ => ("are", "them"),
            };
            write!(
                f,
                "\n  {} {are} still as `init` wrote {them}, and nothing imported belongs there: take {them} out of allclear.toml \
                 where readers know no such part",
                code_list(&ids)
            )?;
        }
        if self.grown > 0 {
            let (have, file) = if self.grown == 1 {
                ("has", "its file")
            } else {
                ("have", "their files")
            };
            write!(
                f,
                "\n  {} there already {have} more updates now: delete {file} to import again",
                grouped(self.grown)
            )?;
        }
        for (loss, count) in &self.losses.0 {
            write!(f, "\n  {}", loss.line(*count))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Loss, Tally};

    #[test]
    fn a_tally_speaks_in_singular_and_plural() {
        let mut tally = Tally {
            incidents: 1282,
            updates: 2801,
            components: 1,
            groups: 2,
            ..Tally::default()
        };
        for _ in 0..3 {
            tally
                .losses
                .lose(Loss::Field("incident_updates.tweet_id".into()));
        }
        tally
            .losses
            .lose(Loss::Field("incidents.reminder_intervals".into()));
        tally.losses.lose(Loss::State("odd".into()));
        assert_eq!(
            tally.to_string(),
            "imported 1,282 incidents with 2,801 updates; 0 were there already\n\
             added 2 groups and 1 component to allclear.toml\n  \
             1 update in the state `odd` became a plain update\n  \
             3 fields `incident_updates.tweet_id` are not carried over\n  \
             1 field `incidents.reminder_intervals` is not carried over"
        );
        let again = Tally {
            maintenances: 1,
            already: 1,
            grown: 1,
            ..Tally::default()
        };
        assert_eq!(
            again.to_string(),
            "imported 0 incidents and 1 maintenance with 0 updates; 1 was there already\n  \
             1 there already has more updates now: delete its file to import again"
        );
    }
}
