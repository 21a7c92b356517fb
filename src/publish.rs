//! Publication: a build is brought to where readers are.
//!
//! Never does an older build replace a newer one, and never does a reader see half of one, wherever a publisher is killed and
//! however many publish at once. Stores give no more than this: one file can be written on the condition that it is new, or
//! that nobody has changed it since it was read (compare-and-swap). On that stand four steps:
//!
//! 1. **Look.** The live `build.json` is read with its version. Where its `now` is later than the build's, the publisher stops.
//! 2. **Create.** Files at paths that the live build does not have are announced in the live `build.json` (by
//!    compare-and-swap, too), and then created. Nothing links to them yet. What is at such a path already, be it of a killed
//!    publisher or of another one, is left for step 4.
//! 3. **Claim.** `build.json` is replaced by the new one, marked as not finished, on the condition that it still has the
//!    version of step 1; else the publisher begins anew. From here on this is the live build: every other publisher compares
//!    its `now` with this one, and what a killed publisher has left unfinished is written in it.
//! 4. **Switch.** Every path that differs is written: pages first, what programs poll next, the index last. Each on the
//!    condition that it was not changed since its version was asked for, *and after that* `build.json` was still the own
//!    claim. Then what neither this build nor the one before has is deleted, and `build.json` loses its mark.
//!
//! Why the order "version, claim, write" suffices: let a newer publisher claim in the meantime. Either it writes a file after
//! the older one asked for its version, and the older one's write fails; or it wrote it before, and then its claim came
//! earlier still, so that the older one finds its own claim gone. Where the older one's write comes first, the newer one's
//! fails, which asks for the version again and writes.
//!
//! What a killed publisher has sent is not sent again, where it is known that whoever else may still be at work on that file
//! writes the same. Each file carries a mark for that, which says its content and what it is sent as.
//!
//! Two things stores do not give. A content that comes back has the version again that it had, so that a write that was under
//! way while two other publications passed may find its condition true; and files are deleted without one. Therefore no
//! request outlives its publisher's knowledge: none is repeated without a look at the claim. And what an overtaken publisher
//! may have had under way is noted in `build.json` for ten minutes: each publication in that time compares the marks of these
//! files and puts right what came late.

pub use self::bring::{Publication, preview, publish};
pub use self::failure::Failure;
pub use self::folder::Folder;
#[cfg(feature = "agent")]
pub use self::guard::{Guarded, Stopped, guard};
pub use self::hindrance::Hindrance;
pub use self::live::{Live, LiveFile, UnreadableManifest};
#[cfg(feature = "agent")]
pub use self::object::{BadBucket, Bucket};
#[cfg(feature = "agent")]
pub use self::page::LivePage;
#[cfg(feature = "agent")]
pub use self::place::Place;
pub use self::refusal::{Again, IsBehind};
pub use self::store::{Condition, Content, Refused, Store, Version};
pub use self::summary::{Preview, Summary};
#[cfg(feature = "agent")]
pub use self::tools::Tools;

mod bring;
pub mod credentials;
mod failure;
mod folder;
#[cfg(feature = "agent")]
mod guard;
mod hindrance;
mod live;
#[cfg(test)]
mod memory;
#[cfg(feature = "agent")]
mod object;
#[cfg(feature = "agent")]
mod page;
#[cfg(feature = "agent")]
mod place;
mod plan;
mod refusal;
mod store;
mod summary;
#[cfg(test)]
mod tests;
#[cfg(feature = "agent")]
mod tools;
#[cfg(feature = "agent")]
pub mod verify;
