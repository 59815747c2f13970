//! From nodes to typed values: `decode.go` of go-yaml, into an `interface{}`.

use ecow::EcoString;
use rustc_hash::{FxHashMap, FxHashSet};
use source::{OriginId, Span};

use crate::alias::Targets;
use crate::base64;
use crate::fault::{Fault, FaultKind};
use crate::go_syntax::{go_syntax, quote};
use crate::number::format_float32;
use crate::parse::MAX_DEPTH;
use crate::resolve::{Resolved, resolve};
use crate::value::{Data, Entry, Map, Value};
use crate::{Content, Dialect, Kind, Node, Style, Tag};

/// Makes a typed value of a document's root, as `Unmarshal` into an `interface{}` and then
/// a conversion to JSON's types does.
///
/// * [`Dialect::V2`] is `YAMLToJSON` of sigs.k8s.io/yaml, and so Helm: keys that are
///   numbers or booleans become text, null keys are errors, the last of equal keys wins.
/// * [`Dialect::V3`] is kyaml's `MarshalJSON`, and so Kustomize: keys that are no strings
///   are an error below the root, equal keys are errors, dates become RFC 3339 text.
///
/// Faults are in upstream's order: see [`upstream_text`](crate::upstream_text). Infinities
/// and NaN pass; [`to_json`](crate::to_json) refuses them.
pub fn decode(root: &Node, dialect: Dialect) -> Result<Value, Vec<Fault>> {
    Decoder::new(root, dialect, false).run(root)
}

/// Makes a typed value as [`decode()`] does, but equal keys are errors in both dialects
/// (`UnmarshalStrict`).
pub fn decode_strict(root: &Node, dialect: Dialect) -> Result<Value, Vec<Fault>> {
    Decoder::new(root, dialect, true).run(root)
}

/// The faults that yaml.v3 finds in a mapping's keys: `mapping key "a" already defined at
/// line 6`, each with both places.
#[must_use]
pub fn duplicate_keys(root: &Node) -> Vec<Fault> {
    let mut faults = Vec::new();
    root.walk(&mut |node| {
        if let Content::Mapping(entries) = &node.content {
            find_duplicates(entries, &mut faults);
        }
    });
    faults
}

/// More faults than this help nobody; upstream's number grows with the square.
const FAULT_LIMIT: usize = 1_000;

/// Mappings of up to this many keys are compared key by key, without a table.
const FEW: usize = 16;

/// Are these keys few scalars, and each another one?
fn are_few_and_different(entries: &[(Node, Node)]) -> bool {
    entries.len() <= FEW
        && entries.iter().enumerate().all(|(at, (key, _))| {
            key.kind() == Kind::Scalar
                && entries.iter().take(at).all(|(other, _)| other.text() != key.text())
        })
}

fn find_duplicates(entries: &[(Node, Node)], faults: &mut Vec<Fault>) {
    if are_few_and_different(entries) {
        return;
    }
    let identity = |key: &Node| -> (Kind, EcoString) { (key.kind(), key_text(key)) };
    let mut seen: FxHashMap<(Kind, EcoString), Vec<usize>> = FxHashMap::default();
    for (at, (key, _)) in entries.iter().enumerate() {
        seen.entry(identity(key)).or_default().push(at);
    }
    if seen.len() == entries.len() {
        return;
    }
    for (at, (first, _)) in entries.iter().enumerate() {
        let Some(same) = seen.get(&identity(first)) else { continue };
        let from = same.partition_point(|other| *other <= at);
        for (key, _) in same[from..].iter().filter_map(|other| entries.get(*other)) {
            if faults.len() >= FAULT_LIMIT {
                return;
            }
            let text = quote(&key_text(key));
            let message =
                format!("mapping key {text} already defined at line {}", first.line);
            let mut fault = Fault::type_error(key.span, key.line, message);
            fault.other = Some(first.span);
            faults.push(fault);
        }
    }
}

/// `Node.Value`: collections have none.
fn key_text(key: &Node) -> EcoString {
    match &key.content {
        Content::Scalar(text) | Content::Alias(text) => text.clone(),
        Content::Sequence(_) | Content::Mapping(_) => EcoString::new(),
    }
}

/// What ended the decoding at once.
type Decode<T> = Result<T, Box<Fault>>;

struct Decoder<'a> {
    dialect: Dialect,
    strict: bool,
    targets: Targets<'a>,
    /// Aliases that are being followed.
    active: FxHashSet<*const Node>,
    faults: Vec<Fault>,
    decoded: usize,
    aliased: usize,
    alias_depth: usize,
    depth: usize,
    /// The first thing that JSON cannot hold; upstream finds it after all else.
    json_fault: Option<Fault>,
}

