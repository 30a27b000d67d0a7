//! The engine: time, order, chance, memory. It has never heard of a broker.

pub mod agenda;
pub mod chance;
pub mod chunked;
pub mod digest;
pub mod shape;
pub mod time;
