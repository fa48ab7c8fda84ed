//! Signing in and what one sees of oneself.

mod attempt;
mod calendar;
mod password;
mod sessions;
mod sign_in;

use super::refusal::Refusal;
use crate::platform::{
    fault::Code,
    http::endpoint::{Endpoint, Rate, delete, get, post},
};

pub use sign_in::UserOut;

fn code(refusal: Refusal) -> &'static Code {
    crate::platform::fault::Refuse::code(&refusal)
}

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        post("/auth/login", sign_in::log_in)
            .about(
                "Sign-in",
                "Sign in with phone and password",
                "Name the device: the session is bound to it, and only it can refresh. Without \
                 `device` the server makes one. Ten failures of a phone lock it for an hour.",
            )
            .rate(Rate::SignIn)
            .refuses([
                code(Refusal::BadCredentials),
                code(Refusal::LockedOut),
                code(Refusal::SignInBusy),
            ]),
        post("/auth/refresh", sign_in::refresh_tokens)
            .about(
                "Sign-in",
                "Exchange a refresh token for new tokens",
                "Every refresh token works once. The one just replaced gives the same successor \
                 for ten minutes to the same device; later use, or another device, ends the \
                 whole session.",
            )
            .rate(Rate::SignIn)
            .refuses([code(Refusal::BadRefreshToken), code(Refusal::SessionEnded)]),
        post("/auth/logout", sign_in::log_out).about(
            "Sign-in",
            "End this session",
            "Access tokens of the session stop working within a minute everywhere.",
        ),
        post("/auth/password", password::change_password)
            .about(
                "Sign-in",
                "Change one's own password",
                "Ends all other sessions. Needed after an account was made or its password reset. \
                 A wrong current password counts as a failed sign-in.",
            )
            .rate(Rate::SignIn)
            .refuses([
                code(Refusal::WrongPassword),
                code(Refusal::SamePassword),
                code(Refusal::LockedOut),
                code(Refusal::SignInBusy),
            ]),
        get("/auth/sessions", sessions::list_sessions).about(
            "Sign-in",
            "One's own live sessions",
            "Newest first, with the device each is bound to.",
        ),
        delete("/auth/sessions/{id}", sessions::end_session).about(
            "Sign-in",
            "End one of one's own sessions",
            "For a phone that was lost.",
        ),
        get("/me", sign_in::show_me).about(
            "Me",
            "Who I am",
            "Role, place and whether the password must be changed first.",
        ),
        post("/me/calendar-token", calendar::create_calendar_token).about(
            "Me",
            "Make the secret of my calendar feed",
            "Shown this once; only its hash is kept. A new one replaces the old, whose feed \
             stops at once. If the answer is lost, ask again.",
        ),
        delete("/me/calendar-token", calendar::delete_calendar_token).about(
            "Me",
            "Revoke my calendar feed",
            "Also when there is none.",
        ),
    ]
}
