//! The name of a resource's file: a function of its id alone.

use sha2::{Digest, Sha256};

/// What a file name is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Id<'a> {
    pub(crate) group: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) namespace: &'a str,
    pub(crate) name: &'a str,
}

/// The longest name that every file system takes, with room for `.yaml`.
const LONGEST: usize = 240;

/// `<namespace|_cluster>_<kind>.<group>_<name>.yaml`
///
/// Parts hold no `_` and no capitals of their own, so two ids share a name only if they
/// differ in nothing but the case of the kind; and no two names differ in case alone.
pub(crate) fn file_name(id: Id<'_>) -> String {
    let namespace = match id.namespace {
        "" => "_cluster".to_owned(),
        namespace => escaped(namespace),
    };
    let kind = escaped(&id.kind.to_ascii_lowercase());
    let group = if id.group.is_empty() { "" } else { "." };
    let mut name = format!(
        "{namespace}_{kind}{group}{}_{}",
        escaped(&id.group.to_ascii_lowercase()),
        escaped(id.name)
    );
    if name.len() > LONGEST {
        let digest = Sha256::digest(&name);
        let digest: String = digest.iter().take(8).map(|b| format!("{b:02x}")).collect();
        // Escapes are ASCII, so every byte is a character.
        name.truncate(LONGEST - 17);
        name = format!("{name}~{digest}");
    }
    name + ".yaml"
}

/// Small letters, digits, `-` and `.` stay; every other byte becomes `%41`.
fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' => shown.push(char::from(byte)),
            byte => shown.push_str(&format!("%{byte:02x}")),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{Id, file_name};

    fn name(group: &str, kind: &str, namespace: &str, name: &str) -> String {
        file_name(Id { group, kind, namespace, name })
    }

    #[test]
    fn names_say_namespace_kind_group_and_name() {
        assert_eq!(name("", "Service", "mon", "a.b"), "mon_service_a.b.yaml");
        assert_eq!(
            name("apps", "Deployment", "mon", "query"),
            "mon_deployment.apps_query.yaml"
        );
        assert_eq!(
            name("rbac.authorization.k8s.io", "ClusterRole", "", "system:View"),
            "_cluster_clusterrole.rbac.authorization.k8s.io_system%3a%56iew.yaml"
        );
    }

    #[test]
    fn long_names_stay_apart() {
        let long = "x".repeat(300);
        let (a, b) =
            (name("", "Pod", "n", &(long.clone() + "a")), name("", "Pod", "n", &long));
        assert_ne!(a, b);
        assert!(a.len() <= 245, "{}", a.len());
    }

    #[test]
    fn nothing_climbs_out_of_the_folder() {
        assert_eq!(name("", "Pod", "../..", "/etc/x"), "..%2f.._pod_%2fetc%2fx.yaml");
    }
}
