//! Where each field of a resource came from, told to people.
