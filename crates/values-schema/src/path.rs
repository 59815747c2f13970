//! [`Path`]: where a value is, told only if something is wrong with it.

/// The way from a whole value to a part of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path<'p>(Option<(&'p Path<'p>, &'p str)>);

impl<'p> Path<'p> {
    /// That of the whole.
    pub(crate) const WHOLE: Path<'static> = Path(None);

    /// The way on to a part.
    pub(crate) fn below(&'p self, part: &'p str) -> Path<'p> {
        Path(Some((self, part)))
    }

    /// Is it that of the whole?
    pub(crate) fn is_whole(&self) -> bool {
        self.0.is_none()
    }

    /// Keys, and indices in decimal.
    pub(crate) fn parts(&self) -> Vec<String> {
        let mut parts = Vec::new();
        let mut at = self;
        while let Path(Some((above, part))) = at {
            parts.push((*part).to_owned());
            at = above;
        }
        parts.reverse();
        parts
    }
}
