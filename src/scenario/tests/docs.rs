//! Does the reference say what the parser does?
