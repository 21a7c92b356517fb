//! The view of the form by which readers report a problem.

use schemars::JsonSchema;
use serde::Serialize;

/// The form by which readers report a problem, as `site.report`. It is sent by `post` to `url` and has the fields
/// `component` (an id, or empty for a reader who does not know), `kind`, `region` (where there are some; empty for no answer)
/// and `language`, which is `page.lang`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReportView {
    /// Where it is sent to, as a whole address.
    pub url: String,
    /// The components, for a page that is about none, in the order of the index.
    pub groups: Vec<ReportGroupView>,
    /// What may fail.
    pub kinds: Vec<ChoiceView>,
    /// The regions from which a reader chooses; none where the site has none, or a proxy says it.
    pub regions: Vec<ChoiceView>,
}

/// The components under one heading, to choose from.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReportGroupView {
    /// In the page's language; empty for the components without a group.
    pub name: String,
    /// In the order of `allclear.toml`.
    pub components: Vec<ChoiceView>,
}

/// Something that a reader chooses in a form.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ChoiceView {
    /// The value of the field.
    pub id: String,
    /// In the page's language.
    pub text: String,
}
