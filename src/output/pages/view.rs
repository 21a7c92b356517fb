//! What templates see: the theme contract.
//!
//! A template never sees the model. It gets these plain structs, in which every text is ready to
//! print in the page's language and every decision has been made. Links are written from the
//! site's root and printed as `{{ page.root }}{{ incident.url }}`, so that one view serves pages at
//! any depth and below any sub-path.

pub use self::about::{
    AboutView, CorrectedView, CoverageView, FigureView, LimitView, OverrideView, SilenceView,
};
pub use self::bars::{BarDay, BarPath, BarPlace, BarsView};
pub use self::component::{
    ClaimView, ComponentPageView, ComponentView, EvidenceView, GroupView, MonthBarsView,
    OthersView, RegionView, UptimeFigureView, UptimeView,
};
pub use self::document::DocumentView;
pub use self::frame::{FrameClaimView, FrameView};
pub use self::history::{
    DayView, EntryView, HistoryComponentView, HistoryView, MonthCell, MonthComponentView,
    MonthDaysView, MonthLink, MonthView, PageLink, UnreportedDayView, UnreportedView, YearView,
};
pub use self::incident::{
    AffectedView, ComponentTimelineView, CorrectionView, DelayView, IncidentView, UpdateView,
    WindowView,
};
pub use self::index::{HeadlineView, IndexView};
pub use self::latency::{LatencyRow, LatencyView};
pub use self::parts::{LaterView, LinkView, Moment, NameView, Promise, StatusView, TickView};
pub use self::report::{ChoiceView, ReportGroupView, ReportView};
pub use self::signal::{SignalLevel, SignalRow, SignalView};
pub use self::site::{
    CardView, FeedView, HeadLinkView, LanguageView, LogoView, OptionView, PageView, SiteLinkView,
    SiteView,
};
pub use self::subscribe::{
    BadgeView, EmbedView, FollowGroupView, FollowView, SubscribeView, SubscriptionView,
};

mod about;
mod bars;
mod component;
mod document;
mod frame;
mod history;
mod incident;
mod index;
mod latency;
mod parts;
mod report;
mod signal;
mod site;
mod subscribe;
