//! Handset models. How many are active is a rule over a set: its anchor is the season's row.

use diesel::{
    prelude::*,
    result::{DatabaseErrorKind, Error as DieselError},
};

use crate::{
    catalogue::{Refusal, model::HandsetModel, rules},
    platform::{
        db::{Conn, Tx},
        fault::Fault,
        ids::HandsetModelId,
    },
    schema::{handset_models as models, seasons},
};

/// Models by id, from behind `after`.
pub fn list(
    conn: &mut Conn,
    season: Option<&str>,
    after: Option<HandsetModelId>,
    limit: i64,
) -> QueryResult<Vec<HandsetModel>> {
    let mut query = models::table.select(HandsetModel::as_select()).into_boxed();
    if let Some(season) = season {
        query = query.filter(models::season.eq(season.to_owned()));
    }
    if let Some(after) = after {
        query = query.filter(models::id.gt(after));
    }
    query.order(models::id).limit(limit).load(conn)
}

pub fn find(conn: &mut Conn, id: HandsetModelId) -> QueryResult<Option<HandsetModel>> {
    models::table.find(id).select(HandsetModel::as_select()).first(conn).optional()
}

/// How many models of the season are active.
pub fn count_active(conn: &mut Conn, season: &str) -> QueryResult<i64> {
    models::table
        .filter(models::season.eq(season))
        .filter(models::active.eq(true))
        .count()
        .get_result(conn)
}

/// Refuses a model too many, one the season has, and a season that is not there.
pub fn insert(tx: &mut Tx<'_>, model: &HandsetModel) -> Result<(), Fault> {
    if !anchor(tx, &model.season)? {
        return Err(Refusal::NoSuchSeason.into());
    }
    if model.active {
        make_room(tx, &model.season)?;
    }
    diesel::insert_into(models::table).values(model).execute(&mut **tx).map_err(taken)?;
    Ok(())
}

/// Writes `new` over version `seen`; `false` when that is no longer the version.
pub fn update_if(
    tx: &mut Tx<'_>,
    seen: i64,
    was_active: bool,
    new: &HandsetModel,
) -> Result<bool, Fault> {
    if new.active && !was_active {
        anchor(tx, &new.season)?;
        make_room(tx, &new.season)?;
    }
    let written = diesel::update(models::table.find(new.id).filter(models::version.eq(seen)))
        .set((
            models::brand.eq(&new.brand),
            models::model.eq(&new.model),
            models::os.eq(&new.os),
            models::note.eq(&new.note),
            models::active.eq(new.active),
            models::version.eq(seen + 1),
        ))
        .execute(&mut **tx)
        .map_err(taken)?;
    Ok(written == 1)
}

/// Makes writers of the season's models come one after the other.
fn anchor(tx: &mut Tx<'_>, season: &str) -> QueryResult<bool> {
    let bumped = diesel::update(seasons::table.find(season))
        .set(seasons::handset_seq.eq(seasons::handset_seq + 1))
        .execute(&mut **tx)?;
    Ok(bumped == 1)
}

fn make_room(tx: &mut Tx<'_>, season: &str) -> Result<(), Fault> {
    if rules::room_for_model(count_active(tx, season)?) {
        Ok(())
    } else {
        Err(Refusal::TooManyModels.into())
    }
}

fn taken(error: DieselError) -> Fault {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
            Refusal::ModelTaken.into()
        }
        other => other.into(),
    }
}
