//! An SSH server that takes a password, or asks for it as a question. OpenSSH's own would need an account of the system
//! with a password and root to look it up; this one is the client library's server half.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use russh::keys::{PrivateKey, load_secret_key};
use russh::server::{self, Auth, ChannelOpenHandle, Msg, Response, Session};
use russh::{Channel, MethodKind, MethodSet};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::sshd::keygen;

/// How it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SshAsks {
    /// Method "password".
    Password,
    /// Method "keyboard-interactive" with one hidden question.
    Question,
    /// The same, and then for a code.
    PasswordAndCode,
}

/// A running server; it ends with the value.
#[derive(Debug)]
pub struct PasswordSshd {
    port: u16,
    home: tempfile::TempDir,
    task: JoinHandle<()>,
}

impl PasswordSshd {
    /// The user that it takes.
    pub const USER: &'static str = "analyst";

    /// Starts one that takes this password; its key is known in the home.
    ///
    /// # Panics
    /// When ssh-keygen is missing.
    pub async fn start(asks: SshAsks, password: &'static str) -> Self {
        let home = tempfile::Builder::new().prefix("evaldesk-ssh-").tempdir().unwrap();
        std::fs::create_dir(home.path().join(".ssh")).unwrap();
        let key = home.path().join("host_key");
        keygen(&key, "");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let public = std::fs::read_to_string(key.with_extension("pub")).unwrap();
        std::fs::write(home.path().join(".ssh/known_hosts"), format!("[127.0.0.1]:{port} {public}")).unwrap();
        let config = Arc::new(config(load_secret_key(&key, None).unwrap()));
        let task = tokio::spawn(serve(listener, config, Door { asks, password }));
        Self { port, home, task }
    }

    /// The port that it listens on, of 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The home of whoever connects, where its key is known.
    pub fn home(&self) -> &Path {
        self.home.path()
    }
}

impl Drop for PasswordSshd {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn config(key: PrivateKey) -> server::Config {
    server::Config {
        keys: vec![key],
        auth_rejection_time: Duration::from_millis(10),
        ..server::Config::default()
    }
}

async fn serve(listener: TcpListener, config: Arc<server::Config>, door: Door) {
    while let Ok((stream, _)) = listener.accept().await {
        let (config, door) = (Arc::clone(&config), door);
        tokio::spawn(async move {
            if let Ok(session) = server::run_stream(config, stream, door).await {
                let _ = session.await;
            }
        });
    }
}

/// Who is let in, and through to where they ask.
#[derive(Debug, Clone, Copy)]
struct Door {
    asks: SshAsks,
    password: &'static str,
}

impl Door {
    fn asks_questions() -> Auth {
        let methods = MethodSet::from([MethodKind::KeyboardInteractive].as_slice());
        Auth::Reject { proceed_with_methods: Some(methods), partial_success: false }
    }

    fn question(self) -> Auth {
        let mut prompts = vec![(Cow::Borrowed("Password: "), false)];
        if self.asks == SshAsks::PasswordAndCode {
            prompts.push((Cow::Borrowed("Code: "), true));
        }
        Auth::Partial { name: Cow::Borrowed(""), instructions: Cow::Borrowed(""), prompts: prompts.into() }
    }
}

impl server::Handler for Door {
    type Error = russh::Error;

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, Self::Error> {
        Ok(match (self.asks, (user, password) == (PasswordSshd::USER, self.password)) {
            (SshAsks::Password, true) => Auth::Accept,
            (SshAsks::Password, false) => Auth::reject(),
            _ => Self::asks_questions(),
        })
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        user: &str,
        _: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, Self::Error> {
        if self.asks == SshAsks::Password {
            return Ok(Auth::reject());
        }
        let Some(answers) = response else { return Ok(self.question()) };
        let answers: Vec<_> = answers.collect();
        let right =
            user == PasswordSshd::USER && answers.iter().any(|answer| *answer == self.password.as_bytes());
        Ok(if right { Auth::Accept } else { Auth::reject() })
    }

    async fn channel_open_direct_tcpip(
        &mut self,
        channel: Channel<Msg>,
        host: &str,
        port: u32,
        _: &str,
        _: u32,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        let port = u16::try_from(port).unwrap_or_default();
        let mut there = TcpStream::connect((host, port)).await?;
        reply.accept().await;
        tokio::spawn(async move {
            let mut here = channel.into_stream();
            let _ = tokio::io::copy_bidirectional(&mut here, &mut there).await;
        });
        Ok(())
    }
}
