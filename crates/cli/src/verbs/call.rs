//! `evaldesk call NAME JSON`: every command of the facade, also those without a verb of their own.

use evaldesk_api::commands::JobStarted;
use evaldesk_api::core::ErrorKind;
use evaldesk_api::{COMMANDS, CommandKind, ErrorReport, Result, dispatch, open_stream};
use futures_util::StreamExt as _;
use serde_json::Value;

use super::Context;
use crate::print;

pub(crate) async fn run(context: &Context, name: Option<String>, arguments: &str, list: bool) -> Result<()> {
    let Some(name) = name.filter(|_| !list) else {
        return names(context);
    };
    let arguments = parse(context, arguments)?;
    match COMMANDS.iter().find(|command| command.name == name).map(|command| command.kind) {
        Some(CommandKind::Stream) => stream(context, &name, arguments).await,
        Some(CommandKind::Job) => wait(context, &name, arguments).await,
        None => Err(ErrorReport::new(ErrorKind::InvalidArguments, format!("there is no command {name}"))
            .hint("`evaldesk call --list` names all commands.")),
        Some(CommandKind::Call) => {
            print::line(&dispatch(&context.session, &name, arguments).await?);
            Ok(())
        }
    }
}

fn names(context: &Context) -> Result<()> {
    if context.common.json {
        return print::json(&COMMANDS.iter().map(|command| command.name).collect::<Vec<_>>());
    }
    COMMANDS.iter().for_each(|command| print::line(command.name));
    Ok(())
}

/// `--connection` and `--url` fill in the connection that the arguments leave out.
fn parse(context: &Context, text: &str) -> Result<Value> {
    let mut arguments: Value = serde_json::from_str(text).map_err(|error| {
        ErrorReport::new(ErrorKind::InvalidArguments, format!("the arguments are no JSON: {error}"))
            .hint(r#"Write them as one JSON object, '{"connection": "Local"}'."#)
    })?;
    if context.common.password_stdin {
        take_password(context, &mut arguments)?;
    }
    let named = context.common.connection.is_some() || context.common.url.is_some();
    if let Some(object) =
        arguments.as_object_mut().filter(|object| named && !object.contains_key("connection"))
    {
        object.insert("connection".to_owned(), context.connection()?.into());
    }
    Ok(arguments)
}

/// A password that is piped in is for the connection that the arguments name.
fn take_password(context: &Context, arguments: &mut Value) -> Result<()> {
    let Some(name) = arguments.get("connection").and_then(Value::as_str).map(str::to_owned) else {
        return Ok(());
    };
    arguments["connection"] = context.connection_named(Some(name))?.into();
    Ok(())
}

/// JSON lines until the stream ends or the terminal interrupts.
async fn stream(context: &Context, name: &str, arguments: Value) -> Result<()> {
    let mut items = open_stream(&context.session, name, arguments).await?;
    while let Some(item) = items.next().await {
        print::line(&item?);
    }
    Ok(())
}

/// A job lives in this process: it is followed to its end, or it would die with us.
async fn wait(context: &Context, name: &str, arguments: Value) -> Result<()> {
    let reply = dispatch(&context.session, name, arguments).await?;
    let started: JobStarted = serde_json::from_str(&reply)
        .map_err(|error| ErrorReport::new(ErrorKind::Internal, format!("{name} named no job: {error}")))?;
    print::json(&crate::follow::follow(&context.session, &started.job).await?)
}
