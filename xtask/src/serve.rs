//! A static server for one page, with the headers that a host should send.
//!
//! It serves the sealed file and nothing else, to this machine only, and holds
//! against clients that are slow, silent or send rubbish: every limit is a
//! named constant.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::seal::policy;
use crate::{build, headers, project, setup};

/// The port of `cargo xtask serve` when none is asked for.
pub(crate) const DEFAULT_PORT: u16 = 8080;

/// The longest request head that is read, in bytes.
const HEAD_LIMIT: usize = 16 * 1024;
/// How long a client may take to send its request.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long one write may wait for a client that does not read.
const WRITE_TIME: Duration = Duration::from_secs(30);
/// Clients served at the same time; one more is turned away.
const CLIENTS_LIMIT: usize = 64;

/// Set-up, build, then serves until interrupted.
pub(crate) fn command(port: u16) -> Result<ExitCode> {
    // Before minutes of work: the port may be taken.
    let listener = listen(port).with_context(|| {
        format!(
            "le port {port} ne peut pas être ouvert ; essayez « cargo xtask serve --port {} »",
            port.wrapping_add(1)
        )
    })?;
    setup::for_build()?;
    build::page()?;
    println!(
        "\nLa page est servie sur http://{}/ (Ctrl-C pour arrêter)",
        listener.local_addr()?
    );
    run(&listener, &Arc::new(Site::sealed()?));
    Ok(ExitCode::SUCCESS)
}

/// Serves the sealed page on a free port, from a thread that lives as long as
/// the program; gives the address.
pub(crate) fn in_background() -> Result<String> {
    let listener = listen(0).context("aucun port libre pour servir la page aux navigateurs")?;
    let address = format!("http://{}/", listener.local_addr()?);
    let site = Arc::new(Site::sealed()?);
    std::thread::spawn(move || run(&listener, &site));
    Ok(address)
}

fn listen(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
}

/// The one page, and the headers that go with it.
struct Site {
    page: Vec<u8>,
    headers: String,
}

impl Site {
    fn sealed() -> Result<Self> {
        let path = project::sealed_page();
        let page = std::fs::read_to_string(&path)
            .with_context(|| format!("lecture de {}", path.display()))?;
        let policy = policy::of_page(&page).context("dist/index.html n'est pas scellé")?;
        Ok(Self::new(&page, policy))
    }

    fn new(page: &str, policy: &str) -> Self {
        let of_the_page = headers::of(policy);
        let headers = std::iter::once(("Content-Type", "text/html; charset=utf-8".to_owned()))
            .chain(of_the_page);
        Self {
            page: page.as_bytes().to_vec(),
            headers: headers
                .map(|(name, value)| format!("{name}: {value}\r\n"))
                .collect(),
        }
    }
}

fn run(listener: &TcpListener, site: &Arc<Site>) {
    let clients = Arc::new(AtomicUsize::new(0));
    for stream in listener.incoming() {
        let Ok(stream) = stream else {
            // Out of descriptors, most likely: let the others finish.
            std::thread::sleep(Duration::from_millis(50));
            continue;
        };
        if clients.fetch_add(1, Ordering::SeqCst) >= CLIENTS_LIMIT {
            clients.fetch_sub(1, Ordering::SeqCst);
            continue;
        }
        let (site, clients) = (Arc::clone(site), Arc::clone(&clients));
        std::thread::spawn(move || {
            // A client that goes away is no concern of the server.
            let _ = answer(stream, &site);
            clients.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

fn answer(mut stream: TcpStream, site: &Site) -> std::io::Result<()> {
    stream.set_write_timeout(Some(WRITE_TIME))?;
    let reply = match read_head(&mut stream)? {
        Head::Whole(head) => reply(&head, site),
        Head::TooLong => Reply::error("431 Request Header Fields Too Large", ""),
        Head::Late => Reply::error("408 Request Timeout", ""),
        Head::Gone => return Ok(()),
    };
    stream.write_all(reply.head.as_bytes())?;
    stream.write_all(reply.body)?;
    stream.flush()?;
    // Closing with unread bytes would reset the connection and could cut the
    // reply short: what is left is read first, within the same limits.
    stream.shutdown(Shutdown::Write)?;
    let _ = read_head(&mut stream);
    Ok(())
}

enum Head {
    Whole(Vec<u8>),
    TooLong,
    Late,
    Gone,
}

#[allow(
    clippy::disallowed_methods,
    reason = "native only: a slow client is told by the clock"
)]
fn read_head(stream: &mut TcpStream) -> std::io::Result<Head> {
    let start = Instant::now();
    let mut head = Vec::new();
    let mut buffer = [0; 2048];
    loop {
        let left = HEAD_TIME.saturating_sub(start.elapsed());
        if left.is_zero() {
            return Ok(Head::Late);
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(Head::Gone),
            Ok(count) => head.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return Ok(Head::Late);
            }
            Err(error) => return Err(error),
        }
        if head.windows(4).any(|end| end == b"\r\n\r\n")
            || head.windows(2).any(|end| end == b"\n\n")
        {
            return Ok(Head::Whole(head));
        }
        if head.len() > HEAD_LIMIT {
            return Ok(Head::TooLong);
        }
    }
}

struct Reply<'a> {
    head: String,
    body: &'a [u8],
}

