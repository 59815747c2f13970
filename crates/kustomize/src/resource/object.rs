//! One object, its identity, and the identities that it had.

use ecow::EcoString;
use goyaml::{Content, Node, Tag};
use schema::OpenApi;
use source::{OriginId, SourceMap};

use super::affixes::{append_affix, same_ending};
use super::behavior::Behavior;
use super::editor::Shared;
use super::metadata::{
    annotations, is_nil_or_empty, metadata, metadata_text, scalar_text, set_annotations,
};
use super::previous_id::FormerLists;
use super::{
    Before, Deleted, Editor, Gvk, PreviousId, Removal, ResId, split_api_version,
};

/// A manifest: its tree, its identity, and the identities that it had.
/// (upstream: `api/resource/resource.go`)
///
/// Upstream keeps the history in annotations of the object; here it is beside the tree, and a
/// patch that replaces all annotations calls [`Resource::forget_history`].
#[derive(Clone, Debug)]
pub struct Resource {
    node: Node,
    id: ResId,
    history: Box<History>,
}

#[derive(Clone, Debug, Default)]
struct History {
    previous: Vec<PreviousId>,
    /// Kept instead once upstream's three lists of former ids are not what `previous` says.
    lists: Option<Box<FormerLists>>,
    prefixes: Vec<EcoString>,
    suffixes: Vec<EcoString>,
    /// None for what no generator made.
    behavior: Option<Behavior>,
    needs_hash: bool,
    helm_generated: bool,
    name_change_allowed: bool,
    kind_change_allowed: bool,
    var_names: Vec<EcoString>,
    /// The origins of nodes that upstream holds once and shows in several places.
    shared: Vec<OriginId>,
    /// Edits that set texts in quotes, and the tags that these have nevertheless.
    hidden: Vec<(OriginId, Tag)>,
    /// Who knows which kinds live in namespaces, if not the built-in schema alone.
    scopes: Option<OpenApi>,
    /// What patches took away.
    removed: Vec<Removal>,
    /// What it was, if a patch took it away.
    deleted: Option<Box<Deleted>>,
}

impl Resource {
    /// The resource of a tree.
    #[must_use]
    pub fn new(node: Node) -> Resource {
        let mut resource =
            Resource { node, id: ResId::default(), history: Box::default() };
        resource.refresh();
        resource
    }

    /// The resource of a tree in a build that has a schema of its own.
    pub(crate) fn with_schema(node: Node, schema: &OpenApi) -> Resource {
        let history = History {
            scopes: schema.is_custom().then(|| schema.clone()),
            ..History::default()
        };
        let mut resource =
            Resource { node, id: ResId::default(), history: Box::new(history) };
        resource.refresh();
        resource
    }

    /// Asks another schema which kinds live in namespaces.
    pub(crate) fn set_schema(&mut self, schema: &OpenApi) {
        self.history.scopes = schema.is_custom().then(|| schema.clone());
        self.id = ResId::default();
        self.refresh();
    }

    /// The tree.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Changes the tree; an [`Editor`] should do it.
    pub fn edit<T>(&mut self, change: impl FnOnce(&mut Node) -> T) -> T {
        let result = change(&mut self.node);
        self.refresh();
        result
    }

