//! What is not there because a null in values took a default away.
//!
//! Nothing is recorded of what is not printed. So the answer is found by building once more
//! without the null, which leaves lines and columns of all else as they are: what is there
//! then is what the null takes away, and knows what made it.

use std::collections::BTreeMap;

use goyaml::{Data, Dialect, Node, Style, Value};
use source::{OverlayWorld, SourceMap, Span, VPath};

use super::find::find;
use super::{
    Explanation, Field, FieldPath, Query, Reach, Reached, ReachedField, Removed, fields,
};
use crate::fleet::Object;
use crate::render::{ChartUse, UsedDocument, build_target};
use crate::{Render, Repo};

/// So many nulls are tried.
const MOST_NULLS: usize = 16;

/// A null in values that people wrote, and that has something to delete.
struct Null {
    path: Vec<String>,
    key: Span,
    value: Span,
}

impl Null {
    /// Where people see it.
    fn span(&self) -> Span {
        if self.value.start < self.value.end { self.value } else { self.key }
    }
}

/// A target as it would be without a null.
pub struct Without {
    /// Where the null is.
    null: Span,
    render: Render,
}

impl Without {
    /// What a query means, all of it gone because of the null.
    #[must_use]
    pub fn explanations(
        &self,
        sources: &SourceMap,
        query: &Query,
    ) -> Vec<Explanation<'_>> {
        let objects: Vec<Object<'_>> = Object::of_render(&self.render).collect();
        let found = find(self.render.cluster(), &objects, query).unwrap_or_default();
        let explained = found.into_iter().map(|object| {
            let mut fields = fields(sources, &object, &query.path);
            fields.iter_mut().for_each(|f| f.removed = Some(Removed::Null(self.null)));
            Explanation { object, fields }
        });
        explained.filter(|explanation| !explanation.fields.is_empty()).collect()
    }
}

/// The build in which a query that means nothing finds something, since a null is gone.
#[must_use]
pub fn without_null(
    repo: &Repo<'_>,
    renders: &[Render],
    query: &Query,
) -> Option<Without> {
    let holds = |render: &&Render| {
        let objects: Vec<Object<'_>> = Object::of_render(render).collect();
        find(render.cluster(), &objects, query).is_ok()
    };
    // If the object is there, what is missing in it is a matter of its own component.
    let mut asked: Vec<&Render> = renders.iter().filter(holds).collect();
    if asked.is_empty() {
        asked.extend(renders);
    }
    let mut tried: Vec<(&Render, Null)> = Vec::new();
    for render in asked {
        tried.extend(nulls(render).into_iter().map(|null| (render, null)));
    }
    let path = query.path.to_string();
    let is_named =
        |null: &Null| null.path.last().is_some_and(|key| path.contains(key.as_str()));
    tried.sort_by_key(|(_, null)| !is_named(null));
    let renderer = helm::Renderer::new();
    let builds = tried.into_iter().take(MOST_NULLS).filter_map(|(render, null)| {
        let without = built_without(repo, &renderer, render, &null)?;
        Some(Without { null: null.span(), render: without })
    });
    let mut found =
        builds.filter(|without| !without.explanations(repo.sources, query).is_empty());
    found.next()
}

/// Finds what each target that is a null takes away, and what it changes besides.
pub fn reach_nulls(repo: &Repo<'_>, renders: &[Render], reached: &mut [Reached]) {
    let (mut left, renderer) = (MOST_NULLS, helm::Renderer::new());
    for render in renders {
        for null in nulls(render) {
            let meant = |one: &&mut Reached| one.target.span == null.span();
            let Some(one) = reached.iter_mut().find(meant) else { continue };
            left = match left.checked_sub(1) {
                Some(left) => left,
                None => return,
            };
            if let Some(without) = built_without(repo, &renderer, render, &null) {
                one.fields.extend(differing(repo.sources, render, &without));
            }
        }
    }
}

/// The fields that a build has only without a null, and those that say something else.
fn differing(sources: &SourceMap, with: &Render, without: &Render) -> Vec<ReachedField> {
    let whole = FieldPath::default();
    let mut found = Vec::new();
    for object in Object::of_render(without) {
        let id = object.resource.cur_id();
        let known = Object::of_render(with).find(|o| o.resource.cur_id().same(id));
        let known = known.map(|known| fields(sources, &known, &whole));
        let known = known.iter().flatten().map(|field| (&field.path, field));
        let known: BTreeMap<&FieldPath, &Field> = known.collect();
        for field in fields(sources, &object, &whole) {
            match known.get(&field.path) {
                None => found.push(ReachedField::of(&object, &field, Reach::Removes)),
                Some(same) if same.text != field.text => {
                    found.push(ReachedField::of(&object, same, Reach::Decides));
                }
                Some(_) => {}
            }
        }
    }
    found
}

/// The nulls in the values of a target's charts under which there is something.
fn nulls(render: &Render) -> Vec<Null> {
    let mut found = Vec::new();
    for chart in &render.charts {
        for (n, document) in chart.documents.iter().enumerate() {
            let below = chart.documents.get(..n).unwrap_or_default();
            visit(chart, below, &document.values, &mut Vec::new(), &mut found);
        }
    }
    found
}