impl Reply<'_> {
    fn error(status: &str, header: &str) -> Self {
        Self {
            head: format!(
                "HTTP/1.1 {status}\r\n{header}Content-Length: 0\r\nConnection: close\r\n\r\n"
            ),
            body: &[],
        }
    }
}

fn reply<'a>(head: &[u8], site: &'a Site) -> Reply<'a> {
    let line = head
        .split(|byte| matches!(byte, b'\r' | b'\n'))
        .next()
        .unwrap_or_default();
    let words: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
    let [method, target, version] = words.as_slice() else {
        return Reply::error("400 Bad Request", "");
    };
    if !version.starts_with(b"HTTP/1.") {
        return Reply::error("400 Bad Request", "");
    }
    if !matches!(*method, b"GET" | b"HEAD") {
        return Reply::error("405 Method Not Allowed", "Allow: GET, HEAD\r\n");
    }
    let path = target
        .split(|byte| *byte == b'?')
        .next()
        .unwrap_or_default();
    if !matches!(path, b"/" | b"/index.html") {
        return Reply::error("404 Not Found", "");
    }
    Reply {
        head: format!(
            "HTTP/1.1 200 OK\r\n{}Content-Length: {}\r\nConnection: close\r\n\r\n",
            site.headers,
            site.page.len()
        ),
        body: if *method == b"HEAD" { &[] } else { &site.page },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> std::net::SocketAddr {
        let listener = listen(0).unwrap();
        let address = listener.local_addr().unwrap();
        let site = Arc::new(Site::new("<p>bonjour</p>", "default-src 'none'"));
        std::thread::spawn(move || run(&listener, &site));
        address
    }

    fn ask(address: std::net::SocketAddr, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8(answer).unwrap()
    }

    #[test]
    fn the_page_comes_with_its_headers() {
        let address = start();
        for target in ["/", "/index.html", "/?a=b"] {
            let answer = ask(
                address,
                format!("GET {target} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes(),
            );
            assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
            assert!(answer.ends_with("\r\n\r\n<p>bonjour</p>"), "{answer}");
            for (name, value) in headers::of("default-src 'none'") {
                let header = format!("\r\n{name}: {value}\r\n");
                assert!(answer.contains(&header), "{name} is missing from {answer}");
            }
            for header in [
                "\r\nContent-Type: text/html; charset=utf-8\r\n",
                "\r\nContent-Length: 14\r\n",
            ] {
                assert!(answer.contains(header), "{header} is missing from {answer}");
            }
        }
    }

    #[test]
    fn head_has_no_body() {
        let answer = ask(start(), b"HEAD / HTTP/1.0\r\n\r\n");
        assert!(
            answer.contains("Content-Length: 14\r\n") && answer.ends_with("\r\n\r\n"),
            "{answer}"
        );
    }

    #[test]
    fn anything_else_is_refused_and_the_server_goes_on() {
        let address = start();
        let long = [b"GET / HTTP/1.1\r\nX: ".as_slice(), &[b'a'; HEAD_LIMIT * 2]].concat();
        for (request, status) in [
            (b"GET /Cargo.toml HTTP/1.1\r\n\r\n".as_slice(), "404"),
            (b"GET /../Cargo.toml HTTP/1.1\r\n\r\n", "404"),
            (b"GET /%2e%2e/ HTTP/1.1\r\n\r\n", "404"),
            (b"POST / HTTP/1.1\r\n\r\n", "405"),
            (b"\x16\x03\x01\x00\r\n\r\n", "400"),
            (b"GET  / HTTP/1.1\r\n\r\n", "400"),
            (b"GET /\r\n\r\n", "400"),
            (b"\r\n\r\n", "400"),
            (&long, "431"),
        ] {
            let answer = ask(address, request);
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status} ")),
                "{status}: {answer}"
            );
        }
        // A client that says nothing and leaves.
        drop(TcpStream::connect(address).unwrap());
        assert!(ask(address, b"GET / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 200 "));
    }

    #[test]
    fn silent_clients_do_not_keep_others_out() {
        let address = start();
        let silent: Vec<TcpStream> = (0..CLIENTS_LIMIT / 2)
            .map(|_| TcpStream::connect(address).unwrap())
            .collect();
        assert!(ask(address, b"GET / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 200 "));
        drop(silent);
    }
}
