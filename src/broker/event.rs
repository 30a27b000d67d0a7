//! What waits in the agenda?
