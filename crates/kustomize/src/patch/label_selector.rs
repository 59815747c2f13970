//! The grammar of label selectors, used for annotations too.
//! (kyaml: `yaml/internal/k8sgen/pkg/labels/selector.go`)

use std::collections::BTreeMap;

use ecow::EcoString;

/// What labels must hold: all of these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LabelSelector {
    requirements: Vec<Requirement>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    key: String,
    operator: Operator,
    values: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    /// `a in (b)`, `a=b`, `a==b`
    In,
    /// `a notin (b)`, `a!=b`
    NotIn,
    /// `a`
    Exists,
    /// `!a`
    DoesNotExist,
    /// `a>1`
    GreaterThan,
    /// `a<1`
    LessThan,
}

impl LabelSelector {
    /// Reads a selector; the fault in upstream's words.
    pub(crate) fn parse(text: &str) -> Result<LabelSelector, String> {
        Parser { tokens: scan(text), at: 0 }.parse()
    }

    /// Does it ask for nothing?
    pub(crate) fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }

    /// Do these labels hold what it asks for?
    pub(crate) fn matches(&self, labels: &BTreeMap<EcoString, EcoString>) -> bool {
        self.requirements.iter().all(|r| r.matches(labels.get(r.key.as_str())))
    }
}

impl Requirement {
    fn matches(&self, value: Option<&EcoString>) -> bool {
        let listed = |value: &EcoString| self.values.iter().any(|v| v == value.as_str());
        let compared = |holds: fn(&i64, &i64) -> bool| {
            let number = value.and_then(|v| v.parse::<i64>().ok());
            let limit = self.values.first().and_then(|v| v.parse::<i64>().ok());
            number.zip(limit).is_some_and(|(number, limit)| holds(&number, &limit))
        };
        match self.operator {
            Operator::In => value.is_some_and(listed),
            Operator::NotIn => !value.is_some_and(listed),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
            Operator::GreaterThan => compared(i64::gt),
            Operator::LessThan => compared(i64::lt),
        }
    }
}

