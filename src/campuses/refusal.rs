//! Why this room says no.

crate::refusals! {
    pub enum Refusal {
        CodeTaken = 409 "campus.code_taken", "该校区编码已存在", "A campus has this code already";
        VenueNameTaken = 409 "venue.name_taken", "该校区已有同名场地", "The campus has a venue of this name already";
        NoSuchCity = 422 "city.unknown", "没有这个城市", "There is no such city";
    }
}
