//! A wire that falls silent: what was open stays open and says nothing any more, as after sleep or behind a router that
//! forgot. New connections are let through.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A wire to one server.
#[derive(Debug)]
pub struct Silence {
    port: u16,
    /// Connections below this number have fallen silent.
    silent: Arc<AtomicUsize>,
    opened: Arc<AtomicUsize>,
}

impl Silence {
    /// Lays a wire to a port of this machine.
    pub fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (silent, opened): (Arc<AtomicUsize>, Arc<AtomicUsize>) = Default::default();
        let (from, count) = (Arc::clone(&silent), Arc::clone(&opened));
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let number = count.fetch_add(1, Ordering::SeqCst);
                let Ok(server) = TcpStream::connect(("127.0.0.1", server)) else { continue };
                carry(client.try_clone().unwrap(), server.try_clone().unwrap(), number, Arc::clone(&from));
                carry(server, client, number, Arc::clone(&from));
            }
        });
        Self { port, silent, opened }
    }

    /// The port at this end.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Whatever is open now is not heard of again.
    pub fn fall(&self) {
        self.silent.store(self.opened.load(Ordering::SeqCst), Ordering::SeqCst);
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, number: usize, silent: Arc<AtomicUsize>) {
    std::thread::spawn(move || {
        let mut buffer = [0; 16384];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            if number >= silent.load(Ordering::SeqCst) && to.write_all(&buffer[..length]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(std::net::Shutdown::Both);
    });
}
