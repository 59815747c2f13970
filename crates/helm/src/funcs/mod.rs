//! The functions of templates: sprig 3.3.0's and Helm's own.
//!
//! One file a chapter; in it one small Rust function and one row of a table for each template
//! function. To add one, write both, and a case in `tests/functions/`. [`tables`] lists the
//! chapters. What several share: `args` (parameters), `kinds` (what Go's reflection says),
//! `cast`, `equal`, `plain` (trees for YAML, JSON and TOML), `pieces` (texts with marks),
//! `text` (algorithms on bytes).
//!
//! Absent on purpose: `env` and `expandenv`, which Helm takes away; Go's own functions, which
//! are gotemplate's; clock and randomness, which come from the [`Host`](crate::Host).

mod args;
mod cast;
mod certificates;
mod crypto;
mod dates;
mod decimal;
mod defaults;
mod dicts;
mod encoding;
mod equal;
mod flow;
mod instant;
mod json;
mod kinds;
mod lists;
mod look;
mod merge;
mod numeric;
mod outlined;
mod paths;
mod pieces;
mod plain;
mod random;
mod raw;
mod reflection;
mod regex;
mod semver;
mod strings;
mod template;
mod text;
mod toml;
mod url;
mod yaml;

pub(crate) use look::look;
pub(crate) use text::ip::{Address, parse_addr};
pub(crate) use text::url::{Url, path_unescape};
pub(crate) use yaml::yaml_document;

use gotemplate::Func;

use crate::Compat;

/// The chapters, for one Helm. None names a function twice.
#[must_use]
pub fn tables(compat: Compat) -> Vec<&'static [Func]> {
    let mut tables = vec![
        certificates::FUNCS,
        crypto::FUNCS,
        dates::FUNCS,
        defaults::FUNCS,
        dicts::FUNCS,
        encoding::FUNCS,
        flow::FUNCS,
        json::FUNCS,
        lists::FUNCS,
        numeric::FUNCS,
        paths::FUNCS,
        random::FUNCS,
        reflection::FUNCS,
        regex::FUNCS,
        semver::FUNCS,
        strings::FUNCS,
        template::FUNCS,
        toml::FUNCS,
        url::FUNCS,
        yaml::FUNCS,
    ];
    if compat == Compat::Helm4 {
        tables.extend([toml::HELM4_FUNCS, yaml::HELM4_FUNCS]);
    }
    tables
}
