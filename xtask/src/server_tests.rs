//! Does the static server keep to its folder, and find a free port?

use super::*;

fn get(port: u16, request: &str) -> String {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("the server listens");
    stream.write_all(request.as_bytes()).expect("it takes a request");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("it answers with text");
    text
}

/// A folder with `site/index.html` in it and `secret` beside it; gone with the value.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let dir = std::env::temp_dir().join(format!("brokerlab-{name}-{}", std::process::id()));
        fs::create_dir_all(dir.join("site").join("a b")).expect("a folder can be made");
        fs::write(dir.join("site").join("index.html"), "hello").expect("a file can be written");
        fs::write(dir.join("site").join("a b").join("x.wasm"), "wasm").expect("a file can be written");
        fs::write(dir.join("secret"), "secret").expect("a file can be written");
        Folder(dir)
    }

    fn site(&self) -> PathBuf {
        self.0.join("site")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

#[test]
fn a_target_means_plain_names_below_the_folder() {
    assert_eq!(inside("/"), Some(PathBuf::new()));
    assert_eq!(inside("/icons//a.svg?v=1#x"), Some(Path::new("icons").join("a.svg")));
    assert_eq!(inside("/a%20b"), Some(PathBuf::from("a b")));
}

#[test]
fn a_target_that_leads_out_of_the_folder_means_nothing() {
    for target in [
        "/../secret",
        "/a/../../secret",
        "/%2e%2e/secret",
        "/..%2fsecret",
        "/..\\secret",
        "/..%5csecret",
        "/C:/secret",
        "/%00",
        "/%zz",
        "/%2",
        "/%ff",
        "secret",
        "",
        "http://host/secret",
    ] {
        assert_eq!(inside(target), None, "{target}");
    }
}

#[test]
fn files_come_with_their_kind_and_nothing_comes_from_outside() {
    let folder = Folder::new("serves");
    let server = Server::start(&folder.site(), 0).expect("it starts");
    let index = get(server.port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert!(index.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"), "{index}");
    assert!(index.contains("Cache-Control: no-cache") && index.ends_with("\r\n\r\nhello"), "{index}");
    let wasm = get(server.port, "HEAD /a%20b/x.wasm HTTP/1.1\r\n\r\n");
    assert!(wasm.contains("application/wasm") && wasm.ends_with("\r\n\r\n"), "{wasm}");
    assert!(get(server.port, "GET /../secret HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 404"));
    assert!(get(server.port, "GET /%2e%2e/secret HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 404"));
    assert!(get(server.port, "POST / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 405"));
    assert_eq!(get(server.port, "\r\n\r\n").split(' ').nth(1), Some("405"));
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_not_followed() {
    let folder = Folder::new("links");
    std::os::unix::fs::symlink(folder.0.join("secret"), folder.site().join("link"))
        .expect("a link can be made");
    let root = folder.site().canonicalize().expect("it is there");
    assert_eq!(file_for(&root, "/link"), None);
    assert!(file_for(&root, "/index.html").is_some());
}

#[test]
fn a_taken_port_leads_to_the_next_free_one() {
    let folder = Folder::new("ports");
    let first = Server::start(&folder.site(), 0).expect("it starts");
    let second = Server::start(&folder.site(), first.port).expect("it starts beside the first");
    assert!(first.port < second.port);
    assert!(get(second.port, "GET / HTTP/1.1\r\n\r\n").ends_with("hello"));
}
