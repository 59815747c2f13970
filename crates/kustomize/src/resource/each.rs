//! One change to many objects: on two threads, if they are many.

use source::{Origins, Result};

use super::Resource;

/// From this many objects on, a second thread pays.
const MANY: usize = 256;
/// Objects may nest deeply.
const STACK: usize = 64 << 20;

/// A change of one object, which looks at no other one; its edits go to the arena.
pub(crate) type Change<'a> =
    dyn Fn(&mut Resource, &mut Origins) -> Result<()> + Sync + 'a;

/// Changes objects in order; of many, the second half beside the first one.
///
/// The fault is that of the first object that has one. What is recorded does not depend on how
/// many threads there are, but on how many objects.
pub(crate) fn change_each<'r>(
    objects: impl IntoIterator<Item = &'r mut Resource>,
    origins: &mut Origins,
    change: &Change<'_>,
) -> Result<()> {
    let mut objects: Vec<&mut Resource> = objects.into_iter().collect();
    if objects.len() < MANY {
        return run(&mut objects, origins, change);
    }
    let half = objects.len() / 2;
    let (first, second) = objects.split_at_mut(half);
    let mut beside = origins.beside();
    let (before, after) = std::thread::scope(|scope| {
        let (second, beside) = (&mut *second, &mut beside);
        let thread = std::thread::Builder::new().stack_size(STACK);
        let other = thread.spawn_scoped(scope, move || run(second, beside, change));
        let before = run(first, origins, change);
        let after = other.ok().map(|thread| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        (before, after)
    });
    // There may be no other thread to be had.
    let after = after.unwrap_or_else(|| run(second, &mut beside, change));
    origins.rejoin(beside);
    before.and(after)
}

fn run(
    objects: &mut [&mut Resource],
    origins: &mut Origins,
    change: &Change<'_>,
) -> Result<()> {
    objects.iter_mut().try_for_each(|object| change(object, origins))
}

#[cfg(test)]
mod tests {
    use goyaml::Node;
    use source::{Diagnostic, FileId, Origin, Origins, Span};

    use super::{MANY, change_each};
    use crate::resource::{Editor, Resource, ScalarTag};

    fn objects() -> Vec<Resource> {
        let object = |n: usize| {
            let name = vec![(Node::string("name"), Node::string(n.to_string()))];
            let metadata = (Node::string("metadata"), Node::mapping(name));
            Resource::new(Node::mapping(vec![metadata]))
        };
        (0..MANY * 2).map(object).collect()
    }

    #[test]
    fn each_object_is_changed_and_recorded() {
        let mut objects = objects();
        let mut origins = Origins::new();
        let change = |object: &mut Resource, origins: &mut Origins| {
            let n: usize = object.cur_id().name.parse().unwrap_or(0);
            let mut editor =
                Editor::new("labels", Span::new(FileId::NONE, n, n), origins);
            object.edit_with(&mut editor, |node, editor| {
                editor.set_entry(node, "kind", "A", ScalarTag::Str, None);
            });
            Ok(())
        };
        change_each(&mut objects, &mut origins, &change).unwrap();
        for (n, object) in objects.iter().enumerate() {
            assert_eq!(object.cur_id().gvk.kind, "A");
            let origin =
                object.node().get("kind").and_then(|node| origins.get(node.origin));
            let Some(Origin::Edit { config, .. }) = origin else {
                panic!("{n}: {origin:?}")
            };
            assert_eq!(config.start as usize, n);
        }
        assert_eq!(origins.len(), objects.len());
    }

    #[test]
    fn the_first_fault_counts() {
        for faulty in [vec![3, MANY], vec![MANY - 1, 2 * MANY - 1], vec![2 * MANY - 1]] {
            let change = |object: &mut Resource, _: &mut Origins| {
                let name = object.cur_id().name.as_str();
                match faulty.iter().any(|n| n.to_string() == name) {
                    true => Err(Diagnostic::error(Span::NONE, name)),
                    false => Ok(()),
                }
            };
            let error = change_each(&mut objects(), &mut Origins::new(), &change);
            assert_eq!(error.unwrap_err().message, faulty[0].to_string());
        }
    }
}
