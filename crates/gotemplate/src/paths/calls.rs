//! What functions give back of their arguments.

use ecow::EcoString;

use super::Abstract;
use super::walk::{Scope, Walk};
use crate::parse::ExprKind;
use crate::{Func, Look};

/// Texts that one call is tried with.
const MAX_TEXTS: usize = 64;

impl Walk<'_> {
    /// Calls a function; `target` is its first argument as written.
    pub(super) fn call(
        &mut self,
        scope: &mut Scope,
        func: &Func,
        target: Option<&ExprKind>,
        args: Vec<Abstract>,
    ) -> Abstract {
        let look = (self.look)(func.name);
        match look {
            Look::Whole => {
                args.iter().for_each(|arg| self.whole(arg));
                Abstract::Unknown
            }
            Look::Outside => Abstract::Unknown,
            Look::Passes => {
                if func.name.to_ascii_lowercase().contains("merge") {
                    args.iter().skip(1).for_each(|arg| self.put(scope, target, arg));
                }
                let adds = ["ppend", "push", "Push", "repend"];
                if adds.iter().any(|word| func.name.contains(word)) {
                    return self.added(args);
                }
                Abstract::one_of(args)
            }
            Look::Element if func.name.to_ascii_lowercase().ends_with("first") => {
                match args.split_first() {
                    Some((of, _)) => self.follow(of, &[Abstract::Number(0)]),
                    None => Abstract::Unknown,
                }
            }
            Look::Element => {
                let found: Vec<Abstract> =
                    args.iter().map(|arg| self.elements(arg)).collect();
                Abstract::one_of(found)
            }
            Look::Dict => dict(&args),
            Look::List => Abstract::List(std::rc::Rc::new(args)),
            Look::Set => {
                let [map, key, value] = args.as_slice() else { return Abstract::Unknown };
                let entry = dict(&[key.clone(), value.clone()]);
                self.put(scope, target, &entry);
                Abstract::one_of([map.clone(), entry])
            }
            Look::Get | Look::Index => match args.split_first() {
                Some((of, keys)) => self.follow(of, keys),
                None => Abstract::Unknown,
            },
            Look::HasKey => {
                if let Some((of, keys)) = args.split_first() {
                    self.follow(of, keys);
                }
                Abstract::Unknown
            }
            Look::Dig | Look::Pluck | Look::Keys | Look::Values => {
                self.found(look, &args)
            }
            Look::Include => self.include(&args),
            Look::Evaluate => {
                self.evaluate(&args);
                Abstract::Unknown
            }
            Look::Split => {
                args.iter().for_each(|arg| self.whole(arg));
                split(&args)
            }
            Look::Print | Look::Printf => self.printed(func, &args),
        }
    }

    /// What functions find in maps.
    fn found(&mut self, look: Look, args: &[Abstract]) -> Abstract {
        match look {
            Look::Dig => match args {
                [keys @ .., default, of] => {
                    let found = self.follow(of, keys);
                    Abstract::one_of([found, default.clone()])
                }
                _ => Abstract::Unknown,
            },
            Look::Pluck => match args.split_first() {
                Some((key, maps)) => {
                    let key = std::slice::from_ref(key);
                    let found: Vec<Abstract> =
                        maps.iter().map(|of| self.follow(of, key)).collect();
                    Abstract::items(found)
                }
                None => Abstract::Unknown,
            },
            Look::Keys => {
                let found: Vec<Abstract> = args
                    .iter()
                    .map(|of| {
                        self.elements(of);
                        self.keys(of)
                    })
                    .collect();
                Abstract::items(found)
            }
            Look::Values => {
                let found: Vec<Abstract> =
                    args.iter().map(|of| self.elements(of)).collect();
                Abstract::items(found)
            }
            _ => Abstract::Unknown,
        }
    }

    /// The entries under these keys, one after the other.
    fn follow(&mut self, of: &Abstract, keys: &[Abstract]) -> Abstract {
        let mut found = of.clone();
        for key in keys {
            found = match key.texts() {
                None => self.item(&found, key),
                Some(texts) => {
                    let found: Vec<Abstract> =
                        texts.iter().map(|text| self.field(&found, text)).collect();
                    Abstract::one_of(found)
                }
            };
        }
        found
    }

    /// The item of a list, or any entry.
    fn item(&mut self, of: &Abstract, key: &Abstract) -> Abstract {
        let place = match key {
            Abstract::Number(n) => usize::try_from(*n).ok(),
            _ => None,
        };
        let mut found = Vec::new();
        for of in of.each() {
            found.push(match (&of, place) {
                (Abstract::List(items), Some(n)) => {
                    items.get(n).cloned().unwrap_or_default()
                }
                _ => self.elements(&of),
            });
        }
        Abstract::one_of(found)
    }

    /// A list and more items.
    fn added(&mut self, args: Vec<Abstract>) -> Abstract {
        let mut args = args.into_iter();
        let list = args.next().unwrap_or_default();
        let items = self.elements(&list);
        Abstract::items(args.chain([items]))
    }

    /// A map was changed. A variable of this template is known to hold the new entries; what
    /// goes anywhere else cannot be followed.
    fn put(&mut self, scope: &mut Scope, target: Option<&ExprKind>, new: &Abstract) {
        match target {
            Some(ExprKind::Variable { name, fields })
                if fields.is_empty() && name != "$" =>
            {
                scope.join(name, new.clone());
            }
            // Nobody else holds what a call has just made.
            Some(ExprKind::Pipe(_)) => {}
            _ if new.holds_path() => self.whole(new),
            _ => {}
        }
    }

    fn include(&mut self, args: &[Abstract]) -> Abstract {
        let [name, dot] = args else { return Abstract::Unknown };
        let mut found = Vec::new();
        for name in name.each() {
            match name {
                Abstract::Text(name) => {
                    for dot in alternatives(dot) {
                        found.push(self.template(&name, &dot).value());
                    }
                }
                Abstract::Prefix(prefix) => {
                    self.any_template(&prefix, dot);
                    found.push(Abstract::Unknown);
                }
                other => {
                    self.whole(&other);
                    self.any_template("", dot);
                    found.push(Abstract::Unknown);
                }
            }
        }
        Abstract::one_of(found)
    }

    /// A text that the template itself says is executed; in others `.Values` is looked for by
    /// whoever asked.
    fn evaluate(&mut self, args: &[Abstract]) {
        let [text, dot] = args else { return };
        self.whole(text);
        for text in text.texts().unwrap_or_default() {
            let mut own = crate::TemplateSet::new(self.set.funcs().clone());
            if own.parse("gotpl", text.as_str(), source::FileId::NONE).is_ok()
                && let Some(tree) = own.lookup("gotpl").cloned()
            {
                self.run(&tree, dot);
            }
        }
    }

    /// The text that is printed, if it can be told.
    fn printed(&mut self, func: &Func, args: &[Abstract]) -> Abstract {
        args.iter().for_each(|arg| self.whole(arg));
        let mut made: Vec<Vec<EcoString>> = vec![Vec::new()];
        for arg in args {
            let Some(texts) = arg.texts() else { return self.begun(func, &made) };
            if made.len() * texts.len() > MAX_TEXTS {
                return Abstract::Unknown;
            }
            let longer = |before: &Vec<EcoString>, text: &EcoString| {
                before.iter().chain([text]).cloned().collect::<Vec<_>>()
            };
            made = made
                .iter()
                .flat_map(|before| texts.iter().map(move |text| longer(before, text)))
                .collect();
        }
        let format = (self.look)(func.name) == Look::Printf;
        let texts = made.iter().map(|parts| match format {
            true => formatted(parts),
            false => Some(parts.concat().into()),
        });
        match texts.collect::<Option<Vec<EcoString>>>() {
            Some(texts) => Abstract::one_of(texts.into_iter().map(Abstract::Text)),
            None => Abstract::Unknown,
        }
    }
}

