//! How did the run end, for a machine? One JSON object: the report, and the link to where it went wrong.

use crate::terminal::Told;
use brokerlab::timeline::report::Report;
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct Summary<'t> {
    #[serde(flatten)]
    report: Report,
    link: Option<&'t str>,
}

/// The run in one object.
pub fn summary(out: &mut impl Write, told: &Told) -> io::Result<()> {
    let report = Report::new(&told.scenario, &told.run);
    serde_json::to_writer_pretty(&mut *out, &Summary { report, link: told.link.as_deref() })?;
    out.write_all(b"\n")
}
