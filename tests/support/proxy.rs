//! A wire between a program and its server that can be stopped before or after any message, and cut.
//!
//! It follows one session: the one that says at its start that it wants the server itself. What that session sends is
//! counted in rounds: a simple query, or the messages up to a Sync. So every boundary of a run can be stood on, without a
//! word of it in the program.

mod messages;

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use messages::Rounds;

/// What only the followed session says in its first message.
const MARK: &[u8] = b"evaldesk.mark";

/// On which side of a round the wire stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// It was sent, and the server has not got it.
    Before,
    /// The server has answered it, and nobody has heard the answer.
    After,
}

/// Where it stops.
#[derive(Debug, Clone, PartialEq, Eq)]
enum At {
    Round(usize),
    Text(String),
}

/// A wire to one server.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// What the followed session has sent, a text for each round.
    rounds: Vec<String>,
    stop: Option<(At, Side)>,
    reached: bool,
    /// The answer of this round is held back.
    holding: bool,
    ended: bool,
    sockets: Vec<TcpStream>,
}

impl Proxy {
    /// A wire to the server on this port.
    pub fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared: Arc<Shared> = Arc::default();
        let accepting = Arc::clone(&shared);
        std::thread::spawn(move || accept(&listener, server, &accepting));
        Self { port, shared }
    }

    /// The address of a database at its other end.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}?sslmode=disable", self.port)
    }

    /// Stops at a round of the followed session, counted from 0.
    pub fn stop_at(&self, round: usize, side: Side) {
        self.shared.lock().stop = Some((At::Round(round), side));
    }

    /// Stops at the next round that begins with these words.
    pub fn stop_at_text(&self, words: &str, side: Side) {
        self.shared.lock().stop = Some((At::Text(words.to_owned()), side));
    }

    /// Waits until the wire has stopped. False where the session ended before, or nothing came of it in time.
    pub fn reached(&self, patience: Duration) -> bool {
        let waiting = |state: &mut State| !state.reached && !state.ended;
        let waited = self.shared.changed.wait_timeout_while(self.shared.lock(), patience, waiting);
        waited.unwrap_or_else(PoisonError::into_inner).0.reached
    }

    /// Lets what was held back go on.
    pub fn go_on(&self) {
        let mut state = self.shared.lock();
        (state.stop, state.reached, state.holding) = (None, false, false);
        self.shared.changed.notify_all();
    }

    /// Cuts every connection. New ones are let through.
    pub fn cut(&self) {
        let sockets = std::mem::take(&mut self.shared.lock().sockets);
        sockets.iter().for_each(|socket| drop(socket.shutdown(Shutdown::Both)));
        self.go_on();
    }

    /// What the followed session has sent so far.
    pub fn rounds(&self) -> Vec<String> {
        self.shared.lock().rounds.clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.cut();
        self.shared.lock().ended = true;
        // The listener waits for somebody: this wakes it.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a round that the followed session sends; held here if it is the one to stop before.
    fn sent(&self, text: String) {
        let mut state = self.lock();
        let round = state.rounds.len();
        let stop = state.stop.clone().filter(|(at, _)| match at {
            At::Round(wanted) => *wanted == round,
            At::Text(words) => text.starts_with(words),
        });
        state.rounds.push(text);
        match stop.map(|(_, side)| side) {
            Some(Side::Before) => {
                state.reached = true;
                self.changed.notify_all();
                let held = |state: &mut State| state.reached;
                drop(self.changed.wait_while(state, held));
            }
            Some(Side::After) => state.holding = true,
            None => {}
        }
    }

    /// Holds an answer back that is not to be heard. `whole` says that the server is done with it.
    fn answered(&self, whole: bool) {
        let mut state = self.lock();
        if whole {
            state.reached = true;
            self.changed.notify_all();
            drop(self.changed.wait_while(state, |state| state.holding));
        }
    }
}

fn accept(listener: &TcpListener, server: u16, shared: &Arc<Shared>) {
    for client in listener.incoming().flatten() {
        if shared.lock().ended {
            return;
        }
        let Ok(server) = TcpStream::connect(("127.0.0.1", server)) else { continue };
        let pair = [client.try_clone().unwrap(), server.try_clone().unwrap()];
        shared.lock().sockets.extend(pair);
        let (shared, followed) = (Arc::clone(shared), Arc::new(Mutex::new(false)));
        let (there, back) = ((client.try_clone().unwrap(), server.try_clone().unwrap()), (server, client));
        let (shared_back, followed_back) = (Arc::clone(&shared), Arc::clone(&followed));
        std::thread::spawn(move || requests(there, &shared, &followed));
        std::thread::spawn(move || answers(back, &shared_back, &followed_back));
    }
}

/// From the program to the server, round by round where the session is followed.
fn requests((mut from, mut to): (TcpStream, TcpStream), shared: &Shared, followed: &Mutex<bool>) {
    let (mut rounds, mut buffer) = (Rounds::default(), [0; 16384]);
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        rounds.take(&buffer[..length]);
        while let Some((bytes, text)) = rounds.next() {
            if bytes.windows(MARK.len()).any(|window| window == MARK) && text.is_none() {
                *followed.lock().unwrap() = true;
            }
            if let Some(text) = text.filter(|_| *followed.lock().unwrap()) {
                shared.sent(text);
            }
            if to.write_all(&bytes).is_err() {
                break;
            }
        }
    }
    close(&from, &to);
}

/// From the server to the program, as it comes, unless it is to be held back.
fn answers((mut from, mut to): (TcpStream, TcpStream), shared: &Shared, followed: &Mutex<bool>) {
    let (mut buffer, mut held) = ([0; 16384], Vec::new());
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        held.extend_from_slice(&buffer[..length]);
        if *followed.lock().unwrap() && shared.lock().holding {
            shared.answered(messages::ends_ready(&held));
            if shared.lock().holding {
                continue;
            }
        }
        if to.write_all(&std::mem::take(&mut held)).is_err() {
            break;
        }
    }
    close(&from, &to);
}

fn close(one: &TcpStream, other: &TcpStream) {
    let _ = one.shutdown(Shutdown::Both);
    let _ = other.shutdown(Shutdown::Both);
}
