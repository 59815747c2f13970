//! Where object storage is configured: Thanos documents, and the back ends of Loki, Velero,
//! Longhorn and OpenSearch snapshots.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use goyaml::{Node, Step};
use source::{Place, SourceMap};

use super::{Embedded, Object, Workload};

/// One object storage configuration of one object.
#[derive(Clone)]
pub struct ObjstoreConfig<'r> {
    /// The object that holds it.
    pub object: Object<'r>,
    /// What stores there: `blocks`, `chunks`, `backups`.
    pub data: &'static str,
    /// The kind as the document spells it: `S3`, `FILESYSTEM`.
    pub kind: String,
    /// Where the kind is written.
    pub place: Place,
}

impl<'r> ObjstoreConfig<'r> {
    /// The configurations that an object holds.
    #[must_use]
    pub fn of(sources: &SourceMap, object: Object<'r>) -> Vec<ObjstoreConfig<'r>> {
        let mut search = Search { sources, object, found: Vec::new() };
        match (object.group(), object.kind()) {
            ("", "ConfigMap") => search.data(object.get(&["data"])),
            ("", "Secret") => {
                search.data(object.get(&["stringData"]));
                search.encoded(object.get(&["data"]));
            }
            ("external-secrets.io", _) => {
                search.data(object.get(&["spec", "target", "template", "data"]));
            }
            ("velero.io", "BackupStorageLocation") => search.velero(),
            ("longhorn.io", _) => search.longhorn(),
            ("opensearch.opster.io" | "opensearch.org", "OpenSearchCluster") => {
                search.opensearch();
            }
            _ => search.workload(),
        }
        search.found
    }
}

struct Search<'r, 's> {
    sources: &'s SourceMap,
    object: Object<'r>,
    found: Vec<ObjstoreConfig<'r>>,
}

impl<'r> Search<'r, '_> {
    fn push(&mut self, data: &'static str, kind: impl Into<String>, place: Place) {
        let (object, kind) = (self.object, kind.into());
        self.found.push(ObjstoreConfig { object, data, kind, place });
    }

    fn data(&mut self, data: Option<&'r Node>) {
        for (_, value) in data.and_then(Node::entries).unwrap_or_default() {
            if let Some(document) = Embedded::read(value) {
                self.document(&document);
            }
        }
    }

    fn encoded(&mut self, data: Option<&'r Node>) {
        for (_, value) in data.and_then(Node::entries).unwrap_or_default() {
            let text = value.text().and_then(decode_base64);
            if let Some(document) = text.and_then(|text| Embedded::of_text(value, &text))
            {
                self.document(&document);
            }
        }
    }

    /// A Thanos object storage document, or a Loki configuration.
    fn document(&mut self, document: &Embedded<'_>) {
        let root = &document.root;
        if let (Some(kind), Some(_)) = (root.get("type"), root.get("config")) {
            // A tracing document (`type: OTLP`) has the same shape; its types are others.
            let text = kind.text().unwrap_or("");
            if OBJSTORE_TYPES.contains(&text.to_ascii_uppercase().as_str()) {
                self.push("blocks", text, document.place(self.sources, kind));
            }
        }
        let schemas = root.lookup(["schema_config", "configs"].map(Step::Key));
        for schema in schemas.and_then(Node::items).unwrap_or_default() {
            if let Some(kind) = schema.get("object_store") {
                let place = document.place(self.sources, kind);
                self.push("chunks", kind.text().unwrap_or(""), place);
            }
        }
        if let Some(repositories) = root.get("path.repo") {
            let place = document.place(self.sources, repositories);
            self.push("snapshots", "fs", place);
        }
    }

    fn velero(&mut self) {
        if let Some(provider) = self.object.get(&["spec", "provider"]) {
            let name = provider.text().unwrap_or("");
            // Velero's S3 plugin is called after its first provider.
            let kind = match name {
                "aws" | "velero.io/aws" => "S3",
                other => other,
            };
            self.push("backups", kind, provider.place());
        }
    }

    fn longhorn(&mut self) {
        let target = match (self.object.kind(), self.object.name()) {
            ("Setting", "backup-target") => self.object.get(&["value"]),
            ("BackupTarget", _) => self.object.get(&["spec", "backupTargetURL"]),
            _ => None,
        };
        let url = target.and_then(Node::text).filter(|url| !url.is_empty());
        if let (Some(node), Some(url)) = (target, url) {
            let scheme = url.split("://").next().unwrap_or(url);
            self.push("backups", scheme, node.place());
        }
    }

    fn opensearch(&mut self) {
        let list = self.object.get(&["spec", "general", "snapshotRepositories"]);
        for repository in list.and_then(Node::items).unwrap_or_default() {
            if let Some(kind) = repository.get("type") {
                self.push("snapshots", kind.text().unwrap_or(""), kind.place());
            }
        }
    }

    fn workload(&mut self) {
        let Some(workload) = Workload::of(self.object) else { return };
        for container in &workload.containers {
            let inline = container.args.iter().filter(|a| a.name == "objstore.config");
            for arg in inline {
                if let Some(document) = Embedded::of_text(arg.node, &arg.value) {
                    // The flag's name stands before the document, so lines are not known.
                    if let Some(kind) = document.root.get("type").and_then(Node::text) {
                        self.push("blocks", kind, arg.node.place());
                    }
                }
            }
            let env = container.node.get("env").and_then(Node::items).unwrap_or_default();
            for variable in env {
                if let Some(document) = variable.get("value").and_then(Embedded::read) {
                    self.document(&document);
                }
            }
        }
    }
}

/// The kinds that Thanos knows. (objstore `client/factory.go`)
const OBJSTORE_TYPES: &[&str] = &[
    "S3",
    "GCS",
    "AZURE",
    "SWIFT",
    "COS",
    "ALIYUNOSS",
    "BOS",
    "FILESYSTEM",
    "OCI",
    "OBS",
];

/// Decodes standard base64 with white space; `None` if it is none, or no UTF-8.
fn decode_base64(text: &str) -> Option<String> {
    // A reader of faults, not a judge: padding that is left out hides nothing.
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let engine = GeneralPurpose::new(&alphabet::STANDARD, config);
    let text: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    String::from_utf8(engine.decode(text).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::decode_base64;

    #[test]
    fn decodes_what_kubernetes_encodes() {
        assert_eq!(decode_base64("dHlwZTogUzM=").as_deref(), Some("type: S3"));
        assert_eq!(decode_base64("7ZWc\n6rWt").as_deref(), Some("한국"));
        assert_eq!(decode_base64("dHlwZTogUzM").as_deref(), Some("type: S3"));
        assert_eq!(decode_base64("a-b"), None);
        // An encoding ends where its padding begins.
        assert_eq!(decode_base64("dHlwZTo=gUzM="), None);
    }
}
