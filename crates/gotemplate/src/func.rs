//! [`Func`]: how a template function is declared.
//!
//! A function is a row of a static table: its name, a plain typed Rust function, and what it
//! does to origins. [`FromArg`] and [`IntoValue`] convert; Go's wording of type errors lives
//! there and in the evaluator alone.
//!
//! ```
//! use gotemplate::{Func, Str, func};
//!
//! static FUNCS: &[Func] = &[func!("trimSuffix", trim_suffix, Transparent)];
//!
//! fn trim_suffix(suffix: Str, s: Str) -> Str {
//!     match s.as_bytes().ends_with(suffix.as_bytes()) {
//!         true => s.slice(0..s.len() - suffix.len()),
//!         false => s,
//!     }
//! }
//! assert_eq!(FUNCS[0].signature.params.len(), 2);
//! ```

use crate::{Call, FromArg, FuncError, IntoValue, Type, Value};

/// A function that templates can call; made by [`func!`](crate::func!).
#[derive(Debug)]
pub struct Func {
    /// Its name in templates.
    pub name: &'static str,
    /// What it takes and gives.
    pub signature: Signature,
    /// What it does to origins.
    pub effect: Effect,
    #[doc(hidden)]
    pub run: Run,
}

/// The erased form of a typed function.
pub type Run = fn(&mut Call<'_>, Vec<Value>) -> Result<Value, FuncError>;

/// What a function takes and gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The types of its parameters; of the last one's elements, if it is variadic.
    pub params: &'static [Type],
    /// Does its last parameter take any number of arguments?
    pub variadic: bool,
    /// The type of its result.
    pub returns: Type,
}

/// What a function does to the origins of its arguments.
///
/// In any case a result that carries its own origin, or a string with marks, keeps them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// A result without origin came from all arguments: `sha256sum`, `add`.
    Opaque,
    /// The function says itself where its result came from: it moves marks, puts values into
    /// a list or map, or chooses one ([`Call::because`]). Only a scalar or string that it left
    /// without origin came from all arguments.
    Transparent,
    /// The arguments decided how much there is of the result, but are no part of it: `until`,
    /// `len`.
    Counting,
    /// The result came from nowhere: it says something about its arguments that holds
    /// whatever they are, or is made of air (`uuidv4`).
    Silent,
    /// The result is drawn from randomness or the clock, besides its arguments:
    /// [`Origin::Drawn`](source::Origin::Drawn).
    Drawn,
    /// The evaluator does it by itself: `and`, `or`, `call`.
    #[doc(hidden)]
    Special,
}

/// Declares a function: `func!("name", path)` or `func!("name", path, Transparent)`.
///
/// `path` is a function of up to six [`FromArg`] parameters, the last of which may be
/// [`Rest`](crate::Rest); a `&mut Call` may stand before them. It returns something that
/// is [`IntoValue`], or a `Result` of it.
#[macro_export]
macro_rules! func {
    ($name:expr, $f:expr) => {
        $crate::func!($name, $f, Opaque)
    };
    ($name:expr, $f:expr, $effect:ident) => {
        $crate::Func {
            name: $name,
            signature: $crate::signature_of(&$f),
            effect: $crate::Effect::$effect,
            run: |call, args| $crate::invoke($f, call, args),
        }
    };
}

/// A Rust function that can be a template function. `Marker` tells the shapes apart.
pub trait Function<Marker> {
    /// What it takes and gives.
    const SIGNATURE: Signature;

    /// Converts the arguments and calls it.
    ///
    /// # Errors
    /// What the function returns, or that an argument is missing or of another type; the
    /// evaluator checks both before it calls.
    fn invoke(self, call: &mut Call<'_>, args: Vec<Value>) -> Result<Value, FuncError>;
}

#[doc(hidden)]
pub const fn signature_of<Marker, F: Function<Marker>>(_: &F) -> Signature {
    F::SIGNATURE
}

#[doc(hidden)]
pub fn invoke<Marker, F: Function<Marker>>(
    f: F,
    call: &mut Call<'_>,
    args: Vec<Value>,
) -> Result<Value, FuncError> {
    f.invoke(call, args)
}

/// Marks functions that take a `&mut Call` first.
#[derive(Debug)]
pub struct WithCall;

macro_rules! function {
    ($($arg:ident)*) => {
        impl<F, R, $($arg),*> Function<fn($($arg),*) -> R> for F
        where
            F: Fn($($arg),*) -> R,
            R: IntoValue,
            $($arg: FromArg,)*
        {
            const SIGNATURE: Signature = Signature {
                params: &[$($arg::TYPE),*],
                variadic: false $(|| $arg::VARIADIC)*,
                returns: R::TYPE,
            };

            #[allow(non_snake_case, unused_mut, unused_variables, clippy::allow_attributes, reason = "names of types name values; no parameters, no iterator")]
            fn invoke(self, call: &mut Call<'_>, args: Vec<Value>) -> Result<Value, FuncError> {
                let mut args = args.into_iter();
                $(let $arg = $arg::take(&mut args)?;)*
                self($($arg),*).into_value()
            }
        }

        impl<F, R, $($arg),*> Function<(WithCall, fn($($arg),*) -> R)> for F
        where
            F: Fn(&mut Call<'_>, $($arg),*) -> R,
            R: IntoValue,
            $($arg: FromArg,)*
        {
            const SIGNATURE: Signature = Signature {
                params: &[$($arg::TYPE),*],
                variadic: false $(|| $arg::VARIADIC)*,
                returns: R::TYPE,
            };

            #[allow(non_snake_case, unused_mut, unused_variables, clippy::allow_attributes, reason = "names of types name values; no parameters, no iterator")]
            fn invoke(self, call: &mut Call<'_>, args: Vec<Value>) -> Result<Value, FuncError> {
                let mut args = args.into_iter();
                $(let $arg = $arg::take(&mut args)?;)*
                self(call, $($arg),*).into_value()
            }
        }
    };
}

function! {}
function! { A }
function! { A B }
function! { A B C }
function! { A B C D }
function! { A B C D E }
function! { A B C D E G }
