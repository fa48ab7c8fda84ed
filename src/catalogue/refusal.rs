//! Why the catalogue says no.

crate::refusals! {
    pub enum Refusal {
        TooManyModels = 409 "handset.too_many_active", "每季最多五款在售机型", "At most five models are active in a season";
        ModelTaken = 409 "handset.model_taken", "该季已有此机型", "The season has this model already";
        NoSuchSeason = 422 "season.unknown", "没有这个季度", "There is no such season";
    }
}
