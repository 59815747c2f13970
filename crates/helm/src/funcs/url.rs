//! URLs as dictionaries. (sprig: url.go)

use gotemplate::{Func, Map, Str, Value, func};

use super::kinds::{NIL_DEREFERENCE, kind_of};
use super::text::url::Url;

pub(super) static FUNCS: &[Func] =
    &[func!("urlParse", url_parse), func!("urlJoin", url_join)];

/// The parts of a URL. (url.go, `urlParse`)
fn url_parse(text: Str) -> Result<Map, String> {
    let url =
        Url::parse(text.as_bytes()).map_err(|e| format!("unable to parse url: {e}"))?;
    let userinfo = url.user.as_ref().map(super::text::url::User::write);
    let hostname = url.hostname().to_vec();
    let parts = [
        ("scheme", url.scheme.into_bytes()),
        ("host", url.host),
        ("hostname", hostname),
        ("path", url.path),
        ("query", url.query),
        ("opaque", url.opaque),
        ("fragment", url.fragment),
        ("userinfo", userinfo.unwrap_or_default()),
    ];
    Ok(parts.into_iter().map(|(key, part)| (Str::from(key), Value::str(part))).collect())
}

/// A URL of its parts; `hostname` does not count. (url.go, `urlJoin`)
fn url_join(parts: Map) -> Result<Str, String> {
    let part = |key: &str| match parts.get(key) {
        None => Ok(Vec::new()),
        Some(value) => match value.as_str() {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None if value.is_nil() => Err(NIL_DEREFERENCE.to_owned()),
            None => {
                let kind = kind_of(&value);
                Err(format!(
                    "unable to parse {key} key, must be of type string, but {kind} found"
                ))
            }
        },
    };
    let mut url = Url {
        scheme: String::from_utf8_lossy(&part("scheme")?).into_owned(),
        host: part("host")?,
        path: part("path")?,
        query: part("query")?,
        opaque: part("opaque")?,
        fragment: part("fragment")?,
        user: None,
        raw_path: Vec::new(),
    };
    let userinfo = part("userinfo")?;
    if !userinfo.is_empty() {
        let text = [b"proto://".as_slice(), &userinfo, b"@host"].concat();
        let parsed = Url::parse(&text)
            .map_err(|error| format!("unable to parse userinfo in dict: {error}"))?;
        url.user = parsed.user;
    }
    Ok(Str::from(url.write()))
}