/// Between these numbers of decoded nodes the share that aliases may add falls from 99 % to
/// 10 %.
const RATIO_RANGE: (f64, f64) = (400_000.0, 4_000_000.0);

impl<'a> Decoder<'a> {
    fn new(root: &'a Node, dialect: Dialect, strict: bool) -> Decoder<'a> {
        Decoder {
            dialect,
            strict: strict || dialect == Dialect::V3,
            targets: Targets::of(root),
            active: FxHashSet::default(),
            faults: Vec::new(),
            decoded: 0,
            aliased: 0,
            alias_depth: 0,
            depth: 0,
            json_fault: None,
        }
    }

    fn run(mut self, root: &'a Node) -> Result<Value, Vec<Fault>> {
        let value = self.node(root).map_err(|fault| vec![*fault])?;
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        match self.json_fault {
            Some(fault) => Err(vec![fault]),
            None => Ok(value.unwrap_or_default()),
        }
    }

    /// The value of a node; `None` if it has a fault of the kind that is collected.
    fn node(&mut self, node: &'a Node) -> Decode<Option<Value>> {
        self.count(node.span)?;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = format!("yaml: exceeded max depth of {MAX_DEPTH}");
            return Err(Box::new(Fault::plain(FaultKind::Limit, node.span, message)));
        }
        let data = match &node.content {
            Content::Alias(name) => {
                let value = self.alias(node, name)?;
                self.depth -= 1;
                return Ok(value);
            }
            Content::Scalar(text) => Some(self.scalar(node, text)?),
            Content::Sequence(items) => {
                let mut values = Vec::with_capacity(items.len());
                for item in items {
                    values.extend(self.node(item)?);
                }
                Some(Data::Seq(values))
            }
            Content::Mapping(entries) => self.mapping(entries)?.map(Data::Map),
        };
        self.depth -= 1;
        let (span, origin) = (node.span, node.origin);
        Ok(data.map(|data| Value { data, span, origin }))
    }

    /// Counts a step; stops when aliases blow the document up (`allowedAliasRatio`).
    fn count(&mut self, span: Span) -> Decode<()> {
        self.decoded += 1;
        if self.alias_depth > 0 {
            self.aliased += 1;
        }
        if self.aliased <= 100 || self.decoded <= 1000 {
            return Ok(());
        }
        #[expect(clippy::cast_precision_loss, reason = "float64(n), as Go does")]
        let (aliased, decoded) = (self.aliased as f64, self.decoded as f64);
        let (low, high) = RATIO_RANGE;
        let allowed = if decoded <= low {
            0.99
        } else if decoded >= high {
            0.10
        } else {
            0.99 - 0.89 * ((decoded - low) / (high - low))
        };
        match aliased / decoded > allowed {
            true => Err(fatal(span, "document contains excessive aliasing")),
            false => Ok(()),
        }
    }

    fn alias(&mut self, node: &'a Node, name: &str) -> Decode<Option<Value>> {
        let Some(target) = self.targets.get(node) else {
            return Err(fatal(node.span, format!("unknown anchor '{name}' referenced")));
        };
        if !self.active.insert(std::ptr::from_ref(node)) {
            let message = format!("anchor '{name}' value contains itself");
            return Err(fatal(node.span, message));
        }
        self.alias_depth += 1;
        let value = self.node(target)?;
        self.alias_depth -= 1;
        self.active.remove(&std::ptr::from_ref(node));
        Ok(value)
    }

    fn scalar(&mut self, node: &Node, text: &EcoString) -> Decode<Data> {
        let explicit = node.explicit_tag().is_some();
        let quoted = !explicit && node.style != Style::Plain;
        // A made-up string is plain, but says by its tag what it is.
        if quoted || node.tag == Tag::Str || node.tag == Tag::Merge && !explicit {
            return Ok(Data::Str(text.clone()));
        }
        match node.tag {
            Tag::Binary => {
                let Some(bytes) = base64::decode(text) else {
                    let message = "!!binary value contains invalid base64 data";
                    return Err(fatal(node.span, message));
                };
                return Ok(Data::Str(crate::json::mend_utf8(&bytes).into()));
            }
            Tag::Null | Tag::Bool | Tag::Int | Tag::Float | Tag::Timestamp => {}
            _ => return Ok(Data::Str(text.clone())),
        }
        let timestamps = node.tag == Tag::Timestamp;
        let mut resolved = resolve(text, self.dialect, timestamps);
        if let (Tag::Float, Resolved::Int(value)) = (node.tag, resolved) {
            #[expect(clippy::cast_precision_loss, reason = "float64(n), as Go does")]
            let value = value as f64;
            resolved = Resolved::Float(value);
        }
        if resolved.tag() != node.tag {
            let (found, wanted) = (resolved.tag().short(), node.tag.short());
            let message = format!("cannot decode {found} `{text}` as a {wanted}");
            return Err(fatal(node.span, message));
        }
        Ok(match resolved {
            Resolved::Null => Data::Null,
            Resolved::Bool(value) => Data::Bool(value),
            Resolved::Int(value) => Data::Int(value),
            Resolved::Uint(value) => Data::Uint(value),
            Resolved::Float(value) => Data::Float(value),
            Resolved::Timestamp(time) if self.dialect == Dialect::V3 => {
                if let Some(message) = time.json_fault() {
                    self.json_fault(node.span, message.to_owned());
                }
                Data::Str(time.to_string().into())
            }
            Resolved::Timestamp(_) | Resolved::Str => Data::Str(text.clone()),
        })
    }

