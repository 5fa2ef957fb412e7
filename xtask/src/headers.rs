//! The headers that a host should send with the page, and the same in the
//! languages of three hosts. One list: what `serve` sends is what the files say.

/// What the page never needs.
const PERMISSIONS: &str = "camera=(), microphone=(), display-capture=(), geolocation=(), usb=(), serial=(), hid=(), \
     payment=(), publickey-credentials-get=(), clipboard-read=()";

/// Each header with its value, for a page of this policy.
pub(crate) fn of(policy: &str) -> Vec<(&'static str, String)> {
    [
        // The policy of the page once more, where no byte of the page can come
        // before it, and what only a header can say.
        (
            "Content-Security-Policy",
            &*format!("{policy}; frame-ancestors 'none'"),
        ),
        // The browsers that know it open no connection for this page, not even
        // to the server it came from.
        ("Connection-Allowlist", "();webrtc=block"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", PERMISSIONS),
        ("X-Content-Type-Options", "nosniff"),
        ("X-DNS-Prefetch-Control", "off"),
        ("Referrer-Policy", "no-referrer"),
        ("Cache-Control", "no-store"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into()
}

/// The file of each host: its name, and how it is written.
pub(crate) const HOSTS: [(&str, Writer); 3] = [
    ("nginx.conf", nginx),
    (".htaccess", apache),
    ("_headers", underscore),
];

/// Writes the headers in the language of a host.
type Writer = fn(&[(&str, String)]) -> String;

const NOTE: &str = "# Écrit par « cargo xtask build » pour le index.html du même dossier dist/ :\n\
# la politique porte les empreintes de ses scripts. À refaire à chaque version.\n";

/// To be included in the `server` or the `location` that serves the page.
/// `add_header` forgets what stands above it: all of them stand together.
fn nginx(headers: &[(&str, String)]) -> String {
    let lines = headers
        .iter()
        .map(|(name, value)| format!("add_header {name} \"{value}\" always;\n"));
    std::iter::once(NOTE.to_owned()).chain(lines).collect()
}

/// For Apache with `mod_headers`; without it, the site answers an error rather
/// than the page without its headers.
fn apache(headers: &[(&str, String)]) -> String {
    let lines = headers
        .iter()
        .map(|(name, value)| format!("Header always set {name} \"{value}\"\n"));
    std::iter::once(NOTE.to_owned()).chain(lines).collect()
}

/// The `_headers` file that several static hosts read.
fn underscore(headers: &[(&str, String)]) -> String {
    let lines = headers
        .iter()
        .map(|(name, value)| format!("  {name}: {value}\n"));
    [NOTE.to_owned(), "/*\n".to_owned()]
        .into_iter()
        .chain(lines)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = "default-src 'none'; script-src 'sha256-abc='";
    const GUIDE: &str = include_str!("../../docs/hebergement.md");

    /// The headers as the host would read them back.
    fn read(text: &str) -> Vec<(String, String)> {
        text.lines()
            .map(str::trim)
            .filter(|line| !line.starts_with('#') && *line != "/*")
            .map(|line| {
                let line = line
                    .strip_prefix("add_header ")
                    .and_then(|line| line.strip_suffix(" always;"))
                    .or_else(|| line.strip_prefix("Header always set "))
                    .unwrap_or(line);
                let (name, value) = line.split_once(' ').unwrap();
                (
                    name.trim_end_matches(':').to_owned(),
                    value.trim_matches('"').to_owned(),
                )
            })
            .collect()
    }

    #[test]
    fn every_host_is_told_the_headers_that_serve_sends() {
        let expected: Vec<_> = of(POLICY)
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        for (name, write) in HOSTS {
            assert_eq!(read(&write(&of(POLICY))), expected, "{name}");
        }
    }

    #[test]
    fn no_value_needs_escaping() {
        for (name, value) in of(POLICY) {
            assert!(!value.contains(['"', '\\', '$', '%', '\n']), "{name}");
        }
    }

    #[test]
    fn the_guide_says_what_each_header_adds_and_no_other() {
        let documented: Vec<&str> = GUIDE
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
            .map(|(name, _)| name)
            .collect();
        let sent: Vec<&str> = of(POLICY).iter().map(|(name, _)| *name).collect();
        assert_eq!(documented, sent);
    }
}