/// A token: a symbol, the words `in` and `notin`, an identifier, or the end (empty).
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// `=`, `!=`, `(`, …
    Symbol(&'static str),
    /// `in`, `notin`
    Word(&'static str),
    /// `app.kubernetes.io/name`
    Identifier(String),
    /// `=>`: symbols that make no token.
    Error(String),
    /// The end.
    End,
}

const SYMBOLS: &[&str] = &["==", "!=", "=", "!", ">", "<", "(", ")", ","];

fn scan(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start_matches(is_blank);
    while let Some(c) = rest.chars().next() {
        let length = match is_symbol(c) {
            true => {
                let symbol = SYMBOLS.iter().find(|s| rest.starts_with(**s));
                tokens.push(match symbol {
                    Some(symbol) => Token::Symbol(symbol),
                    None => Token::Error(format!("error expected: keyword found '{c}'")),
                });
                symbol.map_or(c.len_utf8(), |s| s.len())
            }
            false => {
                let end =
                    rest.find(|c| is_symbol(c) || is_blank(c)).unwrap_or(rest.len());
                let word = rest.get(..end).unwrap_or("");
                tokens.push(match word {
                    "in" => Token::Word("in"),
                    "notin" => Token::Word("notin"),
                    _ => Token::Identifier(word.to_owned()),
                });
                end
            }
        };
        rest = rest.get(length..).unwrap_or("").trim_start_matches(is_blank);
    }
    tokens.push(Token::End);
    tokens
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_symbol(c: char) -> bool {
    matches!(c, '=' | '!' | '(' | ')' | ',' | '>' | '<')
}

impl Token {
    fn literal(&self) -> &str {
        match self {
            Token::Symbol(text) | Token::Word(text) => text,
            Token::Identifier(text) | Token::Error(text) => text,
            Token::End => "",
        }
    }

    fn identifier(&self) -> Option<&str> {
        match self {
            Token::Identifier(text) => Some(text),
            Token::Word(text) => Some(text),
            _ => None,
        }
    }

    fn is(&self, symbol: &str) -> bool {
        matches!(self, Token::Symbol(own) if *own == symbol)
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Token {
        self.tokens.get(self.at).cloned().unwrap_or(Token::End)
    }

    fn next(&mut self) -> Token {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn parse(mut self) -> Result<LabelSelector, String> {
        let mut requirements = Vec::new();
        loop {
            let token = self.peek();
            if token == Token::End {
                break;
            }
            if token.identifier().is_none() && !token.is("!") {
                let found = token.literal();
                return Err(format!(
                    "found '{found}', expected: !, identifier, or 'end of string'"
                ));
            }
            let requirement = self.requirement();
            requirements.push(
                requirement.map_err(|e| format!("unable to parse requirement: {e}"))?,
            );
            match self.next() {
                Token::End => break,
                token if token.is(",") => {
                    let token = self.peek();
                    if token.identifier().is_none() && !token.is("!") {
                        let found = token.literal();
                        return Err(format!(
                            "found '{found}', expected: identifier after ','"
                        ));
                    }
                }
                token => {
                    let found = token.literal();
                    return Err(format!(
                        "found '{found}', expected: ',' or 'end of string'"
                    ));
                }
            }
        }
        Ok(LabelSelector { requirements })
    }

    fn requirement(&mut self) -> Result<Requirement, String> {
        let mut token = self.next();
        let negated = token.is("!");
        if negated {
            token = self.next();
        }
        let Some(key) = token.identifier().map(str::to_owned) else {
            return Err(format!("found '{}', expected: identifier", token.literal()));
        };
        check_key(&key)?;
        let bare = self.peek() == Token::End || self.peek().is(",");
        if negated || bare {
            let operator =
                if negated { Operator::DoesNotExist } else { Operator::Exists };
            return Ok(Requirement { key, operator, values: Vec::new() });
        }
        let token = self.next();
        let (operator, set) = match token.literal() {
            "in" => (Operator::In, true),
            "notin" => (Operator::NotIn, true),
            "=" | "==" => (Operator::In, false),
            "!=" => (Operator::NotIn, false),
            ">" => (Operator::GreaterThan, false),
            "<" => (Operator::LessThan, false),
            found => {
                return Err(format!(
                    "found '{found}', expected: '=', '!=', '==', 'in', notin'"
                ));
            }
        };
        let values = if set { self.values()? } else { vec![self.exact_value()?] };
        if matches!(operator, Operator::GreaterThan | Operator::LessThan)
            && values.iter().any(|v| v.parse::<i64>().is_err())
        {
            return Err("for 'Gt', 'Lt' operators, the value must be an integer".into());
        }
        values.iter().try_for_each(|value| check_value(&key, value))?;
        Ok(Requirement { key, operator, values })
    }

    fn exact_value(&mut self) -> Result<String, String> {
        if self.peek() == Token::End || self.peek().is(",") {
            return Ok(String::new());
        }
        let token = self.next();
        token
            .identifier()
            .map(str::to_owned)
            .ok_or_else(|| format!("found '{}', expected: identifier", token.literal()))
    }

    fn values(&mut self) -> Result<Vec<String>, String> {
        let open = self.next();
        if !open.is("(") {
            return Err(format!("found '{}' expected: '('", open.literal()));
        }
        let mut values = Vec::new();
        let mut current: Option<String> = None;
        loop {
            let token = self.next();
            if let Some(word) = token.identifier() {
                if current.is_some() {
                    return Err(format!("found '{word}', expected: ',' or ')'"));
                }
                current = Some(word.to_owned());
            } else if token.is(",") {
                values.push(current.take().unwrap_or_default());
            } else if token.is(")") {
                values.push(current.unwrap_or_default());
                return Ok(values);
            } else {
                let found = token.literal();
                return Err(format!("found '{found}', expected: ',', ')' or identifier"));
            }
        }
    }
}

const NAME_RULE: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

fn check_key(key: &str) -> Result<(), String> {
    let (prefix, name) = match key.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, key),
    };
    let prefix_fits = prefix.is_none_or(is_subdomain);
    if name.len() <= 63 && !name.is_empty() && is_name(name) && prefix_fits {
        return Ok(());
    }
    Err(format!("invalid label key {key:?}: {NAME_RULE}"))
}

fn check_value(key: &str, value: &str) -> Result<(), String> {
    if value.len() <= 63 && (value.is_empty() || is_name(value)) {
        return Ok(());
    }
    Err(format!(
        "invalid label value: {value:?}: at key: {key:?}: a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
    ))
}

fn is_name(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let edge = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    bytes.iter().all(|b| inner(*b)) && edge(bytes.first()) && edge(bytes.last())
}

fn is_subdomain(text: &str) -> bool {
    let label = |part: &str| {
        let lower = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let bytes = part.as_bytes();
        bytes.first().is_some_and(|b| lower(*b))
            && bytes.last().is_some_and(|b| lower(*b))
            && bytes.iter().all(|b| lower(*b) || *b == b'-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::LabelSelector;
    use std::collections::BTreeMap;

    fn matches(selector: &str) -> Result<bool, String> {
        let labels = [("app", "web"), ("tier", ""), ("n", "5"), ("a.io/b", "c")];
        let labels: BTreeMap<_, _> =
            labels.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
        Ok(LabelSelector::parse(selector)?.matches(&labels))
    }

    #[test]
    fn the_grammar() {
        for yes in [
            "",
            "app",
            "app=web",
            "app == web",
            "app in (x, web)",
            "app notin (x,y)",
            "!nope",
            "nope!=x",
            "tier=",
            "tier",
            "tier in ()",
            "tier in (a,,b)",
            "n>4,n<6",
            "a.io/b=c",
            "nope notin (x)",
            "app!=x,tier",
            " app = web ",
        ] {
            assert_eq!(matches(yes), Ok(true), "{yes}");
        }
        for no in ["app=x", "nope", "!app", "app notin (web)", "n>5", "nope in (x)"] {
            assert_eq!(matches(no), Ok(false), "{no}");
        }
        for bad in [
            "=x",
            "app=,",
            "app in x",
            "app in (x",
            "a b",
            "app=x y",
            "app>x",
            "-a",
            "a=-",
        ] {
            assert!(matches(bad).is_err(), "{bad}");
        }
    }
}
