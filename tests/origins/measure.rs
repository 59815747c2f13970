//! One change, and what came of it.

use std::collections::HashSet;
use std::io::Write as _;

use source::{OverlayWorld, SourceMap, World};

use super::change::changes;
use super::fields::{Base, names, render};
use super::scalar::Scalar;
use super::score::Scores;

/// Changes one scalar, builds, and counts.
pub(super) fn measure(
    world: &dyn World,
    sources: &SourceMap,
    renderer: &helm::Renderer,
    base: &Base,
    scalar: &Scalar,
    scores: &mut Scores,
) {
    let score = scores.of(scalar.group);
    score.scalars += 1;
    let renderer = (!scalar.of_chart).then_some(renderer);
    let build = |text: &str| {
        let edited = vec![(scalar.path.clone(), text.as_bytes().to_vec())];
        render(&OverlayWorld::new(world, edited), sources, renderer)
    };
    let Some(after) = build(&scalar.edited) else {
        score.failed += 1;
        return;
    };
    let end = scalar.span.end.max(scalar.span.start + 1);
    let range = (scalar.shown.as_str(), scalar.span.start, end);
    let mut changed: HashSet<(usize, usize, String)> = HashSet::new();
    let (mut missed, mut all) = (Vec::new(), 0);
    for (target, (old, new)) in base.renders.iter().zip(&after).enumerate() {
        for change in changes(old, new) {
            all += 1;
            let [keys, new_keys] = &change.keys;
            let before =
                change.old_place.is_some_and(|p| names(sources, old, p, keys, range));
            let after = || {
                let place = change.new_place;
                place.is_some_and(|p| names(sources, new, p, new_keys, range))
            };
            if before || after() {
                score.changed_and_named += 1;
            } else {
                missed.push(format!("{}: {}", old.cluster(), change.label));
            }
            changed.extend(change.old.map(|(object, path)| (target, object, path)));
        }
    }
    score.changed += all;
    score.without_effect += usize::from(all == 0);
    let named = base.naming(range.0, range.1, range.2);
    // One change may leave a field as it is that another does not: a text is cut, say.
    if let Some(again) = &scalar.again
        && named.iter().any(|field| !changed.contains(*field))
        && let Some(after) = build(again)
    {
        for (target, (old, new)) in base.renders.iter().zip(&after).enumerate() {
            let old = changes(old, new).into_iter().filter_map(|change| change.old);
            changed.extend(old.map(|(object, path)| (target, object, path)));
        }
    }
    let mut vain = Vec::new();
    for field in named {
        score.named += 1;
        match changed.contains(field) {
            true => score.named_and_changed += 1,
            false => vain.push(field.2.clone()),
        }
    }
    if std::env::var_os("ORIGINS_LIST").is_some() {
        for (word, all) in [("missed", &missed), ("in vain", &vain)] {
            for label in all {
                let line = format!("{word}\t{}:{}\t{label}\n", scalar.shown, scalar.line);
                std::io::stderr().write_all(line.as_bytes()).expect("stderr");
            }
        }
    }
    if let Some(example) = missed.first().or(vain.first()) {
        let (missed, vain) = (missed.len(), vain.len());
        let place = format!("{}:{}", scalar.shown, scalar.line);
        scores.miss(format!(
            "`{place}`: {missed} of {all} missed, {vain} named in vain; `{example}`"
        ));
    }
}
