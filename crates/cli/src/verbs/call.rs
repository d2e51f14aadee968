//! `evaldesk call NAME JSON`: every command of the facade, also those without a verb of their own.

use evaldesk_api::core::ErrorKind;
use evaldesk_api::{COMMANDS, CommandKind, ErrorReport, Result, dispatch, open_stream};
use futures_util::StreamExt as _;

use super::Context;
use crate::print;

pub(crate) async fn run(context: &Context, name: Option<String>, arguments: &str, list: bool) -> Result<()> {
    let Some(name) = name.filter(|_| !list) else {
        COMMANDS.iter().for_each(|command| print::line(command.name));
        return Ok(());
    };
    let arguments = serde_json::from_str(arguments).map_err(|error| {
        ErrorReport::new(ErrorKind::InvalidArguments, format!("the arguments are no JSON: {error}"))
            .hint(r#"Write them as one JSON object, '{"connection": "Local"}'."#)
    })?;
    if COMMANDS.iter().any(|command| command.name == name && command.kind == CommandKind::Stream) {
        return stream(context, &name, arguments).await;
    }
    print::line(&dispatch(&context.session, &name, arguments).await?);
    if COMMANDS.iter().any(|command| command.name == name && command.kind == CommandKind::Job) {
        return wait(context).await;
    }
    Ok(())
}

/// JSON lines until the stream ends or the terminal interrupts.
async fn stream(context: &Context, name: &str, arguments: serde_json::Value) -> Result<()> {
    let mut items = open_stream(&context.session, name, arguments).await?;
    while let Some(item) = items.next().await {
        print::line(&item?);
    }
    Ok(())
}

/// A job lives in this process: it is followed to its end, or it would die with us.
async fn wait(context: &Context) -> Result<()> {
    let running = context.session.jobs().list().into_iter().find(|job| !job.state.is_final());
    match running {
        Some(job) => {
            crate::follow::follow(&context.session, &job.id).await.and_then(|outcome| print::json(&outcome))
        }
        None => Ok(()),
    }
}
