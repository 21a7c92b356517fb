//! Channels with the components whose news they are told.

use std::collections::HashSet;

use crate::diagnostic::{Code, Diagnostic};
use crate::site::channel::Channel;
use crate::site::component::Component;
use crate::site::config::ChannelConfig;
use crate::site::lookup::Directory;
use crate::syntax::Reader;

/// The channels of a site. Two of one name are reported: the ledger could not tell them apart.
pub(super) fn channels(
    reader: &mut Reader<'_>,
    configs: Vec<ChannelConfig>,
    components: &Directory<'_, Component>,
) -> Vec<Channel> {
    let mut names = HashSet::new();
    let mut channels = Vec::with_capacity(configs.len());
    for ChannelConfig {
        components: ids,
        channel,
    } in configs
    {
        let components = ids.map(|ids| {
            let known = ids
                .iter()
                .filter_map(|id| reader.known(&id.span, components.component(&id.value)));
            known.collect()
        });
        if !names.insert(channel.name.clone()) {
            let name = &channel.name;
            let message = format!("another channel is named `{name}`, too");
            let hint = format!("give one of them a name of its own, as `name = \"{name}-2\"`");
            let place = channel.place.clone();
            let error = Diagnostic::error(Code::BadChannel, place, message).hint(hint);
            reader.diagnostics.push(error);
        }
        channels.push(Channel {
            components,
            ..channel
        });
    }
    channels
}
