//! Which objects a patch or replacement means.
//! (upstream: `api/types/selector.go`, `resWrangler.Select`)

use ecow::EcoString;
use regexp::Regexp;
use source::{Diagnostic, Result, Span};

use super::label_selector::LabelSelector;
use crate::NoteKind;
use crate::context::Context;
use crate::kustomization::{Selector, Text, closest};
use crate::resource::{Gvk, ResId, ResMap, Resource, annotations, labels};

/// The positions of the objects that a selector means.
///
/// The original and the present name and namespace both count, the present kind alone.
pub(crate) fn select(resources: &ResMap, selector: &Selector) -> Result<Vec<usize>> {
    let matcher = Matcher::new(selector)?;
    let mut found = Vec::new();
    for (at, resource) in resources.iter().enumerate() {
        if matcher.selects(resource)? {
            found.push(at);
        }
    }
    Ok(found)
}

/// A selector whose expressions are compiled.
pub(super) struct Matcher {
    group: Pattern,
    version: Pattern,
    kind: Pattern,
    name: Pattern,
    namespace: Pattern,
    metadata: MetadataMatcher,
}

/// The selectors of labels and annotations.
struct MetadataMatcher {
    labels: Lazy,
    annotations: Lazy,
}

/// A label selector whose fault counts only when it is asked.
struct Lazy {
    parsed: Result<LabelSelector, String>,
    span: Span,
}

/// A text that must fit from its first to its last character; the empty one fits all.
enum Pattern {
    Any,
    Literal(EcoString),
    /// This text, or none.
    OrNone(EcoString),
    Regex(Regexp),
}

impl Matcher {
    pub(super) fn new(selector: &Selector) -> Result<Matcher> {
        Ok(Matcher {
            group: Pattern::new(&selector.group)?,
            version: Pattern::new(&selector.version)?,
            kind: Pattern::new(&selector.kind)?,
            name: Pattern::new(&selector.name)?,
            namespace: Pattern::new(&selector.namespace)?,
            metadata: MetadataMatcher {
                labels: Lazy::new(&selector.label_selector),
                annotations: Lazy::new(&selector.annotation_selector),
            },
        })
    }

    /// A selector of a replacement before v5.8: its texts are no expressions.
    pub(super) fn exact(selector: &Selector) -> Result<Matcher> {
        let literal = |text: &Text| match text.is_empty() {
            true => Pattern::Any,
            false => Pattern::Literal(text.value.clone()),
        };
        let namespace = match selector.namespace.as_str() {
            // The namespace that counts is compared, and none is this one.
            "default" => Pattern::OrNone(selector.namespace.value.clone()),
            _ => literal(&selector.namespace),
        };
        Ok(Matcher {
            group: literal(&selector.group),
            version: literal(&selector.version),
            kind: literal(&selector.kind),
            name: literal(&selector.name),
            namespace,
            metadata: MetadataMatcher {
                labels: Lazy::new(&selector.label_selector),
                annotations: Lazy::new(&selector.annotation_selector),
            },
        })
    }

    fn selects(&self, resource: &Resource) -> Result<bool> {
        let current = resource.cur_id();
        if !self.gvk(&current.gvk) {
            return Ok(false);
        }
        let namespace = |id: &ResId| self.namespace.fits(id.effective_namespace());
        let name = |id: &ResId| self.name.fits(&id.name);
        if !namespace(current) || !name(current) {
            let original = resource.org_id();
            let fits = (namespace(current) || namespace(&original))
                && (name(current) || name(&original));
            if !fits {
                return Ok(false);
            }
        }
        self.metadata(resource)
    }

    /// Does it mean an id, as written? For replacements.
    pub(super) fn selects_id(&self, id: &ResId) -> bool {
        self.gvk(&id.gvk)
            && self.name.fits(&id.name)
            && self.namespace.fits(&id.namespace)
    }

    /// Do labels and annotations fit?
    pub(super) fn metadata(&self, resource: &Resource) -> Result<bool> {
        let node = resource.node();
        Ok(self.metadata.labels.fits(|| labels(node))?
            && self.metadata.annotations.fits(|| annotations(node))?)
    }

    fn gvk(&self, gvk: &Gvk) -> bool {
        self.group.fits(&gvk.group)
            && self.version.fits(&gvk.version)
            && self.kind.fits(&gvk.kind)
    }
}

impl Lazy {
    fn new(text: &Text) -> Lazy {
        Lazy { parsed: LabelSelector::parse(text.as_str()), span: text.span }
    }

    fn fits(
        &self,
        map: impl FnOnce() -> std::collections::BTreeMap<EcoString, EcoString>,
    ) -> Result<bool> {
        match &self.parsed {
            Ok(selector) if selector.is_empty() => Ok(true),
            Ok(selector) => Ok(selector.matches(&map())),
            Err(message) => Err(Diagnostic::error(self.span, message.clone())
                .hint("write `key=value`, `key!=value`, `key in (a, b)`, `key` or `!key`, joined by commas")),
        }
    }
}

