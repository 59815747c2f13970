//! S3001: long-term data is stored in something other than S3.

use source::Severity;

use crate::fleet::{ClusterObjects, Object, ObjstoreConfig};
use crate::lint::{Check, Findings, Lint, Wants};

pub(crate) static LINT: Lint = Lint {
    code: "S3001",
    name: "objstore-not-s3",
    level: Severity::Error,
    since: "0.1",
    page: include_str!("../../../lints/objstore-not-s3.md"),
    settings: &[("allowed", Wants::Texts)],
    check: Check::Object(check),
};

fn check(cluster: &ClusterObjects<'_>, object: Object<'_>, findings: &mut Findings<'_>) {
    let allowed = findings.texts("allowed", &["S3"]);
    for config in ObjstoreConfig::of(cluster.repo.sources, object) {
        if allowed.iter().any(|kind| kind.eq_ignore_ascii_case(&config.kind)) {
            continue;
        }
        let message = format!(
            "{} stores {} in {}; this repository allows {} only",
            object.label(),
            config.data,
            config.kind,
            allowed.join(", "),
        );
        let hint = match config.kind.eq_ignore_ascii_case("FILESYSTEM") {
            true => {
                "a file system lives and dies with one volume: use `type: S3` with a \
                     bucket, or allow it for this object with a reason"
            }
            false => "use `type: S3`; most object stores speak it",
        };
        let span = cluster.span_of(&object, config.place);
        let finding = findings.new_at(span, message).hint(hint).about(object.subject(""));
        findings.add(finding);
    }
}