/// The dots that a map of alternative texts stands for: each is followed by itself.
fn alternatives(dot: &Abstract) -> Vec<Abstract> {
    let mut all = vec![dot.clone()];
    let Abstract::Map(entries) = dot else { return all };
    for (key, value) in entries.iter() {
        let Some(texts) = value.texts().filter(|texts| texts.len() > 1) else { continue };
        if all.len() * texts.len() > MAX_TEXTS {
            continue;
        }
        let with = |dot: &Abstract, text: &EcoString| match dot {
            Abstract::Map(entries) => {
                let mut entries = (**entries).clone();
                entries.insert(key.clone(), Abstract::Text(text.clone()));
                Abstract::map(entries)
            }
            other => other.clone(),
        };
        all = all
            .iter()
            .flat_map(|dot| texts.iter().map(move |text| with(dot, text)))
            .collect();
    }
    all
}

fn split(args: &[Abstract]) -> Abstract {
    let [Abstract::Text(at), Abstract::Text(text)] = args else {
        return Abstract::Unknown;
    };
    if at.is_empty() {
        return Abstract::Unknown;
    }
    let parts = text.split(at.as_str()).map(|part| Abstract::Text(part.into()));
    Abstract::List(std::rc::Rc::new(parts.collect()))
}

fn dict(parts: &[Abstract]) -> Abstract {
    let mut entries = std::collections::BTreeMap::<EcoString, Abstract>::new();
    for pair in parts.chunks(2) {
        let value = pair.get(1).cloned().unwrap_or_default();
        let keys = pair.first().and_then(Abstract::texts);
        for key in keys.unwrap_or_else(|| vec![Abstract::ANY.into()]) {
            let old = entries.remove(&key);
            let both = old.into_iter().chain([value.clone()]);
            entries.insert(key, Abstract::one_of(both));
        }
    }
    Abstract::map(entries)
}

impl Walk<'_> {
    /// What is printed before something that cannot be told.
    fn begun(&self, func: &Func, made: &[Vec<EcoString>]) -> Abstract {
        let print = (self.look)(func.name) == Look::Print;
        let [parts] = made else { return Abstract::Unknown };
        match parts.concat() {
            text if print && !text.is_empty() => Abstract::Prefix(text.into()),
            _ => Abstract::Unknown,
        }
    }
}

/// A format of `%s` and `%v` alone.
fn formatted(parts: &[EcoString]) -> Option<EcoString> {
    let (format, args) = parts.split_first()?;
    let (mut out, mut args) = (String::new(), args.iter());
    let mut rest = format.as_str();
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let verb = after.chars().next()?;
        if !matches!(verb, 's' | 'v') {
            return None;
        }
        out.push_str(args.next()?);
        rest = after.get(1..)?;
    }
    out.push_str(rest);
    Some(out.into())
}
