//! What each role may do: a pure table. `docs/policy-grid.md` is printed from it.
//!
//! A row names an action and, for each role, whether it may always (within its scope), only
//! in a certain relation to the row, or never. Scope is not decided here: a row outside it
//! does not exist for the caller. The steps of an event take their rights from here; in which
//! state each may be taken is the chain in `events/rules/states.rs`.

use super::model::Role;

/// What the caller is to the row, where it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// It lies in the caller's scope, nothing more.
    Scoped,
    /// Created, edited or submitted this version.
    Author,
    /// Stands in the team.
    Team,
    /// Leads it.
    Lead,
}

/// One cell of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    Never,
    Always,
    /// Only who stands in one of these relations.
    If(&'static [Relation]),
}

/// A permission as a type: the first parameter of a handler is `Allowed<may::Something>`.
pub trait Permission: 'static {
    const ACTION: Action;
}

const NO: Right = Right::Never;
const YES: Right = Right::Always;
const AUTHOR: Right = Right::If(&[Relation::Lead, Relation::Author]);
const TEAM: Right = Right::If(&[Relation::Lead, Relation::Team]);
const LEAD: Right = Right::If(&[Relation::Lead]);

/// Declares the actions; the columns are ambassador, liaison, coordinator, province, auditor.
macro_rules! actions {
    ($($name:ident $text:literal = $a:ident $l:ident $c:ident $p:ident $u:ident;)+) => {
        /// Everything the policy knows to allow or refuse.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $(#[doc = $text] $name),+ }

        impl Action {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }

            /// What it is, for the grid and the API document.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            pub const fn right(self, role: Role) -> Right {
                let row = match self { $(Self::$name => [$a, $l, $c, $p, $u]),+ };
                row[role as usize]
            }
        }

        /// The actions as types.
        pub mod may {
            $(
                #[doc = $text]
                pub struct $name;
                impl super::Permission for $name {
                    const ACTION: super::Action = super::Action::$name;
                }
            )+
        }
    };
}

actions! {
    OwnAccount "See oneself and one's sessions; sign out" = YES YES YES YES YES;
    SeeTasks "See what waits for oneself" = YES YES YES YES YES;
    OwnCalendar "Make and revoke one's own calendar token" = YES YES YES YES YES;
    ChangePassword "Change one's own password" = YES YES YES YES YES;
    ReadReference "Read seasons, activities, cities, campuses, venues" = YES YES YES YES YES;
    ReadUsers "See names and ids of users of one's campuses" = YES YES YES YES YES;
    ManageUsers "Create, change, deactivate users and reset passwords" = NO NO YES YES NO;
    EditVenues "Add and change venues of a campus" = YES NO YES YES NO;
    EditCampuses "Add sites, set startup focus and dates" = NO NO YES YES NO;
    EditCatalogue "Handset models, material designs, seasons, cities" = NO NO NO YES NO;
    Import "Import lists" = NO NO YES YES NO;
    SetClock "Move the training clock" = NO NO NO YES NO;
    ReadAudit "Read the audit log" = NO NO YES YES YES;

    ReadEvents "Read events, findings and history" = YES YES YES YES YES;
    DraftEvents "Draft and edit events" = YES NO YES YES NO;
    MoveEvents "Take an event through its states" = YES YES YES YES NO;
    SubmitEvents "Submit an event" = AUTHOR NO AUTHOR AUTHOR NO;
    WithdrawEvents "Withdraw an event" = AUTHOR NO AUTHOR AUTHOR NO;
    EndorseEvents "Endorse team and plan" = NO YES NO NO NO;
    ReviewEvents "Request changes to an event, or reject it" = NO YES YES YES NO;
    DecideEvents "Approve, cancel and reopen events; override and waive" = NO NO YES YES NO;
    AmendEvents "Amend an approved event" = LEAD NO YES YES NO;
    StartEvents "Start an event" = TEAM NO TEAM TEAM NO;
    CloseEvents "Close an event" = LEAD NO YES YES NO;

    ReadBooths "Read booths, shifts and tallies" = YES YES YES YES YES;
    EditBooths "Register booths, plan shifts, count one's own tally" = YES NO YES YES NO;

    ReadPromotions "Read WLAN promotions and access points" = YES YES YES YES YES;
    EditPromotions "Draft, edit, submit, withdraw WLAN promotions" = YES NO YES YES NO;
    DecidePromotions "Approve, reject, cancel WLAN promotions" = NO NO YES YES NO;

    ReadStock "Read materials, stock and movements" = YES YES YES YES YES;
    MoveStock "Issue, use, give, return, lose, find, damage; accept goods" = YES NO YES YES NO;
    AllocateStock "Allocate, transfer, count" = NO NO YES YES NO;
    ProduceStock "Take in what was produced" = NO NO NO YES NO;

    ReadParticipants "Read participants, masked where not one's own" = YES YES YES YES YES;
    EditParticipants "Register and change participants; issue passes" = YES NO YES YES NO;
    ReadRegistrations "See who is registered" = YES YES YES YES YES;
    EditRegistrations "Register people for events" = YES NO YES YES NO;

    ReadCheckIns "Read scans and attendance" = YES YES YES YES YES;
    CheckIn "Scan passes, annul one's own scans" = YES NO YES YES NO;
    ResolveScans "Resolve quarantined and refused scans" = NO NO YES YES NO;

    ReadReports "Read figures and reports" = YES YES YES YES YES;
}

/// Whether `role` may do `action` to a row it stands in `relation` to.
pub fn allows(role: Role, action: Action, relation: Relation) -> bool {
    match action.right(role) {
        Right::Never => false,
        Right::Always => true,
        Right::If(relations) => relations.contains(&relation),
    }
}

/// Whether `role` may do `action` to any row at all.
pub fn may_ever(role: Role, action: Action) -> bool {
    action.right(role) != Right::Never
}

/// The grid as a Markdown table.
pub fn grid() -> String {
    let cell = |right: Right| match right {
        Right::Never => "–".to_owned(),
        Right::Always => "✓".to_owned(),
        Right::If(relations) => {
            let names: Vec<String> =
                relations.iter().map(|r| format!("{r:?}").to_lowercase()).collect();
            names.join(", ")
        }
    };
    let mut text = String::from("| may (in scope) |");
    Role::ALL.iter().for_each(|role| text.push_str(&format!(" {role} |")));
    text.push_str("\n|---|");
    Role::ALL.iter().for_each(|_| text.push_str("---|"));
    for action in Action::ALL {
        text.push_str(&format!("\n| {} (`{}`) |", action.text(), action.name()));
        for role in Role::ALL {
            text.push_str(&format!(" {} |", cell(action.right(*role))));
        }
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auditors_change_nothing() {
        let own =
            [Action::OwnAccount, Action::ChangePassword, Action::SeeTasks, Action::OwnCalendar];
        let harmless = |a: &Action| a.name().starts_with("Read") || own.contains(a);
        for action in Action::ALL {
            assert_eq!(may_ever(Role::Auditor, *action), harmless(action), "{}", action.name());
        }
    }

    #[test]
    fn the_province_does_not_endorse() {
        assert!(!may_ever(Role::Province, Action::EndorseEvents));
        assert!(may_ever(Role::Liaison, Action::EndorseEvents));
    }

    #[test]
    fn only_lead_or_author_submits() {
        let submit = |relation| allows(Role::Ambassador, Action::SubmitEvents, relation);
        assert!(submit(Relation::Lead) && submit(Relation::Author));
        assert!(!submit(Relation::Team) && !submit(Relation::Scoped));
    }
}
