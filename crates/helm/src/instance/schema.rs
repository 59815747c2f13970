//! `values.schema.json`: which values are checked against which schema.
//!
//! Follows `pkg/chart/common/util/jsonschema.go` of Helm 4.2. The validator itself is a crate
//! of its own, since it takes long to build.

use source::{Diagnostic, Layer, SourceMap, Span};
use values_schema::Violation;

use super::Instance;
use super::formats::FORMATS;
use crate::header::header;
use crate::values::{Data, MapRef, Node};

/// Checks a chart's merged values, and its subcharts'. (`ValidateAgainstSchema`)
///
/// `given` are the places of the values as a whole, the last the one that wins.
pub(crate) fn validate(
    chart: &Instance,
    values: &MapRef,
    given: &[Layer],
    sources: &SourceMap,
) -> Result<(), Box<Diagnostic>> {
    let whole = given.last().map_or(Span::NONE, |layer| layer.span);
    let mut run = Run { words: String::new(), places: Vec::new(), sources };
    run.chart(chart, values, whole);
    if run.words.is_empty() {
        return Ok(());
    }
    let words = format!(
        "values don't meet the specifications of the schema(s) in the following \
         chart(s):\n{}",
        run.words
    );
    let mut places = run.places;
    // What a reader can change comes first.
    places.sort_by_key(|(span, _)| span.is_none() || !sources.file(span.file).editable);
    let span = places.first().map_or(chart.chart.span(), |(span, _)| *span);
    let mut fault = Diagnostic::error(span, words);
    for (span, words) in places {
        fault = fault.label(span, words);
    }
    Err(fault)
}

struct Run<'a> {
    words: String,
    places: Vec<(Span, String)>,
    sources: &'a SourceMap,
}

impl Run<'_> {
    /// `whole` is the place of the values.
    fn chart(&mut self, chart: &Instance, values: &MapRef, whole: Span) {
        if let Some((schema, read)) = chart.chart.read_schema() {
            let checked = read
                .as_ref()
                .map_err(String::clone)
                .and_then(|read| read.validate(&json(values), FORMATS));
            match checked {
                Err(why) => {
                    self.words += &format!("{}:\n{why}", chart.name());
                    let at = Span::new(schema.file, 0, 0);
                    self.places.push((at, "this schema cannot be used".to_owned()));
                }
                Ok(report) if report.violations.is_empty() => {}
                Ok(report) => {
                    self.words += &format!("{}:\n{}", chart.name(), report.text);
                    for violation in report.violations {
                        let place = self.place(values, &violation, whole);
                        self.places.push((place, violation.words));
                    }
                }
            }
        }
        for sub in chart.dependencies() {
            let found = values.borrow().get(&sub.name()).cloned();
            let Some(node) = found else { continue };
            match node.data {
                Data::Null => {}
                Data::Map(map) => {
                    let own = header(self.sources, node.layer.span);
                    let whole = if own.is_none() { whole } else { own };
                    self.chart(sub, &map, whole);
                }
                other => {
                    self.words += &format!(
                        "{}:\ninvalid type for values: expected object (map), got {}\n",
                        sub.name(),
                        other.go_type()
                    );
                }
            }
        }
    }

    /// The key that is too much, or the value at fault; of a map the line of its key.
    fn place(&self, values: &MapRef, violation: &Violation, whole: Span) -> Span {
        let mut path = violation.path.clone();
        path.extend(violation.key.clone());
        match find(values, &path) {
            Some(layer) => header(self.sources, layer.span),
            None => whole,
        }
    }
}

/// The place of the value at a path, or of the deepest value on the way that has one.
fn find(values: &MapRef, path: &[String]) -> Option<Layer> {
    let mut at: Option<Node> = None;
    let mut best = None;
    for key in path {
        let next = match &at {
            None => values.borrow().get(key.as_str()).cloned(),
            Some(node) => match &node.data {
                Data::Map(map) => map.borrow().get(key.as_str()).cloned(),
                Data::List(list) => {
                    key.parse().ok().and_then(|n: usize| list.get(n).cloned())
                }
                _ => None,
            },
        };
        let Some(node) = next else { break };
        if !node.layer.span.is_none() {
            best = Some(node.layer);
        }
        at = Some(node);
    }
    best
}

fn json(values: &MapRef) -> serde_json::Value {
    let entries = values.borrow();
    let entries = entries.iter().map(|(k, v)| (k.to_string(), json_node(v)));
    serde_json::Value::Object(entries.collect())
}

fn json_node(node: &Node) -> serde_json::Value {
    use serde_json::Value;
    match &node.data {
        Data::Null => Value::Null,
        Data::Bool(b) => Value::Bool(*b),
        Data::Int(n) => Value::from(*n),
        Data::Float(n) => whole(*n).map_or_else(|| Value::from(*n), Value::from),
        Data::Str(s) => Value::String(s.to_string()),
        Data::List(list) => Value::Array(list.iter().map(json_node).collect()),
        Data::Map(map) => json(map),
    }
}

/// The integer that a float is, so that `type: integer` accepts it.
fn whole(n: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "checked to lie within 2^53")]
    let cast = (n.fract() == 0.0 && n.abs() < 9.0e15).then_some(n as i64);
    cast
}
