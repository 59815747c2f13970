//! What each template function sees of its arguments, by its name.

use gotemplate::Look;

/// What a function does with the containers among its arguments; those that are not listed
/// see all of them.
pub(crate) fn look(name: &str) -> Look {
    match name {
        "index" => Look::Index,
        "print" | "println" => Look::Print,
        "printf" => Look::Printf,
        "len" | "not" | "empty" | "kindIs" | "kindOf" | "typeIs" | "typeIsLike"
        | "typeOf" | "all" | "any" => Look::Outside,
        "and" | "or" | "slice" | "mustSlice" | "default" | "coalesce" | "ternary"
        | "required" | "merge" | "mustMerge" | "mergeOverwrite"
        | "mustMergeOverwrite" | "deepCopy" | "mustDeepCopy" | "pick" | "omit"
        | "unset" | "concat" | "append" | "mustAppend" | "push" | "mustPush"
        | "prepend" | "mustPrepend" | "rest" | "mustRest" | "initial" | "mustInitial"
        | "reverse" | "mustReverse" => Look::Passes,
        "first" | "mustFirst" | "last" | "mustLast" => Look::Element,
        "dict" => Look::Dict,
        "list" | "tuple" => Look::List,
        "set" => Look::Set,
        "get" => Look::Get,
        "dig" => Look::Dig,
        "pluck" => Look::Pluck,
        "hasKey" => Look::HasKey,
        "keys" => Look::Keys,
        "values" => Look::Values,
        "include" => Look::Include,
        "tpl" => Look::Evaluate,
        "split" | "splitList" => Look::Split,
        _ => Look::Whole,
    }
}

#[cfg(test)]
mod tests {
    use gotemplate::Look;

    use super::look;
    use crate::Compat;

    #[test]
    fn only_functions_that_exist_are_listed() {
        let source = include_str!("look.rs");
        let table = source.split("_ => Look::Whole").next().unwrap();
        let known = |name: &str| {
            let tables = crate::funcs::tables(Compat::Helm4);
            tables.iter().any(|table| table.iter().any(|func| func.name == name))
                || gotemplate::Funcs::builtins().get(name).is_some()
        };
        let names = table.split('"').skip(1).step_by(2);
        for name in names {
            assert!(known(name), "{name}");
            assert_ne!(look(name), Look::Whole, "{name}");
        }
    }
}
