//! What must hold: the ledger, an account of its own fed by records, and the promises.

pub mod promise;
