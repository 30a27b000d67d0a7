//! A run that can be moved in time.
