//! `lint --fix`: edits of source files.

use std::collections::BTreeMap;
use std::path::Path;

use source::{Diagnostic, DiskSink, FileId, Sink, SourceMap, Span, VPath};

/// Applies the fixes of `findings` to the files below `root`; says how many it applied.
///
/// A fix is applied whole or not at all: one whose edits overlap those of an earlier fix, or
/// that touches a file that nobody should edit, waits for the next run.
pub(crate) fn apply(
    root: &Path,
    sources: &SourceMap,
    findings: &[Diagnostic],
) -> Result<usize, String> {
    let mut edits: BTreeMap<FileId, Vec<(Span, &str)>> = BTreeMap::new();
    let mut count = 0;
    for fix in findings.iter().filter_map(|d| d.fix.as_ref()) {
        let fits = fix.edits.iter().all(|(span, _)| {
            let taken = edits.get(&span.file).is_some_and(|known| {
                known.iter().any(|(k, _)| k.start < span.end && span.start < k.end)
            });
            sources.file(span.file).editable && !taken
        });
        if fits && !fix.edits.is_empty() {
            count += 1;
            for (span, text) in &fix.edits {
                edits.entry(span.file).or_default().push((*span, text));
            }
        }
    }
    if count > 0 {
        write(root, sources, edits)?;
    }
    Ok(count)
}

fn write(
    root: &Path,
    sources: &SourceMap,
    edits: BTreeMap<FileId, Vec<(Span, &str)>>,
) -> Result<(), String> {
    let shown = root.display();
    let sink = DiskSink::open(root, ".thanos-gitops")
        .map_err(|e| format!("cannot write to `{shown}`: {e}"))?;
    let mut paths = Vec::new();
    for (file, mut edits) in edits {
        let file = sources.file(file);
        let relative = Path::new(&file.path).strip_prefix(root);
        let relative = relative.unwrap_or(Path::new(&file.path)).to_str();
        let Some(path) = relative.and_then(VPath::new) else { continue };
        edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
        let mut text = file.text.to_string();
        for (span, replacement) in edits {
            if text.get(span.range()).is_some() {
                text.replace_range(span.range(), replacement);
            }
        }
        sink.stage(&path, text.as_bytes())
            .map_err(|e| format!("cannot write `{}`: {e}", file.path))?;
        paths.push((path, file.path.clone()));
    }
    for (path, shown) in paths {
        sink.publish(&path).map_err(|e| format!("cannot write `{shown}`: {e}"))?;
    }
    Ok(())
}