fn visit<'v>(
    chart: &ChartUse,
    below: &[UsedDocument],
    value: &'v Value,
    path: &mut Vec<&'v str>,
    found: &mut Vec<Null>,
) {
    let Data::Map(map) = &value.data else { return };
    for (key, entry) in map {
        path.push(key);
        if !entry.value.is_null() {
            visit(chart, below, &entry.value, path, found);
        } else if has_default(chart, path) || below.iter().any(|d| says(d, path)) {
            let path = path.iter().map(|key| (*key).to_owned()).collect();
            found.push(Null { path, key: entry.key_span, value: entry.value.span });
        }
        path.pop();
    }
}

fn has_default(chart: &ChartUse, path: &[&str]) -> bool {
    let keys = helm::ChartKeys::of(&chart.chart);
    keys.is_some_and(|keys| keys.default(path).is_some_and(|value| !value.is_null()))
}

fn says(document: &UsedDocument, path: &[&str]) -> bool {
    let found = path.iter().try_fold(&*document.values, |value, key| {
        value.as_map()?.get(*key).map(|entry| &entry.value)
    });
    found.is_some_and(|value| !value.is_null())
}

/// The target built again without a null; `None` if that cannot be.
fn built_without(
    repo: &Repo<'_>,
    renderer: &helm::Renderer,
    render: &Render,
    null: &Null,
) -> Option<Render> {
    let file = repo.sources.file(null.key.file);
    let path: VPath = file.place.clone()?;
    let text = without(&file.text, null)?;
    let world = OverlayWorld::new(repo.world, vec![(path, text.into_bytes())]);
    let changed = crate::load(&world, repo.sources).ok()?;
    let target = changed.targets.iter().find(|target| {
        target.cluster.name == render.cluster() && target.path == render.target.path
    })?;
    let built = build_target(&changed, renderer, target);
    built.built().is_some().then_some(built)
}

/// A text with blanks where a null and its key stood.
fn without(text: &str, null: &Null) -> Option<String> {
    let (documents, faults) = goyaml::parse(text, null.key.file, Dialect::V2);
    if !faults.is_empty() {
        return None;
    }
    let mapping = documents.iter().find_map(|d| holder(&d.root, null.key, 0))?;
    let start = null.key.start as usize;
    let colon = text.get(null.key.end as usize..)?.find(':')? + null.key.end as usize + 1;
    let mut end = colon.max(null.value.end as usize);
    let mut start_of_blank = start;
    if mapping.style == Style::Flow {
        let after = text.get(end..)?;
        let before = text.get(..start)?;
        if after.trim_start().starts_with(',') {
            end += after.find(',')? + 1;
        } else if before.trim_end().ends_with(',') {
            start_of_blank = before.rfind(',')?;
        }
    }
    let alone = mapping.entries()?.len() == 1 && mapping.style != Style::Flow;
    let blank =
        |c: char| if c == '\n' { "\n".to_owned() } else { " ".repeat(c.len_utf8()) };
    let mut blanks: String = text.get(start_of_blank..end)?.chars().map(blank).collect();
    if alone {
        // Otherwise it would be a null in its turn.
        blanks.replace_range(0..2, "{}");
    }
    let mut changed = text.to_owned();
    changed.replace_range(start_of_blank..end, &blanks);
    let (_, faults) = goyaml::parse(&changed, null.key.file, Dialect::V2);
    faults.is_empty().then_some(changed)
}

/// So deep is looked.
const MAX_DEPTH: usize = 100;

/// The mapping that has a key at this place.
fn holder(node: &Node, key: Span, depth: usize) -> Option<&Node> {
    if depth > MAX_DEPTH {
        return None;
    }
    let entries = node.entries().unwrap_or_default();
    if entries.iter().any(|(known, _)| known.span == key) {
        return Some(node);
    }
    let values = entries.iter().map(|(_, value)| value);
    let mut inner = values.chain(node.items().unwrap_or_default());
    inner.find_map(|inner| holder(inner, key, depth + 1))
}

#[cfg(test)]
mod tests {
    use source::{FileId, Span};

    use super::{Null, without};

    #[test]
    fn nulls_are_blanked() {
        let told = |text: &str| {
            let at = text.find("k:").expect("the key");
            let value = text.find("null").map_or(at + 1, |at| at + 4);
            let span = |start, end| Span::new(FileId::NONE, start, end);
            let (key, value) = (span(at, at + 1), span(value, value));
            without(text, &Null { path: Vec::new(), key, value })
        };
        let cases = [
            ("a:\n  k: null\n  b: 1\n", "a:\n         \n  b: 1\n"),
            ("a:\n  k: null # gone\n", "a:\n  {}      # gone\n"),
            ("a:\n  k:\n", "a:\n  {}\n"),
            ("a: {k: null, b: 1}\n", "a: {         b: 1}\n"),
            ("a: {b: 1, k: null}\n", "a: {b: 1         }\n"),
            ("a: {k: null}\n", "a: {       }\n"),
        ];
        for (text, changed) in cases {
            assert_eq!(told(text).as_deref(), Some(changed), "{text}");
        }
    }
}
