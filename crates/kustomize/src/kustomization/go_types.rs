//! How Go names the fields of a kustomization when one holds something of a wrong type.
//!
//! `encoding/json` says the struct that holds the field, the path from the root with the
//! names of embedded structs, and the type: `Selector.patches.target.ResId.Gvk.kind of type
//! string`. People search for these words.

/// A field of an upstream struct: struct, field, the structs embedded on the way, type.
type Row = (&'static str, &'static str, &'static str, &'static str);

/// The fields that are no plain texts, or come from an embedded struct.
const FIELDS: &[Row] = &[
    ("Kustomization", "apiVersion", "TypeMeta.", ""),
    ("Kustomization", "configMapGenerator", "", "[]types.ConfigMapArgs"),
    ("Kustomization", "generatorOptions", "", "types.GeneratorOptions"),
    ("Kustomization", "helmChartInflationGenerator", "", "[]types.HelmChartArgs"),
    ("Kustomization", "helmCharts", "", "[]types.HelmChart"),
    ("Kustomization", "helmGlobals", "", "types.HelmGlobals"),
    ("Kustomization", "imageTags", "", "[]types.Image"),
    ("Kustomization", "images", "", "[]types.Image"),
    ("Kustomization", "kind", "TypeMeta.", ""),
    ("Kustomization", "labels", "", "[]types.Label"),
    ("Kustomization", "metadata", "", "types.ObjectMeta"),
    ("Kustomization", "patches", "", "[]types.Patch"),
    ("Kustomization", "patchesJson6902", "", "[]types.Patch"),
    ("Kustomization", "patchesStrategicMerge", "", "[]types.PatchStrategicMerge"),
    ("Kustomization", "replacements", "", "[]types.ReplacementField"),
    ("Kustomization", "replicas", "", "[]types.Replica"),
    ("Kustomization", "secretGenerator", "", "[]types.SecretArgs"),
    ("Kustomization", "sortOptions", "", "types.SortOptions"),
    ("Kustomization", "vars", "", "[]types.Var"),
    ("ConfigMapArgs", "type", "", ""),
    ("ConfigMapArgs", "options", "GeneratorArgs.", "types.GeneratorOptions"),
    ("SecretArgs", "type", "", ""),
    ("SecretArgs", "options", "GeneratorArgs.", "types.GeneratorOptions"),
    ("FieldOptions", "index", "", "int"),
    ("FieldSpec", "create", "", ""),
    ("FieldSpec", "path", "", ""),
    ("HelmChart", "valuesInline", "", "map[string]interface {}"),
    ("HelmChartArgs", "valuesLocal", "", "map[string]interface {}"),
    ("Label", "fields", "", "[]types.FieldSpec"),
    ("Patch", "options", "", "types.PatchArgs"),
    ("Patch", "target", "", "types.Selector"),
    ("ReplacementField", "path", "", ""),
    ("ReplacementField", "source", "Replacement.", "types.SourceSelector"),
    ("ReplacementField", "targets", "Replacement.", "[]*types.TargetSelector"),
    ("ReplacementField", "sourceValue", "Replacement.", ""),
    ("Selector", "name", "ResId.", ""),
    ("Selector", "namespace", "ResId.", ""),
    ("SourceSelector", "name", "ResId.", ""),
    ("SourceSelector", "namespace", "ResId.", ""),
    ("SourceSelector", "options", "", "types.FieldOptions"),
    ("SortOptions", "legacySortOptions", "", "types.LegacySortOptions"),
    ("SortOptions", "order", "", "types.SortOrder"),
    ("TargetSelector", "options", "", "types.FieldOptions"),
    ("TargetSelector", "reject", "", "[]*types.Selector"),
    ("TargetSelector", "select", "", "types.Selector"),
    ("Var", "fieldref", "", "types.FieldSelector"),
    ("Var", "objref", "", "types.Target"),
];

/// What Go says of the field at `path`: `Image.images.name of type string`.
///
/// `wanted` is the type of the field, or `array` or `object` where the struct says more.
pub(super) fn describe(path: &str, wanted: &str) -> String {
    let (mut holder, mut spelt) = ("Kustomization", String::new());
    let mut fields = path.split('.').peekable();
    let mut kind = "";
    while let Some(field) = fields.next() {
        let (embedded, declared) = row(holder, field);
        if !spelt.is_empty() {
            spelt.push('.');
        }
        spelt.push_str(embedded);
        spelt.push_str(field);
        kind = declared;
        if fields.peek().is_some() {
            holder = struct_of(declared).unwrap_or(holder);
        }
    }
    let kind = match (wanted, kind.is_empty()) {
        // An entry of a list, not the list.
        ("object", false) => kind.trim_start_matches("[]").trim_start_matches('*'),
        ("array" | "[]string" | "string" | "int64", false) => kind,
        _ => wanted,
    };
    format!("{holder}.{spelt} of type {kind}")
}

fn row(holder: &str, field: &str) -> (&'static str, &'static str) {
    let known = FIELDS.iter().find(|(of, name, ..)| *of == holder && *name == field);
    if let Some((.., embedded, kind)) = known {
        return (embedded, kind);
    }
    let gvk = matches!(field, "group" | "version" | "kind");
    let embedded = match holder {
        "ConfigMapArgs" | "SecretArgs" => match field {
            "literals" | "files" | "envs" | "env" => "GeneratorArgs.KvPairSources.",
            _ => "GeneratorArgs.",
        },
        "Selector" | "SourceSelector" if gvk => "ResId.Gvk.",
        "FieldSpec" | "Target" if gvk => "Gvk.",
        _ => "",
    };
    (embedded, "")
}

fn struct_of(kind: &'static str) -> Option<&'static str> {
    kind.trim_start_matches("[]").trim_start_matches('*').strip_prefix("types.")
}

#[cfg(test)]
mod tests {
    use super::describe;

    #[test]
    fn fields_are_named_as_go_names_them() {
        for (path, wanted, said) in [
            ("namespace", "string", "Kustomization.namespace of type string"),
            ("images", "array", "Kustomization.images of type []types.Image"),
            ("images", "object", "Kustomization.images of type types.Image"),
            ("images.name", "string", "Image.images.name of type string"),
            (
                "patches.target.kind",
                "string",
                "Selector.patches.target.ResId.Gvk.kind of type string",
            ),
            (
                "replacements.source.options.index",
                "int64",
                "FieldOptions.replacements.Replacement.source.options.index of type int",
            ),
            (
                "configMapGenerator.literals",
                "[]string",
                "ConfigMapArgs.configMapGenerator.GeneratorArgs.KvPairSources.literals of type \
                 []string",
            ),
        ] {
            assert_eq!(describe(path, wanted), said);
        }
    }
}
