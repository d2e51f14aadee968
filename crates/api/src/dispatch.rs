//! Commands by name: the expansion of the table that scripts, the test bridge and the plugin share.

use futures_util::{FutureExt as _, StreamExt as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::commands::prelude::*;
use crate::{ErrorReport, ItemStream, Result, Session, command_table, commands};

/// How a command answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandKind {
    /// One reply.
    Call,
    /// The id of a job, at once; its outcome comes later.
    Job,
    /// Items until it ends or is closed.
    Stream,
}

/// One row of the table, without its types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandSpec {
    pub kind: CommandKind,
    pub name: &'static str,
    /// The permission set of the plugin that it belongs to.
    pub permission: &'static str,
}

macro_rules! kind {
    (call) => {
        CommandKind::Call
    };
    (job) => {
        CommandKind::Job
    };
    (stream) => {
        CommandKind::Stream
    };
}

macro_rules! answer {
    (stream $name:ident $session:ident $args:ident) => {{
        let items = commands::$name($session, parse($args)?).await?;
        encode(&$session.park(Box::pin(items.map(|item| encode(&item)))))
    }};
    ($kind:ident $name:ident $session:ident $args:ident) => {
        encode(&commands::$name($session, parse($args)?).await?)
    };
}

macro_rules! open {
    (stream $name:ident $session:ident $args:ident) => {{
        let items = commands::$name($session, parse($args)?).await?;
        let items: ItemStream = Box::pin(items.map(|item| encode(&item)));
        Ok(items)
    }};
    ($kind:ident $name:ident $session:ident $args:ident) => {{
        let _ = ($session, $args);
        Err(not_a_stream(stringify!($name)))
    }};
}

macro_rules! expand {
    ($($kind:ident $name:ident($args:ty) -> $reply:ty, $permission:ident;)*) => {
        /// Every command, in the order of the table.
        pub const COMMANDS: &[CommandSpec] = &[
            $(CommandSpec { kind: kind!($kind), name: stringify!($name), permission: stringify!($permission) },)*
        ];

        /// Runs a command by name and returns its reply as JSON text; of a stream, the id it waits under.
        ///
        /// # Errors
        /// `NotFound` for an unknown name, `InvalidArguments` for arguments that do not fit, else what the command says.
        pub async fn dispatch(session: &Session, name: &str, arguments: Value) -> Result<String> {
            match name {
                $(stringify!($name) => async { answer!($kind $name session arguments) }.boxed().await,)*
                _ => Err(unknown(name)),
            }
        }

        /// Opens a stream by name; its items are JSON text.
        ///
        /// # Errors
        /// As `dispatch`, and `InvalidArguments` for a command that is no stream.
        pub async fn open_stream(session: &Session, name: &str, arguments: Value) -> Result<ItemStream> {
            match name {
                $(stringify!($name) => async { open!($kind $name session arguments) }.boxed().await,)*
                _ => Err(unknown(name)),
            }
        }
    };
}

command_table!(expand);

fn parse<T: DeserializeOwned>(arguments: Value) -> Result<T> {
    let arguments = if arguments.is_null() { Value::Object(serde_json::Map::new()) } else { arguments };
    serde_json::from_value(arguments).map_err(|error| {
        ErrorReport::new(
            ErrorKind::InvalidArguments,
            format!("the arguments do not fit the command: {error}"),
        )
        .hint("The types of every command stand in guest-js/generated.ts.")
    })
}

fn encode<T: Serialize>(reply: &T) -> Result<String> {
    serde_json::to_string(reply)
        .map_err(|error| ErrorReport::new(ErrorKind::Internal, format!("a reply is no JSON: {error}")))
}

fn unknown(name: &str) -> ErrorReport {
    ErrorReport::new(ErrorKind::NotFound, format!("there is no command {name}"))
        .hint("`evaldesk call --list` names all commands.")
}

fn not_a_stream(name: &str) -> ErrorReport {
    ErrorReport::new(ErrorKind::InvalidArguments, format!("{name} is no stream")).hint("Call it instead.")
}
