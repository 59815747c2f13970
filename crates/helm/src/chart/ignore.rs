//! `.helmignore`, quirks included: the first rule that matches decides, and a `!` rule
//! ignores everything that it does not match, `Chart.yaml` too.
//!
//! Follows `pkg/ignore/rules.go` of Helm 4.2.

use source::EntryKind;

use super::pattern::path_match;

/// The rules of one `.helmignore`, and those that Helm adds.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    patterns: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    glob: String,
    negate: bool,
    folders_only: bool,
    /// Compared with the whole path, not with its last part.
    whole_path: bool,
}

impl Rules {
    /// Reads the rules; the error is Helm's.
    pub(crate) fn parse(text: &str) -> Result<Rules, String> {
        let mut rules = Rules::default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for line in text.split('\n') {
            rules.parse_rule(line)?;
        }
        Ok(rules)
    }

    /// Adds what Helm always ignores: dot files in `templates/`.
    pub(crate) fn add_defaults(&mut self) {
        let _always_valid = self.parse_rule("templates/.?*");
    }

    fn parse_rule(&mut self, line: &str) -> Result<(), String> {
        let rule = line.trim();
        if rule.is_empty() || rule.starts_with('#') {
            return Ok(());
        }
        if rule.contains("**") {
            return Err("double-star (**) syntax is not supported".to_owned());
        }
        path_match(rule, "abc").map_err(|_| "syntax error in pattern".to_owned())?;
        let (negate, rule) = strip(rule.strip_prefix('!'), rule);
        let (folders_only, rule) = strip(rule.strip_suffix('/'), rule);
        let (rooted, rule) = strip(rule.strip_prefix('/'), rule);
        let whole_path = rooted || rule.contains('/');
        let glob = rule.to_owned();
        self.patterns.push(Rule { glob, negate, folders_only, whole_path });
        Ok(())
    }

    /// Is this entry of the chart's folder left out?
    pub(crate) fn ignore(&self, path: &str, kind: EntryKind) -> bool {
        let folder = kind == EntryKind::Folder;
        for rule in &self.patterns {
            if rule.negate {
                if (rule.folders_only && !folder) || !rule.matches(path) {
                    return true;
                }
                continue;
            }
            if rule.folders_only && !folder {
                continue;
            }
            if rule.matches(path) {
                return true;
            }
        }
        false
    }
}

impl Rule {
    fn matches(&self, path: &str) -> bool {
        let name = match self.whole_path {
            true => path,
            false => path.rsplit('/').next().unwrap_or(path),
        };
        path_match(&self.glob, name).unwrap_or(false)
    }
}

fn strip<'a>(stripped: Option<&'a str>, whole: &'a str) -> (bool, &'a str) {
    (stripped.is_some(), stripped.unwrap_or(whole))
}

#[cfg(test)]
mod tests {
    use source::EntryKind::{File, Folder};

    use super::Rules;

    #[test]
    fn first_match_decides_and_negation_ignores_the_rest() {
        let rules = Rules::parse("# c\n*.bak\n/root.txt\nsub/x?\ndir/\n").unwrap();
        assert!(rules.ignore("a/b.bak", File));
        assert!(rules.ignore("root.txt", File));
        assert!(!rules.ignore("a/root.txt", File));
        assert!(rules.ignore("sub/x1", File));
        assert!(rules.ignore("dir", Folder));
        assert!(!rules.ignore("dir", File));
        let rules = Rules::parse("!*.txt").unwrap();
        assert!(rules.ignore("Chart.yaml", File));
        assert!(!rules.ignore("a.txt", File));
        assert!(Rules::parse("a/**").is_err());
    }
}
