//! Designs: the materials there are.

use diesel::prelude::*;

use super::steps::Limit;
use crate::{
    materials::model::Material,
    platform::db::{Conn, Tx, Upsert},
    schema::materials,
};

/// Designs by sku, from behind `after`.
pub fn list(conn: &mut Conn, after: Option<&str>, limit: i64) -> QueryResult<Vec<Material>> {
    let mut query = materials::table.select(Material::as_select()).into_boxed();
    if let Some(after) = after {
        query = query.filter(materials::sku.gt(after.to_owned()));
    }
    query.order(materials::sku).limit(limit).load(conn)
}

pub fn find(conn: &mut Conn, sku: &str) -> QueryResult<Option<Material>> {
    materials::table.find(sku).select(Material::as_select()).first(conn).optional()
}

/// Adds a design unless there is one with its sku; answers whether it was added.
pub fn insert(tx: &mut Tx<'_>, design: &Material) -> QueryResult<bool> {
    let added = diesel::insert_into(materials::table).values(design.clone()).or_ignore();
    Ok(added.execute(&mut **tx)? == 1)
}

/// How many one person may be given, with the materials that count together.
pub(super) fn limit(conn: &mut Conn, design: &Material) -> QueryResult<Option<Limit>> {
    let Some(most) = design.limit_per_person else { return Ok(None) };
    let skus = match &design.limit_group {
        None => vec![design.sku.clone()],
        Some(group) => materials::table
            .filter(materials::limit_group.eq(group))
            .select(materials::sku)
            .load(conn)?,
    };
    Ok(Some(Limit { most, skus }))
}
