//! `evaldesk connection duplicate` and `order`.

use evaldesk_api::Result;
use evaldesk_api::commands::{
    ConnectionArrangeArguments, ConnectionDuplicateArguments, connection_arrange, connection_duplicate,
};
use evaldesk_api::core::connection::ConnectionPlace;

use super::super::Context;
use crate::print;

pub(super) async fn duplicate(context: &Context, connection: String, name: String) -> Result<()> {
    let arguments = ConnectionDuplicateArguments { connection, name };
    let copy = connection_duplicate(&context.session, arguments).await?;
    context.show(&copy, |copy| print::note(&format!("Saved {}.", copy.name)))
}

/// Those that are not named stay behind the named ones; groups stay as they are.
pub(super) async fn order(context: &Context, names: &[String]) -> Result<()> {
    let places: Result<Vec<ConnectionPlace>> = names.iter().map(|name| place(context, name)).collect();
    let arguments = ConnectionArrangeArguments { order: places? };
    let arranged = connection_arrange(&context.session, arguments).await?;
    context.show(&arranged, |arranged| {
        let names: Vec<&str> = arranged.iter().map(|profile| profile.name.as_str()).collect();
        print::note(&format!("The order is {}.", names.join(", ")));
    })
}

fn place(context: &Context, name: &str) -> Result<ConnectionPlace> {
    let profile = context.session.profile(name)?;
    Ok(ConnectionPlace { connection: profile.id, group: profile.group })
}
