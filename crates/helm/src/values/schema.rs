//! `values.schema.json`: the hook through which a JSON Schema validator is plugged in.
//!
//! The validator is a heavy dependency of one small crate; here is only what it is asked, and
//! how its answers are told in Helm's words.

use source::{Diagnostic, Layer, Span};

use super::tree::{Data, MapRef, Node};
use crate::chart::Instance;

/// Checks values against a JSON Schema.
pub trait SchemaValidator: Send + Sync {
    /// What of `values` violates `schema`; the error is why the schema itself is unusable.
    fn validate(
        &self,
        schema: &[u8],
        values: &serde_json::Value,
    ) -> Result<Vec<SchemaReport>, String>;
}

/// One violation of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaReport {
    /// The path of the value: keys, and indices in decimal.
    pub path: Vec<String>,
    /// The line as Helm prints it: `- at '/replicas': got string, want integer`.
    pub words: String,
}

/// Checks a chart's merged values, and its subcharts'. (`ValidateAgainstSchema`)
pub(crate) fn validate(
    chart: &Instance,
    values: &MapRef,
    validator: &dyn SchemaValidator,
) -> Result<(), Box<Diagnostic>> {
    let mut run = Run { validator, words: String::new(), places: Vec::new() };
    run.chart(chart, values);
    if run.words.is_empty() {
        return Ok(());
    }
    let words = format!(
        "values don't meet the specifications of the schema(s) in the following \
         chart(s):\n{}",
        run.words
    );
    let span = run.places.first().map_or(chart.chart.span(), |(span, _)| *span);
    let mut fault = Diagnostic::error(span, words);
    for (span, words) in run.places {
        fault = fault.label(span, words.trim_start_matches("- ").to_owned());
    }
    Err(fault)
}

struct Run<'a> {
    validator: &'a dyn SchemaValidator,
    words: String,
    places: Vec<(Span, String)>,
}

impl Run<'_> {
    fn chart(&mut self, chart: &Instance, values: &MapRef) {
        if let Some(schema) = &chart.chart.schema {
            match self.validator.validate(&schema.data, &json(values)) {
                Err(why) => self.words += &format!("{}:\n{why}", chart.name()),
                Ok(found) if found.is_empty() => {}
                Ok(found) => {
                    self.words += &format!("{}:\n", chart.name());
                    for report in found {
                        self.words += &format!("{}\n", report.words);
                        let at = find(values, &report.path);
                        self.places.extend(at.map(|l| (l.span, report.words)));
                    }
                }
            }
        }
        for sub in chart.dependencies() {
            let found = values.borrow().get(&sub.name()).cloned();
            match found.map(|n| n.data) {
                None | Some(Data::Null) => {}
                Some(Data::Map(map)) => self.chart(sub, &map),
                Some(other) => {
                    self.words += &format!(
                        "{}:\ninvalid type for values: expected object (map), got {}\n",
                        sub.name(),
                        other.go_type()
                    );
                }
            }
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
