//! Which Thanos component a container runs, and with which flags.

use std::borrow::Cow;

use goyaml::Node;

/// A part of Thanos, by its verbal form (thanos `CONTRIBUTING.md`, "Components Naming").
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub enum ThanosComponent {
    /// `thanos query`
    Query,
    /// `thanos query-frontend`
    QueryFrontend,
    /// `thanos receive`
    Receive,
    /// `thanos store`
    Store,
    /// `thanos compact`
    Compact,
    /// `thanos rule`
    Rule,
    /// `thanos sidecar`
    Sidecar,
    /// `thanos tools bucket web`
    BucketWeb,
}

/// One flag of a container: `--label=replica="a"`.
#[derive(Clone, Debug, PartialEq)]
pub struct Arg<'r> {
    /// The flag's name without dashes; empty for a word that is no flag.
    pub name: Cow<'r, str>,
    /// Its value, or the word itself.
    pub value: Cow<'r, str>,
    /// The node that holds it.
    pub node: &'r Node,
}

impl ThanosComponent {
    /// The name as the command line spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ThanosComponent::Query => "query",
            ThanosComponent::QueryFrontend => "query-frontend",
            ThanosComponent::Receive => "receive",
            ThanosComponent::Store => "store",
            ThanosComponent::Compact => "compact",
            ThanosComponent::Rule => "rule",
            ThanosComponent::Sidecar => "sidecar",
            ThanosComponent::BucketWeb => "tools bucket web",
        }
    }

    fn of_words(words: &[&str]) -> Option<ThanosComponent> {
        Some(match words {
            ["query", ..] => ThanosComponent::Query,
            ["query-frontend", ..] => ThanosComponent::QueryFrontend,
            ["receive", ..] => ThanosComponent::Receive,
            ["store", ..] => ThanosComponent::Store,
            ["compact", ..] => ThanosComponent::Compact,
            ["rule", ..] => ThanosComponent::Rule,
            ["sidecar", ..] => ThanosComponent::Sidecar,
            ["tools", "bucket", "web", ..] => ThanosComponent::BucketWeb,
            _ => return None,
        })
    }
}

/// What a container runs: the component, if the program is Thanos, and all flags.
pub(super) fn read<'r>(
    container: &'r Node,
    image: &str,
) -> (Option<ThanosComponent>, Vec<Arg<'r>>) {
    let list = |key| container.get(key).and_then(Node::items).unwrap_or_default();
    let tokens: Vec<(Cow<'_, str>, &Node)> =
        list("command").iter().chain(list("args")).flat_map(tokens_of).collect();
    let args = flags(&tokens);
    let words: Vec<&str> =
        args.iter().filter(|a| a.name.is_empty()).map(|a| &*a.value).collect();
    let is_program = |word: &&str| word.rsplit('/').next() == Some("thanos");
    let component = match words.iter().position(is_program) {
        Some(at) => ThanosComponent::of_words(&words[at + 1..]),
        None if image.contains("thanos") => ThanosComponent::of_words(&words),
        None => None,
    };
    (component, args)
}

/// The words of one list item; a shell script is split, anything else is one word.
fn tokens_of(node: &Node) -> Vec<(Cow<'_, str>, &Node)> {
    let text = node.text().unwrap_or("");
    let is_script = text.split_whitespace().any(|word| {
        word.rsplit('/').next() == Some("thanos")
            && text.trim().contains(char::is_whitespace)
    });
    if !is_script {
        return vec![(Cow::Borrowed(text), node)];
    }
    let words = text.split_whitespace().filter(|word| *word != "\\");
    words.map(|word| (Cow::Owned(word.replace(['\'', '"'], "")), node)).collect()
}

/// Joins `--name value` to one flag; kingpin, which Thanos uses, accepts both spellings.
fn flags<'r>(tokens: &[(Cow<'r, str>, &'r Node)]) -> Vec<Arg<'r>> {
    let mut args: Vec<Arg<'r>> = Vec::new();
    let mut open = false;
    for (token, node) in tokens {
        let Some(flag) = token.strip_prefix("--").filter(|flag| !flag.is_empty()) else {
            match args.last_mut().filter(|_| open) {
                Some(flag) => {
                    flag.value = token.clone();
                    flag.node = node;
                }
                None => args.push(Arg { name: "".into(), value: token.clone(), node }),
            }
            open = false;
            continue;
        };
        let (name, value) = flag.split_once('=').unwrap_or((flag, ""));
        open = !flag.contains('=') && TAKES_VALUE.contains(&name);
        let (name, value) = (name.to_owned().into(), value.to_owned().into());
        args.push(Arg { name, value, node });
    }
    args
}

/// The flags whose value may stand in the next word and that something here reads.
const TAKES_VALUE: &[&str] = &[
    "label",
    "objstore.config",
    "objstore.config-file",
    "http-address",
    "grpc-address",
    "remote-write.address",
    "endpoint",
    "store",
    "tsdb.path",
    "data-dir",
];

#[cfg(test)]
mod tests {
    use goyaml::Node;

    use super::{ThanosComponent, read};

    fn container(command: &[&str], args: &[&str]) -> Node {
        let list = |items: &[&str]| {
            Node::sequence(items.iter().map(|i| Node::string(*i)).collect())
        };
        let key = Node::string;
        let entries = vec![(key("command"), list(command)), (key("args"), list(args))];
        Node::mapping(entries)
    }

    #[test]
    fn the_first_words_name_the_component() {
        type Case<'a> = (&'a str, &'a [&'a str], &'a [&'a str], Option<ThanosComponent>);
        let cases: &[Case<'_>] = &[
            ("thanos", &[], &["query", "--a=b"], Some(ThanosComponent::Query)),
            ("thanos", &[], &["--log.level=info", "store"], Some(ThanosComponent::Store)),
            (
                "x",
                &["/bin/thanos"],
                &["tools", "bucket", "web"],
                Some(ThanosComponent::BucketWeb),
            ),
            (
                "busybox",
                &["sh", "-c", "exec /bin/thanos receive --label 'a=\"b\"'"],
                &[],
                Some(ThanosComponent::Receive),
            ),
            ("busybox", &["query"], &[], None),
        ];
        for (image, command, args, expect) in cases {
            let node = container(command, args);
            assert_eq!(read(&node, image).0, *expect, "{command:?} {args:?}");
        }
    }

    #[test]
    fn a_flag_may_have_its_value_in_the_next_word() {
        let node = container(&[], &["rule", "--label", "a=\"b\"", "--label=c=\"d\""]);
        let (_, args) = read(&node, "thanos");
        let labels: Vec<&str> =
            args.iter().filter(|a| a.name == "label").map(|a| &*a.value).collect();
        assert_eq!(labels, ["a=\"b\"", "c=\"d\""]);
    }
}
