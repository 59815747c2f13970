//! What is known of all clusters together, without their objects.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use goyaml::Value;
use kustomize::Note;
use source::{Span, Subject, Tracepoint, VPath};

use super::{ClusterObjects, Sender};
use crate::render::ChartUse;
use crate::{BuildTarget, Render, Repo};

/// The fields of senders that lints of the fleet report; how these came to be is kept.
const FIELDS: &[&str] = &["/spec/externalLabels", "/spec/externalLabels/cluster"];

/// What is known about every cluster at once.
pub struct Fleet<'r> {
    /// The repository.
    pub repo: &'r Repo<'r>,
    /// What was built, or not, of every target that was looked at, in order.
    pub targets: Vec<TargetFacts>,
    /// Whatever labels series or blocks, in all clusters.
    pub senders: Vec<Sender>,
    /// How the fields of senders came to be, by cluster and object.
    chains: BTreeMap<(String, String), Vec<Vec<Tracepoint>>>,
    /// The values documents that are known: clusters share most of them.
    documents: HashMap<Span, Arc<Value>>,
}

/// One target without its objects.
#[derive(Clone, Debug)]
pub struct TargetFacts {
    /// The target.
    pub target: BuildTarget,
    /// What its build noted; `None` if it was not built.
    pub built: Option<BuiltFacts>,
    /// The charts that were rendered for it.
    pub charts: Vec<ChartUse>,
}

/// What a build noted.
#[derive(Clone, Debug)]
pub struct BuiltFacts {
    /// Entries of kustomizations that had no effect.
    pub notes: Vec<Note>,
    /// The files that were read.
    pub inputs: Vec<VPath>,
}

impl TargetFacts {
    /// The name of the cluster.
    #[must_use]
    pub fn cluster(&self) -> &str {
        &self.target.cluster.name
    }

    fn of(render: &Render) -> TargetFacts {
        let built = render.built().map(|built| BuiltFacts {
            notes: built.notes.clone(),
            inputs: built.inputs.clone(),
        });
        let charts = render.charts.clone();
        TargetFacts { target: render.target.clone(), built, charts }
    }
}

impl<'r> Fleet<'r> {
    /// A fleet of which nothing is known yet.
    #[must_use]
    pub fn new(repo: &'r Repo<'_>) -> Fleet<'r> {
        Fleet {
            repo,
            targets: Vec::new(),
            senders: Vec::new(),
            chains: BTreeMap::new(),
            documents: HashMap::new(),
        }
    }

    /// Takes in what others must know of a cluster, of which `renders` are all there are.
    pub fn add(&mut self, cluster: &ClusterObjects<'_>, renders: &[Render]) {
        for render in renders {
            let mut facts = TargetFacts::of(render);
            for document in facts.charts.iter_mut().flat_map(|c| &mut c.documents) {
                let values = &mut document.values;
                let known = self.documents.entry(values.span);
                let known = known.or_insert_with(|| values.clone());
                if known == values {
                    *values = known.clone();
                }
            }
            self.targets.push(facts);
        }
        for producer in cluster.producers() {
            let sender = Sender::new(cluster, &producer);
            let Subject { object, .. } = sender.subject("");
            let key = (sender.cluster.clone(), object);
            self.senders.push(sender);
            self.chains.entry(key).or_insert_with(|| {
                let chain = |field: &&str| producer.object.chain(cluster, field);
                FIELDS.iter().map(|field| chain(field).unwrap_or_default()).collect()
            });
        }
    }

    /// Puts in the targets that nobody looked at: of these nothing is known.
    pub(crate) fn complete(&mut self) {
        let mut known = std::mem::take(&mut self.targets).into_iter().peekable();
        let targets = self.repo.targets.iter().map(|target| {
            let next = known.next_if(|facts| facts.target == *target);
            let target = target.clone();
            next.unwrap_or(TargetFacts { target, built: None, charts: Vec::new() })
        });
        self.targets = targets.collect();
    }

    /// How the field came to be that a finding is about, if it is one that is kept.
    pub(crate) fn chain(&self, subject: &Subject) -> Option<&[Tracepoint]> {
        let at = FIELDS.iter().position(|field| *field == subject.field)?;
        let key = (subject.clusters.first()?.clone(), subject.object.clone());
        self.chains.get(&key)?.get(at).map(Vec::as_slice).filter(|c| !c.is_empty())
    }
}
