//! What the judge calls what it finds, in a word or two: on the stage, on the time line, in lists and questions.

pub const GHOST: &str = "a ghost";
pub const LOST: &str = "lost";
pub const TWICE: &str = "twice";
pub const HALF_SENT: &str = "half-sent";
pub const STUCK: &str = "stuck";
pub const PARKED: &str = "parked";
pub const OUT_OF_ORDER: &str = "out of order";
pub const FAILED: &str = "failed";
pub const LATE: &str = "late";
pub const OVERDUE: &str = "not in time";
