//! Why something is refused to an event.

crate::refusals! {
    /// Refusals of the events room.
    pub enum Refusal {
        VenueTaken = 409 "event.venue_taken", "场地在该时段已被占用", "The venue is taken at that time";
        PersonTaken = 409 "event.person_taken", "有成员在该时段已有安排", "Someone on the team is taken at that time";
        WrongState = 409 "event.wrong_state", "活动当前状态不允许此操作", "The event's state does not allow this";
        Frozen = 409 "event.frozen", "活动已定稿，不能直接修改", "The event is frozen";
        Unbalanced = 409 "event.unbalanced", "活动物料未结清", "The event's goods are not balanced";
        Duties = 403 "event.duties", "拟稿、背书和审批须由不同的人完成", "Authors, endorser and approver must be different people";
        NotYours = 403 "event.not_yours", "该操作不属于您", "This is not yours to do";
        Findings = 422 "event.findings", "活动方案有未解决的问题", "The plan has findings that block it";
        CapacityBelowRegistered = 422 "event.capacity_below_registered", "容量少于已报名人数", "The capacity is below the number registered";
    }
}