    /// Changes the tree with an editor.
    ///
    /// Upstream's label transformer appends one node to several mappings; whatever sets one
    /// of them later sets all. Here the nodes are copies of one origin, and this function
    /// sets the others when one was overwritten.
    pub fn edit_with<T>(
        &mut self,
        editor: &mut Editor<'_>,
        change: impl FnOnce(&mut Node, &mut Editor<'_>) -> T,
    ) -> T {
        let result = change(&mut self.node, editor);
        self.overwrite_shared(editor);
        self.refresh();
        result
    }

    /// The same for a change of nothing but what is below one field of the root.
    pub(crate) fn edit_below<T>(
        &mut self,
        field: impl AsRef<str>,
        editor: &mut Editor<'_>,
        change: impl FnOnce(&mut Node, &mut Editor<'_>) -> T,
    ) -> T {
        let result = change(&mut self.node, editor);
        let others = self.overwrite_shared(editor);
        // Whatever else changes, the object is called as before.
        let field = field.as_ref().trim_end_matches("[]");
        if others || matches!(field, "apiVersion" | "kind" | "metadata") {
            self.refresh();
        }
        result
    }

    /// Sets the copies of the nodes that were overwritten; tells if there were any.
    fn overwrite_shared(&mut self, editor: &mut Editor<'_>) -> bool {
        self.history.hidden.extend(editor.take_hidden());
        self.history.removed.extend(editor.take_removed());
        let shared = &mut self.history.shared;
        let overwritten = editor.take_overwritten();
        if shared.is_empty() {
            return false;
        }
        // The last one counts, also where several of the copies were set.
        let mut groups: Vec<(usize, Vec<OriginId>, Node)> = Vec::new();
        for (before, node) in overwritten {
            if let Some(group) = groups.iter_mut().find(|g| g.1.contains(&before)) {
                group.1.push(node.origin);
                group.2 = node;
            } else if let Some(at) = shared.iter().position(|id| *id == before) {
                groups.push((at, vec![before, node.origin], node));
            }
        }
        for (at, copies, node) in &groups {
            if let Some(slot) = shared.get_mut(*at) {
                *slot = node.origin;
            }
            for copy in copies {
                set_values(&mut self.node, *copy, node);
            }
        }
        !groups.is_empty()
    }

    /// Remembers entries that upstream would hold as one node.
    pub(crate) fn add_shared(&mut self, shared: &Shared) {
        if let Some(origin) = shared.origin
            && shared.count > 1
        {
            self.history.shared.push(origin);
        }
    }

    /// Says that the tree was built anew: nothing in it is one node any more. A JSON patch
    /// does that.
    pub fn unshare(&mut self) {
        self.history.shared.clear();
        self.history.hidden.clear();
    }

    /// Edits that set texts in quotes, and the tags that upstream knows of them.
    pub(crate) fn hidden_tags(&self) -> &[(OriginId, Tag)] {
        &self.history.hidden
    }

    /// Says that the annotations were written anew: they are no part of what is shared.
    pub(crate) fn unshare_annotations(&mut self, editor: &mut Editor<'_>) {
        let shared = &self.history.shared;
        if shared.is_empty() {
            return;
        }
        let map = self.node.get_mut("metadata").and_then(|m| m.get_mut("annotations"));
        for (_, value) in map.and_then(Node::entries_mut).into_iter().flatten() {
            if shared.contains(&value.origin) {
                value.origin = editor.record(Before::default(), Some(value.place()));
            }
        }
    }

    fn refresh(&mut self) {
        let text = |field| self.node.get(field).map_or("", scalar_text);
        let (version, kind) = (text("apiVersion"), text("kind"));
        let name = metadata_text(&self.node, "name");
        let namespace = metadata_text(&self.node, "namespace");
        let known = &self.id;
        if known.name == name
            && known.namespace == namespace
            && known.gvk.kind == kind
            && (&*known.gvk.group, &*known.gvk.version) == split_api_version(version)
        {
            return;
        }
        let gvk = Gvk::of(version, kind);
        let id = ResId {
            cluster_scoped: match gvk == self.id.gvk && !gvk.kind.is_empty() {
                true => self.id.cluster_scoped,
                false => self.is_cluster_scoped(&gvk),
            },
            gvk,
            name: name.into(),
            namespace: namespace.into(),
        };
        self.id = id;
    }

    fn is_cluster_scoped(&self, gvk: &Gvk) -> bool {
        let version = gvk.api_version();
        match &self.history.scopes {
            Some(schema) => schema.is_cluster_scoped(&version, &gvk.kind),
            None => schema::is_cluster_scoped(&version, &gvk.kind),
        }
    }

    /// What it is called.
    #[must_use]
    pub fn cur_id(&self) -> &ResId {
        &self.id
    }

    /// What it was called when it was read.
    #[must_use]
    pub fn org_id(&self) -> ResId {
        match self.history.previous.first() {
            Some(previous) => self.previous_id(previous),
            None => self.id.clone(),
        }
    }

    /// What it was called before, oldest first. Group and version are the present ones.
    pub fn prev_ids(&self) -> impl Iterator<Item = ResId> {
        self.history.previous.iter().map(|previous| self.previous_id(previous))
    }

    fn previous_id(&self, previous: &PreviousId) -> ResId {
        let Gvk { group, version, .. } = self.id.gvk.clone();
        ResId {
            gvk: Gvk { group, version, kind: previous.kind.clone() },
            name: previous.name.clone(),
            namespace: previous.namespace.clone(),
            cluster_scoped: false,
        }
    }

    /// The same identity and history, without a tree.
    pub(crate) fn without_tree(&self) -> Resource {
        let (id, history) = (self.id.clone(), self.history.clone());
        Resource { node: Node::null(), id, history }
    }

    /// The history as it is kept.
    #[must_use]
    pub fn previous(&self) -> &[PreviousId] {
        &self.history.previous
    }

    /// Puts the present id into the history. (upstream: `StorePreviousId`)
    pub fn store_previous_id(&mut self) {
        let previous = PreviousId {
            name: self.id.name.clone(),
            namespace: self.id.effective_namespace().into(),
            kind: self.id.gvk.kind.clone(),
        };
        let history = &mut *self.history;
        if history.lists.is_none() && previous.is_one_in_each_list() {
            history.previous.push(previous);
        } else {
            let known = &history.previous;
            let lists =
                history.lists.get_or_insert_with(|| Box::new(FormerLists::of(known)));
            lists.push(&previous);
            history.previous = lists.ids().unwrap_or_default();
        }
        self.make_annotations();
    }

    /// Makes `metadata.annotations` a mapping.
    ///
    /// Upstream keeps the history there, so an object with a history has that mapping, and a
    /// patch can add to it. The end of the build drops an empty one.
    pub(crate) fn make_annotations(&mut self) {
        let Some(metadata) = self.node.get_mut("metadata") else { return };
        match metadata.get_mut("annotations") {
            None => {
                metadata.set("annotations", Node::mapping(Vec::new()));
            }
            Some(node) if is_nil_or_empty(node) => {
                node.content = Content::Mapping(Vec::new());
                node.tag = Tag::Map;
            }
            Some(_) => {}
        }
    }

    /// Is anything kept that upstream keeps in annotations?
    pub(crate) fn has_history(&self) -> bool {
        let History { previous, lists, prefixes, suffixes, behavior, needs_hash, .. } =
            &*self.history;
        !previous.is_empty()
            || lists.is_some()
            || !prefixes.is_empty()
            || !suffixes.is_empty()
            || behavior.is_some()
            || *needs_hash
            || self.history.helm_generated
    }

    /// Drops what is known of former names: what upstream loses when a patch replaces all
    /// annotations of an object.
    pub fn forget_history(&mut self) {
        let var_names = std::mem::take(&mut self.history.var_names);
        let shared = std::mem::take(&mut self.history.shared);
        let hidden = std::mem::take(&mut self.history.hidden);
        let removed = std::mem::take(&mut self.history.removed);
        let scopes = self.history.scopes.take();
        let rest = History::default();
        *self.history = History { var_names, shared, hidden, removed, scopes, ..rest };
    }

    /// Does upstream no longer know what it was called?
    ///
    /// A patch took the name away, or the name holds a comma: upstream's lists of former names,
    /// namespaces and kinds differ in length, and whoever asks for former ids fails.
    pub(crate) fn has_uneven_history(&self) -> bool {
        self.history.lists.as_ref().is_some_and(|lists| lists.ids().is_none())
    }

    /// Are tree and history the same? Upstream keeps the history in the tree.
    pub(crate) fn is_like(&self, other: &Resource, sources: &SourceMap) -> bool {
        self.node == other.node
            && same_nodes(&self.node, &other.node, sources)
            && self.history.previous == other.history.previous
            && self.history.lists == other.history.lists
            && self.history.prefixes == other.history.prefixes
            && self.history.suffixes == other.history.suffixes
    }

    /// Prefixes that were added to its name, innermost first.
    #[must_use]
    pub fn prefixes(&self) -> &[EcoString] {
        &self.history.prefixes
    }

    /// Suffixes that were added to its name, innermost first.
    #[must_use]
    pub fn suffixes(&self) -> &[EcoString] {
        &self.history.suffixes
    }

    pub(crate) fn add_prefix(&mut self, prefix: &EcoString) {
        if !prefix.is_empty() {
            let own = self.append_to_annotation("prefixes", prefix);
            append_affix(&mut self.history.prefixes, own, prefix);
        }
    }

    pub(crate) fn add_suffix(&mut self, suffix: &EcoString) {
        if !suffix.is_empty() {
            let own = self.append_to_annotation("suffixes", suffix);
            append_affix(&mut self.history.suffixes, own, suffix);
        }
    }

    /// Adds a text to upstream's own annotation, if someone gave the object one; what it said.
    fn append_to_annotation(
        &mut self,
        name: &str,
        text: &EcoString,
    ) -> Option<EcoString> {
        let map = self.node.get_mut("metadata")?.get_mut("annotations")?;
        let value = map.get_mut(&format!("internal.config.kubernetes.io/{name}"))?;
        let known = EcoString::from(scalar_text(value));
        value.content = Content::Scalar(ecow::eco_format!("{known},{text}"));
        value.tag = Tag::Str;
        value.untagged = false;
        Some(known)
    }

    /// Do prefixes and suffixes end alike? (upstream: `PrefixesSuffixesEquals`)
    #[must_use]
    pub fn prefixes_suffixes_equal(&self, other: &Resource, allow_empty: bool) -> bool {
        let alike = |a: &[EcoString], b: &[EcoString]| {
            (allow_empty && (a.is_empty() || b.is_empty())) || same_ending(a, b)
        };
        alike(self.prefixes(), other.prefixes())
            && alike(self.suffixes(), other.suffixes())
    }

    /// What it does to one that is there already.
    #[must_use]
    pub fn behavior(&self) -> Behavior {
        self.history.behavior.unwrap_or_default()
    }

    /// Is a hash of the content added to its name? Upstream's own annotation may ask for it.
    #[must_use]
    pub fn needs_hash(&self) -> bool {
        const NEEDS_HASH: &str = "internal.config.kubernetes.io/needsHashSuffix";
        self.history.needs_hash || self.annotation(NEEDS_HASH) == Some("enabled")
    }

    fn annotation(&self, key: &str) -> Option<&str> {
        metadata(&self.node)?.get("annotations")?.get(key)?.text()
    }

    pub(crate) fn set_generated(&mut self, behavior: Behavior, needs_hash: bool) {
        self.history.behavior = Some(behavior);
        self.history.needs_hash = needs_hash;
        self.make_annotations();
    }

    /// Did a chart make it, or does upstream's own annotation say so? Then v5.8's namespace
    /// transformer leaves it alone.
    #[must_use]
    pub fn is_helm_generated(&self) -> bool {
        const GENERATED: &str = "internal.config.kubernetes.io/helm-generated";
        self.history.helm_generated || self.annotation(GENERATED) == Some("true")
    }

    pub(crate) fn set_helm_generated(&mut self) {
        self.history.helm_generated = true;
        self.make_annotations();
    }

    /// May this patch change the name of its target?
    #[must_use]
    pub fn name_change_allowed(&self) -> bool {
        self.history.name_change_allowed
    }

    /// May this patch change the kind of its target?
    #[must_use]
    pub fn kind_change_allowed(&self) -> bool {
        self.history.kind_change_allowed
    }

    /// Lets this patch change the name or kind of its target.
    pub fn allow_changes(&mut self, name: bool, kind: bool) {
        self.history.name_change_allowed |= name;
        self.history.kind_change_allowed |= kind;
        // Upstream notes it in the annotations, and so writes them anew, as texts.
        let texts = annotations(&self.node);
        if (name || kind) && !texts.is_empty() {
            self.edit(|node| set_annotations(node, &texts));
        } else if name || kind {
            // A null that would remove those of the target is gone.
            self.make_annotations();
        }
    }

    pub(crate) fn var_names(&self) -> &[EcoString] {
        &self.history.var_names
    }

    pub(crate) fn add_var_name(&mut self, name: EcoString) {
        self.history.var_names.push(name);
    }

    /// Is nothing left of it? Such resources are dropped after each transformer.
    #[must_use]
    pub fn is_nil_or_empty(&self) -> bool {
        is_nil_or_empty(&self.node)
    }

    /// What patches took away from it, in their order; some of it may be there again.
    #[must_use]
    pub fn removed(&self) -> &[Removal] {
        &self.history.removed
    }

    /// What it was, if a patch took it away.
    pub(crate) fn deleted(&self) -> Option<&Deleted> {
        self.history.deleted.as_deref()
    }

    /// Deletes it: what a patch with `$patch: delete` does, by this edit.
    pub fn delete(&mut self, origin: OriginId) {
        let (id, org_id, span) = (self.id.clone(), self.org_id(), self.node.span);
        self.history.deleted = Some(Box::new(Deleted { id, org_id, origin, span }));
        self.edit(|node| {
            node.content = Content::Scalar(EcoString::new());
            node.tag = Tag::Null;
            node.untagged = false;
        });
    }

    /// Takes the history of the generated object that it replaces.
    /// (upstream: `CopyMergeMetaDataFieldsFrom`, the part of the build annotations)
    pub(crate) fn take_history(&mut self, old: &Resource) {
        let needs_hash = self.history.needs_hash && old.history.needs_hash;
        self.history = old.history.clone();
        self.history.needs_hash = needs_hash;
        self.history.hidden.clear();
    }
}

/// Do trees that say the same agree in which scalars have a tag, and where they were read?
/// Upstream compares its nodes, lines and columns included.
fn same_nodes(one: &Node, other: &Node, sources: &SourceMap) -> bool {
    match (&one.content, &other.content) {
        (Content::Mapping(a), Content::Mapping(b)) => {
            a.iter().zip(b).all(|(a, b)| same_nodes(&a.1, &b.1, sources))
        }
        (Content::Sequence(a), Content::Sequence(b)) => {
            a.iter().zip(b).all(|(a, b)| same_nodes(a, b, sources))
        }
        _ => {
            let column = |node: &Node| sources.location(node.span).map(|at| at.column);
            let is_made = |node: &Node| node.untagged || node.line == 0;
            let same_place = || {
                one.span == other.span
                    || (one.line == other.line && column(one) == column(other))
            };
            one.untagged == other.untagged
                && is_made(one) == is_made(other)
                && (is_made(one) || same_place())
        }
    }
}

/// Sets all values of one origin; keys carry the origin of their values, and stay.
fn set_values(node: &mut Node, before: OriginId, new: &Node) {
    if node.origin == before {
        *node = new.clone();
        return;
    }
    match &mut node.content {
        Content::Mapping(entries) => {
            entries.iter_mut().for_each(|(_, value)| set_values(value, before, new));
        }
        Content::Sequence(items) => {
            items.iter_mut().for_each(|item| set_values(item, before, new));
        }
        Content::Scalar(_) | Content::Alias(_) => {}
    }
}
