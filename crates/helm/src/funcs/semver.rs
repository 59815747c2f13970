//! Versions. (sprig: semver.go; Masterminds/semver v3)

use gotemplate::{
    Foreign, FromArg, Func, FuncError, Object, Str, This, Type, Value, func,
};

use super::raw::raw_text;
use crate::semver::{Constraints, Version};

pub(super) static FUNCS: &[Func] =
    &[func!("semver", semver), func!("semverCompare", semver_compare)];

/// Reads a version. (semver.go, `semver`)
fn semver(text: Str) -> Result<Value, String> {
    Ok(object(Version::parse(&text.to_str())?, true))
}

/// Does a version meet a constraint? (semver.go, `semverCompare`)
fn semver_compare(constraint: Str, version: Str) -> Result<bool, String> {
    let constraints = Constraints::known(&raw_text(&constraint)).map_err(|words| {
        // Such bytes are quoted as what stands for them.
        words.replace(r"\U0010fe", r"\x")
    })?;
    let version = Version::parse(&version.to_str())?;
    Ok(constraints.check(&version))
}

fn object(version: Version, pointer: bool) -> Value {
    Value::from(match pointer {
        true => Object::new(Pointer(version)),
        false => Object::new(Struct(version)),
    })
}

/// `*semver.Version`.
pub(super) struct Pointer(pub(super) Version);

/// `semver.Version`, as `IncMajor` returns it: without the methods of pointers.
pub(super) struct Struct(pub(super) Version);

/// A parameter that is a `*semver.Version`.
struct Other(Version);

impl FromArg for Other {
    const TYPE: Type = Type::Object("*semver.Version");

    fn from_value(value: Value) -> Result<Other, FuncError> {
        match value.downcast::<Pointer>() {
            Some(pointer) => Ok(Other(pointer.0.clone())),
            None => Err(super::kinds::NIL_DEREFERENCE.into()),
        }
    }
}

trait Holder {
    fn version(&self) -> &Version;
}

impl Holder for Pointer {
    fn version(&self) -> &Version {
        &self.0
    }
}

impl Holder for Struct {
    fn version(&self) -> &Version {
        &self.0
    }
}

macro_rules! methods {
    ($of:ty, $($more:expr),*) => {
        &[
            func!("Major", |v: This<$of>| v.0.version().major),
            func!("Minor", |v: This<$of>| v.0.version().minor),
            func!("Patch", |v: This<$of>| v.0.version().patch),
            func!("Prerelease", |v: This<$of>| v.0.version().pre.clone()),
            func!("Metadata", |v: This<$of>| v.0.version().metadata.clone()),
            func!("String", |v: This<$of>| v.0.version().to_string()),
            func!("IncPatch", |v: This<$of>| object(v.0.version().inc_patch(), false)),
            func!("IncMinor", |v: This<$of>| object(v.0.version().inc_minor(), false)),
            func!("IncMajor", |v: This<$of>| object(v.0.version().inc_major(), false)),
            func!("SetPrerelease", |v: This<$of>, text: String| {
                v.0.version().with_prerelease(&text).map(|v| object(v, false))
            }),
            func!("SetMetadata", |v: This<$of>, text: String| {
                v.0.version().with_metadata(&text).map(|v| object(v, false))
            }),
            $($more),*
        ]
    };
}

static STRUCT_METHODS: &[Func] = methods!(Struct,);
static POINTER_METHODS: &[Func] = methods!(
    Pointer,
    func!("Original", |v: This<Pointer>| v.0.0.original.clone()),
    func!("Compare", |v: This<Pointer>, o: Other| v.0.0.compare(&o.0) as i8 as isize),
    func!("Equal", |v: This<Pointer>, o: Other| v.0.0.compare(&o.0).is_eq()),
    func!("LessThan", |v: This<Pointer>, o: Other| v.0.0.compare(&o.0).is_lt()),
    func!("LessThanEqual", |v: This<Pointer>, o: Other| v.0.0.compare(&o.0).is_le()),
    func!("GreaterThan", |v: This<Pointer>, o: Other| v.0.0.compare(&o.0).is_gt()),
    func!("GreaterThanEqual", |v: This<Pointer>, o: Other| v.0.0.compare(&o.0).is_ge())
);

impl Foreign for Pointer {
    fn type_name(&self) -> &'static str {
        "*semver.Version"
    }

    fn methods(&self) -> &'static [Func] {
        POINTER_METHODS
    }

    fn string(&self) -> Option<String> {
        Some(self.0.to_string())
    }

    fn go_syntax(&self) -> String {
        let v = &self.0;
        let quote = |text: &str| gotemplate::fmt::quote(text.as_bytes());
        format!(
            "&semver.Version{{major:0x{:x}, minor:0x{:x}, patch:0x{:x}, pre:{}, metadata:{}, original:{}}}",
            v.major,
            v.minor,
            v.patch,
            quote(&v.pre),
            quote(&v.metadata),
            quote(&v.original)
        )
    }
}

impl Foreign for Struct {
    fn type_name(&self) -> &'static str {
        "semver.Version"
    }

    fn methods(&self) -> &'static [Func] {
        STRUCT_METHODS
    }

    fn string(&self) -> Option<String> {
        Some(self.0.to_string())
    }
}
