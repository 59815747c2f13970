//! What copies of a chart share, as Go's copies of a struct share what its pointers lead to.
//!
//! A chart that is used twice is copied with its dependencies. What is below them is not, nor
//! what the dependencies ask for: the second use finds what the first has left.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ecow::EcoString;

use crate::chart::Dependency;

/// Where a chart stands: which is its parent. What is shared stands where it was put last.
#[derive(Debug)]
pub(crate) struct Place {
    name: EcoString,
    parent: Mutex<Option<Arc<Place>>>,
}

impl Place {
    /// The place of a chart without a parent.
    pub(super) fn named(name: &EcoString) -> Arc<Place> {
        Arc::new(Place { name: name.clone(), parent: Mutex::default() })
    }

    /// Puts it below another.
    pub(super) fn put(&self, parent: &Arc<Place>) {
        *locked(&self.parent) = Some(parent.clone());
    }

    /// `chart/charts/sub`
    pub(super) fn path(&self) -> EcoString {
        match &*locked(&self.parent) {
            Some(parent) => ecow::eco_format!("{}/charts/{}", parent.path(), self.name),
            None => self.name.clone(),
        }
    }
}

/// The dependencies that a chart asks for, while they are processed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requests(Arc<Mutex<Requested>>);

#[derive(Clone, Debug, Default)]
struct Requested {
    /// What is left of them; nothing without a list.
    list: Option<Vec<Dependency>>,
    is_imported: bool,
}

impl Requests {
    /// Requests that nothing shares.
    pub(super) fn of(list: Option<Vec<Dependency>>) -> Requests {
        Requests(Arc::new(Mutex::new(Requested { list, is_imported: false })))
    }

    /// The same requests, shared with nothing.
    pub(super) fn parted(&self) -> Requests {
        Requests(Arc::new(Mutex::new(locked(&self.0).clone())))
    }

    /// What is left.
    pub(super) fn left(&self) -> Option<Vec<Dependency>> {
        locked(&self.0).list.clone()
    }

    /// Takes what is left.
    pub(super) fn take(&self) -> Option<Vec<Dependency>> {
        locked(&self.0).list.take()
    }

    /// Leaves what is to be found next.
    pub(super) fn leave(&self, list: Option<Vec<Dependency>>) {
        locked(&self.0).list = list;
    }

    /// What is imported. Upstream writes down what it imported as of another type, which it
    /// does not know when it comes again.
    pub(super) fn imported(&self) -> Option<Vec<Dependency>> {
        let mut requested = locked(&self.0);
        let again = std::mem::replace(&mut requested.is_imported, true);
        let list = requested.list.as_mut()?;
        if again {
            list.iter_mut().for_each(|request| request.import_values.clear());
        }
        Some(list.clone())
    }
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
