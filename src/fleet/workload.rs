//! What runs: the pods of an object, their labels, containers and arguments.

use goyaml::Node;

use super::Object;
use super::thanos::{self, Arg, ThanosComponent};

/// An object that runs pods.
#[derive(Clone)]
pub struct Workload<'r> {
    /// The object.
    pub object: Object<'r>,
    /// The labels of its pods.
    pub labels: Vec<(&'r str, &'r str)>,
    /// Its containers, init containers left out.
    pub containers: Vec<Container<'r>>,
}

/// One container of a [`Workload`].
#[derive(Clone)]
pub struct Container<'r> {
    /// Its node.
    pub node: &'r Node,
    /// The image, with tag and digest.
    pub image: &'r str,
    /// The Thanos component that it runs, if it runs one.
    pub thanos: Option<ThanosComponent>,
    /// Its arguments, those of a shell script included.
    pub args: Vec<Arg<'r>>,
}

impl<'r> Workload<'r> {
    /// The workload that an object is; `None` if it runs nothing.
    #[must_use]
    pub fn of(object: Object<'r>) -> Option<Workload<'r>> {
        let template: &[&str] = match object.kind() {
            "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" => {
                &["spec", "template"]
            }
            "CronJob" => &["spec", "jobTemplate", "spec", "template"],
            "Pod" => &[],
            _ => return None,
        };
        let pod = object.get(template)?;
        let labels = pod.get("metadata").and_then(|m| m.get("labels"));
        let containers = pod.get("spec")?.get("containers")?.items()?;
        Some(Workload {
            object,
            labels: labels.map(texts).unwrap_or_default(),
            containers: containers.iter().map(Container::of).collect(),
        })
    }

    /// The containers that run a Thanos component.
    pub fn thanos(&self) -> impl Iterator<Item = (&Container<'r>, ThanosComponent)> {
        self.containers.iter().filter_map(|c| Some((c, c.thanos?)))
    }

    /// Does it run Grafana?
    #[must_use]
    pub fn is_grafana(&self) -> bool {
        self.containers.iter().any(|c| image_name(c.image).starts_with("grafana"))
    }

    /// How many replicas it asks for; one if it does not say.
    #[must_use]
    pub fn replicas(&self) -> u64 {
        let replicas = self.object.text(&["spec", "replicas"]);
        replicas.and_then(|text| text.parse().ok()).unwrap_or(1)
    }
}

impl<'r> Container<'r> {
    fn of(node: &'r Node) -> Container<'r> {
        let image = node.get("image").and_then(Node::text).unwrap_or("");
        let (thanos, args) = thanos::read(node, image_name(image));
        Container { node, image, thanos, args }
    }

    /// The number of the container port of this name.
    #[must_use]
    pub fn port(&self, name: &str) -> Option<u16> {
        let ports = self.node.get("ports")?.items()?;
        let port =
            ports.iter().find(|p| p.get("name").and_then(Node::text) == Some(name))?;
        port.get("containerPort")?.text()?.parse().ok()
    }

    /// The last value of a flag: `http-address` of `--http-address=0.0.0.0:10902`.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<&str> {
        self.args.iter().rev().find(|arg| arg.name == name).map(|arg| &*arg.value)
    }
}

/// The text entries of a mapping.
pub(super) fn texts(node: &Node) -> Vec<(&str, &str)> {
    let entries = node.entries().unwrap_or_default();
    entries.iter().filter_map(|(k, v)| Some((k.text()?, v.text()?))).collect()
}

/// `thanos` of `quay.io/thanos/thanos:v0.41.0@sha256:…`.
fn image_name(image: &str) -> &str {
    let path = image.split('@').next().unwrap_or(image);
    let last = path.rsplit('/').next().unwrap_or(path);
    last.split(':').next().unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::image_name;

    #[test]
    fn the_name_of_an_image_has_no_registry_tag_or_digest() {
        assert_eq!(image_name("registry:5000/thanos/thanos:v0.41.0@sha256:ab"), "thanos");
        assert_eq!(image_name("grafana"), "grafana");
    }
}
