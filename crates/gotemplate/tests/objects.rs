//! Foreign objects, methods and typed functions against a Go program with the same types.

use std::sync::Arc;

use gotemplate::{
    Data, Executor, Foreign, Func, Funcs, Kind, List, Map, MissingKey, Object, Rest, Str,
    TemplateSet, This, Type, UintKind, Value, func,
};
use source::{FileId, Origins};

struct Thing;

static METHODS: &[Func] = &[
    func!("Hello", |_: This<Thing>, s: Str| format!("thing says {s}")),
    func!("Sum", |_: This<Thing>, all: Rest<isize>| match all.0.iter().sum() {
        0.. => Ok(all.0.iter().sum::<isize>()),
        _ => Err("negative"),
    }),
    func!("Any", |_: This<Thing>, x: Value| x),
];

impl Foreign for Thing {
    fn type_name(&self) -> &'static str {
        "*main.Thing"
    }

    fn field(&self, name: &str) -> Option<Value> {
        match name {
            "Name" => Some(Value::str("thing")),
            "N" => Some(Value::NIL),
            _ => None,
        }
    }

    fn methods(&self) -> &'static [Func] {
        METHODS
    }

    fn print(&self) -> String {
        "&{thing <nil>}".to_owned()
    }
}

struct Files;

fn hi() -> Value {
    let byte = |b: &u8| Value::new(Data::Uint(u64::from(*b), UintKind::Uint8));
    let of = Type::Uint(UintKind::Uint8);
    Value::from(List::of(of, b"hi".iter().map(byte).collect()))
}

static FILES_METHODS: &[Func] =
    &[func!("Get", |_: This<Files>, name: Str| { if name == "a" { "hi" } else { "" } })];

impl Foreign for Files {
    fn type_name(&self) -> &'static str {
        "main.Files"
    }

    fn kind(&self) -> Kind {
        Kind::Map
    }

    fn field(&self, name: &str) -> Option<Value> {
        (name == "a").then(hi)
    }

    fn element(&self) -> Type {
        Type::List(&Type::Uint(UintKind::Uint8))
    }

    fn methods(&self) -> &'static [Func] {
        FILES_METHODS
    }

    fn length(&self) -> Option<usize> {
        Some(1)
    }

    fn index(&self, key: &Value) -> Option<Value> {
        key.as_str().filter(|key| **key == "a").map(|_| hi())
    }

    fn entries(&self) -> Option<Vec<(Value, Value)>> {
        Some(vec![(Value::str("a"), hi())])
    }

    fn plain(&self) -> Option<Value> {
        let entries = [(Str::from("a"), hi())];
        Some(Value::from(Map::of(Type::List(&Type::Any), entries)))
    }
}

struct Named;

impl Foreign for Named {
    fn type_name(&self) -> &'static str {
        "main.Named"
    }

    fn kind(&self) -> Kind {
        Kind::String
    }

    fn length(&self) -> Option<usize> {
        Some(1)
    }

    fn string(&self) -> Option<String> {
        Some("<n>".to_owned())
    }

    fn plain(&self) -> Option<Value> {
        Some(Value::str("n"))
    }
}

static FUNCS: &[Func] = &[
    func!("upper", |s: Str| format!("U{s}")),
    func!("atoi", |s: Str| Err::<isize, _>(format!("bad {s}"))),
    func!("add", |a: i64, b: i64| a + b),
    func!("m", |m: Map| isize::try_from(m.len()).unwrap_or(0)),
    func!("l", |l: List| isize::try_from(l.len()).unwrap_or(0)),
    func!("f64", |f: f64| f),
    func!("boolf", |b: bool| b),
    func!("any", |x: Rest<Value>| x.0.into_iter().next().unwrap_or_default()),
    func!("nil2", || Value::NIL),
    func!("u8", |n: u8| n),
    func!("i64", |n: i64| n),
];

static INC: Func = func!("inc", |n: isize| n + 1);

fn run(text: &str) -> Result<Vec<u8>, Box<gotemplate::Error>> {
    let mut set = TemplateSet::new(Arc::new(Funcs::builtins().with(FUNCS)));
    set.parse("t", text, FileId::NONE)?;
    let mm: Map = [(Str::from("a"), Value::int(1))].into_iter().collect();
    let entries = [
        ("thing", Value::from(Object::new(Thing))),
        ("files", Value::from(Object::new(Files))),
        ("named", Value::from(Object::new(Named))),
        ("n", Value::int(5)),
        ("mm", Value::from(mm)),
        ("fn", Value::new(Data::Func(&INC))),
    ];
    let dot: Map = entries.into_iter().map(|(k, v)| (Str::from(k), v)).collect();
    let exec = Executor::new(Arc::new(set), Origins::new());
    let mut exec = exec.with_missing_key(MissingKey::Zero);
    exec.execute("t", Value::from(dot)).map(|out| out.text)
}

#[test]
fn objects_and_typed_functions() {
    super::compare(include_str!("objects.txt"), run);
}
