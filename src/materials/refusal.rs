//! Why goods are not moved.

crate::refusals! {
    /// Why a movement or a design is refused.
    pub enum Refusal {
        Insufficient = 409 "stock.insufficient", "来源处库存不足", "The source does not hold that many";
        SerialElsewhere = 409 "stock.serial_elsewhere", "序列号不在来源处", "A serial is not at the source";
        PersonLimit = 409 "stock.person_limit", "该参与者已达到领取上限", "This person has been given as many as one may get";
        AlreadyReversed = 409 "movement.already_reversed", "该移动已被冲销", "The movement was reversed before";
        IdReused = 409 "movement.id_reused", "同一移动编号用于不同的内容", "This movement id was used for another content";
        NotSettled = 409 "movement.not_settled", "该移动尚未完成或已被退回", "The movement has not settled, or went back";
        NotReversible = 409 "movement.not_reversible", "冲销不能再被冲销", "A reverse cannot be reversed";
        WrongState = 409 "movement.wrong_state", "该移动不在待接收状态", "The movement does not wait for an answer";
        SkuTaken = 409 "material.sku_taken", "该物料编号已存在", "There is a material with this sku";
    }
}
