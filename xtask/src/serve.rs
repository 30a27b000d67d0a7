//! How does somebody get to see the page?

use crate::args::Args;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::server::Server;
use crate::site;

const PORT: u16 = 8080;

pub fn serve(place: &Place, mut args: Args) -> Outcome {
    let port = match args.option("--port")? {
        Some(text) => port(&text)?,
        None => PORT,
    };
    args.finish()?;
    site::build(place)?;
    let server = Server::start(&place.dist(), port)?;
    println!("\nBrokerlab is served at {}  (Ctrl-C ends it)", server.address());
    server.stay();
    Ok(())
}

fn port(text: &str) -> Outcome<u16> {
    text.parse().map_err(|_| {
        Failure::new(format!("--port {text}"), "a port is a number from 0 to 65535", "0 takes any free port")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_a_number_up_to_65535() {
        assert_eq!(port("8080"), Ok(8080));
        assert!(port("65536").is_err());
        assert!(port("-1").is_err());
    }
}
