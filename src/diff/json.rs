//! A diff as JSON, version 1.

use std::io;

use serde_json::{Value, json};

use super::{ChangeKind, Diff};

pub(crate) fn write(diff: &Diff, out: &mut dyn io::Write) -> io::Result<()> {
    let changes = diff.changes.iter().map(|change| {
        json!({
            "clusters": change.clusters,
            "component": change.component,
            "object": change.object,
            "change": match change.kind {
                ChangeKind::Added => "added",
                ChangeKind::Removed => "removed",
                ChangeKind::Changed => "changed",
            },
            "diff": change.text,
        })
    });
    let unknown = diff
        .unknown
        .iter()
        .map(|(cluster, component)| json!({"cluster": cluster, "component": component}));
    let document = json!({
        "version": 1,
        "base": diff.base,
        "head": diff.head,
        "changes": changes.collect::<Vec<Value>>(),
        "unknown": unknown.collect::<Vec<Value>>(),
        "unreadable": diff.unreadable,
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}