    fn json_fault(&mut self, span: Span, message: String) {
        let fault = Fault::plain(FaultKind::Json, span, message);
        self.json_fault.get_or_insert(fault);
    }

    fn mapping(&mut self, entries: &'a [(Node, Node)]) -> Decode<Option<Map>> {
        if self.dialect == Dialect::V3 {
            let before = self.faults.len();
            find_duplicates(entries, &mut self.faults);
            if self.faults.len() > before {
                return Ok(None);
            }
        }
        let mut map =
            Map::with_capacity_and_hasher(entries.len(), rustc_hash::FxBuildHasher);
        match self.dialect {
            Dialect::V2 => self.entries_v2(entries, &mut map)?,
            Dialect::V3 => self.entries_v3(entries, &mut map, None)?,
        }
        Ok(Some(map))
    }

    /// v2 merges where the `<<` stands: what comes later wins.
    fn entries_v2(&mut self, entries: &'a [(Node, Node)], map: &mut Map) -> Decode<()> {
        for (key, value) in entries {
            if key.tag == Tag::Merge {
                for merged in self.merge_values(value)?.into_iter().rev() {
                    self.merged_entries(merged, |decoder, entries| {
                        decoder.entries_v2(entries, map)
                    })?;
                }
                continue;
            }
            let Some(key_value) = self.node(key)? else { continue };
            let text = self.key(key, &key_value)?;
            let Some(decoded) = self.node(value)? else { continue };
            let text = match text {
                Ok(text) => text,
                Err(type_name) => {
                    self.refuse_key(key, type_name, &key_value, &decoded);
                    continue;
                }
            };
            if self.strict && map.contains_key(&text) {
                let shown = go_syntax(&key_value, self.dialect);
                let message = format!("key {shown} already set in map");
                self.faults.push(Fault::type_error(value.span, value.line, message));
                continue;
            }
            map.insert(text, Entry { key_span: key.span, value: decoded });
        }
        Ok(())
    }

    /// v3 merges at the end: what is there already wins.
    fn entries_v3(
        &mut self,
        entries: &'a [(Node, Node)],
        map: &mut Map,
        mut taken: Option<&mut FxHashSet<EcoString>>,
    ) -> Decode<()> {
        let mut merge = None;
        let root = self.depth == 1;
        for (key, value) in entries {
            if key.tag == Tag::Merge {
                merge = Some(value);
                continue;
            }
            if root && self.refuse_root_key(key) {
                continue;
            }
            let Some(key_value) = self.node(key)? else { continue };
            let _refused = self.key(key, &key_value)?;
            let target = self.targets.get(key).unwrap_or(key);
            let text = match &key_value.data {
                // Into a map with string keys, as the root is, a null key is lost.
                Data::Null if root => continue,
                Data::Str(text) if target.tag == Tag::Binary => text.clone(),
                _ => key_text(target),
            };
            if !root && target.tag != Tag::Str {
                let message = "json: unsupported type: map[interface {}]interface {}";
                self.json_fault(key.span, message.to_owned());
            }
            if let Some(taken) = taken.as_deref_mut()
                && !taken.insert(text.clone())
            {
                continue;
            }
            if let Some(decoded) = self.node(value)? {
                map.insert(text, Entry { key_span: key.span, value: decoded });
            }
        }
        let Some(merge) = merge else { return Ok(()) };
        let mut own: FxHashSet<EcoString>;
        let taken = match taken {
            Some(taken) => taken,
            None => {
                own = map.keys().cloned().collect();
                &mut own
            }
        };
        for merged in self.merge_values(merge)? {
            self.merged_entries(merged, |decoder, entries| {
                decoder.entries_v3(entries, map, Some(taken))
            })?;
        }
        Ok(())
    }

