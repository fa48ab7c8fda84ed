//! Chains of states as data. A room writes its chain as a table of [`Step`]s and its
//! relations of a person to a row as [`Ties`]; walking the table is the same for every room.

use std::ops::BitOr;

/// What ties a person to a row, as a set. The room names its bits with [`Ties::bit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Ties(u16);

impl Ties {
    pub const NONE: Self = Self(0);

    /// The tie with number `n`, 0–15.
    pub const fn bit(n: u16) -> Self {
        Self(1 << n)
    }

    /// Both sets together; what `|` does, for constants.
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// `self`, or nothing when `held` is false.
    #[must_use]
    pub const fn when(self, held: bool) -> Self {
        if held { self } else { Self::NONE }
    }

    /// Whether the sets share a tie.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The ties that are in both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl BitOr for Ties {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        self.with(other)
    }
}

/// One line of a chain: in `from`, whoever has a tie of `who` may do `action`, and then the
/// state is `to`. A table has at most one line for a state and an action.
#[derive(Clone, Copy, Debug)]
pub struct Step<S, A> {
    pub from: S,
    pub action: A,
    pub who: Ties,
    pub to: S,
}

/// Why a step is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misstep {
    /// None of the person's ties ever allows the action, or not in this state.
    NotYours,
    /// The action does not exist in this state.
    WrongState,
}

/// The state that `action` leads to from `state`, whoever does it.
pub fn target<S, A>(table: &[Step<S, A>], state: S, action: A) -> Option<S>
where
    S: Copy + PartialEq,
    A: Copy + PartialEq,
{
    find(table, state, action).map(|step| step.to)
}

/// Takes a step. Who may never do the action is told so before the state is looked at.
pub fn step<S, A>(table: &[Step<S, A>], state: S, action: A, ties: Ties) -> Result<S, Misstep>
where
    S: Copy + PartialEq,
    A: Copy + PartialEq,
{
    let ever = table.iter().any(|step| step.action == action && step.who.meets(ties));
    if !ever {
        return Err(Misstep::NotYours);
    }
    let step = find(table, state, action).ok_or(Misstep::WrongState)?;
    if step.who.meets(ties) { Ok(step.to) } else { Err(Misstep::NotYours) }
}

/// The actions that `ties` allow in `state`, in the order of the table.
pub fn open<S, A>(table: &[Step<S, A>], state: S, ties: Ties) -> impl Iterator<Item = A>
where
    S: Copy + PartialEq,
    A: Copy,
{
    table.iter().filter(move |s| s.from == state && s.who.meets(ties)).map(|s| s.action)
}

fn find<S, A>(table: &[Step<S, A>], state: S, action: A) -> Option<&Step<S, A>>
where
    S: Copy + PartialEq,
    A: Copy + PartialEq,
{
    table.iter().find(|step| step.from == state && step.action == action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Door {
        Open,
        Shut,
        Locked,
    }

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Act {
        Close,
        Lock,
        Unlock,
    }

    const GUEST: Ties = Ties::bit(0);
    const KEEPER: Ties = Ties::bit(1);

    const DOOR: &[Step<Door, Act>] = &[
        Step { from: Door::Open, action: Act::Close, who: GUEST.with(KEEPER), to: Door::Shut },
        Step { from: Door::Open, action: Act::Lock, who: KEEPER, to: Door::Locked },
        Step { from: Door::Shut, action: Act::Lock, who: GUEST.with(KEEPER), to: Door::Locked },
        Step { from: Door::Locked, action: Act::Unlock, who: KEEPER, to: Door::Shut },
    ];

    #[test]
    fn a_step_leads_on() {
        assert_eq!(step(DOOR, Door::Open, Act::Close, GUEST), Ok(Door::Shut));
        assert_eq!(step(DOOR, Door::Shut, Act::Lock, GUEST | KEEPER), Ok(Door::Locked));
    }

    #[test]
    fn who_may_never_do_it_is_told_so_in_every_state() {
        for state in [Door::Open, Door::Shut, Door::Locked] {
            assert_eq!(step(DOOR, state, Act::Unlock, GUEST), Err(Misstep::NotYours));
            assert_eq!(step(DOOR, state, Act::Close, Ties::NONE), Err(Misstep::NotYours));
        }
    }

    #[test]
    fn the_state_is_told_to_those_who_may_elsewhere() {
        assert_eq!(step(DOOR, Door::Locked, Act::Close, GUEST), Err(Misstep::WrongState));
        assert_eq!(step(DOOR, Door::Open, Act::Lock, GUEST), Err(Misstep::NotYours));
    }

    #[test]
    fn open_actions_follow_ties() {
        let guest: Vec<_> = open(DOOR, Door::Open, GUEST).collect();
        let keeper: Vec<_> = open(DOOR, Door::Open, KEEPER).collect();
        assert_eq!(guest, [Act::Close]);
        assert_eq!(keeper, [Act::Close, Act::Lock]);
        assert_eq!(target(DOOR, Door::Locked, Act::Unlock), Some(Door::Shut));
    }
}
