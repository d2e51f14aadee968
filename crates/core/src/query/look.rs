//! Long ways through a result of a tab: sorting, filtering, finding. What is asked last counts, and ends what was asked
//! before.

use std::sync::Arc;

use tokio_util::sync::{CancellationToken, DropGuard};

use super::board::{Errands, Held};
use super::find::{self, QueryFindRequest, QueryPlace};
use super::tabs::{QueryTabs, aside, gone};
use super::view::{self, Errand, QueryFilter, QueryOrder, QueryView, RowOrder, Wanted};
use crate::Result;

/// Views of one result that are kept.
const MOST_VIEWS: usize = 4;

impl QueryTabs {
    /// The next cell with a text.
    ///
    /// # Errors
    /// `NotFound` for a result or view that is gone; `Cancelled` when something newer is looked for in it.
    pub async fn find(
        &self,
        result: &str,
        view: Option<&str>,
        request: QueryFindRequest,
    ) -> Result<Option<QueryPlace>> {
        let reading = self.reading(result, view)?;
        let (mut errand, _wanted) = self.errand(result, |errands| &mut errands.find, |_, _| ())?;
        aside(move || find::find(&reading.store, reading.order(), &request, &mut errand)).await
    }

    /// Sorts and filters a whole result. What was on its way for the result before ends, also where nothing is asked for.
    ///
    /// # Errors
    /// `Precondition` for a result that is not whole or that only the server can sort; `Cancelled` when something newer is
    /// asked of it, `Storage` when the disk is full.
    pub async fn view(
        &self,
        result: &str,
        sort: Vec<QueryOrder>,
        filters: Vec<QueryFilter>,
    ) -> Result<QueryView> {
        let reading = self.reading(result, None)?;
        let tell = |errands: &mut Errands, percent| errands.percent = Some(percent);
        let (mut errand, wanted) = self.errand(result, |errands| &mut errands.view, tell)?;
        let folder = self.folder.clone();
        let made = aside(move || {
            let wanted = Wanted { columns: &reading.columns, sort: &sort, filters: &filters };
            view::view(&reading.store, &wanted, &folder, &mut errand)
        });
        let made = made.await;
        self.change(result, |held| {
            // What was cancelled by something newer has nothing to say of how far that is.
            if !wanted.is_cancelled() {
                held.errands.percent = None;
            }
        })?;
        let (id, made) = (uuid::Uuid::now_v7().to_string(), made?);
        let rows = made.len();
        self.keep_view(result, &id, Arc::new(made))?;
        Ok(QueryView { id, rows })
    }

    fn keep_view(&self, result: &str, id: &str, rows: Arc<RowOrder>) -> Result<()> {
        self.change(result, |held| {
            held.views.push((id.to_owned(), rows));
            if held.views.len() > MOST_VIEWS {
                held.views.remove(0);
            }
        })
    }

    /// A new way through a result, which ends the last of its sort. It ends itself when the token is dropped or cancelled.
    fn errand(
        &self,
        result: &str,
        slot: fn(&mut Errands) -> &mut Option<DropGuard>,
        tell: fn(&mut Errands, u32),
    ) -> Result<(Errand, CancellationToken)> {
        let token = CancellationToken::new();
        let guard = token.clone().drop_guard();
        self.change(result, move |held| drop(slot(&mut held.errands).replace(guard)))?;
        let (session, id) = (Arc::downgrade(&self.session_of(result)?), result.to_owned());
        let newest = token.clone();
        let told = move |percent| {
            let Some(session) = session.upgrade() else { return };
            session.board.send_modify(|board| {
                // Looked at here, where something newer would have taken its place.
                let held = board.results.iter_mut().find(|held| held.id == id && !newest.is_cancelled());
                if let Some(held) = held {
                    tell(&mut held.errands, percent);
                }
            });
        };
        Ok((Errand::new(token.clone(), told), token))
    }

    /// Changes what is known of a result, and tells whoever watches.
    fn change(&self, result: &str, change: impl FnOnce(&mut Held)) -> Result<()> {
        let mut change = Some(change);
        self.session_of(result)?.board.send_if_modified(|board| {
            let Some(held) = board.results.iter_mut().find(|held| held.id == result) else { return false };
            if let Some(change) = change.take() {
                change(held);
            }
            true
        });
        if change.is_none() { Ok(()) } else { Err(gone(result)) }
    }
}
