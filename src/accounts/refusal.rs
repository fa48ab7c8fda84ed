//! Why accounts refuse.

crate::refusals! {
    /// Why a sign-in or an account is refused.
    pub enum Refusal {
        NotSignedIn = 401 "auth.required", "请先登录", "Sign in first";
        BadToken = 401 "auth.invalid_token", "登录凭证无效", "The access token is not valid";
        TokenExpired = 401 "auth.token_expired", "登录凭证已过期", "The access token has expired";
        SessionEnded = 401 "auth.session_ended", "会话已结束，请重新登录", "The session has ended; sign in again";
        BadCredentials = 401 "auth.bad_credentials", "手机号或密码不正确", "The phone or the password is wrong";
        BadRefreshToken = 401 "auth.bad_refresh_token", "刷新凭证无效", "The refresh token is not valid";
        LockedOut = 429 "auth.locked_out", "登录失败次数过多，请稍后再试", "Too many failed sign-ins; try again later";
        SignInBusy = 503 "auth.busy", "登录人数过多，请稍后重试", "Too many are signing in; try again shortly";
        Forbidden = 403 "auth.forbidden", "您的角色不能执行此操作", "Your role may not do this";
        PasswordChangeRequired = 403 "auth.password_change_required", "请先修改初始密码", "Change your password first";
        DeviceRevoked = 403 "auth.device_revoked", "此设备已被停用", "This device has been revoked";
        WrongPassword = 422 "auth.wrong_password", "当前密码不正确", "The current password is wrong";
        SamePassword = 422 "auth.same_password", "新密码不能与当前密码相同", "The new password is the old one";
        PhoneTaken = 409 "user.phone_taken", "该手机号已有账号", "This phone already has an account";
        WrongPlace = 422 "user.place", "角色与城市或校区不符", "The role does not fit the city or the campuses";
        NotYours = 403 "user.not_yours", "您不能管理此账号", "This account is not yours to manage";
        TooManyNew = 422 "user.too_many_new", "一次最多新建 500 个账号", "At most 500 new accounts at once";
        Inactive = 409 "user.inactive", "账号已停用", "The account is deactivated";
    }
}
