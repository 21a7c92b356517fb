//! Reports of readers that no signal reads.

use std::sync::Arc;

use camino::Utf8PathBuf;

use super::counts::first_counted;
use super::source::reads_reports;
use crate::diagnostic::{Code, Diagnostic, Place, SourceFile};
use crate::site::config::{Config, SignalConfig};
use crate::site::reports::{OF_ANY, REPORTS_FOLDER};
use crate::source::Files;
use crate::syntax::Reader;

/// Reports that no signal reads what readers report: all of it, or what is of no component in particular.
pub(super) fn report(reader: &mut Reader<'_>, config: &Config, files: &Files) {
    let Config {
        settings, signals, ..
    } = config;
    if !signals.iter().any(reads_reports) {
        if let Some(reports) = &settings.reports {
            let component = config.components.first();
            let component = component.map_or("COMPONENT", |it| it.id.value.as_str());
            let message =
                "no signal reads what readers report, so that nothing on the page changes by it";
            let hint = hint(component, &[component]);
            reader.warning(Code::UnreadReports, &reports.span, message, hint);
        }
        return;
    }
    let path = Utf8PathBuf::from(format!("{REPORTS_FOLDER}/{OF_ANY}.csv"));
    let is_read = signals.iter().any(|it| it.file() == Some(&path));
    let file = files.evidence.iter().find(|file| file.path == path);
    if let Some(file) = file.filter(|_| !is_read) {
        let found = unread(file, signals);
        found.into_iter().for_each(|it| reader.diagnostics.push(it));
    }
}

/// The finding that readers who did not know the component have reported something, which no signal reads.
fn unread(file: &Arc<SourceFile>, signals: &[SignalConfig]) -> Option<Diagnostic> {
    let place = Place::new(file, first_counted(file)?);
    let readers_of_reports = signals.iter().filter(|it| reads_reports(it));
    let mut components: Vec<&str> = readers_of_reports
        .flat_map(|it| &it.components)
        .map(|it| it.value.as_str())
        .collect();
    components.sort_unstable();
    components.dedup();
    let message =
        "no signal reads what is reported by readers who do not know which component it is";
    let hint = hint(OF_ANY, &components);
    Some(Diagnostic::warning(Code::UnreadReports, place, message).hint(hint))
}

/// The lines that make a signal of the reports that are counted in a file.
fn hint(name: &str, components: &[&str]) -> String {
    let id = match name {
        OF_ANY => "reports".to_owned(),
        name => format!("reports-{name}"),
    };
    let components: Vec<String> = components.iter().map(|it| format!("\"{it}\"")).collect();
    let components = components.join(", ");
    format!(
        "write `[[signals]]`, and below it `id = \"{id}\"`, `components = [{components}]`, `file = \"{REPORTS_FOLDER}/{name}.csv\"` and `threshold = 50`"
    )
}
