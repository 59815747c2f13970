//! [`Look`]: what a function sees of its arguments, and what it gives back of them.

/// What a function does with the containers among its arguments.
///
/// [`Executor::with_look`](crate::Executor::with_look) and [`Paths`](crate::Paths) ask for
/// it by the function's name: reads are those that were observed, and those that could be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Look {
    /// It sees all of every argument: `toYaml`, `printf`, `eq`.
    Whole,
    /// It sees what kind of thing they are, or whether they are empty: `kindIs`, `len`.
    Outside,
    /// Its result is one of its arguments, or made of their entries: `default`, `merge`,
    /// `deepCopy`, `first`.
    Passes,
    /// As [`Look::Passes`]; the result is one element of a list: `first`.
    Element,
    /// It makes a map of keys and values in turn: `dict`.
    Dict,
    /// It makes a list of its arguments: `list`.
    List,
    /// It changes a key of its first argument: `set`.
    Set,
    /// It finds the entry of a map whose key is its second argument: `get`.
    Get,
    /// It follows keys that come after the container: `index`.
    Index,
    /// It follows keys that come before the default and the container: `dig`.
    Dig,
    /// It finds the entries of a key, its first argument, in all others: `pluck`.
    Pluck,
    /// It sees whether a map has a key: `hasKey`.
    HasKey,
    /// It sees the keys: `keys`.
    Keys,
    /// Its result is a list of the entries: `values`.
    Values,
    /// It executes the template of a name with a dot: `include`.
    Include,
    /// It executes a text with a dot: `tpl`.
    Evaluate,
    /// It cuts its second argument at its first: `splitList`.
    Split,
    /// It puts texts together: `print`.
    Print,
    /// It puts texts together by a format: `printf`.
    Printf,
}

/// What the functions of text/template itself do.
#[must_use]
pub(crate) fn of_builtin(name: &str) -> Look {
    match name {
        "and" | "or" => Look::Passes,
        "not" | "len" => Look::Outside,
        "index" => Look::Index,
        "slice" => Look::Passes,
        "print" => Look::Print,
        "printf" => Look::Printf,
        _ => Look::Whole,
    }
}
