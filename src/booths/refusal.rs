//! Why booths refuse.

crate::refusals! {
    /// Refusals of the booths room.
    pub enum Refusal {
        SpotTaken = 409 "booth.spot_taken", "该点位在此时段已有摊位", "The spot has another booth at that time";
        Hours = 422 "booth.hours", "营业时间须在同一天内，且结束晚于开始", "Opening hours end after they begin, on the same day";
        OutsideSeason = 422 "booth.outside_season", "摊位日期不在活动季内", "The booth is not inside its season";
        EventElsewhere = 422 "booth.event_elsewhere", "活动属于其他校区或活动季", "The event is of another campus or season";
        NotOpen = 422 "booth.not_open", "摊位当天不营业", "The booth is not open on that day";
        InUse = 409 "booth.in_use", "摊位已有记录，不能这样修改或删除", "Something is recorded at the booth that this would orphan";
    }
}
