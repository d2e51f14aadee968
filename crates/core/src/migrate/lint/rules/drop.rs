//! `cascade`: what goes is more than the file names.

use squawk_syntax::ast::{self, AstNode as _};

use super::super::source::{Found, Source};

pub(super) fn check(source: &Source<'_>, found: &mut Vec<Found>) {
    for piece in source.statements.iter().filter(|piece| !piece.effects.drops.is_empty()) {
        let cascade = piece.tree.syntax().descendants().find(|node| ast::Cascade::can_cast(node.kind()));
        let Some(cascade) = cascade else { continue };
        let Some(dropped) = piece.effects.drops.first() else { continue };
        let what = format!("Whatever depends on {} goes with it", dropped.name);
        let why = "Views, foreign keys and functions of others vanish without being named, here or in a review. Without \
                   cascade the server stops and names them.";
        let text = piece.text(source);
        let range = cascade.text_range();
        let (from, to) = (usize::from(range.start()) - piece.start, usize::from(range.end()) - piece.start);
        let rewrite = format!("{}{};", text[..from].trim_end(), &text[to.min(text.len())..]);
        found.push(piece.found("drop-cascade", what, why).instead(rewrite).at(&cascade));
    }
}
