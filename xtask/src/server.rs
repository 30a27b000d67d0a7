//! How does a browser get the files of a folder, and nothing else?

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::failure::{Failure, Outcome};

/// How many ports after the one asked for are tried.
const TRIES: u16 = 100;
/// No browser's request is longer.
const HEAD_LIMIT: u64 = 16 * 1024;

/// A folder being served on loopback; it ends with the program.
pub struct Server {
    pub port: u16,
    thread: thread::JoinHandle<()>,
}

impl Server {
    /// Serves `folder` on the first free port from `port` on; 0 takes any.
    pub fn start(folder: &Path, port: u16) -> Outcome<Server> {
        let root = folder.canonicalize().map_err(|error| {
            Failure::new(folder.display().to_string(), error.to_string(), "the page must be built first")
        })?;
        let (listener, port) = listen(port)?;
        let root = Arc::new(root);
        let thread = thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let root = Arc::clone(&root);
                // A browser that hangs up is no concern of ours.
                thread::spawn(move || answer(stream, &root).ok());
            }
        });
        Ok(Server { port, thread })
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// Serves until the program is ended from outside.
    pub fn stay(self) {
        self.thread.join().ok();
    }
}

fn listen(first: u16) -> Outcome<(TcpListener, u16)> {
    for port in first..=first.saturating_add(TRIES) {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(listener) => {
                let port = listener.local_addr().map_or(port, |address| address.port());
                return Ok((listener, port));
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                eprintln!("xtask: port {port} is taken, trying the next");
            }
            Err(error) => {
                return Err(Failure::new(
                    format!("port {port}"),
                    error.to_string(),
                    "choose another with --port (above 1023)",
                ));
            }
        }
    }
    Err(Failure::new(
        format!("port {first}"),
        format!("it and the {TRIES} after it are taken"),
        "choose another with --port",
    ))
}

fn answer(mut stream: TcpStream, root: &Path) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut lines = BufReader::new((&stream).take(HEAD_LIMIT)).lines();
    let Some(first) = lines.next().transpose()? else { return Ok(()) };
    // All of it is read before the answer: closing on unread bytes would reset the connection.
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let mut words = first.split(' ');
    let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    if !matches!(method, "GET" | "HEAD") {
        return reply(&mut stream, "405 Method Not Allowed", "text/plain; charset=utf-8", b"only GET", false);
    }
    let body = method == "GET";
    match file_for(root, target).and_then(|file| Some((kind(&file), fs::read(&file).ok()?))) {
        Some((kind, bytes)) => reply(&mut stream, "200 OK", kind, &bytes, body),
        None => reply(&mut stream, "404 Not Found", "text/plain; charset=utf-8", b"no such file", body),
    }
}

fn reply(stream: &mut TcpStream, status: &str, kind: &str, bytes: &[u8], body: bool) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-cache\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
        bytes.len()
    );
    stream.write_all(head.as_bytes())?;
    if body {
        stream.write_all(bytes)?;
    }
    stream.flush()
}

/// The file that a request's target names; nothing if there is none or it lies outside the folder.
fn file_for(root: &Path, target: &str) -> Option<PathBuf> {
    let mut file = root.join(inside(target)?);
    if file.is_dir() {
        file.push("index.html");
    }
    // Links are followed, but not out of the folder.
    let file = file.canonicalize().ok()?;
    (file.starts_with(root) && file.is_file()).then_some(file)
}

/// The path that a target means, as plain names below the folder.
fn inside(target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
    let mut inside = PathBuf::new();
    for name in decoded(path)?.split('/').filter(|name| !name.is_empty()) {
        if matches!(name, "." | "..") || name.contains(['\\', ':', '\0']) {
            return None;
        }
        inside.push(name);
    }
    Some(inside)
}

/// The text behind `%20` and its like.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let [high, low, after @ ..] = rest else { return None };
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        bytes.push(digit(*high)? * 16 + digit(*low)?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|ending| ending.to_str()).unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "toml" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
#[path = "server_tests.rs"]
mod tests;
