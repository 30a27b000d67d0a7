//! The terminal.

use brokerlab::scenario::catalogue;
use brokerlab::timeline::run::Run;
use brokerlab::scene::story;
use brokerlab::check::promise::judge;
fn main() {
    let arg = std::env::args().nth(1);
    for s in catalogue::scenarios() {
        if let Some(a) = &arg && *a != s.id { continue; }
        let t = std::time::Instant::now();
        let mut bad = 0;
        for seed in (0..1000).map(|n| if n == 0 { s.seed } else { n }) {
            let run = Run::new(s.setup.clone(), seed, vec![]);
            let l = &run.end().ledger;
            let ok = judge(l, &s.keeps).iter().all(|p| p.held == Some(true)) && judge(l, &s.breaks).iter().all(|p| p.held == Some(false)) && judge(l, &s.reaches).iter().all(|p| p.held == Some(true));
            if !ok { bad += 1; if bad < 3 { println!("  seed {seed}: {:?}", l.counts()); } }
            if seed == s.seed {
                println!("{} steps {} records {} end {} {:?} {:?}", s.id, run.end().step(), run.end().world.history().len(), run.end().now(), l.counts(), run.end().world.ended());
                if arg.is_some() {
                    let w = &run.end().world;
                    for line in story::lines(w, l, 1, run.end().step()) { println!("{:>4} {} {} {}", line.step, line.at, line.text, line.why.unwrap_or_default()); }
                }
            }
        }
        println!("   bad {bad}/1000 in {:?}", t.elapsed());
    }
}
