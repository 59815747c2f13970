//! Which field of which objects a transformer touches.

use std::borrow::Cow;
use std::fmt;

use ecow::EcoString;

use super::Gvk;

/// A path of a field, and the kinds that it is meant for.
/// (upstream: `api/types/fieldspec.go`, `FieldSpec`)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldSpec {
    /// `group`, `version`, `kind`: the kinds. Default of each: any.
    pub gvk: Gvk,
    /// `path`: the path as written: `spec/template/metadata/labels`; `[]` behind a step goes
    /// through the items of a list, and `\/` is a slash in a name.
    pub path: EcoString,
    /// `create`: is the field made where it is missing? Default: false.
    pub create: bool,
}

/// A row of a table of default field specs: group, version, kind, path, create.
pub(crate) type Row = (&'static str, &'static str, &'static str, &'static str, bool);

impl FieldSpec {
    /// A field of every kind.
    pub fn any(path: &str, create: bool) -> FieldSpec {
        FieldSpec { gvk: Gvk::default(), path: path.into(), create }
    }

    pub(crate) fn row(&(group, version, kind, path, create): &Row) -> FieldSpec {
        FieldSpec { gvk: Gvk::new(group, version, kind), path: path.into(), create }
    }

    fn means_the_same(&self, other: &FieldSpec) -> bool {
        self.gvk.is_selected(&other.gvk) && self.path == other.path
    }
}

impl fmt::Display for FieldSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.gvk, self.create, self.path)
    }
}

/// The steps of a field's path that are left; `\/` is a slash inside of a step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Steps<'a>(Option<&'a str>);

impl<'a> Steps<'a> {
    /// All steps of a path.
    pub(crate) fn of(path: &'a str) -> Steps<'a> {
        Steps(Some(without_lead(path, '/')))
    }

    /// Is no step left?
    pub(crate) fn is_empty(self) -> bool {
        self.0.is_none()
    }

    /// The first step; empty if none is left.
    pub(crate) fn first(self) -> Cow<'a, str> {
        self.split_first().map_or(Cow::Borrowed(""), |(step, _)| step)
    }

    /// The first step and the others.
    pub(crate) fn split_first(self) -> Option<(Cow<'a, str>, Steps<'a>)> {
        let path = self.0?;
        let (mut before, mut escapes) = (0, false);
        let end = path.bytes().position(|byte| {
            let escaped = byte == b'/' && before == b'\\';
            escapes |= escaped;
            before = byte;
            byte == b'/' && !escaped
        });
        let (step, rest) = match end {
            Some(at) => (path.get(..at).unwrap_or(""), path.get(at + 1..)),
            None => (path, None),
        };
        let step = match escapes {
            true => Cow::Owned(step.replace("\\/", "/")),
            false => Cow::Borrowed(step),
        };
        Some((step, Steps(rest)))
    }
}

impl fmt::Display for Steps<'_> {
    /// The steps that are left, with blanks between them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = *self;
        let mut blank = "";
        while let Some((step, next)) = rest.split_first() {
            write!(f, "{blank}{step}")?;
            (rest, blank) = (next, " ");
        }
        Ok(())
    }
}

/// A path may start with its delimiter.
fn without_lead(path: &str, delimiter: char) -> &str {
    path.strip_prefix(delimiter).unwrap_or(path)
}

/// Splits at `delimiter`, except where a backslash stands before it.
/// (kyaml: `utils/pathsplitter.go`, `PathSplitter`)
pub(crate) fn split_path(path: &str, delimiter: char) -> Vec<EcoString> {
    let mut steps: Vec<String> = Vec::new();
    for part in without_lead(path, delimiter).split(delimiter) {
        match steps.last_mut() {
            Some(last) if last.ends_with('\\') => {
                last.pop();
                last.push(delimiter);
                last.push_str(part);
            }
            _ => steps.push(part.to_owned()),
        }
    }
    steps.into_iter().map(EcoString::from).collect()
}

/// Adds `incoming` to `specs`, those that are there already aside.
///
/// Two that differ in `create` alone are an error: "conflicting fieldspecs".
pub(crate) fn merge_all(
    specs: &mut Vec<FieldSpec>,
    incoming: &[FieldSpec],
) -> Result<(), &'static str> {
    incoming.iter().try_for_each(|spec| merge_one(specs, spec))
}

/// Adds one spec, unless it is there already. (upstream: `FsSlice.MergeOne`)
pub(crate) fn merge_one(
    specs: &mut Vec<FieldSpec>,
    spec: &FieldSpec,
) -> Result<(), &'static str> {
    match specs.iter().find(|known| known.means_the_same(spec)) {
        Some(known) if known.create != spec.create => Err("conflicting fieldspecs"),
        Some(_) => Ok(()),
        None => {
            specs.push(spec.clone());
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Steps, split_path};

    #[test]
    fn steps_are_those_of_the_splitter() {
        for path in ["a/b", "/a/b", "", "/", "a//b", "a/b\\/c/d", "\\/a", "a\\", "a\\/"] {
            let mut steps = Vec::new();
            let mut left = Steps::of(path);
            while let Some((step, rest)) = left.split_first() {
                steps.push(step.into_owned());
                left = rest;
            }
            assert_eq!(steps, split_path(path, '/'), "{path}");
        }
    }
}
