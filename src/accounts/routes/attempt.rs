//! One try at a password, counted before the password is looked at.

use crate::{
    accounts::{Refusal, lockout},
    platform::{
        db::Tx,
        fault::{Fault, Refuse as _},
        http::request::Context,
    },
};

/// A try that has been counted under the keyed hash of a phone.
#[derive(Clone, Copy)]
pub struct Attempt {
    phone_key: [u8; 32],
}

impl Attempt {
    /// Counts it; 429 when the phone is locked.
    pub async fn count(cx: &Context, phone_key: [u8; 32]) -> Result<Self, Fault> {
        let now = cx.clocks.real.now();
        let counted = cx.write(cx.meta(None), move |tx| Ok(lockout::count(tx, &phone_key, now)?));
        match counted.await? {
            Ok(()) => Ok(Self { phone_key }),
            Err(seconds) => Err(Refusal::LockedOut.problem().retry_after(seconds).into()),
        }
    }

    /// The password was right: earlier failures are forgotten too.
    pub fn forget(self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        Ok(lockout::forget(tx, &self.phone_key)?)
    }

    /// Passes on what came of it. Only a wrong password leaves it counted.
    pub async fn ended<T>(self, cx: &Context, outcome: Result<T, Fault>) -> Result<T, Fault> {
        if outcome.as_ref().is_err_and(|fault| !wrong_password(fault)) {
            let key = self.phone_key;
            cx.write(cx.meta(None), move |tx| Ok(lockout::give_back(tx, &key)?)).await?;
        }
        outcome
    }
}

fn wrong_password(fault: &Fault) -> bool {
    let wrong = [Refusal::BadCredentials.code(), Refusal::WrongPassword.code()];
    matches!(fault, Fault::Refused(problem) if wrong.contains(&problem.code))
}
