//! Where the button of a login page may lead.

use std::sync::Arc;

use url::Url;

/// The hosts that links may name, in lower case. Set by `--portal-hosts`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortalHosts(Arc<[String]>);

impl PortalHosts {
    /// Hosts as an operator writes them; blanks are dropped.
    pub fn new<S: AsRef<str>>(hosts: impl IntoIterator<Item = S>) -> Self {
        let plain = |host: S| host.as_ref().trim().to_ascii_lowercase();
        Self(hosts.into_iter().map(plain).filter(|host| !host.is_empty()).collect())
    }

    /// Whether a link is https and leads to one of the hosts itself, at its usual port and
    /// without credentials. Read as browsers read it (WHATWG URL), and refused where they
    /// would first mend it.
    pub fn allow(&self, link: &str) -> bool {
        if link.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\') {
            return false;
        }
        let Ok(url) = Url::parse(link) else { return false };
        let bare = url.username().is_empty() && url.password().is_none() && url.port().is_none();
        let host = url.host_str().unwrap_or("");
        url.scheme() == "https" && bare && self.0.iter().any(|allowed| allowed == host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_named_hosts_by_https() {
        let hosts = PortalHosts::new(["mm.10086.cn", " 10086.CN ", ""]);
        for link in [
            "https://mm.10086.cn",
            "https://mm.10086.cn/campus?c=gz#top",
            "https://10086.cn/",
            "HTTPS://MM.10086.CN/",
            "https://mm.10086.cn:443/",
        ] {
            assert!(hosts.allow(link), "{link}");
        }
        for link in [
            "http://mm.10086.cn/",
            "https://mm.10086.cn:8443/",
            "https://www.10086.cn/",
            "https://mm.10086.cn.example.com/",
            "https://evil.example/mm.10086.cn",
            "https://mm.10086.cn@evil.example/",
            "https://user@mm.10086.cn/",
            "https://evil.example\\@mm.10086.cn/",
            "https:\\\\mm.10086.cn/",
            " https://mm.10086.cn/",
            "https://mm.10086.cn/\n",
            "javascript:alert(1)//mm.10086.cn",
            "//mm.10086.cn/",
            "mm.10086.cn",
            "",
        ] {
            assert!(!hosts.allow(link), "{link:?}");
        }
    }
}
