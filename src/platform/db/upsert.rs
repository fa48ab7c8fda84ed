//! `ON CONFLICT` for the shared dialect: diesel knows it for each database, not for both.

use diesel::{
    QueryResult, RunQueryDsl,
    query_builder::{AstPass, QueryFragment, QueryId},
};

use super::{Conn, MultiBackend};

/// Adds `ON CONFLICT DO NOTHING` to an insert.
#[derive(QueryId)]
pub struct OrIgnore<I>(I);

/// The methods on inserts.
pub trait Upsert: Sized {
    /// Inserts unless a unique key stands in the way; `execute` answers how many it was.
    fn or_ignore(self) -> OrIgnore<Self> {
        OrIgnore(self)
    }
}

impl<T, U, Op, Ret> Upsert for diesel::query_builder::InsertStatement<T, U, Op, Ret> where
    T: diesel::QuerySource
{
}

impl<I: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for OrIgnore<I> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(" ON CONFLICT DO NOTHING");
        Ok(())
    }
}

impl<I> RunQueryDsl<Conn> for OrIgnore<I> {}
