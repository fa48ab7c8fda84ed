//! What can wait for whom. Pure.

use crate::{
    accounts::Role,
    platform::http::{endpoint::BASE, render::Language},
};

crate::words! {
    /// Something that waits for a person.
    pub enum TaskKind {
        /// Submitted events of one's campuses, for their liaison.
        EndorseEvents = "endorse_events",
        /// Events of the city that are endorsed, or submitted where no liaison is active.
        ApproveEvents = "approve_events",
        /// Submitted WLAN promotions of the city.
        ApprovePromotions = "approve_promotions",
        /// Goods sent to places one answers for, or to oneself.
        AcceptGoods = "accept_goods",
        /// Events one leads or wrote to which changes were requested.
        ReviseEvents = "revise_events",
        /// Events one leads that are over and still run.
        CloseEvents = "close_events",
        /// Booth days before today that nobody counted.
        MissingTallies = "missing_tallies",
        /// Approved events that are over and were never started.
        OverdueEvents = "overdue_events",
        /// Events that are over and still hold goods.
        UnreconciledEvents = "unreconciled_events",
        /// Scans from revoked devices.
        QuarantinedScans = "quarantined_scans",
        /// Seasons with fewer than three active handset models (deck p.24).
        HandsetModels = "handset_models",
    }
}

/// What can wait for a role, in the order of the start page.
pub const fn kinds(role: Role) -> &'static [TaskKind] {
    use TaskKind::{
        AcceptGoods, ApproveEvents, ApprovePromotions, CloseEvents, EndorseEvents, HandsetModels,
        MissingTallies, OverdueEvents, QuarantinedScans, ReviseEvents, UnreconciledEvents,
    };
    match role {
        Role::Ambassador => &[ReviseEvents, CloseEvents, MissingTallies, AcceptGoods],
        Role::Liaison => &[EndorseEvents],
        Role::Coordinator => &[
            ApproveEvents,
            ApprovePromotions,
            OverdueEvents,
            UnreconciledEvents,
            QuarantinedScans,
            AcceptGoods,
            ReviseEvents,
            CloseEvents,
        ],
        Role::Province => &[AcceptGoods, HandsetModels, ReviseEvents, CloseEvents],
        Role::Auditor => &[],
    }
}

impl TaskKind {
    /// The list that shows exactly what is counted.
    pub fn link(self) -> String {
        let list = match self {
            Self::EndorseEvents => "/events?task=endorse",
            Self::ApproveEvents => "/events?task=approve",
            Self::ApprovePromotions => "/wlan/promotions?task=approve",
            Self::AcceptGoods => "/movements?task=accept",
            Self::ReviseEvents => "/events?task=revise",
            Self::CloseEvents => "/events?task=close",
            Self::MissingTallies => "/booths/missing-tallies",
            Self::OverdueEvents => "/events?overdue=true",
            Self::UnreconciledEvents => "/reports/unreconciled",
            Self::QuarantinedScans => "/check-ins/quarantined",
            Self::HandsetModels => "/seasons?short_of_models=true",
        };
        format!("{BASE}{list}")
    }

    /// What a start page says above it.
    pub const fn title(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Self::EndorseEvents => ("待背书的活动", "Events to endorse"),
            Self::ApproveEvents => ("待审批的活动", "Events to approve"),
            Self::ApprovePromotions => ("待审批的WLAN推广", "WLAN promotions to approve"),
            Self::AcceptGoods => ("待签收的物料", "Goods to accept"),
            Self::ReviseEvents => ("待修改的活动", "Events to revise"),
            Self::CloseEvents => ("待结束的活动", "Events to close"),
            Self::MissingTallies => ("漏填的摆摊日报", "Booth days not counted"),
            Self::OverdueEvents => ("逾期未开始的活动", "Overdue events"),
            Self::UnreconciledEvents => ("物料未结清的活动", "Events that still hold goods"),
            Self::QuarantinedScans => ("待处理的隔离扫码", "Scans to decide about"),
            Self::HandsetModels => ("机型不足三款的活动季", "Seasons short of handset models"),
        };
        match language {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::policy::{Action, may_ever};

    /// The action somebody needs to make the task go away.
    fn action(kind: TaskKind) -> Action {
        match kind {
            TaskKind::EndorseEvents => Action::EndorseEvents,
            TaskKind::ApproveEvents | TaskKind::OverdueEvents | TaskKind::UnreconciledEvents => {
                Action::DecideEvents
            }
            TaskKind::ApprovePromotions => Action::DecidePromotions,
            TaskKind::AcceptGoods => Action::MoveStock,
            TaskKind::ReviseEvents => Action::SubmitEvents,
            TaskKind::CloseEvents => Action::CloseEvents,
            TaskKind::MissingTallies => Action::EditBooths,
            TaskKind::QuarantinedScans => Action::ResolveScans,
            TaskKind::HandsetModels => Action::EditCatalogue,
        }
    }

    #[test]
    fn nobody_is_asked_for_what_their_role_may_not_do() {
        for role in Role::ALL {
            for kind in kinds(*role) {
                assert!(may_ever(*role, action(*kind)), "{role} {kind}");
            }
        }
    }

    #[test]
    fn everything_waits_for_somebody() {
        for kind in TaskKind::ALL {
            assert!(Role::ALL.iter().any(|role| kinds(*role).contains(kind)), "{kind}");
        }
    }
}
