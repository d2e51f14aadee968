//! A port on the loopback that nobody has.

use std::net::{Ipv4Addr, TcpListener};

use crate::{Error, Result};

/// Whether nobody listens there now.
pub(super) fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// The first wish that is free, else whatever the system gives.
pub(super) fn choose(wishes: &[u16]) -> Result<u16> {
    if let Some(port) = wishes.iter().copied().find(|port| *port != 0 && is_free(*port)) {
        return Ok(port);
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .map_err(|error| Error::from(error).while_doing("cannot find a free port on 127.0.0.1"))?;
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_passed_over() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert_ne!(choose(&[port]).unwrap(), port);
        drop(taken);
        assert_eq!(choose(&[port]).unwrap(), port);
    }
}
