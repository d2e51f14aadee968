//! Types and extensions that have a better one beside them.

use squawk_syntax::ast::{self, AstNode as _, Stmt};

use super::super::source::{Found, Piece, Source};
use crate::sql::statement::ObjectKind;

pub(super) fn check(source: &Source<'_>, found: &mut Vec<Found>) {
    for piece in &source.statements {
        found.extend(json(piece));
        found.extend(uuid(source, piece));
    }
}

fn json(piece: &Piece) -> Vec<Found> {
    if !matches!(piece.tree, Stmt::CreateTable(_) | Stmt::AlterTable(_)) {
        return Vec::new();
    }
    let types = piece.tree.syntax().descendants().filter_map(ast::Type::cast);
    let is_json = |ty: &ast::Type| {
        let text = ty.syntax().text().to_string();
        text.trim().eq_ignore_ascii_case("json") && in_column(ty)
    };
    types.filter(is_json).map(|ty| finding(piece, &ty)).collect()
}

/// Not a cast in a default.
fn in_column(ty: &ast::Type) -> bool {
    let parent = ty.syntax().parent().map(|parent| parent.kind());
    parent.is_some_and(|kind| {
        ast::Column::can_cast(kind) || ast::AddColumn::can_cast(kind) || ast::SetType::can_cast(kind)
    })
}

fn finding(piece: &Piece, ty: &ast::Type) -> Found {
    let why = "json keeps the text as it came, has no equality (distinct, group by and union fail on it) and takes no \
               index; jsonb has all of these.";
    piece.found("json-instead-of-jsonb", "A column of type json", why).instead("jsonb").at(ty.syntax())
}

fn uuid(source: &Source<'_>, piece: &Piece) -> Option<Found> {
    let made = piece.effects.creates.iter().find(|object| object.kind == ObjectKind::Extension)?;
    if made.name.trim_matches('"') != "uuid-ossp" || source.context.server_major < 13 {
        return None;
    }
    let what = "The extension uuid-ossp is not needed for random uuids";
    let why = "gen_random_uuid() is part of the server from 13 on, and an extension less is one less to install and to \
               upgrade.";
    Some(piece.found("uuid-extension-needless", what, why).instead("select gen_random_uuid();"))
}
