//! What is in the history? One JSON object a line for each record.

use brokerlab::broker::world::World;
use brokerlab::scene::records;
use std::io::{self, Write};

/// Every record of a run.
pub fn all(out: &mut impl Write, world: &World) -> io::Result<()> {
    for line in records::lines(world) {
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
