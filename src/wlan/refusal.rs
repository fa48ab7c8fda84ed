//! Why WLAN promotions refuse.

crate::refusals! {
    /// Refusals of the WLAN room.
    pub enum Refusal {
        Overlap = 409 "wlan.overlap", "该校区的此 SSID 在这段时间已有获批的推广", "Another approved promotion has this SSID of the campus on some of these days";
        WrongState = 409 "wlan.wrong_state", "推广当前状态不允许此操作", "The promotion's state does not allow this";
        Frozen = 409 "wlan.frozen", "推广已获批，不能修改", "The promotion is approved and frozen";
        MacTaken = 409 "wlan.mac_taken", "该推广中已有此 MAC 地址", "The promotion has an access point with this MAC address";
        Duties = 403 "wlan.duties", "起草者不能审批", "An author of it may not approve it";
        NotYours = 403 "wlan.not_yours", "该操作不属于您", "This is not yours to do";
        LinkHost = 422 "wlan.link_host", "链接须为 https 且指向允许的网站", "The link must be https and lead to an allowed host";
        OutsideWindow = 422 "wlan.outside_window", "日期不在免费 WLAN 活动的时间窗内", "The days are not inside the window of free WLAN";
    }
}
