//! Builds generated trees with crate `kustomize` and with the real Kustomize, compares the
//! bytes, and cuts what differs down to the part that matters.
//!
//!     kustomize-differential PEER FIRST COUNT [--show N] [--dressed] [--5.7] [--classes] [--print]
//!         [--only TEXT]
//!
//! With `--dir` in the place of the first seed it compares a folder that someone wrote
//! instead, and prints both answers:
//!
//!     kustomize-differential PEER --dir FOLDER [SUBFOLDER]
//!
//! The exit code is 1 if anything differs. The same seed always gives the same tree.

mod dress;
mod generate;
mod ours;
mod peer;
mod random;
mod tree;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use peer::{Answer, Peer};
use tree::Tree;

/// How the two answers to a tree stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Same,
    BothRefuse,
    PeerPanics,
    OutputDiffers,
    WarningsDiffer,
    OnlyPeerRefuses,
    OnlyWeRefuse,
    WePanic,
}

impl Verdict {
    fn of(ours: &Answer, theirs: &Answer) -> Verdict {
        match (ours.error.as_str(), theirs.error.as_str()) {
            (ours, _) if ours.starts_with("PANIC") => Verdict::WePanic,
            (_, theirs) if theirs.starts_with("panic: ") => Verdict::PeerPanics,
            ("", "") if ours.out != theirs.out => Verdict::OutputDiffers,
            ("", "") if sorted(&ours.warnings) != sorted(&theirs.warnings) => {
                Verdict::WarningsDiffer
            }
            ("", "") => Verdict::Same,
            ("", _) => Verdict::OnlyPeerRefuses,
            (_, "") => Verdict::OnlyWeRefuse,
            _ => Verdict::BothRefuse,
        }
    }

    fn is_difference(self) -> bool {
        self > Verdict::PeerPanics
    }
}

/// Upstream names variables in the order of a hash map, and prints values of Go's that cannot
/// stand for a variable.
fn sorted(lines: &str) -> Vec<&str> {
    let mut of_value = false;
    let lines = lines.lines().filter(|line| {
        // Such a value may have line breaks.
        let told = ["# Warning", "well-defined", "Warning"];
        of_value &= !told.iter().any(|lead| line.starts_with(lead));
        of_value |= line.starts_with("MakePrimitiveReplacer: ");
        !of_value
    });
    let mut lines: Vec<&str> = lines.flat_map(|line| line.split([',', ' '])).collect();
    lines.sort_unstable();
    lines
}

struct Arguments {
    peer: String,
    first: u64,
    count: u64,
    show: usize,
    classes: bool,
    print: bool,
    dressed: bool,
    is_5_7: bool,
    only: Option<String>,
}

fn main() -> ExitCode {
    if std::env::args().nth(2).as_deref() == Some("--dir") {
        return compare_folder();
    }
    let Some(arguments) = arguments() else {
        eprintln!(
            "usage: kustomize-differential PEER FIRST COUNT [--show N] [--classes] [--print] [--only TEXT]"
        );
        return ExitCode::from(2);
    };
    std::panic::set_hook(Box::new(|_| {}));
    let mut peer = Peer::start(&arguments.peer);
    let mut verdicts: BTreeMap<Verdict, usize> = BTreeMap::new();
    let mut classes: BTreeMap<(String, String), (usize, u64)> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for seed in arguments.first..arguments.first + arguments.count {
        let mut tree = generate::tree(seed);
        tree.dress = arguments.dressed.then_some(seed);
        tree.is_5_7 = arguments.is_5_7;
        if let Some(only) = &arguments.only
            && !tree.texts().values().any(|text| text.contains(only))
        {
            continue;
        }
        let ours = ours::answer(&tree);
        let theirs = peer.build(&tree);
        let verdict = Verdict::of(&ours, &theirs);
        if arguments.print {
            report(seed, verdict, &tree, &ours, &theirs);
            continue;
        }
        *verdicts.entry(verdict).or_default() += 1;
        if verdict == Verdict::BothRefuse {
            let class = (class(&theirs.error), class(&ours.error));
            classes.entry(class).or_insert((0, seed)).0 += 1;
        }
        if verdict.is_difference() && seen.len() < arguments.show {
            let small = shrink(&mut peer, tree, verdict);
            let (ours, theirs) = (ours::answer(&small), peer.build(&small));
            if seen.insert(fingerprint(verdict, &ours, &theirs)) {
                report(seed, verdict, &small, &ours, &theirs);
            }
        }
    }
    println!("{} trees from seed {}", arguments.count, arguments.first);
    verdicts.iter().for_each(|(verdict, count)| println!("{count:8} {verdict:?}"));
    if arguments.classes {
        let mut classes: Vec<_> = classes.into_iter().collect();
        classes.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        for ((theirs, ours), (count, seed)) in classes {
            println!("{count:6} (seed {seed})\n    theirs: {theirs}\n    ours:   {ours}");
        }
    }
    let differs = verdicts.keys().any(|verdict| verdict.is_difference());
    ExitCode::from(u8::from(differs))
}