impl Pattern {
    fn new(text: &Text) -> Result<Pattern> {
        if text.is_empty() {
            return Ok(Pattern::Any);
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if text.as_str().chars().all(plain) {
            return Ok(Pattern::Literal(text.value.clone()));
        }
        let anchored = format!("^(?:{})$", text.as_str());
        Regexp::new(anchored.as_bytes()).map(Pattern::Regex).map_err(|message| {
            Diagnostic::error(text.span, message).hint(
                "the texts of a target are regular expressions; escape `.`, `*`, `(`",
            )
        })
    }

    fn fits(&self, text: &str) -> bool {
        match self {
            Pattern::Any => true,
            Pattern::Literal(literal) => literal == text,
            Pattern::OrNone(literal) => text.is_empty() || literal == text,
            Pattern::Regex(regex) => regex.is_match(text.as_bytes()),
        }
    }
}

/// Notes a target that is empty or an expression, if it selects all of the objects.
///
/// An expression that selects the only object there is may well be meant.
pub(super) fn note_catch_all(
    context: &mut Context<'_>,
    selector: &Selector,
    span: Span,
    (selected, total): (usize, usize),
) {
    let texts = [
        &selector.group,
        &selector.version,
        &selector.kind,
        &selector.name,
        &selector.namespace,
    ];
    let mut given = texts.into_iter().filter(|text| !text.is_empty()).peekable();
    let empty = given.peek().is_none();
    let expressions =
        given.all(|text| matches!(Pattern::new(text), Ok(Pattern::Regex(_))));
    let others =
        !selector.label_selector.is_empty() || !selector.annotation_selector.is_empty();
    if selected != total || total == 0 || others || !expressions {
        return;
    }
    if empty || total > 1 {
        let what = if empty { "is empty" } else { "is an expression" };
        let text = format!("the target {what}, and selects every object ({total})");
        let hint = "say which objects are meant: `kind:`, `name:` or `labelSelector:`";
        context.note_with(NoteKind::CatchAll, span, text, hint.to_owned());
    }
}

/// The selector in upstream's words: the id, then annotation and label selectors.
pub(super) fn describe(selector: &Selector) -> String {
    format!(
        "{}:a={}:l={}",
        id_of(selector),
        selector.annotation_selector.as_str(),
        selector.label_selector.as_str()
    )
}

/// What a selector asks for, as it is written: `kind: Deployment, name: web`.
pub(super) fn wanted(selector: &Selector) -> String {
    let fields = [
        ("group", &selector.group),
        ("version", &selector.version),
        ("kind", &selector.kind),
        ("name", &selector.name),
        ("namespace", &selector.namespace),
        ("annotationSelector", &selector.annotation_selector),
        ("labelSelector", &selector.label_selector),
    ];
    let given = fields.into_iter().filter(|(_, text)| !text.is_empty());
    let words: Vec<String> =
        given.map(|(field, text)| format!("{field}: {}", text.as_str())).collect();
    words.join(", ")
}

/// The id that a selector spells.
pub(super) fn id_of(selector: &Selector) -> ResId {
    ResId {
        gvk: Gvk {
            group: selector.group.value.clone(),
            version: selector.version.value.clone(),
            kind: selector.kind.value.clone(),
        },
        name: selector.name.value.clone(),
        namespace: selector.namespace.value.clone(),
        cluster_scoped: false,
    }
}

/// What a selector could have meant: the nearest name, or a few of the objects.
pub(super) fn candidates(resources: &ResMap, selector: &Selector) -> String {
    const SHOWN: usize = 5;
    let kind = selector.kind.as_str();
    let of_kind: Vec<&Resource> =
        resources.iter().filter(|r| r.cur_id().gvk.kind == kind).collect();
    if let Some(near) = nearest(resources, &of_kind, selector) {
        return near;
    }
    let (what, list) = match of_kind.is_empty() || kind.is_empty() {
        true => ("objects here".to_owned(), resources.iter().collect()),
        false => (format!("objects of kind {kind} here"), of_kind),
    };
    let names: Vec<String> = list.iter().take(SHOWN).map(|r| short(r.cur_id())).collect();
    let more = match list.len() > SHOWN {
        true => format!(" and {} more", list.len() - SHOWN),
        false => String::new(),
    };
    match names.is_empty() {
        true => "there are no objects here".into(),
        false => format!("{what}: {}{more}", names.join(", ")),
    }
}

/// The field of a selector that nothing fits: the first of kind, name and namespace.
pub(super) fn misses_at(resources: &ResMap, selector: &Selector, entry: Span) -> Span {
    let Selector { kind, name, namespace, .. } = selector;
    let of_kind = || resources.iter().filter(|r| r.cur_id().gvk.kind == kind.value);
    let named = || of_kind().any(|r| r.org_id().name == name.value);
    let field = match selector {
        _ if !kind.value.is_empty() && of_kind().next().is_none() => kind.span,
        _ if !name.value.is_empty() && !named() => name.span,
        _ if !namespace.value.is_empty() => namespace.span,
        _ => Span::NONE,
    };
    let places = [field, selector.span, entry];
    places.into_iter().find(|span| !span.is_none()).unwrap_or(Span::NONE)
}

/// The kind or name that was probably meant.
fn nearest(
    resources: &ResMap,
    of_kind: &[&Resource],
    selector: &Selector,
) -> Option<String> {
    let (kind, name) = (selector.kind.as_str(), selector.name.as_str());
    if of_kind.is_empty() && !kind.is_empty() {
        let kinds = resources.iter().map(|r| r.cur_id().gvk.kind.as_str());
        return closest(kind, kinds)
            .map(|near| format!("did you mean the kind `{near}`?"));
    }
    let former = |resource: &&Resource| resource.org_id().name;
    let names: Vec<EcoString> = of_kind.iter().map(former).collect();
    if name.is_empty() || names.iter().any(|known| known == name) {
        return None;
    }
    let near = closest(name, names.iter().map(EcoString::as_str))?;
    Some(format!("did you mean the name `{near}`?"))
}

/// `Deployment/web`, with the namespace if there is one.
pub(super) fn short(id: &ResId) -> String {
    match id.namespace.is_empty() {
        true => format!("{}/{}", id.gvk.kind, id.name),
        false => format!("{}/{} in {}", id.gvk.kind, id.name, id.namespace),
    }
}
