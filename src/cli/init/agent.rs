//! What runs the agent: files that `init` writes for each kind of host.

use clap::ValueEnum;

use super::file::PipelineFile;
use super::release;

/// A host on which the agent runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AgentHost {
    /// A unit of systemd
    Systemd,
    /// A Containerfile
    Container,
    /// A Containerfile, and a Deployment for Kubernetes
    Kubernetes,
}

impl AgentHost {
    /// The files that run the agent.
    pub(crate) fn files(self) -> Vec<PipelineFile> {
        let container = || {
            [
                ("Containerfile", include_str!("agent/Containerfile")),
                (".containerignore", include_str!("agent/containerignore")),
                // Docker reads this one.
                (".dockerignore", include_str!("agent/containerignore")),
            ]
        };
        let files = match self {
            Self::Systemd => vec![(
                "deploy/allclear-agent.service",
                include_str!("agent/allclear-agent.service"),
            )],
            Self::Container => container().to_vec(),
            Self::Kubernetes => {
                let mut files = container().to_vec();
                files.push((
                    "deploy/kubernetes.yaml",
                    include_str!("agent/kubernetes.yaml"),
                ));
                files
            }
        };
        let script = (self != Self::Systemd).then(release::script);
        let files = files.into_iter();
        let files = files.map(|(path, text)| PipelineFile {
            path,
            text: text.to_owned(),
            is_kept: false,
        });
        files.chain(script).collect()
    }
}