/// Compares what both say of a folder on disk.
fn compare_folder() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (Some(program), Some(root)) = (args.next(), args.nth(1)) else {
        return ExitCode::from(2);
    };
    let mut tree = Tree { dir: args.next().unwrap_or_default(), ..Tree::default() };
    tree::read(std::path::Path::new(&root), "", &mut tree);
    let mut peer = Peer::start(&program);
    let (ours, theirs) = (ours::answer(&tree), peer.build(&tree));
    let verdict = Verdict::of(&ours, &theirs);
    println!(
        "{verdict:?}\n-- theirs\n{}{}",
        theirs.warnings,
        first(&theirs.error, &theirs.out)
    );
    println!("-- ours\n{}{}", ours.warnings, first(&ours.error, &ours.out));
    if verdict == Verdict::OutputDiffers {
        println!("{}", difference(&theirs.out, &ours.out));
    }
    ExitCode::from(u8::from(verdict.is_difference()))
}

fn arguments() -> Option<Arguments> {
    let mut args = std::env::args().skip(1);
    let mut arguments = Arguments {
        peer: args.next()?,
        first: args.next()?.parse().ok()?,
        count: args.next()?.parse().ok()?,
        show: 12,
        classes: false,
        print: false,
        dressed: false,
        is_5_7: false,
        only: None,
    };
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--show" => arguments.show = args.next()?.parse().ok()?,
            "--print" => arguments.print = true,
            "--dressed" => arguments.dressed = true,
            "--5.7" => arguments.is_5_7 = true,
            "--classes" => arguments.classes = true,
            "--only" => arguments.only = Some(args.next()?),
            _ => return None,
        }
    }
    Some(arguments)
}

/// The words of an error without names and numbers.
fn class(error: &str) -> String {
    let error = error.trim_end();
    let start = error.len().saturating_sub(110);
    let start = (start..error.len()).find(|&i| error.is_char_boundary(i)).unwrap_or(0);
    let words: String = error[start..]
        .chars()
        .map(|c| if c.is_alphabetic() || c == ' ' { c } else { '.' })
        .collect();
    words.split_whitespace().filter(|w| w.len() > 2).collect::<Vec<_>>().join(" ")
}

fn fingerprint(verdict: Verdict, ours: &Answer, theirs: &Answer) -> String {
    let words = match verdict {
        Verdict::OnlyPeerRefuses => class(&theirs.error),
        Verdict::OnlyWeRefuse | Verdict::WePanic => class(&ours.error),
        Verdict::WarningsDiffer => class(&theirs.warnings),
        _ => difference(&theirs.out, &ours.out),
    };
    format!("{verdict:?} {words}")
}

/// Takes parts away as long as the verdict stays.
fn shrink(peer: &mut Peer, tree: Tree, verdict: Verdict) -> Tree {
    let mut tree = tree;
    let words = |ours: &Answer, theirs: &Answer| match verdict {
        Verdict::OnlyPeerRefuses => last_words(&theirs.error),
        Verdict::OnlyWeRefuse => last_words(&ours.error),
        _ => String::new(),
    };
    let wanted = words(&ours::answer(&tree), &peer.build(&tree));
    let (mut n, mut changed) = (0, false);
    for _ in 0..5000 {
        let Some(small) = tree.cut(n) else {
            if !changed {
                break;
            }
            (n, changed) = (0, false);
            continue;
        };
        if small.texts() != tree.texts() {
            let (ours, theirs) = (ours::answer(&small), peer.build(&small));
            if Verdict::of(&ours, &theirs) == verdict && words(&ours, &theirs) == wanted {
                (tree, changed) = (small, true);
                continue;
            }
        }
        n += 1;
    }
    tree
}

fn last_words(error: &str) -> String {
    let class = class(error);
    let mut words: Vec<&str> = class.split(' ').rev().take(3).collect();
    words.reverse();
    words.join(" ")
}

fn report(seed: u64, verdict: Verdict, tree: &Tree, ours: &Answer, theirs: &Answer) {
    println!(
        "==== seed {seed}: {verdict:?} (dir {}, reorder {:?})",
        tree.dir, tree.reorder
    );
    for (path, text) in tree.texts() {
        println!("  -- {path}");
        text.lines().for_each(|line| println!("     {line}"));
    }
    match verdict {
        Verdict::OutputDiffers => println!("{}", difference(&theirs.out, &ours.out)),
        Verdict::WarningsDiffer => {
            println!("  theirs: {:?}\n  ours: {:?}", theirs.warnings, ours.warnings);
        }
        _ => {
            println!("  theirs: {}", first(&theirs.error, &theirs.out));
            println!("  ours:   {}", first(&ours.error, &ours.out));
        }
    }
}

fn first<'a>(error: &'a str, out: &'a str) -> &'a str {
    let text = if error.is_empty() { out } else { error };
    let end = (0..text.len().min(900)).rev().find(|&i| text.is_char_boundary(i));
    match text.len() > 900 {
        true => &text[..end.unwrap_or(0)],
        false => text,
    }
}

/// Lines that only one of them has, in their order, with little else.
fn difference(theirs: &str, ours: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) =
        (theirs.lines().collect(), ours.lines().collect());
    let start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let rest = a.len().min(b.len()) - start;
    let end =
        a.iter().rev().zip(b.iter().rev()).take(rest).take_while(|(x, y)| x == y).count();
    let mut out = Vec::new();
    out.extend(
        a[start.saturating_sub(3)..start].iter().map(|line| format!("     {line}")),
    );
    out.extend(a[start..a.len() - end].iter().map(|line| format!("   - {line}")));
    out.extend(b[start..b.len() - end].iter().map(|line| format!("   + {line}")));
    out.extend(a[a.len() - end..].iter().take(2).map(|line| format!("     {line}")));
    out.join("\n")
}
