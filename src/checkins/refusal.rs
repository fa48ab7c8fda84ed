//! Why this room says no. A scan is never refused as a request: it gets a verdict.

crate::refusals! {
    /// Why a decision about a scan is refused.
    pub enum Refusal {
        NotYours = 403 "check_in.not_yours", "只有扫码人在原设备上于 15 分钟内，或负责人、协调人可以撤销", "Whoever made the scan may annul it on the same device within 15 minutes, later the lead or the coordinator";
        NotOpen = 409 "check_in.not_open", "该次扫码没有待处理的事项", "There is nothing to decide about this scan";
        Decided = 409 "check_in.decided", "已有相反的处理结果", "The opposite was decided before";
        Nobody = 409 "check_in.nobody", "该次扫码没有对应的人员", "This scan names nobody who could be let in";
    }
}