    /// Is the key a collection? A map with string keys, as the root is, cannot have it.
    fn refuse_root_key(&mut self, key: &'a Node) -> bool {
        let target = self.targets.get(key).unwrap_or(key);
        if !matches!(target.kind(), Kind::Mapping | Kind::Sequence) {
            return false;
        }
        let before = self.faults.len();
        if let Content::Mapping(entries) = &target.content {
            find_duplicates(entries, &mut self.faults);
        }
        if self.faults.len() == before {
            // Upstream shows the text of all but plain collections, and they have none.
            let shown = match target.tag {
                Tag::Map | Tag::Seq => target.short_tag().to_owned(),
                _ => format!("{} ``", target.short_tag()),
            };
            let message = format!("cannot unmarshal {shown} into string");
            self.faults.push(Fault::type_error(key.span, target.line, message));
        }
        true
    }

    /// The nodes that a `<<` names, each a mapping or an alias of one.
    fn merge_values(&self, value: &'a Node) -> Decode<Vec<&'a Node>> {
        let listed = match &value.content {
            Content::Sequence(items) => items.iter().collect(),
            _ => vec![value],
        };
        for node in &listed {
            let target = match node.kind() {
                Kind::Alias => self.targets.get(node).map(Node::kind),
                kind => Some(kind),
            };
            if target != Some(Kind::Mapping) {
                let message = "map merge requires map or sequence of maps as the value";
                return Err(fatal(node.span, message));
            }
        }
        Ok(listed)
    }

    /// Decodes the entries of a merged mapping with `read`.
    fn merged_entries(
        &mut self,
        node: &'a Node,
        read: impl FnOnce(&mut Self, &'a [(Node, Node)]) -> Decode<()>,
    ) -> Decode<()> {
        self.count(node.span)?;
        let alias = node.kind() == Kind::Alias;
        let target = if alias { self.targets.get(node).unwrap_or(node) } else { node };
        let Content::Mapping(entries) = &target.content else { return Ok(()) };
        if alias {
            if !self.active.insert(std::ptr::from_ref(node)) {
                let name = key_text(node);
                let message = format!("anchor '{name}' value contains itself");
                return Err(fatal(node.span, message));
            }
            self.alias_depth += 1;
            self.count(node.span)?;
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = format!("yaml: exceeded max depth of {MAX_DEPTH}");
            return Err(Box::new(Fault::plain(FaultKind::Limit, node.span, message)));
        }
        if self.dialect == Dialect::V3 {
            let before = self.faults.len();
            find_duplicates(entries, &mut self.faults);
            if self.faults.len() == before {
                read(self, entries)?;
            }
        } else {
            read(self, entries)?;
        }
        self.depth -= 1;
        if alias {
            self.alias_depth -= 1;
            self.active.remove(&std::ptr::from_ref(node));
        }
        Ok(())
    }

    /// The text of a key; the name of its Go type if it has none; fails for collections.
    fn key(&self, key: &Node, value: &Value) -> Decode<Result<EcoString, &'static str>> {
        Ok(match &value.data {
            Data::Str(text) => Ok(text.clone()),
            Data::Bool(true) => Ok("true".into()),
            Data::Bool(false) => Ok("false".into()),
            Data::Int(value) => Ok(EcoString::from(value.to_string())),
            Data::Float(value) => Ok(format_float32(*value).into()),
            Data::Uint(_) => Err("uint64"),
            Data::Null => Err("%!s(<nil>)"),
            Data::Seq(_) | Data::Map(_) => {
                let message =
                    format!("invalid map key: {}", go_syntax(value, self.dialect));
                return Err(fatal(key.span, message));
            }
        })
    }

    /// A key that JSON cannot have (`convertToJSONableObject`).
    fn refuse_key(&mut self, node: &Node, type_name: &str, key: &Value, value: &Value) {
        let shown = |value| go_syntax(value, self.dialect);
        let (key, value) = (shown(key), shown(value));
        let message = format!(
            "unsupported map key of type: {type_name}, key: {key}, value: {value}"
        );
        self.json_fault(node.span, message);
    }
}

fn fatal(span: Span, message: impl Into<String>) -> Box<Fault> {
    Box::new(Fault::syntax(span, 0, message))
}

impl Value {
    /// A string value at the place of a node.
    #[must_use]
    pub fn of_text(node: &Node) -> Option<Value> {
        let text = node.text()?;
        let origin: OriginId = node.origin;
        Some(Value { data: Data::Str(text.into()), span: node.span, origin })
    }
}
